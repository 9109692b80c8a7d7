#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/store/log_int.h"

/*
 * Heads prove that nothing newer is missing.  They do so only if what is put
 * back from an older copy can never be taken over into new heads: a bucket is
 * therefore checked against heads before the first chain in it is advanced,
 * and is then advanced, hashed and stored from memory.
 */

static const char label_chain[] = "sandyq/chain/1";
static const char label_bucket[] = "sandyq/bucket/1";
static const char label_heads[] = "sandyq/heads/1";

/* see log_int.h */
void
log_chain_step(uint8_t c[32], uint64_t index, const uint8_t root[ENTRY_ROOT])
{
	uint8_t b[sizeof(label_chain) - 1 + 32 + 8 + ENTRY_ROOT];
	uint8_t *p = b + sizeof(label_chain) - 1;

	memcpy(b, label_chain, sizeof(label_chain) - 1);
	memcpy(p, c, 32);
	bytes_le64(p + 32, index);
	memcpy(p + 40, root, ENTRY_ROOT);
	digest_sha256(c, b, sizeof(b));
}

/* see log_int.h */
unsigned
log_bucket_of(const uint8_t id[LOG_RECORD_ID])
{
	uint8_t h[DIGEST_LEN];

	digest_sha256(h, id, LOG_RECORD_ID);
	return (unsigned)h[0] << 4 | (unsigned)h[1] >> 4;
}

static void
bucket_free(struct log_bucket *b)
{
	free(b->v);
	memset(b, 0, sizeof(*b));
}

/* Hash a bucket from memory; ${buf} is scratch. */
static enum sq_err
bucket_hash(const struct log_bucket *b, struct bytes_buf *buf,
    uint8_t out[32])
{
	buf->len = 0;
	bytes_put(buf, label_bucket, sizeof(label_bucket) - 1);
	for (size_t i = 0; i < b->n; i++) {
		bytes_put(buf, b->v[i].id, LOG_RECORD_ID);
		bytes_put(buf, b->v[i].c, 32);
	}
	if (bytes_done(buf) != SQ_OK)
		return SQ_ENOMEM;
	digest_sha256(out, buf->p, buf->len);
	return SQ_OK;
}

static void
heads_of(struct log *lg)
{
	const struct digest_part parts[] = {
		{ label_heads, sizeof(label_heads) - 1 },
		{ lg->hash, sizeof(lg->hash) }
	};

	digest_sha256v(lg->heads, parts, 2);
}

/* see log_int.h */
void
log_bucket_forget(struct log *lg)
{
	uint8_t empty[DIGEST_LEN];

	digest_sha256(empty, label_bucket, sizeof(label_bucket) - 1);
	for (size_t k = 0; k < LOG_BUCKETS; k++) {
		bucket_free(&lg->bucket[k]);
		memcpy(lg->hash[k], empty, 32);
	}
	heads_of(lg);
}

/* see log_int.h */
enum sq_err
log_bucket_all(struct log *lg)
{
	struct db_st *st;
	const void *p;
	int64_t k;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = db_use(lg->db, DB_BUCKET_ALL, &st)) != SQ_OK)
		return e;
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		k = db_int(st, 0);
		p = db_blob(st, 1, &n);
		if (k < 0 || k >= LOG_BUCKETS || n != 32) {
			db_reset(st);
			return SQ_EDAMAGE;
		}
		memcpy(lg->hash[k], p, 32);
	}
	if (e == SQ_OK)
		heads_of(lg);
	return e;
}

/* Make room for one more chain. */
static enum sq_err
bucket_grow(struct log_bucket *b)
{
	size_t cap = b->cap == 0 ? 8 : 2 * b->cap;
	struct log_chain *v;

	if (b->n < b->cap)
		return SQ_OK;
	if ((v = reallocarray(b->v, cap, sizeof(*v))) == NULL)
		return SQ_ENOMEM;
	b->v = v;
	b->cap = cap;
	return SQ_OK;
}

/* Read the chains of a bucket as they are stored. */
static enum sq_err
bucket_read(struct log *lg, unsigned k, struct log_bucket *b)
{
	struct db_st *st;
	const void *id, *c;
	size_t n_id, n_c;
	bool row;
	enum sq_err e;

	if ((e = db_use(lg->db, DB_HEAD_BUCKET, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, k);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		id = db_blob(st, 0, &n_id);
		c = db_blob(st, 1, &n_c);
		if (n_id != LOG_RECORD_ID || n_c != 32)
			e = SQ_EDAMAGE;
		else
			e = bucket_grow(b);
		if (e != SQ_OK) {
			db_reset(st);
			return e;
		}
		memcpy(b->v[b->n].id, id, LOG_RECORD_ID);
		memcpy(b->v[b->n].c, c, 32);
		b->v[b->n++].changed = false;
	}
	return e;
}

/* see log_int.h */
enum sq_err
log_bucket_load(struct log *lg, unsigned k)
{
	struct log_bucket b = { 0 };
	uint8_t hash[32];
	enum sq_err e;

	if (lg->bucket[k].loaded)
		return SQ_OK;
	if ((e = bucket_read(lg, k, &b)) == SQ_OK)
		e = bucket_hash(&b, &lg->buf, hash);
	if (e == SQ_OK && !bytes_eq(hash, lg->hash[k], 32))
		e = SQ_EDAMAGE;
	if (e != SQ_OK) {
		bucket_free(&b);
		return e;
	}
	b.loaded = true;
	lg->bucket[k] = b;	/* transferred */
	return SQ_OK;
}

/* Where the record is, or belongs. */
static size_t
position(const struct log_bucket *b, const uint8_t id[LOG_RECORD_ID])
{
	size_t lo = 0, hi = b->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(b->v[mid].id, id, LOG_RECORD_ID) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* see log_int.h */
struct log_chain *
log_bucket_find(const struct log_bucket *b, const uint8_t id[LOG_RECORD_ID])
{
	size_t at = position(b, id);

	if (at == b->n || memcmp(b->v[at].id, id, LOG_RECORD_ID) != 0)
		return NULL;
	return &b->v[at];
}

/* see log_int.h */
enum sq_err
log_bucket_step(struct log *lg, const uint8_t id[LOG_RECORD_ID],
    uint64_t index, const uint8_t root[ENTRY_ROOT])
{
	unsigned k = log_bucket_of(id);
	struct log_bucket *b = &lg->bucket[k];
	struct log_chain *ch;
	size_t at;
	enum sq_err e;

	if ((e = log_bucket_load(lg, k)) != SQ_OK)
		return e;
	if ((ch = log_bucket_find(b, id)) == NULL) {
		if ((e = bucket_grow(b)) != SQ_OK)
			return e;
		at = position(b, id);
		ch = &b->v[at];
		memmove(ch + 1, ch, (b->n - at) * sizeof(*ch));
		memset(ch, 0, sizeof(*ch));
		memcpy(ch->id, id, LOG_RECORD_ID);
		b->n++;
	}
	log_chain_step(ch->c, index, root);
	ch->changed = true;
	b->dirty = true;
	return SQ_OK;
}

/* Store what changed in one bucket, and its hash. */
static enum sq_err
settle_one(struct log *lg, unsigned k)
{
	struct log_bucket *b = &lg->bucket[k];
	struct db_st *st;
	enum sq_err e;

	for (size_t i = 0; i < b->n; i++) {
		if (!b->v[i].changed)
			continue;
		if ((e = db_use(lg->db, DB_HEAD_SET, &st)) != SQ_OK)
			return e;
		db_bind_int(st, 1, k);
		db_bind_blob(st, 2, b->v[i].id, LOG_RECORD_ID);
		db_bind_blob(st, 3, b->v[i].c, 32);
		if ((e = db_run(st)) != SQ_OK)
			return e;
		b->v[i].changed = false;
	}
	if ((e = bucket_hash(b, &lg->buf, lg->hash[k])) != SQ_OK ||
	    (e = db_use(lg->db, DB_BUCKET_SET, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, k);
	db_bind_blob(st, 2, lg->hash[k], 32);
	if ((e = db_run(st)) == SQ_OK)
		b->dirty = false;
	return e;
}

/* see log.h */
enum sq_err
log_settle(struct log *lg)
{
	bool any = false;
	enum sq_err e;

	for (unsigned k = 0; k < LOG_BUCKETS; k++) {
		if (!lg->bucket[k].dirty)
			continue;
		if ((e = settle_one(lg, k)) != SQ_OK)
			return e;
		any = true;
	}
	if (any)
		heads_of(lg);
	return SQ_OK;
}

/* The indices naming a record, and the chain that their roots give. */
static enum sq_err
follow(struct log *lg, const uint8_t id[LOG_RECORD_ID], uint8_t c[32],
    uint64_t **ret_index, size_t *ret_n)
{
	uint64_t *list = NULL, *grown;
	size_t n = 0, cap = 0, n_root;
	struct db_st *st;
	const void *root;
	bool row;
	enum sq_err e;

	if ((e = db_use(lg->db, DB_ABOUT_OF, &st)) != SQ_OK)
		return e;
	memset(c, 0, 32);
	db_bind_blob(st, 1, id, LOG_RECORD_ID);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		root = db_blob(st, 1, &n_root);
		if (n_root != ENTRY_ROOT) {
			e = SQ_EDAMAGE;
			break;
		}
		if (n == cap) {
			cap = cap == 0 ? 8 : 2 * cap;
			grown = reallocarray(list, cap, sizeof(*list));
			if (grown == NULL) {
				e = SQ_ENOMEM;
				break;
			}
			list = grown;
		}
		list[n] = (uint64_t)db_int(st, 0);
		log_chain_step(c, list[n++], root);
	}
	if (e != SQ_OK) {
		db_reset(st);
		free(list);
		return e;
	}
	*ret_index = list;
	*ret_n = n;
	return SQ_OK;
}

/* see log.h */
enum sq_err
log_of_record(struct log *lg, const uint8_t id[LOG_RECORD_ID],
    uint64_t **ret_index, size_t *ret_n, struct why *why)
{
	unsigned k = log_bucket_of(id);
	const struct log_chain *ch;
	uint64_t *list = NULL;
	uint8_t c[32];
	size_t n = 0;
	enum sq_err e;

	if ((e = log_bucket_load(lg, k)) != SQ_OK)
		return err_why(why, e, "the chains of bucket %u are not those"
		    " that heads vouch for", k);
	if ((ch = log_bucket_find(&lg->bucket[k], id)) == NULL)
		return SQ_ENOENT;
	if ((e = follow(lg, id, c, &list, &n)) != SQ_OK)
		return err_why(why, e, "the entries of a record cannot be"
		    " read: %s", db_why(lg->db));
	if (!bytes_eq(c, ch->c, 32)) {
		free(list);
		return err_why(why, SQ_EDAMAGE, "entries of a record are"
		    " missing or altered: an older part of the database may"
		    " have been put back");
	}
	*ret_index = list;
	*ret_n = n;
	return SQ_OK;
}

/* see log.h */
enum sq_err
log_records(struct log *lg,
    enum sq_err (*cb)(void *arg, const uint8_t id[LOG_RECORD_ID]), void *arg,
    struct why *why)
{
	struct log_chain *copy;
	size_t n;
	enum sq_err e = SQ_OK;

	for (unsigned k = 0; k < LOG_BUCKETS && e == SQ_OK; k++) {
		if ((e = log_bucket_load(lg, k)) != SQ_OK)
			return err_why(why, e, "the chains of bucket %u are"
			    " not those that heads vouch for", k);
		if ((n = lg->bucket[k].n) == 0)
			continue;
		/* the callee may append, and so move what is iterated */
		if ((copy = reallocarray(NULL, n, sizeof(*copy))) == NULL)
			return SQ_ENOMEM;
		memcpy(copy, lg->bucket[k].v, n * sizeof(*copy));
		for (size_t i = 0; i < n && e == SQ_OK; i++)
			e = cb(arg, copy[i].id);
		free(copy);
	}
	return e;
}
