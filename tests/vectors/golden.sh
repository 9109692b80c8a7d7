#!/bin/sh
# Make the golden vault and bundles anew: golden.sh NEW-FOLDER.  Everything in
# them is random or of today, so they are made once for a format and then only
# read: those beside this script were made by sandyq 0.1 and must open for
# ever.  See README.md.
set -eu
[ $# -eq 1 ] && [ ! -e "$1" ] || { echo "usage: golden.sh NEW-FOLDER" >&2; exit 3; }
S=$(realpath "${SANDYQ:-./build/sandyq}")
ref=$(dirname "$S")/ref_vault
check=$(realpath "$(dirname "$0")")/check-bundle.pl
mkdir -p "$1"
cd "$1"
umask 077

# None of these protects anything: they are published.
echo 'correct horse battery staple golden' >passphrase.txt
echo 'a second one, of a colleague' >passphrase-2.txt
echo 'bundle passphrase, golden' >bundle-passphrase.txt
"$S" key new -o identity.txt >recipient.txt
R=$(cat recipient.txt)

v()
{
	"$S" --vault golden.sandyq --passphrase-file passphrase.txt "$@"
}

v init --label 'Айгүл' --kdf-memory 64 --kdf-passes 3 --kdf-lanes 4
v slot add --label colleague --new-passphrase-file passphrase-2.txt
v recovery new -o recovery-sheet.txt
v add person kind=individual pseudonym=A1 name.kk-Cyrl='Тұрғанбай' \
    document_name.zh-Hans='吐尔干巴依' ethnicity=kazakh sex=male
v add testimony summary.kk-Arab='تۇرغانباي تۋرالى' witness=P-1 subject=P-1 \
    date='2017-10~' place.en='Ili' language=kk \
    interviewer.und='Interviewer "One"' how_known=saw \
    text.ru='Их увезли ночью.
Больше мы их не видели.' reliability=likely-reliable
v consent T-1 scope=share decision=yes conditions.en='no names' until=2999
v edit T-1 corroboration=possible --reason 'a second account'
v reference T-1 --url https://example.org/a kind=video mime=video/mp4 \
    captured_at=2026-01-02T03:04:05Z
v add contact person=P-1 kind=phone value='+7 000 000 00 00' \
    safe_to_call=never
v case new 'Golden case'
v case add C-1 T-1
v recipient add 'Office of counsel' "$R" --org 'Example'
v recipient add 'By passphrase' --passphrase
v key card -o key-card.txt
v export T-1 --to R-2 --profile public \
    --new-passphrase-file bundle-passphrase.txt >path
mv "$(cat path)" by-passphrase.age
v export C-1 --to R-1 --profile public >path
rm "$(cat path)"
v export C-1 --to R-1 --purpose 'Hearing «7»' --disclose T-1.interviewer \
    --withhold place >path
mv "$(cat path)" to-key.age
rm path

# What must be found in them, for ever: as the program says it today, and as
# two readers that share no code with it agree.
"$ref" golden.sandyq passphrase.txt >vault.json
for r in P-1 T-1 N-1 M-1 K-1 C-1 R-1 R-2 Y-2 B-3; do
	v --json show "$r"
done >show.json
v --json show T-1 --rev 1 >>show.json
v --json log list >log.json
v log head >checkpoint.txt
"$S" --json verify to-key.age -i identity.txt --trust key-card.txt \
    >verify-to-key.json
"$S" --json verify by-passphrase.age --passphrase-file bundle-passphrase.txt \
    --trust key-card.txt >verify-by-passphrase.json
for b in to-key by-passphrase; do
	case $b in
	to-key) set -- -i identity.txt ;;
	*) set -- --passphrase-file bundle-passphrase.txt ;;
	esac
	"$S" open $b.age "$@" -o content >/dev/null
	perl "$check" content/bundle >$b.txt
	cat content/bundle/bag/manifest-sha256.txt >>$b.txt
	rm -r content
done
tar --owner=0 --group=0 --numeric-owner --sort=name -b 1 -cf vault.tar golden.sandyq
rm -r golden.sandyq
chmod 644 ./*
