#!/bin/sh
# backup and restore: what is copied is whole, what is not whole never looks
# so, and nothing that stands somewhere is written over.
. tests/scenario/lib.sh
unset SANDYQ_VAULT
V="$SANDYQ --passphrase-file $W/pw --vault v.sandyq"
SET="HEADER HEADER.2 vault.db STATE.0 STATE.1"

new_vault v.sandyq
unset SANDYQ_VAULT
$V --quiet add testimony summary='About the rain' >/dev/null
head -c 300000 /dev/urandom >a
echo small >b
$V --quiet attach T-1 a b >/dev/null

want 0 "status" $V status
out_has "warns: no backup" "there is no backup"
cp -R v.sandyq before.sandyq
mkdir stick
want 0 "a backup into a folder" $V backup stick
out_is "makes one of the vault's name there" stick/v.sandyq
err_has "and says that it is the same disk" "same disk"
ok "rights are tight" [ "$(find stick/v.sandyq -perm /077 | wc -l)" -eq 0 ]
for f in $SET; do
	ok "$f is the vault's byte for byte" \
	    cmp "before.sandyq/$f" "stick/v.sandyq/$f"
done
ok "so are the objects" [ "$(cd v.sandyq && find store -type f | sort |
    xargs sha256sum)" = "$(cd stick/v.sandyq && find store -type f | sort |
    xargs sha256sum)" ]
want 0 "status" $V status
out_has "warns: not rehearsed" "backup was never rehearsed"
want 0 "it is logged" $V list custody
out_has "as backed up" "backed-up"

echo more >c
$V --quiet attach T-1 c >/dev/null
want 0 "a backup brought up to date" $V --json backup stick/v.sandyq
ok "copies only what is new" [ "$(json "$T/out" copied)" = 1 ]
want 0 "again" $V --json backup stick/v.sandyq
ok "copies nothing" [ "$(json "$T/out" copied)" = 0 ]
want 0 "a rehearsal" $V backup stick/v.sandyq --test
want 0 "a full one" $V backup stick/v.sandyq --test --full
chmod 755 stick
want 0 "one by the stick it lies on" $V backup stick --test
out_is "finds it there" stick/v.sandyq
want 1 "restore by the stick" "$SANDYQ" --passphrase-file pw restore stick \
    r.sandyq
err_has "says which folder to name" "stick/vault.sandyq"
ok "and makes nothing" [ ! -e r.sandyq ]
want 0 "status" $V status
out_lacks "has no warning of backups" "backup DEST"
cp -R stick/v.sandyq good.sandyq
want 0 "it opens as it is" "$SANDYQ" --passphrase-file pw --vault good.sandyq \
    --read-only show T-1
out_has "with what is in it" "About the rain"

# --- restore

remember stick/v.sandyq
want 0 "restore" "$SANDYQ" --passphrase-file pw restore stick/v.sandyq \
    r.sandyq
unchanged "leaves the backup as it is" stick/v.sandyq
R="$SANDYQ --passphrase-file $W/pw --vault r.sandyq"
want 0 "what is restored is whole" $R check --full
out_none "every byte of it"
want 0 "an attachment" $R cat M-1
ok "is the one that was attached" cmp a "$T/out"
want 0 "that it was restored" $R list custody
out_has "is logged" "restored"
want 1 "restore over something" "$SANDYQ" --passphrase-file pw restore \
    stick/v.sandyq r.sandyq
err_has "is refused" "is there already"
want 4 "restore with a wrong passphrase" "$SANDYQ" --passphrase-file wrong \
    restore stick/v.sandyq x.sandyq
ok "leaves nothing" [ -z "$(ls -d x.sandyq* 2>/dev/null)" ]
mkdir -m 700 y.sandyq.part
cp r.sandyq/HEADER y.sandyq.part
head -c 1024 /dev/urandom >y.sandyq.part/vault.db-journal
want 0 "a restore that was cut off is gone on with" "$SANDYQ" \
    --passphrase-file pw restore stick/v.sandyq y.sandyq
want 0 "and whole" "$SANDYQ" --passphrase-file pw --vault y.sandyq check
mkdir empty
want 1 "restore of what is no backup" "$SANDYQ" --passphrase-file pw restore \
    empty x.sandyq
ok "leaves nothing" [ -z "$(ls -d x.sandyq* 2>/dev/null)" ]

# --- what is refused by name

want 0 "init" "$SANDYQ" --passphrase-file pw --vault other.sandyq init $CHEAP
remember stick/v.sandyq
want 1 "a backup onto another vault's" "$SANDYQ" --passphrase-file pw \
    --vault other.sandyq backup stick/v.sandyq
err_has "is refused" "another vault"
want 1 "a backup onto the vault itself" $V backup v.sandyq
err_has "is refused" "the vault itself"
want 1 "a backup into the vault" $V backup v.sandyq/store/copy
err_has "is refused" "the vault itself"
want 1 "a backup older than what is there" "$SANDYQ" --passphrase-file pw \
    --vault before.sandyq backup stick/v.sandyq
err_has "is refused" "newer"
$R --quiet add testimony summary='Another history' >/dev/null
$V --quiet add testimony summary='One history' >/dev/null
$V --quiet backup stick/v.sandyq >/dev/null
remember stick/v.sandyq
want 1 "a backup of another history" $R backup stick/v.sandyq
err_has "is named" "both were worked in"
unchanged "and none of it changed the backup" stick/v.sandyq
chmod 755 stick/v.sandyq
want 1 "a backup that others may enter" $V backup stick/v.sandyq
err_has "is refused with the remedy" "chmod 700"
chmod 700 stick/v.sandyq
ln -s good.sandyq link.sandyq
want 1 "a link" $V backup link.sandyq
cp -R good.sandyq j.sandyq
head -c 1024 /dev/urandom >j.sandyq/vault.db-journal
want 1 "a backup with a journal" $V backup j.sandyq
err_has "is refused" "somebody worked in the backup"
cp -R good.sandyq st.sandyq
: >st.sandyq/STATE.0
: >st.sandyq/STATE.1
want 1 "a backup without STATE" $V backup st.sandyq
err_has "is refused" "STATE"

# --- cut off

# cut NAME FILE ...: a backup of today cut after FILE ... changed over.
cut()
{
	rm -rf "$1"
	cp -R good.sandyq "$1"
	mkdir "$1/next"
	chmod 700 "$1/next"
	for f in $SET; do
		cp -p "new.sandyq/$f" "$1/next/$f"
	done
	cp -R new.sandyq/store "$1"
	name=$1
	shift
	for f; do
		mv "$name/next/$f" "$name/$f"
	done
}
echo evenmore >d
$V --quiet attach T-1 d >/dev/null
cp -R v.sandyq new.sandyq
done=
for f in none HEADER.2 STATE.0 STATE.1; do
	[ "$f" = none ] || done="$done $f"
	[ "$f" = HEADER.2 ] && done="$done vault.db"
	# shellcheck disable=SC2086
	cut cut.sandyq $done
	want 1 "cut after $f: does not open" "$SANDYQ" --passphrase-file pw \
	    --vault cut.sandyq list
	err_has "and says what to do" "back up to it again"
	rm -rf r2.sandyq
	want 0 "is restored whole" "$SANDYQ" --passphrase-file pw restore \
	    cut.sandyq r2.sandyq
	want 0 "as the newer one" "$SANDYQ" --passphrase-file pw --vault \
	    r2.sandyq cat M-4
	ok "with what was new" cmp d "$T/out"
	want 0 "is completed by the next backup" $V backup cut.sandyq
	ok "with nothing left over" [ ! -e cut.sandyq/next ]
	want 0 "which is whole" $V backup cut.sandyq --test
done
cut cut.sandyq
cp other.sandyq/HEADER cut.sandyq/next/HEADER
remember cut.sandyq
want 1 "a foreign header in next" $V backup cut.sandyq
err_has "is refused" "not of this vault"
unchanged "before anything is moved" cut.sandyq
cut cut.sandyq
cp other.sandyq/STATE.1 cut.sandyq/next/STATE.1
want 1 "a foreign STATE in next" $V backup cut.sandyq
cut cut.sandyq
cp other.sandyq/vault.db cut.sandyq/next/vault.db
want 1 "a foreign database in next" $V backup cut.sandyq
rm -rf cut.sandyq
cp -R good.sandyq cut.sandyq
mkdir -m 700 cut.sandyq/next.part
echo half >cut.sandyq/next.part/vault.db
want 0 "before the change over it is the earlier one" "$SANDYQ" \
    --passphrase-file pw --vault cut.sandyq --read-only show T-1
want 0 "and the next backup completes" $V backup cut.sandyq
ok "with nothing left over" [ ! -e cut.sandyq/next.part ]
mkdir -m 700 half.sandyq.part half.sandyq.part/store half.sandyq.part/store/new
echo half >half.sandyq.part/HEADER
want 0 "a first backup that was cut is gone on with" $V backup half.sandyq
want 0 "and whole" $V backup half.sandyq --test --full

# --- damage

# flip FILE: one byte in the middle of it is another.
flip()
{
	n=$(($(wc -c <"$1") / 2))
	c=$(dd if="$1" bs=1 skip=$n count=1 2>/dev/null | od -An -tu1)
	# shellcheck disable=SC2059
	printf "\\$(printf %o $(((c + 1) % 256)))" |
	    dd of="$1" bs=1 seek=$n conv=notrunc 2>/dev/null
}
rm -rf d.sandyq
cp -R half.sandyq d.sandyq
o=$(cd d.sandyq && find store -type f -size +100k | head -1)
flip "d.sandyq/$o"
want 5 "an altered object in the backup: rehearsal" $V backup d.sandyq --test \
    --full
err_has "names its record" "M-1 is altered"
want 5 "restore" "$SANDYQ" --passphrase-file pw restore d.sandyq x.sandyq
err_has "names its record" "M-1 is altered"
ok "and restores nothing" [ -z "$(ls -d x.sandyq* 2>/dev/null)" ]
want 5 "restore --damaged" "$SANDYQ" --passphrase-file pw restore d.sandyq \
    x.sandyq --damaged
X="$SANDYQ --passphrase-file $W/pw --vault x.sandyq"
want 0 "has the rest" $X cat M-4
want 5 "and says what is missing" $X check
out_has "by its record" M-1
want 0 "backup --full" $V --json backup d.sandyq --full
ok "mends it" [ "$(json "$T/out" mended)" = 1 ]
ok "keeps what was there" [ -f "d.sandyq/recover/1/${o##*/}" ]
want 0 "and the rehearsal passes" $V backup d.sandyq --test --full
rm "d.sandyq/$o"
want 0 "a missing one" $V backup d.sandyq
ok "comes back" cmp "v.sandyq/$o" "d.sandyq/$o"
flip d.sandyq/HEADER
rm -rf x.sandyq
want 0 "one damaged header copy is survived" "$SANDYQ" --passphrase-file pw \
    restore d.sandyq x.sandyq
want 0 "and mended by the next backup" $V backup d.sandyq
ok "to the vault's" cmp v.sandyq/HEADER d.sandyq/HEADER
flip d.sandyq/vault.db
rm -rf x.sandyq
want 5 "a damaged database: restore" "$SANDYQ" --passphrase-file pw restore \
    d.sandyq x.sandyq
ok "leaves nothing" [ -z "$(ls -d x.sandyq* 2>/dev/null)" ]
want 5 "and the rehearsal says so" $V backup d.sandyq --test

cp -R v.sandyq sick.sandyq
o=$(cd sick.sandyq && find store -type f -size +100k | head -1)
flip "sick.sandyq/$o"
want 5 "an altered object in the vault" "$SANDYQ" --passphrase-file pw --vault \
    sick.sandyq backup n.sandyq
err_has "is named" "M-1 is altered"
out_is "and the rest backed up" n.sandyq
ok "without it" [ ! -e "n.sandyq/$o" ]
remember half.sandyq
rm -rf sick.sandyq
cp -R v.sandyq sick.sandyq
flip sick.sandyq/vault.db
run "$SANDYQ" --passphrase-file pw --vault sick.sandyq backup half.sandyq
ok "a damaged database is not backed up" [ "$rc" -eq 5 ]
unchanged "and the earlier backup stays" half.sandyq

# --- elsewhere

printf 'backup /stick/v.sandyq\nbackup s.sandyq\n' >lines
mkdir -m 700 out
want_in 1 "in the shell" lines $V shell --out out
ok "only below its folder" [ -d out/s.sandyq ]
err_has "else not" "this shell writes"
want 0 "of a vault that is only read" $V --read-only backup n2.sandyq
want 0 "too" "$SANDYQ" --passphrase-file pw restore n2.sandyq n3.sandyq
# --- what was erased

new_vault e.sandyq
unset SANDYQ_VAULT
E="$SANDYQ --passphrase-file $W/pw --vault e.sandyq"
$E --quiet add testimony summary=s >/dev/null
$E --quiet attach T-1 a b >/dev/null
want 0 "a backup before something is erased" $E backup forget
want 0 "a file is erased" $E --quiet erase M-1 --yes --reason asked
want 0 "and the backup brought up to date" $E backup forget
ok "which forgets it too" [ "$(find forget/store -type f | wc -l)" -eq 1 ]
want 0 "and nothing else" $E backup forget --test --full
finish
