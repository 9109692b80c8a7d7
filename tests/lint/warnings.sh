#!/bin/sh
# No compiler had anything to say: neither the one that built, nor clang
# where it is installed (its objects are kept in build-clang).
set -u
B=${B:-build}
MAKE=${MAKE:-make}
rc=0

find "$B/obj" -name '*.warn' -size +0 2>/dev/null | sort | xargs -r cat |
    grep -E ': (warning|error):' && rc=1
if [ -n "${SAN:-}" ]; then
	exit $rc
fi
case ${CC:-gcc} in
*clang*)
	exit $rc
	;;
esac
if command -v clang >/dev/null 2>&1; then
	$MAKE --no-print-directory -s -k -j"$(nproc)" CC=clang \
	    B=build-clang all unit \
	    >build-clang.log 2>&1 || rc=1
	grep -E ': (warning|error|fatal error):|^make.*Error' build-clang.log &&
	    rc=1
	rm -f build-clang.log
	find build-clang/obj -name '*.warn' -size +0 2>/dev/null | sort |
	    xargs -r cat | grep -E ': (warning|error):' && rc=1
else
	echo "lint: skipped: no clang here, only ${CC:-gcc} was asked" >&2
fi
exit $rc
