#!/bin/sh
# Nothing in the tree names a mirror, a registry or a folder of one person's
# machine, and nothing is left for later.  tests/lint itself spells the words.
set -u
rc=0

# words WHAT PATTERN
words()
{
	find . \( -name .git -o -name 'build*' -o -path ./tests/lint -o \
	    -name '*.sandyq' \) -prune -o -type f -print | sort |
	    xargs -d '\n' grep -EnIH -e "$2" -- 2>/dev/null |
	    sed "s|^\./\([^:]*:[0-9]*\):.*|\1: $1|" | grep . && rc=1
}

words 'names a package mirror or registry' \
    '\b(deb|ftp[.a-z]*|security|snapshot|packages|archive)\.(debian|ubuntu)\.(org|com)|\b(mirror|mirrors|registry|artifactory|nexus|proxy)\.[a-z0-9-]+\.[a-z]{2,}|pypi\.org|npmjs|crates\.io|proxy\.golang'
words 'names a folder of one machine' \
    '(^|[^A-Za-z0-9_.~-])/(work|home/[a-z]+|root|Users/[a-z]+)/'
words 'leaves something for later' '\b(T[O]DO|F[I]XME|X[X]X)\b'
exit $rc
