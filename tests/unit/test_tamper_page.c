/*
 * Pages of the database: a bit of each changed, and each one put back as it
 * was after an earlier step, so that only the program's own checks can see it.
 */
#include "tests/unit/tamper.h"

static struct history h;

static const struct image *
last(void)
{
	return &h.at[h.n - 1];
}

/* A page of an earlier step in place of the one of now. */
static void
each_old_page(void **state)
{
	struct count c = { 0 };
	struct image im;
	size_t pages;

	(void)state;
	for (size_t s = 0; s + 1 < h.n; s++) {
		pages = h.at[s].n[F_DB] / DB_PAGE_LEN;
		for (size_t p = 0; p < pages; p++) {
			size_t off = p * DB_PAGE_LEN;

			if (memcmp(h.at[s].p[F_DB] + off, last()->p[F_DB] +
			    off, DB_PAGE_LEN) == 0)
				continue;
			/* the same page may be the same in the next step */
			if (s + 2 < h.n && h.at[s + 1].n[F_DB] >= off +
			    DB_PAGE_LEN && memcmp(h.at[s].p[F_DB] + off,
			    h.at[s + 1].p[F_DB] + off, DB_PAGE_LEN) == 0)
				continue;
			im = *last();
			im.p[F_DB] = malloc(im.n[F_DB]);
			assert_non_null(im.p[F_DB]);
			memcpy(im.p[F_DB], last()->p[F_DB], im.n[F_DB]);
			memcpy(im.p[F_DB] + off, h.at[s].p[F_DB] + off,
			    DB_PAGE_LEN);
			tm_put(&im);
			tm_judge(&h, &c, "page %zu of step %zu (%s)", p + 1,
			    s, h.what[s]);
			free(im.p[F_DB]);
		}
	}
	tm_report("TM5, one old page put back", &c);
}

/*
 * Many old pages at once, of one step or of several, as a seeded sequence
 * chooses; all of a step but one; and with the newest STATE gone, which looks
 * like a power cut.
 */
static void
many_old_pages(void **state)
{
	struct count c = { 0 };
	struct image im = *last();
	uint64_t seed = 20260314;
	size_t pages = im.n[F_DB] / DB_PAGE_LEN, s, from;
	unsigned percent;
	int newest = memcmp(im.p[F_STATE0], h.at[h.n - 2].p[F_STATE0], 512) !=
	    0 ? F_STATE0 : F_STATE1;

	(void)state;
	im.p[F_DB] = malloc(im.n[F_DB]);
	assert_non_null(im.p[F_DB]);
	for (unsigned i = 0; i < (tm_all() ? 2000u : 60u); i++) {
		memcpy(im.p[F_DB], last()->p[F_DB], im.n[F_DB]);
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		s = (size_t)(seed >> 40) % (h.n - 1);
		percent = i % 4 == 3 ? 100 : (unsigned)(seed >> 33) % 60 + 1;
		for (size_t p = 0; p < pages; p++) {
			seed = seed * 6364136223846793005u +
			    1442695040888963407u;
			from = i % 2 == 0 ? s : (size_t)(seed >> 50) %
			    (h.n - 1);
			if (h.at[from].n[F_DB] < (p + 1) * DB_PAGE_LEN ||
			    (unsigned)(seed >> 33) % 100 >= percent ||
			    (percent == 100 && p == i % pages))
				continue;
			memcpy(im.p[F_DB] + p * DB_PAGE_LEN,
			    h.at[from].p[F_DB] + p * DB_PAGE_LEN,
			    DB_PAGE_LEN);
		}
		im.n[newest] = i % 5 == 4 ? SIZE_MAX : 512;
		tm_put(&im);
		tm_judge(&h, &c, "mixture %u", i);
	}
	free(im.p[F_DB]);
	tm_report("TM5, many old pages at once", &c);
}

/* One bit in each page, and in the pages of a long testimony many. */
static void
each_page_flipped(void **state)
{
	struct count c = { 0 };
	struct image im = *last();
	size_t pages = im.n[F_DB] / DB_PAGE_LEN, at;
	unsigned per = tm_all() ? 64 : 1;

	(void)state;
	im.p[F_DB] = malloc(im.n[F_DB]);
	assert_non_null(im.p[F_DB]);
	memcpy(im.p[F_DB], last()->p[F_DB], im.n[F_DB]);
	for (size_t p = 0; p < pages; p++)
		for (unsigned k = 0; k < per; k++) {
			at = p * DB_PAGE_LEN + (p * 131 + k * 64 + 7) %
			    DB_PAGE_LEN;
			im.p[F_DB][at] ^= (uint8_t)(1u << ((p + k) % 8));
			tm_put(&im);
			tm_judge(&h, &c, "page %zu, byte %zu", p + 1, at %
			    DB_PAGE_LEN);
			im.p[F_DB][at] ^= (uint8_t)(1u << ((p + k) % 8));
		}
	free(im.p[F_DB]);
	tm_report("TM2, a bit of each page changed", &c);
}

/* The first 16 bytes, which SQLCipher itself does not look at (TM13). */
static void
first_bytes(void **state)
{
	struct count c = { 0 };
	struct image im = *last();

	(void)state;
	for (unsigned bit = 0; bit < 128; bit++) {
		im.p[F_DB][bit / 8] ^= (uint8_t)(1u << bit % 8);
		tm_put(&im);
		tm_judge(&h, &c, "bit %u", bit);
		im.p[F_DB][bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	tm_report("TM13, the first 16 bytes", &c);
	assert_int_equal(c.closed, c.cases);
}

/* The truth that everything is held against holds what was put in. */
static void
truth_is_true(void **state)
{
	static const struct {
		const char *name, *has, *lacks;
	} want[] = {
		{ "show T-1", "newword was the last.", "oldword" },
		{ "show T-2", "withdrawnword and nothing else", NULL },
		{ "show P-1", "Person Renamed", "Number 1\n" },
		{ "history T-1", "burning was the first word.", NULL },
		{ "consent show T-2", "decision: withdrawn", NULL },
		{ "search latestword", "T-3", NULL },
		{ "search oldword", "", "T-1" },
		{ "list testimony 0", "T-3", NULL },
		{ "export C-1", "left T-2", "withdrawnword" },
		{ "export C-1", "left M-2", "two.mp4" },
		{ "log list", "\n203 ", "\n204 " }
	};
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		for (size_t k = 0; k < h.truth.n; k++) {
			const struct answer *a = &h.truth.a[k];

			if (strcmp(a->name, want[i].name) != 0)
				continue;
			found++;
			OK(a->e);
			if (strstr(a->text, want[i].has) == NULL)
				fail_msg("%s lacks %s", a->name, want[i].has);
			if (want[i].lacks != NULL && strstr(a->text,
			    want[i].lacks) != NULL)
				fail_msg("%s has %s", a->name, want[i].lacks);
		}
	assert_int_equal(found, sizeof(want) / sizeof(want[0]));
}

static int
start(void **state)
{
	(void)state;
	tm_start();
	tm_history(&h);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	tm_history_free(&h);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth_is_true),
		cmocka_unit_test(first_bytes),
		cmocka_unit_test(each_page_flipped),
		cmocka_unit_test(each_old_page),
		cmocka_unit_test(many_old_pages)
	};

	cmocka_set_test_filter(getenv("TAMPER_ONLY"));
	return cmocka_run_group_tests_name("tamper: pages", tests, start,
	    stop);
}
