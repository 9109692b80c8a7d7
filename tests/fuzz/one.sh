#!/bin/sh
# Fuzz one target, $1, until it has had SECONDS seconds of a processor, those
# that the ledger FUZZ_DONE knows of it included, if there is one; what it had
# now is added there: version, target, seconds, runs, findings.
# From the repository root; B comes from run.sh.
set -u
t=$1
[ -z "${FUZZ_DONE:-}" ] || : >>"$FUZZ_DONE" || exit 1
lacks=$(awk -F '\t' -v t="$t" -v n="$SECONDS_EACH" '$2 == t { n -= $3 }
    END { print (n > 0 ? int(n) : 0) }' "${FUZZ_DONE:-/dev/null}")
[ "$lacks" -gt 0 ] || { printf '%-14s has had its time\n' "$t"; exit 0; }
mkdir -p "$B/corpus/$t"
# the clock of the wall is the machine's, and others may be using it
took=$(SANDYQ_FUZZ=$t "$B/fuzz" -max_total_time="$lacks" -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$B/crash-$t-" "$B/corpus/$t" "$B/seeds/$t" \
    >"$B/$t.log" 2>&1; echo $? >"$B/$t.rc"; times)
took=$(echo "$took" | awk 'END { split($1, u, /[ms]/); split($2, s, /[ms]/)
    printf "%d", u[1] * 60 + u[2] + s[1] * 60 + s[2] }')
rc=$(cat "$B/$t.rc")
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$B/$t.log")
[ "$rc" -eq 0 ] && said='no finding' || said="FOUND, see $B/$t.log"
printf '%-14s %12s runs in %5d s: %s\n' "$t" "${runs:-?}" "$took" "$said"
[ -z "${FUZZ_DONE:-}" ] ||
    printf '%s\t%s\t%s\t%s\t%s\n' "$(git rev-parse --short HEAD)" "$t" \
    "$took" "${runs:-0}" "$([ "$rc" -eq 0 ] && echo 0 || echo 1)" \
    >>"$FUZZ_DONE"
[ "$rc" -eq 0 ]
