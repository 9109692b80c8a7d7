/*
 * EXIF: when, where and with what a picture was taken.  libexif finds it in a
 * JPEG by itself; in a PNG, WebP, TIFF or HEIC it is a TIFF of its own behind
 * one of a few marks, which is looked for from the start of the file.
 */
#include <libexif/exif-data.h>
#include <stdio.h>
#include <string.h>

#include "vault/probe/probe_int.h"

#define SCAN_MAX (64U << 20)	/* bytes searched for the marks */
#define EXIF_MAX (128 * 1024)	/* bytes of EXIF handed to libexif */
#define MARK_MAX 14		/* bytes of the longest mark with its TIFF */

/* The names of EXIF 2.31, which older libexif does not list. */
#define TAG_OFFSET_ORIGINAL 0x9011
#define TAG_OFFSET_DIGITIZED 0x9012

static uint8_t tiff[6 + EXIF_MAX];

static bool
is_tiff(const uint8_t *p)
{
	return memcmp(p, "II*\0", 4) == 0 || memcmp(p, "MM\0*", 4) == 0;
}

/* The bytes before a TIFF if a mark stands at ${p} (MARK_MAX bytes); or 0. */
static size_t
mark_len(const uint8_t *p)
{
	if (memcmp(p, "Exif\0\0", 6) == 0 && is_tiff(p + 6))
		return 6;
	if (memcmp(p, "eXIf", 4) == 0 && is_tiff(p + 4))
		return 4;
	if (memcmp(p, "EXIF", 4) == 0 && is_tiff(p + 8))
		return 8;
	return 0;
}

/* Where the TIFF of a picture that is not a JPEG begins; false if nowhere. */
static bool
find(uint64_t *ret_off)
{
	static uint8_t buf[64 * 1024 + MARK_MAX];
	uint64_t off;
	size_t n, i, len;

	n = probe_in_read(0, buf, MARK_MAX);
	if (n == MARK_MAX && is_tiff(buf)) {
		*ret_off = 0;
		return true;
	}
	for (off = 0; off < SCAN_MAX; off += sizeof(buf) - MARK_MAX) {
		n = probe_in_read(off, buf, sizeof(buf));
		for (i = 0; i + MARK_MAX <= n; i++) {
			if ((buf[i] | 0x20) != 'e' ||
			    (len = mark_len(buf + i)) == 0)
				continue;
			*ret_off = off + i + len;
			return true;
		}
		if (n < sizeof(buf))
			break;
	}
	return false;
}

/* The text of a tag in one of its folders, "" if it is missing. */
static const char *
text(ExifData *d, ExifIfd ifd, unsigned tag, char *out, size_t max)
{
	ExifEntry *e = exif_content_get_entry(d->ifd[ifd], (ExifTag)tag);
	size_t n;

	out[0] = '\0';
	if (e == NULL || e->data == NULL || e->format != EXIF_FORMAT_ASCII)
		return out;
	n = strnlen((const char *)e->data, e->size);
	if (n >= max)
		n = max - 1;
	memcpy(out, e->data, n);
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

static void
tell_date(ExifData *d)
{
	static const unsigned tag[2][2] = {
		{ EXIF_TAG_DATE_TIME_ORIGINAL, TAG_OFFSET_ORIGINAL },
		{ EXIF_TAG_DATE_TIME_DIGITIZED, TAG_OFFSET_DIGITIZED },
	};
	char date[64], zone[16], out[32];
	int i;

	for (i = 0; i < 2; i++) {
		text(d, EXIF_IFD_EXIF, tag[i][0], date, sizeof(date));
		text(d, EXIF_IFD_EXIF, tag[i][1], zone, sizeof(zone));
		if (probe_date_norm(date, zone, out)) {
			probe_out_str("created", out);
			return;
		}
	}
}

/* Degrees, minutes, seconds and a letter; false if not within ${max}. */
static bool
angle(ExifData *d, unsigned tag, unsigned ref, char neg, double max,
    double *ret)
{
	static const double unit[3] = { 1, 60, 3600 };
	ExifEntry *e = exif_content_get_entry(d->ifd[EXIF_IFD_GPS],
	    (ExifTag)tag);
	ExifRational r;
	char side[4];
	double v = 0;
	size_t i;

	if (text(d, EXIF_IFD_GPS, ref, side, sizeof(side))[0] == '\0')
		return false;
	if (e == NULL || e->data == NULL || e->components != 3 ||
	    e->format != EXIF_FORMAT_RATIONAL || e->size < 24)
		return false;
	for (i = 0; i < 3; i++) {
		r = exif_get_rational(e->data + 8 * i,
		    exif_data_get_byte_order(d));
		if (r.denominator == 0 && r.numerator != 0)
			return false;
		if (r.denominator != 0)
			v += (double)r.numerator / r.denominator / unit[i];
	}
	*ret = side[0] == neg ? -v : v;
	return v <= max;
}

static void
tell_place(ExifData *d)
{
	double lat, lon;
	char out[64];

	if (!angle(d, EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LATITUDE_REF, 'S',
	    90, &lat) || !angle(d, EXIF_TAG_GPS_LONGITUDE,
	    EXIF_TAG_GPS_LONGITUDE_REF, 'W', 180, &lon))
		return;
	snprintf(out, sizeof(out), "%.6f,%.6f", lat, lon);
	probe_out_str("gps", out);
}

static void
tell_device(ExifData *d)
{
	static const unsigned tag[3] = { EXIF_TAG_MAKE, EXIF_TAG_MODEL,
	    EXIF_TAG_SOFTWARE };
	char part[256], out[3 * 258] = "";
	size_t at = 0;
	int i;

	for (i = 0; i < 3; i++) {
		text(d, EXIF_IFD_0, tag[i], part, sizeof(part));
		if (part[0] != '\0')
			at += (size_t)snprintf(out + at, sizeof(out) - at,
			    "%s%s", at > 0 ? ", " : "", part);
	}
	probe_out_str("device", out);
}

/* see probe_int.h */
void
probe_exif_tell(const char *mime)
{
	const uint8_t *p = tiff;
	ExifData *d;
	uint64_t off;
	size_t n;

	if (strncmp(mime, "image/", 6) != 0)
		return;
	if (strcmp(mime, "image/jpeg") == 0) {
		p = probe_in_head(&n);
	} else {
		if (!find(&off))
			return;
		memcpy(tiff, "Exif\0\0", 6);
		n = 6 + probe_in_read(off, tiff + 6, EXIF_MAX);
	}
	if ((d = exif_data_new()) == NULL)
		return;
	/* Following the specification it would add what the file lacks. */
	exif_data_unset_option(d, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
	exif_data_unset_option(d, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
	exif_data_set_option(d, EXIF_DATA_OPTION_DONT_CHANGE_MAKER_NOTE);
	exif_data_load_data(d, p, (unsigned)n);
	tell_date(d);
	tell_place(d);
	tell_device(d);
	exif_data_unref(d);
}
