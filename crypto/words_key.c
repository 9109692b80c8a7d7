#include <string.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/words.h"

/*
 * A 32-byte key as words: the number that it is, big-endian, in twenty digits
 * of base 7776, the first the highest, in five groups of four, each followed by
 * its check.
 */

#define LABEL "sandyq/recovery-key/1"
#define KEY 32
#define GROUPS 5
#define GROUP 4			/* words of a group before its check */
#define DIGITS (GROUPS * GROUP)
#define ALL (DIGITS + GROUPS)
#define TEXT_MAX 4096

/* The check of a group: of its number and its words. */
static uint32_t
check_of(unsigned g, const uint32_t word[GROUP])
{
	uint8_t n = (uint8_t)g, h[DIGEST_LEN];
	struct digest_part part[2 + 2 * GROUP] = {
	    { LABEL, sizeof(LABEL) - 1 }, { &n, 1 } };
	uint64_t v = 0;

	for (unsigned i = 0; i < GROUP; i++) {
		part[2 + 2 * i] = (struct digest_part){ " ", i > 0 };
		part[3 + 2 * i] = (struct digest_part){ words_get(word[i]),
		    strlen(words_get(word[i])) };
	}
	digest_blake2b(h, sizeof(h), NULL, part, 2 + 2 * GROUP);
	for (unsigned i = 0; i < 8; i++)
		v = v << 8 | h[i];
	return (uint32_t)(v % WORDS_COUNT);
}

/* see words.h */
enum sq_err
words_key(const struct secret *key, struct secret **ret_words)
{
	uint32_t digit[DIGITS], rest;
	struct bytes_buf b = { 0 };
	struct secret *n = NULL;
	uint8_t *p;
	enum sq_err e;

	if (secret_len(key) != KEY)
		return SQ_EINTERNAL;
	if ((e = secret_copy(secret_cbytes(key), KEY, &n)) != SQ_OK)
		return e;
	p = secret_bytes(n);
	for (unsigned i = DIGITS; i-- > 0;) {
		rest = 0;
		for (unsigned k = 0; k < KEY; k++) {
			rest = rest << 8 | p[k];
			p[k] = (uint8_t)(rest / WORDS_COUNT);
			rest %= WORDS_COUNT;
		}
		digit[i] = rest;
	}
	for (unsigned i = 0; i < DIGITS; i++) {
		bytes_puts(&b, i == 0 ? "" : " ");
		bytes_puts(&b, words_get(digit[i]));
		if (i % GROUP == GROUP - 1) {
			bytes_puts(&b, " ");
			bytes_puts(&b, words_get(check_of(i / GROUP + 1,
			    digit + i - (GROUP - 1))));
		}
	}
	if ((e = bytes_done(&b)) == SQ_OK)
		e = secret_copy(b.p, b.len, ret_words);
	bytes_free(&b);
	secret_free(n);
	secret_wipe(digit, sizeof(digit));
	return e;
}

/* The twenty digits as 32 bytes; false if they are more than fits. */
static bool
to_bytes(const uint32_t digit[DIGITS], uint8_t *p)
{
	uint32_t carry;

	memset(p, 0, KEY);
	for (unsigned i = 0; i < DIGITS; i++) {
		carry = digit[i];
		for (unsigned k = KEY; k-- > 0;) {
			carry += (uint32_t)p[k] * WORDS_COUNT;
			p[k] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry != 0)
			return false;
	}
	return true;
}

/* Part of a word: letters, and the hyphen that four of the list have. */
static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* Read words; numbers and what stands between them are passed over. */
static enum sq_err
read_words(const char *s, size_t n, uint32_t word[ALL], struct why *why)
{
	char low[WORDS_LONGEST + 1];
	size_t count = 0, len;
	int32_t w;

	for (size_t i = 0; i < n; i += len) {
		for (len = 0; i + len < n && in_word(s[i + len]);)
			len++;
		if (len == 0) {
			len = 1;
			continue;
		}
		for (size_t k = 0; k < len && k < sizeof(low); k++)
			low[k] = s[i + k] >= 'A' && s[i + k] <= 'Z' ?
			    (char)(s[i + k] + 32) : s[i + k];
		w = len > WORDS_LONGEST ? -1 : words_find(low, len);
		secret_wipe(low, sizeof(low));
		if (w < 0 || count == ALL)
			return err_why(why, SQ_EFORMAT, w < 0 ? "word %zu is "
			    "not in the list: look at it again" : "there are "
			    "more words than %zu", w < 0 ? count + 1 : count);
		word[count++] = (uint32_t)w;
	}
	return count == ALL ? SQ_OK : err_why(why, SQ_EFORMAT, "%zu words "
	    "were read; the recovery key has %d, in %d groups of %d", count,
	    ALL, GROUPS, GROUP + 1);
}

/* see words.h */
enum sq_err
words_key_parse(const char *s, size_t n, struct secret **ret_key,
    struct why *why)
{
	uint32_t word[ALL], digit[DIGITS];
	struct secret *key = NULL;
	enum sq_err e;

	if (n > TEXT_MAX)
		return err_why(why, SQ_ELIMIT, "this is too long for a "
		    "recovery key");
	if ((e = read_words(s, n, word, why)) != SQ_OK)
		goto out;
	for (unsigned g = 0; g < GROUPS; g++) {
		memcpy(digit + GROUP * g, word + (GROUP + 1) * g,
		    GROUP * sizeof(*digit));
		if (check_of(g + 1, digit + GROUP * g) ==
		    word[(GROUP + 1) * g + GROUP])
			continue;
		e = err_why(why, SQ_EFORMAT, "group %u does not fit its check "
		    "word: look at the words of that group again", g + 1);
		goto out;
	}
	if ((e = secret_new(KEY, &key)) != SQ_OK)
		goto out;
	if (!to_bytes(digit, secret_bytes(key))) {
		e = err_why(why, SQ_EFORMAT, "these words are no recovery "
		    "key");
		goto out;
	}
	*ret_key = key;
	key = NULL;		/* transferred */
out:
	secret_free(key);
	secret_wipe(word, sizeof(word));
	secret_wipe(digit, sizeof(digit));
	return e;
}
