#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/queue.h"
#include "vault/bundle/seal.h"
#include "vault/bundle/verify_int.h"
#include "vault/fsio.h"

#define CHUNK 65536

/* Bytes of the sealed file, counted for the progress. */
struct counted {
	struct fsio_in *in;
	struct age_reader *age;
	atomic_uint_fast64_t done;
};

static void
progress(struct verify_source *s, uint64_t done)
{
	s->done = done;
	if (s->o->progress != NULL)
		s->o->progress(s->o->arg, s->done, s->of);
}

static enum sq_err
sealed_bytes(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct counted *c = arg;
	enum sq_err e = fsio_in_read(c->in, p, n, ret);

	if (e == SQ_OK)
		atomic_fetch_add(&c->done, *ret);
	return e;
}

static enum sq_err
opened_bytes(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct counted *c = arg;

	return age_open_get(c->age, p, n, ret);
}

/*
 * Members of an archive whose first byte comes from the age reader: one thread
 * reads and opens, this one looks and hashes.
 */
static enum sq_err
each_member(struct verify_source *s, struct counted *c,
    const struct verify_sink *sink, struct why *why)
{
	struct queue *q = NULL;
	struct tar_reader *tar = NULL;
	uint8_t *buf = NULL;
	const char *path;
	uint64_t size;
	size_t n;
	enum sq_err e;

	if ((buf = malloc(CHUNK)) == NULL)
		return SQ_ENOMEM;
	if ((e = queue_in(opened_bytes, c, &q)) != SQ_OK ||
	    (e = tar_read_new(queue_get, q, &tar)) != SQ_OK)
		goto out;
	while ((e = tar_read_next(tar, &path, &size, why)) == SQ_OK &&
	    path != NULL) {
		if ((e = sink->begin(sink->arg, path, size)) != SQ_OK)
			goto out;
		while ((e = tar_read_data(tar, buf, CHUNK, &n)) == SQ_OK &&
		    n > 0) {
			progress(s, c->done);
			if ((e = sink->data(sink->arg, buf, n)) != SQ_OK)
				goto out;
		}
		if (e != SQ_OK) {
			e = err_why(why, e, "the file is altered or cut, "
			    "inside %s", path);
			goto out;
		}
		if ((e = sink->end(sink->arg)) != SQ_OK)
			goto out;
	}
out:
	tar_read_free(tar);
	queue_free(q);
	progress(s, c->done);
	secret_wipe(buf, CHUNK);
	free(buf);
	return e;
}

/* Note who opened the file. */
static enum sq_err
opener(struct verify_source *s, const struct age_keys *keys,
    const struct age_reader *age)
{
	size_t by = age_open_by(age);

	s->by_passphrase = by == SIZE_MAX;
	s->shared = age_open_stanzas(age) != 1;
	if (s->by_passphrase)
		return SQ_OK;
	return by >= keys->n_identity ? SQ_EINTERNAL :
	    age_public(keys->identity[by], s->opener);
}

static enum sq_err
each_sealed(struct verify_source *s, const struct verify_sink *sink,
    struct why *why)
{
	struct age_keys keys = { NULL, 0, s->o->passphrase, 0 };
	struct counted c = { .in = NULL };
	enum sq_err e;

	/* a file that is not there needs no key */
	if ((e = fsio_in_open(s->o->path, &c.in, why)) != SQ_OK)
		goto out;
	if (s->o->identity == NULL && s->o->passphrase == NULL) {
		e = err_why(why, SQ_EUSAGE, "to open a sealed bundle give "
		    "your identity file (-i) or its passphrase");
		goto out;
	}
	if (s->o->identity != NULL && (e = seal_identities(s->o->identity,
	    &keys.identity, &keys.n_identity, why)) != SQ_OK) {
		e = e == SQ_EFORMAT ? SQ_EUSAGE : e;
		goto out;
	}
	s->of = fsio_in_size(c.in);
	if ((e = age_open_new(&keys, sealed_bytes, &c, &c.age, why)) !=
	    SQ_OK || (e = opener(s, &keys, c.age)) != SQ_OK)
		goto out;
	e = each_member(s, &c, sink, why);
out:
	age_open_free(c.age);
	fsio_in_close(c.in);
	seal_identities_free(keys.identity, keys.n_identity);
	return e;
}

/* --- a folder that stock tools opened ----------------------------------- */

struct folder {
	struct verify_source *s;
	const struct verify_sink *sink;
	struct why *why;
	uint8_t *buf;
	int fd;
};

static enum sq_err
one_file(void *arg, const char *relpath, uint64_t size)
{
	struct folder *f = arg;
	struct fsio_in *in = NULL;
	char path[TAR_PATH_MAX + 1];
	uint64_t left = size;
	enum sq_err e;
	size_t n;

	if (strlen(relpath) + sizeof("bundle/") > sizeof(path))
		return err_why(f->why, SQ_EFORMAT, "%s: a path too long for "
		    "a bundle", relpath);
	memcpy(path, "bundle/", 7);
	memcpy(path + 7, relpath, strlen(relpath) + 1);
	if (!tar_path_ok(path))
		return err_why(f->why, SQ_EFORMAT, "%s: not a name that a "
		    "bundle may have", relpath);
	if ((e = fsio_at_in(f->fd, relpath, &in, f->why)) != SQ_OK)
		return e;
	if ((e = f->sink->begin(f->sink->arg, path, size)) != SQ_OK)
		goto out;
	while ((e = fsio_in_read(in, f->buf, CHUNK, &n)) == SQ_OK && n > 0) {
		if (n > left)
			break;
		left -= n;
		progress(f->s, f->s->done + n);
		if ((e = f->sink->data(f->sink->arg, f->buf, n)) != SQ_OK)
			goto out;
	}
	if (e == SQ_OK && (left != 0 || n != 0))
		e = err_why(f->why, SQ_EFORMAT, "%s changed while it was "
		    "read", relpath);
	if (e == SQ_OK)
		e = f->sink->end(f->sink->arg);
out:
	fsio_in_close(in);
	return e;
}

/* The folder itself, or the folder "bundle" in it. */
static enum sq_err
bundle_folder(const char *path, int *ret_fd, struct why *why)
{
	struct fsio_in *in = NULL;
	enum sq_err e;
	int fd;

	if ((e = fsio_path_open_dir(path, &fd, why)) != SQ_OK)
		return e;
	if (fsio_at_in(fd, "STATEMENT.txt", &in, NULL) == SQ_OK ||
	    fsio_subdir(fd, "bundle", ret_fd, NULL) != SQ_OK) {
		*ret_fd = fd;
		fd = -1;
	}
	fsio_in_close(in);
	fsio_close(fd);
	return SQ_OK;
}

static enum sq_err
count_file(void *arg, const char *relpath, uint64_t size)
{
	struct verify_source *s = arg;

	(void)relpath;
	s->of += size;
	return SQ_OK;
}

static enum sq_err
each_file(struct verify_source *s, const struct verify_sink *sink,
    struct why *why)
{
	struct folder f = { s, sink, why, NULL, -1 };
	enum sq_err e;

	if ((e = bundle_folder(s->o->path, &f.fd, why)) != SQ_OK)
		return e;
	if ((f.buf = malloc(CHUNK)) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if (s->o->progress != NULL)
		e = fsio_walk(f.fd, count_file, s, why);
	if (e == SQ_OK)
		e = fsio_walk(f.fd, one_file, &f, why);
	if (e == SQ_EREFUSED || e == SQ_EDAMAGE)
		e = SQ_EFORMAT;		/* a link, a device: not a bundle's */
	secret_wipe(f.buf, CHUNK);
out:
	free(f.buf);
	fsio_close(f.fd);
	return e;
}

/* see verify_int.h */
enum sq_err
verify_source_each(struct verify_source *s, const struct verify_sink *sink,
    struct why *why)
{
	s->done = s->of = 0;
	s->folder = strcmp(s->o->path, "-") != 0 &&
	    fsio_path_is_dir(s->o->path);
	return s->folder ? each_file(s, sink, why) :
	    each_sealed(s, sink, why);
}
