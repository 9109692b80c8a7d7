/*
 * Records as a sheet of their own: the way back of an import.  See
 * vault_import.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/bundle/csv.h"
#include "vault/vault_import_int.h"

#define COLUMNS_MAX 512
#define ABOUT_MAX 1000		/* records that are named one by one */
#define BYTES_MAX ((size_t)1 << 30)

/* A field in one language. */
struct column {
	const struct model_field *f;
	const char *lang;		/* "": none */
};

struct table {
	const struct model_type *type;
	struct column col[COLUMNS_MAX];
	size_t n_col;
	struct bytes_buf out;
	struct model_inputs about;
	size_t n;
};

static const char *
lang_of(const struct record_value *v)
{
	return v->lang == NULL || strcmp(v->lang, "und") == 0 ? "" : v->lang;
}

/* Remember which columns there are. */
static enum sq_err
see(void *arg, const struct record *r)
{
	struct table *t = arg;
	char *lang;
	size_t k;

	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->field[i].n; j++) {
			for (k = 0; k < t->n_col; k++)
				if (t->col[k].f == r->field[i].def &&
				    strcmp(t->col[k].lang, lang_of(
				    &r->field[i].v[j])) == 0)
					break;
			if (k < t->n_col)
				continue;
			if (t->n_col == COLUMNS_MAX)
				return SQ_ELIMIT;
			if ((lang = strdup(lang_of(&r->field[i].v[j]))) ==
			    NULL)
				return SQ_ENOMEM;
			t->col[t->n_col++] = (struct column){
			    r->field[i].def, lang };
		}
	return SQ_OK;
}

/* As the table of types has them, then by language. */
static int
cmp(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	if (x->f != y->f)
		return x->f < y->f ? -1 : 1;
	return strcmp(x->lang, y->lang);
}

/* All values of a field in one language. */
static void
cell(const struct record *r, const struct column *c, struct bytes_buf *out)
{
	const struct record_field *f = model_record_field(r, c->f->name);
	struct bytes_buf b = { 0 };
	char *s;

	for (size_t i = 0; f != NULL && i < f->n; i++)
		if (strcmp(lang_of(&f->v[i]), c->lang) == 0)
			bytes_putf(&b, "%s%s", b.len > 0 ? "; " : "",
			    f->v[i].text);
	s = bytes_str(&b);
	bytes_puts(out, ",");
	csv_cell(out, s);
	if (s != NULL)
		secret_wipe(s, strlen(s));
	free(s);
}

static enum sq_err
row(void *arg, const struct record *r)
{
	struct table *t = arg;

	csv_cell(&t->out, r->ref);
	for (size_t k = 0; k < t->n_col; k++)
		cell(r, &t->col[k], &t->out);
	bytes_puts(&t->out, "\n");
	if (t->out.len > BYTES_MAX)
		return SQ_ELIMIT;
	if (t->n++ >= ABOUT_MAX)
		return bytes_done(&t->out);
	return model_inputs_add(&t->about, "about", NULL, r->ref);
}

static void
head(struct table *t)
{
	if (t->n_col > 0)
		qsort(t->col, t->n_col, sizeof(*t->col), cmp);
	/* what older programs know a file of UTF-8 by */
	bytes_puts(&t->out, "\xef\xbb\xbf" "ref");
	for (size_t k = 0; k < t->n_col; k++)
		bytes_putf(&t->out, ",%s%s%s", t->col[k].f->name,
		    t->col[k].lang[0] == '\0' ? "" : ".", t->col[k].lang);
	bytes_puts(&t->out, "\n");
}

/* What left, before it leaves. */
static enum sq_err
log_it(struct vault *v, struct table *t, const char *path, struct why *why)
{
	const char *base = strrchr(path, '/');
	struct record_make mk = { .type = model_type("custody"),
	    .in = &t->about };
	struct vault_made made;
	uint8_t sum[DIGEST_LEN];
	char hex[DIGEST_HEX], note[128], *name;
	enum sq_err e;

	digest_sha256(sum, t->out.p, t->out.len);
	bytes_hex(hex, sum, sizeof(sum));
	(void)snprintf(note, sizeof(note), "%zu record%s of type %s as a plain"
	    " CSV file", t->n, t->n == 1 ? "" : "s", t->type->name);
	if (t->n > ABOUT_MAX)
		model_inputs_free(&t->about);
	if ((name = vault_name_text(base == NULL ? path : base + 1)) == NULL)
		return SQ_ENOMEM;
	if ((e = model_inputs_add(&t->about, "action", NULL, "extracted")) ==
	    SQ_OK && (e = model_inputs_add(&t->about, "object", NULL, name)) ==
	    SQ_OK && (e = model_inputs_add(&t->about, "sha256", NULL, hex)) ==
	    SQ_OK && (e = model_inputs_add(&t->about, "note", NULL, note)) ==
	    SQ_OK)
		e = vault_put(v, &mk, &made, why);
	free(name);
	return e;
}

/* see vault_import.h */
enum sq_err
vault_sheet_write(struct vault *v, const char *type, const char *path,
    size_t *ret_n, struct why *why)
{
	struct table t = { .type = model_type(type) };
	enum sq_err e;

	if (t.type == NULL)
		return err_why(why, SQ_EUSAGE, "there is no record type "
		    "«%s»; see: sandyq types", type);
	if ((e = vault_list(v, type, 0, see, &t, why)) != SQ_OK)
		goto out;
	head(&t);
	if ((e = vault_list(v, type, 0, row, &t, why)) == SQ_OK &&
	    (e = bytes_done(&t.out)) == SQ_OK &&
	    (e = vault_write_can(path, why)) == SQ_OK &&
	    (e = log_it(v, &t, path, why)) == SQ_OK &&
	    (e = vault_write(path, t.out.p, t.out.len, why)) == SQ_OK)
		*ret_n = t.n;
out:
	for (size_t k = 0; k < t.n_col; k++)
		free((char *)(uintptr_t)t.col[k].lang);
	if (t.out.p != NULL)
		secret_wipe(t.out.p, t.out.len);
	bytes_free(&t.out);
	model_inputs_free(&t.about);
	return e == SQ_ELIMIT ? err_why(why, e, "it is more than a gigabyte, "
	    "or than 512 columns; export in parts") : e;
}
