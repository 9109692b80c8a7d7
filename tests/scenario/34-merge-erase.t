#!/bin/sh
# Custody by hand and by itself, erasure, and the merging of two vaults, at the
# command line.
. tests/scenario/lib.sh

new_vault a.sandyq
A=$SANDYQ_VAULT
s add testimony summary='Zhqaxat came at night' place='a village' >/dev/null
s consent T-1 scope=share decision=yes >/dev/null

# custody
want 0 "by hand" $S custody T-1 received counterparty='a brother' place=Almaty
want 1 "not what the program records" $S custody T-1 erased
err_has "says so" "recorded by the program itself"
want 3 "without an action" $S custody T-1
want 0 "a setting" $S setting viewed
out_has "as in a new vault" 'viewed	testimony,contact'
want 0 "shown" $S show T-1
want 0 "its life" $S history T-1
out_has "tells who" 'received: a brother, Almaty'
out_has "and that it was shown" 'viewed'
want 0 "read-only, too" $S --read-only show T-1
err_has "says that it is not recorded" 'not recorded'
want 3 "no such setting" $S setting viewed nothing

# merging
new_vault b.sandyq
B=$SANDYQ_VAULT
want 0 "a key" "$SANDYQ" key new -o b.key
pub=$(cat "$T/out")
SANDYQ_VAULT=$A
s recipient add "the other office" "$pub" >/dev/null
mkdir out
want 0 "a full bundle" $S export T-1 --to R-1 --profile full -o out
full=$(cat "$T/out")
want 0 "a lawyer's" $S export T-1 --to R-1 -o out
part=$(cat "$T/out")
s key card >card
SANDYQ_VAULT=$B
remember "$B"
want 1 "a lawyer's is not merged" $S import "$part" -i b.key
err_has "says why" "--profile full"
head -c 3000 "$full" >cut.age
want 1 "nor one that was cut" $S import cut.age -i b.key
unchanged "and nothing has changed" "$B"
want 0 "the full one is" $J import "$full" -i b.key --trust card
out_has "with two entries" '"entries":2'
out_has "of a known signer" '"trusted":true'
ref=$(s list testimony | cut -f1)
ok "it is told from ours" expr "$ref" : 'T-1@[0-9a-f]*$'
want 0 "it is shown" $S show "$ref"
out_has "as it was" 'Zhqaxat came at night'
want 0 "its life says whence it came" $S history "$ref"
out_has "with the gap" 'was written in another vault'
want 0 "once more" $J import "$full" -i b.key
out_has "changes nothing" '"entries":0'

# a copy of this vault, and its keys of before a change
SANDYQ_VAULT=$A
mkdir copy
cp -r "$A" copy/c.sandyq
SANDYQ_VAULT=$PWD/copy/c.sandyq
s log seen --lost --reason 'a copy for the second desk' >/dev/null 2>&1
s add testimony summary='Told at the second desk' >/dev/null
s consent T-2 scope=share decision=yes >/dev/null
mkdir out2
before=$(s export T-2 --to R-1 --profile full -o out2)
s key card >card.before
cp -r copy/c.sandyq thief.sandyq
SANDYQ_VAULT=$A
want 0 "the keys are changed" $S key rotate --reason 'a colleague left'
want 0 "a bundle of before, of our own log" $J import "$before" -i b.key
out_has "is taken in" '"entries":2'
out_has "but whoever left has these keys, too" '"trusted":false'
want 0 "with the card of then" $J import "$before" -i b.key \
    --trust card.before
out_has "is known, and changes nothing" '"entries":0'
SANDYQ_VAULT=$W/thief.sandyq
s key rotate --reason 'another line' >/dev/null
mkdir out3
s add testimony summary='Of keys this vault never had' >/dev/null
s consent T-3 scope=share decision=yes >/dev/null
after=$(s export T-3 --to R-1 --profile full -o out3)
SANDYQ_VAULT=$A
remember "$A"
want 1 "keys of our own log that were never ours" $S import "$after" \
    -i b.key --trust card
err_has "says so" 'never had'
unchanged "and nothing has changed" "$A"
SANDYQ_VAULT=$B

# erasing
want 3 "not without a word" $S erase "$ref" --reason 'asked for'
err_has "says how" '--yes'
want 3 "nor without a reason" $S erase "$ref" --yes
want 0 "erased" $J erase "$ref" --reason 'asked for' --yes
one=$(json "$T/out" values)
ok "its values" [ "$one" -ge 2 ]
want 0 "shown" $S show "$ref"
out_has "as erased" 'summary	«erased»'
out_lacks "not as it was" Zhqaxat
want 0 "searched" $S search Zhqaxat
out_none "and not found"
want 0 "and the vault is whole" $S check
want 0 "what was merged again stays erased" $J import "$full" -i b.key
SANDYQ_VAULT=$A
want 0 "the bundle still verifies" "$SANDYQ_VERIFY" "$full" -i b.key
finish
