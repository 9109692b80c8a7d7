#!/bin/sh
# The long part: every script of tests/torture/ in order, or those whose names
# begin with one of the arguments.  Each appends to $TORTURE_OUT the lines
#	ID<TAB>what<TAB>cases<TAB>held
# and fails if one case did not hold.  From the repository root; B and JOBS
# come from the Makefile, which builds first.
set -u
B=${B:-build}
JOBS=${JOBS:-1}
SANDYQ=${SANDYQ:-$PWD/$B/sandyq}
SANDYQ_VERIFY=${SANDYQ_VERIFY:-$PWD/$B/sandyq-verify}
SANDYQ_PROBE=${SANDYQ_PROBE:-$PWD/$B/sandyq-probe}
TORTURE_OUT=${TORTURE_OUT:-$PWD/$B/torture.tsv}
LC_ALL=C.UTF-8
export B JOBS SANDYQ SANDYQ_VERIFY SANDYQ_PROBE TORTURE_OUT LC_ALL
unset SANDYQ_VAULT
rc=0
ran=0

: >"$TORTURE_OUT" || exit 1
for t in tests/torture/*.sh; do
	name=${t##*/}
	if [ $# -gt 0 ]; then
		wanted=
		for w in "$@"; do
			case $name in "$w"*) wanted=1 ;; esac
		done
		[ -n "$wanted" ] || continue
	fi
	echo "torture: $name"
	ran=$((ran + 1))
	sh "$t" || { echo "torture: $name FAILED"; rc=1; }
done
# What ran nothing has shown nothing.
[ $ran -gt 0 ] && [ -s "$TORTURE_OUT" ] || { echo "torture: nothing ran"; rc=1; }
awk -F '\t' '{ c += $3; h += $4; print }
    $3 != $4 { bad = 1 }
    END { printf "torture: %d of %d cases held\n", h, c; exit bad }' \
    "$TORTURE_OUT" || rc=1
exit $rc
