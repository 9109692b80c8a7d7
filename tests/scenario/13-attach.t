#!/bin/sh
# Files go in sealed and come out unaltered; what is refused changes nothing.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='A testimony' >/dev/null
s add testimony summary='Another' >/dev/null
sum()
{
	sha256sum <"$1" | cut -d ' ' -f 1
}
TAB=$(printf '\t')

# fresh: how many files an attach has left behind.
fresh()
{
	find v.sandyq/store/new -type f 2>/dev/null | wc -l
}
# stored: how many objects are in their places.
stored()
{
	find v.sandyq/store -type f ! -path '*/new/*' 2>/dev/null | wc -l
}

head -c 2500000 /dev/urandom >film.mp4
want 0 "attach" $S attach T-1 film.mp4
out_is "reference, hash, name" "M-1$TAB$(sum film.mp4)${TAB}film.mp4"
err_none "and nothing else"
ok "the source stays" [ -f film.mp4 ]
want 0 "cat" $S cat M-1
ok "gives the same bytes" cmp film.mp4 "$T/out"
want 0 "show" $S show M-1
out_has "the size" "size${TAB}2500000"
out_has "the record it belongs to" "about${TAB}T-1"
out_has "the time of the file" "file_time$TAB"
out_lacks "what a file does not state is not stated" embedded_date
want 0 "history" $S history M-1
out_has "has the entry that binds the object" "${TAB}object$TAB"
ok "the object is sealed" not grep -rqaF ftyp v.sandyq

# --- ranges
range()
{
	want 0 "cat --offset $1 --length $2" $S cat M-1 --offset "$1" \
	    --length "$2"
	tail -c +$(($1 + 1)) film.mp4 | head -c "$2" >part
	ok "offset $1 length $2: these bytes" cmp part "$T/out"
}
range 0 1
range 65535 2
range 65536 65536
range 1000000 70000
range 2499999 10
range 2490000 99999999
want 1 "a range beyond the end" $S cat M-1 --offset 2500001
out_none "gives nothing"
want 3 "an offset that is no number" $S cat M-1 --offset x
want 1 "cat of what has no bytes" $S cat T-1
out_none "gives nothing"
$S cat M-1 2>"$T/err" | head -c 10 >part
ok "a reader that goes away is no complaint" [ ! -s "$T/err" ]
talk "$T/tty" "$S cat M-1" </dev/null
ok "cat to a terminal is refused" [ "$rc" -eq 1 ]
out_has "with a way to do it" "| mpv -"

# --- names
mkdir names names/sub
printf 1 >'names/with spaces.txt'
printf 2 >"names/$(printf 'new\nline')"
printf 3 >"names/$(printf 'latin\351')"
printf 4 >"names/$(printf '\342\200\256gpj.exe')"
printf 5 >names/sub/-o
printf 6 >names/sub/кітап.txt
: >names/empty
printf 7 >"names/$(printf '%0200d.jpeg' 0)"
remember v.sandyq
want 0 "--dry-run" $S attach T-1 names --dry-run
out_has "names the files" "names/with spaces.txt"
out_has "below folders too" "names/sub/-o"
unchanged "and changes nothing" v.sandyq
want 0 "a folder" $S attach T-1 names
ok "all files of it" [ "$(wc -l <"$T/out")" -eq 8 ]
out_has "a line end is shown as bytes" 'new\x0Aline'
out_has "so is what is not UTF-8" 'latin\xE9'
out_has "so is what turns text around" '\xe2\x80\xaegpj.exe'
ok "no control byte reaches the output" not grep -q "$(printf '\342\200\256')" \
    "$T/out"
want 0 "JSON" $J attach T-2 names/empty
ok "is one array" one_doc "$T/out"
ok "with exactly these keys" grep -qx '\[{"ref":"M-[0-9]*","sha256":"[0-9a-f]*","size":0,"original_name":"empty"}\]' "$T/out"
want 0 "an empty file" $S cat "$(json "$T/out" ref)"
out_none "is empty"

# --- what a file says of itself
echo iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg== |
    base64 -d >dot.png
printf 'GIF8 and nothing that belongs behind it' >broken.gif
want 0 "a picture and what only looks like one" $S attach T-1 dot.png \
    broken.gif
ref=$(sed -n 1s/"$TAB".*//p "$T/out")
want 0 "show" $S show "$ref"
if [ -x "$(dirname "$SANDYQ")/sandyq-probe" ]; then
	out_has "the type is stated" "mime${TAB}image/png"
fi
out_lacks "where it was made is not" embedded_place

# --- the same content again
n=$(stored)
want 0 "the same file for the same record" $S attach T-1 film.mp4
out_has "is the record that is there" "M-1$TAB"
err_has "and says so" "was in the vault already"
want 0 "for another record" $S attach T-2 film.mp4
out_lacks "is a record of its own" "M-1$TAB"
other=$(cut -f 1 "$T/out")
cp film.mp4 renamed.mp4
want 0 "under another name" $S attach T-1 renamed.mp4
out_has "is a record of its own" renamed.mp4
mkdir twins
head -c 100000 /dev/urandom >twins/a
cp twins/a twins/b
want 0 "twins in one folder" $S attach T-1 twins
ok "are two records" [ "$(cut -f 1 "$T/out" | sort -u | wc -l)" -eq 2 ]
ok "and one object more in all" [ "$(stored)" -eq $((n + 1)) ]
want 0 "cat of a linked one" $S cat "$other"
ok "gives the same bytes" cmp film.mp4 "$T/out"

# --- refused
remember v.sandyq
ln -s film.mp4 link
mkfifo fifo
want 1 "a symbolic link" $S attach T-1 link
err_has "is named" "symbolic link"
want 1 "a fifo" $S attach T-1 fifo
want 1 "a device" $S attach T-1 /dev/null
want 1 "a missing file" $S attach T-1 none
want 1 "a missing record" $S attach T-99 film.mp4
mkdir mixed
echo good >mixed/a
ln -s ../film.mp4 mixed/b
want 1 "a link inside a folder" $S attach T-1 mixed
echo new >new1
want 1 "a good file before a bad one" $S attach T-1 new1 none
want 3 "no file" $S attach T-1
want 1 "--read-only" $S --read-only attach T-1 new1
if [ "$(id -u)" -ne 0 ]; then
	echo secret >closed
	chmod 000 closed
	want 1 "a file that cannot be read" $S attach T-1 closed
fi
mkdir nothing
want 1 "an empty folder" $S attach T-1 nothing
unchanged "nothing of these changed the vault" v.sandyq
ok "or left anything behind" [ "$(fresh)" -eq 0 ]

# a file that grows while it is read
head -c 60000000 /dev/zero >grows
(while [ -e grows ]; do echo more >>grows; sleep 0.01; done) 2>/dev/null &
writer=$!
want 1 "a file that changes while it is read" $S attach T-1 grows
err_has "says so" "changed while"
rm -f grows
wait $writer
ok "and leaves nothing" [ "$(fresh)" -eq 0 ]

# --- --move
mkdir phone
head -c 300000 /dev/urandom >phone/one
cp film.mp4 phone/two
cp phone/one keep
want 0 "--move" $S attach T-1 phone --move
err_has "says what deleting is not" "not erasing"
ok "deletes what is saved" [ -z "$(ls phone)" ]
ref=$(grep "one$" "$T/out" | cut -f 1)
want 0 "and it is in the vault" $S cat "$ref"
ok "with the same bytes" cmp keep "$T/out"

# --- out
mkdir out
want 0 "extract" $S extract M-1 "$ref" -o out
err_has "is loud" "WARNING: this writes plain files"
ok "the same bytes" cmp film.mp4 "$(sed -n 1p "$T/out")"
ok "for this user alone" [ "$(stat -c %a "$(sed -n 1p "$T/out")")" = 600 ]
n=$($S history M-1 | grep -c extracted)
want 1 "never over another file" $S extract M-1 -o out
ok "which stays" cmp film.mp4 out/M-1-film.mp4
want 1 "nor into a folder that is not there" $S extract M-1 -o nowhere
err_has "says so" "the folder of nowhere/M-1-film.mp4 is not there"
ok "and what did not leave is not said to have" \
    [ "$($S history M-1 | grep -c extracted)" = "$n" ]
want 3 "extract without -o" $S extract M-1
turned=$($S list media | grep gpj.exe | cut -f 1)
want 0 "a name that turns text around" $S extract "$turned" -o out
ok "is written without that" [ -f "out/$turned-_gpj.exe" ]
want 0 "history" $S history M-1
out_has "knows of it" extracted
n=$(ls out | wc -l)
echo "extract M-1 -o $W/elsewhere" >script
want_in 1 "in the shell without --out" script $S shell
mkdir below elsewhere
want_in 1 "in the shell outside of --out" script $S shell --out below
ok "nothing is written" [ -z "$(find elsewhere below -type f)" ]
echo "extract M-1 -o ." >script
want_in 0 "in the shell below it" script $S shell --out below
ok "it is" cmp film.mp4 below/M-1-film.mp4

# --- play
cat >player <<'EOF'
#!/bin/sh
[ "$1" = /proc/self/fd/3 ] || exit 7
pwd >seen.dir
ls -l /proc/$$/fd >seen.fds
cat "$1" >seen
( : >>"$1" ) 2>/dev/null && printf x >>"$1" && echo written >seen.bad
env >seen.env
exit 0
EOF
chmod +x player
SANDYQ_PLAYER=./player
export SANDYQ_PLAYER
want 0 "play" $S play M-1
ok "the viewer gets the bytes" cmp film.mp4 seen
ok "of a file in memory" grep -q 'memfd:' seen.fds
ok "that it cannot change" [ ! -e seen.bad ]
ok "and no descriptor of the vault" not grep -q 'v\.sandyq' seen.fds
ok "in the folder we started in" [ "$(cat seen.dir)" = "$W" ]
SANDYQ_PLAYER=./none
want 1 "a viewer that is not there" $S play M-1
err_has "is named" ./none
SANDYQ_PLAYER=false
want 1 "a viewer that fails" $S play M-1
unset SANDYQ_PLAYER


# strike SIGNAL I FILE ...: attach, and the signal a moment after the first
# file appears in store/new, later with each I.
strike()
{
	sig=$1
	later=$2
	shift 2
	# shellcheck disable=SC2086
	setsid -w env --default-signal=INT $S attach T-1 "$@" </dev/null \
	    >"$T/out" 2>"$T/err" &
	pid=$!
	while [ "$(fresh)" -eq 0 ] && kill -0 $pid 2>/dev/null; do
		sleep 0.002
	done
	sleep "0.$(printf %03d $((later * 4)))"
	kill -"$sig" $pid 2>/dev/null
	wait $pid 2>/dev/null
	rc=$?
}
STOPS=${STOPS:-50}

# --- stopped at many moments
head -c 30000000 /dev/urandom >large
cp -Rp v.sandyq before.sandyq
kept=$(sums v.sandyq)
stopped=0
bad=0
i=0
while [ $i -lt "$STOPS" ]; do
	i=$((i + 1))
	case $((i % 2)) in 0) sig=INT ;; *) sig=TERM ;; esac
	strike $sig $i large
	[ "$(fresh)" -eq 0 ] || bad=$((bad + 1))
	if [ -s "$T/out" ]; then
		run $S cat "$(cut -f 1 "$T/out")"
		cmp -s large "$T/out" || bad=$((bad + 1))
		rm -rf v.sandyq
		cp -Rp before.sandyq v.sandyq
	else
		stopped=$((stopped + 1))
		[ "$rc" -eq 1 ] || bad=$((bad + 1))
		[ "$rc" -eq 1 ] || echo "# moment $i: exit $rc"
		[ "$(sums v.sandyq)" = "$kept" ] || {
			bad=$((bad + 1))
			echo "# moment $i: $sig changed the vault"
			cat "$T/err"
			rm -rf v.sandyq
			cp -Rp before.sandyq v.sandyq
		}
	fi
done
ok "Ctrl-C at $i moments leaves all of it or nothing ($stopped stopped)" \
    [ $bad -eq 0 ]
ok "some of them in the middle" [ $stopped -gt 0 ]
want 0 "and the vault is whole" $S check --full
out_none "without a finding"

# --- killed at many moments
i=0
bad=0
left=0
while [ $i -lt "$STOPS" ]; do
	i=$((i + 1))
	rm -rf v.sandyq
	cp -Rp before.sandyq v.sandyq
	strike KILL $i twins/a large film.mp4 names
	cp "$T/out" acked
	n=$(fresh)
	run $S check
	[ "$rc" -eq 0 ] || bad=$((bad + 1))
	grep -q damage "$T/out" && bad=$((bad + 1))
	if [ "$n" -gt 0 ]; then
		left=$((left + 1))
		[ "$(grep -c "^unfinished$TAB" "$T/out")" -eq "$n" ] ||
		    bad=$((bad + 1))
		grep -q "an attach was cut off" "$T/err" || bad=$((bad + 1))
		[ "$(fresh)" -eq "$n" ] || bad=$((bad + 1))
	fi
	sed 's/\t.*//; s/^/cat /; $a\
cat M-1' acked >script
	[ -s script ] || echo "cat M-1" >script
	run_in script $S shell
	[ "$rc" -eq 0 ] || bad=$((bad + 1))
	tail -c 2500000 "$T/out" | cmp -s film.mp4 - || bad=$((bad + 1))
done
ok "kill -9 at $i moments: what was acknowledged is there" [ $bad -eq 0 ]
ok "some of them in the middle ($left)" [ $left -gt 0 ]
finish
