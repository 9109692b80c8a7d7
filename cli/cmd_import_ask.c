/*
 * What somebody is asked about a sheet before it is taken in: what the file
 * itself cannot say for sure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_import.h"
#include "cli/form.h"
#include "cli/ui.h"
#include "crypto/bytes.h"
#include "vault/vault.h"

/* see cmd_import.h */
void
cmd_import_tell_encoding(const struct vault_sheet_info *i, const char *who)
{
	struct bytes_buf b = { 0 };
	char *line;

	for (size_t k = 0; k < i->n_head; k++)
		bytes_putf(&b, "%s%s", k > 0 ? " | " : "", i->head[k]);
	line = bytes_str(&b);
	ui_note("%s: the encoding is %s %s; the first row reads: %s", i->name,
	    who, i->encoding, line == NULL ? "" : line);
	free(line);
}

/* see cmd_import.h */
enum sq_err
cmd_import_ask_encoding(struct cli *c, const struct vault_sheet_info *i,
    bool dry)
{
	/* y, да, иә; what is none of these is no */
	static const char *const ayes[] = { "y", "Y", "д", "Д", "и", "И" };
	char *line;
	bool yes;

	cmd_import_tell_encoding(i, "guessed to be");
	if (!form_wanted() && dry)
		return SQ_OK;
	if (!form_wanted())
		return err_why(&c->why, SQ_EREFUSED, "nothing was imported, "
		    "since nobody is there to say whether the encoding is "
		    "right; say it with --encoding %s, or the one it is",
		    i->encoding);
	ui_ask("Is that right? (Enter: yes, n: no) ");
	line = form_line(c);
	yes = line != NULL && line[0] == '\0';
	for (size_t k = 0; line != NULL && k < sizeof(ayes) / sizeof(*ayes);
	    k++)
		yes = yes || strncmp(line, ayes[k], strlen(ayes[k])) == 0;
	free(line);
	return yes ? SQ_OK : err_why(&c->why, SQ_EREFUSED, "nothing was "
	    "imported; name the encoding with --encoding (utf-8, gb18030, "
	    "windows-1251, kz-1048, utf-16le ...)");
}

/* see cmd_import.h */
enum sq_err
cmd_import_ask_dates(struct cli *c, const struct vault_sheet *s,
    struct vault_import *in)
{
	static const char *const month[] = { "January", "February", "March",
	    "April", "May", "June", "July", "August", "September", "October",
	    "November", "December" };
	struct vault_import_either d;
	char *line = NULL;
	enum sq_err e;

	if (in->dates != NULL || !form_wanted())
		return SQ_OK;
	e = vault_import_either(s, in, &d, &c->why);
	if (e != SQ_OK || d.row == 0)
		return e;
	do {
		free(line);
		ui_ask("row %llu, %s: %s: is this %u %s or %s %u? The whole "
		    "sheet is then read so. (d: day first, m: month first, "
		    "Enter: leave such rows out) ",
		    (unsigned long long)d.row, d.field, d.date, d.first,
		    month[d.second - 1], month[d.first - 1], d.second);
		if ((line = form_line(c)) == NULL)
			return err_why(&c->why, SQ_EREFUSED, "nothing was "
			    "imported, since it was not answered how dates "
			    "are read; say it with --dates dmy or --dates "
			    "mdy");
		if (strcmp(line, "d") == 0 || strcmp(line, "D") == 0)
			in->dates = "dmy";
		else if (strcmp(line, "m") == 0 || strcmp(line, "M") == 0)
			in->dates = "mdy";
	} while (in->dates == NULL && line[0] != '\0');
	free(line);
	return SQ_OK;
}
