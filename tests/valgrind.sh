#!/bin/sh
# Every operation of the program and every unit test under valgrind: no byte
# read that was never written, none beyond its place, none lost.  valgrind
# knows no memfd_secret, so secrets lie in locked pages as on older kernels,
# and a key is made of a passphrase at the least cost.  With arguments only
# the programs and operations named.  From the repository root; B from the
# Makefile.
set -u
ROOT=$PWD
PRELOAD=$ROOT/$B/cheap.so
D=$(mktemp -d) || exit 1
trap 'rm -rf "$D"' EXIT
trap 'exit 1' HUP INT TERM
MEMCHECK="valgrind -q --leak-check=full --show-leak-kinds=definite
    --errors-for-leak-kinds=definite --log-file=$D/log.%p"
rc=0
. tests/fault/ops.sh

# What valgrind cannot run: why.
cannot()
{
	case $1 in
	test_memory) echo "reads all memory, valgrind's as well" ;;
	test_power_cut) echo "opens some hundred vaults: hours" ;;
	*) return 1 ;;
	esac
}

# judge NAME CODE: it ended as it should, valgrind was there, and found nothing
# in it and in its children.
FOUND='^==[0-9]+== *(Invalid|Conditional|Use of uninit|Syscall param|'
FOUND="$FOUND"'Mismatched|Source and|Jump to|Process term|.*definitely lost)'
judge()
{
	case $1,$2 in
	# it measures its own memory, and valgrind's is in it
	test_blob,1) set -- "$1" 0 ;;
	esac
	if [ "$2" -eq 0 ] && cat "$D"/log.* >"$D/found" &&
	    ! grep -E -q "$FOUND" "$D/found"; then
		echo "ok $1"
	else
		echo "not ok $1 (ended with $2)"
		grep '^==' "$D/found" | head -n 40
		rc=1
	fi
	rm -f "$D"/log.*
}

wanted()
{
	[ -z "$chosen" ] || case " $chosen " in *" $1 "*) ;; *) false ;; esac
}
chosen=$*

mkdir "$D/base" && cd "$D/base" && base >"$D/said" 2>&1 ||
    { tail -n 5 "$D/said"; exit 1; }
for op in $OPS; do
	wanted "$op" || continue
	f=$(echo "$op" | tr - _)
	rm -rf "$D/w" && cp -a "$D/base" "$D/w" && cd "$D/w" || exit 1
	# the old vault was made at the full cost
	case $op in update) PRELOAD= ;; *) PRELOAD=$ROOT/$B/cheap.so ;; esac
	(WITH=$MEMCHECK; "do_$f") >"$D/said" 2>&1
	code=$?
	[ $code -ne 0 ] || "is_$f" >/dev/null 2>&1 || code=1
	judge "$op" $code
done
cd "$ROOT" || exit 1
for t in "$B"/tests/test_*; do
	wanted "${t##*/}" || continue
	if why=$(cannot "${t##*/}"); then
		echo "ok ${t##*/} # SKIP $why"
		continue
	fi
	# shellcheck disable=SC2086
	$MEMCHECK "$t" >"$D/said" 2>&1
	judge "${t##*/}" $?
done
exit $rc
