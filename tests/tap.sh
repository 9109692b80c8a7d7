#!/bin/sh
# Run one cmocka program for prove.  Some versions of cmocka report a skipped
# case as "not ok N # SKIP", which is a failure to every reader of TAP; and a
# program with several groups prints a plan for each: they are counted as one.
set -u
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
CMOCKA_MESSAGE_OUTPUT=TAP "$1" >"$out"
rc=$?
awk '
	/^1\.\.[0-9]+/ { sub(/^1\.\./, ""); planned += $1; next }
	/^(not )?ok [0-9]+/ {
		n++
		if ($0 ~ /^not ok [0-9]+ # SKIP/)
			sub(/^not /, "")
		sub(/ok [0-9]+/, "ok " n)
	}
	{ print }
	END { print "1.." planned }
' "$out"
exit $rc
