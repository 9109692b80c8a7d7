/*
 * What an attached file says of itself, for its media record.  The first bytes
 * decide whether it is asked at all: starting a program costs as much as
 * sealing a hundred small files.  See vault_int.h and probe.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/probe.h"
#include "vault/vault_int.h"

#define HEAD 200
#define TS_PACKET 188	/* of an MPEG transport stream, ISO/IEC 13818-1 */
#define TS_SYNC 0x47

/* What photographs, films, recordings and their like begin with. */
static const struct {
	size_t at, n;
	const char *p;
} begins[] = {
	{ 4, 4, "ftyp" }, { 4, 4, "moov" }, { 4, 4, "mdat" },
	{ 4, 4, "wide" }, { 4, 4, "skip" },	/* mp4, mov, 3gp, heic */
	{ 0, 2, "\xFF\xD8" },			/* jpeg */
	{ 0, 4, "\x89PNG" }, { 0, 4, "GIF8" }, { 0, 2, "BM" },
	{ 0, 4, "II*\0" }, { 0, 4, "MM\0*" },	/* tiff, raw */
	{ 0, 4, "RIFF" },			/* avi, wav, webp */
	{ 0, 4, "\x1A\x45\xDF\xA3" },		/* matroska, webm */
	{ 0, 4, "\x30\x26\xB2\x75" },		/* wmv, wma */
	{ 0, 3, "\0\0\x01" },			/* mpeg */
	{ 0, 3, "FLV" }, { 0, 4, "OggS" }, { 0, 4, "fLaC" },
	{ 0, 5, "#!AMR" }, { 0, 3, "ID3" }, { 0, 4, "caff" },
	{ 0, 2, "\xFF\xFB" }, { 0, 2, "\xFF\xF3" }, { 0, 2, "\xFF\xF2" },
	{ 0, 2, "\xFF\xF1" }, { 0, 2, "\xFF\xF9" },
	{ 0, 5, "%PDF-" }, { 0, 4, "PK\3\4" }, { 0, 4, "\xD0\xCF\x11\xE0" },
};

/* Two packets in a row; .m2ts has four bytes of time before each. */
static bool
transport_stream(const uint8_t *head, size_t n)
{
	return (n > TS_PACKET && head[0] == TS_SYNC &&
	    head[TS_PACKET] == TS_SYNC) || (n > TS_PACKET + 8 &&
	    head[4] == TS_SYNC && head[TS_PACKET + 8] == TS_SYNC);
}

static bool
worth_asking(const uint8_t *head, size_t n)
{
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (begins[i].at + begins[i].n <= n && memcmp(head +
		    begins[i].at, begins[i].p, begins[i].n) == 0)
			return true;
	return transport_stream(head, n);
}

/* see vault_int.h */
enum sq_err
vault_said(const struct fsio_in *in, struct probe_result **ret,
    struct why *why)
{
	uint8_t head[HEAD];
	struct probe_result *r;
	enum sq_err e;

	*ret = NULL;
	if (!worth_asking(head, fsio_in_head(in, head, sizeof(head))))
		return SQ_OK;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return SQ_ENOMEM;
	/* what cannot be asked has not stated anything */
	if ((e = probe_run(fsio_in_fd(in), r, why)) == SQ_OK)
		*ret = r;
	else
		free(r);
	return e;
}

static enum sq_err
state(struct model_inputs *in, const char *name, const char *value)
{
	return value[0] == '\0' ? SQ_OK :
	    model_inputs_add(in, name, NULL, value);
}

/* see vault_int.h */
enum sq_err
vault_said_fields(const struct probe_result *r, struct model_inputs *in)
{
	char seconds[16];
	enum sq_err e;

	if (r == NULL)
		return SQ_OK;
	/* "62.500": whole seconds; a file that lasts less states 0 */
	(void)snprintf(seconds, sizeof(seconds), "%.*s",
	    (int)strcspn(r->duration, "."), r->duration);
	if ((e = state(in, "mime", r->mime)) == SQ_OK &&
	    (e = state(in, "embedded_date", r->created)) == SQ_OK &&
	    (e = state(in, "duration", seconds)) == SQ_OK &&
	    (e = state(in, "embedded_place", r->gps)) == SQ_OK)
		e = state(in, "device", r->device);
	return e;
}
