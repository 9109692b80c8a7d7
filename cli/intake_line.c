#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/form.h"
#include "cli/intake_line.h"
#include "cli/ui.h"
#include "cli/ui_edit.h"
#include "cli/ui_text.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/vault.h"

#define ASK_MAX 40		/* columns; what is longer stands above */

/* What has been typed so far: the draft it is for, a space, the line. */
static void
typed(void *arg, const char *line, size_t n)
{
	struct intake_line *l = arg;
	struct bytes_buf b = { 0 };

	if (n > 0 && line[n - 1] == '\n')
		n--;
	bytes_putf(&b, "%" PRIu64 " ", l->draft);
	bytes_put(&b, line, n);
	if (l->e == SQ_OK && (l->e = bytes_done(&b)) == SQ_OK)
		l->e = vault_draft_save(l->c->vault, VAULT_DRAFT_LINE, b.p,
		    b.len, &l->c->why);
	bytes_free(&b);
}

/* see intake_line.h */
void
intake_line_begin(struct intake_line *l, struct cli *c)
{
	memset(l, 0, sizeof(*l));
	l->c = c;
	l->keys = form_wanted() && ui_person();
	l->own = l->keys && !c->shell;
	if (l->own)
		ui_edit_begin(c->prog);
	if (l->keys)
		ui_edit_typed(typed, l);
}

/* see intake_line.h */
void
intake_line_end(struct intake_line *l)
{
	if (l->keys)
		ui_edit_typed(NULL, NULL);
	if (l->own)
		ui_edit_end();
}

/* see intake_line.h */
enum sq_err
intake_line_resume(struct intake_line *l)
{
	struct bytes_buf b = { 0 };
	char *end, *s = NULL;
	enum sq_err e;

	if (!l->keys)
		return SQ_OK;
	e = vault_draft_load(l->c->vault, VAULT_DRAFT_LINE, &b, &l->c->why);
	if (e == SQ_OK && (s = bytes_str(&b)) == NULL)
		e = SQ_ENOMEM;
	if (e == SQ_OK && strtoull(s, &end, 10) == l->draft && *end == ' ' &&
	    end[1] != '\0')
		ui_edit_start(end + 1);
	if (s != NULL)
		secret_wipe(s, strlen(s));
	free(s);
	bytes_free(&b);
	return e == SQ_ENOENT ? SQ_OK : e;
}

/* see intake_line.h */
char *
intake_line_get(struct intake_line *l, const char *ask)
{
	struct bytes_buf b = { 0 };
	char *prompt, *s = NULL;

	if (!l->keys) {
		ui_ask("%s", ask);
		return form_line(l->c);
	}
	ui_text_escape(ask, strlen(ask), false, &b);
	if ((prompt = bytes_str(&b)) == NULL) {
		l->e = SQ_ENOMEM;
		return NULL;
	}
	if (ui_text_width(prompt, strlen(prompt)) > ASK_MAX) {
		ui_note("%s", ask);
		(void)snprintf(prompt, strlen(prompt) + 1, "> ");
	}
	if (ui_edit_line(prompt, l->c->idle, &s) != UI_EDIT_LINE ||
	    l->e != SQ_OK) {
		if (s != NULL)
			secret_wipe(s, strlen(s));
		free(s);
		s = NULL;
	}
	free(prompt);
	return s;
}
