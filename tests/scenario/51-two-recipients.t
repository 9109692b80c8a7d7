#!/bin/sh
# A bundle is for exactly one recipient.  age says nothing of the sender: with
# a second recipient, one of the two could have made it.
. tests/scenario/lib.sh
if ! command -v age >/dev/null; then
	echo "1..0 # SKIP age is not installed"
	exit 0
fi
new_vault v.sandyq
one=$(s key new -o one.key)
two=$(s key new -o two.key)
s add testimony summary=Example >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
s recipient add One "$one" >/dev/null
bundle=$(s export T-1 --to One)
want 0 "the bundle as it was made" "$SANDYQ_VERIFY" verify "$bundle" -i one.key
age -d -i one.key "$bundle" >plain.tar
age -r "$one" <plain.tar >again.age
want 0 "sealed anew to the same recipient alone" \
    "$SANDYQ_VERIFY" verify again.age -i one.key
age -r "$one" -r "$two" <plain.tar >both.age
want 1 "sealed to both, opened by the one named" \
    "$SANDYQ_VERIFY" --json verify both.age -i one.key
out_has "fails on its address" '{"claim":"addressed-to","result":"no"'
want 1 "sealed to both, opened by the other" \
    "$SANDYQ_VERIFY" --json verify both.age -i two.key
out_has "fails on its address" '{"claim":"addressed-to","result":"no"'
want 1 "nor is it opened" "$SANDYQ_VERIFY" open both.age -i one.key -o content
ok "nothing is left" [ ! -e content ]
finish
