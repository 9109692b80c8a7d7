#!/bin/sh
# Attachments against their peers: one large file of random bytes in the page
# cache and 10,000 small ones, pairs interleaved, medians of five after a round
# that does not count, all of ours inside one shell so that Argon2id does not
# count; peers followed by their fsync.  From the repository root, after make all:
#
#   sh tests/bench/blob.sh [FOLDER [MIB [ROUNDS]]]
#
# FOLDER (default /tmp) says which file system is measured.  A peer that is not
# installed is skipped, and said to be.  Asserts nothing.
set -eu
b=$(realpath "${B:-build}")
at=${1:-/tmp}
mib=${2:-1024}
rounds=${3:-5}
d=$(mktemp -d "$at/sandyq-blob.XXXXXX")
pid=
quit()
{
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	fusermount -uq "$d/gp" 2>/dev/null || true
	rm -rf "$d"
}
trap quit EXIT
trap 'exit 1' HUP INT TERM
export SANDYQ_PROBE="$b/sandyq-probe" RESTIC_PASSWORD=x BORG_PASSPHRASE=x
export BORG_BASE_DIR="$d/borg" RESTIC_CACHE_DIR="$d/restic"

now() { date +%s%N; }
# Memory that nobody holds goes back to a virtual machine's host, and to touch
# it anew costs as much as hashing it: what comes next finds some at hand.
warm()
{
	perl -e 'push @a, "x" x 1048576 for 1 .. 2048'
	cat "$d/src" >/dev/null
}
# timed NAME COMMAND: one more time of NAME
timed()
{
	warm
	s=$(now)
	sh -c "$2" >/dev/null 2>&1 || echo "bench: $1 failed" >&2
	e=$(now)
	echo $(((e - s) / 1000)) >>"$d/t.$1"
}
# peer NAME PROGRAM COMMAND: timed, where the program is installed
peer()
{
	if command -v "$2" >/dev/null; then
		timed "$1" "$3"
	else
		echo "$2" >>"$d/skipped"
	fi
}
# ask NAME BYTES COMMAND: timed, in the shell; the answer is a line, or BYTES
ask()
{
	warm
	echo 5 >"/proc/$pid/clear_refs" 2>/dev/null || true
	s=$(now)
	echo "$3" >&3
	if [ "$2" -gt 0 ]; then
		dd bs=1M iflag=fullblock,count_bytes count="$2" of=/dev/null \
		    <&4 2>/dev/null
	else
		head -n 1 <&4 >/dev/null
	fi
	e=$(now)
	echo $(((e - s) / 1000)) >>"$d/t.$1"
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" \
	    >>"$d/m.$1"
}
say()
{
	"$b/sandyq" --quiet --vault "$v" --passphrase-file "$d/pw" "$@" \
	    >/dev/null
}
# open: a shell on a vault of its own
open()
{
	v=$d/v$1.sandyq
	say init --kdf-memory 64 --kdf-passes 3 --kdf-lanes 4
	say add testimony summary=x
	say consent T-1 scope=share decision=yes
	say add testimony summary=y
	say recipient add L "$to"
	mkdir -p "$d/out"
	[ -p "$d/in" ] || mkfifo "$d/in" "$d/answers"
	"$b/sandyq" --json --vault "$v" --passphrase-file "$d/pw" shell \
	    --out "$d/out" <"$d/in" >"$d/answers" 2>/dev/null &
	pid=$!
	exec 3>"$d/in" 4<"$d/answers"
	ask warm 0 status
}
shut()
{
	exec 3>&- 4<&-
	wait "$pid" || true
	pid=
}

echo 'six words that nobody ever guessed' >"$d/pw"
"$b/sandyq" key new -o "$d/k" >"$d/pub"
to=$(cat "$d/pub")
head -c "${mib}M" /dev/urandom >"$d/src"
size=$((mib * 1024 * 1024))
mkdir "$d/many"
perl -e 'open my $r, "<", "/dev/urandom" or die; for (0 .. 9999) {
	read $r, my $b, 4096; open my $f, ">", "$ARGV[0]/f$_.bin" or die;
	print $f $b }' "$d/many"
# The first round warms the machine up and does not count.
r=0
while [ "$r" -le "$rounds" ]; do
	cat "$d/src" "$d"/many/* >/dev/null
	open "$r"
	timed dgst "openssl dgst -sha256 '$d/src'"
	ask attach 0 "attach T-1 $d/src"
	peer age-r age "age -r $to -o '$d/a' '$d/src'; sync '$d/a'"
	# attach leaves nothing of it in the page cache: first from the disk
	ask cat-cold "$size" "cat M-1"
	ask cat "$size" "cat M-1"
	peer age-d age "age -d -i '$d/k' '$d/a' | dd bs=1M iflag=fullblock of=/dev/null"
	ask export 0 "export T-1 --to L -o ."
	# nor does export: as cat
	timed verify-cold "'$b/sandyq-verify' '$d'/out/*.age -i '$d/k'"
	cat "$d"/out/*.age >/dev/null
	timed verify "'$b/sandyq-verify' '$d'/out/*.age -i '$d/k'"
	peer age-d-dgst age "age -d -i '$d/k' -o '$d/o' '$d/a'
	    openssl dgst -sha256 '$d/o'"
	timed cp "cp '$d/src' '$d/o2'; sync '$d/o2'"
	if command -v gocryptfs >/dev/null && [ -c /dev/fuse ]; then
		mkdir "$d/gc" "$d/gp"
		gocryptfs -q -init -scryptn 10 -extpass "echo x" "$d/gc" \
		    2>/dev/null
		gocryptfs -q -extpass "echo x" "$d/gc" "$d/gp" 2>/dev/null
		timed gocryptfs "cp '$d/src' '$d/gp/o'; sync '$d/gp/o'"
		fusermount -uq "$d/gp"
		rm -rf "$d/gc" "$d/gp"
	else
		echo gocryptfs >>"$d/skipped"
	fi
	peer 7z 7z "7z a -mx0 -mhe -px '$d/z.7z' '$d/src'; sync '$d/z.7z'"
	command -v restic >/dev/null && restic init -q -r "$d/r$r" >/dev/null
	peer restic restic "restic -q -r '$d/r$r' backup '$d/src'"
	command -v borg >/dev/null && borg init -e repokey-blake2 "$d/b" 2>&1 \
	    >/dev/null | grep -v '^IMPORTANT\|^$\|key' >/dev/null
	peer borg borg "borg create '$d/b::x' '$d/src'"
	peer restic-many restic "restic -q -r '$d/r$r' backup '$d/many'"
	ask attach-many 0 "attach T-2 $d/many"
	ask check-many 0 check
	shut
	# many files are kept to the end: ext4 shuns inodes just freed
	rm -rf "$d/a" "$d/o" "$d/o2" "$d/b" "$d/z.7z" "$d"/out/*
	find "$v/store" "$d/r$r" -size +1M -delete 2>/dev/null || true
	[ "$r" -gt 0 ] || rm -f "$d"/t.* "$d"/m.*
	r=$((r + 1))
done

printf '# attachments: %s MiB, 10,000 x 4 KiB, %s, medians of %s, load %s\n' \
    "$mib" "$(stat -f -c %T "$d")" "$rounds" "$(cut -d' ' -f1 /proc/loadavg)"
for t in "$d"/t.*; do
	m=$(sort -n "$t" | sed -n "$(((rounds + 1) / 2))p")
	p=$(sort -n "$d/m.${t##*/t.}" 2>/dev/null | tail -1)
	echo "${t##*/t.} $m ${p:--}"
done >"$d/all"
awk '{ t[$1] = $2; if ($3 != "-") m[$1] = $3 }
function pair(ours, theirs, aim) {
	if (!(ours in t) || !(theirs in t))
		return
	printf "%-12s %7.2f s  %-12s %7.2f s  %5.2f (aim %s)%s\n", ours,
	    t[ours] / 1e6, theirs, t[theirs] / 1e6, t[ours] / t[theirs], aim,
	    ours in m ? sprintf("  peak %.0f MiB", m[ours] / 1024) : ""
}
END {
	pair("attach", "dgst", "1.15")
	pair("attach", "age-r", "1.1")
	pair("attach", "restic", "0.3")
	pair("attach", "borg", "0.3")
	pair("attach", "gocryptfs", "1.0")
	pair("attach", "7z", "-")
	pair("attach", "cp", "-")
	pair("cat", "age-d", "0.6")
	pair("cat-cold", "age-d", "-")
	pair("export", "age-r", "1.2")
	pair("verify", "age-d-dgst", "0.6")
	pair("attach-many", "restic-many", "3")
	printf "check (quick) of %d objects: %.2f s, peak %.0f MiB\n", 10001,
	    t["check-many"] / 1e6, m["check-many"] / 1024
}' "$d/all"
[ ! -f "$d/skipped" ] || sort -u "$d/skipped" |
    sed 's/$/: skipped, not installed/'
