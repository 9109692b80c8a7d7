#include <stdlib.h>
#include <string.h>

#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/shell.h"
#include "cli/ui.h"
#include "cli/ui_edit.h"

/* Close the vault, and forget what was typed and shown. */
static void
lock(struct cli *c)
{
	ui_edit_end();
	session_close(c);
	ui_erase();
	ui_edit_begin(c->prog);
}

/* Is it a word of the shell itself? */
static bool
own(struct cli *c, int n, char **word, bool *ret_end)
{
	*ret_end = false;
	if (n != 1)
		return false;
	if (strcmp(word[0], "exit") == 0 || strcmp(word[0], "quit") == 0) {
		*ret_end = true;
		return true;
	}
	if (strcmp(word[0], "help") == 0 || strcmp(word[0], "--help") == 0) {
		dispatch_help(c, "lock: lock at once\nexit: the end\n");
		return true;
	}
	if (strcmp(word[0], "lock") != 0)
		return false;
	lock(c);
	if (ui_json())
		ui_doc(json_pack("{s:b}", "locked", 1));
	else
		ui_note("locked");
	return true;
}

/* One line. */
static enum sq_err
execute(struct cli *c, const char *line, bool *ret_end)
{
	char **word = NULL;
	int n = 0, from;
	enum sq_err e;

	*ret_end = false;
	c->why.text[0] = '\0';
	e = shell_words(line, &word, &n, &c->why);
	/* what hints and papers say to type begins with our name */
	from = n > 1 && strcmp(word[0], c->prog) == 0 ? 1 : 0;
	if (e == SQ_OK && n > 0 && !own(c, n - from, word + from, ret_end))
		e = dispatch_run(c, n - from, word + from);
	shell_words_free(word, n);
	if (e != SQ_OK)
		(void)dispatch_fail(c, e);
	return e;
}

/* see shell.h */
enum sq_err
shell_run(struct cli *c, unsigned idle)
{
	const struct cmd *self = c->cmd;
	enum sq_err e, last = SQ_OK;
	enum ui_edit_got got;
	bool end = false;
	char *line;

	c->idle = idle;
	ui_edit_begin(c->prog);
	while (!end) {
		got = ui_edit_line(c->vault != NULL ? "sandyq> " :
		    "sandyq (locked)> ", c->vault != NULL ? idle : 0, &line);
		if (got == UI_EDIT_IDLE) {
			lock(c);
			ui_note("locked: nothing came for %u seconds", idle);
			continue;
		}
		if (got != UI_EDIT_LINE)
			break;
		e = execute(c, line, &end);
		secret_wipe(line, strlen(line));
		free(line);
		if (e != SQ_OK)
			last = e;
		/* an answer that nobody gets is the end of it */
		if ((e = ui_flush(&c->why)) != SQ_OK) {
			(void)dispatch_fail(c, e);
			last = e;
			break;
		}
	}
	session_close(c);
	ui_edit_end();
	c->cmd = self;
	c->idle = 0;
	c->told = last != SQ_OK;
	return last;
}
