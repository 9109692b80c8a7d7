#!/bin/sh
# Every operation of the program, killed at one call that changes a file,
# failed at another, and once refused memory: see tests/fault/run.sh.  FAULT_SEED chooses which; make
# torture takes every call and every kind.
B=${B:-build}
SANDYQ=${SANDYQ:-$PWD/$B/sandyq}
SANDYQ_VERIFY=${SANDYQ_VERIFY:-$PWD/$B/sandyq-verify}
LC_ALL=C.UTF-8
export B SANDYQ SANDYQ_VERIFY LC_ALL
unset SANDYQ_VAULT
if [ -n "${SAN:-}" ]; then
	echo "1..0 # SKIP a sanitizer must be the first that is preloaded"
	exit 0
fi
seed=${FAULT_SEED:-1}
BASE=$(mktemp -d "${TMPDIR:-/tmp}/sandyq-b.XXXXXX") || exit 1
export BASE
trap 'rm -rf "$BASE"' EXIT
trap 'exit 1' HUP INT TERM
if ! sh tests/fault/run.sh base; then
	echo "Bail out! nothing to disturb"
	exit 1
fi
. tests/fault/ops.sh
tests=0
for op in $OPS; do
	tests=$((tests + 1))
	set -- EIO ENOSPC EINTR short
	shift $(((tests + seed) % 4))
	if said=$(KINDS="$1 kill alloc" sh tests/fault/run.sh "$op" "$seed" 2>&1); then
		echo "ok $tests - $op, $1, kill and alloc"
	else
		echo "not ok $tests - $op, seed $seed"
		echo "$said" | sed 's/^/# /'
	fi
done
echo "1..$tests"
