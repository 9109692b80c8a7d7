#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/dispatch.h"
#include "cli/ui.h"

#define WIDTH 34		/* of the left column of the help */

/* Length of the first word of a name. */
static size_t
first(const char *name)
{
	return strcspn(name, " ");
}

/*
 * The row of argv; ${*used} words of it are the name.  A name of two words is
 * tried before one of a single word, so that "consent show" is not "consent".
 */
static const struct cmd *
find(const struct cli *c, int argc, char **argv, int *used)
{
	const struct cmd *found = NULL;
	size_t n;

	for (const struct cmd *r = c->table; r->name != NULL; r++) {
		n = first(r->name);
		if (strlen(argv[0]) != n || memcmp(r->name, argv[0], n) != 0)
			continue;
		if (r->name[n] == '\0') {
			if (found == NULL)
				*used = 1;
			found = found == NULL ? r : found;
		} else if (argc > 1 && strcmp(r->name + n + 1, argv[1]) == 0) {
			*used = 2;
			return r;
		}
	}
	return found;
}

/* One line of a list of names and explanations. */
static void
entry(const char *name, const char *words, const char *help)
{
	char left[256];

	(void)snprintf(left, sizeof(left), "%s%s%s", name,
	    words[0] != '\0' ? " " : "", words);
	if (strlen(left) <= WIDTH)
		ui_line("  %-*s  %s", WIDTH, left, help);
	else {
		ui_line("  %s", left);
		ui_line("  %-*s  %s", WIDTH, "", help);
	}
}

/* The rows whose first word is the first n bytes of name; how many. */
static int
family(const struct cli *c, const char *name, size_t n)
{
	int seen = 0;

	for (const struct cmd *r = c->table; r->name != NULL; r++) {
		if (first(r->name) != n || memcmp(r->name, name, n) != 0)
			continue;
		entry(r->name, r->words, r->help);
		seen++;
	}
	return seen;
}

/* The help of one command. */
static void
detail(const struct cli *c, const struct cmd *r)
{
	char left[128];

	ui_line("usage: %s %s%s%s", c->prog, r->name,
	    r->words[0] != '\0' ? " " : "", r->words);
	ui_line("  %s", r->help);
	if (r->opts == NULL || r->opts->name == NULL)
		return;
	ui_line("options:");
	for (const struct opts_def *d = r->opts; d->name != NULL; d++) {
		if (d->letter != 0)
			(void)snprintf(left, sizeof(left), "-%c, --%s",
			    d->letter, d->name);
		else
			(void)snprintf(left, sizeof(left), "--%s", d->name);
		entry(left, d->arg == NULL ? "" : d->arg, d->help);
	}
}

/* see dispatch.h */
void
dispatch_help(const struct cli *c, const char *globals)
{
	ui_text(globals, strlen(globals));
	ui_line("commands:");
	for (const struct cmd *r = c->table; r->name != NULL; r++)
		entry(r->name, r->words, r->help);
}

/* see dispatch.h */
enum sq_err
dispatch_usage(struct cli *c, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (c->cmd == NULL)
		return err_why(&c->why, SQ_EUSAGE, "%s; see: %s --help", text,
		    c->prog);
	return err_why(&c->why, SQ_EUSAGE, "%s; see: %s %s --help", text,
	    c->prog, c->cmd->name);
}

/* No row has that name: is it half a name? */
static enum sq_err
unknown(struct cli *c, const char *name)
{
	char list[256] = "";
	size_t at, n = strlen(name);

	for (const struct cmd *r = c->table; r->name != NULL; r++) {
		if (first(r->name) != n || memcmp(r->name, name, n) != 0)
			continue;
		at = strlen(list);
		(void)snprintf(list + at, sizeof(list) - at, "%s%s",
		    at > 0 ? ", " : "", r->name + n + 1);
	}
	if (list[0] != '\0')
		return err_why(&c->why, SQ_EUSAGE, "%s needs one of: %s; "
		    "see: %s %s --help", name, list, c->prog, name);
	return err_why(&c->why, SQ_EUSAGE, "there is no command \"%s\"; see: "
	    "%s --help", name, c->prog);
}

/* Is help asked for before "--"? */
static bool
wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/* Read the options of the row and run it. */
static enum sq_err
run(struct cli *c, const struct cmd *r, int argc, char **argv)
{
	struct why why = { "" };
	struct opts o;
	enum sq_err e;

	e = opts_parse(r->opts, argc, argv, &o, &why);
	if (e == SQ_EUSAGE)
		e = dispatch_usage(c, "%s", why.text);
	else if (e == SQ_OK && (int)o.n < r->min)
		e = dispatch_usage(c, "%s needs more words: %s", r->name,
		    r->words);
	else if (e == SQ_OK && r->max != CMD_ANY && (int)o.n > r->max)
		e = dispatch_usage(c, "\"%s\" is one word too many for %s",
		    o.arg[r->max], r->name);
	if (e == SQ_OK && c->shell && (r->needs & CMD_ALONE) != 0)
		e = err_why(&c->why, SQ_EUSAGE, "%s is no command of the "
		    "shell", r->name);
	if (e == SQ_OK && c->read_only && (r->needs & CMD_WRITE) != 0)
		e = err_why(&c->why, SQ_EREADONLY, "%s changes the vault, and "
		    "--read-only was given", r->name);
	if (e == SQ_OK)
		e = r->fn(c, &o);
	opts_free(&o);
	return e;
}

/* see dispatch.h */
enum sq_err
dispatch_run(struct cli *c, int argc, char **argv)
{
	const struct cmd *r;
	int used = 0;

	c->cmd = NULL;
	c->why.text[0] = '\0';
	if (strcmp(argv[0], "help") == 0 && argc > 1) {
		argc--;
		argv++;
		if (find(c, argc, argv, &used) == NULL &&
		    family(c, argv[0], strlen(argv[0])) > 0)
			return SQ_OK;
		if ((r = find(c, argc, argv, &used)) == NULL)
			return unknown(c, argv[0]);
		detail(c, r);
		return SQ_OK;
	}
	if ((r = find(c, argc, argv, &used)) == NULL) {
		if (wants_help(argc, argv) &&
		    family(c, argv[0], strlen(argv[0])) > 0)
			return SQ_OK;
		return unknown(c, argv[0]);
	}
	if (wants_help(argc - used, argv + used)) {
		detail(c, r);
		return SQ_OK;
	}
	c->cmd = r;
	return run(c, r, argc - used, argv + used);
}

/* see dispatch.h */
int
dispatch_fail(struct cli *c, enum sq_err e)
{
	int code = err_exit(e);

	ui_fail(code, c->why.text[0] != '\0' ? c->why.text : err_str(e));
	return code;
}
