/*
 * The inside of sandyq-probe: a program of its own that reads one hostile file
 * on descriptor 0 and writes what the file says of itself to descriptor 1, as
 * lines
 *
 *	key TAB value LF
 *
 * It holds no key, is given no environment, and before it looks at the first
 * byte it can open nothing, start nothing and reach no one (probe_jail.c).
 * Keys: mime created duration gps device width height; what is absent is
 * absent.  Each key comes once; the first to say something is believed.
 * vault/probe.h starts it and reads these lines.
 */
#ifndef SQ_VAULT_PROBE_PROBE_INT_H
#define SQ_VAULT_PROBE_PROBE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROBE_VALUE_MAX 1024	/* bytes of a value, as written */
#define PROBE_HEAD (1 << 20)	/* bytes looked at for the type and for EXIF */

/** probe_jail_shut(): close all descriptors but 0 and 1; false if it cannot. */
bool probe_jail_shut(void);

/**
 * probe_jail_enter(seconds):
 * Give up all that reading does not need: limits of memory, of time (${seconds}
 * of computing), files and processes, no new privileges, and a list of system
 * calls outside which the kernel kills.  False if any of it fails; then nothing
 * may be read.
 */
bool probe_jail_enter(unsigned seconds);

/** probe_in_init(): learn the size of descriptor 0; false if not a file. */
bool probe_in_init(void);

/** probe_in_size(): its size in bytes. */
uint64_t probe_in_size(void);

/**
 * probe_in_read(off, p, n):
 * Read up to ${n} bytes from ${off} on; returns how many, 0 at the end and
 * where reading fails.  The offset of the descriptor, which the starting
 * program shares, is never moved.
 */
size_t probe_in_read(uint64_t off, void *p, size_t n);

/**
 * probe_in_head(ret_n):
 * The first bytes of the file, at most PROBE_HEAD, and their number.
 */
const uint8_t *probe_in_head(size_t *ret_n);

/**
 * probe_out_utf8(p, n):
 * The length of the good UTF-8 character at ${p}, of ${n} > 0 bytes; 0 if
 * there is none.
 */
size_t probe_out_utf8(const uint8_t *p, size_t n);

/** probe_out_write(p, n): write all of it; false if nobody reads any more. */
bool probe_out_write(const void *p, size_t n);

/**
 * probe_out_say(key, p, n):
 * Write a line, unless ${key} was said before, is unknown, or the value is
 * empty.  White space at the ends is dropped; control characters, backslashes
 * and what is not UTF-8 are written as \xNN.
 */
void probe_out_say(const char *key, const void *p, size_t n);

/** probe_out_str(key, s): the same for a string; NULL is nothing. */
void probe_out_str(const char *key, const char *s);

/**
 * probe_date_norm(s, zone, out):
 * Write the date ${s} of EXIF or of a container as YYYY-MM-DDThh:mm:ss, with
 * its zone (Z or +hh:mm) where ${s} or else ${zone} (may be NULL) states one;
 * a date without time, a month or a year stay what they are.  False if it is
 * none, or the zero of a clock that was never set.
 */
bool probe_date_norm(const char *s, const char *zone, char out[32]);

/** probe_type_load(): load libmagic's database; false if there is none. */
bool probe_type_load(void);

/**
 * probe_type_tell():
 * Say mime and return it; if it cannot be told say nothing, and return the
 * type of any bytes, application/octet-stream.
 */
const char *probe_type_tell(void);

/** probe_exif_tell(mime): say what the EXIF of a picture holds. */
void probe_exif_tell(const char *mime);

/** probe_av_load(): make ready what reads containers; false if it cannot. */
bool probe_av_load(void);

/** probe_av_tell(mime): say what the container of sound or picture holds. */
void probe_av_tell(const char *mime);

#endif
