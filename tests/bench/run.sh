#!/bin/sh
# make bench: the machine, then times, ratios and sizes, measured in one run
# against bare Argon2id and plain SQLCipher; then attachments against their
# peers (blob.sh).  Asserts nothing.  Needs about 12 GB in ${TMPDIR:-/tmp} and
# eight minutes; QUICK=1 leaves out the full size and attachments; CPU=1 counts
# processor time, for a machine that is not idle.
set -eu
b=${B:-build}
dir=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
ram=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
printf '# %s, %s cores, %s GiB, Linux %s, load %s\n' "${cpu:-unknown}" \
    "$(nproc)" "$ram" "$(uname -r)" "$(cut -d' ' -f1 /proc/loadavg)"
measure()
{
	mkdir "$dir/$2"
	"$b/bench" measure "$(realpath "$b")/sandyq" \
	    "$(realpath "$b")/sandyq-verify" "$dir/$2" "$1" "$2"
	rm -rf "${dir:?}/$2"
}
printf '%-8s %-27s      %9s    %9s     %s\n' size what "sandyq${CPU:+ cpu}" plain ratio
measure 1000 10,000
[ -n "${QUICK:-}" ] || measure 10000 100,000
[ -n "${QUICK:-}" ] || sh tests/bench/blob.sh "$dir"
