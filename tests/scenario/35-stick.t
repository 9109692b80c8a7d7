#!/bin/sh
# A stick with exFAT keeps no access rights: backups go there and come back,
# a vault does not live there, and nothing half-made is left.
. tests/scenario/lib.sh
absent()
{
	skip "a stick with exFAT" "$1"
	finish
	exit 0
}
for p in mkfs.exfat mount.exfat-fuse losetup; do
	command -v $p >/dev/null && [ "$(id -u)" -eq 0 ] &&
	    [ -c /dev/fuse ] || absent "needs root, /dev/fuse and $p"
done
truncate -s 64M img
mkdir stick
mkfs.exfat img >/dev/null
dev=$(losetup -f --show "$W/img" 2>/dev/null) || absent "no loop device here"
away()
{
	umount "$W/stick" 2>/dev/null
	losetup -d "$dev"
	rm -rf "$T"
}
trap away EXIT
mount.exfat-fuse -o uid=0,umask=022 "$dev" "$W/stick" >/dev/null 2>&1 ||
    absent "no FUSE mounts here"

new_vault v.sandyq
s add testimony summary='Said in the house' >/dev/null
head -c 100000 /dev/urandom >film
s attach T-1 film >/dev/null
echo 'another six words for the new one' >pw2

want 0 "a backup onto the stick" $S backup stick/b
err_has "says what the stick does not keep" "keeps no access rights"
want 0 "and again, only what is new" $S backup stick/b
want 0 "and back onto the disk" $S restore stick/b r.sandyq
want 0 "whole" "$SANDYQ" --vault r.sandyq --passphrase-file pw check --full

want 1 "a backup is not a vault to work in" "$SANDYQ" --vault stick/b \
    --passphrase-file pw list
err_has "and says what to do" "sandyq restore"
want 1 "no new vault on the stick" "$SANDYQ" --vault stick/n.sandyq \
    --passphrase-file pw init --kdf-memory 64 --kdf-passes 3
err_has "for that reason" "keeps no access rights"
want 1 "none restored to it" $S restore stick/b stick/r.sandyq
want 1 "none rekeyed to it" $S rekey stick/k.sandyq --new-passphrase-file pw2
ok "and nothing was left there" [ "$(ls stick)" = b ]
finish
