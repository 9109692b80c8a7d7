#!/bin/sh
# Words on the command line: what is not understood changes nothing, exits 3
# and says where to read more.
. tests/scenario/lib.sh

want 3 "no command" "$SANDYQ"
err_has "says so" "a command is missing"
out_none "prints nothing on standard output"
want 3 "an unknown command" "$SANDYQ" frobnicate
err_has "names it" frobnicate

want 0 "--help" "$SANDYQ" --help
err_none "--help says nothing on standard error"
for c in init status types add intake edit show list history search 'case new' \
    'case add' 'case remove' 'case show' attach cat play extract \
    reference consent 'consent show' check \
    'recipient add' 'recipient list' 'key new' 'key public' 'key card' export \
    disclose import dup same accounts timeline erase setting backup restore \
    verify open seal unseal 'slot list' 'slot add' 'slot change' \
    'slot remove' 'recovery new' 'recovery test' 'log head' 'log list' \
    'log proof' 'log consistency' accept shell; do
	run "$SANDYQ" --help
	out_has "help lists $c" "  $c"
	# shellcheck disable=SC2086
	run "$SANDYQ" $c --help
	ok "$c --help (exit 0)" [ "$rc" -eq 0 ]
	out_has "$c --help has a usage line" "usage: sandyq $c"
done
run "$SANDYQ" --help
want 0 "help of a family" "$SANDYQ" case --help
out_has "has its members" "case remove"
want 0 "help COMMAND" "$SANDYQ" help export
out_has "has the options" "--withhold"
want 0 "--version" "$SANDYQ" --version

want 3 "an unknown option before the command" "$SANDYQ" --frob status
want 3 "an unknown option after it" "$SANDYQ" list --frob
err_has "points to the help" "see: sandyq list --help"
want 3 "an unknown letter" "$SANDYQ" seal -x a
want 3 "a value is missing" "$SANDYQ" --vault
want 3 "a value is missing after the command" "$SANDYQ" seal f --to
want 3 "a flag with a value" "$SANDYQ" --json=yes status
want 3 "an option twice" "$SANDYQ" key new -o a -o b
ok "no file was made" [ ! -e a ]
want 3 "too few words" "$SANDYQ" show
want 3 "too many words" "$SANDYQ" show T-1 T-2
want 3 "half a command" "$SANDYQ" case
err_has "says what could follow" "new, add, remove, show"
want 3 "a number that is none" "$SANDYQ" list --limit many
want 3 "a number out of range" "$SANDYQ" list --limit 0
want 3 "a negative number" "$SANDYQ" log proof -- -1
want 3 "a revision that is no number" "$SANDYQ" show T-1 --rev x
want 3 "two sources of a passphrase" "$SANDYQ" --passphrase-file pw \
    --passphrase-fd 3 status
want 3 "an unknown type" "$SANDYQ" add banana a=b
want 3 "an unknown type of a list" "$SANDYQ" list banana
want 3 "an unknown type of types" "$SANDYQ" types banana
want 3 "a word that is no field" "$SANDYQ" add testimony summary
want 3 "an unknown field" "$SANDYQ" add testimony colour=red
want 3 "an empty value" "$SANDYQ" add testimony summary=
: >empty
want 3 "an empty file as a value" "$SANDYQ" add testimony summary=@empty
want 1 "a file that is not there" "$SANDYQ" add testimony summary=@missing
want 3 "no field at all" "$SANDYQ" add testimony
want 3 "a bad name of a field" "$SANDYQ" add testimony Summary=x
want 3 "an empty language" "$SANDYQ" add testimony summary.=x
want 3 "nothing to edit" "$SANDYQ" edit T-1
want 3 "no reference" "$SANDYQ" edit banana summary=x
want 3 "an unknown profile" "$SANDYQ" export C-1 --to x --profile some
want 3 "nobody to export to" "$SANDYQ" export C-1
want 3 "neither file nor URL" "$SANDYQ" reference T-1
want 3 "both file and URL" "$SANDYQ" reference T-1 --file pw --url u
want 3 "a recipient without a key" "$SANDYQ" recipient add X
want 3 "a recipient with both" "$SANDYQ" recipient add X age1 --passphrase
want 3 "key new without -o" "$SANDYQ" key new
want 3 "seal without -o" "$SANDYQ" seal pw --to age1x
want 3 "seal to nobody, no terminal" "$SANDYQ" seal pw -o out.age
want 3 "unseal without a key, no terminal" "$SANDYQ" unseal pw -o out
want 3 "unseal with two keys" "$SANDYQ" unseal pw -o x -i a \
    --passphrase-file pw
want 3 "open without -o" "$SANDYQ" open pw -i pw
want 3 "accept without a reason" "$SANDYQ" accept
want 3 "slot remove 0" "$SANDYQ" slot remove 0
want 3 "slot remove 9" "$SANDYQ" slot remove 9

want 1 "no vault here" "$SANDYQ" list
want 1 "no vault there" "$SANDYQ" --vault none.sandyq list
want 3 "init without a passphrase, no terminal" "$SANDYQ" init
ok "nothing was made" [ ! -e vault.sandyq ]

# The same errors as JSON, on standard error only.
want 3 "an error as JSON" "$SANDYQ" --json frobnicate
ok "is one document" one_doc "$T/err"
ok "has the exit code" grep -q '^{"error":{"exit":3,"message":"' "$T/err"
out_none "and nothing on standard output"
want 3 "--json after a bad option" "$SANDYQ" --frob --json status
ok "is JSON all the same" grep -q '^{"error":{"exit":3' "$T/err"
want 1 "exit 1 as JSON" "$SANDYQ" --json list
ok "has the exit code 1" grep -q '^{"error":{"exit":1,"message":"' "$T/err"

# Nothing hostile of an argument reaches the terminal.
esc=$(printf '\033[31m\a\302\233x\342\200\256\342\201\246\377')
want 3 "a hostile word" "$SANDYQ" "$esc"
ok "ESC is escaped" grep -qF '\x1b[31m\x07' "$T/err"
ok "C1 is escaped" grep -qF '\xc2\x9b' "$T/err"
ok "overrides of direction are" grep -qF '\xe2\x80\xae\xe2\x81\xa6' "$T/err"
ok "so is what is not UTF-8" grep -qF '\xff' "$T/err"
ok "no control byte is left" not grep -q "$(printf '\033')" "$T/err"
want 3 "a hostile word, JSON" "$SANDYQ" --json "$esc"
ok "is one document" one_doc "$T/err"
ok "no ESC is left" not grep -q "$(printf '\033')" "$T/err"
ok "no override is left" not grep -q "$(printf '\342\200\256')" "$T/err"

# Output that cannot be written is a failure.
if [ -c /dev/full ]; then
	setsid -w "$SANDYQ" types >/dev/full 2>"$T/err" </dev/null
	rc=$?
	ok "a full device is exit 1" [ $rc -eq 1 ]
	err_has "and says so" "could not be written"
	setsid -w "$SANDYQ" --json types >/dev/full 2>"$T/err" </dev/null
	rc=$?
	ok "so with --json" [ $rc -eq 1 ]
	setsid -w "$SANDYQ" --help >/dev/full 2>"$T/err" </dev/null
	rc=$?
	ok "so for the help" [ $rc -eq 1 ]
else
	skip "a full device" "no /dev/full"
fi

want 0 "types" "$SANDYQ" types
ok "is tab-separated, no header" grep -q '^testimony	T	' "$T/out"
want 0 "types TYPE" "$SANDYQ" types consent
ok "has a required term" grep -q '^decision	term	.*yes,no,conditions,' \
    "$T/out"
want 0 "types --json" "$SANDYQ" --json types consent
ok "is one document" one_doc "$T/out"
out_has "has kinds" '"kind":"term"'
want 0 "an option with =" "$SANDYQ" --vault=none.sandyq types

want 3 "sandyq-verify without words" "$SANDYQ_VERIFY"
want 0 "sandyq-verify --help" "$SANDYQ_VERIFY" --help
want 0 "sandyq-verify --version" "$SANDYQ_VERIFY" --version
: >empty.age
want 3 "an identity file that is none" "$SANDYQ_VERIFY" empty.age -i pw
want 0 "key new" "$SANDYQ" key new -o k.txt
want 1 "sandyq-verify of nothing" "$SANDYQ_VERIFY" missing.age -i k.txt
want 3 "sandyq-verify open without -o" "$SANDYQ_VERIFY" open x -i pw
finish
