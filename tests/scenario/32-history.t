#!/bin/sh
# The same history as before: the recipient signs what he saw, the vault files
# it; a vault that was rolled back or forked is named as such, and signs nothing
# until it has been shown its newest checkpoint or told that it is lost.
. tests/scenario/lib.sh
new_vault v.sandyq
"$SANDYQ" key new -o k.txt >k.pub
"$SANDYQ" key new -o k2.txt >k2.pub
s recipient add Counsel "$(cat k.pub)" >/dev/null
s key card -o card.txt >/dev/null
s add testimony summary=One >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
V="$SANDYQ_VERIFY --json"
claim()
{
	grep -Eq "\"claim\":\"same-history\",\"result\":\"$1\",\"detail\":\"[^\"]*$2" \
	    "$T/out"
}
send()		# DIR
{
	mkdir "$1" && s export T-1 --to Counsel -o "$1" >/dev/null
}

# --- a receipt
send b1
want 3 "a receipt needs the identity" $V "b1" --receipt r
want 0 "the recipient signs what he saw" $V b1/*.age -i k.txt --trust card.txt \
    --remember seen --receipt r1
ok "nobody else can read it" [ "$(stat -c %a r1)" = 600 ]
ok "it says what it is" [ "$(head -n 1 r1)" = sandyq-receipt/v1 ]
want 1 "never over another file" $V b1/*.age -i k.txt --receipt r1
sed 's/1/2/' b1/*.age >bad.age 2>/dev/null
want 1 "nothing is signed of what does not hold" $V bad.age -i k.txt --receipt r9
ok "no receipt" [ ! -e r9 ]
remember v.sandyq
want 1 "a checkpoint is no receipt" sh -c "$S log head >head &&
    $S log receipt head"
err_has "and says what to do" 'log seen'
sed '5s/^\([0-9]*\)$/9/' r1 >r1x
want 1 "a receipt for another size is refused" $S log receipt r1x
sed '2s/age1.........../age1aaaaaaaaaaa/' r1 >r1x
want 1 "a receipt by another name is refused" $S log receipt r1x
sed '$d' r1 >r1x
want 1 "a receipt without the signature is refused" $S log receipt r1x
want 0 "somebody else sees the bundle in his folder" "$SANDYQ_VERIFY" \
    open b1/*.age -i k.txt -o o1
want 0 "and signs it with his own key" $V o1 -i k2.txt --receipt r2
want 1 "a stranger's receipt is refused" $S log receipt r2
err_has "and says so" 'no recipient'
unchanged "all that changed nothing" v.sandyq
want 0 "the receipt is filed" $J log receipt r1
ok "under its recipient" grep -q '"recipient":"R-1"' "$T/out"
want 1 "once only" $S log receipt r1
want 1 "a receipt is not added by hand" $S add receipt cosigner=x

# --- what others hold
want 0 "the log extends the checkpoint in an opened bundle" $S log seen o1
want 0 "and that of a receipt" $S log seen r1
want 0 "and its own" $S log seen head
want 1 "what is none is refused" $S log seen k.pub
want 3 "nothing to show" $S log seen
want 1 "nothing is lost" $S log seen --lost --reason 'why not'
rm -rf other.sandyq
SANDYQ_VAULT=$W/other.sandyq
# shellcheck disable=SC2086
s init $CHEAP >/dev/null
s log head >head2
SANDYQ_VAULT=$W/v.sandyq
want 1 "another vault's checkpoint is refused" $S log seen head2

# --- the whole folder is put back from an old copy: cannot be seen from inside
cp -a v.sandyq old.sandyq
s add testimony summary=Two >/dev/null
send b2
want 0 "a later bundle extends the earlier one" $V b2/*.age -i k.txt \
    --trust card.txt --remember seen --receipt r3
ok "yes" claim yes extends
mv v.sandyq new.sandyq
cp -a old.sandyq v.sandyq
want 0 "the old copy signs: it knows nothing" $S log head
want 5 "until it is shown a newer checkpoint" $S log seen r3
err_has "then it is named" 'ROLLED BACK'
want 1 "and signs nothing more" $S log head
err_has "and says why" 'second history'
want 1 "no bundle" $S export T-1 --to Counsel -o b1
want 1 "no proof" $S log proof 0
want 1 "no stamp" $S stamp request -o x.tsq
ok "no file is left" sh -c '[ "$(ls b1)" = "$(ls b1 | head -n 1)" ] &&
    [ ! -e x.tsq ]'
want 0 "what is said in an interview is still kept" $S add testimony summary=X
want 1 "an older checkpoint does not help" $S log seen o1
err_has "it is older than the copy" older
want 0 "it was lost, in words" $S log seen --lost --reason 'the disk is gone'
want 0 "then it signs again" $S log head
ok "and the log says who said so and why" sh -c "$J list custody |
    grep -q 'newest checkpoint is lost'"
send b3
want 0 "the recipient is told" $V b3/*.age -i k.txt --trust card.txt \
    --remember seen
ok "that it was rolled back or forked" claim unknown 'ROLLED BACK OR FORKED'
want 5 "a vault that went on from an old copy" $S log seen r3
ok "has two histories, or lacks entries" grep -Eq \
    'TWO HISTORIES|ROLLED BACK' "$T/err"

# --- a fork of the same size as what was seen
rm -rf v.sandyq
cp -a old.sandyq v.sandyq
s add testimony summary=Other >/dev/null
send b4
want 1 "another log of the same size" $V b4/*.age -i k.txt --trust card.txt \
    --remember seen
ok "two histories" claim no 'TWO HISTORIES'
s add testimony summary=More >/dev/null
s add testimony summary=Still >/dev/null
want 5 "the vault itself, shown the receipt" $S log seen r3
err_has "says so" 'TWO HISTORIES'
want 1 "and signs nothing more" $S log head

# --- only the database is put back; accepted, then in doubt
rm -rf v.sandyq
cp -a new.sandyq v.sandyq
s add testimony summary=Three >/dev/null
s log head >head3
cp -a v.sandyq before.sandyq
s add testimony summary=Four >/dev/null
s log head >head4
cp before.sandyq/vault.db v.sandyq/vault.db
want 5 "an older database is found out" $S log head
want 0 "and accepted" $S accept --reason 'put back by the disk repair'
want 1 "it signs nothing" $S export T-1 --to Counsel -o b1
want 0 "shown the newest that it still has" $S log seen head3
want 0 "it signs" $S log head
want 5 "shown what it lost" $S log seen head4
err_has "it has two histories" 'TWO HISTORIES'
want 1 "and what it still has does not help any more" $S log seen head3
want 1 "it signs nothing" $S log head
want 0 "until it is said in words" $S log seen --lost --reason 'repair'
want 0 "then it signs" $S log head

# --- restored from a backup
rm -rf v.sandyq
cp -a new.sandyq v.sandyq
s backup b.sandyq >/dev/null 2>&1
s add testimony summary='After the backup' >/dev/null
s log head >head5
want 0 "a backup is restored" "$SANDYQ" --passphrase-file pw restore b.sandyq \
    r.sandyq
SANDYQ_VAULT=$W/r.sandyq
want 1 "it signs nothing" $S log head
err_has "and says why" 'restored from'
want 0 "what is said in an interview is kept" $S add testimony summary=New
want 1 "an older checkpoint does not help" $S log seen o1
want 5 "the newest shows what the backup lacks" $S log seen head5
want 1 "still nothing" $S log head
want 0 "until it is said in words" $S log seen --lost --reason 'disk died'
want 0 "then it signs" $S log head
rm -rf r.sandyq
SANDYQ_VAULT=$W/v.sandyq
s backup c.sandyq >/dev/null 2>&1
want 0 "a backup after which nothing was signed" "$SANDYQ" \
    --passphrase-file pw restore c.sandyq r.sandyq
SANDYQ_VAULT=$W/r.sandyq
s log seen head5 >/dev/null 2>&1
want 0 "signs, once it was shown the newest checkpoint" $S log head
finish
