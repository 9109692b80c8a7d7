#!/bin/sh
# What is altered, missing or swapped is found, named, and never handed out.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='A testimony' >/dev/null
want 0 "a vault without attachments" $S check
out_none "has no finding"
head -c 400000 /dev/urandom >a
head -c 400000 /dev/urandom >b
echo small >c
s attach T-1 a b c >/dev/null
TAB=$(printf '\t')

want 0 "check" $S check
out_none "has no finding"
want 0 "check --full" $J check --full
out_is "JSON is an empty array" "[]"
want 0 "history of a media record" $S history M-2
ok "knows both checks" [ "$(grep -c fixity-checked "$T/out")" -eq 2 ]
want 0 "show of it" $S show M-2
ok "says when it was last found whole" grep -qE \
    '^last_checked	20[0-9-]+T[0-9:]+Z \((every byte|tags and lengths)\)$' \
    "$T/out"
want 0 "as JSON" $J show M-2
out_has "too" '"last_checked":{"time":"20'
n=$(s log list | wc -l)
want 0 "--read-only" $S --read-only check
ok "logs nothing" [ "$(s log list | wc -l)" -eq "$n" ]
s search testimony >found
want 0 "check --rebuild" $S check --rebuild
out_none "has no finding"
err_has "says what was done" "index rebuilt"
want 0 "a search" $S search testimony
ok "finds the same" cmp found "$T/out"
want 1 "check --rebuild of what is only read" $S --read-only check --rebuild
err_has "says so" "only read"
printf 'check --rebuild\nsearch testimony\n' >lines
want_in 0 "check --rebuild in the shell" lines $S shell
ok "finds the same" sh -c "grep -qF T-1 '$T/out'"
cp -Rp v.sandyq good.sandyq

# object M: the file of a media record, by its size and content.
objects=$(cd v.sandyq && find store -type f -size +100k | sort)
one=$(echo "$objects" | sed -n 1p)
two=$(echo "$objects" | sed -n 2p)
bring()
{
	rm -rf v.sandyq
	cp -Rp good.sandyq v.sandyq
}
# at FILE OFFSET: another byte there.
at()
{
	c=$(dd if="$1" bs=1 skip="$2" count=1 2>/dev/null | od -An -tu1)
	# shellcheck disable=SC2059
	printf "\\$(printf %o $(( (c + 1) % 256 )))" |
	    dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
# begins FILE: is the output a beginning of one of the sources?
begins()
{
	size=$(wc -c <"$1")
	head -c "$size" a | cmp -s - "$1" || head -c "$size" b | cmp -s - "$1"
}
# found DESC WHAT [CHECK]: check finds it, cat hands out nothing of it.
found()
{
	want 5 "$1: check $3" $S check $3
	ok "$1: says $2" grep -q "^$2${TAB}M-[12]${TAB}damage\$" "$T/out"
	ok "$1: one sentence" [ "$(grep -vc '^note:' "$T/err")" -eq 1 ]
	for m in M-1 M-2; do
		run $S cat $m
		ok "$1: no altered byte of $m" begins "$T/out"
	done
}
size=$(stat -c %s "v.sandyq/$one")
for o in 0 30 60 100 70000 200000 $((size - 100)) $((size - 1)); do
	bring
	at "v.sandyq/$one" "$o"
	found "byte $o altered" altered --full
done
bring
at "v.sandyq/$one" 65600
want 5 "a tag altered: quick check" $S check
bring
: >"v.sandyq/$one"
found "emptied" altered ""
bring
head -c 100000 "good.sandyq/$one" >"v.sandyq/$one"
found "cut" altered ""
bring
echo >>"v.sandyq/$one"
found "longer" altered ""
bring
cat "good.sandyq/$two" >"v.sandyq/$one"
cat "good.sandyq/$one" >"v.sandyq/$two"
found "two swapped" altered ""
bring
cat "good.sandyq/$two" >"v.sandyq/$one"
found "one in the place of another" altered ""
bring
dd if="good.sandyq/$two" of="v.sandyq/$one" bs=65552 skip=1 seek=1 count=1 \
    conv=notrunc 2>/dev/null
found "a part of another" altered ""
bring
rm "v.sandyq/$one"
found "missing" missing ""
want 5 "JSON of findings" $J check
ok "is an array of them" grep -q '^\[{"what":"missing","where":"M-[12]","severity":"damage"}\]$' "$T/out"
bring
rm "v.sandyq/$one"
ln -s "$W/good.sandyq/$one" "v.sandyq/$one"
want 5 "a link in the place of an object" $S check
bring
rm "v.sandyq/$one"
mkfifo -m 600 "v.sandyq/$one"
want 5 "a fifo in the place of an object" $S check
bring
rm "v.sandyq/$one"
want 0 "the same file again" $S attach T-1 a b
bring

# --- extract and play of what was altered
at "v.sandyq/$one" 200000
mkdir out
r1=0
r2=0
run $S extract M-1 -o out
r1=$rc
run $S extract M-2 -o out
r2=$rc
ok "extract: one fails (5)" [ $((r1 + r2)) -eq 5 ]
ok "and leaves nothing of it" [ "$(ls -A out | wc -l)" -eq 1 ]
printf '#!/bin/sh\necho started >>started\n' >player
chmod +x player
SANDYQ_PLAYER=./player
export SANDYQ_PLAYER
run $S play M-1
r1=$rc
run $S play M-2
ok "play: one fails (5)" [ $((r1 + rc)) -eq 5 ]
ok "before the viewer starts" [ "$(wc -l <started)" -eq 1 ]
n=$(s log list | wc -l)
run $S check --full
ok "a check that found damage is not logged as one that did not" \
    [ "$(s log list | wc -l)" -eq "$n" ]

# --- left behind
bring
mkdir -p v.sandyq/store/new v.sandyq/store/00
chmod 700 v.sandyq/store/new v.sandyq/store/00
(umask 077 && echo x >v.sandyq/store/new/00112233445566778899aabbccddeeff &&
    echo x >v.sandyq/store/00/00aabbccddeeff001122334455667788)
want 0 "files left behind are no damage" $S check
out_has "unfinished" \
    "unfinished${TAB}00112233445566778899aabbccddeeff${TAB}note"
out_has "orphan" "orphan${TAB}00aabbccddeeff001122334455667788${TAB}note"
err_has "opening says so" "an attach was cut off: 1 unfinished"
ok "and nothing is deleted" [ -f \
    v.sandyq/store/00/00aabbccddeeff001122334455667788 ]
(umask 077 && echo x >v.sandyq/HEADER.new)
want 0 "a header half written is no damage" $S check
out_has "and named" "unfinished${TAB}HEADER.new${TAB}note"
finish
