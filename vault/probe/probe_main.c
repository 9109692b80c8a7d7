/*
 * sandyq-probe: what a media file says of itself, or the cells of a
 * sheet.  See probe_int.h and probe_sheet.h.
 *
 * The order is the whole point:
 * (1) load what must be loaded from disk, while files can still be opened;
 * (2) shut the jail; if any part of it fails, stop;
 * (3) only then read the first byte of the file.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vault/probe/probe_int.h"
#include "vault/probe/probe_sheet.h"

#define SECONDS_MEDIA 10	/* of computing */
#define SECONDS_SHEET 60

/* What a sheet holds: "sheet ENCODING DELIMITER SHEET". */
static int
sheet(char **argv)
{
	struct probe_sheet_ask ask = { NULL, NULL, NULL };

	if (strcmp(argv[2], "-") != 0)
		ask.encoding = argv[2];
	if (strcmp(argv[3], "-") != 0)
		ask.delimiter = argv[3];
	if (strcmp(argv[4], "-") != 0)
		ask.sheet = argv[4];
	if (!probe_sheet_load() || !probe_jail_enter(SECONDS_SHEET))
		return 2;
	probe_sheet_tell(&ask);
}

int
main(int argc, char **argv)
{
	const char *mime;

	/* Its own zone must not colour what the file says, nor be looked up. */
	if (clearenv() != 0 || setenv("TZ", "UTC0", 1) != 0)
		return 2;
	tzset();
	if (!probe_jail_shut() || !probe_in_init())
		return 2;
	if (argc == 5 && strcmp(argv[1], "sheet") == 0)
		return sheet(argv);
	if (!probe_type_load() || !probe_av_load())
		return 2;
	if (!probe_jail_enter(SECONDS_MEDIA))
		return 2;
	mime = probe_type_tell();
	probe_exif_tell(mime);
	probe_av_tell(mime);
	/* The destructors of the libraries have seen hostile bytes as well. */
	_exit(0);
}
