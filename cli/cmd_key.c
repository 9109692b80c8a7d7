#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/bundle/seal.h"
#include "vault/vault.h"

const struct opts_def cmd_key_opts[] = {
	{ "output", 'o', OPTS_TEXT, "FILE", "the new file to write" },
	OPTS_END
};

static void
put_public(const char *recipient)
{
	if (ui_json())
		ui_doc(json_pack("{s:s}", "recipient", recipient));
	else
		ui_line("%s", recipient);
}

/* see cmd.h */
enum sq_err
cmd_key_new(struct cli *c, const struct opts *o)
{
	char recipient[AGE_RECIPIENT_MAX], now[MODEL_TIME_MAX];
	char *out = NULL;
	enum sq_err e;

	if (o->value[0] == NULL)
		return dispatch_usage(c, "-o FILE says where the key goes");
	if ((e = out_path(c, o->value[0], &out)) != SQ_OK)
		return e;
	c->now(now);
	e = seal_keygen(out, now, recipient, &c->why);
	if (e == SQ_OK)
		put_public(recipient);
	free(out);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_key_public(struct cli *c, const struct opts *o)
{
	char recipient[AGE_RECIPIENT_MAX];
	enum sq_err e;

	e = seal_key_public(o->arg[0], recipient, &c->why);
	if (e == SQ_OK)
		put_public(recipient);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_key_card(struct cli *c, const struct opts *o)
{
	struct bytes_buf b = { 0 };
	const char *form;
	char *out = NULL;
	enum sq_err e = SQ_OK;

	if (o->value[0] != NULL)
		e = out_path(c, o->value[0], &out);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		goto out;
	form = out == NULL ? NULL : strrchr(out, '.');
	if ((e = vault_key_card(c->vault, form == NULL ? NULL : form + 1, &b,
	    &c->why)) != SQ_OK)
		goto out;
	if (out != NULL) {
		if ((e = vault_write(out, b.p, b.len, &c->why)) != SQ_OK)
			goto out;
		if (ui_json())
			ui_doc(json_pack("{s:o}", "path", ui_str(out)));
		else
			ui_line("%s", out);
	} else if (ui_json())
		ui_doc(json_pack("{s:s%}", "card", (const char *)b.p, b.len));
	else
		ui_text(b.p, b.len);
out:
	bytes_free(&b);
	free(out);
	return e;
}
