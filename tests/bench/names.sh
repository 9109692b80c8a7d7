#!/bin/sh
# People found by name among so many others: names.sh PEOPLE.  Asserts nothing.
# QUICK=1: a tenth of them; CPU=1: processor time; SHOW=1: who was not first.
# The set to develop on is taken from ${SHARED:-../shared} if it is there.
set -eu
b=${B:-build}
n=$1
[ -z "${QUICK:-}" ] || n=$((n / 10))
dev=${SHARED:-../shared}/names-dev.tsv
dir=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
[ -r "$dev" ] || dev=
# shellcheck disable=SC2086
"$b/bench_names" "$(realpath "$b")/sandyq" "$dir" "$n" 4000 $dev
