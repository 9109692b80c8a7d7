#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/verify_int.h"
#include "vault/bundle/verify_take.h"

/*
 * The second pass, as in verify_open.c: between the passes the input may have
 * changed, so each member is hashed again and must be in the table of the
 * first before anything of it is handed on.
 */
struct taker {
	struct verify *v;
	const struct verify_take_files *f;
	struct verify_taken *t;
	struct why *why;
	const struct bag_file *want;
	size_t n;			/* members so far */
	enum { SKIP, RECORD, HISTORY, ORIGINAL, PROOF } kind;
	bool wanted;
	uint64_t number;
	struct bytes_buf body;
};

static const char items_dir[] = "bundle/bag/data/items/";
static const char history_dir[] = "bundle/bag/data/history/";
static const char proofs_dir[] = "bundle/proofs/items/";

static enum sq_err
bad(struct taker *k, const char *path, const char *what)
{
	return err_why(k->why, SQ_EAUTH, "%s: %s; nothing was taken in", path,
	    what);
}

/* Six digits, not zero; 0: none. */
static uint64_t
number_of(const char *s)
{
	return strspn(s, "0123456789") == 6 ? strtoull(s, NULL, 10) : 0;
}

static enum sq_err
take_begin(void *arg, const char *path, uint64_t size)
{
	struct taker *k = arg;
	const char *s;

	k->want = k->n < k->v->all.n ? &k->v->all.v[k->n] : NULL;
	if (k->want == NULL || strcmp(k->want->path, path) != 0 ||
	    k->want->size != size)
		return bad(k, path, "it changed between the two readings");
	k->n++;
	k->kind = SKIP;
	k->body.len = 0;
	if (strncmp(path, items_dir, sizeof(items_dir) - 1) == 0) {
		s = path + sizeof(items_dir) - 1;
		k->kind = strncmp(s + 6, "/original.", 10) == 0 ? ORIGINAL :
		    RECORD;
	} else if (strncmp(path, history_dir, sizeof(history_dir) - 1) == 0) {
		s = path + sizeof(history_dir) - 1;
		k->kind = HISTORY;
	} else if (strncmp(path, proofs_dir, sizeof(proofs_dir) - 1) == 0) {
		s = path + sizeof(proofs_dir) - 1;
		k->kind = PROOF;
	} else
		return SQ_OK;
	k->number = number_of(s);
	if (k->number == 0 || k->number > k->v->n_item)
		return bad(k, path, "it belongs to no item");
	if (k->kind != ORIGINAL)
		return size <= 4 * ENTRY_MAX_BYTES ? SQ_OK :
		    bad(k, path, "it is too large");
	return k->f->begin(k->f->arg, k->number,
	    k->v->item[k->number - 1].root, k->want->sha256, size,
	    &k->wanted);
}

static enum sq_err
take_data(void *arg, const uint8_t *p, size_t n)
{
	struct taker *k = arg;
	enum sq_err e = digest_add(k->v->sha, p, n);

	if (e != SQ_OK || k->kind == SKIP)
		return e;
	if (k->kind == ORIGINAL)
		return k->wanted ? k->f->data(k->f->arg, p, n) : SQ_OK;
	bytes_put(&k->body, p, n);
	return bytes_done(&k->body);
}

/* An entry of the bundle. */
static enum sq_err
take_entry(struct taker *k)
{
	struct verify_taken *t = k->t;
	struct verify_taken_item *it;
	uint8_t root[ENTRY_ROOT];
	size_t cap;
	void *p;
	enum sq_err e;

	if (t->n == t->cap) {
		cap = t->cap ? 2 * t->cap : 64;
		if ((p = realloc(t->item, cap * sizeof(*t->item))) == NULL)
			return SQ_ENOMEM;
		t->item = p;
		t->cap = cap;
	}
	it = &t->item[t->n];
	memset(it, 0, sizeof(*it));
	e = entry_parse_json(k->body.p, k->body.len, &it->en, it->root,
	    &it->index);
	if (e == SQ_ENOMEM)
		return e;
	if (e != SQ_OK)
		return bad(k, k->want->path, "it is not an entry");
	t->n++;
	it->number = k->number;
	if (entry_root(&it->en, root) != SQ_OK ||
	    memcmp(root, it->root, sizeof(root)) != 0)
		return bad(k, k->want->path, "its fields do not give its "
		    "root");
	return SQ_OK;
}

static enum sq_err
take_proof(struct taker *k)
{
	struct verify_taken *t = k->t;
	uint64_t index;
	size_t at;

	for (size_t i = 0; i < t->n; i++) {
		struct verify_taken_item *it = &t->item[i];

		if (it->number != k->number || memcmp(it->root,
		    k->v->item[k->number - 1].root, ENTRY_ROOT) != 0)
			continue;
		it->proven = note_proof_parse((const char *)k->body.p,
		    k->body.len, &index, &it->proof, &at) == SQ_OK;
	}
	return SQ_OK;
}

static enum sq_err
take_end(void *arg)
{
	struct taker *k = arg;
	uint8_t hash[DIGEST_LEN];
	enum sq_err e;

	if ((e = digest_end(k->v->sha, hash)) != SQ_OK)
		return e;
	if (memcmp(hash, k->want->sha256, DIGEST_LEN) != 0)
		return bad(k, k->want->path, "it changed between the two "
		    "readings");
	switch (k->kind) {
	case RECORD:
	case HISTORY:
		return take_entry(k);
	case PROOF:
		return take_proof(k);
	case ORIGINAL:
		return k->wanted ? k->f->end(k->f->arg) : SQ_OK;
	case SKIP:
		break;
	}
	return SQ_OK;
}

/* --- history ------------------------------------------------------------ */

/* Does a later entry of the same item follow this one? */
static bool
is_followed(const struct verify_taken *t, size_t i)
{
	char hex[2 * ENTRY_ROOT + 1];
	char **list;
	size_t n;
	bool is = false;

	bytes_hex(hex, t->item[i].root, ENTRY_ROOT);
	for (size_t k = 0; k < t->n && !is; k++) {
		if (k == i || t->item[k].number != t->item[i].number ||
		    entry_value_strs(entry_find(&t->item[k].en, "_parents"),
		    &list, &n) != SQ_OK)
			continue;
		for (size_t j = 0; j < n; j++)
			is |= strcmp(list[j], hex) == 0;
		entry_free_strs(list, n);
	}
	return is;
}

static int
item_cmp(const void *a, const void *b)
{
	const struct verify_taken_item *x = a, *y = b;

	return x->number != y->number ? (x->number > y->number) -
	    (x->number < y->number) : x->proven != y->proven ?
	    x->proven - y->proven : (x->index > y->index) -
	    (x->index < y->index);
}

/* Each entry is proven, or followed by one that is, through others too. */
static enum sq_err
check_history(struct taker *k)
{
	struct verify_taken *t = k->t;

	if (t->n > 1)
		qsort(t->item, t->n, sizeof(*t->item), item_cmp);
	for (size_t i = 0; i < t->n; i++)
		if (!t->item[i].proven && !is_followed(t, i))
			return err_why(k->why, SQ_EAUTH, "an earlier entry of "
			    "item %06" PRIu64 " is followed by none of its "
			    "revisions; nothing was taken in",
			    t->item[i].number);
	return SQ_OK;
}

/* --- all of it ---------------------------------------------------------- */

/* What the statement says, now that it is known to hold. */
static enum sq_err
describe(struct verify *v, struct verify_taken *t)
{
	const struct bytes_buf *st = &v->kept[VERIFY_STATEMENT];
	const struct bytes_buf *cp = &v->kept[VERIFY_CHECKPOINT];

	memcpy(t->bundle, v->st.bundle, sizeof(t->bundle));
	(void)snprintf(t->profile, sizeof(t->profile), "%s", v->st.profile);
	memcpy(t->card.log, v->st.log, sizeof(t->card.log));
	memcpy(t->card.date, v->st.created, sizeof(v->st.created));
	t->card.note = v->note;
	t->card.minisign = v->minisign;
	memcpy(t->card.ssh, v->ssh, sizeof(t->card.ssh));
	t->trusted = v->r->claim[VERIFY_SIGNED_BY].result == VERIFY_YES;
	digest_sha256(t->statement, st->p, st->len);
	bytes_put(&t->checkpoint, cp->p, cp->len);
	return bytes_done(&t->checkpoint);
}

/* see verify_take.h */
enum sq_err
verify_take(const struct verify_opts *o, const struct verify_take_files *f,
    struct verify_taken *ret, struct verify_report *report, struct why *why)
{
	struct verify v;
	struct taker k = { .v = &v, .f = f, .t = ret, .why = why };
	const struct verify_sink sink = { take_begin, take_data, take_end,
	    &k };
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	memset(&v, 0, sizeof(v));
	if ((e = verify_int_run(&v, o, report, why)) != SQ_OK ||
	    (e = describe(&v, ret)) != SQ_OK ||
	    (e = f->ready(f->arg, ret, why)) != SQ_OK)
		goto out;
	if (strcmp(o->path, "-") == 0) {
		e = err_why(why, SQ_EUSAGE, "to take a bundle in needs a "
		    "file, not standard input");
		goto out;
	}
	e = verify_source_each(&v.source, &sink, why);
	if (e == SQ_EFORMAT || e == SQ_EPASS)
		e = SQ_EAUTH;
	if (e == SQ_OK && k.n != v.all.n)
		e = bad(&k, "the bundle", "it changed between the two "
		    "readings");
	if (e == SQ_OK)
		e = check_history(&k);
out:
	bytes_free(&k.body);
	verify_int_free(&v);
	return e;
}

/* see verify_take.h */
void
verify_take_free(struct verify_taken *t)
{
	for (size_t i = 0; i < t->n; i++)
		entry_free(&t->item[i].en);
	free(t->item);
	bytes_free(&t->checkpoint);
	memset(t, 0, sizeof(*t));
}
