#include <string.h>

#include "vault/bundle/verify_int.h"
#include "vault/fsio.h"

/*
 * The second pass.  Between the passes the input may have changed: each member
 * is hashed again as it is written, and must be in the table of the first.
 */
struct writer {
	struct verify *v;
	struct why *why;
	struct fsio_out *out;
	const struct bag_file *want;
	size_t n;			/* members so far */
	int fd;
};

static enum sq_err
changed(struct writer *w, const char *path)
{
	return err_why(w->why, SQ_EAUTH, "%s changed between the two readings"
	    "; nothing was written", path);
}

static enum sq_err
write_begin(void *arg, const char *path, uint64_t size)
{
	struct writer *w = arg;

	w->want = w->n < w->v->all.n ? &w->v->all.v[w->n] : NULL;
	if (w->want == NULL || strcmp(w->want->path, path) != 0 ||
	    w->want->size != size)
		return changed(w, path);
	w->n++;
	return fsio_at_out(w->fd, path, &w->out, w->why);
}

static enum sq_err
write_data(void *arg, const uint8_t *p, size_t n)
{
	struct writer *w = arg;
	enum sq_err e = digest_add(w->v->sha, p, n);

	return e == SQ_OK ? fsio_out_write(w->out, p, n) : e;
}

static enum sq_err
write_end(void *arg)
{
	struct writer *w = arg;
	uint8_t hash[DIGEST_LEN];
	enum sq_err e;

	if ((e = digest_end(w->v->sha, hash)) != SQ_OK)
		return e;
	if (memcmp(hash, w->want->sha256, DIGEST_LEN) != 0)
		return changed(w, w->want->path);
	if ((e = fsio_out_end(w->out, w->why)) != SQ_OK)
		return e;
	fsio_out_free(w->out);
	w->out = NULL;
	return SQ_OK;
}

/* Read it all again and write it below PATH.part. */
static enum sq_err
write_all(struct verify *v, int fd, struct why *why)
{
	struct writer w = { v, why, NULL, NULL, 0, fd };
	const struct verify_sink sink = { write_begin, write_data, write_end,
	    &w };
	enum sq_err e;

	e = verify_source_each(&v->source, &sink, why);
	fsio_out_free(w.out);
	if (e == SQ_OK && w.n != v->all.n)
		e = changed(&w, "the bundle");
	return e == SQ_EFORMAT || e == SQ_EPASS ? SQ_EAUTH : e;
}

/* see verify.h */
enum sq_err
verify_open(const struct verify_opts *o, const char *out,
    struct verify_report *ret, struct why *why)
{
	struct verify v = { .later = NULL };
	enum sq_err e;
	bool recall;
	int fd = -1;

	if ((e = verify_recall_is(o->path, &recall, why)) != SQ_OK)
		return e;
	if (recall)
		return err_why(why, SQ_EUSAGE, "a recall notice is plain text "
		    "already; check it with: verify %s", o->path);
	if ((e = verify_int_run(&v, o, ret, why)) != SQ_OK)
		goto out;
	if (strcmp(o->path, "-") == 0) {
		e = err_why(why, SQ_EUSAGE, "a bundle from standard input can"
		    " be verified, but to open it needs a file");
		goto out;
	}
	if ((e = fsio_tree_new(out, &fd, why)) != SQ_OK)
		goto out;
	if ((e = write_all(&v, fd, why)) == SQ_OK)
		e = fsio_tree_end(out, fd, why);
	fsio_close(fd);
	if (e != SQ_OK && e != SQ_EUNSURE)
		fsio_tree_drop(out);
out:
	verify_int_free(&v);
	return e;
}
