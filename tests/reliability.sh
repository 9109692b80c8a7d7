#!/bin/sh
# docs/RELIABILITY.md anew.  Runs every test that tests/hazards.tsv names, the
# matrices whole, and counts; what make torture found last is taken from
# TORTURE_OUT.  What was run is kept in $B/reliability: with REUSE=1 it is not
# run again; with QUICK=1 of the matrices a seeded part is.  A program that did
# not run gives no line.  Fails if a hazard has no case, or a case did not hold.
# From the repository root; B and JOBS come from the Makefile.
set -u
B=${B:-build}
JOBS=${JOBS:-1}
LIST=tests/hazards.tsv
OUT=${OUT:-docs/RELIABILITY.md}
TORTURE_OUT=${TORTURE_OUT:-$B/torture.tsv}
SANDYQ=${SANDYQ:-$PWD/$B/sandyq}
SANDYQ_VERIFY=${SANDYQ_VERIFY:-$PWD/$B/sandyq-verify}
LC_ALL=C.UTF-8
[ -n "${QUICK:-}" ] || export TAMPER_ALL=1
export B SANDYQ SANDYQ_VERIFY LC_ALL
unset SANDYQ_VAULT
D=$B/reliability
mkdir -p "$D" || exit 1
[ -n "${REUSE:-}" ] || rm -f "$D"/*.tap

# shellcheck disable=SC2016
awk -F '\t' '!/^#/ && $2 != "=" { print $2 }' $LIST | sort -u |
    xargs -P "$JOBS" -I {} sh -c '[ ! -s "$0/{}.tap" ] || exit 0
	case {} in
	test_*) sh tests/tap.sh "$B/tests/{}" ;;
	*) sh tests/scenario/{} ;;
	esac >"$0/{}.new" 2>"$0/{}.err"
	mv "$0/{}.new" "$0/{}.tap"' "$D"

# ID, what, cases, held, where: of the tests by name, then of themselves.
awk -F '\t' -v OFS='\t' -v D="$D" '
	/^#/ || $2 == "=" { next }
	{
		file = D "/" $2 ".tap"
		n = held = 0
		while ((got = (getline line <file)) > 0) {
			if ($3 == "#" && line ~ /^# HAZARD\t/) {
				split(line, f, "\t")
				if (f[2] != $1)
					continue
				sub(/^([A-Z]+[0-9]+, )+/, "", f[3])
				print $1, f[3], f[4], f[5], $2
				n++
			} else if ($3 != "#" && line ~ /^(not )?ok [0-9]+/) {
				name = line
				sub(/^(not )?ok [0-9]+ (- )?/, "", name)
				if (name !~ $3 || name ~ /# SKIP/)
					continue
				n++
				held += line ~ /^ok/
			}
		}
		if (got < 0)
			next
		close(file)
		if ($3 != "#")
			print $1, $4, n, held, $2
		if (n == 0 && $3 == "#")
			print $1, "nothing was counted", 1, 0, $2
		if (n == 0 && $3 != "#")
			print $1, $4 " (nothing was counted)", 1, 0, $2
	}' $LIST >"$D/all.tsv"
[ ! -f "$TORTURE_OUT" ] ||
    awk -F '\t' -v OFS='\t' '{ print $1, $2, $3, $4, "torture" }' \
    "$TORTURE_OUT" >>"$D/all.tsv"

awk -F '\t' -v quick="${QUICK:+1}" '
	FILENAME ~ /hazards/ {
		if ($2 == "=") { id[++ids] = $1; name[$1] = $4 }
		next
	}
	{
		c[$1] += $3; h[$1] += $4
		row[$1] = row[$1] sprintf("| %s | %s | %s | %d | %d |\n", $1,
		    $2, $5, $3, $4)
	}
	END {
		print "# What was tried, and what held"
		print ""
		print "Made by `make reliability`; do not edit. Each hazard is" \
		    " something that has happened to others."
		print "A case is one flipped bit, one cut, one call that fails" \
		    " or one assertion of a test; it held if no altered"
		print "byte was shown as good, nothing acknowledged was" \
		    " missing, and what was refused was refused in words."
		print "Power cuts, faults and whole matrices are run by" \
		    " `make torture` and here; `make test` runs a seeded part."
		if (quick)
			print "For this page a seeded part of the matrices" \
			    " was run where their count does not say more."
		print ""
		print "| hazard | | cases | held |\n|---|---|---|---|"
		for (i = 1; i <= ids; i++) {
			k = id[i]
			printf "| %s | %s | %d | %d |\n", k, name[k], c[k], h[k]
			if (c[k] == 0 || c[k] != h[k]) {
				bad = 1
				print "reliability: " k ": " h[k] + 0 " of " \
				    c[k] + 0 " held" >"/dev/stderr"
			}
			all += c[k]; ok += h[k]
		}
		printf "| all | | %d | %d |\n\n", all, ok
		print "## By test\n"
		print "| hazard | what | where | cases | held |\n|---|---|---|" \
		    "---|---|"
		for (i = 1; i <= ids; i++)
			printf "%s", row[id[i]]
		exit bad
	}' $LIST "$D/all.tsv" >"$OUT.new"
rc=$?

# What each parser of foreign bytes has had under make fuzz-long.
awk -F '\t' '
	BEGIN {
		print "\n## Fuzzing\n"
		print "Each parser of foreign bytes under libFuzzer, ASan and" \
		    " UBSan, by `make fuzz-long`; seconds of one processor,"
		print "added up over sittings; the aim is 3,600 for each.\n"
		print "| target | seconds | inputs | findings |\n|---|---|---|---|"
	}
	{
		if (!($2 in s))
			order[++n] = $2
		s[$2] += $3; runs[$2] += $4; bad[$2] += $5
	}
	END {
		for (i = 1; i <= n; i++) {
			t = order[i]
			printf "| %s | %d | %.0f | %d |\n", t, s[t], runs[t],
			    bad[t]
		}
	}' tests/fuzz/done.tsv >>"$OUT.new"
mv "$OUT.new" "$OUT"
exit $rc
