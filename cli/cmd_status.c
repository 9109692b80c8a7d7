#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

/* The object and the lines grow side by side. */
static void
put_num(json_t *doc, const char *key, uint64_t n)
{
	if (doc == NULL)
		ui_pairf(key, "%" PRIu64, n);
	else if (json_object_set_new(doc, key, ui_num(n)) != 0)
		ui_doc(NULL);
}

static void
put_str(json_t *doc, const char *key, const char *s)
{
	if (doc == NULL)
		ui_pair(key, s);
	else if (json_object_set_new(doc, key, ui_str(s)) != 0)
		ui_doc(NULL);
}

static void
put_bool(json_t *doc, const char *key, bool b)
{
	if (doc == NULL)
		ui_pair(key, b ? "yes" : "no");
	else if (json_object_set_new(doc, key, json_boolean(b)) != 0)
		ui_doc(NULL);
}

/* Of two copies, which are whole? */
static void
put_copies(json_t *doc, const char *key, const bool ok[2])
{
	static const char *const word[2] = { "damaged", "ok" };

	if (doc == NULL)
		ui_pairf(key, "%s %s", word[ok[0]], word[ok[1]]);
	else if (json_object_set_new(doc, key, json_pack("[b,b]", (int)ok[0],
	    (int)ok[1])) != 0)
		ui_doc(NULL);
}

/* What can be known without a passphrase. */
static void
outside(json_t *doc, const char *path, const struct vault_peek *p)
{
	char format[32];

	put_str(doc, "vault", path);
	(void)snprintf(format, sizeof(format), "%u.%u", p->major, p->minor);
	put_str(doc, "format", format);
	put_str(doc, "changed", p->changed);
	put_num(doc, "db_bytes", p->db_bytes);
	put_num(doc, "store_bytes", p->store_bytes);
	put_num(doc, "store_files", p->store_files);
	put_copies(doc, "header", p->header_ok);
	put_copies(doc, "state", p->state_ok);
	put_bool(doc, "hot_journal", p->hot_journal);
	put_bool(doc, "busy", p->busy);
	put_num(doc, "kdf_memory_mib", p->kib / 1024);
	put_num(doc, "kdf_passes", p->passes);
	put_num(doc, "kdf_lanes", p->lanes);
}

/* Records of each type. */
static void
by_type(json_t *doc, const struct vault_status *st)
{
	const struct model_type *t;
	json_t *counts = doc == NULL ? NULL : json_object();
	size_t n;

	t = model_types(&n);
	for (size_t i = 0; i < n && i < 32; i++) {
		if (counts != NULL)
			put_num(counts, t[i].name, st->by_type[i]);
		else if (doc == NULL && st->by_type[i] > 0)
			ui_pairf("records", "%s %" PRIu64, t[i].name,
			    st->by_type[i]);
	}
	if (doc != NULL && json_object_set_new(doc, "by_type", counts) != 0)
		ui_doc(NULL);
}

/* What this run of the program can still do. */
static void
sandbox(json_t *doc, const struct sandbox *s)
{
	char files[64] = "no", *network = s->network ? "yes" : "no";

	if (s->files)
		(void)snprintf(files, sizeof(files), "yes (Landlock %u)",
		    s->landlock);
	if (doc == NULL) {
		ui_pairf("sandbox", "writes only where named: %s", files);
		ui_pairf("sandbox", "no network: %s", network);
	} else if (json_object_set_new(doc, "sandbox", json_pack(
	    "{s:b,s:i,s:b}", "files", (int)s->files, "landlock",
	    (int)s->landlock, "network", (int)s->network)) != 0)
		ui_doc(NULL);
}

#define WARNINGS 7
#define BEHIND 100u		/* entries that may be in no backup */

/* What is to be feared, each in a sentence. */
static void
warnings(json_t *doc, const struct vault_status *st, const struct sandbox *s)
{
	const char *said[WARNINGS] = { NULL };
	char behind[128];
	json_t *list = doc == NULL ? NULL : json_array();

	if (!st->memory_locked)
		said[0] = "memory could not be locked (ulimit -l): keys may "
		    "reach swap";
	if (st->swap)
		said[1] = "swap is on: what is shown may reach the disk";
	if (!st->recovery)
		said[2] = "no recovery sheet: a forgotten passphrase is the "
		    "end (sandyq recovery new)";
	else if (st->recovery_test[0] == '\0')
		said[2] = "the recovery sheet was never rehearsed (sandyq "
		    "recovery test)";
	if (st->trustees && st->trustees_test[0] == '\0')
		said[3] = "the trustees were never rehearsed (sandyq trustees "
		    "test)";
	(void)snprintf(behind, sizeof(behind), "%" PRIu64 " entries are in no "
	    "backup (sandyq backup DEST)", st->since_backup);
	if (st->backup[0] == '\0')
		said[4] = "there is no backup: what happens to this disk "
		    "happens to everything (sandyq backup DEST)";
	else if (st->since_backup > BEHIND)
		said[4] = behind;
	else if (st->backup_test[0] == '\0')
		said[4] = "the backup was never rehearsed (sandyq backup DEST "
		    "--test)";
	if (!s->files || !s->network)
		said[5] = "the sandbox is not whole: this system's kernel "
		    "lacks Landlock or seccomp";
	if (st->hibernate)
		said[6] = "this computer can hibernate: that writes all "
		    "memory to the disk, the keys too; lock first, or switch "
		    "it off";
	for (int i = 0; i < WARNINGS; i++) {
		if (said[i] == NULL)
			continue;
		if (doc == NULL)
			ui_pair("warning", said[i]);
		else if (json_array_append_new(list, json_string(said[i])) !=
		    0)
			ui_doc(NULL);
	}
	if (doc != NULL && json_object_set_new(doc, "warnings", list) != 0)
		ui_doc(NULL);
}

/* What the open vault knows. */
static void
inside(json_t *doc, const struct vault_status *st, bool readonly,
    const struct sandbox *held)
{
	put_str(doc, "log", st->log_id);
	put_num(doc, "entries", st->entries);
	if (doc != NULL)
		put_num(doc, "records", st->records);
	by_type(doc, st);
	put_num(doc, "slots", st->slots);
	put_str(doc, "saved", st->saved);
	put_str(doc, "head", st->head);
	put_str(doc, "words", st->words);
	put_bool(doc, "recovery", st->recovery);
	put_str(doc, "recovery_test", st->recovery_test);
	put_str(doc, "backup", st->backup);
	put_str(doc, "backup_test", st->backup_test);
	put_num(doc, "since_backup", st->since_backup);
	put_str(doc, "actor", st->actor);
	put_bool(doc, "read_only", readonly);
	put_bool(doc, "memory_locked", st->memory_locked);
	put_bool(doc, "keys_hidden", st->keys_hidden);
	put_bool(doc, "swap", st->swap);
	put_bool(doc, "hibernate", st->hibernate);
	sandbox(doc, held);
	warnings(doc, st, held);
}

/* Unlock if there is a way to; ${*ret_open} says whether it was done. */
static enum sq_err
unlock(struct cli *c, bool *ret_open)
{
	struct secret *pass = NULL;
	enum sq_err e;

	*ret_open = true;
	if (c->vault != NULL || session_has_pass(c))
		return session_open(c);
	*ret_open = false;
	if (!pass_terminal())
		return SQ_OK;
	e = pass_read("Passphrase of the vault (Enter: show only what is seen "
	    "without): ", &pass, &c->why);
	if (e == SQ_EUSAGE)
		return SQ_OK;
	if (e == SQ_OK && (e = session_open_with(c, pass, VAULT_READ)) == SQ_OK)
		*ret_open = true;
	secret_free(pass);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_status(struct cli *c, const struct opts *o)
{
	struct vault_status st;
	struct vault_peek p;
	struct why w = { "" };
	json_t *doc = NULL;
	char *path = NULL;
	bool held = c->vault != NULL, opened = false;
	enum sq_err e;

	(void)o;
	if ((e = session_path(c, &path)) != SQ_OK)
		return e;
	if ((e = vault_peek(path, &p, &c->why)) != SQ_OK)
		goto out;
	if (vault_peek_store(path, &p, &w) != SQ_OK)
		ui_note("note: the store could not be counted: %s", w.text);
	if (held)
		p.busy = false;	/* it is we who hold it */
	if ((e = unlock(c, &opened)) != SQ_OK)
		goto out;
	if (opened && (e = vault_status(c->vault, &st, &c->why)) != SQ_OK)
		goto out;
	if (ui_json() && (doc = json_object()) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	outside(doc, path, &p);
	if (opened)
		inside(doc, &st, vault_readonly(c->vault), &c->held);
	if (doc != NULL)
		ui_doc(doc);
	if ((!p.header_ok[0] && !p.header_ok[1]) ||
	    (!p.state_ok[0] && !p.state_ok[1]))
		e = err_why(&c->why, SQ_EDAMAGE, "both copies of the %s are "
		    "damaged", !p.header_ok[0] && !p.header_ok[1] ? "header" :
		    "state");
out:
	free(path);
	return e;
}
