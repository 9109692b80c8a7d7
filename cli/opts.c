#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/opts.h"

/* The option of that long name (of n bytes) or letter; -1: there is none. */
static int
find(const struct opts_def *def, const char *name, size_t n, char letter)
{
	for (int i = 0; def != NULL && def[i].name != NULL; i++) {
		if (letter != 0 && def[i].letter == letter)
			return i;
		if (letter == 0 && strlen(def[i].name) == n &&
		    memcmp(def[i].name, name, n) == 0)
			return i;
	}
	return -1;
}

/* Take a value of option i. */
static enum sq_err
take(const struct opts_def *def, int i, const char *value, size_t room,
    struct opts *ret, struct why *why)
{
	struct opts_list *l = &ret->list[i];

	if (def[i].kind != OPTS_LIST && ret->value[i] != NULL)
		return err_why(why, SQ_EUSAGE, "--%s is given twice",
		    def[i].name);
	ret->value[i] = value;
	if (def[i].kind != OPTS_LIST)
		return SQ_OK;
	if (l->v == NULL &&
	    (l->v = calloc(room, sizeof(*l->v))) == NULL)
		return SQ_ENOMEM;
	l->v[l->n++] = value;
	return SQ_OK;
}

/*
 * One word that begins with a dash.  ${*at} is its place and moves on when the
 * next word is its value.
 */
static enum sq_err
option(const struct opts_def *def, int argc, char **argv, int *at,
    struct opts *ret, struct why *why)
{
	const char *w = argv[*at], *value = NULL;
	bool is_long = w[1] == '-';
	size_t n = is_long ? strcspn(w + 2, "=") : 1;
	int i = find(def, w + 2, n, is_long ? 0 : w[1]);

	if (i < 0)
		return err_why(why, SQ_EUSAGE, "there is no option %.*s",
		    (int)(is_long ? n + 2 : 2), w);
	if (is_long && w[2 + n] == '=')
		value = w + 3 + n;
	else if (!is_long && w[2] != '\0')
		value = w + 2;
	if (def[i].kind == OPTS_FLAG) {
		if (value != NULL)
			return err_why(why, SQ_EUSAGE, "--%s takes no value",
			    def[i].name);
		return take(def, i, "", 0, ret, why);
	}
	if (value == NULL && *at + 1 < argc)
		value = argv[++*at];
	if (value == NULL || value[0] == '\0')
		return err_why(why, SQ_EUSAGE, "%.*s needs a value: %s",
		    (int)(is_long ? n + 2 : 2), w, def[i].arg);
	return take(def, i, value, (size_t)argc, ret, why);
}

/* see opts.h */
enum sq_err
opts_parse(const struct opts_def *def, int argc, char **argv,
    struct opts *ret, struct why *why)
{
	enum sq_err e = SQ_OK;
	bool ended = false;

	memset(ret, 0, sizeof(*ret));
	if ((ret->arg = calloc((size_t)argc + 1, sizeof(*ret->arg))) == NULL)
		return SQ_ENOMEM;
	for (int i = 0; i < argc && e == SQ_OK; i++) {
		if (ended || argv[i][0] != '-' || argv[i][1] == '\0')
			ret->arg[ret->n++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			ended = true;
		else
			e = option(def, argc, argv, &i, ret, why);
	}
	return e;
}

/* see opts.h */
void
opts_free(struct opts *o)
{
	for (size_t i = 0; i < OPTS_MAX; i++)
		free(o->list[i].v);
	free(o->arg);
	memset(o, 0, sizeof(*o));
}

/* see opts.h */
enum sq_err
opts_number(const char *what, const char *s, uint64_t min, uint64_t max,
    uint64_t *ret, struct why *why)
{
	uint64_t v = 0;
	size_t n = strlen(s);
	bool good = n > 0 && n <= 18 && strspn(s, "0123456789") == n;

	for (size_t i = 0; good && i < n; i++)
		v = v * 10 + (uint64_t)(s[i] - '0');
	if (!good || v < min || v > max)
		return err_why(why, SQ_EUSAGE, "%s: \"%s\" is not a number "
		    "from %" PRIu64 " to %" PRIu64, what, s, min, max);
	*ret = v;
	return SQ_OK;
}

/* see opts.h */
enum sq_err
opts_num(const struct opts_def *def, const struct opts *o, size_t i,
    uint64_t min, uint64_t max, uint64_t *ret, struct why *why)
{
	char what[40];

	if (o->value[i] == NULL)
		return SQ_OK;
	(void)snprintf(what, sizeof(what), "--%s", def[i].name);
	return opts_number(what, o->value[i], min, max, ret, why);
}
