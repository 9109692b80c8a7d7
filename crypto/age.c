/*
 * Reading and writing age files.  Invariants:
 *
 * (1) The header is authenticated before a payload byte is looked at.
 * (2) Only chunks that were authenticated as what they are, final or not,
 *     leave the reader; for that it reads one byte further than the chunk.
 * (3) The end is reported only when the final chunk held and nothing follows.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/age_int.h"
#include "crypto/stream.h"

struct age_writer {
	age_write_fn *write;
	void *arg;
	struct stream *stream;
	uint8_t *pt;		/* STREAM_CHUNK */
	size_t len;
	uint8_t *ct;		/* STREAM_SEALED */
	enum sq_err failed;	/* sticky: no chunk is left out */
};

struct age_reader {
	struct age_src src;
	struct stream *stream;
	uint8_t *ct;		/* STREAM_SEALED + 1 */
	size_t have;
	uint8_t *pt;		/* STREAM_CHUNK */
	size_t pos;
	size_t len;
	bool last;		/* the final chunk is in pt */
	enum sq_err failed;	/* sticky */
	size_t by;
	size_t stanzas;		/* recipients of the file */
};

/* The stream of a payload: its key depends on the file key and the nonce. */
static enum sq_err
payload_stream(const struct secret *file_key, const uint8_t nonce[AGE_NONCE],
    struct stream **ret)
{
	struct secret *key = NULL;
	enum sq_err e;

	if ((e = digest_hkdf256(file_key, nonce, AGE_NONCE, "payload", 7,
	    AEAD_KEY, &key)) == SQ_OK)
		e = stream_new(key, ret);
	secret_free(key);
	return e;
}

static enum sq_err
put_x25519(const char *recipient, const struct secret *file_key,
    struct bytes_buf *out)
{
	uint8_t point[AGE_KEY];
	struct age_x25519 x;
	enum sq_err e;

	if ((e = age_recipient_parse(recipient, point)) != SQ_OK)
		return e;
	if ((e = age_wrap_to_key(point, file_key, &x)) != SQ_OK)
		return e;
	bytes_puts(out, "-> X25519 ");
	bytes_put_b64(out, x.share, sizeof(x.share), false);
	bytes_puts(out, "\n");
	bytes_put_b64(out, x.body, sizeof(x.body), false);
	bytes_puts(out, "\n");
	return SQ_OK;
}

static enum sq_err
put_scrypt(const struct secret *pass, unsigned log_n,
    const struct secret *file_key, struct bytes_buf *out)
{
	uint8_t salt[AGE_SALT], body[AGE_BODY];
	enum sq_err e;

	if (log_n == 0 || log_n > AGE_LOGN_WRITE)
		return SQ_ELIMIT;
	bytes_random(salt, sizeof(salt));
	if ((e = age_wrap_to_pass(pass, salt, log_n, file_key,
	    body)) != SQ_OK)
		return e;
	bytes_puts(out, "-> scrypt ");
	bytes_put_b64(out, salt, sizeof(salt), false);
	bytes_putf(out, " %u\n", log_n);
	bytes_put_b64(out, body, sizeof(body), false);
	bytes_puts(out, "\n");
	return SQ_OK;
}

/* The header and the nonce of the payload. */
static enum sq_err
put_header(const char *recipient, const struct secret *passphrase,
    unsigned log_n, const struct secret *file_key,
    const uint8_t nonce[AGE_NONCE], struct bytes_buf *out)
{
	uint8_t mac[DIGEST_LEN];
	enum sq_err e;

	bytes_puts(out, AGE_VERSION_LINE);
	if (recipient != NULL)
		e = put_x25519(recipient, file_key, out);
	else
		e = put_scrypt(passphrase, log_n, file_key, out);
	if (e != SQ_OK)
		return e;
	bytes_puts(out, "---");
	if ((e = bytes_done(out)) != SQ_OK)
		return e;
	if ((e = age_header_mac(file_key, out->p, out->len, mac)) != SQ_OK)
		return e;
	bytes_puts(out, " ");
	bytes_put_b64(out, mac, sizeof(mac), false);
	bytes_puts(out, "\n");
	bytes_put(out, nonce, AGE_NONCE);
	return bytes_done(out);
}

/* see age.h */
enum sq_err
age_seal_new(const char *recipient, const struct secret *passphrase,
    unsigned log_n, age_write_fn *write, void *arg, struct age_writer **ret)
{
	struct secret *file_key = NULL;
	struct age_writer *w = NULL;
	struct bytes_buf head = { 0 };
	uint8_t nonce[AGE_NONCE];
	enum sq_err e = SQ_ENOMEM;

	if ((recipient == NULL) == (passphrase == NULL))
		return SQ_EUSAGE;
	if ((w = calloc(1, sizeof(*w))) == NULL)
		goto out;
	w->write = write;
	w->arg = arg;
	if ((w->pt = malloc(STREAM_CHUNK)) == NULL ||
	    (w->ct = malloc(STREAM_SEALED)) == NULL)
		goto out;
	if ((e = secret_random(AGE_FILE_KEY, &file_key)) != SQ_OK)
		goto out;
	bytes_random(nonce, sizeof(nonce));
	if ((e = put_header(recipient, passphrase, log_n, file_key, nonce,
	    &head)) != SQ_OK)
		goto out;
	if ((e = payload_stream(file_key, nonce, &w->stream)) != SQ_OK)
		goto out;
	if ((e = write(arg, head.p, head.len)) != SQ_OK)
		goto out;
	*ret = w;
	w = NULL;		/* transferred */
out:
	bytes_free(&head);
	secret_free(file_key);
	age_seal_free(w);
	return e;
}

static enum sq_err
put_chunk(struct age_writer *w, const uint8_t *p, size_t n, bool final)
{
	if (w->failed == SQ_OK)
		w->failed = stream_seal(w->stream, p, n, final, w->ct);
	if (w->failed == SQ_OK)
		w->failed = w->write(w->arg, w->ct, n + AEAD_TAG);
	return w->failed;
}

/* see age.h */
enum sq_err
age_seal_add(struct age_writer *w, const void *p, size_t n)
{
	const uint8_t *b = p;
	size_t take;
	enum sq_err e;

	/* a full chunk waits: only with a byte after it is it not the final */
	while (n > 0) {
		if (w->len == STREAM_CHUNK) {
			if ((e = put_chunk(w, w->pt, w->len, false)) != SQ_OK)
				return e;
			w->len = 0;
		}
		if (w->len == 0 && n > STREAM_CHUNK) {
			if ((e = put_chunk(w, b, STREAM_CHUNK,
			    false)) != SQ_OK)
				return e;
			b += STREAM_CHUNK;
			n -= STREAM_CHUNK;
			continue;
		}
		take = STREAM_CHUNK - w->len;
		if (take > n)
			take = n;
		memcpy(w->pt + w->len, b, take);
		w->len += take;
		b += take;
		n -= take;
	}
	return SQ_OK;
}

/* see age.h */
enum sq_err
age_seal_end(struct age_writer *w)
{
	return put_chunk(w, w->pt, w->len, true);
}

/* see age.h */
void
age_seal_free(struct age_writer *w)
{
	if (w == NULL)
		return;
	if (w->pt != NULL)
		secret_wipe(w->pt, STREAM_CHUNK);
	free(w->pt);
	free(w->ct);
	stream_free(w->stream);
	free(w);
}

/* Try the passphrase; a cost above the bound is refused before it is paid. */
static enum sq_err
by_passphrase(const struct age_keys *keys, const struct age_header *h,
    struct secret **ret, struct why *why)
{
	unsigned max = keys->max_log_n == 0 ? AGE_LOGN_READ : keys->max_log_n;
	enum sq_err e;

	if (h->log_n > max)
		return err_why(why, SQ_ELIMIT, "the file asks for more work "
		    "to try a passphrase (2^%u) than is accepted (2^%u)",
		    h->log_n, max);
	if (keys->passphrase == NULL)
		return err_why(why, SQ_EPASS,
		    "the file is sealed with a passphrase, not for a key");
	e = age_wrap_by_pass(keys->passphrase, h, ret);
	if (e == SQ_EPASS)
		return err_why(why, e, "the passphrase does not open it");
	return e;
}

/* Try every identity on every X25519 stanza. */
static enum sq_err
by_identity(const struct age_keys *keys, const struct age_header *h,
    size_t *ret_by, struct secret **ret, struct why *why)
{
	uint8_t point[AGE_KEY];
	enum sq_err e;

	for (size_t i = 0; i < keys->n_identity; i++) {
		if ((e = age_wrap_public(keys->identity[i], point)) != SQ_OK)
			return e;
		for (size_t j = 0; j < h->n_x; j++) {
			e = age_wrap_by_key(keys->identity[i], point,
			    &h->x[j], ret);
			if (e == SQ_OK)
				*ret_by = i;
			if (e == SQ_EFORMAT)
				return err_why(why, e, "recipient %zu in the "
				    "age header is not a usable key", j + 1);
			if (e != SQ_EPASS)
				return e;
		}
	}
	if (h->n_x == 0 && h->lacking)
		return err_why(why, SQ_EUNSUPPORTED, "the file is sealed for "
		    "a kind of key (post-quantum, hardware or SSH) that this "
		    "build does not support");
	if (h->n_x > 0 && keys->n_identity == 0)
		return err_why(why, SQ_EPASS,
		    "the file is sealed for a key, not with a passphrase");
	return err_why(why, SQ_EPASS,
	    "the file is not sealed for any of the keys given");
}

/* Read and authenticate the header (1); hand back the file key. */
static enum sq_err
open_header(const struct age_keys *keys, struct age_reader *r,
    struct secret **ret_file_key, struct why *why)
{
	struct age_header h = { 0 };
	struct bytes_buf head = { 0 };
	uint8_t mac[DIGEST_LEN];
	enum sq_err e;

	if ((e = age_header_read(&r->src, &head)) != SQ_OK) {
		err_why(why, e, e == SQ_EFORMAT ? "not an age v1 file, or cut "
		    "off in its header" : "cannot read the age header");
		goto out;
	}
	if ((e = age_header_parse(head.p, head.len, &h, why)) != SQ_OK)
		goto out;
	r->by = SIZE_MAX;
	if (h.scrypt)
		e = by_passphrase(keys, &h, ret_file_key, why);
	else
		e = by_identity(keys, &h, &r->by, ret_file_key, why);
	if (e != SQ_OK)
		goto out;
	r->stanzas = h.n_stanza;
	if ((e = age_header_mac(*ret_file_key, head.p, h.mac_len,
	    mac)) != SQ_OK)
		goto out;
	if (!bytes_eq(mac, h.mac, sizeof(mac)))
		e = err_why(why, SQ_EAUTH, "the age header was altered: its "
		    "authentication code does not hold");
out:
	bytes_free(&head);
	age_header_free(&h);
	return e;
}

/* see age.h */
enum sq_err
age_open_new(const struct age_keys *keys, age_read_fn *read, void *arg,
    struct age_reader **ret, struct why *why)
{
	struct secret *file_key = NULL;
	struct age_reader *r;
	uint8_t nonce[AGE_NONCE];
	enum sq_err e = SQ_ENOMEM;
	size_t n;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return e;
	if ((r->ct = malloc(STREAM_SEALED + 1)) == NULL ||
	    (r->pt = malloc(STREAM_CHUNK)) == NULL)
		goto out;
	if ((e = age_src_init(&r->src, read, arg)) != SQ_OK) {
		err_why(why, e, e == SQ_EFORMAT ? "neither an age file nor "
		    "one in armor" : "cannot read the age file");
		goto out;
	}
	if ((e = open_header(keys, r, &file_key, why)) != SQ_OK)
		goto out;
	if ((e = age_src_get(&r->src, nonce, sizeof(nonce), &n)) != SQ_OK ||
	    n != sizeof(nonce)) {
		e = err_why(why, e == SQ_OK ? SQ_EFORMAT : e,
		    "the age file is cut off after its header");
		goto out;
	}
	if ((e = payload_stream(file_key, nonce, &r->stream)) != SQ_OK)
		goto out;
	*ret = r;
	r = NULL;		/* transferred */
out:
	secret_free(file_key);
	age_open_free(r);
	return e;
}

/* Open the next chunk into pt; one byte after it is read with it (2). */
static enum sq_err
next_chunk(struct age_reader *r)
{
	enum sq_err e;
	size_t n;
	bool final;

	if ((e = age_src_get(&r->src, r->ct + r->have,
	    STREAM_SEALED + 1 - r->have, &n)) != SQ_OK)
		return e;
	r->have += n;
	final = r->have <= STREAM_SEALED;
	n = final ? r->have : STREAM_SEALED;
	if ((e = stream_open(r->stream, r->ct, n, final, r->pt)) != SQ_OK)
		return e;
	r->pos = 0;
	r->len = n - AEAD_TAG;
	r->last = final;
	r->ct[0] = r->ct[STREAM_SEALED];
	r->have = final ? 0 : 1;
	return SQ_OK;
}

/* see age.h */
enum sq_err
age_open_get(struct age_reader *r, uint8_t *p, size_t n, size_t *ret)
{
	size_t have;

	*ret = 0;
	if (r->failed == SQ_OK && r->pos == r->len && !r->last) {
		r->len = r->pos = 0;
		r->failed = next_chunk(r);
	}
	if (r->failed != SQ_OK)
		return r->failed;
	have = r->len - r->pos;
	*ret = n < have ? n : have;
	memcpy(p, r->pt + r->pos, *ret);
	r->pos += *ret;
	return SQ_OK;
}

/* see age.h */
size_t
age_open_by(const struct age_reader *r)
{
	return r->by;
}

/* see age.h */
size_t
age_open_stanzas(const struct age_reader *r)
{
	return r->stanzas;
}

/* see age.h */
void
age_open_free(struct age_reader *r)
{
	if (r == NULL)
		return;
	if (r->pt != NULL)
		secret_wipe(r->pt, STREAM_CHUNK);
	free(r->pt);
	free(r->ct);
	stream_free(r->stream);
	free(r);
}
