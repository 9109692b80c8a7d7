#!/bin/sh
# A whole scenario under strace: nothing outside the vault and the files that
# were asked for by name is opened for writing, no socket is made, no marker of
# the content or of a passphrase is written to any other place.  A leak planted
# first proves that the trace would show one.
. tests/scenario/lib.sh

if ! strace -f -o probe true 2>/dev/null; then
	echo "1..0 # SKIP this machine does not allow tracing"
	exit 0
fi

# The leak finder of the sanitizers is a tracer itself and cannot run under one.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

# Invented words that occur nowhere else.
TEXT=quillonworth
PHONE=5550142998877
PASS=zephyrlatticemorn
printf '%s\n' "$PASS" >pw
printf 'summary: %s\nplace: Example\n\nHe said %s twice.\n' $TEXT $TEXT >story

# traced NAME ALLOWED-FILE ... -- CMD: run CMD under strace into NAME.trace.
CALLS=open,openat,openat2,creat,socket,socketpair,connect,bind,sendto
CALLS=$CALLS,sendmsg,write,pwrite64,writev,pwritev,mkdir,mkdirat,rename
CALLS=$CALLS,renameat,renameat2,link,linkat,symlink,symlinkat,memfd_create
traced()
{
	setsid -w strace -f -y -s 300000 -e trace=$CALLS -o "$T/trace" "$@" \
	    </dev/null >"$T/out" 2>"$T/err"
	rc=$?
	cat "$T/trace" >>"$W/all.trace"
}

# opened: every file that the trace opened for writing, made or renamed.
opened()
{
	sed -n 's/^[0-9]* *//; /^open/{/O_WRONLY\|O_RDWR\|O_CREAT/p;}
	    /^creat/p; /^mkdir/p; /^rename/p; /^link/p; /^symlink/p' "$1" |
	    grep -v ' = -1 E'
}

# strangers FILE: what was opened that is neither in the vault nor named.  The
# vault's own folder is known by its descriptor or as the working directory.
strangers()
{
	opened "$1" | grep -v -e "<$W/v.sandyq[>/.]" -e '"v.sandyq.part"' \
	    -e "<$W/named[>/]" -e '"/dev/tty"'
}

# spills FILE WORD: writes of the word to anything but descriptors 1 and 2.
spills()
{
	grep -e '^[0-9]* *\(p\{0,1\}write\|writev\|send\)' "$1" | grep -F "$2" |
	    grep -v 'write[v]*([12]<'
}

nothing()
{
	! "$@" | grep .
}

# --- a planted leak must be seen ---------------------------------------------
mkdir named outside
# shellcheck disable=SC2086
traced $S --vault v.sandyq init $CHEAP
ok "init under the trace" [ "$rc" -eq 0 ]
SANDYQ_VAULT=$W/v.sandyq
export SANDYQ_VAULT
traced $S add testimony --from story
ok "add under the trace" [ "$rc" -eq 0 ]
cp "$T/trace" add.trace
setsid -w strace -f -y -s 300000 -e trace=$CALLS -o leak.trace \
    $S show T-1 </dev/null >outside/leaked 2>/dev/null
ok "the trace sees the text leave through a descriptor" \
    grep -q "write(1<$W/outside/leaked>.*$TEXT" leak.trace
traced $S key card -o outside/card
ok "the trace sees a file opened outside" \
    sh -c "grep -q 'O_CREAT' '$T/trace' && grep -q outside '$T/trace'"
ok "and the harness calls it a stranger" \
    sh -c "$(command -v grep) -q outside <<X
$(strangers "$T/trace")
X"
rm -rf outside

# --- the whole scenario --------------------------------------------------------
rm -f all.trace
cp add.trace all.trace
traced $S add person name=Example pseudonym=A
traced $S add contact person=P-1 kind=phone value=$PHONE
ok "add contact" [ "$rc" -eq 0 ]
traced $S edit T-1 witness=P-1 --reason "named $TEXT"
ok "edit" [ "$rc" -eq 0 ]
traced $S show T-1
traced $S show K-1
traced $S list
traced $S history T-1
traced $S search $TEXT
ok "search finds" grep -q T-1 "$T/out"
traced $S search $PHONE
printf '%s and more\n' $TEXT >film
traced $S attach T-1 film
ok "attach" grep -q M-1 "$T/out"
traced $S cat M-1
ok "cat" grep -q $TEXT "$T/out"
traced $S check --full
ok "check" [ "$rc" -eq 0 ]
mkdir named/out
traced $S extract M-1 -o named/out
ok "extract" grep -q $TEXT named/out/M-1-film
traced $S consent T-1 scope=share decision=yes
traced $S case new "About $TEXT"
traced $S case add C-1 T-1
traced $S key new -o named/key
key=$(cat "$T/out")
traced $S recipient add Counsel "$key"
traced $S export C-1 --to Counsel --profile full -o named
ok "export" [ "$rc" -eq 0 ]
bundle=$(cat "$T/out")
traced $S verify "$bundle" -i named/key
ok "verify" [ "$rc" -eq 0 ]
traced $S open "$bundle" -i named/key -o named/opened
ok "open" [ "$rc" -eq 0 ]
traced $S export T-1 --to Nobody -o named
ok "an export that is refused" [ "$rc" -eq 1 ]
traced $S recovery new -o named/sheet
printf 'another %s\n' $PASS >pw2
traced $S slot add --label Two --new-passphrase-file pw2
traced $S slot list
traced $S log list
traced $S status
printf '%s\nshow T-1\nsearch %s\n' "add testimony summary=$TEXT" $TEXT >lines
setsid -w strace -f -y -s 300000 -e trace=$CALLS -o shell.trace \
    $S shell <lines >"$T/out" 2>"$T/err"
ok "shell" grep -q $TEXT "$T/out"
cat shell.trace >>all.trace
traced "$SANDYQ" --passphrase-file story show T-1
ok "a wrong passphrase" [ "$rc" -eq 4 ]

ok "the vault's own writing was seen" sh -c 'opened_lines=$(grep -c \
    "O_RDWR\|O_WRONLY" "$1"); [ "$opened_lines" -gt 100 ]' sh all.trace
ok "no file but the vault's and those named was opened for writing" \
    nothing strangers all.trace
ok "no socket was made" sh -c '! grep -E "^[0-9]+ +(socket|connect|bind)" "$1" |
    grep .' sh all.trace
ok "no memory file was made" sh -c '! grep -q memfd_create "$1"' sh all.trace
ok "the text went to no descriptor but the output" \
    nothing sh -c "$(command -v grep) -e '^[0-9]* *p*write' all.trace |
	grep -F $TEXT | grep -v 'write[v]*([12]<' |
	grep -v -e '/named/opened' -e '/named/out/'"
ok "the phone number too" nothing spills all.trace $PHONE
ok "no passphrase was written anywhere at all" \
    sh -c '! grep -E "write|send" "$1" | grep -qF "$2"' sh all.trace $PASS

# On the disk: nothing but what was named holds a marker in the clear.
rm -rf named/opened named/out *.trace lines story film pw pw2
ok "no marker lies in the clear in the vault or in the sealed bundle" \
    sh -c '! grep -rlaF -e "$1" -e "$2" -e "$3" .' sh $TEXT $PHONE $PASS
ok "nothing was left beside the vault and what was named" \
    sh -c 'ls -A | grep -v -e "^v.sandyq$" -e "^named$" -e "^probe$" \
	-e "^wrong$" -e "^\.ok$" -e "^out$" -e "^err$" | grep . && exit 1
	exit 0'
finish
