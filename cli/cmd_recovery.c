#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/cmd_recovery.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "crypto/words.h"
#include "vault/vault.h"

#define SHEET_MAX 65536

const struct opts_def cmd_recovery_opts[] = {
	{ "output", 'o', OPTS_TEXT, "FILE", "write the sheet to a new file" },
	OPTS_END
};

const struct opts_def cmd_recovery_test_opts[] = {
	{ "sheet-file", 0, OPTS_TEXT, "FILE",
	    "read the sheet from a file, not the terminal" },
	OPTS_END
};

static const char head[] =
    "SANDYQ RECOVERY SHEET\n"
    "\n"
    "These twenty words open the vault when its passphrase is forgotten.\n"
    "Whoever has them can read everything. Keep the sheet far from the\n"
    "computer; do not photograph it.\n"
    "\n";
static const char tail[] =
    "\n"
    "How to use it: give the words in this order wherever the passphrase of\n"
    "the vault is asked for, in lower case with one space between two words,\n"
    "and without the numbers. Rehearse it: sandyq recovery test\n";

/* Call fn with the words of each group; g counts from 1. */
static void
groups(const struct secret *code, void *arg,
    void (*fn)(void *arg, unsigned g, const char *p, size_t n))
{
	const char *p = (const char *)secret_cbytes(code);
	const char *end = p + secret_len(code), *from = p;
	unsigned words = 0;

	for (; p <= end && words < WORDS_SHEET; p++) {
		if (p != end && *p != ' ')
			continue;
		if (++words % WORDS_GROUP == 0) {
			fn(arg, words / WORDS_GROUP, from, (size_t)(p - from));
			from = p + 1;
		}
	}
}

static void
group_text(void *arg, unsigned g, const char *p, size_t n)
{
	bytes_putf(arg, "    %u.  ", g);
	bytes_put(arg, p, n);
	bytes_puts(arg, "\n");
}

static void
group_json(void *arg, unsigned g, const char *p, size_t n)
{
	(void)g;
	if (json_array_append_new(arg, json_stringn(p, n)) != 0)
		ui_doc(NULL);
}

/* The slot that holds the recovery code. */
static void
find_slot(void *arg, const struct vault_slot *s)
{
	if (s->kind == KEYSLOT_RECOVERY)
		*(unsigned *)arg = s->index;
}

/* Print the sheet, or write it. */
static enum sq_err
put(struct cli *c, const struct secret *code, const char *out)
{
	struct bytes_buf b = { 0 };
	unsigned slot = 0;
	json_t *list;
	enum sq_err e;

	e = vault_slots(c->vault, find_slot, &slot, &c->why);
	if (e != SQ_OK)
		return e;
	bytes_puts(&b, head);
	groups(code, &b, group_text);
	bytes_puts(&b, "\n");
	if ((e = vault_qr(code, &b, &c->why)) != SQ_OK) {
		bytes_free(&b);
		return e;
	}
	bytes_puts(&b, tail);
	if ((e = bytes_done(&b)) == SQ_OK && out != NULL)
		e = vault_write(out, b.p, b.len, &c->why);
	if (e == SQ_OK && ui_json()) {
		list = json_array();
		if (out == NULL)
			groups(code, list, group_json);
		ui_doc(out != NULL ? json_pack("{s:i,s:o}", "slot", (int)slot,
		    "path", ui_str(out)) : json_pack("{s:i,s:O}", "slot",
		    (int)slot, "groups", list));
		json_decref(list);
	} else if (e == SQ_OK && out != NULL)
		ui_line("%s", out);
	else if (e == SQ_OK)
		ui_out(b.p, b.len);
	bytes_free(&b);
	return e;
}

/* see cmd_recovery.h */
enum sq_err
cmd_recovery_sheet(struct cli *c, const char *out)
{
	struct secret *code = NULL;
	enum sq_err e;

	if ((e = vault_recovery_new(c->vault, &code, &c->why)) != SQ_OK)
		return e;
	if (out == NULL && isatty(STDOUT_FILENO) != 1)
		ui_warn("the recovery sheet goes to standard output, which is "
		    "not a terminal");
	e = put(c, code, out);
	if (e != SQ_OK)
		(void)err_more(&c->why, e, "the new recovery code is in the "
		    "vault, but its sheet could not be given out; make "
		    "another");
	secret_free(code);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_recovery_new(struct cli *c, const struct opts *o)
{
	char *out = NULL;
	enum sq_err e = SQ_OK;

	if (o->value[0] != NULL)
		e = out_path(c, o->value[0], &out);
	/* a new code ends the sheet before: not for a name that is taken */
	if (e == SQ_OK && (e = session_open(c)) == SQ_OK &&
	    (out == NULL || (e = vault_write_can(out, &c->why)) == SQ_OK))
		e = cmd_recovery_sheet(c, out);
	free(out);
	return e;
}

/*
 * The words of a file: of a whole sheet only the numbered lines, of anything
 * else all of it.
 */
static enum sq_err
from_file(struct cli *c, const char *path, struct secret **ret)
{
	struct bytes_buf b = { 0 }, words = { 0 };
	const uint8_t *p, *nl;
	size_t n;
	enum sq_err e;

	if ((e = vault_read(path, SHEET_MAX, &b, &c->why)) != SQ_OK)
		goto out;
	for (p = b.p; p != NULL && p < b.p + b.len; p = nl + 1) {
		n = (size_t)(b.p + b.len - p);
		nl = memchr(p, '\n', n);
		if (nl == NULL)
			nl = p + n;
		while (p < nl && (*p == ' ' || *p == '\t'))
			p++;
		if (nl - p > 2 && isdigit(p[0]) && p[1] == '.') {
			bytes_put(&words, p, (size_t)(nl - p));
			bytes_puts(&words, " ");
		}
	}
	if (words.len == 0)
		bytes_put(&words, b.p, b.len);
	e = bytes_done(&words);
	if (e == SQ_OK && words.len == 0)
		e = err_why(&c->why, SQ_EUSAGE, "%s holds no words", path);
	if (e == SQ_OK)
		e = secret_copy(words.p, words.len, ret);
out:
	bytes_free(&b);
	bytes_free(&words);
	return e;
}

/* The sheet typed group by group. */
static enum sq_err
from_terminal(struct cli *c, struct secret **ret)
{
	struct bytes_buf words = { 0 };
	struct secret *s = NULL;
	char prompt[32];
	enum sq_err e = SQ_OK;

	for (unsigned g = 1; g <= WORDS_GROUPS && e == SQ_OK; g++) {
		(void)snprintf(prompt, sizeof(prompt), "group %u: ", g);
		e = pass_typed(prompt, &s, &c->why);
		if (e == SQ_OK && s != NULL) {
			bytes_put(&words, secret_cbytes(s), secret_len(s));
			bytes_puts(&words, " ");
		}
		secret_free(s);
		s = NULL;
	}
	if (e == SQ_OK)
		e = bytes_done(&words);
	if (e == SQ_OK && words.len == 0)
		e = err_why(&c->why, SQ_EUSAGE, "no words were typed");
	if (e == SQ_OK)
		e = secret_copy(words.p, words.len, ret);
	bytes_free(&words);
	return e;
}

/* see cmd_recovery.h */
enum sq_err
cmd_recovery_words(struct cli *c, const char *path, struct secret **ret)
{
	if (path == NULL && !pass_terminal())
		return dispatch_usage(c, "there is no terminal to type the "
		    "sheet at; name its file");
	return path != NULL ? from_file(c, path, ret) :
	    from_terminal(c, ret);
}

/* see cmd.h */
enum sq_err
cmd_recovery_test(struct cli *c, const struct opts *o)
{
	struct secret *typed = NULL;
	enum sq_err e;

	if (o->value[0] == NULL && !pass_terminal())
		return dispatch_usage(c, "there is no terminal to type the "
		    "sheet at; give --sheet-file");
	if ((e = session_open(c)) != SQ_OK)
		return e;
	if (o->value[0] != NULL)
		e = from_file(c, o->value[0], &typed);
	else
		e = from_terminal(c, &typed);
	if (e == SQ_OK)
		e = vault_recovery_test(c->vault, typed, &c->why);
	secret_free(typed);
	if (e != SQ_OK)
		return e;
	if (ui_json())
		ui_doc(json_pack("{s:b}", "opens", 1));
	else
		ui_line("the sheet opens the vault");
	return SQ_OK;
}
