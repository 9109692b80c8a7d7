#!/bin/sh
# Attachments against their peers, interleaved, medians of five, for one file
# of random bytes in the page cache.  From the repository root, after make lib:
#
#   sh tests/bench/blob.sh [FOLDER [MIB]]
#
# FOLDER (default /tmp) says which file system is measured.
set -eu
B=${B:-build}
at=${1:-/tmp}
mib=${2:-1024}
d=$(mktemp -d "$at/sandyq-bench.XXXXXX")
trap 'rm -rf "$d"' EXIT
trap 'exit 1' INT TERM
libs=$(pkg-config --libs libsodium libcrypto jansson sqlcipher icu-i18n icu-uc)
${CC:-gcc} -std=c17 -O2 -D_GNU_SOURCE -I. -o "$d/b" tests/bench/bench_blob.c \
    "$B/libsandyq.a" $libs -largon2
head -c "${mib}M" /dev/urandom >"$d/src"
age-keygen -o "$d/k" 2>/dev/null
to=$(age-keygen -y "$d/k")

# timed NAME COMMAND: one more time of NAME
timed()
{
	s=$(date +%s.%N)
	sh -c "$2" >/dev/null 2>&1
	e=$(date +%s.%N)
	awk -v s="$s" -v e="$e" 'BEGIN { print e - s }' >>"$d/t.$1"
}

for round in 1 2 3 4 5; do
	rm -rf "$d/v" "$d/o" "$d/a"
	cat "$d/src" >/dev/null
	timed dgst "openssl dgst -sha256 '$d/src'"
	timed put "'$d/b' put '$d/src' '$d/v'"
	"$d/b" cat "$d/v" >/dev/null 2>&1
	timed cat "'$d/b' cat '$d/v'"
	timed check "'$d/b' check '$d/v'"
	timed cp "cp '$d/src' '$d/o'; sync '$d/o'"
	timed age-r "age -r $to -o '$d/a' '$d/src'; sync '$d/a'"
	timed age-d "age -d -i '$d/k' '$d/a'"
done
echo "$(stat -f -c %T "$d"), $mib MiB, median of 5 interleaved, seconds"
for name in dgst put cat check cp age-r age-d; do
	printf '%-6s %s\n' $name "$(sort -n "$d/t.$name" | sed -n 3p)"
done | tee "$d/all" | awk '{ printf "%-6s %.2f\n", $1, $2 }'
awk '{ t[$1] = $2 }
END {
	printf "put / dgst  %.2f (aim 1.15)\n", t["put"] / t["dgst"]
	printf "put / age-r %.2f (aim 1.1)\n", t["put"] / t["age-r"]
	printf "cat / age-d %.2f (aim 0.6)\n", t["cat"] / t["age-d"]
}' "$d/all"
