#!/bin/sh
# PW2, PW3, PW4, PW5, PW8: settings, media and two at once; and every bit of an
# object of three chunks.
set -u
D=$(mktemp -d) || exit 1
trap 'rm -rf "$D"' EXIT
trap 'exit 1' HUP INT TERM
rc=0

sh tests/scenario/83-medium.t >"$D/tap" || rc=1
grep '^not ok' "$D/tap"
for id in PW3 PW4 PW5 PW8; do
	awk -v id=$id 'BEGIN { OFS = "\t" }
	    /# SKIP/ { next }
	    index($0, " - " id ": ") { n++; held += $1 == "ok" }
	    END { print id, "tests/scenario/83-medium.t", n + !n, held + 0 }' \
	    "$D/tap" >>"$TORTURE_OUT"
done

# unit ID TEST PROGRAM: one test of a program, which says what it counted as
# «ID: N cases»
unit()
{
	TAMPER_ALL=1 FAULT_ALL=1 "$B/tests/$3" >"$D/unit" 2>&1
	n=$(sed -n "/ RUN .* $2\$/,/ OK .* $2\$/s/^$1: \([0-9]*\) .*/\1/p" \
	    "$D/unit")
	held=$n
	grep -q "\[       OK \] $2\$" "$D/unit" || held=0 rc=1
	printf '%s\t%s\t%d\t%d\n' "$1" "$3, $2" "${n:-1}" "${held:-0}" \
	    >>"$TORTURE_OUT"
}
unit PW2 durable_settings_read_back test_db
unit TM2 every_bit test_object
unit TM2 every_bit test_attach_flip
exit $rc
