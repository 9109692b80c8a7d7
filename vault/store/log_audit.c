#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vault/store/log_int.h"

/* One naming of a record by an entry. */
struct naming {
	uint8_t id[LOG_RECORD_ID];
	uint64_t index;
};

/* What an audit derives from the entries alone. */
struct audit {
	struct log *lg;
	struct log_edge edge;
	struct merkle_store tree;
	uint8_t (*root)[ENTRY_ROOT];
	struct naming *list;
	size_t n, cap;
	struct why *why;
};

/* see log.h */
int
log_id_cmp(const void *a, const void *b)
{
	return memcmp(a, b, LOG_RECORD_ID);
}

/* Does this field name records? */
static bool
names_records(const char *name)
{
	return name != NULL && (strcmp(name, "_record") == 0 ||
	    strcmp(name, "_about") == 0 || strncmp(name, "_about[", 7) == 0);
}

/* see log.h */
enum sq_err
log_ids(const struct entry *en, uint8_t (**ret_ids)[LOG_RECORD_ID],
    size_t *ret_n)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	size_t n = 0, count = 0;
	char *s;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < en->n; i++)
		count += names_records(en->fields[i].name);
	if (count > 0 && (ids = calloc(count, sizeof(*ids))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < en->n && e == SQ_OK; i++) {
		if (!names_records(en->fields[i].name))
			continue;
		s = entry_value_str(&en->fields[i]);
		if (s == NULL || bytes_unhex(ids[n++], LOG_RECORD_ID, s) !=
		    SQ_OK)
			e = SQ_EFORMAT;
		free(s);
	}
	if (e != SQ_OK) {
		free(ids);
		return e;
	}
	if (n > 1)
		qsort(ids, n, sizeof(*ids), log_id_cmp);
	count = n > 0;
	for (size_t i = 1; i < n; i++)
		if (log_id_cmp(ids[i], ids[count - 1]) != 0)
			memmove(ids[count++], ids[i], LOG_RECORD_ID);
	*ret_ids = ids;
	*ret_n = count;
	return SQ_OK;
}

static enum sq_err
edge_get(void *arg, unsigned level, uint64_t index, uint8_t out[MERKLE_LEN])
{
	struct audit *a = arg;

	if (level >= LOG_LEVELS || !a->edge.have[level] ||
	    a->edge.at[level] != index)
		return SQ_EINTERNAL;
	memcpy(out, a->edge.hash[level], MERKLE_LEN);
	return SQ_OK;
}

/* Every subtree that the entries complete must be the one that is stored. */
static enum sq_err
edge_put(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN])
{
	struct audit *a = arg;
	uint8_t stored[MERKLE_LEN];
	enum sq_err e;

	if (level >= LOG_LEVELS)
		return SQ_ELIMIT;
	log_edge_put(&a->edge, level, index, hash);
	e = log_node_stored(a->lg, level, index, stored);
	if (e == SQ_ENOENT || (e == SQ_OK && !bytes_eq(stored, hash,
	    MERKLE_LEN)))
		return err_why(a->why, SQ_EDAMAGE, "a hash of the log's tree"
		    " is missing or altered (level %u, number %" PRIu64 ")",
		    level, index);
	return e;
}

static enum sq_err
note_naming(struct audit *a, const uint8_t id[LOG_RECORD_ID], uint64_t index)
{
	struct naming *grown;

	if (a->n == a->cap) {
		a->cap = a->cap == 0 ? 256 : 2 * a->cap;
		grown = reallocarray(a->list, a->cap, sizeof(*grown));
		if (grown == NULL)
			return SQ_ENOMEM;
		a->list = grown;
	}
	memcpy(a->list[a->n].id, id, LOG_RECORD_ID);
	a->list[a->n++].index = index;
	return SQ_OK;
}

/* Read entry ${index}, which must fit its root, and the ids it names. */
static enum sq_err
read_entry(struct log *lg, uint64_t index, uint8_t root[ENTRY_ROOT],
    uint8_t (**ret_ids)[LOG_RECORD_ID], size_t *ret_n, struct why *why)
{
	struct entry en = { 0 };
	enum sq_err e;

	if ((e = log_get(lg, index, &en, root, why)) != SQ_OK)
		return e;
	e = log_ids(&en, ret_ids, ret_n);
	entry_free(&en);
	if (e != SQ_OK)
		return err_why(why, e == SQ_EFORMAT ? SQ_EDAMAGE : e,
		    "entry %" PRIu64 " does not say which records it names",
		    index);
	return SQ_OK;
}

/* One entry: its root, its place by root, the tree, what it names. */
static enum sq_err
audit_entry(struct audit *a, uint64_t index)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	uint8_t leaf[MERKLE_LEN];
	uint64_t at;
	size_t n = 0;
	enum sq_err e;

	e = read_entry(a->lg, index, a->root[index], &ids, &n, a->why);
	if (e != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = note_naming(a, ids[i], index);
	free(ids);
	if (e != SQ_OK)
		return e;
	e = log_index_of(a->lg, a->root[index], &at);
	if (e == SQ_ENOENT || (e == SQ_OK && at != index))
		return err_why(a->why, SQ_EDAMAGE, "the index of roots does"
		    " not lead to entry %" PRIu64, index);
	if (e != SQ_OK)
		return e;
	log_leaf(leaf, a->root[index]);
	return merkle_append(&a->tree, index, leaf);
}

/* The tables must hold no more than what was derived. */
static enum sq_err
audit_counts(struct audit *a, uint64_t records)
{
	uint64_t nodes = 0, size = a->lg->size;
	struct {
		enum db_stmt which;
		uint64_t want;
		const char *what;
	} t[] = {
		{ DB_ENTRY_COUNT, size, "entries" },
		{ DB_NODE_COUNT, 0, "hashes of the log's tree" },
		{ DB_ABOUT_COUNT, a->n, "links from records to entries" },
		{ DB_HEAD_COUNT, records, "chains of records" },
	};
	uint64_t got;
	enum sq_err e;

	for (unsigned level = 1; level < LOG_LEVELS; level++)
		nodes += size >> level;
	t[1].want = nodes;
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		if ((e = log_count(a->lg, t[i].which, &got)) != SQ_OK)
			return e;
		if (got != t[i].want)
			return err_why(a->why, SQ_EDAMAGE, "there are %" PRIu64
			    " %s where %" PRIu64 " belong", got, t[i].what,
			    t[i].want);
	}
	return SQ_OK;
}

static int
by_id(const void *a, const void *b)
{
	const struct naming *x = a, *y = b;
	int c = memcmp(x->id, y->id, LOG_RECORD_ID);

	return c != 0 ? c : x->index < y->index ? -1 : x->index > y->index;
}

/* The rows of about are exactly the namings, sorted. */
static enum sq_err
audit_about(struct audit *a)
{
	struct db_st *st;
	const void *id;
	size_t i = 0, n;
	bool row;
	enum sq_err e;

	if ((e = db_use(a->lg->db, DB_ABOUT_ALL, &st)) != SQ_OK)
		return e;
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		id = db_blob(st, 0, &n);
		if (i >= a->n || n != LOG_RECORD_ID ||
		    memcmp(id, a->list[i].id, n) != 0 ||
		    (uint64_t)db_int(st, 1) != a->list[i].index) {
			db_reset(st);
			e = SQ_EDAMAGE;
			break;
		}
		i++;
	}
	if (e == SQ_EDAMAGE || (e == SQ_OK && i != a->n))
		return err_why(a->why, SQ_EDAMAGE, "the links from records to"
		    " entries are not what the entries say");
	return e;
}

/* Every chain, from the namings, against the stored and vouched ones. */
static enum sq_err
audit_chains(struct audit *a, uint64_t *ret_records)
{
	const struct log_chain *ch;
	uint8_t c[32];
	uint64_t records = 0;
	size_t i, j;
	enum sq_err e;

	for (unsigned k = 0; k < LOG_BUCKETS; k++)
		if ((e = log_bucket_load(a->lg, k)) != SQ_OK)
			return err_why(a->why, e, "the chains of bucket %u are"
			    " not those that heads vouch for", k);
	for (i = 0; i < a->n; i = j, records++) {
		memset(c, 0, sizeof(c));
		for (j = i; j < a->n && memcmp(a->list[j].id, a->list[i].id,
		    LOG_RECORD_ID) == 0; j++)
			log_chain_step(c, a->list[j].index,
			    a->root[a->list[j].index]);
		ch = log_bucket_find(
		    &a->lg->bucket[log_bucket_of(a->list[i].id)],
		    a->list[i].id);
		if (ch == NULL || !bytes_eq(ch->c, c, 32))
			return err_why(a->why, SQ_EDAMAGE, "the chain of a"
			    " record does not follow from the entries");
	}
	*ret_records = records;
	return SQ_OK;
}

/* What the log holds in memory must be what the database still says. */
static enum sq_err
audit_fresh(struct log *lg, struct why *why)
{
	uint8_t heads[32], root[MERKLE_LEN], now[MERKLE_LEN];
	uint64_t size = lg->size;
	enum sq_err e;

	memcpy(heads, lg->heads, sizeof(heads));
	if ((e = log_root(lg, root)) != SQ_OK || (e = log_load(lg)) != SQ_OK ||
	    (e = log_root(lg, now)) != SQ_OK)
		return err_why(why, e, "the log cannot be loaded: %s",
		    db_why(lg->db));
	if (lg->size != size || !bytes_eq(root, now, MERKLE_LEN) ||
	    !bytes_eq(heads, lg->heads, sizeof(heads)))
		return err_why(why, SQ_EDAMAGE,
		    "the database changed while it was open");
	return SQ_OK;
}

static enum sq_err
audit_all(struct audit *a, void (*cb)(void *, uint64_t, uint64_t), void *arg)
{
	uint8_t root[MERKLE_LEN], own[MERKLE_LEN];
	uint64_t size = a->lg->size, records = 0;
	enum sq_err e;

	for (uint64_t i = 0; i < size; i++) {
		if ((e = audit_entry(a, i)) != SQ_OK)
			return e;
		if (cb != NULL)
			cb(arg, i + 1, size);
	}
	if ((e = log_root(a->lg, root)) != SQ_OK ||
	    (e = merkle_root(&a->tree, size, own)) != SQ_OK)
		return e;
	if (!bytes_eq(root, own, MERKLE_LEN))
		return err_why(a->why, SQ_EDAMAGE,
		    "the head of the log does not follow from its entries");
	if (a->n > 1)
		qsort(a->list, a->n, sizeof(*a->list), by_id);
	if ((e = audit_about(a)) != SQ_OK ||
	    (e = audit_chains(a, &records)) != SQ_OK)
		return e;
	return audit_counts(a, records);
}

static enum sq_err
roots_put(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN])
{
	struct audit *a = arg;

	if (level >= LOG_LEVELS)
		return SQ_ELIMIT;
	log_edge_put(&a->edge, level, index, hash);
	return SQ_OK;
}

/* see log.h */
enum sq_err
log_roots(struct log *lg, uint8_t (**ret_roots)[ENTRY_ROOT], struct why *why)
{
	struct audit a = { .lg = lg, .why = why };
	uint8_t leaf[MERKLE_LEN], head[MERKLE_LEN], own[MERKLE_LEN];
	enum sq_err e;

	a.tree.get = edge_get;
	a.tree.put = roots_put;
	a.tree.arg = &a;
	if ((a.root = calloc(lg->size + 1, sizeof(*a.root))) == NULL)
		return SQ_ENOMEM;
	for (uint64_t i = 0; i < lg->size; i++) {
		if ((e = log_root_of(lg, i, a.root[i])) != SQ_OK)
			goto out;
		log_leaf(leaf, a.root[i]);
		if ((e = merkle_append(&a.tree, i, leaf)) != SQ_OK)
			goto out;
	}
	if ((e = log_root(lg, head)) == SQ_OK &&
	    (e = merkle_root(&a.tree, lg->size, own)) == SQ_OK &&
	    !bytes_eq(head, own, MERKLE_LEN))
		e = SQ_EDAMAGE;
out:
	if (e != SQ_OK) {
		free(a.root);
		return err_why(why, e, "the entries do not give the head of "
		    "the log: some are missing or were altered");
	}
	*ret_roots = a.root;
	return SQ_OK;		/* transferred */
}

/* see log.h */
enum sq_err
log_audit(struct log *lg, void (*cb)(void *arg, uint64_t done, uint64_t of),
    void *arg, struct why *why)
{
	struct audit a = { .lg = lg, .why = why };
	enum sq_err e;

	a.tree.get = edge_get;
	a.tree.put = edge_put;
	a.tree.arg = &a;
	if ((e = audit_fresh(lg, why)) != SQ_OK)
		return e;
	a.root = calloc(lg->size + 1, sizeof(*a.root));
	e = a.root == NULL ? SQ_ENOMEM : audit_all(&a, cb, arg);
	free(a.root);
	free(a.list);
	return e;
}

/* see log.h */
enum sq_err
log_rebuild(struct log *lg, struct why *why)
{
	static const enum db_stmt clear[] = { DB_NODE_CLEAR, DB_ABOUT_CLEAR,
	    DB_HEAD_CLEAR, DB_BUCKET_CLEAR };
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	uint8_t root[ENTRY_ROOT];
	uint64_t size, count;
	struct db_st *st;
	size_t n;
	enum sq_err e;

	if ((e = log_count(lg, DB_ENTRY_SIZE, &size)) != SQ_OK ||
	    (e = log_count(lg, DB_ENTRY_COUNT, &count)) != SQ_OK)
		return err_why(why, e, "the entries cannot be counted: %s",
		    db_why(lg->db));
	if (size != count)
		return err_why(why, SQ_EDAMAGE, "of %" PRIu64 " entries %"
		    PRIu64 " are missing", size, size - count);
	for (size_t i = 0; i < sizeof(clear) / sizeof(*clear); i++)
		if ((e = db_use(lg->db, clear[i], &st)) != SQ_OK ||
		    (e = db_run(st)) != SQ_OK)
			return err_why(why, e, "cannot begin anew: %s",
			    db_why(lg->db));
	log_forget(lg);
	while (lg->size < size && e == SQ_OK) {
		lg->size++;	/* so that log_get knows it */
		e = read_entry(lg, lg->size - 1, root, &ids, &n, why);
		lg->size--;
		if (e != SQ_OK)
			return e;
		e = log_advance(lg, root,
		    (const uint8_t (*)[LOG_RECORD_ID])ids, n);
		free(ids);
	}
	if (e == SQ_OK)
		e = log_settle(lg);
	return e == SQ_OK ? e : err_why(why, e, "cannot rebuild: %s",
	    db_why(lg->db));
}

/* see log.h */
enum sq_err
log_recover(struct db *db, struct log **ret, struct why *why)
{
	struct log *lg;
	enum sq_err e;

	if ((e = log_blank(db, &lg)) != SQ_OK)
		return e;
	if ((e = log_rebuild(lg, why)) != SQ_OK) {
		log_free(lg);
		return e;
	}
	*ret = lg;
	return SQ_OK;
}
