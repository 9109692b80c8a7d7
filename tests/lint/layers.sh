#!/bin/sh
# Every include points down: DESIGN section 4.
set -u
here=$(dirname "$0")

find crypto vault cli -name '*.[ch]' | sort |
    xargs perl "$here/code.pl" -s |
    sed -n 's/^\([^:]*\):\([0-9]*\):[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1 \2 \3/p' |
    awk '
function complain(why) {
	printf "%s:%d: includes \"%s\": %s\n", $1, $2, $3, why
	bad = 1
}
# The rank of a file of crypto/: vocabulary, primitives, formats.
function rank(f) {
	sub(/^crypto\//, "", f)
	sub(/\.[ch]$/, "", f)
	if (f ~ /^(err|secret|bytes)$/)
		return 0
	if (f ~ /^(kdf|aead|digest|sign)(_[a-z0-9]+)?$/)
		return 1
	return 2
}
{
	from = $1
	to = $3
	family = to
	# the parts of the facade come with vault.h, never alone
	if (to ~ /^vault\/vault_[a-z]+\.h$/ && to != "vault/vault_int.h" &&
	    from != "vault/vault.h")
		complain("include vault/vault.h, of which it is a part")
	# vault_int.h may have parts, which come with it
	if (sub(/_int\.h$/, "", family) && family != "vault/vault" &&
	    from !~ "^" family "[._]" && !(from == "vault/vault_int.h" &&
	    family ~ /^vault\/vault_[a-z]+$/))
		complain("the inside of " family " is for its own files")
	if (to !~ /^(crypto|vault|cli)\//)
		complain("paths are written from the root")
	else if (from ~ /^crypto\//) {
		if (to !~ /^crypto\//)
			complain("crypto/ stands on crypto/ alone")
		else if (rank(to) > rank(from))
			complain("a lower rank of crypto/ may not use a higher")
	} else if (from ~ /^vault\// && to ~ /^cli\//)
		complain("vault/ never looks up to cli/")
	else if (from ~ /^vault\/probe\//) {
		if (to !~ /^vault\/probe\//)
			complain("sandyq-probe stands on nothing of ours")
	} else if (from ~ /^vault\/probe(_[a-z]+)?\.[ch]$/) {
		if (to ~ /^vault\// && to !~ /^vault\/probe(_[a-z]+)?\.h$/)
			complain("what starts sandyq-probe knows no vault")
	} else if (from ~ /^vault\/(viewer|sandbox)(_[a-z]+)?\.[ch]$/) {
		if (to ~ /^vault\// &&
		    to !~ /^vault\/(viewer(_int)?|sandbox|fsio)\.h$/)
			complain("viewer and sandbox know no vault")
	} else if (from ~ /^vault\/fsio[._]/) {
		if (to ~ /^vault\// && to !~ /^vault\/fsio[._]/)
			complain("fsio is below all of vault/")
	} else if (from ~ /^vault\/thread\.[ch]$/) {
		if (to ~ /^vault\// && to != "vault/thread.h")
			complain("thread is below all of vault/")
	} else if (from ~ /^vault\/store\//) {
		if (to ~ /^vault\// &&
		    to !~ /^vault\/(store\/|fsio\.h|thread\.h)/)
			complain("store/ stands on fsio, thread and crypto/")
	} else if (from ~ /^vault\/record\/model/ &&
	    from !~ /^vault\/record\/model_check\.c$/) {
		# checking values needs dates and tags; the table itself nothing
		if (to ~ /^vault\// && to !~ /^vault\/record\/model/)
			complain("the table of types stands on nothing of vault/")
	} else if (from ~ /^vault\/record\//) {
		if (to ~ /^vault\// &&
		    to !~ /^vault\/(record\/|store\/|fsio\.h)/)
			complain("record/ stands on store/")
	} else if (from ~ /^vault\/bundle\/export/) {
		if (to ~ /^vault\/vault(_[a-z]+)?\.h$/)
			complain("bundle/ is below the facade")
	} else if (from ~ /^vault\/bundle\//) {
		if (to ~ /^vault\// &&
		    to !~ /^vault\/(bundle\/|(fsio|thread|record\/model)\.h)/)
			complain("what verifies knows no store and no record")
	} else if (from ~ /^cli\//) {
		if (to ~ /^vault\// &&
		    to !~ /^vault\/(vault|sandbox|record\/model|bundle\/verify|bundle\/seal)\.h$/)
			complain("cli/ sees the facade of vault/ alone")
		if (from ~ /^cli\/verify_main/ &&
		    to ~ /^vault\/vault\.h$/)
			complain("sandyq-verify knows no vault")
	}
}
END { exit bad }'
