#!/bin/sh
# The hardening flags are in effect in what was built, not only asked for.
set -u
B=${B:-build}
rc=0
if [ -n "${SAN:-}" ]; then
	echo "lint: skipped: programs under sanitizers are not hardened" >&2
	exit 0
fi

for p in "$B/sandyq" "$B/sandyq-verify" "$B/sandyq-probe"; do
	[ -f "$p" ] || {
		echo "$p:1: is not built"
		rc=1
		continue
	}
	r=$(readelf -W -h -l -d -n "$p" 2>/dev/null)
	s=$(readelf -W --dyn-syms "$p" 2>/dev/null)
	# want PATTERN COMPLAINT, in what readelf says of the program
	want()
	{
		echo "$r" | grep -Eq "$1" || {
			echo "$p:1: $2"
			rc=1
		}
	}
	want 'Type: +DYN' 'is not position independent'
	want 'FLAGS_1.*PIE' 'is not marked PIE'
	want 'GNU_RELRO' 'has no RELRO segment'
	want 'BIND_NOW|FLAGS_1.*NOW' 'has no full RELRO: it binds lazily'
	want 'GNU_STACK .* RW +0x' 'has an executable stack'
	if [ "$(uname -m)" = x86_64 ]; then
		want 'x86 feature:.*SHSTK' 'is not marked for a shadow stack'
	fi
	echo "$r" | grep -Eq 'LOAD .* RWE ' && {
		echo "$p:1: has a segment both writable and executable"
		rc=1
	}
	echo "$r" | grep ' LOAD ' | head -n 1 | grep -Eq ' R  +0x' || {
		echo "$p:1: mixes code with headers (no separate-code)"
		rc=1
	}
	echo "$s" | grep -q '__stack_chk_fail' || {
		echo "$p:1: has no stack protector"
		rc=1
	}
	echo "$s" | grep -q '_chk@' || {
		echo "$p:1: has no fortified call"
		rc=1
	}
	echo "$r" | grep -Eq 'R(UN)?PATH' && {
		echo "$p:1: carries a library search path"
		rc=1
	}
done
# Debian's start files carry no CET note, so a program never has both halves;
# every object of ours does.
if [ "$(uname -m)" = x86_64 ] && [ -d "$B/obj/cli" ]; then
	for o in "$B"/obj/crypto/*.o "$B"/obj/vault/*.o \
	    "$B"/obj/vault/probe/*.o "$B"/obj/cli/*.o; do
		[ -f "$o" ] || continue
		readelf -n "$o" 2>/dev/null | grep -q 'IBT, SHSTK' || {
			echo "$o:1: is not built for CET (IBT, SHSTK)"
			rc=1
		}
	done
fi
exit $rc
