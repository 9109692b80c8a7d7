/*
 * One interview after the other.  After each answer, and each line of the
 * account, the draft is in the vault; the line at hand is kept by intake_line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_accounts.h"
#include "cli/cmd_dup.h"
#include "cli/form.h"
#include "cli/intake.h"
#include "cli/intake_line.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "crypto/secret.h"
#include "vault/vault.h"

#define LIST_MAX 64

struct intake {
	struct cli *c;
	struct intake_line line;
	json_t *doc;
	int at;			/* the question at hand */
	bool aside, ended;	/* put aside; because the input ended */
};

static void
drop(char *s)
{
	if (s != NULL)
		secret_wipe(s, strlen(s));
	free(s);
}

/* Keep the draft as it stands. */
static enum sq_err
keep(struct intake *x)
{
	char *s;
	enum sq_err e;

	x->line.draft++;
	if (json_object_set_new(x->doc, "at", json_integer(x->at)) != 0 ||
	    json_object_set_new(x->doc, "draft", json_integer(
	    (json_int_t)x->line.draft)) != 0 ||
	    (s = json_dumps(x->doc, JSON_COMPACT)) == NULL)
		return SQ_ENOMEM;
	e = vault_draft_save(x->c->vault, VAULT_DRAFT, s, strlen(s),
	    &x->c->why);
	drop(s);
	return e;
}

/* The next line; NULL: it is put aside. */
static char *
line(struct intake *x, const char *ask)
{
	char *s = intake_line_get(&x->line, ask);

	if (s != NULL && strcmp(s, "!") != 0)
		return s;
	x->ended = s == NULL;
	x->aside = true;
	drop(s);
	return NULL;
}

/* Is there a reason to pass over this question? */
static bool
skipped(const struct intake *x, const struct intake_q *q)
{
	const char *s;

	if ((q->flags & INTAKE_NEW) != 0)
		return intake_known(x->doc);
	if (strcmp(q->key, "conditions") != 0)
		return false;
	for (const struct intake_q *p = intake_q; p->key != NULL; p++)
		if ((p->flags & INTAKE_CONSENT) != 0 && (s = intake_get(
		    x->doc, p->key, 0)) != NULL && strcmp(s, "c") == 0)
			return false;
	return true;
}

/* The account, line by line; a full stop alone ends it. */
static enum sq_err
ask_text(struct intake *x, const struct intake_q *q)
{
	const char *old = intake_get(x->doc, q->key, 0);
	char *s, *all;
	enum sq_err e = SQ_OK;

	if (old != NULL)
		ui_note("%s so far: %zu bytes; go on behind it, or . to leave "
		    "it", q->ask, strlen(old));
	else
		ui_note("%s, as many lines as it takes; a single . ends it",
		    q->ask);
	for (;;) {
		if ((s = line(x, "")) == NULL)
			return x->line.e;
		if (strcmp(s, ".") == 0)
			break;
		old = intake_get(x->doc, q->key, 0);
		if (asprintf(&all, "%s%s%s", old == NULL ? "" : old, old ==
		    NULL ? "" : "\n", s) < 0)
			all = NULL;
		drop(s);
		if (all == NULL || !intake_set(x->doc, q->key, all))
			e = SQ_ENOMEM;
		drop(all);
		if (e != SQ_OK || (e = keep(x)) != SQ_OK)
			return e;
	}
	drop(s);
	return SQ_OK;
}

/* What an answer does; ${*ret_step} is where to go: -1, 0 or 1. */
static enum sq_err
take(struct intake *x, const struct intake_q *q, const char *s, int *ret_step)
{
	enum sq_err e;

	*ret_step = 1;
	if (strcmp(s, "<") == 0) {
		*ret_step = -1;
		return SQ_OK;
	}
	if (*s == '\0')
		return SQ_OK;
	if (strcmp(s, "-") == 0)
		return intake_set(x->doc, q->key, NULL) ? SQ_OK : SQ_ENOMEM;
	if ((e = intake_check(x->c, q, s)) == SQ_EREFUSED || e == SQ_EUSAGE) {
		ui_warn("%s", x->c->why.text);
		*ret_step = 0;
		return SQ_OK;
	}
	if (e != SQ_OK)
		return e;
	if ((q->flags & INTAKE_FILES) != 0) {
		*ret_step = 0;
		return intake_add(x->doc, q->key, s) ? SQ_OK : SQ_ENOMEM;
	}
	return intake_set(x->doc, q->key, s) ? SQ_OK : SQ_ENOMEM;
}

/* One question; ${*ret_step} as above. */
static enum sq_err
ask(struct intake *x, const struct intake_q *q, int *ret_step)
{
	const char *now = intake_get(x->doc, q->key, 0);
	bool list = (q->flags & INTAKE_FILES) != 0;
	struct model_inputs in = { 0 };
	char *s, *prompt;
	enum sq_err e;

	*ret_step = 1;
	if (strcmp(q->key, "text") == 0)
		return ask_text(x, q);
	if (asprintf(&prompt, "%s%s%s%s: ", q->ask, now == NULL ? "" : list ?
	    " (a further one; Enter: no more)" : " [", now == NULL || list ?
	    "" : now, now == NULL || list ? "" : "]") < 0)
		return SQ_ENOMEM;
	s = line(x, prompt);
	drop(prompt);
	if (s == NULL)
		return x->line.e;
	e = take(x, q, s, ret_step);
	drop(s);
	if (e == SQ_OK && (q->flags & INTAKE_WITNESS) != 0 &&
	    *ret_step == 1 && intake_known(x->doc)) {
		e = model_inputs_add(&in, "witness", NULL, intake_get(x->doc,
		    "witness", 0));
		cmd_accounts_warn(x->c, &in);
		model_inputs_free(&in);
	}
	return e;
}

/* Every question from the present one on. */
static enum sq_err
ask_all(struct intake *x)
{
	int step = 1;
	enum sq_err e = SQ_OK;

	while (e == SQ_OK && !x->aside && intake_q[x->at].key != NULL) {
		if (skipped(x, &intake_q[x->at])) {
			x->at += step < 0 && x->at > 0 ? -1 : 1;
			continue;
		}
		e = ask(x, &intake_q[x->at], &step);
		if (e == SQ_OK && !x->aside) {
			x->at += step < 0 && x->at == 0 ? 0 : step;
			e = keep(x);
		}
	}
	return e;
}

/* All answers, and a last word on them: true to save. */
static enum sq_err
review(struct intake *x, bool *ret_save)
{
	char *s, *end;
	long n;
	int step;
	enum sq_err e = SQ_OK;

	*ret_save = false;
	ui_note("%s", "");
	for (int i = 0; intake_q[i].key != NULL; i++) {
		const char *v = intake_get(x->doc, intake_q[i].key, 0);

		if (v != NULL)
			ui_note("%3d  %s: %.200s%s", i + 1, intake_q[i].key,
			    v, strlen(v) > 200 ? " ..." : "");
	}
	s = line(x, "Enter saves it; a number corrects; ! puts it aside: ");
	if (s == NULL)
		return x->line.e;
	n = strtol(s, &end, 10);
	if (*s == '\0') {
		*ret_save = intake_get(x->doc, "summary", 0) != NULL ||
		    intake_get(x->doc, "text", 0) != NULL;
		if (!*ret_save)
			ui_warn("a summary or an account is needed");
	} else if (*end == '\0' && n >= 1 && n <= LIST_MAX) {
		for (int i = 0; i < n && intake_q[i].key != NULL; i++)
			if (i + 1 == n) {
				x->at = i;
				do
					e = ask(x, &intake_q[i], &step);
				while (e == SQ_OK && step == 0 && !x->aside);
			}
		while (intake_q[x->at].key != NULL)
			x->at++;
		if (e == SQ_OK)
			e = keep(x);
	} else
		ui_warn("a number of the list, or Enter");
	drop(s);
	return e;
}

/* --- what was saved ----------------------------------------------------- */

/* A reference that can be read across a table, to be copied onto paper. */
static void
large(const char *ref)
{
	static const char *const rows[5][12] = {
		{ "###", " # ", "###", "###", "# #", "###", "###", "###",
		    "###", "###", "   ", "###" },
		{ "# #", "## ", "  #", "  #", "# #", "#  ", "#  ", "  #",
		    "# #", "# #", "   ", " # " },
		{ "# #", " # ", "###", "###", "###", "###", "###", "  #",
		    "###", "###", "###", " # " },
		{ "# #", " # ", "#  ", "  #", "  #", "  #", "# #", "  #",
		    "# #", "  #", "   ", " # " },
		{ "###", "###", "###", "###", "  #", "###", "###", "  #",
		    "###", "###", "   ", " # " }
	};
	char out[128];

	ui_note("%s", "");
	for (size_t r = 0; r < 5; r++) {
		size_t n = 4;

		memset(out, ' ', n);
		for (const char *p = ref; *p != '\0' && n + 8 < sizeof(out);
		    p++) {
			size_t k = *p >= '0' && *p <= '9' ? (size_t)(*p -
			    '0') : *p == '-' ? 10 : 11;

			memcpy(out + n, rows[r][k], 3);
			memcpy(out + n + 3, "  ", 2);
			n += 5;
		}
		out[n] = '\0';
		ui_note("%s", out);
	}
	ui_note("%s", "");
}

static void
attached(void *arg, const struct vault_attached *a)
{
	(void)arg;
	ui_note("%s: %s is in the vault", a->ref, a->name);
}

/* Recordings that wait for their testimony to be there. */
static enum sq_err
attach(struct intake *x)
{
	json_t *wait = json_object_get(x->doc, "waiting");
	json_t *files = json_object_get(wait, "files");
	const char *ref = json_string_value(json_object_get(wait,
	    "testimony")), *path;
	struct vault_attach a = { .ref = ref, .paths = &path, .n = 1 };

	for (size_t i = 0; ref != NULL && i < json_array_size(files); i++) {
		path = json_string_value(json_array_get(files, i));
		if (path == NULL)
			continue;
		if (vault_attach(x->c->vault, &a, attached, NULL,
		    &x->c->why) != SQ_OK)
			ui_warn("%s is not attached: %s; later: sandyq attach "
			    "%s %s", path, x->c->why.text, ref, path);
	}
	if (wait == NULL)
		return SQ_OK;
	(void)json_object_del(x->doc, "waiting");
	return keep(x);
}

/* Save, show the reference, and begin the next with what is carried. */
static enum sq_err
store(struct intake *x)
{
	json_t *next = intake_next(x->doc), *files;
	char person[MODEL_REF_MAX] = "", ref[MODEL_REF_MAX];
	enum sq_err e;

	if (next == NULL)
		return SQ_ENOMEM;
	files = json_object_get(json_object_get(x->doc, "answers"), "file");
	if (files != NULL && json_object_set_new(next, "waiting",
	    json_pack("{s:s,s:O}", "testimony", "@TESTIMONY@", "files",
	    files)) != 0)
		e = SQ_ENOMEM;
	else
		e = intake_store(x->c, x->doc, next, person, ref);
	if (e != SQ_OK) {
		json_decref(next);
		return e;
	}
	if (files != NULL)
		(void)json_object_set_new(json_object_get(next, "waiting"),
		    "testimony", json_string(ref));
	json_decref(x->doc);
	x->doc = next;
	x->at = (int)json_integer_value(json_object_get(next, "at"));
	if (ui_json())
		ui_doc(json_pack("{s:s,s:s}", "ref", ref, "witness", person));
	else
		ui_line("%s", ref);
	if (ui_person())
		large(ref);
	ui_note("saved; write %s on the paper", ref);
	if (person[0] != '\0')
		cmd_dup_tell(x->c, person, NULL);
	return attach(x);
}

/* --- begin and end ------------------------------------------------------ */

/* The draft that an earlier sitting left, or a new one. */
static enum sq_err
begin(struct intake *x)
{
	struct bytes_buf b = { 0 };
	enum sq_err e = vault_draft_load(x->c->vault, VAULT_DRAFT, &b,
	    &x->c->why);

	if (e == SQ_OK) {
		x->doc = json_loadb((const char *)b.p, b.len, 0, NULL);
		if (x->doc == NULL || json_integer_value(json_object_get(
		    x->doc, "v")) != 1 || !json_is_object(json_object_get(
		    x->doc, "answers")))
			e = err_why(&x->c->why, SQ_EUNSUPPORTED, "the draft in "
			    "this vault is of another version of sandyq; take "
			    "it up with that one");
		else {
			x->at = (int)json_integer_value(json_object_get(
			    x->doc, "at"));
			x->line.draft = (uint64_t)json_integer_value(
			    json_object_get(x->doc, "draft"));
			ui_note("an interview that was put aside, or what is "
			    "carried over from the last one: going on");
		}
	} else if (e == SQ_ENOENT) {
		x->doc = json_pack("{s:i,s:i,s:{}}", "v", 1, "at", 0,
		    "answers");
		e = x->doc == NULL ? SQ_ENOMEM : SQ_OK;
	}
	if (x->at < 0 || x->at > LIST_MAX)
		x->at = 0;
	for (int i = 0; i < x->at; i++)
		if (intake_q[i].key == NULL)
			x->at = i;
	if (b.p != NULL)
		secret_wipe(b.p, b.len);
	bytes_free(&b);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_intake(struct cli *c, const struct opts *o)
{
	struct intake x = { .c = c };
	bool save;
	enum sq_err e;

	(void)o;
	if ((e = session_open(c)) != SQ_OK)
		return e;
	intake_line_begin(&x.line, c);
	if ((e = begin(&x)) != SQ_OK || (e = attach(&x)) != SQ_OK ||
	    (e = intake_line_resume(&x.line)) != SQ_OK)
		goto out;
	ui_note("Enter keeps what is in [brackets] or skips; < goes back; - "
	    "empties; ! puts the interview aside");
	while (e == SQ_OK && !x.aside) {
		if ((e = ask_all(&x)) != SQ_OK || x.aside)
			break;
		if ((e = review(&x, &save)) == SQ_OK && save &&
		    !x.aside)
			e = store(&x);
	}
	if (e == SQ_OK && (e = keep(&x)) == SQ_OK)
		ui_note("what was answered so far is kept in the vault; go on "
		    "with: sandyq intake");
	/* nobody answered: the shell locks */
	if (x.ended && c->shell)
		session_close(c);
out:
	intake_line_end(&x.line);
	json_decref(x.doc);
	return e;
}
