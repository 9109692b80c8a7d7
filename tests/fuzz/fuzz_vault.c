/*
 * Targets of vault/store/ and vault/record/: what lies on a seized disk, and
 * what a person hands in.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "tests/fuzz/fuzz.h"
#include "vault/record/from.h"
#include "vault/record/model.h"
#include "vault/record/text.h"
#include "vault/record/text_terms.h"
#include "vault/store/header.h"
#include "vault/store/state.h"

#define SUM_AT (HEADER_LEN - 32)

/* As found, and with the checksum that an attacker would put there. */
static void
header(const uint8_t *p, size_t n)
{
	struct secret *key = fuzz_key(0x42);
	struct digest_part part;
	struct header h, again;
	uint8_t b[HEADER_LEN], out[HEADER_LEN];

	if (n < HEADER_LEN) {
		secret_free(key);
		return;
	}
	(void)header_parse(p, &h, NULL);
	memcpy(b, p, sizeof(b));
	part.p = b;
	part.n = SUM_AT;
	digest_blake2b(b + SUM_AT, 32, NULL, &part, 1);
	if (header_parse(b, &h, NULL) == SQ_OK) {
		FUZZ_MUST(kdf_check(&h.set_a) == SQ_OK);
		FUZZ_MUST(!h.has_b || kdf_check(&h.set_b) == SQ_OK);
		FUZZ_MUST(!header_mac_ok(&h, key));
		FUZZ_MUST(header_emit(&h, key, out) == SQ_OK);
		FUZZ_MUST(header_parse(out, &again, NULL) == SQ_OK);
		FUZZ_MUST(header_mac_ok(&again, key));
		FUZZ_MUST(memcmp(out, b, SUM_AT - 32) == 0);
	}
	secret_free(key);
}

static void
state(const uint8_t *p, size_t n)
{
	struct secret *key = fuzz_key(0x42);
	uint8_t id[16] = { 0 };
	struct state st;

	if (n >= STATE_LEN) {
		(void)state_whole(p);
		FUZZ_MUST(state_open(key, id, 0, p, &st) != SQ_OK);
	}
	secret_free(key);
}

static enum sq_err
one(void *arg, struct model_inputs *in)
{
	const struct model_type *type = arg;
	char lang[MODEL_LANG_MAX], *value;

	for (size_t i = 0; i < in->n; i++) {
		value = NULL;
		if (model_check(type, &in->v[i], &value, lang, NULL) == SQ_OK)
			FUZZ_MUST(value != NULL);
		free(value);
	}
	return SQ_OK;
}

/* The first byte says for which type. */
static void
from(const uint8_t *p, size_t n)
{
	const struct model_type *t;
	size_t k;
	char *s;

	if (n == 0)
		return;
	t = model_types(&k) + p[0] % k;
	s = fuzz_text(p + 1, n - 1);
	(void)from_parse(t, s, n - 1, one, (void *)(uintptr_t)t, NULL);
	free(s);
}

/* A canonical date is a fixed point. */
static void
edtf(const uint8_t *p, size_t n)
{
	char *s = fuzz_text(p, n), *a = NULL, *b = NULL;
	char lang[MODEL_LANG_MAX], again[MODEL_LANG_MAX];
	unsigned day;

	if (text_edtf(s, &a) == SQ_OK) {
		FUZZ_MUST(text_edtf(a, &b) == SQ_OK && strcmp(a, b) == 0);
		FUZZ_MUST(text_edtf_end(a, &day));
	}
	(void)text_time(s);
	if (text_lang(s, lang) == SQ_OK)
		FUZZ_MUST(text_lang(lang, again) == SQ_OK &&
		    strcmp(lang, again) == 0);
	free(a);
	free(b);
	free(s);
}

/* A query and a text, parted by the first NUL. */
static void
search(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	char *s = fuzz_text(p, n), *text, *nfc = NULL;
	struct text_found found = { .hits = 0 };
	struct text_sought *sought = NULL;
	struct text_terms t;
	struct text_mark marks[8];
	size_t q = strlen(s), k;

	text = q < n ? s + q + 1 : s;
	if (text_terms_read(s, &t, NULL) == SQ_OK) {
		FUZZ_MUST(text_terms_query(&t, &out) == SQ_OK);
		FUZZ_MUST(out.len > 0);
		FUZZ_MUST(text_sought_new(&t, &sought) == SQ_OK);
	}
	out.len = 0;
	if (text_nfc(text, &nfc) == SQ_OK) {
		FUZZ_MUST(text_index(nfc, strlen(nfc), &out) == SQ_OK);
		(void)text_fold(nfc, &out);
		if (sought != NULL && text_sought_in(sought, nfc, 40,
		    &found) == SQ_OK)
			FUZZ_MUST(text_sought_marks(sought, found.snippet,
			    marks, 8, &k) == SQ_OK && k <= 8);
	}
	free(found.snippet);
	text_sought_free(sought);
	text_terms_free(&t);
	free(nfc);
	free(s);
	bytes_free(&out);
}

const struct fuzz_target fuzz_vault[] = {
	{ "header", header, HEADER_LEN },
	{ "state", state, STATE_LEN },
	{ "from", from, 16384 },
	{ "edtf", edtf, 256 },
	{ "search", search, 4096 },
	{ NULL, NULL, 0 }
};
