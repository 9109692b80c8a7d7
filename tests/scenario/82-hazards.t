#!/bin/sh
# What has gone wrong for others and no other scenario shows: see
# tests/hazards.tsv.  Names of tests begin with the hazard's.
. tests/scenario/lib.sh
new_vault v.sandyq
s add testimony summary='a marker quillonworth' >/dev/null

# --- a secret among the arguments or in the environment is never taken
for word in --passphrase --pass -p --password; do
	want 3 "MS10: $word is no option" "$SANDYQ" "$word" 'correct horse' \
	    list
done
for name in SANDYQ_PASSPHRASE SANDYQ_PASSWORD PASSPHRASE; do
	want 3 "MS10: nor is \$$name read" env "$name=correct horse" \
	    "$SANDYQ" list
done

# --- a passphrase that is changed
want 0 "DL2: a new passphrase" $S slot change --new-passphrase-file pw2
err_has "DL2: says that older copies open with the old one" \
    "the old passphrase still opens every older copy"
printf 'correct horse\n' >pw3
cp pw2 pw
want 0 "DL2: back" $S slot change --new-passphrase-file pw3
cp pw3 pw

# --- swap, hibernation, memory that cannot be locked: named in a warning
# what status says where these files of the kernel say what ours say, in a name
# space of its own.
cat >bound <<'A'
#!/bin/sh
[ -n "$BOUND" ] || BOUND=1 exec unshare -m "$0" "$@"
mount --bind "$1" /proc/swaps && mount --bind "$2" /sys/power || exit 77
shift 2
exec "$@"
A
chmod 755 bound
BOUND=
export BOUND
printf 'Filename\tType\tSize\tUsed\tPriority\n' >noswap
{ cat noswap; printf '/dev/sda2 partition 8388604 0 -2\n'; } >swap
mkdir canh noth
echo 'freeze mem disk' >canh/state
echo 'freeze mem' >noth/state
if ./bound noswap noth true 2>/dev/null; then
	want 0 "MS3: status" ./bound noswap noth $S status
	out_lacks "MS3: no swap, no warning of it" "swap is on"
	out_lacks "MS3: nor of hibernation" "can hibernate"
	run ./bound swap noth $S status
	out_has "MS3: swap is named" "swap is on"
	out_lacks "MS3: and nothing else" "can hibernate"
	run ./bound swap canh $S status
	out_has "MS3: hibernation is named" "can hibernate"
	run ./bound swap canh $J status
	out_has "MS3: also as JSON" '"hibernate":true'
	run ./bound noswap canh $S status
	out_lacks "MS3: without swap there is none" "can hibernate"
else
	skip "MS3: swap and hibernation" "only root may bind files"
fi
# CAP_IPC_LOCK is root's, and stands above the limit
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	run setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock sh -c \
	    'ulimit -l 0; exec "$@"' sh $S status
	out_has "MS3: memory that cannot be locked is named" \
	    "memory could not be locked"
fi

# --- locking: the terminal is wiped, and it does not take a second
if command -v script >/dev/null 2>&1; then
	mkfifo keys
	: >screen
	TERM=xterm timeout 60 script -qefc "$SANDYQ shell" screen <keys \
	    >/dev/null 2>&1 &
	pid=$!
	exec 8>keys
	see()
	{
		n=0
		until tail -c +$((at + 1)) screen | grep -qF -e "$1"; do
			n=$((n + 1))
			[ $n -lt 1500 ] || return 1
			sleep 0.01
		done
		at=$(wc -c <screen)
	}
	at=0
	see Passphrase
	cat pw >&8
	see 'sandyq> '
	echo 'show T-1' >&8
	see quillonworth
	ok "MS5: it is on the screen" grep -q quillonworth screen
	sleep 0.3
	at=$(wc -c <screen)
	then=$(date +%s%N)
	echo lock >&8
	see '(locked)>'
	took=$((($(date +%s%N) - then) / 1000000))
	echo "# locked in $took ms"
	ok "MS5: locked in less than a second" [ $took -lt 1000 ]
	tr -d '\r\n' <screen | sed 's/.*\[3J//' >after
	ok "MS5: screen and scrollback are erased" grep -q \
	    "$(printf '\033\\[2J\033\\[3J')" screen
	ok "MS5: and nothing is shown after" lacks quillonworth after
	echo exit >&8
	exec 8>&-
	wait $pid
fi
finish
