#include <inttypes.h>
#include <string.h>

#include "crypto/entry_int.h"

/*
 * record.json.  There is one spelling of it, the one entry_emit_json writes,
 * so the reader compares fixed text and never builds a tree.
 */

/* see entry.h */
enum sq_err
entry_emit_json(const struct entry *en, const uint8_t root[ENTRY_ROOT],
    uint64_t index, struct bytes_buf *out)
{
	const struct entry_field *f;
	enum sq_err e;

	if ((e = entry_int_ascending(en)) != SQ_OK)
		return e;
	if (index > ENTRY_INT_MAX)
		return SQ_ELIMIT;
	bytes_puts(out, "{\"entry\":\"");
	bytes_put_hex(out, root, ENTRY_ROOT);
	bytes_putf(out, "\",\"index\":%" PRIu64 ",\"fields\":[", index);
	for (size_t i = 0; i < en->n; i++) {
		f = &en->fields[i];
		bytes_puts(out, i > 0 ? ",{\"" : "{\"");
		if (f->form == ENTRY_HIDDEN)
			bytes_puts(out, "leaf\":\"");
		else
			bytes_putf(out, "name\":\"%s\",\"%s\":\"", f->name,
			    f->form == ENTRY_OPEN ? "salt" : "vc");
		if (f->form == ENTRY_OPEN) {
			bytes_put_hex(out, f->salt, sizeof(f->salt));
			bytes_puts(out, "\",\"value\":");
			bytes_put(out, f->value, f->value_len);
			bytes_puts(out, "}");
		} else {
			bytes_put_hex(out, f->hash, sizeof(f->hash));
			bytes_puts(out, "\"}");
		}
	}
	bytes_puts(out, "]}");
	return bytes_done(out);
}

/* True if s comes next; then it is read. */
static bool
next(struct bytes_rd *r, const char *s)
{
	size_t n = strlen(s);

	if (r->left < n || memcmp(r->p, s, n) != 0)
		return false;
	(void)bytes_rd_ref(r, n);
	return true;
}

/* Read s or fail. */
static void
want(struct bytes_rd *r, const char *s)
{
	if (!next(r, s))
		r->bad = true;
}

/* Read 2 * n lower-case hexadecimal digits, at most 64 of them. */
static void
want_hex(struct bytes_rd *r, uint8_t *out, size_t n)
{
	const uint8_t *p = bytes_rd_ref(r, 2 * n);
	char s[65] = { 0 };

	if (p == NULL)
		return;
	memcpy(s, p, 2 * n);
	if (bytes_unhex(out, n, s) != SQ_OK)
		r->bad = true;
}

/* Read a canonical number that is not negative. */
static uint64_t
want_index(struct bytes_rd *r)
{
	size_t n = r->bad || r->left == 0 || *r->p < '0' || *r->p > '9' ?
	    0 : entry_int_span((const char *)r->p, r->left);
	const uint8_t *p = bytes_rd_ref(r, n);
	uint64_t v = 0;

	if (n == 0 || p == NULL)
		r->bad = true;
	else
		while (n-- > 0)
			v = 10 * v + (uint64_t)(*p++ - '0');
	return v;
}

/* Read one field, after its opening brace. */
static enum sq_err
parse_field(struct bytes_rd *r, struct entry *en)
{
	struct entry_field *f, tmp = { .form = ENTRY_WITHHELD };
	const char *name = NULL, *value = NULL;
	size_t nname = 0, n = 0;
	enum sq_err e;

	if (next(r, "\"leaf\":\"")) {
		tmp.form = ENTRY_HIDDEN;
		want_hex(r, tmp.hash, sizeof(tmp.hash));
		want(r, "\"}");
	} else {
		want(r, "\"name\":\"");
		name = (const char *)r->p;
		while (nname < r->left && name[nname] != '"')
			nname++;
		if (!entry_int_name(name, nname))
			return SQ_EFORMAT;
		(void)bytes_rd_ref(r, nname);
		if (next(r, "\",\"salt\":\"")) {
			tmp.form = ENTRY_OPEN;
			want_hex(r, tmp.salt, sizeof(tmp.salt));
			want(r, "\",\"value\":");
			n = entry_int_span((const char *)r->p, r->left);
			value = (const char *)bytes_rd_ref(r, n);
			want(r, "}");
		} else {
			want(r, "\",\"vc\":\"");
			want_hex(r, tmp.hash, sizeof(tmp.hash));
			want(r, "\"}");
		}
	}
	if (r->bad || (value != NULL && !entry_int_canonical(value, n)))
		return SQ_EFORMAT;
	e = entry_int_append(en, tmp.form, name, nname, value, n, &f);
	if (e != SQ_OK)
		return e;
	memcpy(f->salt, tmp.salt, sizeof(f->salt));
	memcpy(f->hash, tmp.hash, sizeof(f->hash));
	return f->form == ENTRY_WITHHELD && entry_int_fixed(f->name) ?
	    SQ_EFORMAT : SQ_OK;
}

/* see entry.h */
enum sq_err
entry_parse_json(const uint8_t *p, size_t n, struct entry *ret_en,
    uint8_t root[ENTRY_ROOT], uint64_t *ret_index)
{
	struct entry en = { 0 };
	enum sq_err e = SQ_OK;
	struct bytes_rd r;
	uint64_t index;

	memset(ret_en, 0, sizeof(*ret_en));
	if (n > 2 * ENTRY_MAX_BYTES)
		return SQ_ELIMIT;
	bytes_rd_init(&r, p, n);
	want(&r, "{\"entry\":\"");
	want_hex(&r, root, ENTRY_ROOT);
	want(&r, "\",\"index\":");
	index = want_index(&r);
	want(&r, ",\"fields\":[");
	do {
		want(&r, "{");
		e = r.bad ? SQ_EFORMAT : parse_field(&r, &en);
	} while (e == SQ_OK && next(&r, ","));
	want(&r, "]}");
	if (e == SQ_OK && (e = bytes_rd_done(&r)) == SQ_OK &&
	    (e = entry_int_ascending(&en)) == SQ_OK) {
		*ret_en = en;	/* transferred */
		*ret_index = index;
		return SQ_OK;
	}
	entry_free(&en);
	return e;
}
