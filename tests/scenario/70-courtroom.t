#!/bin/sh
# From the interview to the courtroom, as one story: consent on conditions, two
# lawyers who get different parts, trusted time, a receipt, a withdrawal, a
# field that is opened later, an old copy of the vault put back, new keys.  What
# each recipient holds is asserted claim by claim, with our verifier first and
# then with stock tools alone, by the commands of READ-ME-FIRST.  All invented.
top=$PWD
. tests/scenario/readme.sh
. tests/scenario/lib.sh
tsa="sh $top/tests/tsa.sh $W/tsa"
mkdir tsa out calls
$tsa || { echo "Bail out! no time-stamp authority"; exit 1; }
new_vault v.sandyq
s recipient add Advocate "$(s key new -o one.key)" >/dev/null
s recipient add Prosecutor "$(s key new -o two.key)" >/dev/null
s key card -o card.txt >/dev/null

NAMES="intact signed-by addressed-to complete disclosed same-history \
existed-before content-true"
# claims DESC RESULT ...: the results of the last run, in the order of $NAMES;
# whether the content is true is never checked.
claims()
{
	what=$1
	shift
	: >"$T/.claims"
	for name in $NAMES; do
		printf '"claim":"%s","result":"%s"\n' "$name" \
		    "${1:-not-checked}" >>"$T/.claims"
		[ $# -eq 0 ] || shift
	done
	grep -o '"claim":"[^"]*","result":"[^"]*"' "$T/out" >"$T/.got"
	ok "$what" diff "$T/.claims" "$T/.got"
}

# detail CLAIM PATTERN: what the last run said of it
detail()
{
	ok "$1 says: $2" grep -Eq \
	    "\"claim\":\"$1\",\"result\":\"[a-z-]*\",\"detail\":\"[^\"]*$2" \
	    "$T/out"
}

# As the advocate and the prosecutor check what they were sent: with the card
# that they were given by hand, and their own memory of the vault.
advocate()
{
	run "$SANDYQ_VERIFY" --json "$@" -i one.key --trust card.txt \
	    --remember one.seen
}
prosecutor()
{
	run "$SANDYQ_VERIFY" --json "$@" -i two.key --trust card.txt \
	    --remember two.seen
}

# send NAME WORDS ...: a bundle, by the name that this story gives it
send()
{
	name=$1
	shift
	run $J export "$@" -o out
	mv "$(json "$T/out" path)" "$name.age"
}

# opened NAME KEY: what a recipient sees of it, in the folder NAME
opened()
{
	ok "$1 is opened" "$SANDYQ_VERIFY" open "$1.age" -i "$2" -o "$1"
}

# --- the interview
head -c 300000 /dev/urandom >film.mp4
echo Filmword >>film.mp4
s add person name='Secretname Invented' pseudonym=W-1 birthplace=Homevillage \
    >/dev/null
s add contact person=P-1 kind=phone value='+7 000 5550100' >/dev/null
s add testimony summary='Held for a year' witness=P-1 language=kk-Cyrl \
    text='Yardword: we stood in the yard' interviewer=Askername \
    welfare_notes=Teamword place=Almaty >/dev/null
s attach T-1 film.mp4 >/dev/null
s edit M-1 shows_faces=yes >/dev/null
decide()
{
	s consent "$@" how_given=signed explained=purpose explained=who \
	    given_by=P-1 >/dev/null
}
want 1 "nothing leaves on silence" $S export T-1 --to Advocate -o out
decide T-1 scope=share decision=yes
decide T-1 scope=court decision=conditions \
    conditions='only behind closed doors'
decide P-1 scope=court decision=yes
s list consent >consents
ok "three decisions are recorded" [ "$(wc -l <consents)" -eq 3 ]

# --- two lawyers, two profiles
send first T-1 P-1 K-1 --to Advocate --withhold T-1.text
ok "the advocate's bundle" [ -s first.age ]
remember v.sandyq
want 1 "to the court: not without a word on her condition" \
    $S export T-1 --to Prosecutor --profile court -o out
err_has "which is told" 'N-2 agrees on conditions: only behind closed doors'
err_has "and what to do" '--confirm N-2=REASON'
want 1 "nor with another decision confirmed" $S export T-1 --to Prosecutor \
    --profile court -o out --confirm 'N-1=It is in private'
ok "nothing left" [ -z "$(ls out)" ]
unchanged "nothing changed" v.sandyq
send trial T-1 P-1 K-1 --to Prosecutor --profile court \
    --confirm 'N-2=The chamber sits in private'
ok "the prosecutor's bundle" [ -s trial.age ]
ok "her phone number stays" grep -q '"ref":"K-1"' "$T/out"
want 0 "the log" $S show B-2
out_has "knows why the condition is met" 'The chamber sits in private'
advocate first.age
claims "the advocate's claims" yes yes yes yes yes unknown unknown
detail complete '2 of 2 items'
detail disclosed '[0-9]+ fields / [1-9][0-9]* fields withheld'
detail signed-by 'known since .*key card'
prosecutor trial.age
claims "the prosecutor's claims" yes yes yes yes yes unknown unknown
detail complete '3 of 3 items'
advocate trial.age
ok "the advocate cannot open the prosecutor's" [ "$rc" -eq 1 ]
claims "of which nothing is said but that" not-checked not-checked no
prosecutor first.age
claims "nor the prosecutor the advocate's" not-checked not-checked no
opened first one.key
opened trial two.key
# in a name, in a text, in a table, in a film: not there
for word in Secretname Homevillage 5550100 Askername Teamword Yardword \
    Filmword; do
	ok "the advocate has nothing of $word" not grep -raqF "$word" first
done
for word in 5550100 Teamword; do
	ok "the prosecutor has nothing of $word" not grep -raqF "$word" trial
done
for word in Secretname Yardword Filmword; do
	ok "but has $word" grep -raqF "$word" trial
done
ok "the film byte for byte" cmp film.mp4 \
    "$(find trial -name 'original.*')"
ok "why things stay is told" grep -q 'K-1: no consent' \
    trial/bundle/bag/data/withheld.txt
ok "the life of the item goes along" grep -q media-added \
    trial/bundle/bag/data/custody.csv

# --- trusted time, by courier; a receipt comes home
s stamp request -o a.tsq >/dev/null 2>&1
$tsa stamp tsa ../a.tsq ../a.tsr
want 0 "an authority's answer is filed" $S stamp import a.tsr \
    --roots tsa/root.pem
cp -a v.sandyq old.sandyq
send second T-1 --to Advocate --withhold T-1.text
advocate second.age --roots tsa/root.pem --receipt one.receipt
claims "all that can be shown is" yes yes yes yes yes yes yes
detail same-history 'extends the log'
detail existed-before 'Test Authority.*all 2 items'
advocate second.age
claims "nobody vouches without roots" yes yes yes yes yes yes unknown
advocate second.age --roots tsa/root2.pem
ok "nor with those of another authority" [ "$rc" -eq 1 ]
claims "which do not vouch" yes yes yes yes yes yes no
opened second one.key
want 0 "the receipt is filed" $J log receipt one.receipt
ok "as the advocate's" grep -q '"recipient":"R-1"' "$T/out"

# --- she withdraws
want 0 "she withdraws" $J consent T-1 scope=share decision=withdrawn \
    reason='my brother was threatened' -o calls
ok "every bundle that carries it is named" [ "$(grep -o '"ref":"B-[0-9]*"' \
    "$T/out" | tr -d '\n')" = '"ref":"B-1""ref":"B-2""ref":"B-3"' ]
want 0 "and from the court" $J consent T-1 scope=court decision=withdrawn \
    reason='my brother was threatened' -o calls
N=$(dirname "$(grep -l '^scope: share' calls/*/RECALL.txt)")
O=$(dirname "$(grep -l '^scope: court' calls/*/RECALL.txt)")
ok "the advocate's notice is on both" [ \
    "$(grep -c '^bundle: ' "$N/RECALL.txt")" -eq 2 ]
ok "the prosecutor's on one" [ \
    "$(grep -c '^bundle: ' "$O/RECALL.txt")" -eq 1 ]
for name in first second; do
	ok "by its statement: $name" grep -q "$(sha256sum \
	    <$name/bundle/STATEMENT.txt | cut -c1-64)" "$N/RECALL.txt"
done
ok "why is nobody's business" not grep -rq brother calls
run "$SANDYQ_VERIFY" --json "$N" -i one.key --trust card.txt
claims "the advocate's notice holds" yes yes yes
run "$SANDYQ_VERIFY" --json "$O" -i two.key --trust card.txt
claims "the prosecutor's too" yes yes yes
run "$SANDYQ_VERIFY" --json "$O" -i one.key --trust card.txt
claims "it is not for the advocate" yes yes no
remember v.sandyq
want 1 "no bundle for the advocate" $S export T-1 --to Advocate -o out
err_has "it was withdrawn" withdrawn
want 1 "no bundle for the prosecutor" $S export T-1 --to Prosecutor \
    --profile court -o out --confirm 'N-2=The chamber sits in private'
err_has "confirmed or not" withdrawn
want 1 "and no field" $S disclose B-1 --field T-1.text --to Advocate -o out
err_has "for the same reason" withdrawn
ok "nothing left" [ -z "$(ls out)" ]
unchanged "nothing changed" v.sandyq

# --- she decides again, and the account that was withheld is opened
decide T-1 scope=share decision=yes
run $J disclose B-1 --field T-1.text --to Advocate -o out
mv "$(json "$T/out" path)" later.age
advocate later.age --with first --receipt later.receipt
claims "the field is bound to the first bundle" yes yes yes yes yes yes unknown
detail disclosed 'opens 1 fields.*T-1.text'
advocate later.age --with second
ok "it belongs to no other" [ "$rc" -eq 1 ]
claims "which is said" yes yes yes yes no yes unknown
opened later one.key
ok "the account is there" grep -rqF Yardword later
for word in Secretname Homevillage 5550100 Askername Teamword Filmword; do
	ok "and nothing of $word" not grep -raqF "$word" later
done
want 0 "its receipt is filed" $S log receipt later.receipt
s log head >head
s backup stick.sandyq >/dev/null 2>&1

# --- an old copy of the vault is put back
mv v.sandyq true.sandyq
cp -a old.sandyq v.sandyq
want 5 "shown the receipt, it is named" $S log seen later.receipt
err_has "as what it is" 'ROLLED BACK'
remember v.sandyq
want 1 "it signs no bundle" $S export T-1 --to Advocate -o out
want 1 "and no checkpoint" $S log head
want 1 "and opens no field" $S disclose B-1 --field T-1.text --to Advocate \
    -o out
ok "nothing left" [ -z "$(ls out)" ]
unchanged "nothing changed" v.sandyq
want 0 "until it is said in words" $S log seen --lost --reason 'disk died'
sleep 1			# a second after what the advocate saw
send back T-1 --to Advocate
cp one.seen kept.seen
advocate back.age
claims "its recipient is told" yes yes yes yes yes unknown unknown
detail same-history 'ROLLED BACK OR FORKED'
opened back one.key
# one that nobody was shown, and that was worked in
rm -rf v.sandyq
cp -a old.sandyq v.sandyq
n=0
while [ $n -lt 20 ]; do
	n=$((n + 1))
	s add event title="Another past $n" >/dev/null
done
send fork T-1 --to Advocate
cp kept.seen one.seen
advocate fork.age
claims "nor is another past a later one" yes yes yes yes yes unknown unknown
detail same-history 'ROLLED BACK OR FORKED'
rm -rf v.sandyq
# the backup knows nothing newer
want 0 "a backup is restored" "$SANDYQ" --passphrase-file pw restore \
    stick.sandyq v.sandyq
want 1 "it signs nothing" $S export T-1 --to Advocate -o out
err_has "and says why" 'restored from'
want 0 "until it is shown the newest checkpoint" $S log seen head
send third T-1 --to Advocate --withhold T-1.text
cp kept.seen one.seen
advocate third.age --roots tsa/root.pem
claims "and is believed" yes yes yes yes yes yes yes
advocate first.age
claims "an earlier bundle is earlier" yes yes yes yes yes unknown unknown
detail same-history 'older than the log'
cp -a v.sandyq shown.sandyq
want 5 "the vault, shown that other past" env SANDYQ_VAULT=shown.sandyq \
    $S log seen back
err_has "knows it for another" 'TWO HISTORIES'

# --- new keys, followed from the old card
want 0 "the keys are changed" $S key rotate --reason 'a colleague left'
s key card -o card2.txt >/dev/null
send fourth T-1 --to Advocate --withhold T-1.text
advocate fourth.age --roots tsa/root.pem
claims "with the card of before" yes yes yes yes yes yes yes
detail signed-by 'KEYS WERE CHANGED'
run "$SANDYQ_VERIFY" --json fourth.age -i one.key --trust card2.txt
claims "with the new card" yes yes yes yes yes unknown unknown
opened fourth one.key
cp -R fourth edited
sed '/^time: /s/2/3/' fourth/bundle/proofs/keys/0001.note >note
cp note edited/bundle/proofs/keys/0001.note
run "$SANDYQ_VERIFY" --json edited --trust card.txt
ok "a change that was edited is not followed" grep -q \
    '"claim":"signed-by","result":"no"' "$T/out"

for c in age minisign ssh-keygen openssl bash; do
	if ! command -v $c >/dev/null; then
		skip "stock tools" "$c is missing"
		finish
		exit
	fi
done
. "$top/tests/scenario/courtroom-stock.sh"
finish
