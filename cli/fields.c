#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/dispatch.h"
#include "cli/fields.h"
#include "vault/vault.h"

#define VALUE_MAX (16u << 20)	/* of a file; an entry's own limit is lower */

/* The value of "@FILE": its content, without the end of the last line. */
static enum sq_err
from_file(struct cli *c, const char *path, char **ret)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	if ((e = vault_read(path, VALUE_MAX, &b, &c->why)) != SQ_OK)
		goto out;
	if (b.len > 0 && b.p[b.len - 1] == '\n')
		b.len--;
	if (b.len > 0 && b.p[b.len - 1] == '\r')
		b.len--;
	if (memchr(b.p == NULL ? (const uint8_t *)"" : b.p, '\0', b.len) !=
	    NULL) {
		e = err_why(&c->why, SQ_EREFUSED, "%s holds a NUL byte, so it "
		    "is not text", path);
		goto out;
	}
	if ((*ret = bytes_str(&b)) == NULL)
		e = SQ_ENOMEM;
out:
	bytes_free(&b);
	return e;
}

/* Wipe and free a value: it may be somebody's name. */
static void
drop(char *s)
{
	if (s != NULL)
		secret_wipe(s, strlen(s));
	free(s);
}

/* Split "name.lang=" into ${name} and ${*lang}; false if it is neither. */
static bool
split(const char *word, size_t n, char *name, size_t cap, char **lang)
{
	size_t len = strcspn(word, ".=");

	if (n >= cap || len == 0 || !islower((unsigned char)word[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!islower((unsigned char)word[i]) &&
		    !isdigit((unsigned char)word[i]) && word[i] != '_')
			return false;
	memcpy(name, word, n);
	name[n] = '\0';
	*lang = NULL;
	if (len < n) {
		name[len] = '\0';
		*lang = name + len + 1;
	}
	return *lang == NULL || (*lang)[0] != '\0';
}

/* One word. */
static enum sq_err
one(struct cli *c, const struct model_type *type, const char *word,
    struct model_inputs *ret)
{
	char name[128], *lang, *value = NULL;
	const char *eq = strchr(word, '='), *v;
	enum sq_err e = SQ_OK;

	if (eq == NULL)
		return dispatch_usage(c, "\"%s\" is not a field: write "
		    "name=VALUE", word);
	if (!split(word, (size_t)(eq - word), name, sizeof(name), &lang))
		return dispatch_usage(c, "\"%.*s\" is not the name of a field",
		    (int)(eq - word), word);
	if (model_field(type, name) == NULL)
		return dispatch_usage(c, "%s has no field \"%s\" (sandyq "
		    "types %s lists them)", type->name, name, type->name);
	v = eq + 1;
	if (v[0] == '@' && v[1] != '@') {
		if ((e = from_file(c, v + 1, &value)) != SQ_OK)
			return e;
		v = value;
	} else if (v[0] == '@')
		v++;
	if (v[0] == '\0')
		e = dispatch_usage(c, "%s has an empty value", name);
	else
		e = model_inputs_add(ret, name, lang, v);
	drop(value);
	return e;
}

/* see fields.h */
enum sq_err
fields_parse(struct cli *c, const struct model_type *type,
    const char *const *word, size_t n, struct model_inputs *ret)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = one(c, type, word[i], ret);
	return e;
}

/* see fields.h */
enum sq_err
fields_type(struct cli *c, const char *ref, const struct model_type **ret)
{
	*ret = ref[0] == '\0' || ref[1] != '-' ||
	    !isdigit((unsigned char)ref[2]) ? NULL : model_type_of(ref[0]);
	if (*ret == NULL)
		return dispatch_usage(c, "\"%s\" is not a reference such as "
		    "T-1", ref);
	return SQ_OK;
}
