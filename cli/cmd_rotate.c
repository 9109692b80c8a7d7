#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_recovery.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

#define GROUP_WORDS 5

enum { REASON, SINCE, SHEET };
const struct opts_def cmd_rotate_opts[] = {
	{ "reason", 0, OPTS_TEXT, "TEXT", "why, kept in the log" },
	{ "compromised-since", 0, OPTS_TEXT, "TIME",
	    "the old keys count only before" },
	{ "recovery-sheet", 0, OPTS_TEXT, "FILE",
	    "the words of the recovery key, from a file" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_rotate(struct cli *c, const struct opts *o)
{
	struct vault_rotate r = { .reason = o->value[REASON],
	    .since = o->value[SINCE] };
	struct secret *words = NULL;
	struct vault_made made;
	enum sq_err e;

	if (r.reason == NULL)
		return dispatch_usage(c, "--reason TEXT says why; it is kept "
		    "in the log");
	if (o->value[SHEET] != NULL && r.since == NULL)
		return dispatch_usage(c, "the recovery key vouches only after "
		    "a compromise: --compromised-since TIME");
	if (r.since != NULL)
		e = cmd_recovery_words(c, o->value[SHEET], &words);
	else
		e = SQ_OK;
	if (e == SQ_OK)
		e = session_open(c);
	r.recovery = words;
	if (e == SQ_OK)
		e = vault_key_rotate(c->vault, &r, &made, &c->why);
	secret_free(words);
	if (e != SQ_OK)
		return e;
	if (ui_json())
		ui_doc(json_pack("{s:s}", "ref", made.ref));
	else
		ui_line("%s", made.ref);
	ui_note("make new key cards and hand them over: sandyq key card");
	return SQ_OK;
}

/* --- the recovery signing key on paper ------------------------------------ */

static const char head[] =
    "SANDYQ RECOVERY KEY\n"
    "\n"
    "If the vault is ever stolen with its passphrase, a thief can sign as the\n"
    "vault. These words vouch for new keys then, and nothing else does. They\n"
    "open nothing. Keep the sheet far from the computer: the vault itself has\n"
    "forgotten them.\n"
    "\n";
static const char tail[] =
    "\n"
    "How to use it, on a computer that is clean:\n"
    "  sandyq key rotate --reason TEXT --compromised-since 2026-03-14T09:00:00Z\n"
    "which asks for the words. The fifth word of each line is its check.\n";

struct sheet {
	struct cli *c;
	const char *out;
};

/* Write the sheet; only when it is written the vault forgets. */
static enum sq_err
put(void *arg, const struct secret *words)
{
	struct sheet *s = arg;
	struct bytes_buf b = { 0 };
	const char *p = (const char *)secret_cbytes(words);
	const char *end = p + secret_len(words), *space;
	unsigned n = 0;
	enum sq_err e;

	bytes_puts(&b, head);
	for (; p < end; p = space + 1, n++) {
		space = memchr(p, ' ', (size_t)(end - p));
		if (space == NULL)
			space = end;
		if (n % GROUP_WORDS == 0)
			bytes_putf(&b, "    %u. ", n / GROUP_WORDS + 1);
		bytes_puts(&b, " ");
		bytes_put(&b, p, (size_t)(space - p));
		if (n % GROUP_WORDS == GROUP_WORDS - 1)
			bytes_puts(&b, "\n");
	}
	bytes_puts(&b, tail);
	if ((e = bytes_done(&b)) == SQ_OK)
		e = vault_write(s->out, b.p, b.len, &s->c->why);
	bytes_free(&b);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_rotate_key(struct cli *c, const struct opts *o)
{
	struct sheet s = { .c = c };
	char *out = NULL;
	enum sq_err e;

	if (o->value[0] == NULL)
		return dispatch_usage(c, "-o FILE says where the sheet goes; "
		    "print it, and delete the file");
	if ((e = out_path(c, o->value[0], &out)) == SQ_OK &&
	    (e = session_open(c)) == SQ_OK) {
		s.out = out;
		e = vault_recovery_key(c->vault, put, &s, &c->why);
	}
	if (e == SQ_OK && ui_json())
		ui_doc(json_pack("{s:o}", "path", ui_str(out)));
	else if (e == SQ_OK)
		ui_line("%s", out);
	free(out);
	return e;
}
