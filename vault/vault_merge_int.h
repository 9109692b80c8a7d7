/*
 * What the files of vault_merge share, and nobody else includes.
 */
#ifndef SQ_VAULT_VAULT_MERGE_INT_H
#define SQ_VAULT_VAULT_MERGE_INT_H

#include <pthread.h>

#include "vault/bundle/verify_take.h"
#include "vault/vault_int.h"

/* One attachment of the bundle. */
struct import_file {
	uint8_t root[ENTRY_ROOT];	/* of its media record */
	struct blob_info info;
	bool put;			/* sealed for this merge */
	bool bound;
};

struct importer {
	struct vault *v;
	struct vault_merged *ret;
	struct why *why;
	struct blob_store bs;
	bool own;			/* a bundle of this very log */
	uint64_t began;			/* size of our log before it */
	bool saved;
	uint8_t (*id)[LOG_RECORD_ID];	/* records touched, each once */
	size_t n_id;
	struct model_inputs lines;	/* "merged" of each entry */
	struct import_file *file;
	size_t n_file;
	/* the attachment that is sealed while it is read */
	pthread_t thread;
	bool running;
	int fd;
	struct fsio_in *in;
	struct why put_why;
	enum sq_err put_e;
};

/**
 * vault_merge_int_begin(arg, number, root, sha256, size, ret_wanted) and its
 * kin vault_merge_int_data(arg, p, n), vault_merge_int_end(arg): the struct
 * verify_take_files of an importer.
 */
enum sq_err vault_merge_int_begin(void *arg, uint64_t number,
    const uint8_t root[ENTRY_ROOT], const uint8_t sha256[DIGEST_LEN],
    uint64_t size, bool *ret_wanted);
enum sq_err vault_merge_int_data(void *arg, const uint8_t *p, size_t n);
enum sq_err vault_merge_int_end(void *arg);

/** vault_merge_int_settle(m): give the sealed objects their places. */
enum sq_err vault_merge_int_settle(struct importer *m);

/**
 * vault_merge_int_note(m, it, id):
 * Remember that an entry of record ${id} was taken in.
 */
enum sq_err vault_merge_int_note(struct importer *m,
    const struct verify_taken_item *it, const uint8_t id[LOG_RECORD_ID]);

/** vault_merge_int_bind(m): bind the objects to their media records. */
enum sq_err vault_merge_int_bind(struct importer *m);

/** vault_merge_int_conflicts(m): which records have more than one head now. */
enum sq_err vault_merge_int_conflicts(struct importer *m);

/**
 * vault_merge_int_free(m):
 * Free; what nothing binds is removed, unless nobody knows what is bound.
 */
void vault_merge_int_free(struct importer *m);

#endif
