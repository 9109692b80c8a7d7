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

/* Are two texts the same but for case and blanks at their ends? */
static bool
alike(const char *a, size_t n, const char *b)
{
	struct bytes_buf x = { 0 }, y = { 0 };
	char *copy = strndup(a, n);
	bool is = copy != NULL && text_fold(copy, &x) == SQ_OK &&
	    text_fold(b, &y) == SQ_OK && x.len == y.len && x.len > 0 &&
	    memcmp(x.p, y.p, x.len) == 0;

	free(copy);
	bytes_free(&x);
	bytes_free(&y);
	return is;
}

/* Is ${s} one of the words parted by bars? */
static bool
in_list(const char *list, const char *s)
{
	size_t n;

	for (; list != NULL && *list != '\0'; list += n + (list[n] == '|')) {
		n = strcspn(list, "|");
		if (alike(list, n, s))
			return true;
	}
	return false;
}

/* see sheet.h */
enum sq_err
sheet_term(const struct model_vocab *vocab, const char *s, const char **ret,
    struct why *why)
{
	const struct model_term *t = model_term(vocab, s);
	const struct model_label *l;

	if (t == NULL)
		for (t = vocab->term; t->term != NULL; t++)
			if (alike(t->label, strlen(t->label), s))
				break;
	if (t != NULL && t->term != NULL) {
		*ret = t->term;
		return SQ_OK;
	}
	for (size_t part = 0; (l = model_labels(part)) != NULL; part++)
		for (; l->vocab != NULL; l++)
			if (strcmp(l->vocab, vocab->name) == 0 &&
			    (in_list(l->ru, s) || in_list(l->kk, s) ||
			    in_list(l->zh, s))) {
				*ret = l->term;
				return SQ_OK;
			}
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
	for (f = type->field; f->name != NULL; f++)
		if ((f->flags & MODEL_AUTO) == 0 && (alike(head, strlen(head),
		    f->label) || in_list(model_label_field(f->name), head))) {
			ret->field = f;
			return true;
		}
	return false;
}

/* The column of that heading or number; ${n} if there is none, or several. */
static size_t
find_column(char *const *head, size_t n, const char *what)
{
	size_t found = n;
	unsigned long i;
	char *end;

	if (*what == '#') {
		i = strtoul(what + 1, &end, 10);
		return *end == '\0' && i >= 1 && i <= n ? i - 1 : n;
	}
	for (size_t k = 0; k < n; k++)
		if (alike(head[k], strlen(head[k]), what)) {
			if (found != n)
				return n;
			found = k;
		}
	return found;
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
