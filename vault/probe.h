/*
 * What a media file says of itself: when, where and with what it was made.
 * Such files are hostile input, so none of our processes that holds a key
 * parses one.  sandyq-probe does (vault/probe/), a program without keys and
 * without rights; here it is started, watched and its few lines are read with
 * suspicion.  Whatever goes wrong over there is «not stated», nothing more.
 */
#ifndef SQ_VAULT_PROBE_H
#define SQ_VAULT_PROBE_H

#include <stdbool.h>

#include "crypto/err.h"

#define PROBE_VALUE_MAX 1024	/* bytes of a value */

/*
 * Each a string, empty where the file does not state it.  UTF-8 without
 * control characters: those, backslashes and bytes that are no UTF-8 come as
 * \xNN.  All of it is a claim of the file, not a fact.
 */
struct probe_result {
	char mime[PROBE_VALUE_MAX + 1];	/* libmagic: "video/mp4" */
	/*
	 * "2021-03-04T11:06:07+06:00"; without a zone if none is stated; or
	 * only a year, a month, a day.
	 */
	char created[PROBE_VALUE_MAX + 1];
	char duration[PROBE_VALUE_MAX + 1];	/* seconds: "62.500" */
	/* ISO 6709 "+43.2389+076.8897/" or "43.238900,76.889700" */
	char gps[PROBE_VALUE_MAX + 1];
	char device[PROBE_VALUE_MAX + 1];	/* "Apple, iPhone SE, 15.1" */
	char width[PROBE_VALUE_MAX + 1];	/* pixels, as height */
	char height[PROBE_VALUE_MAX + 1];
	/* the program ran to its end; else it died, or was killed, of the
	 * file, and what it said before stands */
	bool whole;
};

#define PROBE_PATH_MAX 4096

/**
 * probe_program(path):
 * Where the program is: beside the running one, else where it is installed.
 */
void probe_program(char path[PROBE_PATH_MAX]);

/**
 * probe_run(fd, ret, why):
 * Ask sandyq-probe about the file ${fd}, which must be seekable; its offset is
 * neither used nor moved.  The program is the one beside the running program,
 * else the installed one.  It is given ${fd} and nothing else: no environment,
 * no other descriptor, no copy of our memory.  It is killed after 15 seconds.
 * SQ_OK also if it crashed, was killed or talked nonsense (then ${ret} is
 * empty); SQ_ECANNOT if it could not be started at all, with ${ret} empty: the
 * caller may say so, and must go on.
 */
enum sq_err probe_run(int fd, struct probe_result *ret, struct why *why);

#endif
