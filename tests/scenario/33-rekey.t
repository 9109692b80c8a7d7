#!/bin/sh
# rekey: a new vault under a new key, the same log, the old one untouched.
. tests/scenario/lib.sh
new_vault v.sandyq
s add person pseudonym=A name.kk-Cyrl=Әлия >/dev/null
s add testimony summary='About the rain' witness=P-1 >/dev/null
s edit T-1 summary='About the long rain' >/dev/null
s add testimony summary='Another' >/dev/null
head -c 2000000 /dev/urandom >a
head -c 70000 /dev/urandom >b
: >c
s attach T-1 a b c >/dev/null
s attach T-2 a >/dev/null
s recovery new -o sheet >/dev/null
s slot add --label two --new-passphrase-file pw2 >/dev/null
printf 'new words\n' >pw3
s log list | cut -f 6 >roots
card=$(s key card | grep -v '^date')
N="$SANDYQ --vault n.sandyq --passphrase-file $W/pw3"

want 3 "without a new passphrase" $S rekey n.sandyq
want 1 "into the vault" $S rekey v.sandyq/n.sandyq --new-passphrase-file pw3
mkdir there
want 1 "over something" $S rekey there --new-passphrase-file pw3
remember v.sandyq
want 0 "rekey" $S rekey n.sandyq --new-passphrase-file pw3 --kdf-memory 64 \
    --kdf-passes 3
err_has "says what old copies open with" "still open with the old passphrases"
unchanged "the old one is as it was" v.sandyq
ok "nothing half made is left" [ ! -e n.sandyq.part ]
want 0 "check --full of the new one" $N check --full
out_none "finds nothing"
want 4 "the old passphrase does not open it" "$SANDYQ" --vault n.sandyq \
    --passphrase-file pw status
want 4 "nor does a colleague's" "$SANDYQ" --vault n.sandyq --passphrase-file \
    pw2 status
want 4 "nor does the new one the old vault" "$SANDYQ" --passphrase-file pw3 \
    status
$N log list | cut -f 6 | head -n "$(wc -l <roots)" >roots2
ok "the log is the same and goes on" cmp roots roots2
ok "the keys that sign are the same" [ "$card" = "$($N key card |
    grep -v '^date')" ]
want 0 "a record" $N show T-1
out_has "is as it was" "About the long rain"
want 0 "its history" $N history T-1
for m in M-1:a M-2:b M-3:c M-4:a; do
	want 0 "attachment ${m%:*}" $N cat ${m%:*}
	ok "is the same" cmp "${m#*:}" "$T/out"
done
ok "content held twice is stored once" \
    [ "$(find n.sandyq/store -type f | wc -l)" -eq 3 ]
ok "under other names" [ -z "$( (cd v.sandyq && find store -type f
    cd ../n.sandyq && find store -type f) | sort | uniq -d)" ]
ok "and no byte of the old files" [ -z "$(find v.sandyq n.sandyq -type f \
    -size +1k ! -name '*.tsq' -exec sha256sum {} + | cut -c1-64 | sort |
    uniq -d | grep -v "$(sha256sum <v.sandyq/HEADER | cut -c1-64)" |
    grep -v "$(sha256sum <n.sandyq/HEADER | cut -c1-64)")" ]
want 0 "it is a vault like any other" $N attach T-2 b
want 0 "and knows content again" $N --json attach T-1 a
ok "that it holds" [ "$(find n.sandyq/store -type f | wc -l)" -eq 3 ]
want 1 "a backup of it" $N backup v.sandyq
err_has "is no backup of the old one" "another vault"

# --- goes on after a cut: a part whose objects are not all there yet

"$SANDYQ" --passphrase-file pw rekey m.sandyq --new-passphrase-file pw3 \
    --kdf-memory 64 --kdf-passes 3 >/dev/null 2>&1
mv m.sandyq m.sandyq.part
o=$(find m.sandyq.part/store -type f -size +1000k)
rm "$o"
want 4 "with another passphrase" $S rekey m.sandyq --new-passphrase-file pw2
err_has "it does not" "was left by an earlier run"
head -c 5000 /dev/urandom >m.sandyq.part/store/new/00112233445566778899aabbccddeeff
run $S rekey m.sandyq --new-passphrase-file pw3
ok "an object that was bound and is gone is damage" [ "$rc" -ne 0 ]
rm -rf m.sandyq.part
mkdir -m 700 m.sandyq.part
echo x >m.sandyq.part/vault.db
want 0 "one that was no vault yet is begun anew" $S --json rekey m.sandyq \
    --new-passphrase-file pw3 --kdf-memory 64 --kdf-passes 3
ok "with all objects" [ "$(json "$T/out" copied)" = 3 ]
mv m.sandyq m.sandyq.part
want 0 "one that was whole is only checked" $S --json rekey m.sandyq \
    --new-passphrase-file pw3
ok "and nothing sealed again" [ "$(json "$T/out" copied)" = 0 ]
mv m.sandyq m.sandyq.part
s add testimony summary='Newer' >/dev/null
want 1 "one begun before the last change" $S rekey m.sandyq \
    --new-passphrase-file pw3
err_has "is refused" "begun before the last change"
rm -rf m.sandyq.part

# --- what is damaged does not get through

o=$(cd v.sandyq && find store -type f -size +1000k)
n=1000000
printf '\377\376' | dd of="v.sandyq/$o" bs=1 seek=$n conv=notrunc 2>/dev/null
want 5 "an altered attachment" $S rekey k.sandyq --new-passphrase-file pw3
err_has "is named" "M-"
ok "and nothing gets the name" [ ! -e k.sandyq ]
finish
