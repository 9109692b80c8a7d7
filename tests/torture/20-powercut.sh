#!/bin/sh
# PW1: at least 10,000 states of the disk after a power cut, over all
# operations, and every change of each: see tests/unit/test_power_cut.c.
# POWER_STATES, POWER_SEED and ONLY="OP" choose otherwise.
set -u
POWER_STATES=${POWER_STATES:-10350}
POWER_ONLY=${ONLY:-}
[ -n "$POWER_ONLY" ] || unset POWER_ONLY
export POWER_STATES
D=$(mktemp -d) || exit 1
trap 'rm -rf "$D"' EXIT
trap 'exit 1' HUP INT TERM
rc=0
i=0
while [ $i -lt "$JOBS" ]; do
	POWER_PART=$i/$JOBS "$B/tests/test_power_cut" >"$D/$i" 2>&1 ||
	    echo "$i" >>"$D/failed" &
	i=$((i + 1))
done
wait
cat "$D"/[0-9]*
[ ! -e "$D/failed" ] || rc=1
sed -n 's/^# HAZARD	//p' "$D"/[0-9]* >>"$TORTURE_OUT"
exit $rc
