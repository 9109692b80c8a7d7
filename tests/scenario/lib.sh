# What the scenarios share: TAP, a place of their own (the working folder $W),
# and running a command with everything it says kept beside it.  Sourced from
# the repository root.
#
#   run CMD ...        standard input empty, no terminal: $rc, $T/out, $T/err
#   run_in FILE CMD    the same with standard input from FILE
#   want RC DESC CMD   run, and its exit code must be RC
#   ok DESC CMD ...    a test that passes when the command succeeds
#   out_is, out_has, err_has, err_none ...   about the last run
#   finish             the plan

set -u
SANDYQ=${SANDYQ:-$PWD/build/sandyq}
SANDYQ_VERIFY=${SANDYQ_VERIFY:-$PWD/build/sandyq-verify}
case $SANDYQ in /*) ;; *) SANDYQ=$PWD/$SANDYQ ;; esac
case $SANDYQ_VERIFY in /*) ;; *) SANDYQ_VERIFY=$PWD/$SANDYQ_VERIFY ;; esac
LC_ALL=C.UTF-8
export LC_ALL
unset SANDYQ_VAULT
umask 022

T=$(mktemp -d "${TMPDIR:-/tmp}/sandyq-t.XXXXXX") || exit 1
trap 'chmod -R u+rwX "$T" 2>/dev/null; rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM
W=$T/w
mkdir "$W" && cd "$W" || exit 1
tests=0
rc=0

if [ ! -x "$SANDYQ" ]; then
	echo "1..0 # SKIP $SANDYQ is not built"
	exit 0
fi

ok()
{
	tests=$((tests + 1))
	desc=$1
	shift
	if "$@" >"$T/.ok" 2>&1; then
		echo "ok $tests - $desc"
		return 0
	fi
	echo "not ok $tests - $desc"
	{
		echo "failed: $*"
		cat "$T/.ok"
		echo "rc=$rc, out:"
		head -c 2000 "$T/out"
		echo "err:"
		head -c 2000 "$T/err"
	} 2>/dev/null | sed 's/^/# /' >&2
	return 1
}

skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

finish()
{
	echo "1..$tests"
}

run()
{
	setsid -w "$@" </dev/null >"$T/out" 2>"$T/err"
	rc=$?
}

run_in()
{
	input=$1
	shift
	setsid -w "$@" <"$input" >"$T/out" 2>"$T/err"
	rc=$?
}

want()
{
	code=$1
	what=$2
	shift 2
	run "$@"
	ok "$what (exit $code)" [ "$rc" -eq "$code" ]
}

want_in()
{
	code=$1
	what=$2
	input=$3
	shift 3
	run_in "$input" "$@"
	ok "$what (exit $code)" [ "$rc" -eq "$code" ]
}

out_is()
{
	printf '%s\n' "$2" >"$T/.want"
	ok "$1" cmp "$T/.want" "$T/out"
}

out_has()
{
	ok "$1" grep -qF -e "$2" "$T/out"
}

out_lacks()
{
	ok "$1" lacks "$2" "$T/out"
}

err_has()
{
	ok "$1" grep -qF -e "$2" "$T/err"
}

err_none()
{
	ok "$1" [ ! -s "$T/err" ]
}

out_none()
{
	ok "$1" [ ! -s "$T/out" ]
}

lacks()
{
	! grep -qF -e "$1" "$2"
}

not()
{
	! "$@"
}

# json FILE KEY: the first scalar of that name in a compact document.
json()
{
	sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p; s/.*\"$2\":\([-0-9a-z][-0-9a-z]*\).*/\1/p" \
	    "$1" | head -n 1
}

# one_doc FILE: exactly one line, an object or an array.
one_doc()
{
	[ "$(wc -l <"$1")" -eq 1 ] && grep -Eq '^[[{].*[]}]$' "$1"
}

# sums DIR: the content of every file of a vault.
sums()
{
	(cd "$1" && find . -type f ! -name LOCK -exec sha256sum {} + | sort)
}

# unchanged DESC DIR: as when remember was called.
remember()
{
	sums "$1" >"$T/.sums"
}

unchanged()
{
	sums "$2" >"$T/.sums2"
	ok "$1" cmp "$T/.sums" "$T/.sums2"
}

printf 'correct horse\n' >pw
printf 'battery staple\n' >pw2
printf 'wrong\n' >wrong
CHEAP="--kdf-memory 64 --kdf-passes 3 --kdf-lanes 4"

# new_vault DIR: a vault with cheap costs, and $SANDYQ_VAULT pointing at it.
new_vault()
{
	# shellcheck disable=SC2086
	setsid -w "$SANDYQ" --quiet --vault "$1" --passphrase-file pw init \
	    $CHEAP </dev/null >/dev/null || echo "Bail out! init failed"
	SANDYQ_VAULT=$PWD/$1
	export SANDYQ_VAULT
}

# s WORDS ...: sandyq with the passphrase of the vault; sj the same as JSON.
s()
{
	setsid -w "$SANDYQ" --passphrase-file "$W/pw" "$@" </dev/null
}

sj()
{
	setsid -w "$SANDYQ" --passphrase-file "$W/pw" --json "$@" </dev/null
}
S="$SANDYQ --passphrase-file $W/pw"
J="$SANDYQ --passphrase-file $W/pw --json"

# talk LOG CMD: run CMD (a line of sh) on a terminal of its own; standard
# input, a file, has lines "expected|answer".  The exit code is that of CMD.
talk()
{
	log=$1
	rm -f "$T/.in"
	mkfifo "$T/.in"
	: >"$log"
	TERM=xterm timeout 60 script -qefc "$2" "$log" <"$T/.in" >/dev/null 2>&1 &
	pid=$!
	exec 9>"$T/.in"
	at=0
	while IFS='|' read -r expected answer; do
		i=0
		until tail -c +$((at + 1)) "$log" | grep -qF -e "$expected"; do
			i=$((i + 1))
			[ $i -gt 150 ] && break
			sleep 0.1
		done
		at=$(wc -c <"$log")
		[ -n "$expected" ] || sleep 0.2
		printf '%s\n' "$answer" >&9
	done
	exec 9>&-
	wait $pid
	rc=$?
	cp "$log" "$T/out"
	: >"$T/err"
}
