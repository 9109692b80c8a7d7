#include <stdbool.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/words.h"

/* Rows rather than pointers: nothing to relocate, and searched in place. */
static const char words[][WORDS_LONGEST + 1] = {
#include "crypto/words.inc"
};
_Static_assert(sizeof(words) / sizeof(words[0]) == WORDS_COUNT,
    "five dice, 6^5 words");

#define SHEET_TEXT_MAX 4096	/* bytes of a typed sheet */

/* What was read of a sheet so far; wiped when done, for it opens a vault. */
struct sheet {
	uint32_t word[WORDS_SHEET];
	size_t count;		/* words read, also beyond 20 */
	unsigned numbered;	/* the last group number seen, 0 if none */
	char part[WORDS_LONGEST];	/* half of a word with a hyphen */
	size_t npart;
};

/* see words.h */
const char *
words_get(uint32_t i)
{
	return i < WORDS_COUNT ? words[i] : NULL;
}

/* see words.h */
int32_t
words_find(const char *s, size_t n)
{
	int32_t lo = 0, hi = (int32_t)WORDS_COUNT - 1, mid;
	int c;

	if (n == 0 || n > WORDS_LONGEST || memchr(s, '\0', n) != NULL)
		return -1;
	while (lo <= hi) {
		mid = (lo + hi) / 2;
		c = strncmp(s, words[mid], n);
		if (c == 0 && words[mid][n] == '\0')
			return mid;
		/* s is the beginning of a longer word: it sorts before. */
		if (c <= 0)
			hi = mid - 1;
		else
			lo = mid + 1;
	}
	return -1;
}

/* Join the numbered words with spaces into a new secret. */
static enum sq_err
join(const uint32_t *word, size_t n, struct secret **ret)
{
	struct secret *s = NULL;
	enum sq_err e;
	size_t len = 0, one;

	if ((e = secret_new(n * (WORDS_LONGEST + 1), &s)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			secret_bytes(s)[len++] = ' ';
		one = strlen(words[word[i]]);
		memcpy(secret_bytes(s) + len, words[word[i]], one);
		len += one;
	}
	secret_shorten(s, len);
	*ret = s;		/* transferred */
	return SQ_OK;
}

/* see words.h */
enum sq_err
words_passphrase(unsigned n, struct secret **ret)
{
	uint32_t word[WORDS_PASS_MAX];
	enum sq_err e;

	if (n < 1 || n > WORDS_PASS_MAX)
		return SQ_ELIMIT;
	for (unsigned i = 0; i < n; i++)
		word[i] = bytes_uniform(WORDS_COUNT);
	e = join(word, n, ret);
	secret_wipe(word, sizeof(word));
	return e;
}

/* The number of the word that checks the three words of group g. */
static enum sq_err
check_of(unsigned g, const uint32_t word[WORDS_GROUP - 1], uint32_t *ret)
{
	static const char label[] = "sandyq/recovery/1";
	struct secret *three = NULL;
	uint8_t number = (uint8_t)g, h[DIGEST_LEN];
	struct digest_part parts[3];
	uint64_t v = 0;
	enum sq_err e;

	if ((e = join(word, WORDS_GROUP - 1, &three)) != SQ_OK)
		return e;
	parts[0] = (struct digest_part){ label, sizeof(label) - 1 };
	parts[1] = (struct digest_part){ &number, 1 };
	parts[2] = (struct digest_part){ secret_cbytes(three),
	    secret_len(three) };
	digest_blake2b(h, sizeof(h), NULL, parts, 3);
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | h[i];
	*ret = (uint32_t)(v % WORDS_COUNT);
	secret_wipe(h, sizeof(h));
	secret_free(three);
	return SQ_OK;
}

/* see words.h */
enum sq_err
words_sheet_new(struct secret **ret_code)
{
	uint32_t word[WORDS_SHEET], *group;
	enum sq_err e = SQ_OK;

	for (unsigned g = 0; g < WORDS_GROUPS && e == SQ_OK; g++) {
		group = word + g * WORDS_GROUP;
		for (unsigned i = 0; i < WORDS_GROUP - 1; i++)
			group[i] = bytes_uniform(WORDS_COUNT);
		e = check_of(g + 1, group, &group[WORDS_GROUP - 1]);
	}
	if (e == SQ_OK)
		e = join(word, WORDS_SHEET, ret_code);
	secret_wipe(word, sizeof(word));
	return e;
}

/* The sheet's reader does not know a word, or half of one. */
static enum sq_err
unknown(const struct sheet *sh, struct why *why)
{
	return err_why(why, SQ_EFORMAT, "word %zu of group %zu is not in the "
	    "word list: compare it with the sheet letter by letter",
	    sh->count % WORDS_GROUP + 1, sh->count / WORDS_GROUP + 1);
}

/*
 * Take one piece, letters between separators.  Hyphens separate, since people
 * join words with them; the four words of the list that have one of their own
 * are put together again.  That is never ambiguous: no first half of these is
 * a word itself.
 */
static enum sq_err
take_word(struct sheet *sh, const char *s, size_t n, struct why *why)
{
	char whole[2 * WORDS_LONGEST + 2];
	size_t len = sh->npart;
	int32_t i;

	if (n > WORDS_LONGEST)
		return unknown(sh, why);
	memcpy(whole, sh->part, len);
	if (len > 0)
		whole[len++] = '-';
	memcpy(whole + len, s, n);
	i = words_find(whole, len + n);
	secret_wipe(whole, sizeof(whole));
	if (i < 0 && sh->npart > 0)
		return unknown(sh, why);
	if (i < 0) {
		memcpy(sh->part, s, n);
		sh->npart = n;
		return SQ_OK;
	}
	if (sh->count < WORDS_SHEET)
		sh->word[sh->count] = (uint32_t)i;
	sh->count++;
	sh->npart = 0;
	return SQ_OK;
}

/* Take a group's number: it must be the next, and stand before its words. */
static enum sq_err
take_number(struct sheet *sh, const char *s, size_t n, struct why *why)
{
	unsigned g = n == 1 ? (unsigned)(s[0] - '0') : 0;

	if (sh->npart > 0)
		return unknown(sh, why);
	if (g < 1 || g > WORDS_GROUPS)
		return err_why(why, SQ_EFORMAT, "the groups are numbered 1 to "
		    "%u, and words have no digits", WORDS_GROUPS);
	if (g != sh->numbered + 1)
		return err_why(why, SQ_EFORMAT, "group %u stands where group "
		    "%u is expected", g, sh->numbered + 1);
	if (sh->count != (size_t)(g - 1) * WORDS_GROUP)
		return err_why(why, SQ_EFORMAT, "%zu words stand before group "
		    "%u, not %u: look at group %u again", sh->count, g,
		    (g - 1) * WORDS_GROUP, g > 1 ? g - 1 : g);
	sh->numbered = g;
	return SQ_OK;
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Read the words of the lower-case text s. */
static enum sq_err
read_words(struct sheet *sh, const char *s, size_t n, struct why *why)
{
	static const char between[] = " \t\r\n\f\v-.,;:()";
	enum sq_err e;
	size_t i, from;

	for (i = 0; i < n;) {
		from = i;
		if (is_letter(s[i])) {
			while (i < n && is_letter(s[i]))
				i++;
			e = take_word(sh, s + from, i - from, why);
		} else if (is_digit(s[i])) {
			while (i < n && is_digit(s[i]))
				i++;
			e = take_number(sh, s + from, i - from, why);
		} else {
			e = memchr(between, s[i++], sizeof(between) - 1) ?
			    SQ_OK : err_why(why, SQ_EFORMAT, "a character "
			    "after word %zu is not of a recovery sheet",
			    sh->count);
		}
		if (e != SQ_OK)
			return e;
	}
	if (sh->npart > 0)
		return unknown(sh, why);
	if (sh->count != WORDS_SHEET)
		return err_why(why, SQ_EFORMAT, "%zu words were read; a "
		    "recovery code has %u, in %u groups of %u", sh->count,
		    WORDS_SHEET, WORDS_GROUPS, WORDS_GROUP);
	return SQ_OK;
}

/* Compare each group with its check word and name those that do not fit. */
static enum sq_err
check_groups(const struct sheet *sh, struct why *why)
{
	char list[3 * WORDS_GROUPS + 1] = "";
	const uint32_t *group;
	unsigned bad = 0;
	uint32_t want;
	size_t n = 0;
	enum sq_err e;

	for (unsigned g = 0; g < WORDS_GROUPS; g++) {
		group = sh->word + g * WORDS_GROUP;
		if ((e = check_of(g + 1, group, &want)) != SQ_OK)
			return e;
		if (want == group[WORDS_GROUP - 1])
			continue;
		if (bad++ > 0) {
			list[n++] = ',';
			list[n++] = ' ';
		}
		list[n++] = (char)('1' + g);
		list[n] = '\0';
	}
	if (bad == 0)
		return SQ_OK;
	if (bad == 1)
		return err_why(why, SQ_EFORMAT, "group %s does not fit its "
		    "check word: look at the words of that group again", list);
	return err_why(why, SQ_EFORMAT, "groups %s do not fit their check "
	    "words: look at their words, and at the order of the groups",
	    list);
}

/* Fold case, and the dashes and spaces that word processors put in. */
static size_t
fold(uint8_t *t, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (n - i >= 3 && t[i] == 0xE2 && t[i + 1] == 0x80 &&
		    t[i + 2] >= 0x90 && t[i + 2] <= 0x95) {
			t[to++] = '-';
			i += 2;
		} else if (n - i >= 2 && t[i] == 0xC2 && t[i + 1] == 0xA0) {
			t[to++] = ' ';
			i++;
		} else if (t[i] >= 'A' && t[i] <= 'Z')
			t[to++] = (uint8_t)(t[i] - 'A' + 'a');
		else
			t[to++] = t[i];
	}
	return to;
}

/* see words.h */
enum sq_err
words_sheet_parse(const char *s, size_t n, struct secret **ret_code,
    struct why *why)
{
	struct sheet sh = { 0 };
	struct secret *text = NULL;
	enum sq_err e;

	if (n > SHEET_TEXT_MAX)
		return err_why(why, SQ_ELIMIT,
		    "this is too long for a recovery code");
	if (n == 0)
		return err_why(why, SQ_EFORMAT, "no words were read");
	if ((e = secret_copy((const uint8_t *)s, n, &text)) != SQ_OK)
		return e;
	n = fold(secret_bytes(text), n);
	if ((e = read_words(&sh, (const char *)secret_cbytes(text), n,
	    why)) != SQ_OK)
		goto out;
	if ((e = check_groups(&sh, why)) != SQ_OK)
		goto out;
	e = join(sh.word, WORDS_SHEET, ret_code);
out:
	secret_wipe(&sh, sizeof(sh));
	secret_free(text);
	return e;
}
