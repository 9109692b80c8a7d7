#!/bin/sh
# Three forgeries at least for each claim and forger, and docs/CONFORMANCE.md
# says how many there are.
if [ ! -x "${B:-build}/tests/test_forge_key" ]; then
	echo "1..0 # SKIP the unit tests are not built"
	exit 0
fi
if sh tests/forgeries.sh --check; then
	echo "ok 1 - the table of forgeries is what the tests show"
else
	echo "not ok 1 - the table of forgeries is what the tests show"
fi
echo 1..1
