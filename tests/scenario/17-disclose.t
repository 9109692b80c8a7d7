#!/bin/sh
# What was withheld is opened later, to a court or another: a small bundle of
# its own that binds to the earlier one.  Nothing else of the record comes
# with it, and none that does not belong to the earlier bundle passes.
. tests/scenario/lib.sh
new_vault v.sandyq
one=$(s key new -o one.key)
two=$(s key new -o two.key)
s recipient add Lawyer "$one" >/dev/null
s recipient add Court "$two" >/dev/null
s key card -o card.txt >/dev/null
s add person name=Secretname pseudonym=W-1 >/dev/null
s add testimony summary=first text=Wordsone interviewer=Intername \
    welfare_notes=Teamnote witness=P-1 >/dev/null
s add testimony summary=second text=Wordstwo >/dev/null
for scope in share court publish; do
	s consent T-1 scope=$scope decision=yes >/dev/null
	s consent T-2 scope=$scope decision=yes >/dev/null
done
s add person name=Othername pseudonym=W-3 >/dev/null
s consent P-1 scope=share decision=yes >/dev/null
s consent P-2 scope=share decision=yes >/dev/null
s consent P-2 scope=court-pseudonym decision=yes >/dev/null
s add media original_name=a.mp4 about=T-1 >/dev/null
mkdir out
run "$SANDYQ" --passphrase-file pw --json export T-1 P-1 P-2 --to Lawyer \
    --withhold T-1.text -o out
A=$(json "$T/out" path)
ID=$(json "$T/out" bundle)
# what was open to all is not what is opened: it was revised since
s edit T-1 text=Wordschanged >/dev/null

remember v.sandyq
want 3 "no field" $S disclose B-1 --to Court -o out
want 3 "no recipient" $S disclose B-1 --field T-1.text -o out
want 1 "no such bundle" $S disclose B-9 --field T-1.text --to Court -o out
want 1 "too few digits" $S disclose 1234567 --field T-1.text --to Court -o out
want 3 "no such field" $S disclose B-1 --field T-1.txt --to Court -o out
want 3 "a field without its record" $S disclose B-1 --field text --to Court \
    -o out
want 1 "a record that is not in it" $S disclose B-1 --field T-2.text \
    --to Court -o out
err_has "says so" 'T-2 is not in bundle'
want 1 "a field that the record has not" $S disclose B-1 --field T-1.place \
    --to Court -o out
err_has "says so" 'T-1 had no place'
want 1 "what was agreed to under a pseudonym only" $S disclose B-1 \
    --field P-2.name --to Court --profile court -o out
err_has "says so" 'only a pseudonym'
ok "nothing left" [ "$(ls out | wc -l)" -eq 1 ]
unchanged "nothing changed" v.sandyq

want 0 "disclose" $J disclose "$ID" --field T-1.text --field T-1.interviewer \
    --to Court --profile court --purpose 'Hearing' -o out
ok "is one document" one_doc "$T/out"
B=$(json "$T/out" path)
ok "one item" [ "$(json "$T/out" items)" = 1 ]
want 0 "it is logged" $J show B-2
out_has "with what it opens" "\"opens\":[{\"value\":\"$ID\"}]"
want 0 "open" "$SANDYQ_VERIFY" open "$B" -i two.key -o later
ok "the words of that revision" grep -rqF Wordsone later
ok "the name" grep -rqF Intername later
for hidden in Wordschanged Secretname Teamnote first a.mp4; do
	ok "nothing of $hidden" not grep -rqF -e "$hidden" later/bundle/bag
done
ok "no events" [ ! -e later/bundle/bag/data/custody.csv ]
run "$SANDYQ" open "$A" -i one.key -o earlier
ok "the earlier has a salt of neither" [ -z "$(grep -o '"name":"\(text\|interviewer\[00000\]\)","salt":"[0-9a-f]*"' \
    later/bundle/bag/data/items/000001/record.json |
    grep -o '[0-9a-f]\{32\}' | while read -r salt; do
	grep -rlF "$salt" earlier
done)" ]

# The court has what the lawyer opened, and the later bundle.
want 0 "bound to the earlier" "$SANDYQ_VERIFY" --json "$B" -i two.key \
    --trust card.txt --with earlier
out_has "disclosed says what" '"claim":"disclosed","result":"yes","detail":"opens 2 fields'
out_has "by name" 'T-1.text'
out_has "and by name" 'T-1.interviewer[00000]'
want 0 "as folders" "$SANDYQ_VERIFY" --json later --with earlier
out_has "as well" 'opens 2 fields'
want 0 "alone it says which it belongs to" "$SANDYQ_VERIFY" --json "$B" -i two.key
out_has "and how to bind it" "bundle $(echo "$ID" | cut -c1-8); to bind"

# no NAME TEXT ARGS ...: fails on exactly «disclosed», and says TEXT.
no()
{
	what=$1
	text=$2
	shift 2
	run "$SANDYQ_VERIFY" --json "$@" --trust card.txt
	ok "$what: disclosed is no" [ "$rc" -eq 1 -a "$(grep -o '"claim":'\
'"[a-z-]*","result":"no"' "$T/out" | cut -d'"' -f4)" = disclosed ]
	out_has "and says why" "$text"
}
no "with itself" 'opens fields of another bundle' later --with later
no "a bundle that opens nothing" 'opens fields of no other' earlier --with later
run "$SANDYQ" --passphrase-file pw --json export T-1 P-1 --to Lawyer -o out
run "$SANDYQ" open "$(json "$T/out" path)" -i one.key -o other
no "with another bundle of the same record" 'of another bundle' later \
    --with other
cp -R earlier bad
sed -i 's/W-1/W-2/' bad/bundle/bag/data/items/*/record.json
no "an earlier one that was altered" 'does not hold' later --with bad
no "an earlier one that cannot be opened" 'not sealed to this identity' \
    "$B" -i two.key --with "$A"
cp -R later bad2
sed -i 's/Wordsone/Wordsnew/' bad2/bundle/bag/data/items/000001/record.json
run "$SANDYQ_VERIFY" --json bad2 --with earlier
ok "an opened field that was altered" [ "$rc" -eq 1 ]
out_has "is named by its item" 'item 000001'

# A public bundle hides names: so does its opening.
run "$SANDYQ" --passphrase-file pw --json export T-2 --to Lawyer \
    --profile public -o out
P=$(json "$T/out" path)
want 0 "of a public bundle" $J disclose "$(json "$T/out" bundle)" \
    --field T-2.text --to Lawyer -o out
Q=$(json "$T/out" path)
want 0 "verifies with it" "$SANDYQ_VERIFY" --json "$Q" -i one.key --with "$P"
out_has "one field" 'opens 1 fields'
run "$SANDYQ" open "$Q" -i one.key -o q
ok "no name of another field" not grep -rqF reliability q/bundle/bag
ok "nor of one it has" not grep -rqF '"summary"' q/bundle/bag

# Consent is asked anew, and conditions are confirmed.
s consent T-1 scope=share decision=conditions conditions='not the press' >/dev/null
want 1 "on conditions" $S disclose B-1 --field T-1.text --to Lawyer -o out
err_has "they are told" 'not the press'
want 0 "confirmed" $S disclose B-1 --field T-1.text --to Lawyer -o out \
    --confirm 'N-10=it is for the file'
s consent T-1 scope=court decision=withdrawn -o out >/dev/null 2>&1
want 1 "withdrawn" $S disclose B-1 --field T-1.text --to Court \
    --profile court -o out
err_has "says so" withdrawn
finish
