#!/bin/sh
# Each kind of line has one home: DESIGN, "Where a line lives".
set -u
here=$(dirname "$0")
rc=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
files=$(find crypto vault cli -name '*.[ch]' | sort)
perl "$here/code.pl" $files >"$tmp/code"
perl "$here/code.pl" -s $files >"$tmp/strings"

# home WHAT PLACE HOME PATTERN [strings]: PATTERN is WHAT and lives in PLACE,
# the files that match HOME, alone.
home()
{
	grep -E ":.*($4)" "$tmp/${5:-code}" |
	    grep -Ev "^($3):[0-9]+:" >"$tmp/hits" || return 0
	awk -F: -v what="$1" -v where="$2" '
	    { print $1 ":" $2 ": " what ": lives in " where }' "$tmp/hits"
	rc=1
}

# call NAME...: one of these functions is called, not a member of that name.
call()
{
	printf '(^|[^A-Za-z0-9_>.])(%s) ?\\(' "$(echo "$*" | tr ' ' '|')"
}
ui='cli/(ui|tui)(_[a-z]+)?\.c'

home 'SQL text' vault/store/sql.h 'vault/store/sql\.h' \
    '"[^"]*(SELECT |INSERT (INTO|OR) |UPDATE [a-z_]+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIRTUAL|TRIGGER|UNIQUE)|DROP TABLE|ALTER TABLE|PRAGMA |ROLLBACK|BEGIN IMMEDIATE|ATTACH |VACUUM)' \
    strings
home SQLite vault/store/db.c 'vault/store/db(_[a-z]+)?\.[ch]' \
    '\bsqlite3(_[a-z0-9_]+)?\b|sqlite3\.h'
home 'a call of libsodium, argon2 or libcrypto' crypto/ 'crypto/[a-z0-9_]+\.[ch]' \
    '<(sodium|argon2)[.a-z_/]*>|<openssl/|\b(sodium|randombytes|argon2(id)?|crypto_(sign|box|aead|hash|generichash|auth|scalarmult|secret|stream|kdf|pwhash|onetimeauth|core|verify))_[a-z0-9_]+ ?\(|\b(EVP|HMAC|TS|CRYPTO|RAND)_[A-Za-z0-9_]+ ?\('
home randomness 'crypto/bytes.c and secret.c' 'crypto/(bytes|secret)\.c' \
    "$(call 'randombytes_[a-z]+' getrandom getentropy rand random srand \
    srandom drand48 'arc4random[a-z_]*' 'RAND_[a-z_]+')"
home 'a random device' 'no file' 'nowhere' '/dev/u?random' strings
home 'the start of a thread' vault/thread.c 'vault/thread\.c' \
    "$(call pthread_create thrd_create sched_setscheduler)"
# the terminal is opened where it is asked; secret memory has a length
home 'open, rename, unlink, fsync and kin' vault/fsio.c \
    'vault/fsio(_[a-z]+)?\.c|cli/pass\.c|crypto/secret\.c' \
    "$(call open openat openat2 creat rename renameat renameat2 unlink \
    unlinkat remove rmdir mkdir mkdirat fsync fdatasync syncfs sync \
    ftruncate truncate fopen fdopen freopen link linkat symlink symlinkat \
    mkstemp mkdtemp tmpfile opendir fdopendir flock)"
home 'output to the terminal' cli/ui.c "$ui" \
    "$(call printf puts putchar perror vprintf fprintf fputs fputc putc \
    fwrite vfprintf dprintf vdprintf)|\b(stdout|stderr)\b"
# a callback of that name takes its argument, arg, first
home 'a bare write' 'vault/fsio.c, cli/ui.c, cli/pass.c, probe_out.c' \
    "vault/fsio(_[a-z]+)?\.c|cli/pass\.c|vault/probe/probe_out\.c|$ui" \
    "$(call write writev pwrite)([^a]|a[^r]|ar[^g])"
home 'an escape code' cli/ui.c "$ui" '\\x1[bB]|\\033|\\e\[' strings
# the sandbox leaves it open
home 'the terminal device' cli/pass.c 'cli/pass\.c|vault/sandbox\.c' \
    '/dev/tty' strings
home 'the modes of the terminal' cli/pass.c 'cli/(pass|tui[a-z_]*)\.c' \
    "$(call tcgetattr tcsetattr getpass readpassphrase)"
home exit 'cli/main.c and verify_main.c' 'cli/(main|verify_main)\.c' \
    "$(call exit quick_exit _Exit)|<err\.h>"
home abort crypto/ 'crypto/[a-z0-9_]+\.c' "$(call abort)"
home ICU 'vault/record/text.c and names.c' 'vault/record/(text|names)\.c' \
    '<unicode/|\bu(norm2?|brk|loc|col|str|script|text|trans|sprep|scrpt)_[A-Za-z0-9]+ ?\('
# sandyq-verify knows no vault
home 'the clock' 'vault_now() in vault/vault.c' \
    'vault/vault\.c|cli/verify_main\.c' \
    "$(call time clock_gettime gettimeofday timespec_get clock ftime)"
home jansson 'crypto/entry.c, vault/ and cli/' \
    '(crypto/entry(_[a-z]+)?|vault/[a-z_/]+|cli/[a-z_]+)\.[ch]' \
    '<jansson\.h>'
home 'line editing' cli/ 'cli/[a-z_]+\.c' '<(editline|histedit)[a-z./]*>'
home 'the network' 'no file' 'nowhere' \
    "<(sys/socket|netdb|netinet/in|arpa/inet)\.h>|$(call socket getaddrinfo \
    gethostbyname)"
home 'a reader of foreign media' 'sandyq-probe, vault/probe/' \
    'vault/probe/probe_[a-z]+\.c' \
    '<(magic\.h|libexif/|MediaInfo|libav)|\b(magic|exif|MediaInfo)_[A-Za-z_]+ ?\('
home 'QR codes' vault/bundle/qr.c 'vault/bundle/qr\.c' \
    '<qrencode\.h>|\bQR(code|input)_[A-Za-z_]+ ?\('
home seccomp 'vault/sandbox.c and probe_jail.c' \
    'vault/(sandbox|probe/probe_jail)\.c' \
    '<seccomp\.h>|\bseccomp_[a-z_]+ ?\('
home 'another program' 'vault/probe.c and viewer*.c' \
    'vault/(probe|viewer(_launch)?)\.c' \
    "$(call fork vfork clone 'exec[vl]p?e?' execveat fexecve 'posix_spawnp?')"
home 'a shell' 'no file' 'nowhere' "$(call system popen)"
home 'an unbounded string call' 'no file' 'nowhere' \
    "$(call strcpy strcat sprintf vsprintf gets alloca stpcpy atoi atol atof)"
exit $rc
