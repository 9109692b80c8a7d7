#!/bin/sh
# Seeds for the fuzzing targets, one folder for each, below the folder $1:
# from our own vectors and golden files, from the shared foreign vectors where
# they are, and every input that ever broke a target (tests/vectors/crash/).
# From the repository root; SANDYQ names the program.
set -eu
out=$1
gold=tests/vectors/golden
shared=${SHARED:-../shared}/vectors
SANDYQ=${SANDYQ:-build/sandyq}

for t in $(${DRIVE:-build/fuzz_drive} --list); do
	mkdir -p "$out/$t"
	for f in "tests/vectors/crash/$t"/*; do
		[ -f "$f" ] && cp "$f" "$out/$t/"
	done
done

# The golden bundle, opened; the golden vault, as it lies on a disk.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$SANDYQ" unseal $gold/to-key.age -i $gold/identity.txt -o "$work/b.tar"
tar xf "$work/b.tar" -C "$work"
tar xf $gold/vault.tar -C "$work"
cp "$work/b.tar" "$out/tar/"
cp $gold/to-key.age "$out/age/"
cp $gold/identity.txt $gold/recipient.txt "$out/age-identity/"
printf 'x' >"$work/small"
"$SANDYQ" seal "$work/small" --to "$(cat $gold/recipient.txt)" \
    -o "$out/age/small" >/dev/null
cp $gold/recovery-sheet.txt "$out/sheet/"
cp $gold/key-card.txt "$out/card/"
cp $gold/checkpoint.txt "$out/note/"
sed -n 's/^.*\(sandyq\/[0-9a-f]*+.*\)$/\1/p' $gold/key-card.txt |
    tr -d '\n' >"$out/note/vkey"
# What a copy of the golden vault says of its keys, and who saw its log.
g()
{
	"$SANDYQ" --quiet --vault "$work/golden.sandyq" \
	    --passphrase-file $gold/passphrase.txt "$@" >/dev/null
}
cp -R "$work/golden.sandyq" "$work/kept.sandyq"
g key card -o "$work/c.svg"
g key card -o "$work/c.html"
cp "$work/c.svg" "$work/c.html" "$out/page/"
g stamp request -o "$out/tsp/q"
mkdir "$work/told" "$work/shares"
g consent T-1 scope=share decision=withdrawn -o "$work/told"
cp "$work"/told/recall-*/RECALL.txt "$out/recall/"
g trustees split --need 2 --of 3 -o "$work/shares"
for f in "$work"/shares/*.txt; do
	sed -n '/sandyqshare/,/^$/p' "$f" >"$out/share/${f##*/}"
done
g key rotate --reason seed
"$SANDYQ" --quiet --json --vault "$work/golden.sandyq" \
    --passphrase-file $gold/passphrase.txt show X-1 |
    perl -MMIME::Base64 -ne '
    print decode_base64($1) if /"note":\[\{"value":"([^"]*)"/' \
    >"$out/rotation/1"
"$SANDYQ" --quiet verify $gold/to-key.age -i $gold/identity.txt \
    --receipt "$out/receipt/1" >/dev/null
rm -r "$work/golden.sandyq"
mv "$work/kept.sandyq" "$work/golden.sandyq"
cd "$work/bundle"
cp STATEMENT.txt "$out/statement/"
cp bag/manifest-sha256.txt bag/tagmanifest-sha256.txt bag/bag-info.txt \
    "$out/bag/"
cp proofs/STATEMENT.txt.minisig trust/sandyq.pub "$out/minisig/"
cp proofs/STATEMENT.txt.sig trust/allowed_signers "$out/sshsig/"
cp proofs/checkpoint "$out/note/bundle"
for f in proofs/items/*.tlog-proof; do
	cp "$f" "$out/tlog-proof/"
done
for f in bag/data/items/*/record.json; do
	n=${f%/record.json}
	cp "$f" "$out/record-json/${n##*/}"
	cp "$f" "$out/canon/${n##*/}"
done
cp bag/data/*.csv "$out/csv/"
cd - >/dev/null
cp "$work"/golden.sandyq/HEADER "$out/header/"
cp "$work"/golden.sandyq/STATE.0 "$out/state/"
dd if="$work/golden.sandyq/HEADER" of="$out/slot/0" bs=1 skip=128 count=256 \
    2>/dev/null
dd if=/dev/zero of="$out/object/zeros" bs=1 count=200 2>/dev/null

# Our own vectors: stored entries, statements, consistency.
perl -MJSON::PP -e '
my $out = shift;
sub vectors { local $/; open my $f, "<", "tests/vectors/$_[0]" or die; return
    JSON::PP->new->decode(scalar <$f>) }
sub put { my ($t, $n, $b) = @_; utf8::encode($b) if utf8::is_utf8($b);
    open my $f, ">", "$out/$t/$n" or die; binmode $f; print $f $b }
my $i = 0;
for my $x (@{vectors("log.json")->{entries}}, @{vectors("entry.json")->{forms}}) {
	put("entry", "v" . $i++, pack "H*", $x->{stored}) if $x->{stored};
}
$i = 0;
put("statement", "v" . $i++, $_->{statement})
    for @{vectors("statement.json")->{statements}};
put("consist", "v" . $i++, $_) for @{vectors("log.json")->{consistency}};
put("tlog-proof", "v" . $i++, $_) for @{vectors("log.json")->{proofs}};
' "$out"

# What people type.
i=0
while read -r line; do
	i=$((i + 1))
	printf '%s' "$line" >"$out/edtf/$i"
done <<'EOF'
2017
2017-10
2017-10-03
2017-10~
2017-10-03?
2017-XX
201X
2017-10/..
2017-10/2018-03-01
../2017
2017-21
/2018
Y-170000002
2017-10-03T10:00:00Z
kk-Cyrl
zh-Hans-CN-x-private
EOF
i=0
while read -r line; do
	i=$((i + 1))
	printf '%s\0The camp at 吐尔干 Тұрғанбай تۇرغانباي text' "$line" \
	    >"$out/search/$i"
done <<'EOF'
тұрғанбай*
"two words" третье
吐尔干
吐
تۇرغانباي OR NOT
type:testimony date:2017..2018 camp
("a" AND b*) NEAR( x
EOF
i=0
for f in docs/sample/*.txt; do
	i=$((i + 1))
	{ printf '\003'; cat "$f"; } >"$out/from/$i"
done
printf '\003{"text":[{"value":"a","lang":"kk-Cyrl"}],"date":"2017"}' \
    >"$out/from/json"
printf '\001{"name":"a"}\n{"name":"b"}\n' >"$out/from/jsonl"

# Foreign vectors, where they are.
if [ -d "$shared" ]; then
	for f in "$shared"/age-testkit/*; do
		perl -0777 -ne 's/\A.*?\n\n//s; print' "$f" \
		    >"$out/age/${f##*/}"
	done
	find "$shared"/rfc3161-* -name '*.ts[qr]' | while read -r f; do
		cp "$f" "$out/tsp/$(printf '%s' "$f" | tr -c 'A-Za-z0-9\n' \
		    '_' | tail -c 80)"
	done
	for t in minisig:minisign sshsig:sshsig note:tlog \
	    tlog-proof:tlog bag:bagit; do
		find "$shared/${t#*:}"* -type f -size -16k ! -name '*.json' |
		while read -r f; do
			cp "$f" "$out/${t%%:*}/$(printf '%s' "$f" |
			    tr -c 'A-Za-z0-9\n' '_' | tail -c 80)"
		done
	done
fi
