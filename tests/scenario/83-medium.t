#!/bin/sh
# Media that fail, fill up, or may only be read, and two programs at once.
# Each test begins with its hazard: PW3 fsync fails, PW4 the disk is full,
# PW5 it may not be written, PW8 somebody else is there.
. tests/scenario/lib.sh
shim=${SANDYQ%/*}/fault.so
new_vault v.sandyq
unset SANDYQ_VAULT
V="$SANDYQ --passphrase-file $W/pw --vault v.sandyq"
s --vault v.sandyq add testimony summary='About the rain' >/dev/null
head -c 200000 /dev/urandom >a
head -c 400000 /dev/urandom >b
s --vault v.sandyq attach T-1 a >/dev/null
cp -Rp v.sandyq good.sandyq
bring()
{
	rm -rf v.sandyq
	cp -Rp good.sandyq v.sandyq
}
# whole ID DESC DIR: it opens, every byte checks, and what was there is there.
whole()
{
	want 0 "$1: $2: it checks" "$SANDYQ" --passphrase-file pw --vault "$3" \
	    check --full
	want 0 "$1: $2: the attachment" "$SANDYQ" --passphrase-file pw \
	    --vault "$3" cat M-1
	ok "$1: $2: is what it was" cmp a "$T/out"
}

# --- PW3: fsync fails, once: the kernel may have dropped what it was to write

if [ -n "${SAN:-}" ] || [ ! -f "$shim" ]; then
	skip "PW3: fsync fails" "nothing to preload"
else
	FAULT_ONLY=sync
	export FAULT_ONLY
	FAULT=count,0 FAULT_OUT=$T/calls LD_PRELOAD=$shim \
	    $V --quiet attach T-1 b >/dev/null </dev/null
	# SQLite syncs the folder and, closing it, the empty journal, once more
	# than is needed: what they were to keep is on the disk already
	grep '^counted [0-9]* f[a-z]*sync ' "$T/calls" |
	    grep -v ' v\.sandyq$' | sed '$d' | cut -d ' ' -f 2 >"$T/syncs"
	ok "PW3: what is synced: $(wc -l <"$T/syncs")" [ \
	    "$(wc -l <"$T/syncs")" -ge 8 ]
	while read -r n; do
		bring
		rm -f "$T/hit"
		run env FAULT=eio,"$n" FAULT_OUT="$T/hit" LD_PRELOAD="$shim" \
		    $V --quiet attach T-1 b
		ok "PW3: sync $n is met" grep -q '^hit .*sync' "$T/hit"
		ok "PW3: sync $n: it is no success" [ "$rc" -eq 1 ]
		ok "PW3: sync $n: and it is said" grep -q '^sandyq: ' "$T/err"
		want 0 "PW3: sync $n: it opens and checks" $V check
	done <"$T/syncs"
	# an import: its files may not go where its entries may have come
	new_vault other.sandyq
	s add testimony summary='About the snow' >/dev/null
	s attach T-1 b >/dev/null
	s consent T-1 scope=share decision=yes >/dev/null
	s recipient add Office "$("$SANDYQ" key new -o o.key)" >/dev/null
	full=$(s export T-1 --to R-1 --profile full)
	unset SANDYQ_VAULT
	for n in $(seq 40); do
		bring
		rm -f "$T/hit"
		run env FAULT=eio,"$n" FAULT_OUT="$T/hit" LD_PRELOAD="$shim" \
		    $V --quiet import "$full" -i o.key
		grep -q '^hit ' "$T/hit" || break
		want 0 "PW3: import, sync $n: it opens and checks" $V check
	done
	ok "PW3: import: $n syncs" [ "$n" -ge 8 ]
	# one session: after a failure in COMMIT nothing more is written
	printf 'add testimony summary=One\nadd testimony summary=Two\n' >two
	bring
	rm -f "$T/calls"
	FAULT=count,0 FAULT_OUT=$T/calls LD_PRELOAD=$shim \
	    $V --quiet shell <two >/dev/null
	first=$(sed -n 's/^counted \([0-9]*\) fdatasync .*/\1/p' "$T/calls" |
	    head -n 1)
	bring
	run_in two env FAULT=eio,"$first" LD_PRELOAD="$shim" $V --quiet shell
	ok "PW3: what comes after is refused" [ ! -s "$T/out" ]
	err_has "PW3: until it is opened again" "writing stopped"
	bring
	whole PW3 "afterwards" v.sandyq
fi

# --- media of our own

inside="unshare -Urm"
$inside true 2>/dev/null || inside="unshare -m"
mkdir disk
if ! $inside mount -t tmpfs tmpfs disk 2>/dev/null; then
	skip "PW4: a full disk" "no mounts here"
	skip "PW5: a medium that may not be written" "no mounts here"
else
# PW4: so many KiB are left when something is to be written.
cat >full.sh <<'A'
left=$1
shift
mount -t tmpfs -o size=4m tmpfs disk && cp -Rp good.sandyq disk/v.sandyq &&
    dd if=/dev/zero of=disk/filler bs=1k status=none 2>/dev/null
size=$(stat -c %s disk/filler)
truncate -s $((size - left * 1024)) disk/filler || exit 77
"$@" >full.out 2>full.err
echo $? >full.rc
"$SANDYQ" --passphrase-file pw --vault disk/v.sandyq --read-only log list |
    cut -f 1,6 >full.log
rm disk/filler
"$SANDYQ" --passphrase-file pw --vault disk/v.sandyq check --full >full.check
echo $? >>full.rc
"$@" >/dev/null
echo $? >>full.rc
"$SANDYQ" --passphrase-file pw --vault disk/v.sandyq check --full >full.check
echo $? >>full.rc
A
export SANDYQ
head -c 400000 /dev/urandom | base64 >text
bring
$V --read-only log list | cut -f 1,6 >"$T/before"
D="$SANDYQ --quiet --passphrase-file pw --vault disk/v.sandyq"
for left in 0 32 500; do
	for what in "attach T-1 b" "add testimony summary=@text" \
	    "backup disk/stick.sandyq"; do
		# shellcheck disable=SC2086
		run $inside sh full.sh $left $D $what
		d="$left KiB left: ${what%% *}"
		code=$(sed -n 1p full.rc)
		ok "PW4: $d: done, or refused (exit $code)" [ "$code" -le 1 ]
		[ "$code" -eq 0 ] || ok "PW4: $d: and why" \
		    grep -Eq 'space|full|room' full.err ||
		    sed 's/^/# /' full.err
		ok "PW4: $d: what was there is there" sh -c \
		    'head -n "$(wc -l <"$0")" full.log | cmp -s - "$0"' \
		    "$T/before"
		ok "PW4: $d: with room again it checks, goes on, and checks" \
		    [ "$(sed -n 2,4p full.rc | tr '\n' ' ')" = "0 0 0 " ]
	done
done

# PW5: nothing is written, nothing fails for it but writing
cat >ro.sh <<'A'
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77
shift
"$@"
A
bring
remember v.sandyq
want 0 "PW5: a list" $inside sh ro.sh v.sandyq $V list
out_has "PW5: has the record" "About the rain"
want 0 "PW5: an attachment" $inside sh ro.sh v.sandyq $V cat M-1
ok "PW5: is whole" cmp a "$T/out"
want 0 "PW5: check" $inside sh ro.sh v.sandyq $V --read-only check --full
want 1 "PW5: add" $inside sh ro.sh v.sandyq $V add testimony summary=x
err_has "PW5: is refused by name" "cannot be written"
unchanged "PW5: and nothing was" v.sandyq
if [ -f "$shim" ] && [ -z "${SAN:-}" ]; then
	n=$(sed -n 's/^counted \([0-9]*\) fdatasync .*/\1/p' "$T/calls" |
	    sed -n 2p)
	FAULT=kill,$n LD_PRELOAD=$shim $V --quiet shell <two >/dev/null 2>&1
	ok "PW5: a write that was cut off" [ -s v.sandyq/vault.db-journal ]
	remember v.sandyq
	want 1 "PW5: needs writing before anything is shown" \
	    $inside sh ro.sh v.sandyq $V --read-only list
	err_has "PW5: and that is said" "must be undone first"
	unchanged "PW5: it was not tried" v.sandyq
	whole PW5 "on a disk that can be written" v.sandyq
fi
fi

# --- PW8: one at a time

bring
mkfifo hold
$V --quiet shell <hold >/dev/null 2>&1 &
pid=$!
exec 8>hold
i=0
until grep -q "FLOCK .* $pid " /proc/locks || [ $i -gt 100 ]; do
	i=$((i + 1))
	sleep 0.1
done
want 1 "PW8: a second one is refused" $V list
ok "PW8: and told who is there" grep -q "process $pid has it open" "$T/err"
kill -STOP $pid
want 1 "PW8: also while the first stands still" $V add testimony summary=x
ok "PW8: the same" grep -q "process $pid has it open" "$T/err"
want 0 "PW8: status without a passphrase" "$SANDYQ" --vault v.sandyq status
kill -KILL $pid
wait $pid 2>/dev/null
exec 8>&-
ok "PW8: it died, its lock file stays" [ -f v.sandyq/LOCK ]
want 0 "PW8: and holds nobody up" $V add testimony summary=x
i=0
while [ $i -lt 8 ]; do
	i=$((i + 1))
	$V --quiet add testimony summary="At once $i" >"at.$i" 2>/dev/null \
	    </dev/null &
done
wait
said=$(cat at.* | sort -u | wc -l)
ok "PW8: of eight at once each that said so is there" [ "$said" -ge 1 ] &&
    ok "PW8: and no other" [ "$(s --vault v.sandyq list testimony |
    grep -c 'At once')" -eq "$(cat at.* | wc -l)" ]
whole PW8 "after all that" v.sandyq
finish
