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
	if (mime == NULL || strchr(mime, '/') == NULL)
		return "";
	probe_out_str("mime", mime);
	return mime;
}
