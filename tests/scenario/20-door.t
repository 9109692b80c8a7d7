#!/bin/sh
# At the door: what another process of the same user can read of a running
# one, what modes files get, what the words of a record do to a terminal or a
# spreadsheet, and what is left when it is killed.
. tests/scenario/lib.sh
# shellcheck disable=SC2086

umask 000
new_vault v.sandyq
s add testimony summary='zqsummaryzq' text='zqtextzq' >/dev/null
ok "nothing of a vault is open to others" \
    [ -z "$(find v.sandyq -perm /077)" ]
ok "its folders are 0700" [ -z "$(find v.sandyq -type d ! -perm 0700)" ]
ok "its files are 0600" [ -z "$(find v.sandyq -type f ! -perm 0600)" ]
s key new -o key.txt >pub
s key card -o card.txt >/dev/null
s recipient add Lawyer "$(tail -n 1 pub)" >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
mkdir out
s export T-1 --to Lawyer -o out >/dev/null
s slot add --label two --new-passphrase-file pw2 >/dev/null
s recovery new -o sheet.txt >/dev/null
ok "what is written out is 0600" \
    [ -z "$(find out key.txt card.txt sheet.txt -type f ! -perm 0600)" ]
ok "and a slot change keeps the modes" \
    [ -z "$(find v.sandyq -type f ! -perm 0600)" ]
$S unseal out/*.age -i key.txt -o plain.tar >/dev/null 2>&1
"$SANDYQ" open out/*.age -i key.txt -o opened >/dev/null 2>&1
ok "nor what is opened" [ -z "$(find plain.tar opened -perm /077)" ]
umask 022

# --- a running process -------------------------------------------------------
mkfifo in
# shellcheck disable=SC3045
ulimit -c unlimited 2>/dev/null
setsid "$SANDYQ" --passphrase-file pw shell <in >shell.out 2>shell.err &
pid=$!
exec 8>in
echo 'show T-1' >&8
i=0
until grep -q zqtextzq shell.out || [ $i -gt 100 ]; do
	i=$((i + 1))
	sleep 0.1
done
ok "the shell answers" grep -q zqtextzq shell.out
if ! grep -qa shell "/proc/$pid/cmdline" 2>/dev/null; then
	skip "the process" "it cannot be found"
else
	ok "no core dump" grep -q '^Max core file size *0 *0 ' \
	    "/proc/$pid/limits"
	ok "no new privileges" grep -q '^NoNewPrivs:.*1$' "/proc/$pid/status"
	if grep -qa __asan_init "$SANDYQ"; then
		skip "memory is locked" "the address sanitizer locks none"
	else
		ok "memory is locked" [ "$(awk '/^VmLck/ { print $2 }' \
		    "/proc/$pid/status")" -gt 0 ]
	fi
	ok "no passphrase among its words" not grep -qa 'correct horse' \
	    "/proc/$pid/cmdline"
	# Not dumpable: its files in /proc are the superuser's.
	if [ "$(id -u)" -ne 0 ]; then
		ok "its memory is closed to its own user" \
		    not dd if="/proc/$pid/mem" bs=1 count=0
		ok "and its environment" not cat "/proc/$pid/environ"
	else
		skip "its memory is closed" "the superuser reads everything"
	fi
	ok "a second one is told who" sh -c "
	    setsid -w $S list </dev/null 2>&1 | grep -q 'process $pid '"
	kill -SEGV "$pid"
	sleep 0.5
	ok "killed, it leaves no core" [ -z "$(find . -name 'core*')" ]
	want 0 "and the vault opens again" $S show T-1
fi
exec 8>&-
wait

# --- hostile words -----------------------------------------------------------
esc=$(printf '\033]52;c;aGVsbG8=\007\033[2J\033[31m\302\233\342\200\256')
printf '%s' "a $esc" >worse
want 1 "a text with controls is refused" $S add testimony summary=@worse
bidi=$(printf '\342\200\256\342\201\246')
printf '%s' "=1+1 zqevilzq $bidi <script>alert(1)</script>" >evil
ok "a hostile text is taken as it is" \
    sh -c "$S add testimony summary=@evil text=@evil >/dev/null"
s consent T-2 scope=share decision=yes conditions=@evil >/dev/null
s add person name=@evil >/dev/null
s case new 'zqcasezq' >/dev/null
s case add C-1 T-2 >/dev/null
# A sentence about it must be as harmless as the text itself.
for c in 'show T-2' 'list' 'list testimony' 'history T-2' 'search zqevilzq' \
    'consent show T-2' 'case show C-1' 'log list' 'status' "add $esc" \
    "show $esc" "search $esc" "add testimony $esc=x" "types $esc" \
    "edit T-2 text=x --unset $esc" "export $esc --to $esc" \
    "export C-1 --to Lawyer --withhold $esc" "verify $esc" "$esc"; do
	# shellcheck disable=SC2086
	run $S $c
	cat out err >both 2>/dev/null
	cat "$T/out" "$T/err" >both
	LC_ALL=C tr -d '\n\t' <both | LC_ALL=C grep -qa \
	    "$(printf '[\001-\037\177]')" && echo "$c" >>acts
	LC_ALL=C grep -qa "$(printf '\302\233')" both && echo "$c" >>acts
	grep -qF "$(printf '\342\200\256')" both && echo "$c" >>acts
done
ok "no command sends a control to the terminal" [ ! -e acts ]
[ -e acts ] && sed 's/^/# /' acts
# shellcheck disable=SC2086
for c in 'show T-2' 'list' 'search zqevilzq' 'log list'; do
	run $J $c
	one_doc "$T/out" && not grep -q "$(printf '\033')" "$T/out" ||
	    echo "$c" >>badjson
done
ok "nor in JSON, which stays one document" [ ! -e badjson ]

mkdir out2
s export C-1 --to Lawyer -o out2 >/dev/null
"$SANDYQ" open out2/*.age -i key.txt -o opened2 >/dev/null 2>&1
ok "no cell of a table is a formula" not grep -rqE '(^|,)"?[=+@]' \
    --include='*.csv' opened2
ok "the report runs nothing" not grep -rqiE '<script|onload=|javascript:' \
    --include='*.html' opened2

# --- traces of a key ---------------------------------------------------------
for w in 'correct horse' 'battery staple'; do
	ok "no passphrase in anything that was said" not grep -rqaF "$w" \
	    "$T/out" "$T/err" shell.out shell.err both opened opened2 v.sandyq
done
finish
