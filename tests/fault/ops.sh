# Every operation of the program, for scripts that disturb it.  Sourced in an
# empty folder, which becomes the place where all of it happens.
#
#   base		makes v.sandyq and all that the operations need
#   $OPS		their names
#   do_NAME		does it: one run of sandyq, in the folder of a copy
#   is_NAME		is what it does there?
#
# $PRELOAD is preloaded into sandyq, which $WITH may start.

WITH=
CHEAP="--kdf-memory 64 --kdf-passes 3 --kdf-lanes 4"
# shellcheck disable=SC2034
OPS="init add add-many edit attach attach-folder attach-move consent case
    recipient same custody setting export cat extract disclose recall open
    seal key-new slot-add slot-change slot-remove recovery-new recovery-key
    backup backup-again restore rekey erase import-bundle import-sheet
    stamp-request stamp-import log-receipt rotate trustees-split
    trustees-join travel update check-full rebuild repair shell"

q()
{
	LD_PRELOAD=$PRELOAD $WITH "$SANDYQ" --quiet "$@" </dev/null
}
v() { q --vault v.sandyq --passphrase-file pw "$@"; }

# says PATTERN COMMAND ...: does its output have the line?
says()
{
	pattern=$1
	shift
	"$@" 2>/dev/null | grep -q -e "$pattern"
}

base()
{
	umask 077
	echo 'correct horse' >pw
	echo 'battery staple' >pw2
	echo 'third words' >pw3
	head -c 200000 /dev/urandom >old
	head -c 150000 /dev/urandom >big
	mkdir src src/sub out
	head -c 70000 /dev/urandom >src/one
	echo small >src/sub/two
	: >src/zero
	base_vault && base_bundles && base_slots && base_others
}

base_vault()
{
	# shellcheck disable=SC2086
	v init $CHEAP && v add person name=Aigul pseudonym=W-1 &&
	    v add person name=Aygul &&
	    v add testimony summary='About the rain' text='It rained' \
	    witness=P-1 && v add testimony summary='About the snow' &&
	    v attach T-1 old && v consent T-1 scope=share decision=yes &&
	    v consent P-1 scope=share decision=yes &&
	    v consent P-1 scope=court-pseudonym decision=yes &&
	    v add testimony summary='Taken back' &&
	    v consent T-3 scope=share decision=yes &&
	    v case new 'The winter' && v case add C-1 T-1 P-1 &&
	    q key new -o k.txt >k.pub &&
	    v recipient add Counsel "$(cat k.pub)" &&
	    cat >many.jsonl <<'L'
{"summary":"One"}
{"summary":"Two"}
{"summary":"Three"}
L
	printf 'name;birth_date;other_id\nErlan;1975;A1\nGulnar;1980;A2\n' \
	    >people.csv
}

base_bundles()
{
	mkdir sent sent3 in
	v export T-1 P-1 --to Counsel --withhold T-1.text -o sent &&
	    v export T-3 --to Counsel -o sent3 &&
	    v consent T-3 scope=share decision=withdrawn &&
	    "$SANDYQ_VERIFY" sent/*.age -i k.txt --receipt receipt &&
	    q --vault o.sandyq --passphrase-file pw init &&
	    q --vault o.sandyq --passphrase-file pw add testimony \
	    summary='From the other office' &&
	    q --vault o.sandyq --passphrase-file pw attach T-1 big &&
	    q --vault o.sandyq --passphrase-file pw consent T-1 scope=share \
	    decision=yes &&
	    q --vault o.sandyq --passphrase-file pw recipient add Us \
	    "$(cat k.pub)" &&
	    q --vault o.sandyq --passphrase-file pw export T-1 --to Us \
	    --profile full -o in
}

base_slots()
{
	v slot add --label Bolat --new-passphrase-file pw3 &&
	    v slot list >slots && v recovery new -o sheet.txt &&
	    sed -n 's/^ *[1-5]\.  //p' sheet.txt | tr '\n' ' ' |
	    sed 's/ $//' >code &&
	    mkdir shares && v trustees split --need 2 --of 3 -o shares
}

base_others()
{
	mkdir tsa
	sh "$ROOT/tests/tsa.sh" "$PWD/tsa" && v stamp request -o a.tsq &&
	    sh "$ROOT/tests/tsa.sh" "$PWD/tsa" stamp tsa ../a.tsq ../a.tsr &&
	    rm -rf tsa && v backup bk.sandyq && cp -a bk.sandyq bk-old.sandyq &&
	    v add testimony summary='After the backup' &&
	    v attach T-4 src/one && v backup home.sandyq &&
	    cp -a v.sandyq sick.sandyq && : >sick.sandyq/HEADER.2 &&
	    object=$(find sick.sandyq/store -type f -size +100k | head -n 1) &&
	    printf 'altered' | dd of="$object" bs=1 seek=5000 conv=notrunc \
	    status=none && cp "$ROOT/tests/vectors/golden/passphrase.txt" \
	    golden.pw && tar xf "$ROOT/tests/vectors/golden/vault.tar" &&
	    cat >session <<'L'
add testimony summary=First
edit T-2 summary=Second
add testimony summary=Third
L
}

do_init() { q --vault new.sandyq --passphrase-file pw init; }
is_init() { q --vault new.sandyq --passphrase-file pw check; }
do_add() { v add testimony summary=Added; }
is_add() { says Added v list testimony; }
do_add_many() { v add testimony --from many.jsonl; }
is_add_many() { says Three v list testimony && says One v list testimony; }
do_edit() { v edit T-2 summary=Edited; }
is_edit() { says Edited v show T-2; }
do_attach() { v attach T-2 big; }
is_attach() { v cat M-3 2>/dev/null | cmp -s - big; }
do_attach_folder() { v attach T-2 src; }
is_attach_folder() { says two v list media; }
do_attach_move()
{
	[ ! -d src ] || v attach T-2 src --move
}
is_attach_move() { is_attach_folder && [ ! -e src/one ]; }
do_consent() { v consent T-2 scope=share decision=no; }
is_consent() { says no v consent show T-2; }
do_case() { v case add C-1 T-2; }
is_case() { says T-2 v case show C-1; }
do_recipient() { v recipient add Judge --passphrase; }
is_recipient() { says Judge v recipient list; }
do_same() { v same P-1 P-2; }
is_same() { says same-person v list relationship; }
do_custody() { v custody T-2 received counterparty=Brother; }
is_custody() { says Brother v history T-2; }
do_setting() { v setting viewed contact; }
is_setting() { says '^viewed	contact	' v setting; }

# --- what leaves the vault

# A sealed bundle is whole or not there: one that is there must verify.
whole_bundles()
{
	for b in "$1"/*.age; do
		[ ! -f "$b" ] || "$SANDYQ_VERIFY" "$b" -i k.txt >/dev/null ||
		    return 1
	done
}
do_export() { v export T-1 P-1 --to Counsel --profile full -o out; }
is_export() { [ -n "$(find out -name '*.age')" ] && whole_bundles out; }
do_cat() { FAULT_STDOUT=1 v cat M-1 >out/cat; }
is_cat() { cmp -s out/cat old; }
do_extract() { v extract M-1 -o out; }
is_extract() { cmp -s out/M-1-old old; }
do_disclose() { v disclose B-1 --field T-1.text --to Counsel -o out; }
is_disclose() { is_export; }
do_recall() { rm -rf out/*; v consent recall N-5 -o out; }
is_recall() { says 'SSH SIGNATURE' cat out/recall-*/RECALL.txt.sig; }
do_open() { q open sent/*.age -i k.txt -o out/content; }
is_open() { "$SANDYQ_VERIFY" out/content/bundle >/dev/null 2>&1; }
do_seal() { q seal big --to "$(cat k.pub)" -o out/big.age; }
is_seal()
{
	rm -f out/plain
	q unseal out/big.age -i k.txt -o out/plain 2>/dev/null &&
	    cmp -s out/plain big
}
do_key_new() { q key new -o out/new.key; }
is_key_new() { q key public out/new.key >/dev/null 2>&1; }

# --- who opens it

opens() { q --vault v.sandyq --passphrase-file "$1" list >/dev/null 2>&1; }
do_slot_add() { v slot add --label Zhanar --new-passphrase-file pw2; }
is_slot_add() { opens pw2; }
do_slot_change() { v slot change --new-passphrase-file pw2; }
is_slot_change() { opens pw2 && ! opens pw; }
do_slot_remove() { v slot remove "$(sed -n 's/\t.*Bolat.*//p' slots)"; }
is_slot_remove() { ! opens pw3; }
do_recovery_new() { rm -f new.txt; v recovery new -o new.txt; }
is_recovery_new()
{
	sed -n 's/^ *[1-5]\.  //p' new.txt 2>/dev/null | tr '\n' ' ' |
	    sed 's/ $//' >new.code
	opens new.code
}
do_recovery_key() { v recovery key -o paper; }
is_recovery_key() { [ "$(grep -c '^    [1-5]\.' paper 2>/dev/null)" = 5 ]; }
do_rotate() { v key rotate --reason 'a colleague left'; }
is_rotate() { says X-1 v log list; }
do_trustees_split() { rm -rf set; mkdir set; v trustees split --need 2 --of 3 -o set; }
is_trustees_split() { v trustees test set/*1-of-3* set/*2-of-3* >/dev/null 2>&1; }
do_trustees_join()
{
	q --vault v.sandyq trustees join shares/*1-of-3* shares/*2-of-3* \
	    --new-passphrase-file pw2 --label Aigul
}
is_trustees_join() { opens pw2; }
do_travel() { v travel --backup home.sandyq; }
is_travel() { ! opens pw && opens code; }

# --- the vault as a whole

do_backup() { v backup stick.sandyq; }
is_backup() { q --vault stick.sandyq --passphrase-file pw --read-only check >/dev/null 2>&1; }
do_backup_again() { v backup bk.sandyq; }
is_backup_again()
{
	q --vault bk.sandyq --passphrase-file pw --read-only cat M-2 2>/dev/null |
	    cmp -s - src/one
}
do_restore() { q --passphrase-file pw restore bk-old.sandyq new.sandyq; }
is_restore() { is_init; }
do_rekey()
{
	# shellcheck disable=SC2086
	v rekey new.sandyq --new-passphrase-file pw2 $CHEAP
}
is_rekey() { q --vault new.sandyq --passphrase-file pw2 check; }
do_erase() { v erase T-2 --reason 'asked for' --yes; }
is_erase() { ! says 'About the snow' v show T-2; }
do_import_bundle() { v import in/*.age -i k.txt; }
is_import_bundle() { says 'the other office' v list testimony; }
do_import_sheet() { v import people.csv --type person --map other_id=other_id; }
is_import_sheet() { says Erlan v list person && says Gulnar v list person; }
do_stamp_request() { rm -f b.tsq; v stamp request -o b.tsq; }
is_stamp_request() { [ -s b.tsq ]; }
do_stamp_import() { v stamp import a.tsr; }
is_stamp_import() { says stamped v list stamp; }
do_log_receipt() { v log receipt receipt; }
is_log_receipt() { says . v list receipt; }
do_update()
{
	q --vault golden.sandyq --passphrase-file golden.pw add testimony \
	    summary=Later
}
is_update()
{
	says Later q --vault golden.sandyq --passphrase-file golden.pw \
	    list testimony
}
do_check_full() { v check --full; }
is_check_full() { says 'fixity-checked\|checked' v history M-1; }
do_rebuild() { v check --rebuild; }
is_rebuild() { says T-1 v search rain; }
do_repair() { q --vault sick.sandyq --passphrase-file pw check --full --repair --from home.sandyq; }
is_repair() { q --vault sick.sandyq --passphrase-file pw --read-only check --full >/dev/null 2>&1; }
do_shell()
{
	LD_PRELOAD=$PRELOAD $WITH "$SANDYQ" --quiet --vault v.sandyq \
	    --passphrase-file pw shell <session
}
is_shell() { says Third v list testimony && says Second v show T-2; }
