/*
 * sandyq-probe: what a media file says of itself.  See probe_int.h.
 *
 * The order is the whole point:
 * (1) load what must be loaded from disk, while files can still be opened;
 * (2) shut the jail; if any part of it fails, stop;
 * (3) only then read the first byte of the file.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "vault/probe/probe_int.h"

int
main(void)
{
	const char *mime;

	/* Its own zone must not colour what the file says, nor be looked up. */
	if (clearenv() != 0 || setenv("TZ", "UTC0", 1) != 0)
		return 2;
	tzset();
	if (!probe_jail_shut() || !probe_in_init())
		return 2;
	if (!probe_type_load() || !probe_av_load())
		return 2;
	if (!probe_jail_enter())
		return 2;
	mime = probe_type_tell();
	probe_exif_tell(mime);
	probe_av_tell(mime);
	/* The destructors of the libraries have seen hostile bytes as well. */
	_exit(0);
}
