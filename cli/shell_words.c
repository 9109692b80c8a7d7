#include <stdlib.h>
#include <string.h>

#include "cli/shell.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * Take one word at *p into ${out}; false for a quote that stays open.  Inside
 * double quotes a backslash escapes only what would mean something there.
 */
static bool
word(const char **p, struct bytes_buf *out)
{
	const char *s = *p;
	char quote = 0;

	for (; *s != '\0' && (quote != 0 || !blank(*s)); s++) {
		if (quote == 0 && (*s == '\'' || *s == '"'))
			quote = *s;
		else if (quote != 0 && *s == quote)
			quote = 0;
		else if (*s == '\\' && quote == 0) {
			if (*++s == '\0')
				break;
			bytes_put(out, s, 1);
		} else if (*s == '\\' && quote == '"' &&
		    s[1] != '\0' && strchr("\"\\$`", s[1]) != NULL)
			bytes_put(out, ++s, 1);
		else
			bytes_put(out, s, 1);
	}
	*p = s;
	return quote == 0;
}

/* Append one word to the list. */
static enum sq_err
push(char ***list, int *n, struct bytes_buf *b)
{
	char **grown = realloc(*list, ((size_t)*n + 2) * sizeof(*grown));

	if (grown == NULL)
		return SQ_ENOMEM;
	*list = grown;
	if ((grown[*n] = bytes_str(b)) == NULL)
		return SQ_ENOMEM;
	grown[++*n] = NULL;
	return SQ_OK;
}

/* see shell.h */
enum sq_err
shell_words(const char *line, char ***ret, int *ret_n, struct why *why)
{
	struct bytes_buf b = { 0 };
	char **list = NULL;
	int n = 0;
	enum sq_err e = SQ_OK;

	for (const char *p = line; e == SQ_OK; ) {
		while (blank(*p))
			p++;
		if (*p == '\0' || *p == '#')
			break;
		if (!word(&p, &b))
			e = err_why(why, SQ_EUSAGE, "a quote is not closed");
		else
			e = push(&list, &n, &b);
	}
	bytes_free(&b);
	if (e != SQ_OK) {
		shell_words_free(list, n);
		return e;
	}
	*ret = list;
	*ret_n = n;
	return SQ_OK;
}

/* see shell.h */
void
shell_words_free(char **list, int n)
{
	for (int i = 0; i < n; i++) {
		secret_wipe(list[i], strlen(list[i]));
		free(list[i]);
	}
	free(list);
}
