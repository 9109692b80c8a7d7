#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/store/log_int.h"

static const char label_leaf[] = "sandyq/entry/1\n";

/* see log.h */
void
log_leaf(uint8_t out[MERKLE_LEN], const uint8_t root[ENTRY_ROOT])
{
	uint8_t data[sizeof(label_leaf) - 1 + ENTRY_ROOT];

	memcpy(data, label_leaf, sizeof(label_leaf) - 1);
	memcpy(data + sizeof(label_leaf) - 1, root, ENTRY_ROOT);
	merkle_leaf(out, data, sizeof(data));
}

/* One value of 32 bytes, selected by one integer. */
static enum sq_err
get32(struct db *db, enum db_stmt which, int64_t id, uint8_t out[32])
{
	struct db_st *st;
	const void *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = db_use(db, which, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, id);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_ENOENT;
	p = db_blob(st, 0, &n);
	if (n == 32)
		memcpy(out, p, 32);
	else
		e = SQ_EDAMAGE;
	db_reset(st);
	return e;
}

/* see log_int.h */
void
log_edge_put(struct log_edge *edge, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN])
{
	if (index % 2 != 0)
		return;
	memcpy(edge->hash[level], hash, MERKLE_LEN);
	edge->at[level] = index;
	edge->have[level] = true;
}

static int64_t
node_id(unsigned level, uint64_t index)
{
	return (int64_t)((uint64_t)level << 56 | index);
}

/* see log_int.h */
enum sq_err
log_node_stored(struct log *lg, unsigned level, uint64_t index,
    uint8_t out[MERKLE_LEN])
{
	uint8_t root[ENTRY_ROOT];
	enum sq_err e;

	if (level > 0)
		return get32(lg->db, DB_NODE_GET, node_id(level, index), out);
	e = get32(lg->db, DB_ENTRY_ROOT_OF, (int64_t)index, root);
	if (e == SQ_OK)
		log_leaf(out, root);
	return e;
}

static enum sq_err
tree_get(void *arg, unsigned level, uint64_t index, uint8_t out[MERKLE_LEN])
{
	struct log *lg = arg;

	if (level < LOG_LEVELS && lg->edge.have[level] &&
	    lg->edge.at[level] == index) {
		memcpy(out, lg->edge.hash[level], MERKLE_LEN);
		return SQ_OK;
	}
	return log_node_stored(lg, level, index, out);
}

static enum sq_err
tree_put(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN])
{
	struct log *lg = arg;
	struct db_st *st;
	enum sq_err e = SQ_OK;

	if (level >= LOG_LEVELS)
		return SQ_ELIMIT;
	log_edge_put(&lg->edge, level, index, hash);
	if (level == 0)		/* derived from the entry's root */
		return SQ_OK;
	if ((e = db_use(lg->db, DB_NODE_ADD, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, node_id(level, index));
	db_bind_blob(st, 2, hash, MERKLE_LEN);
	return db_run(st);
}

/* A failure to find what must be there is damage. */
static enum sq_err
must(enum sq_err e)
{
	return e == SQ_ENOENT ? SQ_EDAMAGE : e;
}

/* see log_int.h */
enum sq_err
log_count(struct log *lg, enum db_stmt which, uint64_t *ret)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(lg->db, which, &st)) != SQ_OK ||
	    (e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row || db_int(st, 0) < 0)
		e = SQ_EDAMAGE;
	else
		*ret = (uint64_t)db_int(st, 0);
	db_reset(st);
	return e;
}

/* see log_int.h */
void
log_forget(struct log *lg)
{
	lg->size = 0;
	memset(&lg->edge, 0, sizeof(lg->edge));
	log_bucket_forget(lg);
}

/* see log_int.h */
enum sq_err
log_blank(struct db *db, struct log **ret)
{
	struct log *lg = calloc(1, sizeof(*lg));

	if (lg == NULL)
		return SQ_ENOMEM;
	lg->db = db;
	lg->tree.get = tree_get;
	lg->tree.put = tree_put;
	lg->tree.arg = lg;
	log_forget(lg);
	*ret = lg;
	return SQ_OK;
}

/* see log_int.h */
enum sq_err
log_load(struct log *lg)
{
	uint8_t hash[MERKLE_LEN];
	uint64_t size = 0, at;
	enum sq_err e;

	log_forget(lg);
	if ((e = log_count(lg, DB_ENTRY_SIZE, &size)) != SQ_OK)
		return e;
	for (unsigned level = 0; level < LOG_LEVELS; level++) {
		if ((size >> level & 1) == 0)
			continue;
		at = (size >> level) - 1;
		if ((e = must(tree_get(lg, level, at, hash))) != SQ_OK)
			return e;
		log_edge_put(&lg->edge, level, at, hash);
	}
	lg->size = size;
	return log_bucket_all(lg);
}

/* see log.h */
enum sq_err
log_new(struct db *db, struct log **ret)
{
	struct log *lg;
	enum sq_err e;

	if ((e = log_blank(db, &lg)) != SQ_OK)
		return e;
	if ((e = log_load(lg)) != SQ_OK) {
		log_free(lg);
		return e;
	}
	*ret = lg;
	return SQ_OK;
}

/* see log.h */
void
log_free(struct log *lg)
{
	if (lg == NULL)
		return;
	log_bucket_forget(lg);
	bytes_free(&lg->buf);
	free(lg);
}

/* see log.h */
enum sq_err
log_reload(struct log *lg)
{
	return log_load(lg);
}

/* see log.h */
struct db *
log_db(struct log *lg)
{
	return lg->db;
}

/* see log.h */
uint64_t
log_size(const struct log *lg)
{
	return lg->size;
}

/* see log.h */
enum sq_err
log_root_at(struct log *lg, uint64_t size, uint8_t out[MERKLE_LEN])
{
	if (size > lg->size)
		return SQ_ENOENT;
	return must(merkle_root(&lg->tree, size, out));
}

/* see log.h */
enum sq_err
log_root(struct log *lg, uint8_t out[MERKLE_LEN])
{
	return log_root_at(lg, lg->size, out);
}

/* see log.h */
void
log_heads(const struct log *lg, uint8_t out[32])
{
	memcpy(out, lg->heads, 32);
}

/* see log_int.h */
enum sq_err
log_advance(struct log *lg, const uint8_t root[ENTRY_ROOT],
    const uint8_t (*ids)[LOG_RECORD_ID], size_t n)
{
	uint8_t leaf[MERKLE_LEN];
	struct db_st *st;
	enum sq_err e;

	log_leaf(leaf, root);
	if ((e = merkle_append(&lg->tree, lg->size, leaf)) != SQ_OK)
		return must(e);
	for (size_t i = 0; i < n; i++) {
		if ((e = db_use(lg->db, DB_ABOUT_ADD, &st)) != SQ_OK)
			return e;
		db_bind_blob(st, 1, ids[i], LOG_RECORD_ID);
		db_bind_int(st, 2, (int64_t)lg->size);
		if ((e = db_run(st)) != SQ_OK)
			return e;
		e = log_bucket_step(lg, ids[i], lg->size, root);
		if (e != SQ_OK)
			return e;
	}
	lg->size++;
	return SQ_OK;
}

/* Are these the ids that the entry itself names? */
static enum sq_err
same_ids(const struct entry *en, const uint8_t (*ids)[LOG_RECORD_ID],
    size_t n, uint8_t (**ret_ids)[LOG_RECORD_ID], size_t *ret_n)
{
	uint8_t (*own)[LOG_RECORD_ID] = NULL;
	size_t n_own = 0, seen = 0;
	enum sq_err e;

	if ((e = log_ids(en, &own, &n_own)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		if (n_own == 0 || bsearch(ids[i], own, n_own, sizeof(*own),
		    log_id_cmp) == NULL)
			e = SQ_EINTERNAL;
		seen++;
	}
	if (e != SQ_OK || seen < n_own) {
		free(own);
		return SQ_EINTERNAL;
	}
	*ret_ids = own;
	*ret_n = n_own;
	return SQ_OK;
}

/* see log.h */
enum sq_err
log_append(struct log *lg, const struct entry *en,
    const uint8_t (*ids)[LOG_RECORD_ID], size_t n, uint64_t *ret_index,
    uint8_t root[ENTRY_ROOT])
{
	uint8_t (*own)[LOG_RECORD_ID] = NULL;
	struct db_st *st;
	size_t n_own;
	enum sq_err e;

	if (lg->size >= INT64_MAX >> 8)
		return SQ_ELIMIT;
	if ((e = same_ids(en, ids, n, &own, &n_own)) != SQ_OK)
		return e;
	lg->buf.len = 0;
	if ((e = entry_root(en, root)) != SQ_OK ||
	    (e = entry_emit(en, &lg->buf)) != SQ_OK ||
	    (e = bytes_done(&lg->buf)) != SQ_OK ||
	    (e = db_use(lg->db, DB_ENTRY_ADD, &st)) != SQ_OK)
		goto out;
	db_bind_int(st, 1, (int64_t)lg->size);
	db_bind_blob(st, 2, root, ENTRY_ROOT);
	db_bind_blob(st, 3, lg->buf.p, lg->buf.len);
	if ((e = db_run(st)) != SQ_OK)
		goto out;
	e = log_advance(lg, root, (const uint8_t (*)[LOG_RECORD_ID])own,
	    n_own);
	if (e == SQ_EEXIST)	/* a link or node that cannot be there yet */
		e = SQ_EDAMAGE;
	if (e == SQ_OK)
		*ret_index = lg->size - 1;
out:
	/* testimony does not stay in the scratch */
	if (lg->buf.cap > (size_t)1 << 20)
		bytes_free(&lg->buf);
	free(own);
	return e;
}

/* see log.h */
enum sq_err
log_get(struct log *lg, uint64_t index, struct entry *ret_en,
    uint8_t root[ENTRY_ROOT], struct why *why)
{
	uint8_t computed[ENTRY_ROOT];
	struct entry en = { 0 };
	struct db_st *st;
	const void *p;
	size_t n;
	bool row;
	enum sq_err e;

	if (index >= lg->size)
		return err_why(why, SQ_ENOENT, "the log has no entry %" PRIu64,
		    index);
	if ((e = db_use(lg->db, DB_ENTRY_GET, &st)) != SQ_OK)
		goto out;
	db_bind_int(st, 1, (int64_t)index);
	if ((e = db_step(st, &row)) != SQ_OK)
		goto out;
	if (!row) {
		e = SQ_EDAMAGE;
		goto out;
	}
	p = db_blob(st, 0, &n);
	if (n == ENTRY_ROOT)
		memcpy(root, p, ENTRY_ROOT);
	else
		e = SQ_EDAMAGE;
	p = db_blob(st, 1, &n);
	if (e == SQ_OK)
		e = entry_parse(p, n, &en);
	db_reset(st);
	if (e == SQ_OK)
		e = entry_root(&en, computed);
	if (e == SQ_OK && !bytes_eq(root, computed, ENTRY_ROOT))
		e = SQ_EDAMAGE;
	if (e == SQ_EFORMAT || e == SQ_ELIMIT || e == SQ_EUNSUPPORTED)
		e = SQ_EDAMAGE;
out:
	if (e != SQ_OK) {
		entry_free(&en);
		return err_why(why, e, e == SQ_EDAMAGE ? "entry %" PRIu64
		    " of the log is missing or was altered: what it holds does"
		    " not give its root" : "entry %" PRIu64 " of the log cannot"
		    " be read", index);
	}
	*ret_en = en;		/* transferred */
	return SQ_OK;
}

/* see log.h */
enum sq_err
log_each(struct log *lg, enum sq_err (*cb)(void *arg, uint64_t index,
    const struct entry *en), void *arg, struct why *why)
{
	struct entry en;
	uint8_t root[ENTRY_ROOT];
	enum sq_err e = SQ_OK;

	for (uint64_t i = 0; i < lg->size && e == SQ_OK; i++) {
		memset(&en, 0, sizeof(en));
		if ((e = log_get(lg, i, &en, root, why)) == SQ_OK)
			e = cb(arg, i, &en);
		entry_free(&en);
	}
	return e;
}

/* see log.h */
enum sq_err
log_root_of(struct log *lg, uint64_t index, uint8_t root[ENTRY_ROOT])
{
	if (index >= lg->size)
		return SQ_ENOENT;
	return must(get32(lg->db, DB_ENTRY_ROOT_OF, (int64_t)index, root));
}

/* see log.h */
enum sq_err
log_index_of(struct log *lg, const uint8_t root[ENTRY_ROOT],
    uint64_t *ret_index)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(lg->db, DB_ENTRY_INDEX_OF, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, root, ENTRY_ROOT);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_ENOENT;
	*ret_index = (uint64_t)db_int(st, 0);
	db_reset(st);
	return SQ_OK;
}

/* see log.h */
enum sq_err
log_include(struct log *lg, uint64_t index, struct merkle_proof *ret)
{
	uint8_t root[ENTRY_ROOT], leaf[MERKLE_LEN], head[MERKLE_LEN];
	enum sq_err e;

	if ((e = log_root_of(lg, index, root)) != SQ_OK ||
	    (e = log_root(lg, head)) != SQ_OK)
		return e;
	log_leaf(leaf, root);
	e = must(merkle_include(&lg->tree, index, lg->size, ret));
	/* a proof from a damaged tree must not leave the house */
	if (e == SQ_OK && merkle_include_check(leaf, index, lg->size, ret,
	    head) != SQ_OK)
		e = SQ_EDAMAGE;
	return e;
}

/* see log.h */
enum sq_err
log_consist(struct log *lg, uint64_t old, struct merkle_proof *ret)
{
	uint8_t before[MERKLE_LEN], now[MERKLE_LEN];
	enum sq_err e;

	if (old == 0 || old > lg->size)
		return SQ_ENOENT;
	if ((e = log_root_at(lg, old, before)) != SQ_OK ||
	    (e = log_root(lg, now)) != SQ_OK)
		return e;
	e = must(merkle_consist(&lg->tree, old, lg->size, ret));
	if (e == SQ_OK && merkle_consist_check(old, before, lg->size, now,
	    ret) != SQ_OK)
		e = SQ_EDAMAGE;
	return e;
}
