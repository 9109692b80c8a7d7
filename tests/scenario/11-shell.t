#!/bin/sh
# The shell: unlock once, the same commands a line each.
. tests/scenario/lib.sh
new_vault v.sandyq

cat >script1 <<'A'
# a comment, and an empty line

add testimony summary='two  words' text="a \"quoted\" word"
add testimony summary=back\ slash text='it'"'"'s' # the end
add person name=Тұрғанбай
list testimony
A
want_in 0 "lines" script1 $S shell
ok "three references and two rows" [ "$(cut -f1 "$T/out" | tr '\n' ' ')" = \
    "T-1 T-2 P-1 T-2 T-1 " ]
err_none "no prompt where nobody types"
run $J show T-1
out_has "single quotes keep spaces" '"value":"two  words"'
out_has "a backslash in double quotes" '"value":"a \"quoted\" word"'
run $J show T-2
out_has "a backslash outside" '"value":"back slash"'
out_has "quotes side by side" "\"value\":\"it's\""

printf 'add testimony summary="open\nshow T-99\nlist person\n' >script2
want_in 1 "goes on after a failure" script2 $S shell
ok "and runs the rest" grep -q '^P-1	' "$T/out"
err_has "an open quote" "not closed"
printf 'show T-99\nfrobnicate\nlist\n' >script3
want_in 3 "exits as the last that failed" script3 $S shell
printf 'list person\nexit\nadd testimony summary=late\n' >script4
want_in 0 "exit" script4 $S shell
ok "ends it" lacks late "$T/out"
printf 'list person\nshow T-99\nlist testimony\n' >script5
run_in script5 $J shell
ok "--json: a document per command" [ "$(wc -l <"$T/out")" -eq 2 ]
ok "and one for the error" one_doc "$T/err"
ok "each of them one" [ "$(grep -c '^\[.*\]$' "$T/out")" -eq 2 ]
printf 'shell\n' >script6
want_in 3 "no shell within" script6 $S shell
printf 'init\n' >script6
want_in 3 "no init within" script6 $S shell

# --from - reads what comes after the line
printf 'add testimony --from -\n{"summary":"l1"}\n{"summary":"l2"}\n' >script7
want_in 0 "a command reads on" script7 $S shell
ok "both" [ "$(wc -l <"$T/out")" -eq 2 ]

# writing out only below --out
run "$SANDYQ" key new -o k.txt
mkdir below
printf 'key card -o card\n' >w1
want_in 1 "no --out: nothing is written" w1 $S shell
ok "nowhere" [ ! -e card ]
want_in 0 "--out" w1 $S shell --out below
ok "goes below it" [ -s below/card ]
for bad in ../up /tmp/elsewhere below2/../../up "$W/belowx"; do
	printf 'key new -o %s\n' "$bad" >w2
	want_in 1 "not to $bad" w2 $S shell --out "$W/below"
	ok "which is not there" [ ! -e "$bad" -a ! -e "below/$bad" ]
done
printf 'key new -o %s/abs\n' "$W/below" >w3
want_in 0 "an absolute path below it" w3 $S shell --out "$W/below"
ok "is there" [ -s below/abs ]

# locking
printf 'list person\nlock\nlist person\n' >lock1
want_in 0 "lock, with a passphrase file" lock1 $S shell
ok "opens again" [ "$(grep -c '^P-1' "$T/out")" -eq 2 ]
setsid -w "$SANDYQ" --passphrase-fd 7 shell <lock1 7<pw >"$T/out" 2>"$T/err"
rc=$?
ok "with a descriptor it stays locked (exit 3)" [ $rc -eq 3 ]
ok "after the first" [ "$(grep -c '^P-1' "$T/out")" -eq 1 ]
{ echo 'list person'; sleep 3; echo 'list person'; } |
    setsid -w "$SANDYQ" --passphrase-fd 7 shell --idle 1 7<pw >"$T/out" \
    2>"$T/err"
rc=$?
ok "idle: it locks itself (exit 3)" [ $rc -eq 3 ]
err_has "and says so" locked
ok "after the first" [ "$(grep -c '^P-1' "$T/out")" -eq 1 ]
# while it is open, nobody else gets in
mkfifo pipe
"$SANDYQ" --passphrase-file pw shell <pipe >shell.out 2>&1 &
pid=$!
exec 8>pipe
echo 'list person' >&8
i=0
until grep -q P-1 shell.out || [ $i -gt 100 ]; do
	i=$((i + 1))
	sleep 0.1
done
want 1 "a second process" $S list
err_has "is told why" "has it open"
kill -TERM $pid
wait $pid
rc=$?
ok "SIGTERM ends it in order" [ $rc -lt 128 ]
exec 8>&-
want 0 "and the vault is free" $S list
printf '%s\n' 'sandyq --help' 'sandyq types place' 'sandyq help list' >say
run_in say $S shell
ok "a hint can be typed as it stands (exit 0)" [ "$rc" -eq 0 ]
out_has "help" "lock at once"
out_has "and any command" "coordinates"
ok "no history was written" [ -z "$(find "$T" "${HOME:-/nonexistent}" \
    -maxdepth 1 -newer pipe -name '*history*' 2>/dev/null)" ]
if command -v script >/dev/null 2>&1; then
	{
		echo 'Passphrase|correct horse'
		echo "> |add testimony summary='Тұр сөз'"
		echo 'T-|list person'
		echo 'P-1|lock'
		echo 'locked)> |list person'
		echo 'Passphrase|correct horse'
		echo 'P-1|exit'
	} >talk1
	talk log "$SANDYQ shell" <talk1
	ok "on a terminal (exit 0)" [ "$rc" -eq 0 ]
	run $S search сөз
	ok "what was typed is there" [ -s "$T/out" ]
else
	skip "on a terminal" "no script(1)"
fi
finish
