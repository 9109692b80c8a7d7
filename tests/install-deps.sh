#!/bin/sh
# Install what Sandyq is built and tested with, where something is missing.
#
#   sh tests/install-deps.sh            do it (what make deps runs)
#   sh tests/install-deps.sh --list     print the packages, one a line
#   sh tests/install-deps.sh --derive DIR CODENAME
#                                       print the source entries derived from
#                                       the configuration DIR (/etc/apt)
#
# With everything in place it asks nobody, needs no network and no root.
# No source list of the system is changed: apt gets a temporary copy, on
# Debian 12 with an entry for backports (SQLCipher 4.6) derived from the very
# mirror that this machine uses already.
set -u

PKG_BUILD="gcc libc6-dev make pkgconf libsqlcipher-dev libsodium-dev
libargon2-dev libssl-dev libjansson-dev libicu-dev libedit-dev libmagic-dev
libmediainfo-dev libexif-dev libseccomp-dev libexpat1-dev zlib1g-dev libqrencode-dev"
PKG_TEST="libcmocka-dev age minisign openssh-client openssl
sqlcipher libarchive-tools perl strace mandoc binutils"
# The minor number of SQLite tells SQLCipher's: 4.6.0 stands on 3.45.3.
MODULES="sqlcipher >= 3.45.3 libsodium >= 1.0.18 libargon2 libcrypto >= 3.0
jansson >= 2.14 icu-i18n icu-uc libedit libmagic libmediainfo libexif
libseccomp expat zlib libqrencode cmocka"
COMMANDS="cc:gcc gcc make pkg-config age age-keygen minisign ssh-keygen openssl
sqlcipher bsdtar prove strace mandoc readelf nm"
OS_RELEASE=${SANDYQ_OS_RELEASE:-/etc/os-release}

say()
{
	printf 'deps: %s\n' "$*" >&2
}

# What is missing, as words; nothing if all is there.
missing()
{
	for c in $COMMANDS; do
		command -v "${c#*:}" >/dev/null 2>&1 || echo "${c#*:}"
	done
	if command -v pkg-config >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		pkg-config --exists $MODULES 2>/dev/null || echo libraries
	fi
}

# Entries for CODENAME-backports out of the configuration folder $1, each
# from an entry that offers CODENAME main there: one-line form.
derive_list()
{
	for f in "$1"/sources.list "$1"/sources.list.d/*.list; do
		[ -f "$f" ] || continue
		sed -n 's/\[[[:space:]]*/[/; s/[[:space:]]*\]/]/
		    s/^[[:space:]]*deb[[:space:]]\{1,\}//p' "$f"
	done | awk -v code="$2" '{
		sub(/#.*/, "")
		opt = ""
		if (substr($0, 1, 1) == "[") {
			i = index($0, "]")
			opt = substr($0, 1, i) " "
			$0 = substr($0, i + 1)
		}
		main = 0
		for (i = 3; i <= NF; i++)
			if ($i == "main")
				main = 1
		line = "deb " opt $1 " " code "-backports main"
		if ($2 == code && main && $1 !~ /^cdrom:/ && !seen[line]++)
			print line
	}'
}

# The same in deb822 form: the stanza again with other suites.
derive_sources()
{
	for f in "$1"/sources.list.d/*.sources; do
		[ -f "$f" ] || continue
		sed '/^#/d; s/[[:space:]]*$//' "$f"
		echo
	done | awk -v code="$2" 'BEGIN { RS = ""; FS = "\n" } {
		f = ""
		out = ""
		delete v
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^[A-Za-z-]+:/) {
				f = tolower(substr($i, 1, index($i, ":") - 1))
				v[f] = substr($i, index($i, ":") + 1) " "
			} else
				v[f] = v[f] $i " "
			if (f !~ /^(types|suites|components|enabled)$/)
				out = out $i "\n"
		}
		if (" " v["types"] !~ / deb / ||
		    index(" " v["suites"], " " code " ") == 0 ||
		    index(" " v["components"], " main ") == 0 ||
		    tolower(v["enabled"]) ~ /no|false|off|0/)
			next
		print "Types: deb\nSuites: " code "-backports"
		print "Components: main\n" out
	}'
}

# Copy the sources of the system into $1/parts and add the derived ones.
make_sources()
{
	[ -f /etc/apt/sources.list ] &&
	    cp /etc/apt/sources.list "$1/parts/00-system.list"
	for f in /etc/apt/sources.list.d/*.list \
	    /etc/apt/sources.list.d/*.sources; do
		[ -f "$f" ] && cp "$f" "$1/parts/"
	done
	[ "$2" = bookworm ] || return 0
	derive_list /etc/apt "$2" >"$1/parts/zz-backports.list"
	derive_sources /etc/apt "$2" >"$1/parts/zz-backports.sources"
	cat "$1"/parts/zz-backports.* | grep -q . || {
		say "no entry in /etc/apt offers Debian $2 main, so none for" \
		    "its backports can be derived; install these by hand:" \
		    $wanted
		return 1
	}
}

# Packages of the list that are not installed; on Debian 12 SQLCipher also
# when it is older than the one of backports.
wanted()
{
	for p in $PKG_BUILD $PKG_TEST; do
		s=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$p" \
		    2>/dev/null)
		case $p in
		*sqlcipher*)
			if [ "${s%% *}" = installed ] &&
			    dpkg --compare-versions "${s#* }" ge 4.6; then
				continue
			fi
			echo "$p${1:+/$1}"
			;;
		*)
			[ "${s%% *}" = installed ] || echo "$p"
			;;
		esac
	done
}

apt()
{
	# shellcheck disable=SC2086
	$as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q \
	    -o Dir::Etc::sourcelist=/dev/null \
	    -o Dir::Etc::sourceparts="$tmp/parts" \
	    -o Dir::State::lists="$tmp/lists" \
	    -o Dir::Cache="$tmp/cache" \
	    -o Acquire::Retries=1 -o Acquire::http::Timeout=30 \
	    -o Acquire::https::Timeout=30 -o Acquire::Languages=none \
	    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

cleanup()
{
	trap - EXIT
	$as_root rm -rf "$tmp"
}

install()
{
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/sandyq-deps.XXXXXX") || return 1
	trap cleanup EXIT
	trap 'exit 1' HUP INT TERM
	chmod 755 "$tmp"
	mkdir -p "$tmp/parts" "$tmp/lists/partial" "$tmp/cache/archives/partial"
	make_sources "$tmp" "$1" || return 1
	say "reading the package lists of this machine's mirror"
	# One source of many may fail; what matters is whether the packages
	# can be had.
	apt update >"$tmp/log" 2>&1
	say "installing" $wanted
	# shellcheck disable=SC2086
	apt install -y --no-install-recommends --no-remove $wanted \
	    2>>"$tmp/log" | tee -a "$tmp/log" |
	    sed -n 's/^Setting up \([^ ]*\).*/deps:   \1/p' >&2
	[ -z "$(missing)" ] && return 0
	why=$(sed -n 's/^[EW]: //p' "$tmp/log" | head -n 1)
	say "could not install them: ${why:-still missing:" \
	    "$(echo $(missing))}. Is this machine online?"
	return 1
}

case ${1:-} in
--list)
	printf '%s\n' $PKG_BUILD $PKG_TEST
	exit 0
	;;
--derive)
	derive_list "$2" "$3"
	derive_sources "$2" "$3"
	exit 0
	;;
esac

[ -z "$(missing)" ] && exit 0

os=$(. "$OS_RELEASE" 2>/dev/null; echo "${ID:-} ${VERSION_ID:-}")
case $os in
"debian 12")
	code=bookworm
	wanted=$(wanted bookworm-backports)
	;;
"debian 13")
	code=trixie
	wanted=$(wanted)
	;;
*)
	say "this system is neither Debian 12 nor 13, so install by hand what" \
	    "it calls these packages (SQLCipher 4.6 or newer), then try" \
	    "again; missing: $(echo $(missing))"
	"$0" --list 2>/dev/null || sh "$0" --list
	exit 1
	;;
esac
if [ -z "$wanted" ]; then
	say "all packages are installed, yet these are not found:" \
	    "$(echo $(missing))"
	exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
	command -v sudo >/dev/null 2>&1 || {
		say "packages are missing and there is no sudo; run as root:" \
		    "sh tests/install-deps.sh"
		exit 1
	}
	say "asking sudo for the right to install packages"
fi
install "$code"
