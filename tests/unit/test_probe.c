/*
 * What files say of themselves, and how little is believed of what the probe
 * says of them.  The real sandyq-probe is asked about tiny media made here;
 * then programs that play it crash, lie, flood and linger.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>

#include "tests/unit/probe_help.h"

static struct media m;
static struct probe_result r;
static char dir[4096];

static int
blank(void **state)
{
	(void)state;
	memset(&m, 0, sizeof(m));
	memset(&r, 0x41, sizeof(r));
	return 0;
}

static void
ask(void)
{
	help_ask(m.p, m.n, &r);
}

/* Nothing is stated, or nothing but the type. */
static void
assert_only(const char *mime)
{
	assert_string_equal(r.mime, mime);
	assert_string_equal(r.created, "");
	assert_string_equal(r.duration, "");
	assert_string_equal(r.gps, "");
	assert_string_equal(r.device, "");
	assert_string_equal(r.width, "");
	assert_string_equal(r.height, "");
}

/* --- the real program --------------------------------------------------- */

static void
jpeg_says_when_where_and_with_what(void **state)
{
	(void)state;
	media_jpeg(&m);
	ask();
	assert_string_equal(r.mime, "image/jpeg");
	assert_string_equal(r.created, "2019-05-06T07:08:09+06:00");
	assert_string_equal(r.gps, "43.239028,76.889514");
	assert_string_equal(r.device,
	    "Nokia, Model \xd2\x9b, v\\x5C1\\x1B[0m");
	assert_string_equal(r.width, "16");
	assert_string_equal(r.height, "8");
	assert_string_equal(r.duration, "");
	assert_true(r.whole);
}

/* The two hemispheres with a minus; a zone that is not stated stays so. */
static void
jpeg_south_west_without_zone(void **state)
{
	uint8_t *p;

	(void)state;
	media_jpeg(&m);
	for (p = m.p; memcmp(p, "N\0\0", 4) != 0; p++)
		;
	*p = 'S';
	for (p = m.p; memcmp(p, "E\0\0", 4) != 0; p++)
		;
	*p = 'W';
	p = memmem(m.p, m.n, "+06:00", 6);
	memcpy(p, "      ", 6);
	ask();
	assert_string_equal(r.gps, "-43.239028,-76.889514");
	assert_string_equal(r.created, "2019-05-06T07:08:09");
}

static void
jpeg_with_a_clock_never_set(void **state)
{
	(void)state;
	media_jpeg(&m);
	memcpy(memmem(m.p, m.n, "2019:05:06", 10), "0000:00:00", 10);
	ask();
	assert_string_equal(r.created, "");
	assert_string_equal(r.gps, "43.239028,76.889514");
}

static void
jpeg_beyond_the_pole(void **state)
{
	uint8_t *p;

	(void)state;
	media_jpeg(&m);
	p = memmem(m.p, m.n, "\0\0\0\x2b\0\0\0\x01\0\0\0\x0e", 12);
	p[3] = 91;
	ask();
	assert_string_equal(r.gps, "");
	assert_string_equal(r.created, "2019-05-06T07:08:09+06:00");
}

static void
heic_and_tiff_say_the_same(void **state)
{
	(void)state;
	media_heic(&m);
	ask();
	assert_string_equal(r.mime, "image/heic");
	assert_string_equal(r.created, "2019-05-06T07:08:09+06:00");
	assert_string_equal(r.gps, "43.239028,76.889514");
	memset(&m, 0, sizeof(m));
	media_tiff(&m);
	ask();
	assert_string_equal(r.mime, "image/tiff");
	assert_string_equal(r.created, "2019-05-06T07:08:09+06:00");
	assert_string_equal(r.gps, "43.239028,76.889514");
}

static void
mp4_says_its_clock_and_place(void **state)
{
	(void)state;
	media_mp4(&m, MEDIA_MADE);
	ask();
	assert_string_equal(r.mime, "video/mp4");
	assert_string_equal(r.created, "2021-03-04T05:06:07Z");
	assert_string_equal(r.duration, "2.500");
	assert_string_equal(r.gps, "+43.2389+076.8897/");
	assert_string_equal(r.device, "Apple, iPhone 8, 14.4");
	assert_string_equal(r.width, "32");
	assert_string_equal(r.height, "16");
	assert_true(r.whole);
}

static void
mp4_with_a_clock_never_set(void **state)
{
	(void)state;
	media_mp4(&m, 0);
	ask();
	assert_string_equal(r.created, "");
	assert_string_equal(r.duration, "2.500");
}

/* The time with its zone is preferred to the bare clock. */
static void
mov_says_its_zone(void **state)
{
	(void)state;
	media_mov(&m);
	ask();
	assert_string_equal(r.mime, "video/quicktime");
	assert_string_equal(r.created, "2021-03-04T11:06:07+06:00");
	assert_string_equal(r.gps, "+43.2389+076.8897+780.500/");
	assert_string_equal(r.device, "Apple, iPhone SE, 15.1");
}

/* The place alone is not stated if it is none. */
static void
mov_with_a_broken_place(void **state)
{
	(void)state;
	media_mov(&m);
	memcpy(memmem(m.p, m.n, "076.8", 5), "\x1b[1m;", 5);
	ask();
	assert_string_equal(r.gps, "");
	assert_string_equal(r.mime, "video/quicktime");
	assert_string_equal(r.created, "2021-03-04T11:06:07+06:00");
	assert_true(r.whole);
}

static void
android_says_its_system(void **state)
{
	(void)state;
	media_android(&m);
	ask();
	assert_string_equal(r.mime, "video/mp4");
	assert_string_equal(r.device, "samsung, SM-A505F, Android 9");
	assert_string_equal(r.created, "2021-03-04T05:06:07Z");
}

static void
mkv_says_its_date(void **state)
{
	(void)state;
	media_mkv(&m);
	ask();
	assert_string_equal(r.mime, "video/x-matroska");
	assert_string_equal(r.created, "2021-03-04T05:06:07Z");
	assert_string_equal(r.duration, "2.500");
}

static void
wav_png_text(void **state)
{
	(void)state;
	media_wav(&m);
	ask();
	assert_string_equal(r.mime, "audio/x-wav");
	assert_string_equal(r.duration, "1.000");
	assert_string_equal(r.width, "");
	memset(&m, 0, sizeof(m));
	media_png(&m);
	ask();
	assert_string_equal(r.mime, "image/png");
	assert_string_equal(r.width, "3");
	assert_string_equal(r.height, "5");
	assert_string_equal(r.created, "");
	memset(&m, 0, sizeof(m));
	media_str(&m, "A statement, written down on paper.\n");
	ask();
	assert_only("text/plain");
	assert_true(r.whole);
}

static void
nothing_and_garbage(void **state)
{
	uint32_t x = 12345;

	(void)state;
	ask();
	assert_only("inode/x-empty");
	while (m.n < 40000) {
		x = x * 1664525 + 1013904223;
		media_be(&m, x >> 24, 1);
	}
	ask();
	assert_only("application/octet-stream");
}

/* Cut anywhere, a film is still asked about without harm. */
static void
truncated(void **state)
{
	struct media cut;
	size_t n;

	(void)state;
	media_mov(&m);
	for (n = 1; n < m.n; n += 61) {
		memcpy(&cut, &m, sizeof(cut));
		help_ask(cut.p, n, &r);
		assert_true(r.whole);
	}
}

/* More than one window and more than the head: the index is at the end. */
static void
big_film_with_its_index_at_the_end(void **state)
{
	static const uint64_t hole = 5ULL << 30;
	uint8_t head[16] = { 0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 1,
	    0x40, 0, 0, 16 };
	struct why why;
	size_t at;
	int fd;

	(void)state;
	media_mp4(&m, MEDIA_MADE);
	at = 24 + 14;			/* after ftyp and the small mdat */
	fd = help_file(m.p, 24);
	assert_int_equal(pwrite(fd, head, 16, 24), 16);
	assert_int_equal(pwrite(fd, m.p + at, m.n - at,
	    (off_t)(24 + 16 + hole)), (ssize_t)(m.n - at));
	assert_int_equal(probe_run(fd, &r, &why), SQ_OK);
	close(fd);
	assert_true(r.whole);
	assert_string_equal(r.created, "2021-03-04T05:06:07Z");
	assert_string_equal(r.gps, "+43.2389+076.8897/");
}

/* Only a file is read; whatever else is not even looked at. */
static void
pipe_folder_and_device(void **state)
{
	struct why why;
	int ends[2], fd;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(probe_run(ends[0], &r, &why), SQ_OK);
	assert_only("");
	close(ends[0]);
	close(ends[1]);
	fd = open("/", O_RDONLY);
	assert_int_equal(probe_run(fd, &r, &why), SQ_OK);
	assert_only("");
	close(fd);
	fd = open("/dev/zero", O_RDONLY);
	assert_int_equal(probe_run(fd, &r, &why), SQ_OK);
	assert_only("");
	close(fd);
	assert_int_equal(probe_run(-1, &r, &why), SQ_ECANNOT);
	assert_only("");
}

/* --- programs that play it ---------------------------------------------- */

static void
play(const char *script)
{
	struct answer a;

	help_script(dir, script);
	help_end(help_begin(dir), &a);
	assert_int_equal(a.e, SQ_OK);
	r = a.r;
}

static void
honest_lines_are_taken(void **state)
{
	(void)state;
	play("printf 'mime\\tvideo/mp4\\nwidth\\t640\\nheight\\t480\\n"
	    "created\\t2021\\nduration\\t3\\ngps\\t+1-2/\\ndevice\\tx\\n'");
	assert_string_equal(r.mime, "video/mp4");
	assert_string_equal(r.created, "2021");
	assert_string_equal(r.duration, "3");
	assert_string_equal(r.gps, "+1-2/");
	assert_string_equal(r.device, "x");
	assert_string_equal(r.width, "640");
	assert_string_equal(r.height, "480");
	assert_true(r.whole);
}

/* One line out of form, and what the others said does not count either. */
static void
nonsense_is_not_stated(void **state)
{
	static const char *const bad[] = {
		"printf 'color\\tred\\n'",
		"printf 'Mime\\tvideo/mp4\\n'",
		"printf 'device\\ty\\n'",		/* said twice */
		"printf 'mime video/mp4\\n'",
		"printf 'gps\\t\\n'",
		"printf '\\n'",
		"printf '\\tx\\n'",
		"printf 'gps\\t+1-2/'",			/* no end */
		"printf 'mime\\tvideo\\n'",
		"printf 'mime\\tvideo/\\n'",
		"printf 'mime\\t/mp4\\n'",
		"printf 'mime\\ta/b/c\\n'",
		"printf 'mime\\ta/b c\\n'",
		"printf 'created\\tyesterday\\n'",
		"printf 'created\\t2021-13\\t\\n'",
		"printf 'created\\t2021-03-04 05:06:07\\n'",
		"printf 'created\\t2021-03-04T05:06:07?\\n'",
		"printf 'created\\t2021-03-04T05:06:07+6:000\\n'",
		"printf 'duration\\t-1\\n'",
		"printf 'duration\\t1e9\\n'",
		"printf 'duration\\t1.5\\n'",
		"printf 'duration\\t1234567890123\\n'",
		"printf 'width\\t-4\\n'",
		"printf 'height\\t12345678\\n'",
		"printf 'gps\\there\\n'",
		"printf 'gps\\t+1;2\\n'",
		"printf 'gps\\t+1\\033[1m\\n'",
		"printf 'gps\\t+1\\0002\\n'",
		"printf 'mime\\tvideo/mp4\\r\\n'",
		"printf 'gps\\t+1\\302\\233\\n'",	/* U+009B */
		"printf 'gps\\t+1\\377\\n'",
		"printf 'gps\\t+1\\303\\n'",
		"printf 'gps\\t+%01024d\\n' 1",
		"printf 'created\\t%01025d\\n' 1",
		"yes 'x' | head -n 100",
	};
	char script[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(script, sizeof(script),
		    "printf 'device\\tfirst\\n'\n%s", bad[i]);
		play(script);
		if (r.device[0] != '\0')
			print_message("believed: %s\n", bad[i]);
		assert_only("");
	}
}

static void
text_of_the_greatest_length(void **state)
{
	(void)state;
	play("printf 'device\\t%01024d\\n' 7");
	assert_int_equal(strlen(r.device), PROBE_VALUE_MAX);
	play("printf 'device\\t%01025d\\n' 7");
	assert_only("");
}

/* What was said whole before the death stands; the rest is not stated. */
static void
death_of_the_file(void **state)
{
	(void)state;
	play("printf 'mime\\tvideo/mp4\\ndevice\\tcut of'; kill -SEGV $$");
	assert_only("video/mp4");
	assert_false(r.whole);
	play("printf 'mime\\tvideo/mp4\\n'; exit 3");
	assert_only("video/mp4");
	assert_false(r.whole);
	play("kill -KILL $$");
	assert_only("");
	assert_false(r.whole);
}

static void
flood_is_bounded(void **state)
{
	(void)state;
	play("exec yes");
	assert_only("");
	play("exec cat /dev/zero");
	assert_only("");
}

/* It closes its end and stays: it is not waited for. */
static void
lingering(void **state)
{
	(void)state;
	play("printf 'mime\\tvideo/mp4\\n'; exec >&-; exec sleep 100");
	assert_only("video/mp4");
	assert_false(r.whole);
}

static void
no_program_at_all(void **state)
{
	struct answer a;
	char path[4096 + 32];

	(void)state;
	if (access("/usr/local/libexec/sandyq/sandyq-probe", F_OK) == 0)
		skip();
	snprintf(path, sizeof(path), "%s/sandyq-probe", dir);
	unlink(path);
	help_end(help_begin(dir), &a);
	assert_int_equal(a.e, SQ_ECANNOT);
	assert_non_null(strstr(a.why.text, "sandyq-probe"));
	r = a.r;
	assert_only("");
	help_script(dir, "");
	assert_int_equal(chmod(path, 0644), 0);
	help_end(help_begin(dir), &a);
	assert_int_equal(a.e, SQ_ECANNOT);
}

/*
 * This test itself in the place of sandyq-probe, see list_what_came: two
 * descriptors, the file and the pipe; no environment; no arguments.
 */
static void
nothing_else_is_handed_on(void **state)
{
	struct answer a;
	char self[4096], path[4096 + 32];

	(void)state;
	help_self(self);
	snprintf(path, sizeof(path), "%s/sandyq-probe", dir);
	unlink(path);
	assert_int_equal(link(self, path), 0);
	help_end(help_begin(dir), &a);
	assert_int_equal(a.e, SQ_OK);
	assert_true(a.r.whole);
	assert_string_equal(a.r.device,
	    "0 /memfd:sample (deleted), 1 pipe, env 0, args 1");
}

static int
list_what_came(int argc)
{
	extern char **environ;
	char path[64], to[256], out[1024] = "";
	struct dirent *e;
	size_t at = 0;
	ssize_t n;
	int env = 0;
	DIR *d = opendir("/proc/self/fd");

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || atoi(e->d_name) == dirfd(d))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%.20s", e->d_name);
		n = readlink(path, to, sizeof(to) - 1);
		to[n > 0 ? n : 0] = '\0';
		if (strncmp(to, "pipe:", 5) == 0)
			to[4] = '\0';
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%.20s %s, ",
		    e->d_name, to);
	}
	while (environ != NULL && environ[env] != NULL)
		env++;
	printf("device\t%senv %d, args %d\n", out, env, argc);
	if (d == NULL)
		return 1;
	closedir(d);
	return fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(jpeg_says_when_where_and_with_what,
		    blank),
		cmocka_unit_test_setup(jpeg_south_west_without_zone, blank),
		cmocka_unit_test_setup(jpeg_with_a_clock_never_set, blank),
		cmocka_unit_test_setup(jpeg_beyond_the_pole, blank),
		cmocka_unit_test_setup(heic_and_tiff_say_the_same, blank),
		cmocka_unit_test_setup(mp4_says_its_clock_and_place, blank),
		cmocka_unit_test_setup(mp4_with_a_clock_never_set, blank),
		cmocka_unit_test_setup(mov_says_its_zone, blank),
		cmocka_unit_test_setup(mov_with_a_broken_place, blank),
		cmocka_unit_test_setup(android_says_its_system, blank),
		cmocka_unit_test_setup(mkv_says_its_date, blank),
		cmocka_unit_test_setup(wav_png_text, blank),
		cmocka_unit_test_setup(nothing_and_garbage, blank),
		cmocka_unit_test_setup(truncated, blank),
		cmocka_unit_test_setup(big_film_with_its_index_at_the_end,
		    blank),
		cmocka_unit_test_setup(pipe_folder_and_device, blank),
		cmocka_unit_test_setup(honest_lines_are_taken, blank),
		cmocka_unit_test_setup(nonsense_is_not_stated, blank),
		cmocka_unit_test_setup(text_of_the_greatest_length, blank),
		cmocka_unit_test_setup(death_of_the_file, blank),
		cmocka_unit_test_setup(flood_is_bounded, blank),
		cmocka_unit_test_setup(lingering, blank),
		cmocka_unit_test_setup(no_program_at_all, blank),
		cmocka_unit_test_setup(nothing_else_is_handed_on, blank),
	};
	int rc;

	if (argc > 0 && strcmp(argv[0], "sandyq-probe") == 0)
		return list_what_came(argc);
	if (argc == 2 && strcmp(argv[1], "--ask") == 0)
		return help_answer();
	help_dir(dir);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	help_dir_drop(dir);
	return rc;
}
