#!/bin/sh
# No program that may hold a key links what reads foreign media; and
# sandyq-verify links neither SQLCipher, ICU, QR codes nor line editing, and
# holds no symbol of vault/store or vault/record but the table of types.
set -u
B=${B:-build}
p=$B/sandyq-verify
rc=0
[ -f "$p" ] || {
	echo "$p:1: is not built"
	exit 1
}
# libs PROGRAM: what it asks for itself, and what that pulls in
libs()
{
	{ readelf -W -d "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'
	ldd "$1" 2>/dev/null | awk '{ print $1 }'; } | sort -u
}
for q in "$B/sandyq" "$p"; do
	for lib in $(libs "$q"); do
		case $lib in
		*libmagic*|*mediainfo*|*libexif*|*libav*)
			echo "$q:1: links $lib, which is for sandyq-probe"
			rc=1
			;;
		esac
	done
done
for lib in $(libs "$p"); do
	case $lib in
	*sqlcipher*|*sqlite*|*libicu*|*libqrencode*|*libedit*|*ncurses*)
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
	model.o|model_table*.o|model_v*.o)
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
