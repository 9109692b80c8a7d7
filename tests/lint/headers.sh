#!/bin/sh
# Every header compiles alone, has the guard of its path, and opens with a
# comment that says what it is.  sql.h is a list for its including file.
set -u
CC=${CC:-gcc}
flags=$(pkg-config --cflags libsodium libcrypto jansson sqlcipher icu-uc \
    2>/dev/null)
rc=0

hs=$(find crypto vault cli -name '*.h' ! -path vault/store/sql.h | sort)
$CC -std=c17 -Wall -Wextra -Wpedantic -D_GNU_SOURCE -I. $flags -fsyntax-only \
    $hs 2>&1 | sed 's/$/ (a header compiles alone)/' | grep . && rc=1
for h in $hs; do
	guard=SQ_$(echo "$h" | tr 'a-z/.' 'A-Z__')
	g2=SQ_$(echo "${h##*/}" | tr 'a-z/.' 'A-Z__')
	g3=SQ_$(echo "$h" | sed 's|vault/\(.*\)/|\1/|' | tr 'a-z/.' 'A-Z__')
	grep -Eq "^#ifndef ($guard|$g2|$g3)\$" "$h" || {
		echo "$h:1: has no guard $guard"
		rc=1
	}
	[ "$(head -c 2 "$h")" = '/*' ] || {
		echo "$h:1: does not open with a comment that says what it is"
		rc=1
	}
done
exit $rc
