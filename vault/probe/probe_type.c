/*
 * The type of a file, as libmagic sees it in the first bytes.  Nothing is
 * unpacked and no program is asked.
 */
#include <magic.h>
#include <string.h>

#include "vault/probe/probe_int.h"

static magic_t magic;

/* see probe_int.h */
bool
probe_type_load(void)
{
	magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
	return magic != NULL && magic_load(magic, NULL) == 0;
}

/* Some of its words are sentences, some are two types in one. */
static bool
is_mime(const char *s)
{
	const char *slash = strchr(s, '/');

	return slash != NULL && slash != s && slash[1] != '\0' &&
	    slash == strrchr(s, '/') && strlen(s) < 128 &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-_")] == '\0';
}

/* see probe_int.h */
const char *
probe_type_tell(void)
{
	const uint8_t *p;
	const char *mime;
	size_t n;

	p = probe_in_head(&n);
	/* libmagic's own words for it; not every version takes no bytes */
	mime = n == 0 ? "inode/x-empty" : magic_buffer(magic, p, n);
	if (mime == NULL || !is_mime(mime))
		return "application/octet-stream";
	probe_out_str("mime", mime);
	return mime;
}
