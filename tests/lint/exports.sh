#!/bin/sh
# foo.c exports only foo_*; foo_more.c may export foo_* as well.
set -u
B=${B:-build}
rc=0

for o in $(find "$B/obj/crypto" "$B/obj/vault" "$B/obj/cli" -name '*.o' \
    2>/dev/null | sort); do
	c=${o#"$B/obj/"}
	c=${c%.o}.c
	[ -f "$c" ] || continue
	base=${c##*/}
	base=${base%.c}
	nm -g --defined-only "$o" | awk -v c="$c" -v base="$base" '
	$2 ~ /^[TDBRVWC]$/ && $3 !~ /^(__|_GLOBAL_|\.|DW\.ref)/ {
		if ($3 == "main" && c ~ /^(cli\/(verify_)?|vault\/probe\/probe_)main\.c$/)
			next
		# libc asks for these names; the file says why they are ours
		if (c == "cli/wipe.c" && $3 ~ /^(free|realloc|wipe_is_not_here)$/)
			next
		for (p = base; p != ""; ) {
			if ($3 == p || index($3, p "_") == 1)
				next
			if (!sub(/_[^_]*$/, "", p))
				break
		}
		printf "%s:1: exports %s; %s.c exports only %s_*\n", c, $3,
		    base, base
		bad = 1
	}
	END { exit bad }' || rc=1
done
exit $rc
