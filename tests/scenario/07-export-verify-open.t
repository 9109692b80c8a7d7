#!/bin/sh
# A case leaves as a signed, sealed bundle; the lawyer checks it with our
# verifier and with stock tools only, through the commands of READ-ME-FIRST.
. tests/scenario/lib.sh
new_vault v.sandyq

s add person name=Secretname pseudonym=W-1 sex=female >/dev/null
s add testimony summary='Held for a year' witness=P-1 \
    'text.kk-Cyrl=Мен лагерьде болдым' interviewer=Interviewname \
    welfare_notes=Teamnote >/dev/null
s add testimony summary='Nobody asked her' >/dev/null
s add testimony summary='She withdrew' >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
s consent T-3 scope=share decision=yes >/dev/null
s consent T-3 scope=share decision=withdrawn >/dev/null
s case new 'District files' >/dev/null
s case add C-1 T-1 T-2 T-3 >/dev/null
run "$SANDYQ" key new -o k.txt
pub=$(cat "$T/out")
run "$SANDYQ" key new -o other.txt
s recipient add Counsel "$pub" >/dev/null
s recipient add Phrase --passphrase >/dev/null
s key card -o card.txt >/dev/null
mkdir out

remember v.sandyq
want 1 "nothing may leave" $S export T-2 --to Counsel -o out
err_has "says what to do" "sandyq consent T-2"
err_has "says why" consent
want 1 "what was withdrawn does not leave" $S export T-3 --to Counsel -o out
want 1 "to nobody known" $S export C-1 --to Stranger -o out
want 1 "a case that is not there" $S export C-9 --to Counsel -o out
want 3 "a passphrase recipient without one" $S export C-1 --to Phrase -o out
want 3 "a passphrase for a recipient with a key" $S export C-1 --to Counsel \
    -o out --new-passphrase-file pw2
ok "nothing left" [ -z "$(ls out)" ]
unchanged "nothing changed" v.sandyq

want 0 "export" $J export C-1 --to Counsel --purpose 'Case 7' -o out
ok "is one document" one_doc "$T/out"
B=$(json "$T/out" path)
ok "the bundle is there" [ -s "$B" ]
ok "its name says nothing" expr "$B" : 'out/[0-9a-f]\{16\}\.age$'
ok "it is private" [ "$(stat -c %a "$B")" = 600 ]
ok "one testimony and the case" [ "$(json "$T/out" items)" = 2 -o \
    "$(json "$T/out" items)" = 1 ]
out_has "one was left out for want of consent" '"ref":"T-2"'
out_has "and one withdrawn" '"ref":"T-3"'
want 0 "the log has it" $S log list
ok "as an export" grep -q '	export	' "$T/out"

# Our verifier, both programs.
want 0 "verify" "$SANDYQ" --json verify "$B" -i k.txt --trust card.txt
ok "is one document" one_doc "$T/out"
ok "the claims, in their order" [ "$(grep -o '"claim":"[^"]*"' "$T/out" |
    cut -d'"' -f4 | tr '\n' ' ')" = "intact signed-by addressed-to \
complete disclosed same-history existed-before content-true " ]
for c in intact signed-by addressed-to complete disclosed; do
	ok "$c: yes" grep -qF "\"claim\":\"$c\",\"result\":\"yes\"" "$T/out"
done
out_has "content-true is never checked" \
    '"claim":"content-true","result":"not-checked"'
want 0 "without a card" "$SANDYQ_VERIFY" "$B" -i k.txt
ok "signed-by is unknown" grep -q '^signed-by	unknown	' "$T/out"
ok "a line per claim" [ "$(wc -l <"$T/out")" -eq 8 ]
want 0 "with the word verify" "$SANDYQ_VERIFY" --json verify "$B" -i k.txt
want 1 "for somebody else" "$SANDYQ_VERIFY" "$B" -i other.txt
want 3 "no key at all" "$SANDYQ_VERIFY" "$B"
want 2 "--roots without a token" "$SANDYQ_VERIFY" "$B" -i k.txt \
    --roots card.txt
# another vault's card contradicts
run env -u SANDYQ_VAULT "$SANDYQ" --quiet --vault w.sandyq \
    --passphrase-file pw init $CHEAP
env -u SANDYQ_VAULT "$SANDYQ" --vault w.sandyq --passphrase-file pw \
    key card -o foreign.txt >/dev/null
want 1 "a card that contradicts" "$SANDYQ_VERIFY" "$B" -i k.txt \
    --trust foreign.txt
ok "signed-by: no" grep -q '^signed-by	no	' "$T/out"

want 0 "open" "$SANDYQ_VERIFY" open "$B" -i k.txt --trust card.txt -o opened
ok "the account is there" grep -rqF 'Мен лагерьде болдым' opened
for hidden in Secretname Interviewname Teamnote 'Nobody asked' withdrew; do
	ok "$hidden is not" not grep -rq "$hidden" opened
done
want 1 "open over a folder" "$SANDYQ_VERIFY" open "$B" -i k.txt -o opened
D=$(dirname "$(find opened -name STATEMENT.txt)")
want 0 "verify the folder" "$SANDYQ_VERIFY" "$D" --trust card.txt
ok "addressed-to is not checked" grep -q '^addressed-to	not-checked' \
    "$T/out"

# Altered, cut, forged: 1, and nothing on disk.
for at in 10 200 1000 5000; do
	cp "$B" bad.age
	printf 'X' | dd of=bad.age bs=1 seek=$at conv=notrunc 2>/dev/null
	cmp -s "$B" bad.age &&
	    printf 'Y' | dd of=bad.age bs=1 seek=$at conv=notrunc 2>/dev/null
	want 1 "altered at $at" "$SANDYQ" open bad.age -i k.txt -o bad
	ok "nothing is left" [ ! -e bad -a ! -e bad.part ]
done
head -c 3000 "$B" >cut.age
want 1 "cut" "$SANDYQ" open cut.age -i k.txt -o bad
ok "nothing is left" [ ! -e bad -a ! -e bad.part ]
: >empty.age
want 1 "empty" "$SANDYQ" verify empty.age -i k.txt
cp -R "$D" altered
f=$(grep -rl лагерьде altered | grep record.json)
sed -i 's/лагерьде/үйде/' "$f"
want 1 "an altered file of a folder" "$SANDYQ" verify altered
ok "intact: no" grep -q '^intact	no	' "$T/out"
cp -R "$D" more
echo x >more/bag/data/extra.txt
want 1 "a file more" "$SANDYQ" verify more
cp -R "$D" less
rm less/bag/data/withheld.txt
want 1 "a file less" "$SANDYQ" verify less

# Profiles and single fields.
want 1 "to share is not to submit" $S export T-1 P-1 --to Counsel \
    --profile court -o out
err_has "says what is missing" 'no consent to court'
s consent T-1 scope=court decision=yes >/dev/null
s consent P-1 scope=court decision=yes >/dev/null
want 0 "court" $J export T-1 P-1 --to Counsel --profile court -o out
run "$SANDYQ" open "$(json "$T/out" path)" -i k.txt -o court
ok "court has names" grep -rq Secretname court
ok "but no notes of the team" not grep -rq Teamnote court
want 0 "withhold" $J export T-1 --to Counsel --withhold T-1.text -o out
run "$SANDYQ" open "$(json "$T/out" path)" -i k.txt -o withheld
ok "the account is withheld" not grep -rq лагерьде withheld
want 0 "disclose" $J export T-1 --to Counsel --disclose interviewer -o out
run "$SANDYQ" open "$(json "$T/out" path)" -i k.txt -o disclosed
ok "a name was disclosed" grep -rq Interviewname disclosed
want 0 "a passphrase recipient" $J export C-1 --to Phrase \
    --new-passphrase-file pw2 -o out
P=$(json "$T/out" path)
want 0 "opens with it" "$SANDYQ" verify "$P" --passphrase-file pw2
want 4 "a wrong one" "$SANDYQ" verify "$P" --passphrase-file wrong
want 1 "an identity instead" "$SANDYQ" verify "$P" -i k.txt

# Stock tools, as READ-ME-FIRST says.
if ! command -v age >/dev/null || ! command -v minisign >/dev/null ||
    ! command -v ssh-keygen >/dev/null; then
	skip "stock tools" "age, minisign or ssh-keygen is missing"
	finish
	exit
fi
mkdir stock
cp "$B" stock/FILE.age
cp k.txt stock/my-key.txt
cd stock || exit 1
want 0 "age and tar" sh -c \
    'age -d -i my-key.txt -o b.tar FILE.age && tar xf b.tar'
cd bundle || exit 1
sed -n 's/^ssh: /vault namespaces="evidence-bundle@sandyq" /p' \
    ../../card.txt >../MY-OWN-allowed_signers
{ echo 'untrusted comment: sandyq'; sed -n 's/^minisign: //p' ../../card.txt
} >../MY-OWN-sandyq.pub
run_in STATEMENT.txt ssh-keygen -Y verify -f ../MY-OWN-allowed_signers \
    -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig
ok "ssh-keygen -Y verify" [ "$rc" -eq 0 ]
want 0 "minisign -VHm" minisign -VHm STATEMENT.txt \
    -x proofs/STATEMENT.txt.minisig -p ../MY-OWN-sandyq.pub
want 0 "sha256sum -c STATEMENT.txt" sha256sum -c STATEMENT.txt
cd bag || exit 1
want 0 "the manifests" sh -c 'sha256sum -c --quiet tagmanifest-sha256.txt &&
    sha256sum -c --quiet manifest-sha256.txt'
find data -type f | LC_ALL=C sort >../../found
cut -c67- manifest-sha256.txt | LC_ALL=C sort >../../listed
ok "no file more, no file less" cmp ../../found ../../listed
cd ../.. || exit 1
# the commands that are tested are those that are printed
for c in 'age -d -i my-key.txt -o b.tar FILE.age && tar xf b.tar' \
    'ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig' \
    'minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig' \
    'sha256sum -c STATEMENT.txt' 'sha256sum -c --quiet manifest-sha256.txt'; do
	ok "READ-ME-FIRST says: $c" grep -qF "$c" bundle/READ-ME-FIRST.txt
done
# stock tools see an alteration as well
printf 'x' >>bundle/bag/data/report.html
cd bundle/bag || exit 1
run sha256sum -c --quiet manifest-sha256.txt
ok "sha256sum sees an altered file" [ "$rc" -ne 0 ]
finish
