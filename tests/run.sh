#!/bin/sh
# Run every unit test and every scenario and say the result in one plain line.
# From the repository root; B, JOBS and SAN come from the Makefile.
set -u
B=${B:-build}
JOBS=${JOBS:-1}
rc=0

SANDYQ=${SANDYQ:-./$B/sandyq}
SANDYQ_VERIFY=${SANDYQ_VERIFY:-./$B/sandyq-verify}
export SANDYQ SANDYQ_VERIFY
# A finding of a sanitizer is a failure of its own kind, never a plain exit 1.
export ASAN_OPTIONS="${ASAN_OPTIONS:-exitcode=99:detect_leaks=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-exitcode=99:print_stacktrace=1}"
export LC_ALL="${LC_ALL:-C.UTF-8}"
unset SANDYQ_VAULT

# No tests found would be a failure in disguise.
set -- "$B"/tests/test_*
if [ ! -x "$1" ]; then
	echo "test: no unit tests are built in $B/tests" >&2
	exit 1
fi
units=$#
echo "test: $units unit test programs"
prove --timer --failures -j "$JOBS" -e 'sh tests/tap.sh' "$@" || rc=1

set -- tests/scenario/*.t
if [ -f "$1" ]; then
	scenarios=$#
	echo "test: $scenarios scenarios"
	prove --timer --failures -j "$JOBS" -e sh "$@" || rc=1
else
	scenarios=0
fi

if [ ! -d "${SHARED:-../shared}/vectors" ]; then
	echo "test: ${SHARED:-../shared}/vectors is absent;" \
	    "tests with foreign vectors were skipped"
fi
if [ $rc -eq 0 ]; then
	echo "test: all passed ($units unit programs, $scenarios scenarios)"
else
	echo "test: FAILED"
fi
exit $rc
