#include <stdlib.h>

#include "vault/bundle/seal.h"
#include "vault/fsio.h"

#define PIECE ((size_t)256 << 10)
#define IDENTITY_FILE_MAX ((size_t)1 << 20)

/* Say what is wrong with a recipient before anything is made. */
static enum sq_err
check_recipient(const char *recipient, struct why *why)
{
	enum sq_err e = age_recipient_check(recipient);

	if (e == SQ_EFORMAT)
		return err_why(why, SQ_EREFUSED, "%s is not an age recipient: "
		    "check it letter by letter", recipient);
	if (e == SQ_EUNSUPPORTED)
		return err_why(why, e, "%.40s... is a recipient of a kind that "
		    "is not supported by this build; ask for one that starts "
		    "with age1 and is 62 characters long", recipient);
	return e;
}

/* Everything that is left of in, through the writer. */
static enum sq_err
seal_all(struct fsio_in *in, struct age_writer *w, const char *in_name,
    const char *out_name, struct why *why)
{
	uint8_t *buf;
	enum sq_err e;
	size_t n;

	if ((buf = malloc(PIECE)) == NULL)
		return SQ_ENOMEM;
	do {
		if ((e = fsio_in_read(in, buf, PIECE, &n)) != SQ_OK) {
			err_why(why, e, "cannot read %s", in_name);
			break;
		}
		e = n > 0 ? age_seal_add(w, buf, n) : age_seal_end(w);
		if (e != SQ_OK)
			err_why(why, e, "cannot write %s", out_name);
	} while (e == SQ_OK && n > 0);
	secret_wipe(buf, PIECE);
	free(buf);
	return e;
}

/* see seal.h */
enum sq_err
seal_file(const char *in, const char *recipient, const struct secret *pass,
    const char *out, struct why *why)
{
	struct fsio_in *src = NULL;
	struct fsio_out *dst = NULL;
	struct age_writer *w = NULL;
	enum sq_err e;

	if (recipient != NULL &&
	    (e = check_recipient(recipient, why)) != SQ_OK)
		goto out;
	if ((e = fsio_in_open(in, &src, why)) != SQ_OK)
		goto out;
	if ((e = fsio_out_new(out, &dst, why)) != SQ_OK)
		goto out;
	if ((e = age_seal_new(recipient, pass, AGE_LOGN_WRITE,
	    fsio_out_write, dst, &w)) != SQ_OK) {
		err_why(why, e, "cannot begin %s", out);
		goto out;
	}
	if ((e = seal_all(src, w, in, out, why)) != SQ_OK)
		goto out;
	e = fsio_out_end(dst, why);
out:
	age_seal_free(w);
	fsio_out_free(dst);
	fsio_in_close(src);
	return e;
}

/* see seal.h */
enum sq_err
seal_bytes(const void *p, size_t n, const char *recipient, const char *out,
    struct why *why)
{
	struct fsio_out *dst = NULL;
	struct age_writer *w = NULL;
	enum sq_err e;

	if ((e = check_recipient(recipient, why)) != SQ_OK ||
	    (e = fsio_out_new(out, &dst, why)) != SQ_OK)
		return e;
	if ((e = age_seal_new(recipient, NULL, AGE_LOGN_WRITE,
	    fsio_out_write, dst, &w)) != SQ_OK ||
	    (e = age_seal_add(w, p, n)) != SQ_OK ||
	    (e = age_seal_end(w)) != SQ_OK)
		err_why(why, e, "cannot write %s", out);
	else
		e = fsio_out_end(dst, why);
	age_seal_free(w);
	fsio_out_free(dst);
	return e;
}

/* Everything that is left of the reader, to dst. */
static enum sq_err
open_all(struct age_reader *r, struct fsio_out *dst, const char *in_name,
    const char *out_name, struct why *why)
{
	uint8_t *buf;
	enum sq_err e;
	size_t n;

	if ((buf = malloc(PIECE)) == NULL)
		return SQ_ENOMEM;
	for (;;) {
		e = age_open_get(r, buf, PIECE, &n);
		if (e == SQ_EAUTH || e == SQ_EFORMAT)
			err_why(why, e, "%s was altered, or is not whole: "
			    "nothing of it was kept", in_name);
		else if (e != SQ_OK)
			err_why(why, e, "cannot read %s", in_name);
		if (e != SQ_OK || n == 0)
			break;
		if ((e = fsio_out_write(dst, buf, n)) != SQ_OK) {
			err_why(why, e, "cannot write %s", out_name);
			break;
		}
	}
	secret_wipe(buf, PIECE);
	free(buf);
	return e;
}

/* see seal.h */
enum sq_err
seal_open_file(const char *in, const struct age_keys *keys, const char *out,
    struct why *why)
{
	struct fsio_in *src = NULL;
	struct fsio_out *dst = NULL;
	struct age_reader *r = NULL;
	enum sq_err e;

	if ((e = fsio_in_open(in, &src, why)) != SQ_OK)
		goto out;
	if ((e = age_open_new(keys, fsio_in_read, src, &r, why)) != SQ_OK) {
		/* without a passphrase none can be wrong */
		if (e == SQ_EPASS && keys->passphrase == NULL)
			e = SQ_EREFUSED;
		err_more(why, e, "%s", in);
		goto out;
	}
	/* made only now: a wrong key leaves no trace */
	if ((e = fsio_out_new(out, &dst, why)) != SQ_OK)
		goto out;
	if ((e = open_all(r, dst, in, out, why)) != SQ_OK)
		goto out;
	e = fsio_out_end(dst, why);
out:
	fsio_out_free(dst);
	age_open_free(r);
	fsio_in_close(src);
	return e;
}

/* see seal.h */
enum sq_err
seal_keygen(const char *out, const char *created,
    char recipient[AGE_RECIPIENT_MAX], struct why *why)
{
	struct secret *id = NULL;
	struct fsio_out *dst = NULL;
	struct bytes_buf text = { 0 };
	enum sq_err e;

	if ((e = age_keygen(&id)) != SQ_OK)
		goto out;
	if ((e = age_public(id, recipient)) != SQ_OK)
		goto out;
	bytes_putf(&text, "# created: %s\n# public key: %s\n", created,
	    recipient);
	if ((e = age_identity_emit(id, &text)) != SQ_OK)
		goto out;
	bytes_puts(&text, "\n");
	if ((e = bytes_done(&text)) != SQ_OK)
		goto out;
	if ((e = fsio_out_new(out, &dst, why)) != SQ_OK)
		goto out;
	if ((e = fsio_out_write(dst, text.p, text.len)) != SQ_OK) {
		err_why(why, e, "cannot write %s", out);
		goto out;
	}
	e = fsio_out_end(dst, why);
out:
	fsio_out_free(dst);
	bytes_free(&text);
	secret_free(id);
	return e;
}

/* see seal.h */
enum sq_err
seal_key_public(const char *path, char recipient[AGE_RECIPIENT_MAX],
    struct why *why)
{
	struct secret **list = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = seal_identities(path, &list, &n, why)) != SQ_OK)
		return e;
	if (n == 1)
		e = age_public(list[0], recipient);
	else
		e = err_why(why, SQ_EREFUSED,
		    "%s holds %zu identities, not one", path, n);
	seal_identities_free(list, n);
	return e;
}

/* see seal.h */
enum sq_err
seal_identities(const char *path, struct secret ***ret, size_t *ret_n,
    struct why *why)
{
	struct bytes_buf text = { 0 };
	enum sq_err e;

	if ((e = fsio_path_read(path, IDENTITY_FILE_MAX, &text,
	    why)) != SQ_OK)
		goto out;
	e = age_identity_parse((const char *)text.p, text.len, ret, ret_n);
	if (e == SQ_EFORMAT)
		err_why(why, e, "%s is not an age identity file (lines of "
		    "AGE-SECRET-KEY-1...)", path);
	if (e == SQ_EUNSUPPORTED)
		err_why(why, e, "%s holds an identity of a kind (encrypted, "
		    "plugin, post-quantum or SSH) that is not supported by "
		    "this build", path);
out:
	bytes_free(&text);
	return e;
}

/* see seal.h */
void
seal_identities_free(struct secret **list, size_t n)
{
	if (list == NULL)
		return;
	while (n > 0)
		secret_free(list[--n]);
	free(list);
}
