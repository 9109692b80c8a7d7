#!/bin/sh
# All rules of the house, each with its own complaint as file:line: what.
# From the repository root; B, CC, SAN and MAKE come from the Makefile.
set -u
here=tests/lint
rc=0
for rule in homes layers headers exports size contracts secrets man tree \
    hard verifier warnings selftest; do
	if sh "$here/$rule.sh"; then
		echo "lint: $rule: ok"
	else
		echo "lint: $rule: FAILED"
		rc=1
	fi
done
if [ $rc -eq 0 ]; then
	echo "lint: the house is in order"
else
	echo "lint: FAILED"
fi
exit $rc
