#!/bin/sh
# docs/CONFORMANCE.md anew: every foreign vector, what it states and what we
# found, and how many forgeries were tried (tests/forgeries.sh).  The unit tests say it (CONFORMANCE=1); a difference without a reason
# in tests/vectors/conformance.txt is an error.  make conformance
set -u
B=${B:-build}
out=docs/CONFORMANCE.md
if [ ! -d "${SHARED:-../shared}/vectors" ]; then
	echo "conformance: no ${SHARED:-../shared}/vectors; nothing was done" >&2
	exit 2
fi
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
for t in minisig sshsig note cosign merkle tsp bag sign age_kit kdf aead \
    digest; do
	CONFORMANCE=1 "$B/tests/test_$t" >"$tmp/said" 2>&1 || {
		echo "conformance: test_$t fails" >&2
		exit 1
	}
	grep '^vector	' "$tmp/said" >>"$tmp/all"
done
awk -F '\t' -v reasons=tests/vectors/conformance.txt '
function why(suite, name,    i) {
	for (i = 1; i <= n; i++)
		if (suite == rs[i] && (rn[i] == "*" ||
		    index(name, rn[i]) == 1)) {
			hit[i]++
			return rw[i]
		}
	return ""
}
BEGIN {
	while ((getline line < reasons) > 0) {
		if (line ~ /^#/ || line == "")
			continue
		split(line, f, "\t")
		n++
		rs[n] = f[1]
		rn[n] = f[2]
		rw[n] = f[3]
	}
}
{
	if (!($2 in all))
		order[++suites] = $2
	all[$2]++
	if ($4 == $5) {
		same[$2]++
		next
	}
	differ[$2]++
	w = why($2, $3)
	if (w == "") {
		print "conformance: no reason for " $2 " " $3 ": stated " \
		    $4 ", ours " $5 > "/dev/stderr"
		bad = 1
	}
	key = $2 SUBSEP $4 SUBSEP $5 SUBSEP w
	if (!(key in count))
		list[++lists] = key
	count[key]++
	if (!(key in first))
		first[key] = $3
}
END {
	for (i = 1; i <= n; i++)
		if (!hit[i]) {
			print "conformance: no vector for the reason " \
			    rs[i] " " rn[i] > "/dev/stderr"
			bad = 1
		}
	print "# Foreign vectors, and what we found\n"
	print "Written by `make conformance`; do not edit. The vectors are not part of this repository:\n" \
	    "the tests read them where they are, and say so where they are absent. What is stated is\n" \
	    "what their makers or the peer they were tried with say; ours is the verdict of the code.\n"
	print "| suite | vectors | the same | different, with a reason below |"
	print "|---|---|---|---|"
	for (i = 1; i <= suites; i++) {
		s = order[i]
		printf "| %s | %d | %d | %d |\n", s, all[s], same[s], differ[s]
		total += all[s]
		ok += same[s]
	}
	printf "| all | %d | %d | %d |\n", total, ok, total - ok
	print "\n## Each difference\n"
	print "| suite | vectors | stated | ours | why |"
	print "|---|---|---|---|---|"
	for (i = 1; i <= lists; i++) {
		split(list[i], f, SUBSEP)
		c = count[list[i]]
		printf "| %s | `%s`%s | %s | %s | %s |\n", f[1],
		    first[list[i]], (c > 1 ? " and " (c - 1) " more" : ""),
		    f[2], f[3], f[4]
	}
	print "\nEd25519: the vectors of C2SP and of «Taming the many EdDSAs» state which properties a case\n" \
	    "has, not a verdict; counted is whether ours is the one of libsodium, which decides here."
	exit bad
}' "$tmp/all" >"$tmp/md" || exit 1
echo >>"$tmp/md"
B=$B sh tests/forgeries.sh >>"$tmp/md" || exit 1
cp "$tmp/md" "$out"
grep '^| all' "$out"
