#!/bin/sh
# What was written once must open for ever: a golden vault and two golden
# bundles, tests/vectors/golden/.  And what the program writes today is read by
# readers that share no code with it: ref_vault.c and check-bundle.pl.
ROOT=$PWD
. tests/scenario/lib.sh
G=$ROOT/tests/vectors/golden
CHECK=$ROOT/tests/vectors/check-bundle.pl
bin=$(dirname "$SANDYQ")

g()
{
	setsid -w "$SANDYQ" --vault golden.sandyq \
	    --passphrase-file "$G/passphrase.txt" "$@" </dev/null
}

# The vectors come out the same.
mkdir again
ok "the reference writer is built" [ -x "$bin/ref" ]
ok "it runs" sh -c "cd '$ROOT' && '$bin/ref' '$PWD/again'"
for f in "$ROOT"/tests/vectors/*.json; do
	ok "the same bytes as before: ${f##*/}" cmp "$f" "again/${f##*/}"
done

# The vault.  A copy: opening writes STATE.
umask 077
tar xf "$G/vault.tar"
sums golden.sandyq >before
g --read-only --json show P-1 >show.json 2>err
ok "only read, it reads as it was written" sh -c \
    "sed -n 1p '$G/show.json' | cmp - show.json"
sums golden.sandyq >after
ok "and is left as it is" cmp before after
# an earlier version wrote it: its indexes are made anew, once
G1="$SANDYQ --vault golden.sandyq --passphrase-file $G/passphrase.txt"
want 0 "it opens to be written" $G1 status
ok "and says no more than that" [ -z "$(grep -v 'index rebuilt' "$T/err")" ]
sums golden.sandyq >before
for r in P-1 T-1 N-1 M-1 K-1 C-1 R-1 R-2 Y-2 B-3; do
	g --quiet --read-only --json show $r
done >show.json 2>err
g --quiet --read-only --json show T-1 --rev 1 >>show.json 2>>err
ok "every record reads as it was written" cmp "$G/show.json" show.json
g --json log list >log.json 2>>err
ok "so does the log" cmp "$G/log.json" log.json
g log head >checkpoint.txt 2>>err
ok "and its signed checkpoint" cmp "$G/checkpoint.txt" checkpoint.txt
ok "without a word" [ ! -s err ]
g search Тұрғанбай >out
ok "a name is found" grep -q '^P-1' out
g search 吐尔干 >out
ok "and one in Chinese characters" grep -q '^P-1' out
sums golden.sandyq >after
ok "reading changed nothing" cmp before after
cp -R golden.sandyq anew.sandyq
want 0 "nothing is damaged" "$SANDYQ" --vault anew.sandyq \
    --passphrase-file "$G/passphrase.txt" check --full
out_none "and nothing found"
want 0 "its indexes can be made anew" "$SANDYQ" --vault anew.sandyq \
    --passphrase-file "$G/passphrase.txt" check --rebuild
"$SANDYQ" --vault anew.sandyq --passphrase-file "$G/passphrase.txt" search Тұрғанбай >out
ok "a name is found then too" grep -q '^P-1' out
want 0 "a colleague's passphrase opens it" "$SANDYQ" --vault golden.sandyq \
    --passphrase-file "$G/passphrase-2.txt" status
sed -n 's/^ *[1-5]\. *//p' "$G/recovery-sheet.txt" | tr '\n' ' ' |
    sed 's/ $//' >words
echo >>words
want 0 "and so does the recovery sheet" "$SANDYQ" --vault golden.sandyq \
    --passphrase-file words status
want 4 "no other passphrase does" "$SANDYQ" --vault golden.sandyq \
    --passphrase-file pw status
ok "the reference reader opens it" sh -c \
    "'$bin/ref_vault' golden.sandyq '$G/passphrase.txt' >vault.json"
ok "and reads the same" cmp "$G/vault.json" vault.json

# It can be written to, and is then still what the specification says.
want 0 "a revision" "$SANDYQ" --vault golden.sandyq --passphrase-file \
    "$G/passphrase.txt" edit T-1 place.ru=Или
want 0 "a new slot" "$SANDYQ" --vault golden.sandyq --passphrase-file \
    "$G/passphrase.txt" slot add --label new --new-passphrase-file pw
ok "read by the reference reader" sh -c \
    "'$bin/ref_vault' golden.sandyq pw >vault.json"
ok "with two entries more" grep -q '^ "size": 18,$' vault.json
printf '\1' | dd of=golden.sandyq/STATE.0 bs=1 seek=100 conv=notrunc 2>/dev/null
ok "which sees a byte altered" not "$bin/ref_vault" golden.sandyq pw

# The bundles.
claims()
{
	sed 's/,"detail":"[^"\\]*\(\\.[^"\\]*\)*"//g' "$1"
}

for b in to-key by-passphrase; do
	case $b in
	to-key) set -- -i "$G/identity.txt" ;;
	*) set -- --passphrase-file "$G/bundle-passphrase.txt" ;;
	esac
	claims "$G/verify-$b.json" >expected
	for p in "$SANDYQ" "$SANDYQ_VERIFY"; do
		want 0 "$b.age verifies, ${p##*/}" "$p" --json verify \
		    "$G/$b.age" "$@" --trust "$G/key-card.txt"
		claims "$T/out" >got
		ok "with the claims it had" cmp expected got
	done
	want 0 "$b.age opens" "$SANDYQ_VERIFY" open "$G/$b.age" "$@" -o $b
	if command -v minisign >/dev/null; then
		ok "the reference reader accepts it" sh -c \
		    "perl '$CHECK' $b/bundle >$b.txt"
		cat $b/bundle/bag/manifest-sha256.txt >>$b.txt
		ok "and finds the same in it" cmp "$G/$b.txt" $b.txt
		chmod -R u+w $b
		sed -i 's/"value":/"value": /' \
		    $b/bundle/bag/data/items/000001/record.json
		ok "and nothing in one altered" not perl "$CHECK" $b/bundle
	else
		skip "the reference reader" "minisign is not installed"
	fi
done

# A vault and a bundle of today, by the same readers.
new_vault today.sandyq
key=$(s key new -o today.key)
s add person pseudonym=A name.kk-Cyrl=Әлия >/dev/null
s add testimony summary.ru=Пример witness=P-1 how_known=saw how_known=document \
    >/dev/null
for scope in share court publish; do
	s consent T-1 scope=$scope decision=yes >/dev/null
	s consent P-1 scope=$scope decision=yes >/dev/null
done
s recipient add One "$key" >/dev/null
for profile in public lawyer court full; do
	f=$(s export T-1 P-1 --to One --profile $profile --purpose "«$profile»")
	want 0 "$profile opens" "$SANDYQ_VERIFY" open "$f" -i today.key -o $profile
	ok "the reference reader accepts profile $profile" \
	    perl "$CHECK" $profile/bundle
done
ok "and the vault of today" "$bin/ref_vault" today.sandyq pw
finish
