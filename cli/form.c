#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/form.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/ui_edit.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/vault.h"

/* see form.h */
bool
form_wanted(void)
{
	return isatty(STDIN_FILENO) == 1;
}

/* see form.h */
char *
form_line(const struct cli *c)
{
	char *s = NULL;
	size_t cap = 0;
	ssize_t n = -1;

	if (ui_edit_wait(c->idle) == UI_EDIT_LINE)
		n = getline(&s, &cap, stdin);
	if (n < 0) {
		free(s);
		clearerr(stdin);
		return NULL;
	}
	if (n > 0 && s[n - 1] == '\n')
		s[--n] = '\0';
	if (n > 0 && s[n - 1] == '\r')
		s[--n] = '\0';
	return s;
}

static void
drop(char *s)
{
	if (s != NULL)
		secret_wipe(s, strlen(s));
	free(s);
}

/* Lines up to one that is a single full stop, as one value. */
static char *
body(const struct cli *c)
{
	struct bytes_buf b = { 0 };
	char *s;

	for (;;) {
		if ((s = form_line(c)) == NULL) {
			bytes_free(&b);
			return NULL;
		}
		if (strcmp(s, ".") == 0)
			break;
		if (b.len > 0)
			bytes_puts(&b, "\n");
		bytes_puts(&b, s);
		drop(s);
	}
	drop(s);
	return bytes_str(&b);
}

/* What a person needs to know to answer. */
static void
explain(const struct model_field *f)
{
	struct bytes_buf b = { 0 };
	char *s;

	if (f->kind == MODEL_TERM) {
		bytes_puts(&b, "  one of:");
		for (const struct model_term *t = f->vocab->term;
		    t->term != NULL; t++)
			bytes_putf(&b, " %s%s", t->term,
			    t[1].term != NULL ? "," : "");
	} else if (f->kind == MODEL_REF)
		bytes_putf(&b, "  a reference such as %c-1",
		    f->refs[0] == '*' ? 'T' : f->refs[0]);
	else if (f->kind == MODEL_DATE)
		bytes_puts(&b, "  a date: 2017-10-04, 2017-10, 2017-10~ (about)"
		    ", 2017-10/2018-03, 2017-10/.. (open)");
	else if (f->kind == MODEL_BOOL)
		bytes_puts(&b, "  yes or no");
	else if (f->kind == MODEL_LANG)
		bytes_puts(&b, "  a language tag: kk-Cyrl, ug-Arab, zh-Hans, "
		    "ru, en");
	if ((s = bytes_str(&b)) != NULL && s[0] != '\0')
		ui_note("%s", s);
	free(s);
}

/* The prompt of a field; ${again}: a further value of a list. */
static void
prompt(const struct model_field *f, bool again)
{
	const char *how = (f->flags & MODEL_BODY) != 0 ?
	    " (lines; a single . ends it)" :
	    (f->flags & MODEL_REQUIRED) != 0 && !again ? " (required)" :
	    again ? " (another; Enter: no more)" : "";

	ui_ask("%s%s: ", f->label, how);
}

/*
 * Is there such a record?  Asked now: a refusal at the end would cost all that
 * was typed.
 */
static enum sq_err
exists(struct cli *c, const struct model_field *f, const char *ref)
{
	struct record r = { 0 };
	enum sq_err e = vault_show(c->vault, ref, 0, &r, &c->why);

	model_record_free(&r);
	if (e == SQ_ENOENT)
		return err_why(&c->why, SQ_EREFUSED, "%s: there is no record "
		    "%s", f->name, ref);
	return e;
}

/*
 * Ask for one value.  ${*ret_more}: a value was given, so that a list goes on.
 */
static enum sq_err
ask(struct cli *c, const struct model_type *type,
    const struct model_field *f, bool again, struct model_inputs *ret,
    bool *ret_more)
{
	char lang[MODEL_LANG_MAX], *value = NULL, *typed = NULL;
	char name[64];
	enum sq_err e;

	*ret_more = false;
	for (;;) {
		prompt(f, again);
		typed = (f->flags & MODEL_BODY) != 0 ? body(c) : form_line(c);
		if (typed == NULL) {
			if (c->shell)
				session_close(c);
			return err_why(&c->why, SQ_EREFUSED, "the input ended "
			    "before the last field; nothing was saved");
		}
		if (typed[0] == '\0') {
			drop(typed);
			if ((f->flags & MODEL_REQUIRED) == 0 || again)
				return SQ_OK;
			ui_warn("%s is required", f->label);
			continue;
		}
		(void)snprintf(name, sizeof(name), "%s", f->name);
		e = model_check(type, &(struct model_input){ .name = name,
		    .value = typed }, &value, lang, &c->why);
		if (e == SQ_OK && f->kind == MODEL_REF)
			e = exists(c, f, value);
		if (e == SQ_OK)
			e = model_inputs_add(ret, f->name, NULL, typed);
		drop(value);
		drop(typed);
		value = NULL;
		*ret_more = e == SQ_OK;
		if (e != SQ_EREFUSED && e != SQ_EUSAGE)
			return e;
		ui_warn("%s", c->why.text);
	}
}

/* Of the fields of which one is needed, is there one? */
static bool
enough(const struct model_type *type, const struct model_inputs *in)
{
	const struct model_field *f;

	if (model_flagged(type, MODEL_ONE_OF) == NULL)
		return true;
	for (size_t i = 0; i < in->n; i++)
		if ((f = model_field(type, in->v[i].name)) != NULL &&
		    (f->flags & MODEL_ONE_OF) != 0)
			return true;
	return false;
}

/* Was what a field needs answered?  Else it is not asked for. */
static bool
ready(const struct model_field *f, const struct model_inputs *in)
{
	for (size_t i = 0; f->needs != NULL && i < in->n; i++)
		if (strcmp(in->v[i].name, f->needs) == 0)
			return true;
	return f->needs == NULL;
}

/* Ask for every field that has ${flags}; 0: all. */
static enum sq_err
fields(struct cli *c, const struct model_type *type, const char *skip,
    unsigned flags, struct model_inputs *ret)
{
	enum sq_err e;
	bool more;

	for (const struct model_field *f = type->field; f->name != NULL; f++) {
		if ((f->flags & MODEL_AUTO) != 0 ||
		    (f->flags & flags) != flags || !ready(f, ret) ||
		    (skip != NULL && strcmp(f->name, skip) == 0))
			continue;
		explain(f);
		if ((e = ask(c, type, f, false, ret, &more)) != SQ_OK)
			return e;
		while (more && (f->flags & MODEL_LIST) != 0)
			if ((e = ask(c, type, f, true, ret, &more)) != SQ_OK)
				return e;
	}
	return SQ_OK;
}

/* see form.h */
enum sq_err
form_fill(struct cli *c, const struct model_type *type,
    const char *skip, struct model_inputs *ret)
{
	enum sq_err e;

	ui_note("%s: empty answers are skipped", type->label);
	e = fields(c, type, skip, 0, ret);
	while (e == SQ_OK && !enough(type, ret)) {
		ui_warn("one of these is needed");
		e = fields(c, type, skip, MODEL_ONE_OF, ret);
	}
	if (e == SQ_OK)
		c->why.text[0] = '\0';
	return e;
}
