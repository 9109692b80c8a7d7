#!/bin/sh
# A vault is made, says what it is, and keeps its passphrase to itself.
. tests/scenario/lib.sh

# shellcheck disable=SC2086
want 0 "init" "$SANDYQ" --vault a.sandyq --passphrase-file pw init $CHEAP \
    --label Aigul
out_is "prints the path" a.sandyq
err_none "and nothing else"
ok "the folder is private" [ "$(stat -c %a a.sandyq)" = 700 ]
ok "so is every file" [ -z "$(find a.sandyq -type f ! -perm 600)" ]
ok "the passphrase is nowhere in it" not grep -rq 'correct horse' a.sandyq
ok "neither is the label" not grep -rq Aigul a.sandyq
remember a.sandyq
# shellcheck disable=SC2086
want 1 "init over a vault" "$SANDYQ" --vault a.sandyq --passphrase-file pw \
    init $CHEAP
unchanged "left it alone" a.sandyq
mkdir plain
# shellcheck disable=SC2086
want 1 "init over a folder" "$SANDYQ" --vault plain --passphrase-file pw \
    init $CHEAP
ok "which is still empty" rmdir plain
want 3 "costs below the floor" "$SANDYQ" --vault b.sandyq \
    --passphrase-file pw init --kdf-memory 8 --kdf-passes 3 --kdf-lanes 4
ok "nothing was made" [ ! -e b.sandyq ]
want 3 "costs of zero" "$SANDYQ" --vault b.sandyq --passphrase-file pw init \
    --kdf-memory 0
want 3 "--words beside a passphrase" "$SANDYQ" --vault b.sandyq \
    --passphrase-file pw init --words 6
# shellcheck disable=SC2086
want 1 "a passphrase file that is not there" "$SANDYQ" --vault b.sandyq \
    --passphrase-file none init $CHEAP
: >empty
# shellcheck disable=SC2086
want 3 "an empty passphrase" "$SANDYQ" --vault b.sandyq \
    --passphrase-file empty init $CHEAP
ok "nothing was made" [ ! -e b.sandyq ]
mkdir here
cd here || exit 1
# shellcheck disable=SC2086
want 0 "init without --vault" "$SANDYQ" --passphrase-file ../pw init $CHEAP
out_is "makes vault.sandyq" vault.sandyq
want 0 "the only vault here is found" "$SANDYQ" --passphrase-file ../pw list
cp -Rp vault.sandyq other.sandyq
want 3 "with two it must be said which" "$SANDYQ" --passphrase-file ../pw list
cd ..

want 0 "status without a passphrase" "$SANDYQ" --vault a.sandyq status
ok "format" grep -q '^format	1\.' "$T/out"
ok "no counts" not grep -q '^entries' "$T/out"
want 0 "as JSON" "$SANDYQ" --vault a.sandyq --json status
ok "is one document" one_doc "$T/out"
ok "costs are shown" [ "$(json "$T/out" kdf_memory_mib)" = 64 ]
want 0 "status with a passphrase" "$SANDYQ" --vault a.sandyq \
    --passphrase-file pw status
ok "counts" grep -q '^entries	1$' "$T/out"
ok "four words" grep -Eq '^words	[a-z-]+ [a-z-]+ [a-z-]+ [a-z-]+$' "$T/out"
ok "who opened it" grep -q '^actor	Aigul$' "$T/out"
ok "no recovery sheet is a warning" grep -q '^warning	no recovery' "$T/out"
want 0 "as JSON" "$SANDYQ" --vault a.sandyq --passphrase-file pw --json status
ok "is one document" one_doc "$T/out"
ok "entries" [ "$(json "$T/out" entries)" = 1 ]

# Passphrases: from a file, a descriptor, never an argument.
want 4 "a wrong passphrase" "$SANDYQ" --vault a.sandyq \
    --passphrase-file wrong list
err_has "says so" "passphrase is incorrect"
want 3 "none, and no terminal" "$SANDYQ" --vault a.sandyq list
err_has "says so" "no passphrase"
setsid -w "$SANDYQ" --vault a.sandyq --passphrase-fd 7 list 7<pw >"$T/out" \
    2>"$T/err"
ok "from a descriptor" [ $? -eq 0 ]
printf 'correct horse\r\nsecond line\n' >pwcr
setsid -w "$SANDYQ" --vault a.sandyq --passphrase-file pwcr list >"$T/out" \
    2>"$T/err"
rc=$?
ok "a line end of either kind is no part of it" [ $rc -eq 0 ]
want 3 "after the command it is not the vault's" "$SANDYQ" --vault a.sandyq \
    list --passphrase-file pw
SANDYQ_VAULT=a.sandyq "$SANDYQ" --passphrase-file pw list >"$T/out" 2>&1
ok "\$SANDYQ_VAULT" [ $? -eq 0 ]
SANDYQ_VAULT=none "$SANDYQ" --vault a.sandyq --passphrase-file pw list \
    >"$T/out" 2>&1
ok "--vault goes before it" [ $? -eq 0 ]
# é composed and decomposed are the same passphrase of a vault
printf 'caf\303\251 au lait\n' >nfc
printf 'cafe\314\201 au lait\n' >nfd
# shellcheck disable=SC2086
run "$SANDYQ" --quiet --vault n.sandyq --passphrase-file nfd init $CHEAP
want 0 "NFC opens what NFD made" "$SANDYQ" --vault n.sandyq \
    --passphrase-file nfc list

# On a terminal.
if command -v script >/dev/null 2>&1; then
	echo 'Passphrase of the vault|correct horse' >talk1
	talk log "$SANDYQ --vault a.sandyq list" <talk1
	ok "a passphrase typed (exit 0)" [ "$rc" -eq 0 ]
	ok "is not echoed" lacks "correct horse" log
	out_has "says when it was last saved" "last saved"
	printf 'Passphrase of|x\nPassphrase of|x\nPassphrase of|x\n' >talk1
	talk log "$SANDYQ --vault a.sandyq list" <talk1
	ok "wrong three times (exit 4)" [ "$rc" -eq 4 ]
	printf 'Type it|\nNew passphrase|one\nonce more|two\n' >talk1
	printf 'not the same|three\nonce more|three\nrecovery|n\n' >>talk1
	talk log "$SANDYQ --vault t.sandyq init $CHEAP" <talk1
	ok "init with a passphrase of one's own (exit 0)" [ "$rc" -eq 0 ]
	echo three >pw3
	want 0 "which opens it" "$SANDYQ" --vault t.sandyq \
	    --passphrase-file pw3 list
else
	skip "on a terminal" "no script(1)"
fi
finish
