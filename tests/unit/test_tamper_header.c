/*
 * HEADER, HEADER.2, STATE.0 and STATE.1: every bit, old ones put back, and
 * those of other times and other vaults mixed.
 */
#include <sys/resource.h>

#include "crypto/digest.h"
#include "tests/unit/tamper.h"

static struct history h;
static struct bytes_buf head;	/* the signed checkpoint, as it truly is */

static const struct image *
last(void)
{
	return &h.at[h.n - 1];
}

/* Open with the passphrase; is it the whole and newest vault? */
static void
opens(struct count *c, bool may_close, const char *fmt, ...)
{
	struct vault *v = NULL;
	struct bytes_buf note = { 0 };
	struct why why = { "" };
	char label[128];
	va_list ap;
	enum sq_err e;

	va_start(ap, fmt);
	(void)vsnprintf(label, sizeof(label), fmt, ap);
	va_end(ap);
	c->cases++;
	e = vault_open(tm_vault, h.pass, 0, &v, &why);
	if (e != SQ_OK) {
		c->closed++;
		if (may_close && err_exit(e) == 5 && why.text[0] != '\0' &&
		    one_sentence(&why))
			return;
		c->bad++;
		fprintf(stderr, "WRONG %s: error %d (exit %d) «%s»\n", label,
		    e, err_exit(e), why.text);
		return;
	}
	OK(vault_checkpoint(v, &note, &why));
	vault_close(v);
	if (note.len == head.len && memcmp(note.p, head.p, head.len) == 0) {
		c->mended++;
		bytes_free(&note);
		return;
	}
	c->bad++;
	fprintf(stderr, "FALSE %s: opened as %.*s\n", label, (int)note.len,
	    (char *)note.p);
	bytes_free(&note);
}

static void
sum_again(uint8_t *p)
{
	const struct digest_part part = { p, 0xFE0 };

	digest_blake2b(p + 0xFE0, 32, NULL, &part, 1);
}

/* Change one bit of some files (a mask), open, and look whether it mended. */
static void
flip(struct count *c, unsigned files, size_t bit, bool sum, bool may_close)
{
	struct image im = *last();
	uint8_t copy[FILES][4096];
	size_t n;

	for (int i = 0; i < F_DB; i++) {
		memcpy(copy[i], im.p[i], im.n[i]);
		im.p[i] = copy[i];
		if ((files >> i & 1) == 0)
			continue;
		copy[i][bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (sum)
			sum_again(copy[i]);
	}
	tm_put(&im);
	opens(c, may_close, "files %x, bit %zu of byte 0x%zx%s", files,
	    bit % 8, bit / 8, sum ? ", checksum mended" : "");
	if (may_close || files > 3)
		return;
	/* a header with one good copy was mended from it */
	for (int i = 0; i < 2; i++) {
		uint8_t *p = tm_read(tm_path(file_name[i]), &n);

		assert_int_equal(n, 4096);
		if (memcmp(p, last()->p[i], n) != 0) {
			c->bad++;
			fprintf(stderr, "NOT MENDED: files %x bit %zu\n",
			    files, bit);
		}
		free(p);
	}
}

static size_t
step(size_t small)
{
	return tm_all() ? 1 : small;
}

static void
header_first(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 4096 * 8; b += step(b < 0x80 * 8 ? 7 : 149))
		flip(&c, 1u << F_HEADER, b, false, false);
	tm_report("TM1, bits of HEADER", &c);
	assert_int_equal(c.mended, c.cases);
}

static void
header_second(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 4096 * 8; b += step(b < 0x80 * 8 ? 7 : 149))
		flip(&c, 1u << F_HEADER2, b, false, false);
	tm_report("TM1, bits of HEADER.2", &c);
	assert_int_equal(c.mended, c.cases);
}

static void
header_both(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 4096 * 8; b += step(b < 0x80 * 8 ? 3 : 101))
		flip(&c, 1u << F_HEADER | 1u << F_HEADER2, b, false, true);
	tm_report("TM1, the same bit of both", &c);
	assert_int_equal(c.closed, c.cases);
}

/* Somebody who knows the format mends the checksum of what he changed. */
static void
header_sum_mended(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 0xFE0 * 8; b += step(b < 0x80 * 8 ? 7 : 149)) {
		/* costs that were raised must be tried, and take long */
		if (b / 8 >= 0x30 && b / 8 < 0x50)
			continue;
		flip(&c, 1u << (b / 8 % 2), b, true, false);
	}
	tm_report("TM1, one copy with its checksum mended", &c);
	assert_int_equal(c.mended, c.cases);
}

/* One copy with a higher generation and lower costs, checksum mended. */
static void
header_newer_forged(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *what;
	} forged[] = {
		{ 0x40, 0x00020012, "another algorithm" },
		{ 0x44, 8, "8 KiB" }, { 0x44, 0xFFFFFFFF, "4 TiB" },
		{ 0x48, 1, "one pass" }, { 0x48, 0xFFFFFFFF, "2^32 passes" },
		{ 0x4C, 0, "no lanes" }, { 0x4C, 0x1000000, "2^24 lanes" },
		{ 0x58, 2, "a newer reader" }, { 0x5C, 1, "flags" },
		{ 0x08, 2, "format 2" }, { 0x0C, 0, "size 0" }
	};
	struct count c = { 0 };
	struct image im = *last();
	uint8_t p[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++)
		for (int copy = 0; copy < 2; copy++) {
			memcpy(p, last()->p[copy], sizeof(p));
			bytes_le32(p + forged[i].at, forged[i].value);
			p[0x57] = 0x7F;
			sum_again(p);
			im = *last();
			im.p[copy] = p;
			tm_put(&im);
			opens(&c, false, "copy %d: %s", copy,
			    forged[i].what);
		}
	tm_report("TM8, RS1, one copy forged", &c);
	assert_int_equal(c.mended, c.cases);
}

/* Costs within bounds, but beyond this machine, forged into one copy. */
static void
header_costly_forged(void **state)
{
	struct count c = { 0 };
	struct rlimit old, low;
	struct image im;
	uint8_t p[4096];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
	low = old;
	low.rlim_cur = 1500u << 20;
#if defined(__SANITIZE_ADDRESS__)
	skip();
#endif
	for (int copy = 0; copy < 2; copy++) {
		memcpy(p, last()->p[copy], sizeof(p));
		bytes_le32(p + 0x44, 2u << 20);
		p[0x57] = 0x7F;
		sum_again(p);
		im = *last();
		im.p[copy] = p;
		tm_put(&im);
		assert_int_equal(setrlimit(RLIMIT_AS, &low), 0);
		opens(&c, false, "copy %d wants 2 GiB", copy);
		assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
	}
	tm_report("RS1, one copy forged to cost 2 GiB", &c);
	assert_int_equal(c.mended, c.cases);
}

static void
state_first(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 512 * 8; b += step(23))
		flip(&c, 1u << F_STATE0, b, false, true);
	tm_report("TM1, bits of STATE.0", &c);
}

static void
state_second(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 512 * 8; b += step(23))
		flip(&c, 1u << F_STATE1, b, false, true);
	tm_report("TM1, bits of STATE.1", &c);
}

static void
state_both(void **state)
{
	struct count c = { 0 };

	(void)state;
	for (size_t b = 0; b < 512 * 8; b += step(23))
		flip(&c, 1u << F_STATE0 | 1u << F_STATE1, b, false, true);
	tm_report("TM1, the same bit of both STATEs", &c);
	assert_int_equal(c.closed, c.cases);
}

/* --- of another time ----------------------------------------------------- */

static int
newest_state(void)
{
	return memcmp(last()->p[F_STATE0], h.at[h.n - 2].p[F_STATE0], 512) !=
	    0 ? F_STATE0 : F_STATE1;
}

/*
 * Any of the files of any earlier step.  While either the newest STATE or the
 * newest database is there, an older vault must never be shown; where both are
 * old it is the vault put back as a whole, which nothing inside can see.
 */
static void
mixed(void **state)
{
	struct count c = { 0 };
	struct image im;
	unsigned whole = 0;
	int newest = newest_state();

	(void)state;
	for (size_t s = 0; s + 1 < h.n; s++)
		for (unsigned m = 1; m < 1u << FILES; m++) {
			im = *last();
			for (int i = 0; i < FILES; i++)
				if (m >> i & 1) {
					im.p[i] = h.at[s].p[i];
					im.n[i] = h.at[s].n[i];
				}
			if ((m >> F_DB & 1) && ((m >> newest) & 1)) {
				whole++;
				continue;
			}
			tm_put(&im);
			opens(&c, true, "step %zu, files %x", s, m);
		}
	fprintf(stderr, "tamper: (%u mixtures are the vault of that time as a "
	    "whole)\n", whole);
	tm_report("TM5, files of two times mixed", &c);
}

/* Database and STATE of all pairs of times, one STATE missing or not. */
static void
pairs(void **state)
{
	struct count c = { 0 };
	struct image im;

	(void)state;
	for (size_t d = 0; d < h.n; d++)
		for (size_t s = d + 1; s < h.n; s++) {
			im = *last();
			im.p[F_DB] = h.at[d].p[F_DB];
			im.n[F_DB] = h.at[d].n[F_DB];
			for (int miss = 0; miss < 3; miss++) {
				for (int i = F_STATE0; i <= F_STATE1; i++) {
					im.p[i] = h.at[s].p[i];
					im.n[i] = miss == i - F_STATE0 + 1 ?
					    SIZE_MAX : h.at[s].n[i];
				}
				tm_put(&im);
				opens(&c, true, "database of %zu, STATE of "
				    "%zu, missing %d", d, s, miss);
			}
		}
	tm_report("TM5, an older database under a newer STATE", &c);
	assert_int_equal(c.closed, c.cases);
}

/* A vault put back as a whole opens, and says an older head. */
static void
whole_is_told(void **state)
{
	struct vault_status st, now;
	struct vault *v;

	(void)state;
	tm_put(last());
	v = tm_open(h.pass);
	OK(vault_status(v, &now, NULL));
	vault_close(v);
	tm_put(&h.at[h.n - 2]);
	v = tm_open(h.pass);
	OK(vault_status(v, &st, NULL));
	assert_string_not_equal(st.head, now.head);
	assert_string_not_equal(st.words, now.words);
	assert_true(st.entries < now.entries);
	vault_close(v);
}

/* --- lengths, absence ---------------------------------------------------- */

static void
lengths(void **state)
{
	struct count c = { 0 };
	struct image im;
	uint8_t *p;
	size_t n, max;

	(void)state;
	for (int i = 0; i < FILES; i++) {
		max = last()->n[i];
		p = malloc(max + 8192);
		assert_non_null(p);
		memcpy(p, last()->p[i], max);
		memset(p + max, 0, 8192);
		for (n = 0; n <= max + 8192;) {
			im = *last();
			im.p[i] = p;
			im.n[i] = n;
			if (n != max) {
				tm_put(&im);
				opens(&c, true, "%s of %zu bytes",
				    file_name[i], n);
			}
			if (i < F_DB)
				n += tm_all() ? 1 : n < 8 ? 1 : 509;
			else
				n += n % DB_PAGE_LEN == 0 || tm_all() ?
				    (tm_all() ? 512 : 1) : DB_PAGE_LEN * 7 -
				    1;
		}
		free(p);
		im = *last();
		im.n[i] = SIZE_MAX;
		tm_put(&im);
		opens(&c, true, "%s missing", file_name[i]);
	}
	tm_report("TM3, every file cut, lengthened, missing", &c);
}

/* Without both headers, both STATEs, or the database: never a new vault. */
static void
absent(void **state)
{
	static const unsigned gone[] = { 3, 12, 16, 28, 31, 15 };
	struct count c = { 0 };
	struct image im;
	struct vault *v = NULL;
	struct vault_init in = { .path = tm_vault, .kib = 65536,
	    .passes = 3, .lanes = 4 };
	char log_id[33];
	uint32_t kib;
	enum sq_err e;

	(void)state;
	in.passphrase = h.pass;
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
		im = *last();
		for (int k = 0; k < FILES; k++)
			if (gone[i] >> k & 1)
				im.n[k] = SIZE_MAX;
		tm_put(&im);
		e = vault_open(tm_vault, h.pass, 0, &v, NULL);
		c.cases++;
		if (e == SQ_OK || e == SQ_EPASS)
			c.bad++;
		else
			c.closed++;
		assert_int_equal(vault_init(&in, log_id, &kib, NULL),
		    SQ_EEXIST);
		for (int k = 0; k < FILES; k++)
			if (gone[i] >> k & 1)
				assert_int_not_equal(access(tm_path(
				    file_name[k]), F_OK), 0);
	}
	tm_report("TM3, DL1, several files missing", &c);
}

/* --- slots --------------------------------------------------------------- */

/* The header of before a removal in place of one copy, or of both. */
static void
put_old(const struct image *after, const struct image *before, unsigned mask)
{
	struct image im = *after;

	for (int i = 0; i < 2; i++)
		if (mask >> i & 1)
			im.p[i] = before->p[i];
	tm_put(&im);
}

/* Neither as it should be nor as it is does it let the removed one in. */
static void
stays_out(const struct image *after, const struct image *before,
    const struct secret *other, unsigned mask)
{
	struct vault *v = NULL;
	struct why why = { "" };
	enum sq_err e;

	for (int as_is = 0; as_is < 2; as_is++) {
		put_old(after, before, mask);
		v = NULL;
		e = vault_open(tm_vault, other, as_is ? VAULT_AS_IS : 0, &v,
		    &why);
		if (as_is && mask == 3 && e == SQ_OK) {
			/* both are old: read-only, and said so */
			assert_true(vault_readonly(v));
			vault_close(v);
			continue;
		}
		if (err_exit(e) != 5)
			fail_msg("mask %u, as is %d: %d %s", mask, as_is, e,
			    why.text);
	}
	/* the owner is not locked out by one old copy */
	put_old(after, before, mask);
	e = vault_open(tm_vault, h.pass, 0, &v, &why);
	assert_int_equal(err_exit(e), mask == 3 ? 5 : 0);
	if (e == SQ_OK)
		vault_close(v);
	if (mask != 3)
		assert_int_equal(vault_open(tm_vault, other, 0, &v, &why),
		    SQ_EPASS);
}

/* The old header, or one copy of it, does not let a removed one in. */
static void
removed_slot(void **state)
{
	struct secret *other = tm_secret("another person's passphrase");
	struct secret *third = tm_secret("a third one");
	struct image before = { 0 }, after = { 0 };
	struct vault *v;
	struct why why = { "" };
	unsigned index = 0;

	(void)state;
	tm_put(last());
	v = tm_open(h.pass);
	OK(vault_slot_add(v, "other", other, KEYSLOT_PASSPHRASE, &index,
	    &why));
	vault_close(v);
	tm_keep(&before);
	v = tm_open(other);
	vault_close(v);
	v = tm_open(h.pass);
	OK(vault_slot_remove(v, index, &why));
	tm_add(v, "person", "name", "After the removal", NULL);
	vault_close(v);
	tm_keep(&after);
	assert_int_equal(vault_open(tm_vault, other, 0, &v, &why), SQ_EPASS);
	for (unsigned m = 1; m < 4; m++)
		stays_out(&after, &before, other, m);
	/* and a passphrase that was changed opens nothing any more */
	tm_put(&after);
	v = tm_open(h.pass);
	OK(vault_slot_change(v, third, &why));
	vault_close(v);
	assert_int_equal(vault_open(tm_vault, h.pass, 0, &v, &why), SQ_EPASS);
	v = tm_open(third);
	vault_close(v);
	tm_drop(&before);
	tm_drop(&after);
	secret_free(other);
	secret_free(third);
}

/* A change of slots cut between the two copies can be finished or undone. */
static void
cut_change(void **state)
{
	struct secret *third = tm_secret("a third one");
	struct image after = { 0 }, im = *last();
	struct vault *v;
	struct why why = { "" };

	(void)state;
	tm_put(last());
	v = tm_open(h.pass);
	OK(vault_slot_change(v, third, &why));
	vault_close(v);
	tm_keep(&after);
	for (int old = 0; old < 2; old++) {
		im = *last();
		im.p[F_HEADER] = after.p[F_HEADER];
		tm_put(&im);
		v = tm_open(old ? h.pass : third);
		assert_false(vault_readonly(v));
		tm_add(v, "person", "name", "After the cut", NULL);
		vault_close(v);
		/* what opened it goes on to open it, the other does not */
		v = tm_open(old ? h.pass : third);
		vault_close(v);
		assert_int_equal(vault_open(tm_vault, old ? third : h.pass, 0,
		    &v, &why), SQ_EPASS);
	}
	tm_drop(&after);
	secret_free(third);
}

/*
 * Whatever of it was taken away, once it is accepted as it is it opens as any
 * vault does, and takes new things.
 */
static void
accepted(void **state)
{
	static const struct {
		const char *what;
		int file, from;		/* another step's file; -1: junk */
		int file2;		/* and this one as junk too */
	} hurt[] = {
		{ "STATE.0 damaged", F_STATE0, -1, -1 },
		{ "STATE.1 damaged", F_STATE1, -1, -1 },
		{ "both damaged", F_STATE0, -1, F_STATE1 },
		{ "an old database", F_DB, 9, -1 },
		{ "an old database, STATE.0 damaged", F_DB, 9, F_STATE0 },
		{ "an old database, STATE.1 damaged", F_DB, 9, F_STATE1 },
		{ "an old STATE.0", F_STATE0, 3, -1 },
		{ "an old STATE.1", F_STATE1, 3, -1 }
	};
	uint8_t junk[512];
	struct image im;
	struct vault *v;
	struct why why;
	enum sq_err e;

	(void)state;
	bytes_random(junk, sizeof(junk));
	for (size_t i = 0; i < sizeof(hurt) / sizeof(hurt[0]); i++) {
		im = *last();
		im.p[hurt[i].file] = hurt[i].from < 0 ? junk :
		    h.at[hurt[i].from].p[hurt[i].file];
		if (hurt[i].from >= 0)
			im.n[hurt[i].file] = h.at[hurt[i].from].n[
			    hurt[i].file];
		if (hurt[i].file2 >= 0)
			im.p[hurt[i].file2] = junk;
		tm_put(&im);
		v = NULL;
		e = vault_open(tm_vault, h.pass, 0, &v, &why);
		if (e == SQ_OK) {	/* a power cut explains it */
			vault_close(v);
			continue;
		}
		assert_int_equal(e, SQ_EROLLBACK);
		if (vault_open(tm_vault, h.pass, VAULT_AS_IS, &v, &why) !=
		    SQ_OK)
			fail_msg("%s: as it is: %s", hurt[i].what, why.text);
		assert_true(vault_readonly(v));
		if (vault_accept(v, "the disk was replaced", &why) != SQ_OK)
			fail_msg("%s: accept: %s", hurt[i].what, why.text);
		vault_close(v);
		for (int k = 0; k < 3; k++) {
			if (vault_open(tm_vault, h.pass, 0, &v, &why) !=
			    SQ_OK)
				fail_msg("%s, accepted, opening %d: %s",
				    hurt[i].what, k, why.text);
			tm_add(v, "person", "name", "Afterwards", NULL);
			vault_close(v);
		}
	}
}

/* A wrong passphrase is one only while nothing is damaged. */
static void
wrong_passphrase(void **state)
{
	struct secret *wrong = tm_secret("wrong");
	struct vault *v = NULL;
	struct why why = { "" };
	struct image im = *last();
	uint8_t p[4096];

	(void)state;
	tm_put(last());
	assert_int_equal(vault_open(tm_vault, wrong, 0, &v, &why), SQ_EPASS);
	memcpy(p, im.p[F_HEADER], sizeof(p));
	p[0x100] ^= 1;
	im.p[F_HEADER] = p;
	tm_put(&im);
	assert_int_equal(vault_open(tm_vault, wrong, 0, &v, &why),
	    SQ_EDAMAGE);
	secret_free(wrong);
}

/* --- of another vault ---------------------------------------------------- */

static void
foreign(void **state)
{
	struct count c = { 0 };
	struct image other = { 0 }, im;
	struct vault_init in = { .kib = 65536, .passes = 3, .lanes = 4 };
	char own[sizeof(tm_vault)], log_id[33];
	uint32_t kib;

	(void)state;
	memcpy(own, tm_vault, sizeof(own));
	(void)snprintf(tm_vault, sizeof(tm_vault), "%.70s/w.sandyq", tm_dir);
	in.path = tm_vault;
	in.passphrase = h.pass;		/* the same for both */
	OK(vault_init(&in, log_id, &kib, NULL));
	tm_keep(&other);
	memcpy(tm_vault, own, sizeof(own));
	for (unsigned m = 1; m < (1u << FILES) - 1; m++) {
		im = *last();
		for (int i = 0; i < FILES; i++)
			if (m >> i & 1) {
				im.p[i] = other.p[i];
				im.n[i] = other.n[i];
			}
		tm_put(&im);
		if ((m & ~3u) == 0x1c)
			continue;	/* all of it but a header */
		opens(&c, true, "files %x of another vault", m);
	}
	tm_report("TM4, files of another vault", &c);
	tm_drop(&other);
}

static int
start(void **state)
{
	struct vault *v;

	(void)state;
	tm_start();
	tm_history(&h);
	v = tm_open(h.pass);
	OK(vault_checkpoint(v, &head, NULL));
	vault_close(v);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	bytes_free(&head);
	tm_history_free(&h);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_first),
		cmocka_unit_test(header_second),
		cmocka_unit_test(header_both),
		cmocka_unit_test(header_sum_mended),
		cmocka_unit_test(header_newer_forged),
		cmocka_unit_test(header_costly_forged),
		cmocka_unit_test(state_first),
		cmocka_unit_test(state_second),
		cmocka_unit_test(state_both),
		cmocka_unit_test(mixed),
		cmocka_unit_test(pairs),
		cmocka_unit_test(whole_is_told),
		cmocka_unit_test(lengths),
		cmocka_unit_test(absent),
		cmocka_unit_test(removed_slot),
		cmocka_unit_test(cut_change),
		cmocka_unit_test(accepted),
		cmocka_unit_test(wrong_passphrase),
		cmocka_unit_test(foreign)
	};

	cmocka_set_test_filter(getenv("TAMPER_ONLY"));
	return cmocka_run_group_tests_name("tamper: header and STATE", tests,
	    start, stop);
}
