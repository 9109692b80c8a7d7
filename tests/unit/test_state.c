/*
 * STATE: no altered bit is read, and every way in which the database and its
 * two pinned records can disagree gets the verdict of FORMAT.md section 5.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/store/state.h"

static char dir[] = "/tmp/sandyq-test-state.XXXXXX";
static int dirfd = -1;
static struct secret *key, *other;
static const uint8_t id[16] = "a vault's own id";
static struct why why;

static int
setup(void **state)
{
	(void)state;
	if (secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(dir) == NULL)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	return dirfd >= 0 && secret_random(32, &key) == SQ_OK &&
	    secret_random(32, &other) == SQ_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	(void)fsio_unlink(dirfd, "STATE.0", NULL);
	(void)fsio_unlink(dirfd, "STATE.1", NULL);
	(void)close(dirfd);
	secret_free(key);
	secret_free(other);
	return rmdir(dir);
}

static struct state
sample(void)
{
	struct state st = { .seq = 40, .generation = 7, .log_size = 12,
	    .objects = 3, .bytes = 1u << 30, .time = 1700000000,
	    .header_generation = 0x1234567890 };

	memset(st.log_root, 0xAA, sizeof(st.log_root));
	memset(st.heads, 0xBB, sizeof(st.heads));
	memset(st.header_mac, 0xCC, sizeof(st.header_mac));
	return st;
}

static void
round_trips(void **state)
{
	struct state st = sample(), got;
	uint8_t p[STATE_LEN];

	(void)state;
	assert_int_equal(state_seal(key, id, 1, &st, p), SQ_OK);
	assert_int_equal(state_open(key, id, 1, p, &got), SQ_OK);
	assert_memory_equal(&st, &got, sizeof(st));
}

static void
every_bit_is_noticed(void **state)
{
	struct state st = sample(), got;
	uint8_t p[STATE_LEN];

	(void)state;
	for (unsigned copy = 0; copy < 2; copy++) {
		assert_int_equal(state_seal(key, id, copy, &st, p), SQ_OK);
		for (size_t bit = 0; bit < 8 * STATE_LEN; bit++) {
			p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(state_open(key, id, copy, p, &got),
			    bit < 64 ? SQ_EFORMAT : SQ_EDAMAGE);
			p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

/* Whoever has the key can say no more than FORMAT.md section 5 does. */
static void
what_is_behind_is_zero(void **state)
{
	static const char label[] = "sandyq/state/1";
	struct state st = sample(), got;
	uint8_t p[STATE_LEN], ad[sizeof(label) - 1 + 25], plain[448];
	uint8_t *nonce = p + 8, *ct = nonce + AEAD_XNONCE, *tag = ct + 448;

	(void)state;
	assert_int_equal(state_seal(key, id, 1, &st, p), SQ_OK);
	memcpy(ad, label, sizeof(label) - 1);
	memcpy(ad + sizeof(label) - 1, id, 16);
	memcpy(ad + sizeof(label) - 1 + 16, p, 8);
	ad[sizeof(ad) - 1] = 1;
	assert_int_equal(aead_xopen(key, nonce, ad, sizeof(ad), ct, 448, tag,
	    plain), SQ_OK);
	for (int last = 0; last < 2; last++) {
		plain[447] = (uint8_t)last;
		assert_int_equal(aead_xseal(key, nonce, ad, sizeof(ad), plain,
		    448, ct, tag), SQ_OK);
		digest_blake2b(tag + AEAD_TAG, 16, NULL,
		    (struct digest_part[]){ { p, STATE_LEN - 16 } }, 1);
		assert_int_equal(state_open(key, id, 1, p, &got),
		    last == 0 ? SQ_OK : SQ_EFORMAT);
	}
	/* and a first record has an even number */
	st.seq = 41;
	assert_int_equal(state_init(dirfd, key, id, &st, &why), SQ_EINTERNAL);
	assert_int_equal(faccessat(dirfd, "STATE.0", F_OK, 0), -1);
}

static void
a_place_and_a_vault_are_bound(void **state)
{
	struct state st = sample(), got;
	static const uint8_t id2[16] = "another vault id";
	uint8_t p[STATE_LEN];

	(void)state;
	assert_int_equal(state_seal(key, id, 0, &st, p), SQ_OK);
	assert_int_equal(state_open(key, id, 1, p, &got), SQ_EAUTH);
	assert_int_equal(state_open(key, id2, 0, p, &got), SQ_EAUTH);
	assert_int_equal(state_open(other, id, 0, p, &got), SQ_EAUTH);
}

static void
pins_alternate(void **state)
{
	struct state st = sample();
	struct state_pair pair;

	(void)state;
	assert_int_equal(state_init(dirfd, key, id, &st, &why), SQ_OK);
	assert_int_equal(st.seq, 41);
	for (unsigned i = 0; i < 5; i++) {
		st.generation++;
		assert_int_equal(state_pin(dirfd, key, id, &st, &why), SQ_OK);
		state_load(dirfd, key, id, &pair);
		assert_int_equal(pair.e[0], SQ_OK);
		assert_int_equal(pair.e[1], SQ_OK);
		assert_int_equal(st.seq, 42 + i);
		assert_memory_equal(&pair.s[st.seq % 2], &st, sizeof(st));
		assert_int_equal(pair.s[(st.seq + 1) % 2].seq, st.seq - 1);
	}
	/* a copy that went missing is made anew when its turn comes */
	assert_int_equal(fsio_unlink(dirfd, "STATE.1", &why), SQ_OK);
	state_load(dirfd, key, id, &pair);
	assert_int_equal(pair.e[1], SQ_ENOENT);
	assert_int_equal(state_pin(dirfd, key, id, &st, &why), SQ_OK);
	assert_int_equal(state_pin(dirfd, key, id, &st, &why), SQ_OK);
	state_load(dirfd, key, id, &pair);
	assert_int_equal(pair.e[0], SQ_OK);
	assert_int_equal(pair.e[1], SQ_OK);
}

static void
odd_files_cannot_be_read(void **state)
{
	struct state st = sample();
	struct state_pair pair;
	uint8_t p[STATE_LEN + 1] = { 0 };

	(void)state;
	assert_int_equal(state_seal(key, id, 0, &st, p), SQ_OK);
	for (size_t n = 0; n <= STATE_LEN + 1; n++) {
		assert_int_equal(fsio_unlink(dirfd, "STATE.0", &why), SQ_OK);
		assert_int_equal(fsio_create(dirfd, "STATE.0", p, n, &why),
		    SQ_OK);
		state_load(dirfd, key, id, &pair);
		assert_true((pair.e[0] == SQ_OK) == (n == STATE_LEN));
	}
}

/* The log of the cases below: the root over n leaves is n in every byte. */
static enum sq_err
root_at(void *arg, uint64_t size, uint8_t out[32])
{
	const uint8_t *base = arg;

	memset(out, (int)(size + *base), 32);
	return SQ_OK;
}

static const struct verdict_case {
	const char *name;
	/* copies: seq, generation; seq 0: cannot be read.  log size = 10 + g */
	uint64_t s0, g0, s1, g1;
	/* the database: generation, log size, another history? */
	uint64_t g, size;
	uint8_t other;
	enum state_verdict want;
	uint64_t newest;		/* seq of what is handed back */
} cases[] = {
	/* both copies readable */
	{ "as pinned", 40, 6, 41, 7, 7, 17, 0, STATE_GOOD, 41 },
	{ "as pinned, the other parity", 42, 8, 41, 7, 8, 18, 0, STATE_GOOD,
	    42 },
	{ "as init leaves it", 40, 1, 41, 1, 1, 11, 0, STATE_GOOD, 41 },
	{ "cut between COMMIT and STATE", 40, 6, 41, 7, 8, 18, 0, STATE_CUT,
	    41 },
	{ "the same, several entries", 40, 6, 41, 7, 8, 90, 0, STATE_CUT, 41 },
	{ "the same, no entry", 40, 6, 41, 7, 8, 17, 0, STATE_CUT, 41 },
	{ "one newer, another history", 40, 6, 41, 7, 8, 18, 1,
	    STATE_ROLLED_BACK, 41 },
	{ "one newer, a shorter log", 40, 6, 41, 7, 8, 16, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "one newer, a log shorter than was pinned", 40, 6, 41, 7, 8, 12, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "two newer", 40, 6, 41, 7, 9, 19, 0, STATE_ROLLED_BACK, 41 },
	{ "database rolled back by one", 40, 6, 41, 7, 6, 16, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "database rolled back by many", 40, 6, 41, 7, 1, 11, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "same generation, another history", 40, 6, 41, 7, 7, 17, 1,
	    STATE_ROLLED_BACK, 41 },
	{ "same generation, shorter log", 40, 6, 41, 7, 7, 16, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "same generation, longer log", 40, 6, 41, 7, 7, 18, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "an old STATE put back over the older copy", 38, 4, 41, 7, 7, 17, 0,
	    STATE_ROLLED_BACK, 41 },
	{ "an old STATE put back over the newer copy", 40, 6, 37, 3, 7, 17, 0,
	    STATE_ROLLED_BACK, 40 },
	{ "the same, with the database of then", 40, 6, 37, 3, 6, 16, 0,
	    STATE_ROLLED_BACK, 40 },
	{ "two records of the same seq", 40, 6, 40, 7, 7, 17, 0,
	    STATE_ROLLED_BACK, 40 },
	/* one copy cannot be read */
	{ "torn while being pinned", 40, 6, 0, 0, 7, 17, 0, STATE_CUT, 40 },
	{ "the same, the other copy", 0, 0, 41, 7, 8, 18, 0, STATE_CUT, 41 },
	{ "torn, another history", 40, 6, 0, 0, 7, 17, 1, STATE_ROLLED_BACK,
	    40 },
	{ "torn, two newer", 40, 6, 0, 0, 8, 18, 0, STATE_ROLLED_BACK, 40 },
	{ "newer copy spoilt, database rolled back by one", 40, 6, 0, 0, 6, 16,
	    0, STATE_ROLLED_BACK, 40 },
	{ "newer copy spoilt, database older still", 40, 6, 0, 0, 5, 15, 0,
	    STATE_ROLLED_BACK, 40 },
	/* none can */
	{ "no copy can be read", 0, 0, 0, 0, 7, 17, 0, STATE_UNREADABLE, 0 },
};

static void
set_copy(struct state_pair *pair, int i, uint64_t seq, uint64_t g)
{
	pair->e[i] = seq == 0 ? SQ_EDAMAGE : SQ_OK;
	pair->s[i].seq = seq;
	pair->s[i].generation = g;
	pair->s[i].log_size = 10 + g;
	memset(pair->s[i].log_root, (int)(10 + g), 32);
}

static void
judges(void **state)
{
	const struct verdict_case *c = *state;
	uint8_t base = c->other;
	struct state_pair pair = { 0 };
	struct state_found f = { .generation = c->g, .log_size = c->size,
	    .root_at = root_at, .arg = &base };
	struct state newest;

	(void)root_at(&base, c->size, f.log_root);
	set_copy(&pair, 0, c->s0, c->g0);
	set_copy(&pair, 1, c->s1, c->g1);
	assert_int_equal(state_judge(&pair, &f, &newest), c->want);
	assert_int_equal(newest.seq, c->newest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(every_bit_is_noticed),
		cmocka_unit_test(what_is_behind_is_zero),
		cmocka_unit_test(a_place_and_a_vault_are_bound),
		cmocka_unit_test(pins_alternate),
		cmocka_unit_test(odd_files_cannot_be_read),
	};
	struct CMUnitTest verdicts[sizeof(cases) / sizeof(*cases)];
	int bad;

	memset(verdicts, 0, sizeof(verdicts));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		verdicts[i].name = cases[i].name;
		verdicts[i].test_func = judges;
		verdicts[i].initial_state = (void *)(uintptr_t)&cases[i];
	}
	bad = cmocka_run_group_tests(tests, setup, teardown);
	return bad + cmocka_run_group_tests(verdicts, NULL, NULL);
}
