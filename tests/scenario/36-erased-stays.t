#!/bin/sh
# What was erased stays erased, whatever is done with the vault afterwards.
. tests/scenario/lib.sh

new_vault v.sandyq
s add testimony summary='Zhqaxat came at night' text='Zhqaxat said so' \
    >/dev/null
s add testimony summary='Another one' >/dev/null
printf 'Zhqaxat on paper\n' >paper.txt
printf 'of the other\n' >other.txt
s attach T-1 paper.txt >/dev/null
s attach T-2 other.txt >/dev/null
mkdir stick
want 0 "a backup" $S backup stick/v.sandyq
cp -Rp stick/v.sandyq old.sandyq
want 0 "erased, with its file" $S erase T-1 --attachments \
    --reason 'asked for' --yes
files=$(find v.sandyq/store -type f | wc -l)

want 0 "repair from the backup of before" $S check --repair --from old.sandyq
ok "brings no file back" [ "$(find v.sandyq/store -type f | wc -l)" -eq \
    "$files" ]
want 1 "nor the attachment" $S cat M-1
want 0 "the record" $S show T-1
out_lacks "neither" Zhqaxat

want 0 "indexes made anew" $S check --rebuild
want 0 "a search" $S search Zhqaxat
out_none "finds nothing"

want 0 "the backup is brought up to date" $S backup stick/v.sandyq
SANDYQ_VAULT=$W/back.sandyq
want 0 "and restored" "$SANDYQ" --passphrase-file pw restore \
    stick/v.sandyq back.sandyq
want 0 "the record of it" $S show T-1
out_lacks "has nothing either" Zhqaxat
want 1 "nor has its attachment" $S cat M-1

SANDYQ_VAULT=$W/v.sandyq
echo 'another long passphrase' >pw2
# shellcheck disable=SC2086
want 0 "sealed anew under another key" $S rekey new.sandyq \
    --new-passphrase-file pw2 $CHEAP
SANDYQ_VAULT=$W/new.sandyq
N="$SANDYQ --passphrase-file $W/pw2"
want 0 "the record there" $N show T-1
out_lacks "has nothing" Zhqaxat
want 1 "nor its attachment" $N cat M-1
want 0 "the other's is there" $N cat M-2
ok "as it was" cmp other.txt "$T/out"
want 0 "and all of it checks" $N check --full
want 0 "a search there" $N search Zhqaxat
out_none "finds nothing there"
unset SANDYQ_VAULT
finish
