#!/bin/sh
# Every operation of the program, or those of $ONLY, disturbed in each of the
# ways that are named: all.sh KIND ...; see run.sh.  One line for each into
# $TORTURE_OUT.  From the repository root.
set -u
KINDS=$*
. tests/fault/ops.sh
D=$(mktemp -d) || exit 1
trap 'rm -rf "$D"' EXIT
trap 'exit 1' HUP INT TERM
BASE=$D/base
STACKS=$D/stacks
export KINDS BASE STACKS
mkdir "$BASE" && sh tests/fault/run.sh base || exit 1
for op in ${ONLY:-$OPS}; do
	echo "$op"
done | xargs -P "$JOBS" -I {} sh -c \
    "sh tests/fault/run.sh {} >'$D/{}' 2>&1; echo \$? >'$D/{}.rc'; cat '$D/{}'"
rc=0
for op in ${ONLY:-$OPS}; do
	[ "$(cat "$D/$op.rc")" = 0 ] || rc=1
	for kind in $KINDS; do
		id=PW5
		case $kind,$op in
		alloc,*) id=RAM ;;
		EIO,*) id=PW3 ;;
		ENOSPC,*) id=PW4 ;;
		kill,rekey) id=PW7 ;;
		kill,*) id=PW6 ;;
		esac
		awk -F '\t' -v op="$op" -v k="$kind" -v id=$id '
		    BEGIN { OFS = FS }
		    $1 == op && $2 == k { print id, op ", " k, $4, $5; n++ }
		    END { if (!n) print id, op ", " k, 1, 0 }' "$D/$op" \
		    >>"$TORTURE_OUT"
	done
done
exit $rc
