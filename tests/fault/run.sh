#!/bin/sh
# One operation of the program, disturbed: run.sh OP [SEED].  At every call
# that changes a file, or with SEED at one call that it chooses, for each of
# KINDS of faults; for the kind alloc at each place (each stack of calls) where
# memory is asked for, save those in the file STACKS, which grows by them, and
# with ALLOC_ALL=1 each time that it is: afterwards the vault opens and checks,
# its log has all that it had, what was acknowledged is there, nothing lies
# about that check does not name, and the operation done again completes.
#
# Prints a line for each case that does not hold, and at the end
#	OP<TAB>KIND<TAB>calls<TAB>cases<TAB>held	for each kind
# From the repository root; BASE is a folder that run.sh base filled.
set -u
op=$1
seed=${2:-}
ROOT=$PWD
PRELOAD=$ROOT/$B/fault.so:$ROOT/$B/cheap.so${PRELOAD_MORE:+:$PRELOAD_MORE}
f=$(echo "$op" | tr - _)
KINDS=${KINDS:-EIO ENOSPC EINTR short kill}

# Memory does not wear out, and fsync costs nothing there.
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || TMPDIR=/dev/shm
T=$(mktemp -d "${TMPDIR:-/tmp}/sandyq-f.XXXXXX") || exit 1
trap 'chmod -R u+rwX "$T" 2>/dev/null; rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM
. "$ROOT/tests/fault/ops.sh"

subject=v.sandyq
pass="pw pw2 code"
if [ "$op" = base ]; then
	cd "$BASE" || exit 1
	base >"$T/log" 2>&1 || { tail -n 5 "$T/log"; exit 1; }
	exit 0
fi
case $op in
update) subject=golden.sandyq pass=golden.pw PRELOAD=$ROOT/$B/fault.so ;;
repair) subject=sick.sandyq ;;
esac

look() { rm -rf "$T/look" && cp -a $subject "$T/look"; }
s()
{
	q --vault "$T/look" --passphrase-file "$with" "$@"
}

fresh()
{
	rm -rf "$T/w" && cp -a "$BASE" "$T/w" && cd "$T/w" || exit 1
}

bad()
{
	[ -n "$broken" ] || echo "$op: $kind at call $nth ($call): $*"
	broken=1
}

# Files in the vault that are no part of it, and that check did not name.
strays()
{
	(cd "$T/look" && find . -type f -print) | grep -Ev \
	    '^\./(HEADER|HEADER\.2|STATE\.[01]|vault\.db(-journal)?|LOCK)$' |
	    grep -Ev '^\./(store/[0-9a-f]{2}/[0-9a-f]{32}$|recover/)' |
	    while read -r path; do
		grep -q -e "${path##*/}" "$T/found" || echo "$path"
	done
}

# Does it open, is it whole, and is everything in it that was?  Asked of a
# copy: what is disturbed is done again as it was left.
hold()
{
	look
	for with in $pass; do
		[ -f "$with" ] || continue
		s check >"$T/found" 2>"$T/said.check"
		code=$?
		[ $code -eq 4 ] || break
	done
	if [ $code -ne 0 ]; then
		[ "$op" = repair ] && [ $code -eq 5 ] && return
		bad "check ends with $code: $(head -c 300 "$T/found" "$T/said.check")"
		return
	fi
	s log list 2>"$T/err2" | cut -f 1,6 >"$T/entries"
	[ ! -f "$T/before" ] || head -c "$(wc -c <"$T/before")" "$T/entries" |
	    cmp -s - "$T/before" || bad "the log has not all that it had"
	[ ! -s "$T/look/vault.db-journal" ] || bad "the journal is hot"
	left=$(strays)
	[ -z "$left" ] || bad "left behind: $left"
}

# Of a vault that was being made: not there, or whole.
hold_new()
{
	[ ! -e new.sandyq ] || "is_$f" >"$T/found" 2>&1 ||
	    bad "new.sandyq is half there: $(cat "$T/found")"
}

# What was printed was there before it was printed.
hold_said()
{
	[ "$op" = shell ] || return 0
	sed -n 's/^\(T-[0-9]*\).*/\1/p' "$T/said" | while read -r ref; do
		s show "$ref" >/dev/null 2>&1 || echo "$ref"
	done >"$T/lost"
	[ ! -s "$T/lost" ] || bad "acknowledged and lost: $(cat "$T/lost")"
}

disturbed()
{
	rm -f "$T/told"
	(
		FAULT=$kind,$nth FAULT_OUT=$T/told
		if [ "$kind" = alloc ]; then
			unset FAULT
			ALLOC=$nth ALLOC_OUT=$T/told
			PRELOAD=$PRELOAD:$ROOT/$B/alloc.so
		fi
		export FAULT FAULT_OUT ALLOC ALLOC_OUT
		"do_$f"
	) >"$T/said" 2>"$T/err"
}

# Once more, undisturbed; and what a killed run left is removed when, and only
# when, the program names it and says so.
again()
{
	"do_$f" >"$T/said" 2>"$T/err" && return
	# a journey that was begun is newer than the backup
	if grep -q 'first: sandyq backup' "$T/err"; then
		v backup home.sandyq >"$T/said" 2>"$T/err" &&
		    "do_$f" >"$T/said" 2>"$T/err"
		return
	fi
	[ "$kind" = kill ] || return
	part=$(sed -n 's/^sandyq: \(.*\.part\) is there, left by .*/\1/p' "$T/err")
	[ -n "$part" ] && rm -r "$part" && "do_$f" >"$T/said" 2>"$T/err"
}

# Has all that is here, byte for byte, been looked at before and held?
known()
{
	key=$rc:$(tar -c --sort=name --mtime=@0 . | sha256sum)
	grep -qxF "$key" "$T/known" 2>/dev/null
}

# Libraries that cannot do without memory kill the program; we must not.  The
# heap that libseccomp spoils breaks wherever it is used next.
crashed()
{
	at=$(sed -n 's/^crash [0-9]* //p' "$T/told")
	case $hit,$at in
	sandyq,* | *,) bad "crashed: $(head -c 300 "$T/err")" ;;
	libseccomp*,*) ;;
	*,sandyq) bad "crashed: $(head -c 300 "$T/err")" ;;
	esac
	[ -n "$broken" ] || echo "$hit" >>"$T/crashes"
}

# one KIND NTH: $hit and $broken afterwards.
one()
{
	kind=$1 nth=$2
	broken='' call=''
	fresh
	disturbed
	rc=$?
	call=$(sed -n 's/^hit [0-9]* //p' "$T/told" 2>/dev/null)
	hit=$call
	[ -n "$hit" ] || return 0
	case $kind,$rc in
	kill,137 | *,0 | *,1) ;;
	alloc,134 | alloc,139) crashed ;;
	alloc,2) ;;		# a required check could not run
	# what a library could not decrypt or parse looks damaged or wrong
	alloc,3 | alloc,5)
		[ "$hit" != sandyq ] || bad "a false alarm: $(cat "$T/err")"
		;;
	*) bad "ended with $rc: $(head -c 300 "$T/err")" ;;
	esac
	[ -n "$broken" ] || ! known || return 0
	hold
	hold_new
	hold_said
	# a session ends as its last command did
	if [ "$rc" -eq 0 ] && [ "$op" != shell ] &&
	    ! "is_$f" >/dev/null 2>&1; then
		bad "acknowledged and not there"
	fi
	again || "is_$f" >/dev/null 2>&1 ||
	    bad "cannot be done again: $(head -c 300 "$T/err")"
	"is_$f" >/dev/null 2>&1 || bad "done again and not there"
	hold
	[ -n "$broken" ] || echo "$key" >>"$T/known"
}

kind=count nth=0 call='' broken=''
with=pw
[ "$op" = update ] && with=golden.pw
fresh
case $op in
rebuild) ;;
*) "is_$f" >/dev/null 2>&1 && bad "is there before it is done" ;;
esac
fresh
look
s --read-only log list | cut -f 1,6 >"$T/before"
fresh
disturbed
rc=$?
[ $rc -eq 0 ] || bad "fails undisturbed: $(cat "$T/err")"
"is_$f" >/dev/null 2>&1 || bad "is not there when it is done"
calls=$(sed -n 's/^calls \([0-9]*\).*/\1/p' "$T/told")
sed -n 's/^counted //p' "$T/told" >"$T/calls"
[ "${calls:-0}" -gt 0 ] || bad "changes nothing"
hold
[ -z "$broken" ] || exit 1

# The calls at which this kind is tried, one a line.
which()
{
	case $1 in
	alloc)
		kind=alloc nth=0
		fresh
		WITH="setarch -R" disturbed
		total=$(sed -n 's/^calls \([0-9]*\).*/\1/p' "$T/told")
		touch "$STACKS"
		awk -v all="${ALLOC_ALL:-}" 'FILENAME == ARGV[1] { seen[$1] = 1; next }
		    $1 == "counted" && (all || !($3 in seen)) {
			seen[$3] = 1; print $2, $3 }' "$STACKS" "$T/told" \
		    >"$T/which"
		cut -d ' ' -f 2 "$T/which" >>"$STACKS"
		;;
	short)
		grep '^[0-9]* p\{0,1\}write' "$T/calls" >"$T/which"
		;;
	*)
		cp "$T/calls" "$T/which"
		;;
	esac
	n=$(wc -l <"$T/which")
	[ -z "$seed" ] || [ "$n" -eq 0 ] ||
	    sed -i -n "$((1 + (chosen + seed) % n))p" "$T/which"
}

chosen=$(printf %s "$op" | cksum | cut -d ' ' -f 1)
STACKS=${STACKS:-$T/stacks}
for k in $KINDS; do
	cases=0 held=0 total=$calls
	chosen=$((chosen / 3 + 7))
	which "$k"
	while read -r n _; do
		one "$k" "$n"
		[ -n "$hit" ] || continue
		cases=$((cases + 1))
		[ -n "$broken" ] || held=$((held + 1))
	done <"$T/which"
	printf '%s\t%s\t%d\t%d\t%d\n' "$op" "$k" "$total" $cases $held
	[ $cases -eq $held ] || final=1
done
[ ! -s "$T/crashes" ] || sort "$T/crashes" | uniq -c | while read -r n lib; do
	printf '%s\t%s\t%d\n' "$op" "crash in $lib" "$n"
done
exit "${final:-0}"
