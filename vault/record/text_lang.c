/*
 * BCP 47 tags, by RFC 5646 section 2.1, without a table of what is registered:
 * a tag must be well formed, and two narrower rules catch what people type by
 * mistake.  A language subtag has two or three letters (longer ones are not
 * registered, and "kazakh" is not a tag), and the irregular grandfathered tags
 * are refused.
 */
#include <string.h>

#include "vault/record/model.h"
#include "vault/record/text.h"

/* A tag in parts, and where the reading is. */
struct tag {
	char *part[18];		/* 35 characters hold no more */
	size_t n;
	size_t at;
};

static bool
alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_alpha(const char *s)
{
	for (; *s != '\0'; s++)
		if (!alpha(*s))
			return false;
	return true;
}

/* The next part, if it is of min to max characters. */
static char *
next(struct tag *t, size_t min, size_t max)
{
	char *s;
	size_t n;

	if (t->at == t->n)
		return NULL;
	s = t->part[t->at];
	n = strlen(s);
	return n >= min && n <= max ? s : NULL;
}

static void
upper(char *s, size_t n)
{
	for (size_t i = 0; i < n && s[i] != '\0'; i++)
		if (s[i] >= 'a' && s[i] <= 'z')
			s[i] = (char)(s[i] - 32);
}

/* Cut at hyphens, in lower case; false unless 1 to 8 letters or digits each. */
static bool
cut(char *s, struct tag *t)
{
	size_t len = 0;

	t->part[t->n++] = s;
	for (; *s != '\0'; s++) {
		if (*s == '-') {
			if (len == 0 || t->n == 18)
				return false;
			*s = '\0';
			t->part[t->n++] = s + 1;
			len = 0;
			continue;
		}
		if ((!alpha(*s) && !digit(*s)) || ++len > 8)
			return false;
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + 32);
	}
	return len > 0;
}

/* language [-extlang] [-script] [-region] *variant */
static bool
langtag(struct tag *t)
{
	size_t first;
	char *s;

	if ((s = next(t, 2, 3)) == NULL || !all_alpha(s))
		return false;
	t->at++;
	for (int i = 0; i < 3; i++) {
		if ((s = next(t, 3, 3)) == NULL || !all_alpha(s))
			break;
		t->at++;
	}
	if ((s = next(t, 4, 4)) != NULL && all_alpha(s)) {
		upper(s, 1);
		t->at++;
	}
	if (((s = next(t, 2, 2)) != NULL && all_alpha(s)) ||
	    ((s = next(t, 3, 3)) != NULL && strspn(s, "0123456789") == 3)) {
		upper(s, 3);
		t->at++;
	}
	for (first = t->at; (s = next(t, 4, 8)) != NULL; t->at++) {
		if (strlen(s) == 4 && !digit(s[0]))
			return false;
		for (size_t i = first; i < t->at; i++)
			if (strcmp(t->part[i], s) == 0)
				return false;
	}
	return true;
}

/* *(singleton 1*subtag) [x 1*subtag], each singleton once */
static bool
extensions(struct tag *t)
{
	char seen[18] = "";
	size_t n = 0, got;
	char *s;
	bool private;

	while ((s = next(t, 1, 1)) != NULL) {
		private = *s == 'x';
		if (strchr(seen, *s) != NULL)
			return false;
		seen[n++] = *s;
		t->at++;
		for (got = 0; next(t, private ? 1 : 2, 8) != NULL; got++)
			t->at++;
		if (got == 0)
			return false;
	}
	return t->at == t->n;
}

/* see text.h */
enum sq_err
text_lang(const char *s, char out[MODEL_LANG_MAX])
{
	struct tag t = { .n = 0 };
	char buf[MODEL_LANG_MAX];

	if (strlen(s) >= sizeof(buf))
		return SQ_EREFUSED;
	memcpy(buf, s, strlen(s) + 1);
	if (!cut(buf, &t))
		return SQ_EREFUSED;
	if (strcmp(t.part[0], "x") != 0 && !langtag(&t))
		return SQ_EREFUSED;
	if (!extensions(&t))
		return SQ_EREFUSED;
	/* the parts still lie one behind another */
	for (size_t i = 1; i < t.n; i++)
		t.part[i][-1] = '-';
	memcpy(out, buf, strlen(buf) + 1);
	return SQ_OK;
}
