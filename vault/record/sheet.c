#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/record/model_label.h"
#include "vault/record/sheet.h"
#include "vault/record/text.h"

/* --- terms -------------------------------------------------------------- */

/*
 * A letter as it is compared.  Uyghur is written on keyboards of several
 * languages, each of which has yeh, kaf and heh in a form of its own; marks
 * that only join letters or say their direction come along unseen.  0: none.
 */
static uint32_t
letter(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} as[] = {
		{ 0x64a, 0x649 }, { 0x6cc, 0x649 },		/* yeh */
		{ 0x6a9, 0x643 }, { 0x6aa, 0x643 },		/* kaf */
		{ 0x647, 0x6d5 }, { 0x6be, 0x6d5 }, { 0x6c1, 0x6d5 },
		{ 0x629, 0x6d5 }				/* heh */
	};

	if (c == 0x640 || c == 0x61c || (c >= 0x200c && c <= 0x200f) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    c == 0xfeff)
		return 0;
	for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++)
		if (as[i].from == c)
			return as[i].to;
	return c;
}

/* What is compared of a text: all but its case and blanks at its ends. */
static enum sq_err
plain(const char *s, size_t n, struct bytes_buf *ret)
{
	struct bytes_buf b = { 0 };
	char *copy;
	uint32_t c;
	enum sq_err e;

	for (; n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL; n--)
		;
	for (; n > 0 && strchr(" \t\r\n", *s) != NULL; n--)
		s++;
	if ((copy = strndup(s, n)) == NULL)
		return SQ_ENOMEM;
	if ((e = text_fold(copy, &b)) == SQ_OK)
		for (size_t at = 0; at < b.len; ) {
			at += text_char(b.p + at, b.len - at, &c);
			if ((c = letter(c)) != 0)
				text_char_put(ret, c);
		}
	secret_wipe(copy, n);
	free(copy);
	bytes_free(&b);
	return e == SQ_OK ? bytes_done(ret) : e;
}

/* Is the text the same as what plain() made of another? */
static bool
alike(const char *a, size_t n, const struct bytes_buf *b)
{
	struct bytes_buf x = { 0 };
	bool is = plain(a, n, &x) == SQ_OK && x.len == b->len && x.len > 0 &&
	    memcmp(x.p, b->p, x.len) == 0;

	bytes_free(&x);
	return is;
}

/* Is it one of the words parted by bars? */
static bool
in_list(const char *list, const struct bytes_buf *b)
{
	size_t n;

	for (; list != NULL && *list != '\0'; list += n + (list[n] == '|')) {
		n = strcspn(list, "|");
		if (alike(list, n, b))
			return true;
	}
	return false;
}

/* The term by its label in any language, or NULL. */
static const char *
labelled(const struct model_vocab *vocab, const struct bytes_buf *b)
{
	const struct model_term *t;
	const struct model_label *l;

	for (t = vocab->term; t->term != NULL; t++)
		if (alike(t->label, strlen(t->label), b))
			return t->term;
	for (size_t part = 0; (l = model_labels(part)) != NULL; part++)
		for (; l->vocab != NULL; l++)
			if (strcmp(l->vocab, vocab->name) == 0 &&
			    (in_list(l->ru, b) || in_list(l->kk, b) ||
			    in_list(l->zh, b) || in_list(l->ug, b)))
				return l->term;
	return NULL;
}

/* see sheet.h */
enum sq_err
sheet_term(const struct model_vocab *vocab, const char *s, const char **ret,
    struct why *why)
{
	const struct model_term *t = model_term(vocab, s);
	struct bytes_buf b = { 0 };

	*ret = t != NULL ? t->term : NULL;
	if (t == NULL && plain(s, strlen(s), &b) == SQ_OK)
		*ret = labelled(vocab, &b);
	bytes_free(&b);
	if (*ret != NULL)
		return SQ_OK;
	return err_why(why, SQ_EREFUSED, "«%.64s» is none of its terms, codes "
	    "or labels; see: sandyq types TYPE", s);
}

/* --- columns ------------------------------------------------------------ */

/* A field by what is written over a column: name, name.lang or label. */
static bool
heading(const struct model_type *type, const char *head,
    struct sheet_column *ret)
{
	const struct model_field *f;
	struct bytes_buf b = { 0 };
	char name[64];
	const char *dot = strchr(head, '.');
	size_t n = dot == NULL ? strlen(head) : (size_t)(dot - head);

	memset(ret, 0, sizeof(*ret));
	if (strcasecmp(head, "ref") == 0) {
		ret->ref = true;
		return true;
	}
	if (n < sizeof(name)) {
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, head);
		if ((f = model_field(type, name)) != NULL && (dot == NULL ||
		    (f->kind == MODEL_TEXT && text_lang(dot + 1, ret->lang) ==
		    SQ_OK))) {
			ret->field = f;
			return true;
		}
	}
	if (plain(head, strlen(head), &b) == SQ_OK)
		for (f = type->field; f->name != NULL && ret->field == NULL;
		    f++)
			if ((f->flags & MODEL_AUTO) == 0 && (alike(f->label,
			    strlen(f->label), &b) || in_list(
			    model_label_field(f->name), &b)))
				ret->field = f;
	bytes_free(&b);
	return ret->field != NULL;
}

/* The column of that heading or number; ${n} if there is none, or several. */
static size_t
find_column(char *const *head, size_t n, const char *what)
{
	struct bytes_buf b = { 0 };
	size_t found = n, many = 0;
	unsigned long i;
	char *end;

	if (*what == '#') {
		i = strtoul(what + 1, &end, 10);
		return *end == '\0' && i >= 1 && i <= n ? i - 1 : n;
	}
	if (plain(what, strlen(what), &b) == SQ_OK)
		for (size_t k = 0; k < n; k++)
			if (alike(head[k], strlen(head[k]), &b)) {
				many++;
				found = k;
			}
	bytes_free(&b);
	return many == 1 ? found : n;
}

/* see sheet.h */
enum sq_err
sheet_map(const struct model_type *type, char *const *head, size_t n,
    const char *const *map, size_t n_map, struct sheet_column *ret,
    struct why *why)
{
	const char *eq;
	char name[128];
	size_t at;

	for (size_t i = 0; i < n; i++)
		(void)heading(type, head[i], &ret[i]);
	for (size_t i = 0; i < n_map; i++) {
		eq = strchr(map[i], '=');
		if (eq == NULL || eq == map[i] || (size_t)(eq - map[i]) >=
		    sizeof(name))
			return err_why(why, SQ_EUSAGE, "--map %.64s: write "
			    "FIELD=COLUMN", map[i]);
		(void)snprintf(name, sizeof(name), "%.*s", (int)(eq - map[i]),
		    map[i]);
		at = find_column(head, n, eq + 1);
		if (at == n)
			return err_why(why, SQ_EUSAGE, "--map %.64s: there is "
			    "no column «%.64s», or more than one; a number is "
			    "written #3", map[i], eq + 1);
		if (strcmp(name, "-") == 0)
			memset(&ret[at], 0, sizeof(ret[at]));
		else if (!heading(type, name, &ret[at]))
			return err_why(why, SQ_EUSAGE, "--map %.64s: %s %s "
			    "has no field «%.64s»", map[i],
			    model_article(type), type->name, name);
	}
	for (size_t i = 0; i < n; i++) {
		if (ret[i].field == NULL)
			continue;
		if ((ret[i].field->flags & MODEL_AUTO) != 0)
			return err_why(why, SQ_EUSAGE, "column «%.64s»: %s is "
			    "set by the program", head[i],
			    ret[i].field->name);
		for (size_t k = 0; k < i; k++)
			if (ret[k].field == ret[i].field &&
			    (ret[i].field->flags & MODEL_LIST) == 0)
				return err_why(why, SQ_EUSAGE, "two columns "
				    "are %s, which takes one value; leave one "
				    "out with --map -=COLUMN",
				    ret[i].field->name);
	}
	return SQ_OK;
}

/* --- rows --------------------------------------------------------------- */

/* One value of a cell, cut out and NUL-ended. */
static enum sq_err
add_value(const struct model_type *type, const struct sheet_column *c,
    char *s, enum sheet_order order, struct model_inputs *ret,
    struct why *why)
{
	char lang[MODEL_LANG_MAX], *date = NULL, *checked = NULL;
	const char *v = s;
	struct model_input in;
	char name[64];
	size_t n;
	enum sq_err e = SQ_OK;

	/* a formula that export made harmless is itself again */
	if (s[0] == '\'' && s[1] != '\0' && strchr("=+-@|%", s[1]) != NULL)
		v = ++s;
	v += strspn(v, " \t\r\n");
	for (n = strlen(s); n > 0 && s + n > v && strchr(" \t\r\n",
	    s[n - 1]) != NULL; n--)
		s[n - 1] = '\0';
	if (*v == '\0')
		return SQ_OK;
	if (c->field->kind == MODEL_DATE) {
		if ((e = sheet_date(v, order, &date, why)) == SQ_OK)
			v = date;
	} else if (c->field->kind == MODEL_TERM)
		e = sheet_term(c->field->vocab, v, &v, why);
	if (e != SQ_OK) {
		e = err_more(why, e, "%s", c->field->name);
		goto out;
	}
	(void)snprintf(name, sizeof(name), "%s", c->field->name);
	in = (struct model_input){ .name = name, .lang = c->lang[0] == '\0' ?
	    NULL : (char *)(uintptr_t)c->lang, .value = (char *)(uintptr_t)v };
	if ((e = model_check(type, &in, &checked, lang, why)) == SQ_OK)
		e = model_inputs_add(ret, name, in.lang, v);
out:
	free(date);
	if (checked != NULL)
		secret_wipe(checked, strlen(checked));
	free(checked);
	return e;
}

/* What parts the values of a cell; "" if it holds one. */
static const char *
parting(const struct model_field *f)
{
	if ((f->flags & MODEL_LIST) == 0)
		return "";
	return f->kind == MODEL_TEXT || f->kind == MODEL_LINE ? ";\n" :
	    ",;\n";
}

/* see sheet.h */
enum sq_err
sheet_row(const struct model_type *type, const struct sheet_column *col,
    size_t n_col, char *const *cell, size_t n, enum sheet_order order,
    struct model_inputs *ret, struct why *why)
{
	const char *parts;
	char *copy, *at, *one;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n_col && i < n && e == SQ_OK; i++) {
		if (col[i].field == NULL || cell[i][0] == '\0')
			continue;
		parts = parting(col[i].field);
		if ((copy = strdup(cell[i])) == NULL)
			return SQ_ENOMEM;
		for (at = copy; at != NULL && e == SQ_OK; ) {
			one = *parts == '\0' ? at : strsep(&at, parts);
			if (*parts == '\0')
				at = NULL;
			e = add_value(type, &col[i], one, order, ret, why);
		}
		secret_wipe(copy, strlen(cell[i]));
		free(copy);
	}
	return e;
}

/* see sheet.h */
enum sq_err
sheet_either(const struct sheet_column *col, size_t n_col, char *const *cell,
    size_t n, struct sheet_either *ret, bool *ret_is)
{
	const char *parts;
	char *copy, *at, *one;
	unsigned num[2];

	*ret_is = false;
	for (size_t i = 0; i < n_col && i < n && !*ret_is; i++) {
		if (col[i].field == NULL || cell[i][0] == '\0' ||
		    col[i].field->kind != MODEL_DATE)
			continue;
		parts = parting(col[i].field);
		if ((copy = strdup(cell[i])) == NULL)
			return SQ_ENOMEM;
		for (at = copy; at != NULL && !*ret_is; ) {
			one = strsep(&at, parts);
			if (!sheet_date_either(one, num))
				continue;
			*ret_is = true;
			ret->field = col[i].field->name;
			ret->first = num[0];
			ret->second = num[1];
			(void)snprintf(ret->date, sizeof(ret->date), "%s",
			    one + strspn(one, " \t\r\n"));
			ret->date[strcspn(ret->date, "\r\n")] = '\0';
		}
		secret_wipe(copy, strlen(cell[i]));
		free(copy);
	}
	return SQ_OK;
}
