#!/bin/sh
# What install-deps.sh makes of a machine's configuration; it installs nothing
# here and must not be able to.
set -u
deps=tests/install-deps.sh
n=0
t=$(mktemp -d) || exit 1
trap 'rm -rf "$t"' EXIT
mkdir -p "$t/apt/sources.list.d" "$t/empty" "$t/bin"

ok()
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
	fi
}

echo 1..12
PATH=$PATH sh $deps >"$t/out" 2>&1
ok $? 'nothing to do where everything is installed'
[ ! -s "$t/out" ]
ok $? 'and nothing to say'

cat >"$t/apt/sources.list" <<'L'
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm main contrib
deb-src http://source.example/debian bookworm main
deb http://sec.example/debian-security bookworm-security main
deb http://other.example/debian bookworm other
deb cdrom:[Debian]/ bookworm main
L
cat >"$t/apt/sources.list.d/two.sources" <<'L'
# deb http://x.example/debian bookworm main
Types: deb deb-src
URIs: http://two.example/debian
Suites: bookworm bookworm-updates
Components: main non-free-firmware
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

types: deb
uris: http://sec.example/debian-security
suites: bookworm-security
components: main
L
sh $deps --derive "$t/apt" bookworm >"$t/out"
grep -qxF 'deb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm-backports main' "$t/out"
ok $? 'one-line entry: same mirror and options, suite of backports'
grep -A 3 -xF 'Suites: bookworm-backports' "$t/out" |
    grep -qxF 'URIs: http://two.example/debian'
ok $? 'deb822 entry: same mirror, suite of backports'
grep -qxF ' abc' "$t/out"
ok $? 'deb822 entry: its key comes along'
[ "$(grep -c '^deb ' "$t/out")" -eq 1 ] &&
    [ "$(grep -c '^URIs:' "$t/out")" -eq 1 ]
ok $? 'one entry each'
! grep -Eq 'commented|source\.example|sec\.example|other\.|off\.|x\.example|cdrom' "$t/out"
ok $? 'no entry from sources, security, other components, disabled ones'
[ -z "$(sh $deps --derive "$t/empty" bookworm)" ]
ok $? 'nothing is derived from nothing'

# A machine without the packages: only the shell's own tools are found.
for c in sh env cat sed awk grep head printf mktemp rm id echo dirname; do
	ln -s "$(command -v $c)" "$t/bin/$c" 2>/dev/null
done
printf 'ID=fedora\nVERSION_ID=41\n' >"$t/os"
PATH=$t/bin SANDYQ_OS_RELEASE=$t/os sh $deps >"$t/out" 2>"$t/err"
[ $? -ne 0 ]
ok $? 'another system: stops'
grep -q 'neither Debian 12 nor 13' "$t/err" && [ "$(wc -l <"$t/err")" -eq 1 ]
ok $? 'and says so in one sentence'
sh $deps --list >"$t/list"
cmp -s "$t/list" "$t/out" && grep -qx libsqlcipher-dev "$t/out"
ok $? 'and prints the exact packages'
[ "$(ls "$t/apt/sources.list.d")" = two.sources ]
ok $? 'no source list was added'
