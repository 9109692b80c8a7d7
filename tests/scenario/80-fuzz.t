#!/bin/sh
# Every parser of foreign bytes over its seeds, over all that ever broke it,
# and over seeded changes of both.  make fuzz does the same for as long as
# asked, led by coverage.
. tests/scenario/lib.sh
cd "$OLDPWD" || exit 1
DRIVE=${SANDYQ%/*}/fuzz_drive
export DRIVE SANDYQ
TMPDIR=$T
export TMPDIR
# SAN: each input costs ten times as much
changes=$([ -n "${SAN:-}" ] && echo 20 || echo 200)

ok "seeds for every target" sh tests/fuzz/seeds.sh "$T/seeds"
for t in $("$DRIVE" --list); do
	set -- "$T/seeds/$t"/*
	ok "$t: there are seeds" test -f "$1"
	n=$changes
	case $t in age|tar) n=$((changes / 10)) ;; esac
	want 0 "$t: nothing breaks" "$DRIVE" "$t" "$n" "$@"
done
finish
