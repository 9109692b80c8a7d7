/*
 * Descriptor 0, by offset.  What is asked of the kernel begins and ends at
 * multiples of 4,096, so that a descriptor which goes around the page cache
 * (O_DIRECT) can be read as well.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/probe/probe_int.h"

#define ALIGN 4096
#define WINDOW (256 * 1024)

static _Alignas(ALIGN) uint8_t window[WINDOW];
static uint64_t window_at;
static size_t window_n;
static uint64_t size;
static uint8_t head[PROBE_HEAD];
static size_t head_n;

/* see probe_int.h */
bool
probe_in_init(void)
{
	struct stat st;

	if (fstat(0, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0)
		return false;
	size = (uint64_t)st.st_size;
	return true;
}

/* see probe_int.h */
uint64_t
probe_in_size(void)
{
	return size;
}

/* Fill the window so that it begins at or before ${off}. */
static bool
fill(uint64_t off)
{
	ssize_t n;

	window_at = off - off % ALIGN;
	window_n = 0;
	while (window_n < WINDOW) {
		n = pread(0, window + window_n, WINDOW - window_n,
		    (off_t)(window_at + window_n));
		if (n <= 0)
			break;
		window_n += (size_t)n;
		if (window_n % ALIGN != 0)
			break;		/* the end of the file */
	}
	return window_at + window_n > off;
}

/* see probe_int.h */
size_t
probe_in_read(uint64_t off, void *p, size_t n)
{
	uint8_t *out = p;
	size_t done = 0, part;

	while (done < n && off < size) {
		if (off < window_at || off >= window_at + window_n) {
			if (!fill(off))
				break;
		}
		part = (size_t)(window_at + window_n - off);
		if (part > n - done)
			part = n - done;
		memcpy(out + done, window + (off - window_at), part);
		done += part;
		off += part;
	}
	return done;
}

/* see probe_int.h */
const uint8_t *
probe_in_head(size_t *ret_n)
{
	if (head_n == 0)
		head_n = probe_in_read(0, head, sizeof(head));
	*ret_n = head_n;
	return head;
}
