#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/bundle/seal.h"
#include "vault/vault.h"

#define SHEET_MAX 65536
#define MARK "sandyqshare1"

enum { NEED, OF, OUTPUT, TO };
enum { NEWPASS, LABEL };

const struct opts_def cmd_trustees_split_opts[] = {
	{ "need", 0, OPTS_TEXT, "K", "how many of them open the vault" },
	{ "of", 0, OPTS_TEXT, "N", "how many there are" },
	{ "output", 'o', OPTS_TEXT, "DIR", "write a sheet for each into DIR" },
	{ "to", 0, OPTS_LIST, "NAME=age1...",
	    "seal the next sheet to this trustee's key" },
	OPTS_END
};

const struct opts_def cmd_trustees_join_opts[] = {
	{ "new-passphrase-file", 0, OPTS_TEXT, "F", "the new passphrase" },
	{ "label", 0, OPTS_TEXT, "WHO", "who it belongs to" },
	OPTS_END
};

/* --- sheets ----------------------------------------------------------- */

static enum sq_err
sheet(const struct secret *text, unsigned x, unsigned need, unsigned of,
    struct bytes_buf *b, struct why *why)
{
	const char *p = (const char *)secret_cbytes(text);
	size_t n = secret_len(text), line;
	enum sq_err e;

	bytes_putf(b, "SANDYQ SHARE %u OF %u\n\n"
	    "Any %u of the %u people who hold a share can open the vault\n"
	    "together. Alone this sheet opens nothing and tells nothing. Keep\n"
	    "it far from the computer and from the other shares; do not\n"
	    "photograph it.\n\n", x, of, need, of);
	while (n > 0) {
		line = n > 50 ? 50 : n;
		while (line < n && line > 1 && p[line - 1] != ' ')
			line--;
		bytes_puts(b, "    ");
		bytes_put(b, p, line);
		bytes_puts(b, "\n");
		p += line;
		n -= line;
	}
	bytes_puts(b, "\n");
	if ((e = vault_qr(text, b, why)) != SQ_OK)
		return e;
	bytes_puts(b, "\nHow to use it: sandyq trustees join, and type it as "
	    "it is printed.\nRehearse it: sandyq trustees test\n");
	return bytes_done(b);
}

/* "NAME=age1...": the key; the name goes to ${name}, made safe for a file. */
static const char *
recipient(const char *to, char name[64])
{
	const char *eq = strchr(to, '=');
	size_t n = 0;

	if (eq == NULL || eq == to)
		return NULL;
	for (const char *p = to; p < eq && n < 40; p++)
		name[n++] = *p == '/' || *p == '.' || (unsigned char)*p < 33 ?
		    '_' : *p;
	name[n] = '\0';
	return eq + 1;
}

/* Where sheet ${x} goes, and to whose key (NULL: nobody's). */
static char *
path_of(const char *dir, unsigned x, unsigned of, const char *to,
    const char **ret_key)
{
	char name[64] = "", *path;

	*ret_key = to == NULL ? NULL : recipient(to, name);
	if (asprintf(&path, "%s/share-%u-of-%u%s%s.%s", dir, x, of,
	    *ret_key != NULL ? "-" : "", name, *ret_key != NULL ? "txt.age" :
	    "txt") < 0)
		return NULL;
	return path;
}

/* One sheet into the folder, sealed if it is for somebody by name. */
static enum sq_err
write_one(struct cli *c, const char *dir, const struct bytes_buf *b,
    unsigned x, unsigned of, const char *to, json_t *list)
{
	const char *key;
	char *path = path_of(dir, x, of, to, &key);
	enum sq_err e;

	if (path == NULL)
		return SQ_ENOMEM;
	e = key != NULL ? seal_bytes(b->p, b->len, key, path, &c->why) :
	    vault_write(path, b->p, b->len, &c->why);
	if (e == SQ_OK && list == NULL)
		ui_line("%s", path);
	else if (e == SQ_OK && json_array_append_new(list, ui_str(path)) != 0)
		ui_doc(NULL);
	free(path);
	return e;
}

static enum sq_err
put_all(struct cli *c, const struct opts *o, struct secret *const *text,
    unsigned need, unsigned of, const char *dir)
{
	struct bytes_buf b = { 0 };
	json_t *list = ui_json() ? json_array() : NULL;
	enum sq_err e = SQ_OK;

	for (unsigned i = 0; i < of && e == SQ_OK; i++) {
		if ((e = sheet(text[i], i + 1, need, of, &b, &c->why)) !=
		    SQ_OK)
			break;
		if (dir != NULL)
			e = write_one(c, dir, &b, i + 1, of, i <
			    o->list[TO].n ? o->list[TO].v[i] : NULL, list);
		else if (list == NULL)
			ui_out(b.p, b.len);
		else if (json_array_append_new(list, json_stringn(
		    (const char *)secret_cbytes(text[i]),
		    secret_len(text[i]))) != 0)
			ui_doc(NULL);
		bytes_free(&b);
	}
	bytes_free(&b);
	if (list != NULL && e == SQ_OK)
		ui_doc(json_pack("{s:O}", dir != NULL ? "paths" : "shares",
		    list));
	json_decref(list);
	return e;
}

/* --- split ------------------------------------------------------------ */

static enum sq_err
check_to(struct cli *c, const struct opts *o, uint64_t of, const char *dir)
{
	char name[64];

	if (o->list[TO].n > 0 && dir == NULL)
		return dispatch_usage(c, "sealed sheets need a folder: -o DIR");
	if (o->list[TO].n > of)
		return dispatch_usage(c, "more trustees by name than shares");
	for (size_t i = 0; i < o->list[TO].n; i++)
		if (recipient(o->list[TO].v[i], name) == NULL)
			return dispatch_usage(c, "--to is NAME=age1...");
	return SQ_OK;
}

/* Can each sheet be written?  Asked before the old shares lose their slot. */
static enum sq_err
can_write(struct cli *c, const struct opts *o, unsigned of, const char *dir)
{
	const char *key;
	enum sq_err e = SQ_OK;
	char *path;

	for (unsigned i = 0; dir != NULL && i < of && e == SQ_OK; i++) {
		path = path_of(dir, i + 1, of, i < o->list[TO].n ?
		    o->list[TO].v[i] : NULL, &key);
		e = path == NULL ? SQ_ENOMEM : vault_write_can(path, &c->why);
		free(path);
	}
	return e;
}

/* see cmd.h */
enum sq_err
cmd_trustees_split(struct cli *c, const struct opts *o)
{
	struct secret *text[VAULT_TRUSTEES_MAX] = { NULL };
	uint64_t need = 0, of = 0;
	char *dir = NULL;
	enum sq_err e;

	if (o->value[NEED] == NULL || o->value[OF] == NULL)
		return dispatch_usage(c, "--need K of --of N: how many of how "
		    "many open the vault");
	if ((e = opts_num(cmd_trustees_split_opts, o, OF, 2,
	    VAULT_TRUSTEES_MAX, &of, &c->why)) != SQ_OK ||
	    (e = opts_num(cmd_trustees_split_opts, o, NEED, 2, of, &need,
	    &c->why)) != SQ_OK)
		return e;
	if (o->value[OUTPUT] != NULL &&
	    (e = out_path(c, o->value[OUTPUT], &dir)) != SQ_OK)
		return e;
	if ((e = check_to(c, o, of, dir)) != SQ_OK ||
	    (e = can_write(c, o, (unsigned)of, dir)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	if (dir == NULL && isatty(STDOUT_FILENO) != 1)
		ui_warn("the shares go to standard output, which is not a "
		    "terminal");
	e = vault_trustees_split(c->vault, (unsigned)need, (unsigned)of, text,
	    &c->why);
	if (e != SQ_OK)
		goto out;
	e = put_all(c, o, text, (unsigned)need, (unsigned)of, dir);
	if (e != SQ_OK)
		(void)err_more(&c->why, e, "the slot is in the vault, but not "
		    "every sheet could be given out; split again");
	else if (dir != NULL)
		ui_note("note: all shares lie together in %s: give them out, "
		    "and delete them there", dir);
out:
	for (size_t i = 0; i < VAULT_TRUSTEES_MAX; i++)
		secret_free(text[i]);
	free(dir);
	return e;
}

/* --- test and join ---------------------------------------------------- */

/* Of a sheet only the share; of anything else all of it. */
static enum sq_err
from_file(struct cli *c, const char *path, struct secret **ret)
{
	struct bytes_buf b = { 0 };
	const char *p, *end;
	enum sq_err e;

	if ((e = vault_read(path, SHEET_MAX, &b, &c->why)) != SQ_OK)
		return e;
	bytes_put_u8(&b, 0);
	if ((e = bytes_done(&b)) != SQ_OK)
		return e;
	p = strstr((const char *)b.p, MARK);
	if (p == NULL)
		e = err_why(&c->why, SQ_EREFUSED, "%s holds no share%s", path,
		    strncmp((const char *)b.p, "age-encryption.org", 18) == 0 ?
		    ": it is sealed to a trustee; open it with sandyq unseal" :
		    "");
	else {
		end = strstr(p, "\n\n");
		e = secret_copy((const uint8_t *)p, end == NULL ? strlen(p) :
		    (size_t)(end - p), ret);
	}
	bytes_free(&b);
	return e;
}

/* Typed at the terminal, until there are as many as are needed. */
static enum sq_err
typed(struct cli *c, struct secret *text[], unsigned *ret_n)
{
	unsigned need = 2, x = 0, n = 0;
	char prompt[64];
	enum sq_err e;

	while (n < need) {
		(void)snprintf(prompt, sizeof(prompt), n == 0 ? "A share: " :
		    "A share (%u of %u): ", n + 1, need);
		if ((e = pass_typed(prompt, &text[n], &c->why)) != SQ_OK)
			return e;
		if (text[n] == NULL)
			return err_why(&c->why, SQ_EREFUSED, "%u shares were "
			    "typed, %u are needed", n, need);
		if ((e = vault_trustees_need(text[n], &need, &x, &c->why)) ==
		    SQ_OK) {
			n++;
			continue;
		}
		ui_warn("%s; once more", c->why.text);
		secret_free(text[n]);
		text[n] = NULL;
	}
	*ret_n = n;
	return SQ_OK;
}

static enum sq_err
gather(struct cli *c, const struct opts *o, struct secret *text[],
    unsigned *ret_n)
{
	enum sq_err e = SQ_OK;

	if (o->n > VAULT_TRUSTEES_MAX)
		return dispatch_usage(c, "too many shares");
	if (o->n == 0 && !pass_terminal())
		return dispatch_usage(c, "there is no terminal to type the "
		    "shares at; name the files of their sheets");
	if (o->n == 0)
		return typed(c, text, ret_n);
	for (size_t i = 0; i < o->n && e == SQ_OK; i++)
		e = from_file(c, o->arg[i], &text[i]);
	*ret_n = (unsigned)o->n;
	return e;
}

static void
drop(struct secret *text[])
{
	for (size_t i = 0; i < VAULT_TRUSTEES_MAX; i++)
		secret_free(text[i]);
}

/* see cmd.h */
enum sq_err
cmd_trustees_test(struct cli *c, const struct opts *o)
{
	struct secret *text[VAULT_TRUSTEES_MAX] = { NULL };
	unsigned n = 0;
	enum sq_err e;

	if ((e = session_open(c)) == SQ_OK &&
	    (e = gather(c, o, text, &n)) == SQ_OK)
		e = vault_trustees_test(c->vault,
		    (const struct secret *const *)text, n, &c->why);
	drop(text);
	if (e != SQ_OK)
		return e;
	if (ui_json())
		ui_doc(json_pack("{s:b}", "opens", 1));
	else
		ui_line("the shares open the vault");
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_trustees_join(struct cli *c, const struct opts *o)
{
	struct secret *text[VAULT_TRUSTEES_MAX] = { NULL };
	struct secret *pass = NULL, *fresh = NULL;
	unsigned n = 0, index = 0;
	enum sq_err e;

	if (o->value[NEWPASS] == NULL && !pass_terminal())
		return dispatch_usage(c, "no new passphrase: there is no "
		    "terminal to ask at; give --new-passphrase-file");
	if ((e = gather(c, o, text, &n)) != SQ_OK ||
	    (e = vault_trustees_join((const struct secret *const *)text, n,
	    &pass, &c->why)) != SQ_OK)
		goto out;
	e = session_open_with(c, pass, 0);
	if (e == SQ_EPASS)
		e = err_why(&c->why, e, "the shares fit together, but do not "
		    "open this vault: they are of an earlier set or of another "
		    "vault, or one of them is wrong");
	if (e != SQ_OK)
		goto out;
	e = o->value[NEWPASS] != NULL ? vault_read_pass(o->value[NEWPASS], -1,
	    &fresh, &c->why) : pass_new("the vault", &fresh, &c->why);
	if (e == SQ_OK)
		e = vault_slot_add(c->vault, o->value[LABEL] != NULL ?
		    o->value[LABEL] : "joined", fresh, KEYSLOT_PASSPHRASE,
		    &index, &c->why);
	if (e == SQ_OK && ui_json())
		ui_doc(json_pack("{s:i}", "slot", (int)index));
	else if (e == SQ_OK)
		ui_line("%u", index);
out:
	drop(text);
	secret_free(pass);
	secret_free(fresh);
	return e;
}
