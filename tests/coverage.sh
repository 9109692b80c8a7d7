#!/bin/sh
# What the tests reach of the parts that others could have written: builds of
# COV=1 run every unit test and scenario with the sandbox held open (loose.c),
# and memory runs out at every place of a few operations; then coverage.pl
# counts.  Whether a test passes is not asked here but by make test.
# From the repository root; B and JOBS come from the Makefile.
set -u
B=${B:-build-cov}
JOBS=${JOBS:-1}
SANDYQ=$PWD/$B/sandyq
SANDYQ_VERIFY=$PWD/$B/sandyq-verify
SANDYQ_PROBE=$PWD/$B/sandyq-probe
LC_ALL=C.UTF-8
FAILING_ALL=1
export FAILING_ALL B JOBS SANDYQ SANDYQ_VERIFY SANDYQ_PROBE LC_ALL
unset SANDYQ_VAULT
# a program that was built anew counts from nothing
[ -n "${MORE:-}" ] || find "$B" -name '*.gcda' -delete
prove -Q -j "$JOBS" -e 'sh tests/tap.sh' "$B"/tests/test_* 2>/dev/null
LD_PRELOAD=$PWD/$B/loose.so prove -Q -j "$JOBS" -e sh tests/scenario/*.t \
    2>/dev/null
PRELOAD_MORE=$PWD/$B/loose.so TORTURE_OUT=/dev/null \
    ONLY="${ONLY-add export recall rotate}" \
    sh tests/fault/all.sh alloc >/dev/null 2>&1
perl tests/coverage.pl "$B" crypto/*.c vault/store/header.c \
    vault/store/state.c vault/store/log*.c vault/bundle/bag*.c \
    vault/bundle/card.c vault/bundle/consist.c vault/bundle/recall.c \
    vault/bundle/receipt.c vault/bundle/roots.c vault/bundle/rotation.c \
    vault/bundle/statement.c vault/bundle/tar.c vault/bundle/verify*.c
