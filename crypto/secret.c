#include <sys/mman.h>
#include <sys/syscall.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "crypto/secret.h"

#define SECRET_MAX ((size_t)1 << 20)
#define STACK_DEPTH ((size_t)256 << 10)
#define COPIED 2048

struct secret {
	size_t len;
	size_t cap;
	uint8_t *bytes;
	uint8_t *map;		/* NULL: ${bytes} is sodium_malloc's */
	size_t mapped;
};

/*
 * sodium_malloc locks its pages but does not report that locking failed, so
 * one page is locked by hand at start to know.
 */
static bool lock_failed;
static bool within_reach;	/* a secret lay where the kernel can look */

/* see secret.h */
enum sq_err
secret_init(void)
{
	static uint8_t probe[4096];

	if (sodium_init() < 0)
		return SQ_EINTERNAL;
	if (sodium_mlock(probe, sizeof(probe)) != 0)
		lock_failed = true;
	else
		(void)sodium_munlock(probe, sizeof(probe));
	return SQ_OK;
}

/*
 * Memory that the kernel itself cannot reach, between two guards and ending at
 * the second (memfd_secret(2), Linux 5.14): not through /proc, not by root, not
 * in swap; and no computer hibernates while it is in use.  False: there is
 * none.
 */
static bool
beyond_kernel(struct secret *s, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (len + page - 1) / page * page;
	uint8_t *p = MAP_FAILED;
	bool ok = false;
	int fd = (int)syscall(SYS_memfd_secret, O_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)room) != 0)
		goto out;
	p = mmap(NULL, room + 2 * page, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ok = p != MAP_FAILED && mmap(p + page, room, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_FIXED, fd, 0) != MAP_FAILED;
	if (ok) {
		s->map = p;
		s->mapped = room + 2 * page;
		s->bytes = p + page + room - len;
	} else if (p != MAP_FAILED)
		(void)munmap(p, room + 2 * page);
out:
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

/* Guarded and locked, where the kernel has nothing better. */
static bool
locked(struct secret *s, size_t len)
{
	within_reach = true;
	if ((s->bytes = sodium_malloc(len)) == NULL)
		return false;
	/* mlock of a locked page is a no-op: this only asks whether it is. */
	if (sodium_mlock(s->bytes, len) != 0)
		lock_failed = true;
	memset(s->bytes, 0, len);
	return true;
}

/* see secret.h */
enum sq_err
secret_new(size_t len, struct secret **ret_s)
{
	struct secret *s;

	if (len == 0 || len > SECRET_MAX)
		return SQ_EINTERNAL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return SQ_ENOMEM;
	if (!beyond_kernel(s, len) && !locked(s, len)) {
		free(s);
		return SQ_ENOMEM;
	}
	s->len = s->cap = len;
	*ret_s = s;
	return SQ_OK;
}

/* see secret.h */
enum sq_err
secret_copy(const uint8_t *bytes, size_t len, struct secret **ret_s)
{
	enum sq_err e;

	if ((e = secret_new(len, ret_s)) == SQ_OK)
		memcpy((*ret_s)->bytes, bytes, len);
	return e;
}

/* see secret.h */
enum sq_err
secret_random(size_t len, struct secret **ret_s)
{
	enum sq_err e;

	if ((e = secret_new(len, ret_s)) == SQ_OK)
		randombytes_buf((*ret_s)->bytes, len);
	return e;
}

/* see secret.h */
void
secret_free(struct secret *s)
{
	if (s == NULL)
		return;
	if (s->map != NULL) {
		secret_wipe(s->bytes, s->cap);
		(void)munmap(s->map, s->mapped);
	} else
		sodium_free(s->bytes);
	free(s);
}

/* see secret.h */
uint8_t *
secret_bytes(struct secret *s)
{
	return s->bytes;
}

/* see secret.h */
const uint8_t *
secret_cbytes(const struct secret *s)
{
	return s->bytes;
}

/* see secret.h */
size_t
secret_len(const struct secret *s)
{
	return s->len;
}

/* see secret.h */
void
secret_shorten(struct secret *s, size_t len)
{
	if (len > s->cap)
		return;
	sodium_memzero(s->bytes + len, s->cap - len);
	s->len = len;
}

/* see secret.h */
bool
secret_eq(const struct secret *a, const struct secret *b)
{
	return a->len == b->len &&
	    sodium_memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* see secret.h */
bool
secret_locked(void)
{
	return !lock_failed;
}

/* see secret.h */
bool
secret_beyond(void)
{
	return !within_reach;
}

/* see secret.h */
void
secret_wipe(void *p, size_t len)
{
	/*
	 * Through a pointer that the compiler cannot see through, so that it
	 * is never left out; and unlike libsodium's way it is seen by the
	 * sanitizers, who then catch a length that is too great.
	 */
	static void *(*const volatile fill)(void *, int, size_t) = memset;

	(void)fill(p, 0, len);
}

/* see secret.h */
__attribute__((noinline)) void
secret_wipe_stack(void)
{
	static void *(*const volatile copy)(void *, const void *, size_t) =
	    memmove;
	static const uint8_t zero[COPIED];
	uint8_t below[STACK_DEPTH];

	secret_wipe(below, sizeof(below));
	/*
	 * The wide registers still hold the end of what was copied last, and
	 * the dynamic linker saves them to the stack at its next call: copies
	 * of zeros, of every length that has a way of its own, take their
	 * place.
	 */
	for (size_t n = 1; n <= sizeof(zero); n++)
		(void)copy(below, zero, n);
}
