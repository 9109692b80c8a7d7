#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/verify_int.h"

#define CELLS 12		/* of items.csv */

enum { C_ITEM, C_REF, C_TYPE, C_ENTRY, C_TITLE, C_FILE, C_NAME, C_MIME, C_SIZE,
	C_SHA256 };

/* Item number ${n} (from 1), with all before it; NULL out of memory. */
static struct verify_item *
item_at(struct verify *v, uint64_t n)
{
	struct verify_item *p;
	size_t cap = v->cap_item;

	if (n > v->cap_item) {
		cap = cap < 64 ? 64 : cap;
		while (cap < n)
			cap *= 2;
		if ((p = realloc(v->item, cap * sizeof(*p))) == NULL)
			return NULL;
		memset(p + v->cap_item, 0,
		    (cap - v->cap_item) * sizeof(*p));
		v->item = p;
		v->cap_item = cap;
	}
	if (n > v->n_item)
		v->n_item = (size_t)n;
	return &v->item[n - 1];
}

/* --- items.csv ---------------------------------------------------------- */

/* True if the first row is the head that items.csv must have. */
static bool
is_head(char *const *cell, size_t n)
{
	const char *p = CSV_ITEMS;
	size_t len;

	for (size_t i = 0; i < n; i++, p += len + 1) {
		len = strcspn(p, ",\n");
		if (strlen(cell[i]) != len || memcmp(cell[i], p, len) != 0)
			return false;
	}
	return n == CELLS;
}

/* The number of an item as text; leading zeros allowed. */
static bool
is_number(const char *s, uint64_t want)
{
	return *s != '\0' && strlen(s) <= 7 &&
	    strspn(s, "0123456789") == strlen(s) &&
	    strtoull(s, NULL, 10) == want;
}

/* see verify_int.h */
enum sq_err
verify_items_row(void *arg, char *const *cell, size_t n)
{
	struct verify *v = arg;
	struct verify_item *it;
	uint64_t number = v->rows++;

	if (number == 0) {
		if (!is_head(cell, n))
			verify_int_no(v, VERIFY_COMPLETE,
			    "items.csv does not have its columns");
		return SQ_OK;
	}
	if (n != CELLS || number > VERIFY_ITEMS_MAX ||
	    !is_number(cell[C_ITEM], number) ||
	    strlen(cell[C_REF]) >= sizeof(it->row_ref) ||
	    strlen(cell[C_TYPE]) >= sizeof(it->row_type) ||
	    strlen(cell[C_FILE]) >= sizeof(it->row_file) ||
	    strlen(cell[C_SIZE]) >= sizeof(it->row_size) ||
	    strlen(cell[C_SHA256]) >= sizeof(it->row_sha256)) {
		verify_int_no(v, VERIFY_COMPLETE, "items.csv: line %" PRIu64
		    " is not of item %" PRIu64, number + 1, number);
		return SQ_OK;
	}
	if ((it = item_at(v, number)) == NULL)
		return SQ_ENOMEM;
	if (bytes_unhex(it->row_root, ENTRY_ROOT, cell[C_ENTRY]) != SQ_OK)
		verify_int_no(v, VERIFY_COMPLETE, "items.csv: item %06" PRIu64
		    " has no entry", number);
	memcpy(it->row_ref, cell[C_REF], strlen(cell[C_REF]) + 1);
	memcpy(it->row_type, cell[C_TYPE], strlen(cell[C_TYPE]) + 1);
	memcpy(it->row_file, cell[C_FILE], strlen(cell[C_FILE]) + 1);
	memcpy(it->row_size, cell[C_SIZE], strlen(cell[C_SIZE]) + 1);
	memcpy(it->row_sha256, cell[C_SHA256], strlen(cell[C_SHA256]) + 1);
	it->row = true;
	return SQ_OK;
}

/* --- record.json -------------------------------------------------------- */

/* True if the open string field is exactly s. */
static bool
field_is(const struct entry *en, const char *name, const char *s)
{
	char *value = entry_str(en, name);
	bool same = value != NULL && strcmp(value, s) == 0;

	if (value != NULL)
		secret_wipe(value, strlen(value));
	free(value);
	return same;
}

/* As field_is, and s is empty exactly where the field is not open. */
static bool
says(const struct entry *en, const char *name, const char *s)
{
	const struct entry_field *f = entry_find(en, name);

	return f == NULL || f->form != ENTRY_OPEN ? *s == '\0' :
	    field_is(en, name, s);
}

static void
count_fields(struct verify *v, const struct entry *en)
{
	for (size_t i = 0; i < en->n; i++)
		switch (en->fields[i].form) {
		case ENTRY_OPEN:
			v->disclosed++;
			break;
		case ENTRY_HIDDEN:
			v->hidden++;
			break;
		case ENTRY_WITHHELD:
		case ENTRY_SEALED:
		case ENTRY_ERASED:
			v->withheld++;
			break;
		}
}

/* The attachment beside the record must be the one the record speaks of. */
static void
check_original(struct verify *v, const struct entry *en)
{
	char hex[DIGEST_HEX];
	int64_t size;

	bytes_hex(hex, v->original_sha, DIGEST_LEN);
	if (!field_is(en, "sha256", hex) ||
	    !entry_value_int(entry_find(en, "size"), &size) || size < 0 ||
	    (uint64_t)size != v->original_size)
		verify_int_no(v, VERIFY_DISCLOSED, "item %06" PRIu64 ": the "
		    "attachment is not the one whose SHA-256 and size its "
		    "entry states", v->number);
}

/* The reference of an entry, or that and what a merged one has behind it. */
static bool
ref_is(const struct entry *en, const char *row)
{
	char own[32];

	(void)snprintf(own, sizeof(own), "%.*s", (int)strcspn(row, "@"), row);
	return field_is(en, "_ref", own);
}

/* What items.csv says of the item, against the entry. */
static void
check_row(struct verify *v, const struct entry *en,
    const struct verify_item *it)
{
	const struct entry_field *ref = entry_find(en, "_ref");
	bool original = v->original == v->number;
	char size[24] = "";
	int64_t n;

	if (field_is(en, "_type", "media") &&
	    entry_value_int(entry_find(en, "size"), &n))
		(void)snprintf(size, sizeof(size), "%" PRId64, n);
	if (!it->row || memcmp(it->row_root, it->root, ENTRY_ROOT) != 0 ||
	    !field_is(en, "_type", it->row_type) || (ref != NULL &&
	    ref->form == ENTRY_OPEN && !ref_is(en, it->row_ref)) ||
	    strcmp(size, it->row_size) != 0 || !says(en, "sha256",
	    it->row_sha256))
		verify_int_no(v, VERIFY_COMPLETE, "items.csv does not agree "
		    "with item %06" PRIu64, v->number);
	if (strcmp(it->row_file, original ? v->original_path : "") != 0)
		verify_int_no(v, VERIFY_COMPLETE, "item %06" PRIu64 ": %s",
		    v->number, original ?
		    "an attachment that items.csv does not name" :
		    "the attachment that items.csv names is missing");
}

/* What every item shows, whatever is withheld: FORMAT.md section 8. */
static bool
shows_itself(const struct entry *en)
{
	static const char *const name[] = { "_kind", "_log", "_parents",
	    "_record", "_type" };
	const struct entry_field *f;

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if ((f = entry_find(en, name[i])) == NULL ||
		    f->form != ENTRY_OPEN)
			return false;
	return true;
}

/* see verify_int.h */
enum sq_err
verify_items_record(struct verify *v)
{
	struct entry en = { 0 };
	struct verify_item *it;
	uint8_t root[ENTRY_ROOT];
	enum sq_err e;

	if ((it = item_at(v, v->number)) == NULL)
		return SQ_ENOMEM;
	e = entry_parse_json(v->body.p, v->body.len, &en, it->root,
	    &it->index);
	it->record = true;
	if (e != SQ_OK) {
		if (e == SQ_ENOMEM)
			goto out;
		verify_int_no(v, VERIFY_DISCLOSED, "item %06" PRIu64 ": "
		    "record.json is not of the form it must have", v->number);
		e = SQ_OK;
		goto out;
	}
	if (verify_int_had(entry_root(&en, root)) != SQ_OK ||
	    memcmp(root, it->root, sizeof(root)) != 0)
		verify_int_no(v, VERIFY_DISCLOSED, "item %06" PRIu64 ": its "
		    "fields do not give the root of its entry", v->number);
	/* merged from another vault: its root is in this log all the same */
	if (!field_is(&en, "_log", v->st.log))
		v->foreign++;
	if (!shows_itself(&en))
		verify_int_no(v, VERIFY_DISCLOSED, "item %06" PRIu64 " hides "
		    "what it is: _kind, _log, _parents, _record and _type are "
		    "always open", v->number);
	if (v->original == v->number)
		check_original(v, &en);
	check_row(v, &en, it);
	count_fields(v, &en);
	e = verify_disclose_note(v, &en, it);
out:
	entry_free(&en);
	return e;
}

/* --- tlog-proof --------------------------------------------------------- */

/* Leaf hash of the log: leaf data is "sandyq/entry/1" LF root. */
static void
leaf(uint8_t out[MERKLE_LEN], const uint8_t root[ENTRY_ROOT])
{
	static const char label[] = "sandyq/entry/1\n";
	uint8_t data[sizeof(label) - 1 + ENTRY_ROOT];

	memcpy(data, label, sizeof(label) - 1);
	memcpy(data + sizeof(label) - 1, root, ENTRY_ROOT);
	merkle_leaf(out, data, sizeof(data));
}

/* The proof in its one spelling: with nothing that is not checked. */
static enum sq_err
respell(uint64_t index, const struct merkle_proof *proof,
    const struct bytes_buf *note, const struct bytes_buf *body)
{
	struct bytes_buf again = { 0 };
	enum sq_err e;

	e = note_proof_emit(index, proof, (const char *)note->p, note->len,
	    &again);
	if (e == SQ_OK && (again.len != body->len ||
	    memcmp(again.p, body->p, body->len) != 0))
		e = SQ_EFORMAT;
	bytes_free(&again);
	return e;
}

/* see verify_int.h */
enum sq_err
verify_items_proof(struct verify *v)
{
	const struct bytes_buf *cp = &v->kept[VERIFY_CHECKPOINT];
	const char *text = (const char *)v->body.p;
	struct merkle_proof proof;
	struct verify_item *it;
	uint8_t h[MERKLE_LEN];
	size_t at;
	uint64_t index;

	if (v->number > v->n_item || !v->item[v->number - 1].record) {
		verify_int_no(v, VERIFY_INTACT, "%s: there is no such item",
		    v->path + 7);
		return SQ_OK;
	}
	it = &v->item[v->number - 1];
	it->proof = true;
	if (note_proof_parse(text, v->body.len, &index, &proof, &at) !=
	    SQ_OK || verify_int_had(respell(index, &proof, cp, &v->body)) !=
	    SQ_OK) {
		verify_int_no(v, VERIFY_DISCLOSED, "%s is not a proof against "
		    "proofs/checkpoint", v->path + 7);
		return SQ_OK;
	}
	leaf(h, it->root);
	if (index != it->index || merkle_include_check(h, index,
	    v->st.log_size, &proof, v->st.log_root) != SQ_OK)
		verify_int_no(v, VERIFY_DISCLOSED, "%s does not prove that "
		    "item %06" PRIu64 " is in the signed log", v->path + 7,
		    v->number);
	return SQ_OK;
}

/* --- after the last item ------------------------------------------------ */

static int
by_root(const void *a, const void *b)
{
	return memcmp(*(const uint8_t *const *)a, *(const uint8_t *const *)b,
	    ENTRY_ROOT);
}

/* A root stands once in a log: an item counted twice is a forgery. */
static enum sq_err
check_unique(struct verify *v)
{
	const uint8_t **list;

	if (v->n_item == 0)
		return SQ_OK;
	if ((list = calloc(v->n_item, sizeof(*list))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < v->n_item; i++)
		list[i] = v->item[i].root;
	qsort(list, v->n_item, sizeof(*list), by_root);
	for (size_t i = 1; i < v->n_item; i++)
		if (memcmp(list[i - 1], list[i], ENTRY_ROOT) == 0)
			verify_int_no(v, VERIFY_COMPLETE,
			    "the same entry is there as two items");
	free(list);
	return SQ_OK;
}

static void
check_complete(struct verify *v)
{
	uint64_t there = 0;

	for (size_t i = 0; i < v->n_item; i++) {
		there += v->item[i].record ? 1 : 0;
		if (!v->item[i].record)
			verify_int_no(v, VERIFY_COMPLETE,
			    "item %06zu is missing", i + 1);
		else if (!v->item[i].proof)
			verify_int_no(v, VERIFY_DISCLOSED,
			    "item %06zu has no proof", i + 1);
	}
	v->r->items = there;
	if (there != v->st.items)
		verify_int_no(v, VERIFY_COMPLETE, "%" PRIu64 " items are "
		    "there, the statement says %" PRIu64, there, v->st.items);
	if (v->rows != there + 1)
		verify_int_no(v, VERIFY_COMPLETE, "items.csv does not list "
		    "the items that are there");
	if (v->attachments != v->st.attachments)
		verify_int_no(v, VERIFY_COMPLETE, "%" PRIu64 " attachments "
		    "are there, the statement says %" PRIu64, v->attachments,
		    v->st.attachments);
	if (v->original != 0 && (v->original > v->n_item ||
	    !v->item[v->original - 1].record))
		verify_int_no(v, VERIFY_COMPLETE,
		    "an attachment belongs to no item");
}

/* see verify_int.h */
enum sq_err
verify_items_end(struct verify *v)
{
	char merged[96] = "";
	enum sq_err e;

	check_complete(v);
	if ((e = check_unique(v)) != SQ_OK)
		return e;
	if (!v->checkpoint)
		verify_int_no(v, VERIFY_DISCLOSED,
		    "proofs/checkpoint is missing");
	verify_int_set(v, VERIFY_COMPLETE, VERIFY_YES, "%" PRIu64 " of %"
	    PRIu64 " items", v->r->items, v->st.items);
	if (v->foreign > 0)
		(void)snprintf(merged, sizeof(merged), "; %" PRIu64 " items "
		    "were written in another vault and merged into this one",
		    v->foreign);
	if (v->hidden > 0)
		verify_int_set(v, VERIFY_DISCLOSED, VERIFY_YES, "%" PRIu64
		    " fields / %" PRIu64 " fields withheld, %" PRIu64
		    " hidden with their names (that no name is there twice is "
		    "then not proven), all bound to the same log%s",
		    v->disclosed, v->withheld, v->hidden, merged);
	else
		verify_int_set(v, VERIFY_DISCLOSED, VERIFY_YES, "%" PRIu64
		    " fields / %" PRIu64 " fields withheld, all bound to the "
		    "same log%s", v->disclosed, v->withheld, merged);
	return SQ_OK;
}
