#!/bin/sh
# Fuzz every target for SECONDS each (default 60), or the targets named.
# A finding stops with a file in build-fuzz/; it then goes to
# tests/vectors/crash/TARGET/, is mended, and stays a test for ever.
set -u
seconds=${SECONDS_EACH:-60}
B=${B:-build-fuzz}
rc=0
rm -rf "$B/seeds"
DRIVE=$B/fuzz_drive sh tests/fuzz/seeds.sh "$PWD/$B/seeds" || exit 1
[ $# -gt 0 ] || set -- $("$B/fuzz_drive" --list)
for t in "$@"; do
	mkdir -p "$B/corpus/$t"
	SANDYQ_FUZZ=$t "$B/fuzz" -max_total_time="$seconds" -timeout=20 \
	    -rss_limit_mb=2048 -print_final_stats=1 \
	    -artifact_prefix="$B/crash-$t-" "$B/corpus/$t" "$B/seeds/$t" \
	    >"$B/$t.log" 2>&1
	r=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$B/$t.log")
	printf '%-14s %12s runs in %s s: %s\n' "$t" "${runs:-?}" "$seconds" \
	    "$([ $r -eq 0 ] && echo 'no finding' || echo "FOUND, see $B/$t.log")"
	[ $r -eq 0 ] || rc=1
done
exit $rc
