#!/bin/sh
# Fuzz every target for SECONDS_EACH (default 60), or the targets named; with
# a ledger FUZZ_DONE for what they lack of it, so that an hour for each may be
# made of several sittings.  A finding stops its target with a file in
# build-fuzz/; it then goes to tests/vectors/crash/TARGET/, is mended, and
# stays a test for ever.
set -u
SECONDS_EACH=${SECONDS_EACH:-60}
B=${B:-build-fuzz}
export SECONDS_EACH B
rm -rf "$B/seeds"
DRIVE=$B/fuzz_drive sh tests/fuzz/seeds.sh "$PWD/$B/seeds" || exit 1
[ $# -gt 0 ] || set -- $("$B/fuzz_drive" --list)
printf '%s\n' "$@" | xargs -P "${JOBS:-1}" -n 1 sh tests/fuzz/one.sh
