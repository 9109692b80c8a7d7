#!/bin/sh
# How many forgeries fall on each claim, by who made them: counted from what
# the tests themselves say, as the last section of docs/CONFORMANCE.md.
#
#   sh tests/forgeries.sh          print the section
#   sh tests/forgeries.sh --check  and compare it with the one that is there
#
# Fewer than three in a cell is an error, if no reason is given below: then
# three must come as near as can be, and fall on that claim and one more.
set -u
B=${B:-build}
doc=docs/CONFORMANCE.md
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
for t in forge_key forge_vault forge_time; do
	FORGERIES=1 "$B/tests/test_$t" >"$tmp/said" 2>"$tmp/err" || {
		echo "forgeries: test_$t fails" >&2
		cat "$tmp/said" "$tmp/err" >&2
		exit 1
	}
	grep '^forgery	' "$tmp/said" >>"$tmp/all"
done
cat >"$tmp/reasons" <<'E2'
complete	age key	all that `complete` looks at is bound by the signed statement: what he changes falls on `intact` as well
complete	one format	a count in the statement wants both signatures, and with one of them `signed-by` falls as well; a table falls on `intact` as well
complete	co-recipient	no signature of his own bundle is over your tables: what he brings falls on `intact` as well
E2
awk -F '\t' -v reasons="$tmp/reasons" '
BEGIN {
	nc = split("intact signed-by addressed-to complete disclosed " \
	    "same-history existed-before", claim, " ")
	nw = split("age key/one format/co-recipient/older vault", who, "/")
	while ((getline line < reasons) > 0) {
		split(line, f, "\t")
		why[f[1], f[2]] = f[3]
	}
}
$4 == "exact" { exact[$2, $3]++; total++ }
$4 == "nearest" { near[$2, $3]++; nears++ }
END {
	print "## Forgeries\n"
	print "Each claim that `verify` makes, and how many forged bundles fall on exactly that one and no\n" \
	    "other, by who made them: somebody with the age key of the recipient alone; with the signing\n" \
	    "key of one format (SSH, minisign or note) alone; with a bundle of the same vault that was\n" \
	    "made for him; the vault itself as it was before. `content-true` is never «yes». Their names\n" \
	    "are in `tests/unit/test_forge_*.c`; this is counted by `tests/forgeries.sh`.\n"
	print "| claim | age key | one format | co-recipient | older vault |"
	print "|---|---|---|---|---|"
	for (c = 1; c <= nc; c++) {
		row = "| `" claim[c] "` |"
		for (w = 1; w <= nw; w++) {
			e = exact[claim[c], who[w]] + 0
			n = near[claim[c], who[w]] + 0
			r = why[claim[c], who[w]]
			if (e >= 3 && r != "") {
				print "forgeries: " claim[c] ", " who[w] \
				    ": a reason that is not needed" \
				    >"/dev/stderr"
				bad = 1
			}
			if (e < 3 && (r == "" || n < 3)) {
				print "forgeries: " claim[c] ", " who[w] \
				    ": " e " and " n " nearest" \
				    >"/dev/stderr"
				bad = 1
			}
			row = row " " e (n > 0 ? " (" n " near)" : "") " |"
		}
		print row
	}
	print "\n" total " fall on exactly one claim. " nears " come as near as can be:\n"
	for (c = 1; c <= nc; c++)
		for (w = 1; w <= nw; w++)
			if (why[claim[c], who[w]] != "")
				print "- `" claim[c] "`, " who[w] ": " \
				    why[claim[c], who[w]] "."
	exit bad
}' "$tmp/all" >"$tmp/md" || exit 1
if [ "${1-}" != --check ]; then
	cat "$tmp/md"
	exit 0
fi
sed -n '/^## Forgeries$/,$p' "$doc" | cmp -s - "$tmp/md" || {
	echo "forgeries: $doc says something else: make conformance" >&2
	exit 1
}
