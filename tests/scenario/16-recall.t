#!/bin/sh
# A withdrawal names every bundle that carries the item, and writes a signed
# notice for each recipient; a notice is checked by our verifier and by stock
# tools, and no forged one passes.
. tests/scenario/lib.sh
new_vault v.sandyq
one=$(s key new -o one.key)
two=$(s key new -o two.key)
s recipient add One "$one" >/dev/null
s recipient add Two "$two" >/dev/null
s recipient add Phrase --passphrase >/dev/null
s key card -o card.txt >/dev/null
s add testimony summary=first >/dev/null
s add testimony summary=second >/dev/null
s add media original_name=a.mp4 about=T-1 >/dev/null
s add media original_name=cut.mp4 derived_from=M-1 >/dev/null
for t in T-1 T-2; do
	for scope in share court; do
		s consent $t scope=$scope decision=yes >/dev/null
	done
done
mkdir out
want 0 "nobody holds it: nothing is written" $J consent T-2 scope=publish \
    decision=no -o out
out_has "and nobody is named" '"carriers":[]'
ok "no folder" [ -z "$(ls out)" ]
b1=$(s export T-1 --to One)
s export T-2 --to Two >/dev/null
s export M-2 --to Two >/dev/null		# what was made from its media
s export T-1 --to Two --profile court >/dev/null
s export T-1 --to Phrase --new-passphrase-file pw2 >/dev/null
s export T-1 T-2 --to One >/dev/null

want 0 "a withdrawal" $J consent T-1 scope=share decision=withdrawn \
    reason='she asked' -o out
ok "is one document" one_doc "$T/out"
ok "the decision" grep -q '^{"ref":"N-6",' "$T/out"
ok "every bundle that carries it" [ "$(grep -o '"ref":"B-[0-9]*"' "$T/out" |
    tr -d '\n')" = '"ref":"B-1""ref":"B-3""ref":"B-4""ref":"B-5""ref":"B-6"' ]
ok "with its file" grep -qF "\"file\":\"$b1\"" "$T/out"
ok "a notice for each recipient" [ "$(ls out | wc -l)" -eq 3 ]
ok "private" [ "$(stat -c %a out/recall-*/RECALL.txt | sort -u)" = 600 ]
err_none "and no word of failure"
want 0 "the notices are in the history" $S history T-1
ok "of what was withdrawn" [ "$(grep -c 'recalled' "$T/out")" -eq 3 ]
grep -l "^recipient: $one" out/*/RECALL.txt >"$T/.one"
N=$(dirname "$(cat "$T/.one")")
ok "both bundles of the first" [ "$(grep -c '^bundle: ' "$N"/RECALL.txt)" -eq 2 ]
ok "it names the record" grep -q '^record: T-1 ' "$N"/RECALL.txt
ok "not the other testimony" lacks 'T-2' "$N"/RECALL.txt
ok "nor anybody's name" lacks One "$N"/RECALL.txt
ok "nor the reason" lacks 'she asked' "$N"/RECALL.txt
O=$(dirname "$(grep -l "^recipient: $two" out/*/RECALL.txt)")
ok "what was made from its media is named" grep -q '^record: M-2 ' \
    "$O"/RECALL.txt
ok "a court is asked on another scope" [ \
    "$(grep -c '^bundle: ' "$O"/RECALL.txt)" -eq 1 ]
ok "a passphrase has no key" grep -qx 'recipient: -' out/*/RECALL.txt
run "$SANDYQ" open "$b1" -i one.key -o opened
ok "the statement it names is the bundle's" grep -q "^bundle: [0-9a-f]* $(
    sha256sum <opened/bundle/STATEMENT.txt | cut -d' ' -f1)\$" "$N"/RECALL.txt

want 0 "again, on demand" $S consent recall N-6 -o out
ok "three more" [ "$(ls out | wc -l)" -eq 6 ]
want 0 "of a yes it names who has it" $S consent recall N-1 -o out
ok "and writes nothing" [ "$(ls out | wc -l)" -eq 6 ]
want 1 "of no decision" $S consent recall N-99 -o out
want 3 "of a record" $S consent recall T-1 -o out
want 1 "a folder that is not there" $S consent T-2 scope=share \
    decision=withdrawn -o none
err_has "names it" none
err_has "says that the decision stands" 'N-7 is recorded'
err_has "and how to write the notices" 'consent recall N-7'
want 1 "as it does" $S export T-2 --to Two
err_has "says so" withdrawn

# The recipient.
want 0 "verify" "$SANDYQ_VERIFY" --json "$N" -i one.key --trust card.txt
for c in intact signed-by addressed-to; do
	out_has "$c: yes" "{\"claim\":\"$c\",\"result\":\"yes\""
done
for c in complete disclosed same-history existed-before content-true; do
	out_has "$c is not asked" \
	    "{\"claim\":\"$c\",\"result\":\"not-checked\""
done
want 0 "without a card" "$SANDYQ_VERIFY" --json "$N"
out_has "whose it is is unknown" '"claim":"signed-by","result":"unknown"'
out_has "and for whom" '"claim":"addressed-to","result":"not-checked"'
want 1 "by somebody else" "$SANDYQ_VERIFY" --json "$N" -i two.key
out_has "it is not for them" '"claim":"addressed-to","result":"no"'
want 3 "there is nothing to open" "$SANDYQ_VERIFY" open "$N" -i one.key -o x

# forge NAME CLAIM: folder f, as it was changed, fails on exactly this claim.
forge()
{
	run "$SANDYQ_VERIFY" --json f -i one.key --trust card.txt
	ok "$1: $2 is no" [ "$rc" -eq 1 -a "$(grep -o '"claim":"[a-z-]*",'\
'"result":"no"' "$T/out" | cut -d'"' -f4)" = "$2" ]
}
# fresh: folder f is the notice again.
fresh()
{
	rm -rf f
	cp -R "$N" f
}
fresh
sed -i 's/^scope: share/scope: court/' f/RECALL.txt
forge "another scope" signed-by
fresh
sed -i '/^bundle: /{s/[0-9a-f]/0/9;}' f/RECALL.txt
forge "another bundle" signed-by
fresh
sed -i "s/^recipient: .*/recipient: $two/" f/RECALL.txt
forge "another recipient" signed-by
fresh
printf 'Pay.\n' >>f/RECALL.txt
forge "a line more" intact
fresh
sed -i '/^record: /d' f/RECALL.txt
forge "no record" intact
fresh
rm f/RECALL.txt.sig
forge "one signature" signed-by
fresh
cp "$O"/RECALL.txt.minisig f/RECALL.txt.minisig
forge "a signature of another notice" signed-by
fresh
cp opened/bundle/proofs/STATEMENT.txt.sig f/RECALL.txt.sig
forge "the signature of a bundle" signed-by
run env -u SANDYQ_VAULT "$SANDYQ" --quiet --vault w.sandyq \
    --passphrase-file pw init $CHEAP
env -u SANDYQ_VAULT "$SANDYQ" --vault w.sandyq --passphrase-file pw \
    key card -o foreign.txt >/dev/null
want 1 "a card that contradicts" "$SANDYQ_VERIFY" --json "$N" \
    --trust foreign.txt
out_has "signed-by is no" '"claim":"signed-by","result":"no"'

if ! command -v minisign >/dev/null || ! command -v ssh-keygen >/dev/null; then
	skip "stock tools" "minisign or ssh-keygen is missing"
	finish
	exit
fi
sed -n 's/^ssh: /vault namespaces="recall-notice@sandyq" /p' card.txt >signers
{ echo 'untrusted comment: sandyq'; sed -n 's/^minisign: //p' card.txt
} >sandyq.pub
want_in 0 "ssh-keygen" "$N"/RECALL.txt ssh-keygen -Y verify -f signers \
    -I vault -n recall-notice@sandyq -s "$N"/RECALL.txt.sig
want 0 "minisign" minisign -VHm "$N"/RECALL.txt -p sandyq.pub
sed 's/share/court/' "$N"/RECALL.txt >altered
run_in altered ssh-keygen -Y verify -f signers -I vault \
    -n recall-notice@sandyq -s "$N"/RECALL.txt.sig
ok "ssh-keygen sees an alteration" [ "$rc" -ne 0 ]
finish
