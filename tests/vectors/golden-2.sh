#!/bin/sh
# As golden.sh, of what came later: attachments, what happened, custody,
# erasure, changed keys, shares, a merged bundle, a later opening.  Made once,
# and then only read: golden-2.sh NEW-FOLDER.
set -eu
[ $# -eq 1 ] && [ ! -e "$1" ] || {
	echo "usage: golden-2.sh NEW-FOLDER" >&2
	exit 3
}
S=$(realpath "${SANDYQ:-./build/sandyq}")
mkdir -p "$1"
cd "$1"
umask 077

# None of these protects anything: they are published.
echo 'correct horse battery staple golden' >passphrase.txt
"$S" key new -o identity.txt >recipient.txt
R=$(cat recipient.txt)

on()
{
	name=$1
	shift
	"$S" --quiet --vault "$name" --passphrase-file passphrase.txt "$@"
}
v() { on golden.sandyq "$@"; }
cheap='--kdf-memory 64 --kdf-passes 3 --kdf-lanes 4'

# shellcheck disable=SC2086
on other.sandyq init --label 'other office' $cheap
on other.sandyq add testimony summary='From the other office' >path
on other.sandyq consent T-1 scope=share decision=yes >path
on other.sandyq recipient add 'Golden office' "$R" >path
on other.sandyq key card -o other-card.txt >path
on other.sandyq export T-1 --to R-1 --profile full >path
mv "$(cat path)" other.age

# shellcheck disable=SC2086
v init --label 'Айгүл' $cheap
mkdir shares
v trustees split --need 2 --of 3 -o shares >path
mv shares/share-1-of-3.txt shares/share-3-of-3.txt .
rm -r shares
v add person name.ug-Arab='ئايگۈل' pseudonym=W-1 >path
v add person name='Aygul Turgan' >path
v same P-1 P-2 --certainty probable >path
v add testimony summary='Held for a year' text.kk-Cyrl='Бір жыл отырды.' \
    witness=P-1 date=2018-03 >path
v add testimony summary='Taken back' text='Goldenmarker' >path
printf 'A letter, invented.\n' >letter.txt
v attach T-1 letter.txt >path
v attach T-2 letter.txt >path
v add place name='Golden village' name.zh-Hans='金村' kind=settlement >path
v add source kind=interview title='An interview' >path
v add event title='The raid' date='2017-10/..' source=Q-1 >path
v custody T-1 received counterparty='a brother' place=Almaty >path
v consent T-1 scope=share decision=yes >path
v consent T-1 scope=publish decision=no >path
v consent P-1 scope=share decision=yes >path
v edit T-1 summary='Held for more than a year' --reason 'a later word' >path
v recipient add 'Office of counsel' "$R" >path
v key card -o key-card.txt >path
v export T-1 --to R-1 --withhold T-1.text >path
mv "$(cat path)" first.age
v disclose B-1 --field T-1.text --to R-1 >path
mv "$(cat path)" later.age
v erase T-2 --attachments --reason 'asked for' --yes >path
v import other.age -i identity.txt --trust other-card.txt >path
v key rotate --reason 'golden' >path
v key card -o key-card-2.txt >path
v export T-1 --to R-1 >path
mv "$(cat path)" rotated.age
rm -r path letter.txt other.sandyq other.age other-card.txt

# What must be found in them, for ever.
v list --limit 1000 | cut -f 1 >refs.txt
while read -r r; do
	v --read-only --json show "$r" </dev/null
done <refs.txt >show.json
v --read-only --json log list >log.json
v --read-only cat M-1 >cat.txt
for b in first later rotated; do
	card=key-card.txt
	[ $b != rotated ] || card=key-card-2.txt
	"$S" --json verify $b.age -i identity.txt --trust $card >verify-$b.json
done
tar --owner=0 --group=0 --numeric-owner --sort=name -b 1 -cf vault.tar \
    golden.sandyq
rm -r golden.sandyq
chmod 644 ./*
