#!/bin/sh
# The manual pages hold to the rules of mandoc, and every command of the
# table in cli/main.c has its entry in docs/man/sandyq.1.
set -u
rc=0
set -- docs/man/*.1
if [ ! -f "$1" ]; then
	echo "docs/man:1: holds no manual page"
	exit 1
fi
if command -v mandoc >/dev/null 2>&1; then
	mandoc -T lint -W warning "$@" 2>&1 | sed 's/^mandoc: //' | grep . &&
	    rc=1
else
	echo "lint: skipped: no mandoc here" >&2
fi
[ -f cli/main.c ] || exit $rc
# a name may have two words: "case new"
sed -n 's/^[[:space:]]*{ "\([a-z][a-z -]*\)", cmd_.*/\1/p' cli/main.c |
    { while read -r c; do
	grep -Eq "^\.(It|Ss|Sh)( (Ic|Cm|Sy|Xo|Nm))* $c( |\$)" \
	    docs/man/sandyq.1 && continue
	line=$(grep -n "{ \"$c\", cmd_" cli/main.c | head -n 1)
	echo "cli/main.c:${line%%:*}: command $c has no entry in" \
	    "docs/man/sandyq.1"
	rc=1
done
exit $rc; } || rc=1
exit $rc
