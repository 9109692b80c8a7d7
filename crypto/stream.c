#include <stdlib.h>
#include <string.h>

#include "crypto/stream.h"

struct stream {
	struct secret *key;
	uint64_t counter;	/* eleven bytes on disk; 64 bits never wrap */
	bool done;		/* the final chunk is behind us */
};

/* see stream.h */
enum sq_err
stream_new(const struct secret *key, struct stream **ret)
{
	struct stream *s;
	enum sq_err e;

	if (secret_len(key) != AEAD_KEY)
		return SQ_EINTERNAL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return SQ_ENOMEM;
	if ((e = secret_copy(secret_cbytes(key), AEAD_KEY, &s->key)) != SQ_OK) {
		free(s);
		return e;
	}
	*ret = s;
	return SQ_OK;
}

static void
nonce_of(const struct stream *s, bool final, uint8_t nonce[AEAD_NONCE])
{
	memset(nonce, 0, AEAD_NONCE);
	for (int i = 0; i < 8; i++)
		nonce[10 - i] = (uint8_t)(s->counter >> 8 * i);
	nonce[11] = final ? 1 : 0;
}

/*
 * One plaintext has one form: every chunk but the final one is full, and the
 * final one is empty only when there is nothing else.
 */
static bool
right_length(const struct stream *s, size_t n, bool final)
{
	if (!final)
		return n == STREAM_CHUNK;
	return n <= STREAM_CHUNK && (n > 0 || s->counter == 0);
}

/* see stream.h */
enum sq_err
stream_seal(struct stream *s, const void *pt, size_t n, bool final,
    uint8_t *out)
{
	uint8_t nonce[AEAD_NONCE];

	if (s->done || !right_length(s, n, final))
		return SQ_EINTERNAL;
	nonce_of(s, final, nonce);
	/* counted even if it fails: a nonce is never used twice */
	s->counter++;
	s->done = final;
	return aead_seal(s->key, nonce, NULL, 0, pt, n, out);
}

/* see stream.h */
enum sq_err
stream_open(struct stream *s, const void *ct, size_t n, bool final,
    uint8_t *pt)
{
	uint8_t nonce[AEAD_NONCE];
	enum sq_err e;

	if (s->done || n < AEAD_TAG ||
	    !right_length(s, n - AEAD_TAG, final))
		return SQ_EFORMAT;
	nonce_of(s, final, nonce);
	if ((e = aead_open(s->key, nonce, NULL, 0, ct, n, pt)) != SQ_OK)
		return e;
	s->counter++;
	s->done = final;
	return SQ_OK;
}

/* see stream.h */
void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	secret_free(s->key);
	free(s);
}
