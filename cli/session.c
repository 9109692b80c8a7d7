#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "crypto/secret.h"
#include "vault/vault.h"

#define TRIES 3			/* of a passphrase on the terminal */

/* see session.h */
enum sq_err
session_path(struct cli *c, char **ret)
{
	const char *s = c->vault_path;

	if (s == NULL)
		s = getenv("SANDYQ_VAULT");
	if (s == NULL || s[0] == '\0')
		return vault_find(ret, &c->why);
	if ((*ret = strdup(s)) == NULL)
		return SQ_ENOMEM;
	return SQ_OK;
}

/* see session.h */
bool
session_has_pass(const struct cli *c)
{
	return c->pass_file != NULL || c->pass_fd >= 0;
}

/* see session.h */
enum sq_err
session_pass(struct cli *c, struct secret **ret)
{
	if (c->pass_file == NULL && c->pass_used)
		return err_why(&c->why, SQ_EUSAGE, "the vault is locked, and "
		    "--passphrase-fd can be read only once");
	c->pass_used = true;
	return vault_read_pass(c->pass_file, c->pass_fd, ret, &c->why);
}

/* What a person wants to see on every unlocking: is this the newest state? */
static void
greet(struct cli *c)
{
	struct vault_status st;
	struct why why;
	char line[96];
	int n;

	/* of a vault that is shown as it is, all has been said */
	for (unsigned i = 0; i < VAULT_NOTES_MAX && !c->stale; i++)
		if (vault_note(c->vault, i) != NULL)
			ui_note("note: %s", vault_note(c->vault, i));
	if (!ui_person() || ui_json())
		return;
	if (vault_status(c->vault, &st, &why) != SQ_OK)
		return;
	n = snprintf(line, sizeof(line), "last saved %s, %" PRIu64 " %s,",
	    st.saved, st.entries, ui_many(st.entries, "entry", "entries"));
	/* the words are compared by eye: never broken by the terminal's edge */
	if ((size_t)n + 1 + strlen(st.words) <= ui_columns()) {
		ui_note("%s %s", line, st.words);
		return;
	}
	ui_note("%s", line);
	ui_note("    %s", st.words);
}

/* see session.h */
enum sq_err
session_open_with(struct cli *c, const struct secret *pass, unsigned flags)
{
	char *path = NULL;
	enum sq_err e;

	if ((e = session_path(c, &path)) != SQ_OK)
		return e;
	out_shut(c, path);
	flags |= c->rebuild ? VAULT_REBUILD : 0u;
	flags |= c->read_only ? VAULT_HOLD : 0u;
	e = vault_open(path, pass, flags, &c->vault, &c->why);
	if (e == SQ_EROLLBACK && c->read_only) {
		ui_warn("%s", c->why.text[0] != '\0' ? c->why.text :
		    err_str(e));
		ui_warn("it is shown as it is, read-only");
		e = vault_open(path, pass, flags | VAULT_AS_IS, &c->vault,
		    &c->why);
		c->stale = e == SQ_OK;
	}
	if (e == SQ_OK) {
		c->why.text[0] = '\0';
		if (c->read_only)
			vault_hold(c->vault);
		greet(c);
	} else if (e == SQ_EPASS && c->why.text[0] != '\0' &&
	    strstr(c->why.text, err_str(e)) == NULL)
		(void)err_more(&c->why, e, "%s", err_str(e));
	free(path);
	return e;
}

/* Ask at the terminal until it opens, a few times. */
static enum sq_err
ask(struct cli *c, unsigned flags)
{
	struct secret *pass = NULL;
	enum sq_err e = SQ_EPASS;

	for (int i = 0; i < TRIES && e == SQ_EPASS; i++) {
		if (i > 0)
			ui_note("%s; once more", err_str(e));
		e = pass_read("Passphrase of the vault: ", &pass, &c->why);
		if (e == SQ_OK)
			e = session_open_with(c, pass, flags);
		secret_free(pass);
		pass = NULL;
	}
	return e;
}

/* see session.h */
enum sq_err
session_open(struct cli *c)
{
	unsigned needs = c->cmd == NULL ? CMD_READ : c->cmd->needs;
	unsigned flags = (needs & CMD_WRITE) == 0 || c->read_only ?
	    VAULT_READ : 0;
	struct vault_peek peek;
	struct secret *pass = NULL;
	char *path = NULL;
	enum sq_err e;

	if (c->vault != NULL)
		return SQ_OK;
	/* a vault that is not there needs no passphrase */
	if ((e = session_path(c, &path)) != SQ_OK)
		goto out;
	if ((e = vault_peek(path, &peek, &c->why)) == SQ_ENOENT)
		goto out;
	if (session_has_pass(c)) {
		if ((e = session_pass(c, &pass)) == SQ_OK)
			e = session_open_with(c, pass, flags);
	} else if (pass_terminal())
		e = ask(c, flags);
	else
		e = err_why(&c->why, SQ_EUSAGE, "no passphrase: there is no "
		    "terminal to ask at, and neither --passphrase-file nor "
		    "--passphrase-fd came before the command");
out:
	secret_free(pass);
	free(path);
	return e;
}

/* see session.h */
enum sq_err
session_viewed(struct cli *c, const char *ref, const char *entry, bool played)
{
	enum sq_err e;

	/* who reads need not wait for the disk */
	if (!played && (e = ui_flush(&c->why)) != SQ_OK)
		return e;
	e = vault_viewed(c->vault, ref, entry, played, &c->why);
	if (e == SQ_EREADONLY) {
		ui_note("note: %s", c->why.text);
		c->why.text[0] = '\0';
		return SQ_OK;
	}
	return e;
}

/* see session.h */
enum sq_err
session_viewer(struct cli *c)
{
	const char *player = getenv("SANDYQ_PLAYER");

	if (c->viewer != NULL)
		return SQ_OK;
	if (player != NULL && player[0] == '\0')
		player = NULL;
	return vault_viewer(player, &c->viewer, &c->why);
}

/* see session.h */
void
session_close(struct cli *c)
{
	vault_close(c->vault);
	c->vault = NULL;
	secret_wipe_stack();
}

/* see session.h */
void
session_end(struct cli *c)
{
	session_close(c);
	vault_viewer_free(c->viewer);
	c->viewer = NULL;
	out_free(c);
}
