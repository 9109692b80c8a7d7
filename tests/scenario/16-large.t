#!/bin/sh
# A large file in, out, checked, in a bundle, verified: its bytes the same, and
# never more than 64 MiB of memory beyond Argon2id's.  LARGE_MIB says how large
# (make nightly: 20 GiB, where the archive's sizes leave eleven octal digits).
. tests/scenario/lib.sh
mib=${LARGE_MIB:-192}
limit=$((64 * 1024))
new_vault v.sandyq
s add testimony summary='A long film' >/dev/null
s consent T-1 scope=share decision=yes >/dev/null
s recipient add Counsel "$(s key new -o k.txt)" >/dev/null
mkdir out

truncate -s "${mib}M" film.mkv
for at in 0 $((mib / 2)) $((mib - 1)); do
	head -c 1000000 /dev/urandom | dd of=film.mkv bs=1M seek=$at \
	    conv=notrunc 2>/dev/null
done
size=$(stat -c %s film.mkv)
sum=$(sha256sum <film.mkv | cut -d' ' -f1)

# One shell, so that what Argon2id took is given back before we look.
mkfifo in answers
$J shell --out out <in >answers 2>"$T/err" &
pid=$!
exec 3>in 4<answers
# ask COMMAND: the answer goes to $T/out, the most memory it took to $peak
ask()
{
	echo 5 >/proc/$pid/clear_refs
	echo "$1" >&3
	head -n 1 <&4 >"$T/out"
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)
}
within()
{
	ok "$1: $((peak / 1024)) MiB, at most 64" [ "$peak" -le $limit ]
}
ask status
ask "attach T-1 $W/film.mkv"
out_has "attach: SHA-256" "$sum"
out_has "and size" "\"size\":$size"
within "attach"
ask "check --full"
ok "check finds nothing" grep -qx '\[\]' "$T/out"
within "check --full"
echo 5 >/proc/$pid/clear_refs
echo "cat M-1" >&3
ok "cat gives it back" [ "$(dd bs=1M iflag=fullblock,count_bytes \
    count="$size" <&4 2>/dev/null | sha256sum | cut -d' ' -f1)" = "$sum" ]
peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)
within "cat"
ask "export T-1 --to Counsel -o ."
out_has "export takes it along" '"attachments":1'
within "export"
exec 3>&- 4<&-
wait $pid

# verified by a program of its own: the most it took, as the shell says it
B=$(ls out/*.age)
"$SANDYQ_VERIFY" "$B" -i k.txt >"$T/out" 2>"$T/err" &
pid=$!
peak=0
while p=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status \
    2>/dev/null) && [ -n "$p" ]; do
	peak=$p
	sleep 0.05
done
wait $pid
rc=$?
ok "verify (exit 0)" [ $rc -eq 0 ]
ok "intact" grep -q '^intact	yes' "$T/out"
ok "complete" grep -q '^complete	yes' "$T/out"
within "verify"
finish
