/*
 * 2,000 broken files, from a fixed seed: the tiny media with bytes changed,
 * lengths inflated, pieces cut out.  None may hang and none may fail the one
 * who asks; that what comes back is in form is the door's own promise, tried
 * here as well.  FUZZ=N asks N, SEED=N another row of them.  sandyq-probe is
 * built without sanitizers (see the Makefile), so that under them a tenth is
 * enough for what asks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <time.h>

#include "crypto/bytes.h"
#include "tests/unit/probe_help.h"

#if defined(__SANITIZE_ADDRESS__)
#define FILES 200
#else
#define FILES 2000
#endif

static uint64_t seed = 20;

static uint32_t
chance(uint32_t n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 33) % n;
}

static void
make(struct media *m, uint32_t kind)
{
	memset(m, 0, sizeof(*m));
	switch (kind) {
	case 0:
		media_jpeg(m);
		break;
	case 1:
		media_heic(m);
		break;
	case 2:
		media_mp4(m, MEDIA_MADE);
		break;
	case 3:
		media_mov(m);
		break;
	case 4:
		media_mkv(m);
		break;
	case 5:
		media_wav(m);
		m->n = 200;
		break;
	case 6:
		media_png(m);
		break;
	default:
		media_tiff(m);
	}
}

/* One to eight wounds; now and then a length of many ones. */
static void
wound(struct media *m)
{
	uint32_t n = 1 + chance(8), at;

	while (n-- > 0) {
		at = chance((uint32_t)m->n);
		switch (chance(6)) {
		case 0:
			m->p[at] = 0xff;
			break;
		case 1:
			m->p[at] = 0;
			break;
		case 2:
			if (at + 4 <= m->n)
				memset(m->p + at, 0xff, 4);
			break;
		default:
			m->p[at] ^= (uint8_t)(1 + chance(255));
		}
	}
	if (chance(16) == 0)
		m->n = 1 + chance((uint32_t)m->n);
}

static void
assert_form(const char *s)
{
	size_t n = strlen(s);

	assert_true(n <= PROBE_VALUE_MAX);
	assert_true(bytes_utf8(s, n));
	for (; *s != '\0'; s++)
		assert_true((uint8_t)*s >= 0x20 && *s != 0x7f);
}

static int
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
broken_files_harm_nobody(void **state)
{
	static struct media m;
	struct probe_result r;
	const char *want = getenv("FUZZ");
	long n = want != NULL ? atol(want) : FILES, i, died = 0;
	int fds = descriptors();
	time_t t;

	(void)state;
	if (getenv("SEED") != NULL)
		seed = (uint64_t)atol(getenv("SEED"));
	for (i = 0; i < n; i++) {
		make(&m, chance(8));
		wound(&m);
		t = time(NULL);
		help_ask(m.p, m.n, &r);
		assert_true(time(NULL) - t < 14);
		/* an honest probe never loses its credit: that would be all */
		assert_string_not_equal(r.mime, "");
		assert_form(r.mime);
		assert_form(r.created);
		assert_form(r.duration);
		assert_form(r.gps);
		assert_form(r.device);
		if (!r.whole)
			died++;
	}
	print_message("%ld broken files, %ld of them the probe died of\n", n,
	    died);
	assert_int_equal(descriptors(), fds);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_files_harm_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
