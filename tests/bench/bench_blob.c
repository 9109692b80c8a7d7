/*
 * One measured step of the attachment store, for tests/bench/blob.sh:
 *
 *   bench_blob put FILE DIR      seal FILE into DIR/v, synced and re-read
 *   bench_blob many FOLDER DIR   every file of FOLDER, in one batch
 *   bench_blob cat DIR           all of the last put to standard output
 *   bench_blob check DIR         every byte of it, from the disk
 *   bench_blob quick DIR         its tags
 *
 * Prints seconds and peak memory to standard error.
 */
#include <sys/resource.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "vault/store/blob.h"

static struct why why;
static struct blob_info *list;
static size_t n_list, cap_list;
static int dir = -1;

static int
die(const char *what)
{
	fprintf(stderr, "bench_blob: %s: %s\n", what, why.text);
	return 1;
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum sq_err
to_stdout(void *arg, const uint8_t *p, size_t n)
{
	ssize_t got;

	(void)arg;
	for (; n > 0; p += got, n -= (size_t)got)
		if ((got = write(STDOUT_FILENO, p, n)) <= 0)
			return SQ_EIO;
	return SQ_OK;
}

static enum sq_err
put_one(const struct blob_store *bs, struct fsio_in *in)
{
	enum sq_err e;

	if (n_list == cap_list) {
		cap_list = cap_list == 0 ? 64 : 2 * cap_list;
		list = reallocarray(list, cap_list, sizeof(*list));
		if (list == NULL)
			return SQ_ENOMEM;
	}
	e = blob_put(bs, in, NULL, NULL, &list[n_list], &why);
	n_list += e == SQ_OK;
	fsio_in_close(in);
	return e;
}

struct many {
	const struct blob_store *bs;
	int folder;
};

static enum sq_err
each(void *arg, const char *name)
{
	struct many *m = arg;
	struct fsio_in *in;
	enum sq_err e = fsio_at_in(m->folder, name, &in, &why);

	return e != SQ_OK ? e : put_one(m->bs, in);
}

static enum sq_err
put(const struct blob_store *bs, const char *what, const char *path)
{
	struct many m = { bs, -1 };
	struct fsio_in *in;
	enum sq_err e;

	if (strcmp(what, "put") == 0) {
		if ((e = fsio_in_regular(path, &in, &why)) == SQ_OK)
			e = put_one(bs, in);
	} else if ((e = fsio_path_open_dir(path, &m.folder, &why)) == SQ_OK)
		e = fsio_each(m.folder, each, &m);
	if (e == SQ_OK)
		e = blob_settle(bs, list, n_list, &why);
	if (e == SQ_OK)
		e = fsio_create(dir, "info", list, sizeof(*list), &why);
	return e;
}

static enum sq_err
take(const struct blob_store *bs, const char *what)
{
	struct bytes_buf b = { 0 };
	struct blob_info info;
	enum sq_err e = fsio_read(dir, "info", sizeof(info), &b, &why);

	if (e != SQ_OK || b.len != sizeof(info))
		return SQ_EFORMAT;
	memcpy(&info, b.p, sizeof(info));
	bytes_free(&b);
	if (strcmp(what, "cat") == 0)
		return blob_get(bs, &info, 0, UINT64_MAX, to_stdout, NULL,
		    NULL, NULL, &why);
	return blob_check(bs, &info, strcmp(what, "check") == 0, NULL, NULL,
	    &why);
}

int
main(int argc, char **argv)
{
	static const uint8_t vault_id[16] = { 1 };
	struct secret *k = NULL;
	struct blob_store bs = { .vault_id = vault_id };
	struct rusage ru;
	double t;
	bool in = argc == 4;

	if (argc < 3 || secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    secret_new(32, &k) != SQ_OK)
		return die("usage: put|many WHAT DIR, cat|check|quick DIR");
	(void)mkdir(argv[argc - 1], 0700);
	if (fsio_dir_open(argv[argc - 1], &dir, &why) != SQ_OK)
		return die("open");
	bs.dirfd = dir;
	bs.k_blob = k;
	t = now();
	if ((in ? put(&bs, argv[1], argv[2]) : take(&bs, argv[1])) != SQ_OK)
		return die(argv[1]);
	t = now() - t;
	(void)getrusage(RUSAGE_SELF, &ru);
	fprintf(stderr, "%.3f s, %ld KiB peak%s\n", t, ru.ru_maxrss,
	    n_list > 0 && list[0].reread ? ", re-read meanwhile" : "");
	free(list);
	secret_free(k);
	return 0;
}
