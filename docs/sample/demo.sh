#!/bin/sh
# The main job, step by step, on the invented data beside this script.
#
#   make demo                 builds first
#   sh docs/sample/demo.sh    with $SANDYQ and $SANDYQ_VERIFY, or ./build/
#
# Each command is shown before it runs and must do what is said of it; if one
# does not, the script says so and exits 1. KEEP=1 leaves the folder behind.
set -u
umask 077

here=$(cd "$(dirname "$0")" && pwd) || exit 1
SANDYQ=${SANDYQ:-$PWD/build/sandyq}
SANDYQ_VERIFY=${SANDYQ_VERIFY:-$PWD/build/sandyq-verify}
unset SANDYQ_VAULT
for p in "$SANDYQ" "$SANDYQ_VERIFY"; do
	[ -x "$p" ] || {
		echo "demo: $p is not built; run: make" >&2
		exit 1
	}
done
T=$(mktemp -d) || exit 1
done=
finish()
{
	cd /
	if [ -n "${KEEP:-}" ]; then
		printf '\nThe folder of this tour stays: %s\n' "$T"
	else
		rm -rf "$T"
		[ -z "$done" ] || printf '%s\n' "" \
		    "The folder of this tour is deleted (KEEP=1 keeps it)."
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
cd "$T" || exit 1
L=$T/log			# what the last command said
mkdir sample out lawyer "$L"
cp "$here"/*.txt sample/

# --- how it speaks ------------------------------------------------------------

sandyq() { "$SANDYQ" "$@"; }
sandyq_verify() { "$SANDYQ_VERIFY" "$@"; }
step=0
# title TEXT: the next station
title()
{
	step=$((step + 1))
	printf '\n\n== %d. %s\n' "$step" "$1"
}
# say LINE...: a word of explanation
say()
{
	printf '\n'
	printf '%s\n' "$@"
}
fail()
{
	printf '\ndemo: THIS IS NOT AS IT SHOULD BE: %s\n' "$*" >&2
	exit 1
}
# show WORD...: the command as one would type it
show()
{
	line=
	for w in "$@"; do
		case $w in
		sandyq_verify)	w=sandyq-verify ;;
		*[!A-Za-z0-9_./:=+@,-]*)
			case $w in
			[a-z]*=*) w="${w%%=*}='${w#*=}'" ;;
			*) w="'$w'" ;;
			esac ;;
		esac
		line="$line $w"
	done
	printf '\n  $%s\n' "$line"
}
# put: what it answered, set in; its tabs and the line ends in a value widened
put()
{
	awk -F '\t' '{
		if (NF > 1)
			printf length($1) < 5 ? "    %-4s" : "    %-18s", $1
		else
			printf "    %s", $1
		for (i = 2; i <= NF; i++) {
			gsub(/\\x0a/, "\n                        ", $i)
			printf "  %s", $i
		}
		print ""
	}' "$L/out"
	sed 's/^/    /' "$L/err"
}
# run EXIT WORD...: show it, run it; it must end with that code
run()
{
	want=$1
	shift
	show "$@"
	"$@" >"$L/out" 2>"$L/err" </dev/null
	got=$?
	put
	[ "$got" = "$want" ] || fail "exit code $got, expected $want"
	[ "$want" = 0 ] || printf '    (exit code %d)\n' "$got"
}
# says TEXT: the last command said so
says()
{
	cat "$L/out" "$L/err" | grep -Fq -- "$1" ||
	    fail "the answer does not hold: $1"
}
# silent TEXT: it did not
silent()
{
	if cat "$L/out" "$L/err" | grep -Fq -- "$1"; then
		fail "the answer holds, and should not: $1"
	fi
}
# vault EXIT WORD...: a command for the vault
vault()
{
	want=$1
	shift
	run "$want" sandyq --passphrase-file pass "$@"
}

# --- the tour -------------------------------------------------------------------

cat <<'EOF'
SANDYQ, THE MAIN JOB

A woman has told how her husband was called away. What she said is kept,
found again, and handed to a lawyer, who can prove what it is and that nobody
changed it. Everything here is invented; see docs/sample/README.md.

Each command stands behind a $. What it answers is set in below.
EOF

title 'A vault'
say 'Sandyq asks for the passphrase at the terminal. A tour cannot type, so it' \
    'reads it from a file: --passphrase-file. For the same reason it takes small' \
    'costs for Argon2id. Do neither with real testimony.'
printf 'olive lantern quiet harbour seven wool\n' >pass
run 0 sandyq --passphrase-file pass init --label Aigerim --kdf-memory 64 \
    --kdf-passes 3 --kdf-lanes 4
says vault.sandyq
vault 0 recovery new -o recovery-sheet.txt
say 'The sheet holds twenty words that open the vault when the passphrase is' \
    'forgotten. It belongs on paper, far from the computer.'
vault 0 recovery test --sheet-file recovery-sheet.txt
says 'opens the vault'

title 'What was told'
say 'The man the case is about; a witness and how to reach her; a second witness.'
vault 0 add person --from sample/missing-man.txt
says P-1
vault 0 add person --from sample/witness-a1.txt
vault 0 add person --from sample/witness-a2.txt
vault 0 add contact --from sample/contact-a1.txt
say 'The accounts, as files of "field: value" lines and a body. At a terminal' \
    '"sandyq add testimony" asks field by field.'
vault 0 add testimony --from sample/testimony-a1.txt
says T-1
vault 0 add testimony --from sample/testimony-a2.txt
say 'A file that is kept elsewhere: its SHA-256 and size are taken.'
vault 0 reference T-1 --file sample/notice.txt kind=document generation=copy
says M-1
say 'A file sealed into the vault. It is named only when it was read back from the' \
    'disk; "cat" gives the same bytes again.'
vault 0 attach T-1 sample/notice.txt
says M-2
vault 0 cat M-2
vault 0 check --full
vault 0 show T-1
says 'Мен Тұрғанбайдың әйелімін'
say 'A value that is not allowed is refused. Nothing is changed.'
vault 1 add testimony summary=x date=yesterday
says date
vault 0 list testimony
silent T-3

title 'Found in any script'
say 'Kazakh, with any ending, * ; Uyghur; Russian; English; Chinese.'
vault 0 search 'тұрғанбай*'
says T-1; says P-1
vault 0 search 'تۇرغانباي*'
says T-2; says P-1
vault 0 search 'шапку'
says T-1
vault 0 search 'corridor hospital'
says T-2; silent T-1
vault 0 search '吐尔干'
says T-1; says P-1
say 'What was searched for is still nowhere outside the vault: not a word of it' \
    'lies in its folder in the clear.'
show grep -rl Тұрғанбай vault.sandyq
if grep -rlaF -e 'Тұрғанбай' -e '吐尔干' -e 'قوشنىسى' vault.sandyq; then
	fail 'the vault folder holds plaintext'
fi
echo '    (nothing)'

title 'Nothing leaves without consent'
vault 0 case new 'A man called away from Ulgi'
vault 0 case add C-1 T-1 T-2
say 'The lawyer has a key. Its secret half stays with her; she sends the age1... .'
run 0 sandyq key new -o lawyer/my-key.txt
key=$(cat "$L/out")
vault 0 recipient add 'Office of counsel' "$key"
vault 1 export C-1 --to 'Office of counsel' -o out
says 'no consent to share'
[ -z "$(ls out)" ] || fail 'a refused export left a file'
say 'The first witness agrees. The second does not.'
vault 0 consent T-1 scope=share decision=yes given_by=P-2 how_given=spoken \
    given_language=kk-Cyrl explained=purpose explained=who explained=risks \
    explained=stop explained=limits
vault 0 consent T-2 scope=share decision=no given_by=P-3 how_given=spoken

title 'A bundle for the lawyer'
say 'The profile "lawyer" leaves out names, numbers and contacts. The family wants' \
    "the missing man to be named, so his name is disclosed; the witnesses' are not."
vault 0 case add C-1 P-1
say 'He cannot be asked himself. His wife speaks for him, and that is what is written' \
    'down: nothing leaves on silence.'
vault 0 consent P-1 scope=share decision=yes given_by=P-2 capacity=unknown \
    guardian='his wife'
vault 0 export C-1 --to 'Office of counsel' --profile lawyer \
    --disclose P-1.name --purpose 'Complaint on behalf of the family' -o out
says 'left out: T-2'
bundle=$(cat "$L/out")
[ -f "$bundle" ] || fail 'there is no bundle'
say 'And the key card of this vault, on paper, from hand to hand: without it the' \
    'lawyer could not tell our bundle from a forged one.'
vault 0 key card -o lawyer/key-card.txt
cp "$bundle" lawyer/evidence.age
cd lawyer || exit 1

title 'The lawyer checks it'
say 'She needs sandyq-verify, or only stock tools. No vault, no network. First' \
    'without the card: everything fits, but whose signature is it?'
run 0 sandyq_verify evidence.age -i my-key.txt
grep -Eq '^signed-by	unknown' "$L/out" || fail 'signed-by is not unknown'
say 'With the card:'
run 0 sandyq_verify evidence.age -i my-key.txt --trust key-card.txt
for c in intact signed-by addressed-to complete disclosed; do
	grep -q "^$c	yes" "$L/out" || fail "$c is not yes"
done
grep -q '^content-true	not-checked' "$L/out" || fail 'it claims the truth'
run 0 sandyq_verify open evidence.age -i my-key.txt --trust key-card.txt \
    -o opened
say 'What is there to read; begin with report.html in a browser.'
run 0 find opened/bundle/bag/data -type f
grep -rqF 'Тұрғанбайдың әйелімін' opened || fail 'the account is missing'
grep -rqF 'Тұрғанбай Үлгібай' opened || fail 'the disclosed name is missing'
say "The witness's own name, her contact and the second account are not there:"
show grep -rl -e 'Сәуле' -e '+000' -e 'قوشنىسى' opened
if grep -rlF -e 'Сәуле' -e 'Сауле' -e '+000' -e 'قوشنىسى' opened; then
	fail 'the bundle says too much'
fi
echo '    (nothing)'

title 'The same with stock tools, as READ-ME-FIRST.txt says'
missing=
have()
{
	command -v "$1" >/dev/null 2>&1 && return 0
	missing="$missing $1"
	printf '\n  (%s is not installed here: this check is left out)\n' "$1"
	return 1
}
say 'Two small files of her own, made once from the key card:'
sed -n 's/^ssh: /vault namespaces="evidence-bundle@sandyq" /p' key-card.txt \
    >MY-OWN-allowed_signers
{
	echo 'untrusted comment: sandyq'
	sed -n 's/^minisign: //p' key-card.txt
} >MY-OWN-sandyq.pub
run 0 cat MY-OWN-allowed_signers MY-OWN-sandyq.pub
if have age && have tar; then
	run 0 age -d -i my-key.txt -o b.tar evidence.age
	run 0 tar xf b.tar
	diff -r bundle opened/bundle || fail 'age opened something else'
else
	cp -r opened/bundle bundle
fi
cd bundle || exit 1
# stock COMMAND: one of READ-ME-FIRST, in its own words
stock()
{
	printf '\n  $ %s\n' "$1"
	sh -c "$1" >"$L/out" 2>"$L/err" </dev/null
	got=$?
	put
	[ $got = 0 ] || fail "exit code $got"
}
if have ssh-keygen; then
	stock 'ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig < STATEMENT.txt'
fi
if have minisign; then
	stock 'minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig -p ../MY-OWN-sandyq.pub'
fi
if have sha256sum; then
	say '(It warns of the lines that are not hashes. That is as it should be.)'
	stock 'sha256sum -c STATEMENT.txt'
	cd bag || exit 1
	stock 'sha256sum -c --quiet tagmanifest-sha256.txt && sha256sum -c --quiet manifest-sha256.txt && echo no file is altered'
	find data -type f | LC_ALL=C sort >../../found.txt
	cut -c67- manifest-sha256.txt | LC_ALL=C sort >../../listed.txt
	stock 'diff ../../found.txt ../../listed.txt && echo no file more, no file less'
	cd ..
fi
cd .. || exit 1

title 'A forged copy'
say 'One word of the account is changed, and one byte of the sealed file.'
item=$(grep -rlF 'Үш минут' bundle/bag/data/items | head -n 1)
sed 's/Үш минут/Бес минут/' "$item" >forged.json && cp forged.json "$item"
run 1 sandyq_verify bundle --trust key-card.txt
grep -q '^intact	no' "$L/out" || fail 'a changed word was not seen'
if command -v sha256sum >/dev/null 2>&1; then
	(cd bundle/bag && sha256sum -c --quiet manifest-sha256.txt) \
	    >"$L/out" 2>&1 && fail 'sha256sum did not see it'
	echo
	echo '  and sha256sum:'
	sed 's/^/    /' "$L/out"
fi
cp evidence.age forged.age
size=$(wc -c <forged.age)
printf '\377' | dd of=forged.age bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
cmp -s forged.age evidence.age &&
    printf '\000' | dd of=forged.age bs=1 seek=$((size / 2)) conv=notrunc \
    2>/dev/null
run 1 sandyq_verify open forged.age -i my-key.txt -o forged
[ ! -e forged ] || fail 'something of a forged bundle was written'
say 'Of a forged file nothing is written to the disk.'
cd .. || exit 1

title 'She changes her mind'
vault 0 consent T-1 scope=share decision=withdrawn given_by=P-2 \
    reason='Her mother was questioned.'
vault 1 export T-1 --to 'Office of counsel' -o out
says withdrawn
[ "$(ls out | wc -l)" -eq 1 ] || fail 'a refused export left a file'
say 'What has left cannot be called back. But the history of the account names the' \
    'bundle (B-1) and who has it:'
vault 0 history T-1
says B-1
vault 0 show B-1
says 'Office of counsel'
say 'And the vault itself: what it holds, and four words to read to a colleague.' \
    'If they differ on your side, one of you has an older vault.'
vault 0 status
says words

done=1
printf '\n\nThat is the main job. Every step did what it should.\n'
[ -z "$missing" ] ||
    printf 'Left out, because not installed:%s.\n' "$missing"
exit 0
