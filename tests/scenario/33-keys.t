#!/bin/sh
# Keys that change: the old ones vouch for the new, every later bundle carries
# it, and who trusts an earlier card can follow.  After a theft the key on paper
# vouches, and what the old keys signed counts only if it was stamped before.
top=$PWD
. tests/scenario/lib.sh
tsa="sh $top/tests/tsa.sh $W/tsa"
mkdir tsa
$tsa || { echo "Bail out! no time-stamp authority"; exit 1; }
new_vault v.sandyq
"$SANDYQ" key new -o k.txt >k.pub
s recipient add Counsel "$(cat k.pub)" >/dev/null
s add testimony summary=One >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
V="$SANDYQ_VERIFY --json"
claim()
{
	grep -Eq "\"claim\":\"signed-by\",\"result\":\"$1\",\"detail\":\"[^\"]*$2" \
	    "$T/out"
}
send()		# DIR
{
	mkdir "$1" && s export T-1 --to Counsel -o "$1" >/dev/null &&
	    "$SANDYQ_VERIFY" open "$1"/*.age -i k.txt -o "$1/o" >/dev/null
}

# --- cards
s key card -o c0.txt >/dev/null
s key card -o c0.html >/dev/null
s key card -o c0.svg >/dev/null
ok "the card names the recovery key" grep -q '^recovery: [0-9a-f]\{64\}$' c0.txt
ok "the page too" grep -q '>recovery: [0-9a-f]\{64\}<' c0.html
ok "the fingerprints stand in digits" [ \
    "$(grep -c '^    [0-9a-f]\{8\}\( [0-9a-f]\{8\}\)\{7\}$' c0.txt)" -eq 3 ]
send b0
for card in c0.txt c0.html c0.svg; do
	want 0 "trust $card" $V b0/*.age -i k.txt --trust $card
	ok "yes" claim yes 'key card'
done
sed 's/KEY CARD/KEY CARD (copy)/' c0.html >c0x.html
want 3 "a page with another word on it is no card" $V b0/*.age -i k.txt \
    --trust c0x.html
want 0 "remember" $V b0/*.age -i k.txt --remember seen

# --- the recovery key leaves the vault
want 3 "onto paper, which must be named" $S recovery key
want 0 "onto paper" $S recovery key -o paper
ok "25 words in five lines" [ \
    "$(grep -c '^    [1-5]\.  \([a-z-]* \)\{4\}[a-z-]*$' paper)" -eq 5 ]
ok "nobody else can read it" [ "$(stat -c %a paper)" = 600 ]
want 1 "once: the vault has forgotten it" $S recovery key -o paper2
err_has "and says so" 'left the vault'
ok "no second sheet" [ ! -e paper2 ]
ok "that is logged" sh -c "$J list custody | grep -q 'taken out of the vault'"
cp -a v.sandyq stolen.sandyq

# --- an ordinary change
want 3 "a change needs a reason" $S key rotate
want 0 "the keys are changed" $S key rotate --reason 'a colleague left'
s key card -o c1.txt >/dev/null
ok "the card has other keys" [ "$(grep -c -F -x -f c0.txt c1.txt)" -lt \
    "$(wc -l <c1.txt)" ]
want 0 "the log goes on" $S add testimony summary=Two
want 0 "and checks" $S check --full
want 0 "a checkpoint of before is still its own" $S log seen b0/o
send b1
ok "the bundle carries the change" [ -f b1/o/bundle/proofs/keys/0001.note ]
want 0 "who has the old card" $V b1/*.age -i k.txt --trust c0.txt
ok "is led to the new keys, and told" claim yes 'KEYS WERE CHANGED.*old keys'
want 0 "who has the new card" $V b1/*.age -i k.txt --trust c1.txt
ok "needs nothing else" claim yes 'known since'
cp seen seen0
want 0 "who remembers the old keys" $V b1/*.age -i k.txt --remember seen
ok "is told" claim yes 'KEYS WERE CHANGED.*remembered'
want 0 "and from then on knows the new ones" $V b1/*.age -i k.txt \
    --remember seen
ok "without a word" claim yes 'known since'
want 0 "a bundle of before, with the memory of the change" $V b0/*.age \
    -i k.txt --remember seen
ok "is of keys that were replaced" claim yes 'were replaced'
want 0 "which does not bring the old keys back" $V b1/*.age -i k.txt \
    --remember seen
ok "in the memory" claim yes 'known since'
want 1 "a bundle of before with the new card alone" $V b0/*.age -i k.txt \
    --trust c1.txt
ok "is of nobody known" claim no 'NOT the keys'
want 0 "a second change" $S key rotate --reason 'again'
send b2
want 0 "two changes are followed" $V b2/*.age -i k.txt --trust c0.txt
ok "to the end" claim yes 'KEYS WERE CHANGED'

# --- forgeries of it
forge()
{
	rm -rf f
	cp -r b2/o f
	p=f/bundle/proofs/keys
}
no()		# DESC PATTERN
{
	want 1 "$1" $V f --trust c0.txt
	ok "$1: no" claim no "$2"
}
forge
rm $p/0001.note
no "a skipped epoch" 'missing'
forge
mv $p/0002.note $p/0003.note
no "an unknown epoch" 'epoch'
forge
rm $p/0002.note
no "the last change left out" 'unknown'
forge
rm -r $p
no "all changes left out" 'NOT the keys'
forge
sed 's/^time: 2/time: 3/' $p/0001.note >x && cp x $p/0001.note
no "a change that was edited" 'does not hold'
forge
cp b1/o/bundle/proofs/keys/0001.note $p/0002.note
no "a change twice" 'epoch'

# --- a thief has the vault of before, and its passphrase
v=$SANDYQ_VAULT
SANDYQ_VAULT=$W/stolen.sandyq
s key rotate --reason 'mine now' >/dev/null
send t1
SANDYQ_VAULT=$v
want 1 "a thief's change, for who knows ours" $V t1/*.age -i k.txt \
    --trust c1.txt
ok "is not believed" claim no 'NOT the keys'
want 1 "nor for who remembers ours" $V t1/*.age -i k.txt --remember seen
ok "and is shouted" claim no 'HAVE CHANGED'

# --- after a compromise: only the key on paper vouches
SANDYQ_VAULT=$W/w.sandyq
# shellcheck disable=SC2086
s init $CHEAP >/dev/null
s recipient add Counsel "$(cat k.pub)" >/dev/null
s add testimony summary=One >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
s key card -o d0.txt >/dev/null
s recovery key -o words >/dev/null
s stamp request -o a.tsq >/dev/null 2>&1
$tsa stamp tsa ../a.tsq ../a.tsr
s stamp import a.tsr --roots tsa/root.pem >/dev/null
send e0
cp -a w.sandyq taken.sandyq
want 3 "since when?" $S key rotate --reason theft --recovery-sheet words
want 3 "a time that is none" $S key rotate --reason theft \
    --compromised-since yesterday --recovery-sheet words
want 3 "without the paper" $S key rotate --reason theft \
    --compromised-since 2030-01-01T00:00:00Z
sed 's/1\.  [a-z-]*/1.  abacus/' words >wordsx
want 4 "with words that do not fit" $S key rotate --reason theft \
    --compromised-since 2030-01-01T00:00:00Z --recovery-sheet wordsx
want 0 "with the paper" $S key rotate --reason theft \
    --compromised-since 2030-01-01T00:00:00Z --recovery-sheet words
s key card -o d1.txt >/dev/null
send e1
want 0 "who has the old card with the recovery key" $V e1/*.age -i k.txt \
    --trust d0.txt --remember after
ok "is led to the new keys by it" claim yes 'recovery key'
grep -v '^recovery: ' d0.txt >d0x.txt
want 1 "with a card without it" $V e1/*.age -i k.txt --trust d0x.txt
ok "nothing vouches" claim no 'nothing that can be believed'
# the same bundle of before, now that the theft is known
want 0 "what the old keys signed, stamped before" $V e0/*.age -i k.txt \
    --trust d0.txt --remember after --roots tsa/root.pem
ok "counts" claim yes 'stamped before'
want 1 "without an authority that is trusted" $V e0/*.age -i k.txt \
    --trust d0.txt --remember after
ok "it does not" claim no 'COMPROMISED SINCE 2030'
SANDYQ_VAULT=$W/taken.sandyq
s add testimony summary='Made up by the thief' >/dev/null
s consent T-2 scope=share decision=yes >/dev/null
mkdir e2
s export T-2 --to Counsel -o e2 >/dev/null
want 1 "what the thief signs with the old keys" $V e2/*.age -i k.txt \
    --trust d0.txt --remember after --roots tsa/root.pem
ok "does not count" claim no 'COMPROMISED SINCE'
s key rotate --reason 'mine now' >/dev/null
send e3
want 1 "nor the thief's change with the old keys" $V e3/*.age -i k.txt \
    --trust d0.txt --remember after
ok "since the paper spoke" claim no 'NOT the keys'
want 1 "nor with the new card" $V e3/*.age -i k.txt --trust d1.txt
want 4 "the thief has another vault's paper" $S key rotate --reason x \
    --compromised-since 2030-01-01T00:00:00Z --recovery-sheet paper
finish
