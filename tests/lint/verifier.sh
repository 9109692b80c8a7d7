#!/bin/sh
# sandyq-verify links neither SQLCipher nor ICU nor line editing, and holds
# no symbol of vault/store or vault/record but the table of types.
set -u
B=${B:-build}
p=$B/sandyq-verify
rc=0
[ -f "$p" ] || {
	echo "$p:1: is not built"
	exit 1
}
# what it asks for itself, and what that pulls in
for lib in $( { readelf -W -d "$p" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'
    ldd "$p" 2>/dev/null | awk '{ print $1 }'; } | sort -u); do
	case $lib in
	*sqlcipher*|*sqlite*|*libicu*|*libedit*|*ncurses*)
		echo "$p:1: links $lib"
		rc=1
		;;
	esac
done
nm --defined-only "$p" 2>/dev/null | awk '{ print $3 }' | sort -u >"$p.syms"
for o in "$B"/obj/vault/store/*.o "$B"/obj/vault/record/*.o \
    "$B"/obj/vault/vault*.o; do
	[ -f "$o" ] || continue
	case ${o##*/} in
	model.o|model_v*.o)
		continue
		;;
	esac
	for s in $(nm -g --defined-only "$o" | awk '{ print $3 }'); do
		grep -qx -e "$s" "$p.syms" || continue
		echo "$p:1: holds $s of ${o#"$B/obj/"}"
		rc=1
	done
done
nm --undefined-only "$p" | grep -E ' (sqlite3_|u[a-z]+_[A-Za-z]+_[0-9]+$)' |
    sed "s|^|$p:1: calls|" | grep . && rc=1
rm -f "$p.syms"
exit $rc
