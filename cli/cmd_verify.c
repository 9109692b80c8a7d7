#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/ui.h"
#include "cli/ui_table.h"
#include "crypto/secret.h"
#include "vault/bundle/verify.h"

enum { IDENTITY, PASSFILE, PASSFD, TRUST, REMEMBER, ROOTS, RECEIPT, WITH, OUT };

#define COMMON \
	{ "identity", 'i', OPTS_TEXT, "IDENTITY", "your age identity file" }, \
	{ "passphrase-file", 0, OPTS_TEXT, "F", "the bundle's passphrase" }, \
	{ "passphrase-fd", 0, OPTS_TEXT, "N", "the same, from a descriptor" }, \
	{ "trust", 0, OPTS_TEXT, "CARD", "the key card you got in person" }, \
	{ "remember", 0, OPTS_TEXT, "FILE", "remember keys in this file" }, \
	{ "roots", 0, OPTS_TEXT, "PEM", "roots of a time-stamp authority" }, \
	{ "receipt", 0, OPTS_TEXT, "OUT", "write a receipt for the sender" }, \
	{ "with", 0, OPTS_TEXT, "BUNDLE|DIR", \
	    "the earlier bundle whose fields this one opens" }

const struct opts_def cmd_verify_opts[] = { COMMON, OPTS_END };
const struct opts_def cmd_verify_open_opts[] = {
	COMMON,
	{ "output", 'o', OPTS_TEXT, "DIR", "the new folder to write to" },
	OPTS_END
};

/* What the claims are called on a terminal, in the order of verify.h. */
static const char *const titles[VERIFY_CLAIMS] = { "intact", "signed by",
    "addressed to", "complete", "disclosed / withheld",
    "same history as before", "existed before", "content true" };

static void
put_claims(const struct verify_report *r)
{
	static const char *const head[] = { "CLAIM", "", "" };
	struct ui_table *t = NULL;
	json_t *list = NULL;
	const char *name, *result;

	if (ui_json())
		list = json_array();
	else
		t = ui_table_new(3, head, 2);
	/* a fingerprint that is cut cannot be compared */
	ui_table_wrap(t);
	for (int i = 0; i < VERIFY_CLAIMS; i++) {
		name = verify_claim_name((enum verify_claim)i);
		result = verify_result_name(r->claim[i].result);
		if (list == NULL)
			ui_table_row(t, (const char *const[]){ ui_terminal() ?
			    titles[i] : name, result, r->claim[i].detail });
		else if (json_array_append_new(list, json_pack(
		    "{s:s,s:s,s:o}", "claim", name, "result", result,
		    "detail", ui_str(r->claim[i].detail))) != 0)
			ui_doc(NULL);
	}
	ui_table_end(t);
	if (list != NULL)
		ui_doc(json_pack("{s:o}", "claims", list));
}

/* Was anything looked at, so that the claims say something? */
static bool
reached(enum sq_err e, const struct verify_report *r)
{
	if (e == SQ_OK)
		return true;
	if (e == SQ_EPASS || e == SQ_EUSAGE || e == SQ_ENOENT)
		return false;
	for (int i = 0; i < VERIFY_CLAIMS; i++)
		if (r->claim[i].result != VERIFY_NOT_CHECKED)
			return true;
	return e == SQ_EAUTH || e == SQ_EFORMAT || e == SQ_ECANNOT;
}

/* The passphrase of the bundle, if a source of it was named. */
static enum sq_err
passphrase(struct cli *c, const struct opts *o, struct secret **ret)
{
	uint64_t fd = 0;
	enum sq_err e;

	if ((o->value[PASSFILE] != NULL) + (o->value[PASSFD] != NULL) +
	    (o->value[IDENTITY] != NULL) > 1)
		return dispatch_usage(c, "give only one of -i, "
		    "--passphrase-file and --passphrase-fd");
	if (o->value[PASSFILE] == NULL && o->value[PASSFD] == NULL)
		return SQ_OK;
	e = opts_num(cmd_verify_opts, o, PASSFD, 0, 1023, &fd, &c->why);
	if (e != SQ_OK)
		return e;
	return verify_read_pass(o->value[PASSFILE], (int)fd, ret, &c->why);
}

/* Verify, or with a folder also open. */
static enum sq_err
once(struct cli *c, const struct verify_opts *vo, const char *out,
    struct verify_report *r)
{
	memset(r, 0, sizeof(*r));
	if (out != NULL)
		return verify_open(vo, out, r, &c->why);
	return verify_bundle(vo, r, &c->why);
}

static enum sq_err
run(struct cli *c, const struct opts *o, const char *out)
{
	char now[MODEL_TIME_MAX], title[] = "checking", *remember = NULL;
	struct verify_opts vo = { .path = o->arg[0],
	    .identity = o->value[IDENTITY], .trust = o->value[TRUST],
	    .roots = o->value[ROOTS], .with = o->value[WITH], .now = now,
	    .progress = ui_progress, .arg = title };
	struct verify_report r;
	struct secret *pass = NULL;
	char *receipt = NULL;
	enum sq_err e;

	if ((e = passphrase(c, o, &pass)) == SQ_OK &&
	    o->value[REMEMBER] != NULL)
		e = out_path(c, o->value[REMEMBER], &remember);
	if (e == SQ_OK && o->value[RECEIPT] != NULL)
		e = out_path(c, o->value[RECEIPT], &receipt);
	if (e != SQ_OK)
		goto out;
	out_shut(c, NULL);
	c->now(now);
	vo.passphrase = pass;
	vo.remember = remember;
	vo.receipt = receipt;
	e = once(c, &vo, out, &r);
	/* a folder needs no key; a sealed bundle says so, and we ask */
	if (e == SQ_EUSAGE && pass == NULL && vo.identity == NULL &&
	    pass_terminal()) {
		e = pass_read("Passphrase of the bundle: ", &pass, &c->why);
		vo.passphrase = pass;
		if (e == SQ_OK)
			e = once(c, &vo, out, &r);
	}
	/* what a stranger sent is never damage of a vault of ours */
	if (e == SQ_EDAMAGE || e == SQ_EROLLBACK)
		e = SQ_EAUTH;
	if (reached(e, &r))
		put_claims(&r);
	if (e == SQ_OK && receipt != NULL)
		ui_note("send %s back: it shows the vault that you saw this "
		    "log", receipt);
out:
	secret_free(pass);
	free(remember);
	free(receipt);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_verify(struct cli *c, const struct opts *o)
{
	return run(c, o, NULL);
}

/* see cmd.h */
enum sq_err
cmd_verify_open(struct cli *c, const struct opts *o)
{
	char *out = NULL;
	enum sq_err e;

	if (o->value[OUT] == NULL)
		return dispatch_usage(c, "-o DIR says where the content goes");
	if ((e = out_path(c, o->value[OUT], &out)) == SQ_OK)
		e = run(c, o, out);
	free(out);
	return e;
}
