/*
 * For the tests of a vault's life: its files kept and put back, whether it is
 * sound, and a child with mounts of its own.
 */
#ifndef SQ_TESTS_VAULT_HELP_H
#define SQ_TESTS_VAULT_HELP_H

#include <sys/mount.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <sched.h>

#include "tests/unit/door.h"

/* --- files put back ------------------------------------------------------- */

static const char *const name_of[] = { "HEADER", "HEADER.2", "STATE.0",
    "STATE.1", "vault.db" };
#define FILES 5
#define STATES 0x0cu
#define HEADERS 0x03u
#define DATABASE 0x10u
#define ALL 0x1fu

struct image {
	uint8_t *p[FILES];
	size_t n[FILES];
};

DOOR void
keep(struct image *im)
{
	for (int i = 0; i < FILES; i++)
		im->p[i] = door_read(door_in(name_of[i]), &im->n[i]);
}

/* Put some files of an image back; the journal goes with the database. */
DOOR void
put(const struct image *im, unsigned which)
{
	for (int i = 0; i < FILES; i++)
		if (which & 1u << i)
			door_write(door_in(name_of[i]), im->p[i], im->n[i]);
	if (which & DATABASE)
		(void)unlink(door_in("vault.db-journal"));
}

DOOR void
drop(struct image *im)
{
	for (int i = 0; i < FILES; i++)
		free(im->p[i]);
	memset(im, 0, sizeof(*im));
}

/* --- asking --------------------------------------------------------------- */

DOOR enum sq_err
log_one(void *arg, const struct vault_entry *en)
{
	uint64_t *n = arg;

	assert_int_equal(en->index, *n);
	++*n;
	return SQ_OK;
}

/* Every entry reads, and the vault can be written and opened again. */
DOOR void
sound(uint64_t entries)
{
	uint64_t n = 0;

	OK(vault_log(door_v, log_one, &n, &door_why));
	assert_int_equal(n, entries);
	assert_int_equal(door_entries(), entries);
	door_add("person", "pseudonym", "Sound");
	door_close();
	door_open();
	assert_null(vault_note(door_v, 0));
	assert_int_equal(door_entries(), entries + 1);
}

/* --- in a child ----------------------------------------------------------- */

/* In a child: its own mounts, root of its own. */
DOOR bool
own_mounts(void)
{
	char map[64];
	uid_t u = geteuid();
	gid_t g = getegid();
	int fd;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	(void)snprintf(map, sizeof(map), "0 %u 1", (unsigned)u);
	if ((fd = open("/proc/self/uid_map", O_WRONLY)) < 0 ||
	    syscall(SYS_write, fd, map, strlen(map)) < 0)
		return false;
	(void)close(fd);
	if ((fd = open("/proc/self/setgroups", O_WRONLY)) >= 0) {
		(void)!syscall(SYS_write, fd, "deny", 4);
		(void)close(fd);
	}
	(void)snprintf(map, sizeof(map), "0 %u 1", (unsigned)g);
	if ((fd = open("/proc/self/gid_map", O_WRONLY)) < 0 ||
	    syscall(SYS_write, fd, map, strlen(map)) < 0)
		return false;
	(void)close(fd);
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

#define SKIPPED 77
#define CHECK(x) \
	do { \
		if (!(x)) { \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #x, \
			    door_why.text); \
			return 1; \
		} \
	} while (0)

/* Run ${fn} in a child with mounts of its own. */
DOOR void
in_child(int (*fn)(void))
{
	pid_t child = door_fork();
	int rc;

	if (child == 0)
		_exit(own_mounts() ? fn() : SKIPPED);
	assert_int_equal(waitpid(child, &rc, 0), child);
	assert_true(WIFEXITED(rc));
	if (WEXITSTATUS(rc) == SKIPPED) {
		print_message("skipped: no mounts of our own here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(rc), 0);
}

#endif
