#!/bin/sh
# The program tried from inside: a library loaded into it makes the attempts
# at its end, when the vault is open and hostile bytes could have taken it
# over.  The same library outside of a sandbox shows that they would work.
. tests/scenario/lib.sh

cat >try.c <<'E2'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Called once the vault's lock is released: the last thing but one. */
static void
tries(void)
{
	const char *dir = getenv("TRY_DIR");
	char path[512];
	int to, fd;

	if (dir == NULL || (to = atoi(getenv("TRY_FD"))) < 3)
		return;
	(void)snprintf(path, sizeof(path), "%s/leak", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	dprintf(to, "write %s\n", fd < 0 ? "no" : "yes");
	fd = socket(AF_INET, SOCK_STREAM, 0);
	dprintf(to, "socket %s\n", fd < 0 ? "no" : "yes");
	fd = open(getenv("TRY_VAULT"), O_WRONLY);
	dprintf(to, "vault %s\n", fd < 0 ? "no" : "yes");
	dprintf(to, "exec %s\n", access("/bin/sh", X_OK) == 0 &&
	    execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL) < 0 ?
	    "no" : "yes");
}

/* What starts viewers is outside: have it start a shell with words of ours. */
static void
misuse_launcher(void)
{
	static const struct { unsigned stream, len; } ask = { 1, 7 };
	static const char *const order = "echo x >\"$TRY_DIR\"/launched\n";
	unsigned n = (unsigned)strlen(order), end = 0;
	char path[64], to[64];

	if (getenv("TRY_LAUNCH") == NULL)
		return;
	for (int fd = 3; fd < 64; fd++) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		memset(to, 0, sizeof(to));
		if (readlink(path, to, sizeof(to) - 1) < 0 ||
		    strncmp(to, "pipe:", 5) != 0 ||
		    (fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY ||
		    (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0)
			continue;
		/* as it was when the name of the viewer went this way */
		(void)write(fd, &ask, sizeof(ask));
		(void)write(fd, "/bin/sh", 7);
		(void)write(fd, &n, sizeof(n));
		(void)write(fd, order, n);
		(void)write(fd, &end, sizeof(end));
		/* and as it is */
		(void)write(fd, &ask.stream, sizeof(ask.stream));
		(void)write(fd, &n, sizeof(n));
		(void)write(fd, order, n);
		(void)write(fd, &end, sizeof(end));
	}
}

__attribute__((destructor)) static void
fini(void)
{
	tries();
}

/* The first answer of a shell: the vault is open, the launcher waits. */
int
fflush(FILE *f)
{
	static int been;

	if (f == stdout && !been++)
		misuse_launcher();
	return fflush_unlocked(f);
}
E2
if ! cc -shared -fPIC -o try.so try.c 2>/dev/null; then
	echo "1..0 # SKIP no compiler"
	exit 0
fi
if [ -n "${SAN:-}" ]; then
	echo "1..0 # SKIP sanitizers must be loaded before the attempts are"
	exit 0
fi

new_vault v.sandyq
printf 'place: Ulgi\n\nWhat the witness said.\n' >t.txt
ok "a record" s add testimony --from t.txt
mkdir elsewhere named

# tries LABEL CMD ...: run with the library; what it could do is in tried
tries()
{
	rm -f tried elsewhere/leak
	(
		exec 7>tried
		TRY_FD=7 TRY_DIR=$W/elsewhere TRY_VAULT=$W/v.sandyq/STATE.0 \
		    LD_PRELOAD=$W/try.so "$@" </dev/null >"$T/out" 2>"$T/err"
	)
}

tries /bin/ls
ok "outside of the sandbox it can write" grep -qx 'write yes' tried
ok "and open a socket" grep -qx 'socket yes' tried
tries "$SANDYQ" --passphrase-file pw --json status
if grep -q '"files":false' "$T/out"; then
	skip "the rest" "this kernel has no Landlock"
	finish
	exit 0
fi
ok "status says what holds" grep -q \
    '"sandbox":{"files":true,"landlock":[0-9]*,"network":true}' "$T/out"
ok "status: no file elsewhere" grep -qx 'write no' tried
ok "status: no socket" grep -qx 'socket no' tried
ok "status: the vault can be written" grep -qx 'vault yes' tried
ok "status: no program" grep -qx 'exec no' tried
ok "nothing is there" not test -e elsewhere/leak

for cmd in "list" "show T-1" "search said" "add testimony text=x place=y" \
    "check" "key card -o named/card.txt"; do
	# shellcheck disable=SC2086
	tries "$SANDYQ" --passphrase-file pw $cmd
	ok "$cmd: no file elsewhere" grep -qx 'write no' tried
	ok "$cmd: no socket" grep -qx 'socket no' tried
done
ok "the named output is there" test -s named/card.txt

s key new -o me.key >/dev/null
tries "$SANDYQ" seal t.txt --to "$(s key public me.key)" -o named/t.age
ok "seal: no file elsewhere" grep -qx 'write no' tried
tries "$SANDYQ" unseal named/t.age -i me.key -o named/t.txt
ok "unseal: no file elsewhere" grep -qx 'write no' tried
ok "unseal: what was sealed" cmp t.txt named/t.txt
tries "$SANDYQ_VERIFY" named/t.age -i me.key
ok "sandyq-verify: no file elsewhere" grep -qx 'write no' tried
ok "sandyq-verify: no socket" grep -qx 'socket no' tried

# A viewer is none of ours: it was started from outside of the sandbox.
cat >player <<'E2'
#!/bin/sh
cat "$1" >"$W/elsewhere/shown"
echo x >"$W/elsewhere/own"
E2
chmod +x player
head -c 100000 /dev/urandom >film.mp4
ok "a film" s attach T-1 film.mp4
export W
printf 'play M-1\nplay M-1\nlist media\n' >lines
SANDYQ_PLAYER=$W/player run_in lines "$SANDYQ" --passphrase-file "$W/pw" \
    shell --out "$W/named"
ok "the shell ends well" [ "$rc" -eq 0 ]
ok "a viewer in the shell sees the film" cmp film.mp4 elsewhere/shown
ok "and may write what it likes" test -s elsewhere/own
printf 'list\nexit\n' >lines
SANDYQ_PLAYER=$W/player TRY_LAUNCH=1 TRY_FD=0 TRY_DIR=$W/elsewhere \
    LD_PRELOAD=$W/try.so run_in lines "$SANDYQ" --passphrase-file "$W/pw" shell
ok "taken over, it cannot choose what is started" \
    not test -e elsewhere/launched
printf 'attach T-1 film.mp4 --move\n' >lines
run_in lines "$SANDYQ" --passphrase-file "$W/pw" shell
err_has "the shell deletes nothing outside" "deletes nothing outside"
ok "it did not" test -s film.mp4
want 0 "attach --move" $S attach T-1 film.mp4 --move
ok "it is gone" not test -e film.mp4
finish
