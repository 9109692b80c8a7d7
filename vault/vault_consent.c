/*
 * Consent through the facade: the gate of an export, with what its user
 * confirms, and what of it is logged and said.  See vault_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export_consent.h"
#include "vault/vault_int.h"

/* N-3=REASON as a confirmation. */
static enum sq_err
read_confirm(const char *arg, struct export_confirm *ret, struct why *why)
{
	const char *eq = strchr(arg, '=');
	size_t n = eq == NULL ? 0 : (size_t)(eq - arg);

	memset(ret, 0, sizeof(*ret));
	if (n < 3 || n >= sizeof(ret->ref) || (*arg | 32) != 'n' ||
	    arg[1] != '-' || eq[1 + strspn(eq + 1, " \t")] == '\0')
		return err_why(why, SQ_EUSAGE, "--confirm %s: write it as "
		    "N-3=REASON: the decision, and why its conditions are "
		    "met", arg);
	memcpy(ret->ref, arg, n);
	ret->reason = eq + 1;
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_gate(struct vault *v, const struct vault_export *o,
    const uint8_t to[LOG_RECORD_ID], const char *today,
    struct export_gate *ret, struct why *why)
{
	struct export_gate g = { .cx = &v->cx, .today = today, .to = to,
	    .why = why };
	enum sq_err e;

	if ((e = export_consent_gate(&g, o->profile == NULL ? "lawyer" :
	    o->profile)) != SQ_OK)
		return e;
	g.confirm = calloc(o->n_confirm + 1, sizeof(*g.confirm));
	if (g.confirm == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < o->n_confirm && e == SQ_OK; i++)
		if ((e = read_confirm(o->confirm[i], &g.confirm[i], why)) ==
		    SQ_OK)
			g.n_confirm++;
	if (e != SQ_OK) {
		export_consent_free(&g);
		return e;
	}
	*ret = g;
	return SQ_OK;		/* transferred */
}

/* see vault_int.h */
enum sq_err
vault_gate_log(const struct export_gate *g, size_t room,
    struct model_inputs *in)
{
	char *line;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < g->n_condition && e == SQ_OK; i++) {
		const struct export_condition *c = &g->condition[i];

		if (c->reason == NULL)
			continue;
		if (room-- == 0)
			return SQ_ELIMIT;
		if (asprintf(&line, "%s: %s", c->ref, c->reason) < 0)
			return SQ_ENOMEM;
		e = model_inputs_add(in, "confirmed", NULL, line);
		free(line);
	}
	/* each is found again by what the entry is about */
	for (size_t i = 0; i < g->n_basis && i < room && e == SQ_OK; i++)
		e = model_inputs_add(in, "consent", NULL, g->basis[i]);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_gate_told(const struct export_gate *g, struct vault_exported *ret)
{
	struct vault_condition *to;
	const struct export_condition *c;

	if (g->n_condition == 0)
		return SQ_OK;
	ret->condition = calloc(g->n_condition, sizeof(*to));
	if (ret->condition == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < g->n_condition; i++) {
		c = &g->condition[i];
		to = &ret->condition[ret->n_condition++];
		memcpy(to->ref, c->ref, sizeof(to->ref));
		to->ask = strcmp(c->decision, "ask") == 0;
		if ((c->words != NULL &&
		    (to->words = strdup(c->words)) == NULL) ||
		    (c->reason != NULL &&
		    (to->reason = strdup(c->reason)) == NULL))
			return SQ_ENOMEM;
	}
	return SQ_OK;
}
