#!/bin/sh
# PW1 on a real file system: a vault on ext4 is worked in by the program; at
# moments that a seed chooses the program is stopped, and the disk's image is
# copied as it then is.  The copy is mounted, as after a power cut: the vault
# opens, checks, and has every entry that was acknowledged before the stop, in
# the order in which they came; every bundle that was promised is whole.
#
# CUTS and SEED choose how many and which; FS=ext4|btrfs the file system.
# First the same program runs with its syncs taken away: unless that loses
# something, this test would see nothing.  Needs root; says so otherwise.
set -u
CUTS=${CUTS:-200}
SEED=${SEED:-1}
FS=${FS:-ext4}
MIB=24
[ "$FS" = ext4 ] || MIB=130
PER=20				# cuts of one run of the program
# memory does not wear out
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || TMPDIR=/dev/shm
D=$(mktemp -d "${TMPDIR:-/tmp}/sandyq-e.XXXXXX") || exit 1
writer=
# off NAME: unmount, once the last that stood in it has ended.
off()
{
	i=0
	while grep -q " $D/$1 " /proc/mounts; do
		i=$((i + 1))
		umount "$D/$1" 2>/dev/null && continue
		[ $i -lt 100 ] || umount -l "$D/$1"
		sleep 0.1
	done
}
clean()
{
	[ -z "$writer" ] || kill -9 "$writer" 2>/dev/null
	off cut
	off live
	rm -rf "$D"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

skip()
{
	echo "ext4: skipped: $1"
	printf 'PW1\tcut of a real %s (skipped: %s)\t0\t0\n' "$FS" "$1" \
	    >>"$TORTURE_OUT"
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip "only root may mount"
command -v "mkfs.$FS" >/dev/null || skip "there is no mkfs.$FS"
mkdir "$D/live" "$D/cut"

make_disk()
{
	rm -f "$D/img"
	truncate -s ${MIB}M "$D/img" || return 1
	mkfs.$FS -q "$D/img" >/dev/null 2>&1 || return 1
	mount -o loop,nosuid,nodev "$D/img" "$D/live" || return 1
	mkdir "$D/live/out" && chmod 700 "$D/live"
}
make_disk || skip "this machine mounts no image"
off live

cheap() { LD_PRELOAD=$B/cheap.so "$@"; }
case $B in /*) ;; *) B=$PWD/$B ;; esac
echo one >"$D/pw"
S="$SANDYQ --quiet --passphrase-file $D/pw"

# Whatever is said once it is done, one line each.
script()
{
	i=0
	while [ $i -lt 400 ]; do
		i=$((i + 1))
		case $((i % 8)) in
		0) echo "export C-1 --to R-1 --profile full -o out" ;;
		1 | 5) echo "add testimony summary=s$i text='what was told $i'" ;;
		2) echo "edit T-1 text='told again, $i'" ;;
		3) head -c $((i * 331 % 60000 + 1)) /dev/urandom >"$D/film$i"
		   echo "attach T-1 $D/film$i" ;;
		4) echo "add person pseudonym=p$i" ;;
		6) echo "consent T-1 scope=record decision=yes" ;;
		7) echo "edit P-1 notes='$i'" ;;
		esac
	done
}

# begin [WORD ...]: a new disk, a vault on it, and the program at work.
begin()
{
	make_disk || exit 1
	cd "$D/live" || exit 1
	cheap $S --vault v.sandyq init --kdf-memory 64 --kdf-passes 3 >"$D/o" &&
	    cheap $S key new -o "$D/key$1" >"$D/pub" && {
		echo "add testimony summary=kept text=first"
		echo "consent T-1 scope=share decision=yes"
		echo "add person pseudonym=A"
		echo "recipient add Counsel $(cat "$D/pub")"
		echo "case new 'The case'"
		echo "case add C-1 T-1"
	} | cheap $S --vault v.sandyq shell >"$D/acks" || exit 1
	shift
	sync -f .
	# shellcheck disable=SC2016
	"$@" sh -c 'echo $$ >"$D/pid.new"; mv "$D/pid.new" "$D/pid"
	    LD_PRELOAD=$B/cheap.so exec $S --vault v.sandyq shell --out .' \
	    <"$D/script" >>"$D/acks" 2>"$D/err" &
	until [ -s "$D/pid" ]; do sleep 0.01; done
	writer=$(cat "$D/pid")
	rm -f "$D/pid"
	cd "$D" || exit 1
}

end()
{
	kill -9 "$writer" 2>/dev/null
	wait 2>/dev/null
	writer=
	off live
}

# held: does the copy hold all that was acknowledged?  Says what does not.
held()
{
	mount -o loop,nosuid,nodev "$D/copy" "$D/cut" || return 1
	cd "$D/cut" || return 1
	printf 'log list\ncheck --full\n' |
	    cheap $S --vault v.sandyq shell >"$D/got" 2>"$D/goterr"
	good=$?
	while IFS= read -r line; do
		case $line in
		./out/*) cmp -s "$line" "$D/live/$line" ||
		    { echo "$line is not whole"; good=1; } ;;
		esac
	done <"$D/acked"
	cd "$D" || return 1
	off cut
	[ $good -eq 0 ] || { cat "$D/goterr"; return 1; }
	awk -F '\t' '
		NR == FNR { split($1, w, " "); n[w[1] ~ /^\.\/out/ ? "B" : w[1]]++
		    next }
		$1 ~ /^[0-9]+$/ { has[$3]++; if ($3 ~ /^B-/) has["B"]++
		    if ($1 != at++) bad = 1 }
		END { for (r in n) if (has[r] < n[r]) {
			print r " is " has[r] + 0 " times there, not " n[r]
			bad = 1 }
		    exit bad }' "$D/acked" "$D/got"
}

# cut: stop, copy, go on, look at the copy.
cut()
{
	sleep "$(awk "BEGIN { srand($SEED * 100003 + $1)
	    printf \"%.3f\", 0.004 + rand() * 0.12 }")"
	kill -STOP "$writer" 2>/dev/null || return 2
	cp "$D/acks" "$D/acked"
	rm -f "$D/copy"
	cp --sparse=always "$D/img" "$D/copy"
	held >"$D/lost"
	ok=$?
	kill -CONT "$writer" 2>/dev/null
	return $ok
}

export D B S
script >"$D/script"

# Without its syncs it must lose, or this test sees nothing.
lost=0
begin c strace -f -o /dev/null -e trace=fsync,fdatasync,syncfs \
    -e inject=fsync,fdatasync,syncfs:retval=0
for i in 1 2 3 4 5 6; do
	cut $i || { lost=$((lost + 1)); head -n 1 "$D/lost"; }
done
end
echo "$FS: the program without its syncs: $lost of 6 cuts lost something"
[ $lost -gt 0 ] || { echo "$FS: this test sees nothing"; exit 1; }

n=0
bad=0
acked=0
while [ $n -lt "$CUTS" ]; do
	begin $n
	k=0
	while [ $k -lt $PER ] && [ $n -lt "$CUTS" ]; do
		kill -0 "$writer" 2>/dev/null || break
		k=$((k + 1))
		n=$((n + 1))
		cut $n && continue
		bad=$((bad + 1))
		echo "$FS: seed $SEED cut $n: $(cat "$D/lost")"
	done
	acked=$((acked + $(wc -l <"$D/acks")))
	end
	[ $k -gt 0 ] || { cat "$D/err"; exit 1; }
done
echo "$FS: seed $SEED: $n cuts, $acked acknowledgements, $bad lost something"
printf 'PW1\tcut of a real %s\t%d\t%d\n' "$FS" $n $((n - bad)) >>"$TORTURE_OUT"
[ $bad -eq 0 ]
