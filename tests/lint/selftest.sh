#!/bin/sh
# Every rule is able to fail: in a small tree of its own each rule meets one
# violation of each kind and must name it, with its file and line.
set -u
here=$(cd "$(dirname "$0")" && pwd)
CC=${CC:-gcc}
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
cd "$tree" || exit 1
mkdir -p crypto vault/store vault/record vault/bundle vault/probe cli docs/man tests \
    b/obj/crypto b/obj/vault/store
# The environment of the caller must not excuse anything here.
unset SAN
export B=b CC
rc=0

# expect RULE COMPLAINT...: the rule fails and says each of these.
expect()
{
	rule=$1
	shift
	if sh "$here/$rule.sh" >said 2>&1; then
		echo "tests/lint/$rule.sh:1: let every violation pass"
		rc=1
		return
	fi
	for what in "$@"; do
		grep -qF -e "$what" said && continue
		echo "tests/lint/$rule.sh:1: did not say \"$what\""
		rc=1
	done
}

# quiet RULE: the rule has nothing to say.
quiet()
{
	sh "$here/$1.sh" >said 2>&1 && [ ! -s said ] && return
	echo "tests/lint/$1.sh:1: complains of what is right:" \
	    "$(head -n 1 said)"
	rc=1
}

# --- homes: a line each, in a file that is nobody's home; then the same
# words where they are harmless.
cat >vault/bundle/bad.c <<'C'
const char *q = "SELECT 1";
void a(void) { sqlite3_close(0); }
void b(void) { sodium_init(); }
void c(void) { randombytes_buf(p, n); }
const char *r = "/dev/urandom";
void d(void) { if (open("x", 0) < 0) fsync(1); }
void e(void) { printf("x"); }
void f(void) { write(1, "x", 1); }
const char *s = "\x1b[1m";
const char *t = "/dev/tty";
void g(void) { tcsetattr(0, 0, 0); }
void h(void) { exit(1); }
void i(void) { abort(); }
#include <unicode/unorm2.h>
void j(void) { time(0); }
void k(void) { socket(1, 2, 3); }
void l(void) { system("x"); }
void m(void) { strcpy(a, b); }
#include <editline/readline.h>
void n(void) { magic_open(0); }
void o(void) { seccomp_load(0); }
void p(void) { execve(0, 0, 0); }
void q(void) { QRcode_free(0); }
void r(void) { pthread_create(&t, 0, q, 0); }
C
echo '#include <jansson.h>' >crypto/sign.c
expect homes 'bad.c:1: SQL text' 'bad.c:2: SQLite' 'bad.c:3: a call of libsod' \
    'bad.c:4: randomness' 'bad.c:5: a random device' 'bad.c:6: open, rename' \
    'bad.c:7: output' 'bad.c:8: a bare write' 'bad.c:9: an escape code' \
    'bad.c:10: the terminal device' 'bad.c:11: the modes' 'bad.c:12: exit' \
    'bad.c:13: abort' 'bad.c:14: ICU' 'bad.c:15: the clock' \
    'bad.c:16: the network' 'bad.c:17: a shell' 'bad.c:18: an unbounded' \
    'bad.c:19: line editing' 'bad.c:20: a reader of foreign media' \
    'bad.c:21: seccomp' 'bad.c:22: another program' 'bad.c:23: QR codes' \
    'bad.c:24: the start of a thread' \
    'crypto/sign.c:1: jansson'
cat >vault/bundle/bad.c <<'C'
/* open(x), exit(1) and SELECT in words */
const char *q = "please open( the printf( box";
void a(void) { w->write(arg, 1); snprintf(p, n, "x"); s.time(0); }
C
rm crypto/sign.c
quiet homes

# --- layers
inc() { printf '#include "%s"\n' "$2" >"$1"; }
inc crypto/merkle.c vault/fsio.h
inc crypto/err.c crypto/kdf.h
inc vault/record/consent.c cli/ui.h
inc vault/fsio.c vault/store/db.h
inc vault/thread.c vault/fsio.h
inc vault/store/log.c vault/record/model.h
inc vault/record/model.c vault/record/record.h
inc vault/record/record.c vault/bundle/tar.h
inc vault/bundle/verify.c vault/store/db.h
inc vault/bundle/export.c vault/vault.h
inc cli/cmd_add.c vault/store/db.h
inc cli/verify_main.c vault/vault.h
inc cli/ui.c ui.h
inc crypto/note.c crypto/age_int.h
inc vault/probe/probe_a.c crypto/err.h
inc vault/probe.c vault/fsio.h
inc vault/vault_a.c vault/probe/probe_int.h
expect layers 'crypto/merkle.c:1: ' 'crypto/err.c:1: ' \
    'vault/record/consent.c:1: ' 'vault/fsio.c:1: ' 'vault/store/log.c:1: ' \
    'vault/record/model.c:1: ' 'vault/record/record.c:1: ' \
    'vault/bundle/verify.c:1: ' 'vault/bundle/export.c:1: ' \
    'cli/cmd_add.c:1: ' 'cli/verify_main.c:1: ' 'cli/ui.c:1: ' \
    'crypto/note.c:1: ' 'vault/probe/probe_a.c:1: ' 'vault/probe.c:1: ' \
    'vault/vault_a.c:1: ' 'vault/thread.c:1: '
find crypto vault cli -name '*.c' -exec rm {} +
inc cli/cmd_add.c vault/vault.h
inc crypto/age_x.c crypto/age_int.h
quiet layers
rm cli/cmd_add.c crypto/age_x.c

# --- headers and contracts
cat >crypto/good.h <<'C'
/* What it is. */
#ifndef SQ_CRYPTO_GOOD_H
#define SQ_CRYPTO_GOOD_H
struct good {
	int (*call)(int);
};

/** good_one(x): does. */
int good_one(int x);

/** good_a(x) and its kin: do. */
int good_a(int x);
int good_b(struct good *g,
    int x);
#endif
C
quiet headers
quiet contracts
cat >crypto/bad.h <<'C'
#ifndef SQ_OTHER_H
#define SQ_OTHER_H
int bad_one(size_t n);

/** bad_two(x): does. */
int bad_two(int x);
int bad_three(int x);
#endif
C
expect headers 'crypto/bad.h:3:' 'crypto/bad.h:1: has no guard' \
    'crypto/bad.h:1: does not open'
expect contracts 'crypto/bad.h:3: bad_one' 'crypto/bad.h:7: bad_three'
rm crypto/*.h

# --- size
{
	printf 'int\nlong_one(void)\n{\n'
	yes '	x();' | head -n 56
	printf '}\n'
} >vault/a.c
quiet size
sed -i 's/^}/	x();\n}/' vault/a.c
yes 'int x;' | head -n 501 >vault/b.c
printf '\t%073d;\n \n' 1 >vault/c.c
expect size 'vault/a.c:1: function of 61' 'vault/b.c:501: file of 501' \
    'vault/c.c:1: 82 columns' 'vault/c.c:2: white space'
rm vault/*.c

# --- secrets
printf 'uint8_t pubkey[32];\nconst char *pass;\n' >cli/a.c
quiet secrets
printf 'int x;\n\tuint8_t master_key[32];\n\tchar passphrase[99];\n' >cli/a.c
expect secrets 'cli/a.c:2: a secret' 'cli/a.c:3: a secret'
rm cli/a.c

# --- man pages
expect man 'docs/man:1: holds no'
cat >docs/man/sandyq.1 <<'M'
.Dd January 1, 2026
.Dt SANDYQ 1
.Os
.Sh NAME
.Nm sandyq
.Nd chest
.Sh COMMANDS
.Bl -tag -width Ds
.It Ic add
Adds.
.El
M
printf '\t{ "add", cmd_add,\n\t{ "lose", cmd_lose,\n' >cli/main.c
expect man 'cli/main.c:2: command lose has no entry'
sed -i 2d cli/main.c
quiet man
if command -v mandoc >/dev/null 2>&1; then
	echo '.Xx unknown' >>docs/man/sandyq.1
	expect man 'sandyq.1:12:'
fi
rm cli/main.c docs/man/sandyq.1

# --- tree
echo 'see https://example.org/work/ or ~/home/x' >docs/a.md
quiet tree
printf 'deb http://%s.%s.org/x\n/%s/main/x\n%s: later\n' deb debian work \
    TO''DO >docs/a.md
expect tree 'docs/a.md:1: names a package' 'docs/a.md:2: names a folder' \
    'docs/a.md:3: leaves something'
rm docs/a.md

# --- what was built
cc() { $CC "$@" -w 2>&1 || { echo "selftest: no compiler"; exit 1; }; }
echo 'int good_x; int good(void) { return 0; } int other(void) { return 1; }' \
    >crypto/good_more.c
cc -c -o b/obj/crypto/good_more.o crypto/good_more.c
expect exports 'crypto/good_more.c:1: exports other;'
if grep -q good_x said; then
	echo "tests/lint/exports.sh:1: refuses good_x of good_more.c"
	rc=1
fi

echo 'int log_add(void) { return 0; }' >vault/store/log.c
cc -c -o b/obj/vault/store/log.o vault/store/log.c
echo 'int log_add(void); int main(void) { return log_add(); }' >m.c
cc -no-pie -fno-stack-protector -fcf-protection=none -U_FORTIFY_SOURCE \
    -Wl,-z,norelro,-z,lazy,-z,execstack,-z,noseparate-code,-rpath,/x \
    -o b/sandyq m.c vault/store/log.c
expect hard 'b/sandyq:1: is not position' 'b/sandyq:1: is not marked PIE' \
    'has no RELRO' 'has no full RELRO' 'an executable stack' 'mixes code' \
    'no stack protector' 'no fortified call' 'library search path' \
    'b/sandyq-verify:1: is not built'
if [ "$(uname -m)" = x86_64 ]; then
	expect hard 'shadow stack'
fi
expect verifier 'b/sandyq-verify:1: is not built'
cc -Wl,--no-as-needed -o b/sandyq-verify m.c vault/store/log.c -lsqlcipher
cc -Wl,--no-as-needed -o b/sandyq m.c vault/store/log.c -lmagic
expect verifier 'links libsqlcipher' 'holds log_add of vault/store/log.o' \
    'b/sandyq:1: links libmagic'

echo 'crypto/x.c:1:2: warning: something' >b/obj/crypto/x.warn
MAKE=true expect warnings 'crypto/x.c:1:2: warning'
exit $rc
