#!/bin/sh
# The second golden vault, tests/vectors/golden-2/: of the whole program, with
# attachments, erasure, changed keys, shares, a merged bundle and a later
# opening.  It must open for ever, and say what it said.
ROOT=$PWD
. tests/scenario/lib.sh
G=$ROOT/tests/vectors/golden-2

# the wording of details does not bind
results() { sed 's/,"detail":"[^"]*"//g'; }
umask 077
tar xf "$G/vault.tar"
SANDYQ_VAULT=$W/golden.sandyq
export SANDYQ_VAULT
cp "$G/passphrase.txt" pw
remember golden.sandyq
while read -r r; do
	s --quiet --read-only --json show "$r"
done <"$G/refs.txt" >show.json 2>err
ok "every record reads as it was written" cmp "$G/show.json" show.json
s --quiet --read-only --json log list >log.json 2>>err
ok "so does the log" cmp "$G/log.json" log.json
s --quiet --read-only cat M-1 >cat.txt 2>>err
ok "and the attachment" cmp "$G/cat.txt" cat.txt
ok "without a word" [ ! -s err ]
unchanged "and the vault is left as it is" golden.sandyq

want 0 "it is whole, every byte" $S check --full
out_lacks "without damage" damage
want 0 "it can be written" $S add testimony summary='A further one'
want 0 "and found in" $S search 'Айгүл'
out_has "a name in another script" P-1
want 1 "what was erased is gone" $S cat M-2
want 0 "its shares open it" "$SANDYQ" --passphrase-file pw trustees test \
    "$G/share-1-of-3.txt" "$G/share-3-of-3.txt"
for b in first later rotated; do
	card=key-card.txt
	[ $b != rotated ] || card=key-card-2.txt
	"$SANDYQ_VERIFY" --json "$G/$b.age" -i "$G/identity.txt" \
	    --trust "$G/$card" 2>err | results >got
	results <"$G/verify-$b.json" >want
	ok "bundle $b: each claim as it was" cmp want got
	ok "bundle $b: and there are some" grep -q '"intact","result":"yes"' got
done
run "$SANDYQ_VERIFY" "$G/later.age" -i "$G/identity.txt" \
    --trust "$G/key-card.txt" --with "$G/first.age"
ok "the later one opens the first (exit 0)" [ "$rc" -eq 0 ]
run "$SANDYQ_VERIFY" "$G/rotated.age" -i "$G/identity.txt" \
    --trust "$G/key-card.txt"
ok "the first card vouches for the changed keys (exit 0)" [ "$rc" -eq 0 ]
unset SANDYQ_VAULT
finish
