/*
 * Tiny media, made byte by byte, for the tests of the probe: each says of
 * itself what a telephone would say, and nothing else.
 */
#ifndef SQ_MEDIA_MAKE_H
#define SQ_MEDIA_MAKE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A sample being written; 64 KiB is room for each of them. */
struct media {
	uint8_t p[65536];
	size_t n;
};

static inline void
media_put(struct media *m, const void *p, size_t n)
{
	if (n <= sizeof(m->p) - m->n) {
		memcpy(m->p + m->n, p, n);
		m->n += n;
	}
}

static inline void
media_str(struct media *m, const char *s)
{
	media_put(m, s, strlen(s));
}

static inline void
media_be(struct media *m, uint32_t v, size_t width)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v };

	media_put(m, b + 4 - width, width);
}

static inline void
media_le(struct media *m, uint32_t v, size_t width)
{
	uint8_t b[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 24) };

	media_put(m, b, width);
}

/* Begin a box (MP4) or a big-endian length; media_end fills the length in. */
static inline size_t
media_box(struct media *m, const char *type)
{
	size_t at = m->n;

	media_be(m, 0, 4);
	media_put(m, type, 4);
	return at;
}

static inline void
media_end(struct media *m, size_t at)
{
	uint32_t n = (uint32_t)(m->n - at);

	m->p[at] = (uint8_t)(n >> 24);
	m->p[at + 1] = (uint8_t)(n >> 16);
	m->p[at + 2] = (uint8_t)(n >> 8);
	m->p[at + 3] = (uint8_t)n;
}

/* One entry of an EXIF folder: the value itself, or where it lies. */
static inline void
media_ifd(struct media *m, uint32_t tag, uint32_t type, uint32_t count,
    uint32_t value)
{
	media_be(m, tag, 2);
	media_be(m, type, 2);
	media_be(m, count, 4);
	media_be(m, value, 4);
}

static inline void
media_text_at(struct media *m, size_t tiff, size_t off, const char *s)
{
	if (m->n < tiff + off)
		m->n = tiff + off;
	media_put(m, s, strlen(s) + 1);
}

static inline void
media_ratio_at(struct media *m, size_t tiff, size_t off, uint32_t deg,
    uint32_t min, uint32_t sec100)
{
	if (m->n < tiff + off)
		m->n = tiff + off;
	media_be(m, deg, 4);
	media_be(m, 1, 4);
	media_be(m, min, 4);
	media_be(m, 1, 4);
	media_be(m, sec100, 4);
	media_be(m, 100, 4);
}

/* TIFF in the manner of EXIF: 43°14'20.50"N 76°53'22.25"E, Almaty. */
static inline void
media_tiff(struct media *m)
{
	size_t t = m->n;

	media_put(m, "MM\0*", 4);
	media_be(m, 8, 4);
	media_be(m, 5, 2);			/* IFD0 at 8 */
	media_ifd(m, 0x010f, 2, 6, 200);	/* make */
	media_ifd(m, 0x0110, 2, 9, 210);	/* model */
	media_ifd(m, 0x0131, 2, 8, 220);	/* software */
	media_ifd(m, 0x8769, 4, 1, 80);		/* the EXIF folder */
	media_ifd(m, 0x8825, 4, 1, 110);	/* the GPS folder */
	media_be(m, 0, 4);
	m->n = t + 80;
	media_be(m, 2, 2);
	media_ifd(m, 0x9003, 2, 20, 230);	/* DateTimeOriginal */
	media_ifd(m, 0x9011, 2, 7, 252);	/* OffsetTimeOriginal */
	media_be(m, 0, 4);
	m->n = t + 110;
	media_be(m, 4, 2);
	media_ifd(m, 1, 2, 2, 0x4e000000);	/* N */
	media_ifd(m, 2, 5, 3, 260);
	media_ifd(m, 3, 2, 2, 0x45000000);	/* E */
	media_ifd(m, 4, 5, 3, 284);
	media_be(m, 0, 4);
	media_text_at(m, t, 200, "Nokia");
	media_text_at(m, t, 210, "Model \xd2\x9b");
	media_text_at(m, t, 220, "v\\1\x1b[0m");
	media_text_at(m, t, 230, "2019:05:06 07:08:09");
	media_text_at(m, t, 252, "+06:00");
	media_ratio_at(m, t, 260, 43, 14, 2050);
	media_ratio_at(m, t, 284, 76, 53, 2225);
}

/* A JPEG of 16 x 8 with that EXIF; its picture is a single empty scan. */
static inline void
media_jpeg(struct media *m)
{
	size_t at;

	media_put(m, "\xff\xd8\xff\xe1", 4);
	at = m->n;
	media_be(m, 0, 2);
	media_put(m, "Exif\0\0", 6);
	media_tiff(m);
	m->p[at] = (uint8_t)((m->n - at) >> 8);
	m->p[at + 1] = (uint8_t)(m->n - at);
	media_put(m, "\xff\xc0\0\x0b\x08\0\x08\0\x10\x01\x01\x11\0", 13);
	media_put(m, "\xff\xda\0\x08\x01\x01\0\0\x3f\0", 10);
	media_put(m, "\0\0\xff\xd9", 4);
}

/* The same EXIF where a HEIC has it: an item somewhere in mdat. */
static inline void
media_heic(struct media *m)
{
	size_t at = media_box(m, "ftyp");

	media_put(m, "heic\0\0\0\0mif1heic", 16);
	media_end(m, at);
	at = media_box(m, "mdat");
	media_put(m, "\0\0\0\x06""Exif\0\0", 10);
	media_tiff(m);
	media_end(m, at);
}

/* The head of a film: made at ${created} (seconds since 1904), 2.5 s long. */
static inline void
media_mvhd(struct media *m, uint32_t created)
{
	static const uint32_t unit[9] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0,
	    0x40000000 };
	size_t at = media_box(m, "mvhd"), i;

	media_be(m, 0, 4);
	media_be(m, created, 4);
	media_be(m, created, 4);
	media_be(m, 1000, 4);
	media_be(m, 2500, 4);
	media_be(m, 0x10000, 4);
	media_be(m, 0x0100, 2);
	for (i = 0; i < 5; i++)
		media_be(m, 0, 2);
	for (i = 0; i < 9; i++)
		media_be(m, unit[i], 4);
	for (i = 0; i < 6; i++)
		media_be(m, 0, 4);
	media_be(m, 2, 4);
	media_end(m, at);
}

/* A text of udta: size, language, bytes. */
static inline void
media_udta(struct media *m, const char *type, const char *s)
{
	size_t at = media_box(m, type);

	media_be(m, (uint32_t)strlen(s), 2);
	media_be(m, 0x15c7, 2);
	media_str(m, s);
	media_end(m, at);
}

/* What the frames would look like: 32 x 16. */
static inline void
media_stsd(struct media *m)
{
	size_t minf = media_box(m, "minf"), stbl, stsd, at, i;

	stbl = media_box(m, "stbl");
	stsd = media_box(m, "stsd");
	media_be(m, 0, 4);
	media_be(m, 1, 4);
	at = media_box(m, "mp4v");
	media_be(m, 0, 4);
	media_be(m, 1, 4);
	for (i = 0; i < 4; i++)
		media_be(m, 0, 4);
	media_be(m, 32, 2);
	media_be(m, 16, 2);
	media_be(m, 0x480000, 4);
	media_be(m, 0x480000, 4);
	media_be(m, 0, 4);
	media_be(m, 1, 2);
	for (i = 0; i < 8; i++)
		media_be(m, 0, 4);
	media_be(m, 0x18ffff, 4);
	media_end(m, at);
	media_end(m, stsd);
	media_end(m, stbl);
	media_end(m, minf);
}

/* The header boxes of a track of video, 32 x 16, without a single frame. */
static inline void
media_trak(struct media *m, uint32_t created)
{
	static const uint32_t unit[9] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0,
	    0x40000000 };
	size_t trak = media_box(m, "trak"), mdia, at, i;

	at = media_box(m, "tkhd");
	media_be(m, 3, 4);
	media_be(m, created, 4);
	media_be(m, created, 4);
	media_be(m, 1, 4);
	media_be(m, 0, 4);
	media_be(m, 2500, 4);
	for (i = 0; i < 4; i++)
		media_be(m, 0, 4);
	for (i = 0; i < 9; i++)
		media_be(m, unit[i], 4);
	media_be(m, 32 << 16, 4);
	media_be(m, 16 << 16, 4);
	media_end(m, at);
	mdia = media_box(m, "mdia");
	at = media_box(m, "mdhd");
	media_be(m, 0, 4);
	media_be(m, created, 4);
	media_be(m, created, 4);
	media_be(m, 1000, 4);
	media_be(m, 2500, 4);
	media_be(m, 0x55c40000, 4);
	media_end(m, at);
	at = media_box(m, "hdlr");
	media_put(m, "\0\0\0\0\0\0\0\0vide\0\0\0\0\0\0\0\0\0\0\0\0\0", 25);
	media_end(m, at);
	media_stsd(m);
	media_end(m, mdia);
	media_end(m, trak);
}

/* 2021-03-04 05:06:07 UTC in seconds since 1904. */
#define MEDIA_MADE 3697679167U

static inline void
media_mp4(struct media *m, uint32_t created)
{
	size_t at = media_box(m, "ftyp"), moov, udta;

	media_put(m, "isom\0\0\2\0isommp41", 16);
	media_end(m, at);
	at = media_box(m, "mdat");
	media_put(m, "frames", 6);
	media_end(m, at);
	moov = media_box(m, "moov");
	media_mvhd(m, created);
	media_trak(m, created);
	udta = media_box(m, "udta");
	media_udta(m, "\xa9xyz", "+43.2389+076.8897/");
	media_udta(m, "\xa9mak", "Apple");
	media_udta(m, "\xa9mod", "iPhone 8");
	media_udta(m, "\xa9swr", "14.4");
	media_end(m, udta);
	media_end(m, moov);
}

/* One item of Apple's mdta list: its key, or its value. */
static inline void
media_mov_value(struct media *m, uint32_t index, const char *s)
{
	size_t item = m->n, data;

	media_be(m, 0, 4);
	media_be(m, index, 4);
	data = media_box(m, "data");
	media_be(m, 1, 4);
	media_be(m, 0, 4);
	media_str(m, s);
	media_end(m, data);
	media_end(m, item);
}

/* A film with a list of Apple's keys and their values. */
static inline void
media_keys(struct media *m, const char *brand, const char *const (*item)[2],
    uint32_t n)
{
	size_t at = media_box(m, "ftyp"), moov, meta, key;
	uint32_t i;

	media_put(m, brand, 4);
	media_be(m, 0, 4);
	media_put(m, brand, 4);
	media_end(m, at);
	moov = media_box(m, "moov");
	media_mvhd(m, MEDIA_MADE);
	media_trak(m, MEDIA_MADE);
	meta = media_box(m, "meta");
	at = media_box(m, "hdlr");
	media_put(m, "\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
	media_end(m, at);
	at = media_box(m, "keys");
	media_be(m, 0, 4);
	media_be(m, n, 4);
	for (i = 0; i < n; i++) {
		key = media_box(m, "mdta");
		media_str(m, item[i][0]);
		media_end(m, key);
	}
	media_end(m, at);
	at = media_box(m, "ilst");
	for (i = 0; i < n; i++)
		media_mov_value(m, i + 1, item[i][1]);
	media_end(m, at);
	media_end(m, meta);
	media_end(m, moov);
}

/* As an iPhone writes it: creation with its zone, place, make and model. */
static inline void
media_mov(struct media *m)
{
	static const char *const item[][2] = {
		{ "com.apple.quicktime.location.ISO6709",
		    "+43.2389+076.8897+780.500/" },
		{ "com.apple.quicktime.make", "Apple" },
		{ "com.apple.quicktime.model", "iPhone SE" },
		{ "com.apple.quicktime.software", "15.1" },
		{ "com.apple.quicktime.creationdate",
		    "2021-03-04T11:06:07+0600" },
	};

	media_keys(m, "qt  ", item, 5);
}

/* As some Android telephones write it. */
static inline void
media_android(struct media *m)
{
	static const char *const item[][2] = {
		{ "com.android.version", "9" },
		{ "com.android.manufacturer", "samsung" },
		{ "com.android.model", "SM-A505F" },
	};

	media_keys(m, "mp42", item, 3);
}

/* A second of silence: 8,000 samples of 8 bits. */
static inline void
media_wav(struct media *m)
{
	media_str(m, "RIFF");
	media_le(m, 36 + 8000, 4);
	media_str(m, "WAVEfmt ");
	media_le(m, 16, 4);
	media_le(m, 1, 2);
	media_le(m, 1, 2);
	media_le(m, 8000, 4);
	media_le(m, 8000, 4);
	media_le(m, 1, 2);
	media_le(m, 8, 2);
	media_str(m, "data");
	media_le(m, 8000, 4);
	memset(m->p + m->n, 0x80, 8000);
	m->n += 8000;
}

/* A PNG of 3 x 5 whose picture is missing; nothing here reads it. */
static inline void
media_png(struct media *m)
{
	media_put(m, "\x89PNG\r\n\x1a\n", 8);
	media_put(m, "\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x05\x08\x02\0\0\0", 21);
	media_put(m, "\x27\x13\x3a\x13", 4);
	media_put(m, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
}

/* Matroska: one segment with a date and a duration. */
static inline void
media_mkv(struct media *m)
{
	/* 2021-03-04 05:06:07 in nanoseconds since 2001 */
	static const uint64_t ns = 636527167000000000ULL;
	int i;

	media_put(m, "\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska", 16);
	media_put(m, "\x18\x53\x80\x67\xb0", 5);
	media_put(m, "\x15\x49\xa9\x66\xab", 5);
	media_put(m, "\x2a\xd7\xb1\x83\x0f\x42\x40", 7);	/* ms */
	media_put(m, "\x44\x89\x84\x45\x1c\x40\x00", 7);	/* 2500.0 */
	media_put(m, "\x44\x61\x88", 3);
	for (i = 56; i >= 0; i -= 8)
		media_be(m, (uint32_t)(ns >> i) & 0xff, 1);
	media_put(m, "\x4d\x80\x86", 3);
	media_str(m, "muxer1");
	media_put(m, "\x57\x41\x86", 3);
	media_str(m, "writer");
}

#endif
