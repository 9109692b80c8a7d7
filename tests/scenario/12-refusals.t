#!/bin/sh
# Each mishap gets one clear sentence and the right exit code, and changes
# nothing.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='An original' >/dev/null
cp -Rp v.sandyq before.sandyq
s add testimony summary='The newest' >/dev/null
unset SANDYQ_VAULT

# at FILE OFFSET: another byte there.
at()
{
	c=$(dd if="$1" bs=1 skip="$2" count=1 2>/dev/null | od -An -tu1)
	# shellcheck disable=SC2059
	printf "\\$(printf %o $(( (c + 1) % 256 )))" |
	    dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# one DESC CODE CMD: exit code, one line, no line of data.
one()
{
	d=$1
	code=$2
	shift 2
	want "$code" "$d" "$@"
	ok "$d: one sentence" [ "$(grep -vc '^\(hint\|note\):' "$T/err")" -eq 1 ]
	out_none "$d: no data"
}
V="$SANDYQ --vault v.sandyq"

remember v.sandyq
one "a wrong passphrase" 4 $V --passphrase-file wrong list
one "none" 3 $V list
one "a missing vault" 1 "$SANDYQ" --vault none.sandyq --passphrase-file pw \
    list
mkdir empty.sandyq
chmod 700 empty.sandyq
run "$SANDYQ" --vault empty.sandyq --passphrase-file pw list
ok "an empty folder is no vault (exit 1 or 5)" [ "$rc" -eq 1 -o "$rc" -eq 5 ]
ok "and stays empty" [ -z "$(ls -A empty.sandyq)" ]
echo text >file.sandyq
run "$SANDYQ" --vault file.sandyq --passphrase-file pw list
ok "a file is no vault" [ "$rc" -eq 1 ]
ln -s v.sandyq link.sandyq
run "$SANDYQ" --vault link.sandyq --passphrase-file pw list
ok "a link to a vault is refused" [ "$rc" -ne 0 ]
cp -Rp v.sandyq open.sandyq
chmod 755 open.sandyq
run "$SANDYQ" --vault open.sandyq --passphrase-file pw list
ok "a folder that others can read is refused" [ "$rc" -eq 1 ]
err_has "with the command to run" chmod
unchanged "the vault is as it was" v.sandyq

# bring NAME: a fresh copy to break.
bring()
{
	rm -rf x.sandyq
	cp -Rp v.sandyq x.sandyq
}
X="$SANDYQ --vault x.sandyq --passphrase-file pw"
# bad DESC: what was done to x is noticed, and nothing is shown.
bad()
{
	remember x.sandyq
	run $X list
	ok "$1 (exit 5)" [ "$rc" -eq 5 ]
	out_none "$1: nothing is shown"
	unchanged "$1: nothing is changed" x.sandyq
}
bring; : >x.sandyq/vault.db
bad "a database of no bytes"
bring; rm x.sandyq/vault.db
bad "no database"
bring; head -c 8192 x.sandyq/vault.db >t && cat t >x.sandyq/vault.db
bad "a cut database"
bring; at x.sandyq/vault.db 5000
bad "an altered page"
bring; cat before.sandyq/vault.db >x.sandyq/vault.db
bad "an older database"
bring; rm x.sandyq/STATE.0 x.sandyq/STATE.1
bad "no STATE"
bring; at x.sandyq/HEADER 100; at x.sandyq/HEADER.2 100
bad "both headers altered"
bring; rm x.sandyq/HEADER x.sandyq/HEADER.2
run $X list
ok "no header at all (exit 1 or 5)" [ "$rc" -eq 1 -o "$rc" -eq 5 ]
bring; at x.sandyq/HEADER 100
run $X list
ok "one altered header: the other serves" grep -q 'The newest' "$T/out"
bring; rm x.sandyq/HEADER
run $X list
ok "one missing header: the other serves" grep -q 'The newest' "$T/out"
bring; printf '\377\377' | dd of=x.sandyq/HEADER bs=1 seek=0 conv=notrunc \
    2>/dev/null
run $X list
ok "a header that is foreign: the other serves" [ "$rc" -eq 0 ]

# Older than its own record: shown only when asked for, then loudly.
bring; cat before.sandyq/vault.db >x.sandyq/vault.db
run $X --read-only list
ok "--read-only shows what is left (exit 5)" [ "$rc" -eq 5 ]
ok "which is the older state" grep -q 'An original' "$T/out"
ok "with a loud line" grep -q '^WARNING: .*older' "$T/err"
run $X --read-only add testimony summary=x
ok "and takes nothing new" [ "$rc" -eq 1 ]
want 0 "accept" $X accept --reason 'the disk was replaced'
want 0 "then it opens" $X list
ok "with what was left" grep -q 'An original' "$T/out"
want 0 "and takes new things" $X add testimony summary=x
want 0 "the log says why" $X log list
want 0 "--read-only of a sound vault" $V --passphrase-file pw --read-only list
want 1 "does not write" $V --passphrase-file pw --read-only add testimony \
    summary=x

# A read-only folder (root may write everywhere, so only as somebody else).
if [ "$(id -u)" -ne 0 ]; then
	bring
	chmod -R a-w x.sandyq
	remember x.sandyq
	want 0 "a read-only folder can be read" $X list
	want 1 "but not written" $X add testimony summary=x
	unchanged "nothing is changed" x.sandyq
	chmod -R u+w x.sandyq
elif unshare -m true 2>/dev/null; then
	bring
	remember x.sandyq
	cat >ro.sh <<'A'
mount --bind x.sandyq x.sandyq && mount -o remount,bind,ro x.sandyq || exit 77
"$@"
A
	run unshare -m sh ro.sh $X list
	if [ "$rc" -eq 77 ]; then
		skip "a read-only folder" "no mounts here"
	else
		ok "a read-only folder can be read" [ "$rc" -eq 0 ]
		run unshare -m sh ro.sh $X add testimony summary=x
		ok "but not written" [ "$rc" -eq 1 ]
		unchanged "nothing is changed" x.sandyq
	fi
else
	skip "a read-only folder" "running as root"
fi

# A full disk.
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	mkdir -p small
	head -c 3000000 /dev/urandom | od -An -tx1 | tr -d ' \n' >blob
	head -c 900000 blob >value
	cat >full.sh <<'A'
mount -t tmpfs -o size=2m tmpfs small || exit 77
cp -Rp v.sandyq small/v.sandyq || exit 78
head -c 1500000 /dev/zero >small/filler
"$1" --vault small/v.sandyq --passphrase-file pw add testimony \
    summary=big text=@value
echo "$?" >code
rm small/filler
"$1" --vault small/v.sandyq --passphrase-file pw list
A
	run unshare -m sh full.sh "$SANDYQ"
	if [ "$rc" -eq 77 ]; then
		skip "a full disk" "no mounts here"
	else
		ok "a full disk (exit 1)" [ "$(cat code)" -eq 1 ]
		ok "says so" grep -Eq "space|full" "$T/err"
		ok "everything from before is there" [ "$(grep -c '^T-' \
		    "$T/out")" -eq 2 ]
	fi
else
	skip "a full disk" "not root"
fi

# No plaintext outside, no leftovers.
ok "nothing was left beside" [ -z "$(find . -name '*.part' -o -name '*.new' |
    head -n 1)" ]
ok "no word of it in the clear" not grep -rqa 'An original' v.sandyq

# --- nothing is written out into a vault

new_vault out.sandyq
s add testimony summary='It rained' >/dev/null
echo scan >scan
s attach T-1 scan >/dev/null
remember out.sandyq
for into in out.sandyq out.sandyq/store ./out.sandyq/..//out.sandyq; do
	want 1 "no card into $into" $S key card -o "$into/card.txt"
	err_has "it says so" "in the folder of a vault"
done
want 1 "no file into a vault" $S extract M-1 -o out.sandyq
err_has "it says so" "in the folder of a vault"
want 1 "no list into a vault" $S list testimony --csv -o out.sandyq/l.csv
want 1 "no key into a vault" $S key new -o out.sandyq/k
want 1 "no shell that writes there" $S shell --out out.sandyq
err_has "it says so" "in the folder of a vault"
want 1 "nor into the working folder" sh -c "cd out.sandyq && exec '$SANDYQ' \
    --vault '$W/out.sandyq' --passphrase-file '$W/pw' export T-1 --to R-1"
err_has "it says so" "this folder lies in the folder of a vault"
unchanged "the vault is as it was" out.sandyq
mkdir beside
echo 'list testimony --csv -o l.csv' >say
run_in say $S shell --out beside
ok "a shell writes beside it" [ -s beside/l.csv ]
want 0 "a vault lies in a folder that may be written to" $S extract M-1 \
    -o beside
unset SANDYQ_VAULT
finish
