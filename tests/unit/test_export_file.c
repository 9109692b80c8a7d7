/*
 * Attachments in bundles, through the public doors: which files go to whom,
 * their bytes untouched; and that what is not as it was goes nowhere.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/export_help.h"
#include "vault/bundle/export.h"

#define FILM 250001		/* four chunks, the last one cut */

static uint8_t film[FILM];

static void
hear(void *arg, const struct vault_attached *a)
{
	(void)arg;
	(void)a;
}

/* Attach ${n} bytes as a file of this name. */
static void
attach(const char *ref, const char *name, const void *p, size_t n)
{
	char path[192];
	const char *paths[] = { path };
	struct vault_attach o = { .ref = ref, .paths = paths, .n = 1 };

	(void)snprintf(path, sizeof(path), "%s", door_at(name));
	door_write(path, p, n);
	OK(vault_attach(door_v, &o, hear, NULL, &door_why));
}

/* A testimony that may be shared, with one film. */
static void
start_film(void)
{
	start();
	door_add("testimony", "summary", "An account");
	agree("T-1");
	attach("T-1", "MVI_0231.MP4", film, FILM);
}

static const char *
film_hex(void)
{
	static char hex[DIGEST_HEX];
	uint8_t sum[DIGEST_LEN];

	digest_sha256(sum, film, FILM);
	bytes_hex(hex, sum, sizeof(sum));
	return hex;
}

/* The bytes of an item's file in the bundle; NULL if there is none. */
static const char *
file_of(const char *ref, const char *ext, size_t *ret_n)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "bag/data/items/%06u/original.%s",
	    item_of(ref), ext);
	return door_member(tar, tar_n, path, ret_n);
}

static void
goes(const char *ref, const char *ext, const void *p, size_t n)
{
	size_t got;
	const char *q = file_of(ref, ext, &got);

	assert_non_null(q);
	assert_int_equal(got, n);
	assert_memory_equal(q, p, n);
}

/* The record went, the file did not, and it is said why. */
static void
stays(const char *ref, const char *why)
{
	char line[300];

	assert_true(item_of(ref) > 0);
	assert_false(memmem(tar, tar_n, film, 64) != NULL);
	assert_false(in_tar("original."));
	(void)snprintf(line, sizeof(line), "%s: its file stays: %s", ref, why);
	assert_true(in_file("withheld.txt", line));
	assert_true(in_file("report.html", "its file stays: "));
	assert_true(in_file("report.html", "is not in this bundle"));
	assert_false(in_file("loadfile/items.dat", "\\original."));
	assert_int_equal(door_x.attachments, 0);
	assert_true(door_x.n_left > 0);
	assert_true(door_x.left[door_x.n_left - 1].file);
}

static void
test_goes(void **state)
{
	char *s, hex[DIGEST_HEX], row[128];
	uint8_t sum[DIGEST_LEN];

	(void)state;
	start_film();
	attach("T-1", "empty.txt", "", 0);
	EXPORT(.refs = { "T-1" });
	goes("M-1", "mp4", film, FILM);
	goes("M-2", "txt", "", 0);
	assert_int_equal(door_x.attachments, 2);
	assert_int_equal(door_x.n_left, 0);
	assert_true(in_file("items.csv", ",items/000002/original.mp4,"
	    "MVI_0231.MP4,"));
	digest_sha256(sum, film, FILM);
	bytes_hex(hex, sum, sizeof(sum));
	(void)snprintf(row, sizeof(row), ",%d,%s,", FILM, hex);
	assert_true(in_file("items.csv", row));
	assert_true(in_file("report.html", "items/000002/original.mp4"));
	assert_false(in_file("report.html", "is not in this bundle"));
	assert_true(in_file("custody.csv", ",hashed,"));
	assert_true(in_file("loadfile/items.dat",
	    "items\\000002\\original.mp4"));
	(void)snprintf(row, sizeof(row), "%s  items/000002/original.mp4\n",
	    hex);
	assert_true(in_file("certificates/generic.txt", row));
	assert_true(in_file("certificates/us-fre-902-14.txt", row));
	s = door_text(tar, tar_n, "STATEMENT.txt");
	assert_non_null(strstr(s, "\nattachments: 2\n"));
	free(s);
	s = door_text(tar, tar_n, "bag/manifest-sha256.txt");
	(void)snprintf(row, sizeof(row), "%.64s  data/items/000002/original."
	    "mp4\n", hex);
	assert_non_null(strstr(s, row));
	free(s);
}

/* The same content of two records is in the bundle for each of them. */
static void
test_shared(void **state)
{
	(void)state;
	start_film();
	door_add("testimony", "summary", "Another");
	agree("T-2");
	attach("T-2", "copy.mov", film, FILM);
	EXPORT(.refs = { "T-1", "T-2" });
	goes("M-1", "mp4", film, FILM);
	goes("M-2", "mov", film, FILM);
}

static void
test_consent(void **state)
{
	(void)state;
	start_film();
	door_add("testimony", "summary", "Another");
	agree("T-2");
	door_share("T-1", "withdrawn");
	EXPORT(.refs = { "T-1", "T-2" });
	assert_int_equal(item_of("M-1"), 0);
	assert_int_equal(door_x.attachments, 0);
	assert_true(memmem(tar, tar_n, film, 64) == NULL);
	assert_true(in_file("withheld.txt", "M-1: "));
	REFUSED(SQ_EREFUSED, .refs = { "M-1" });
	/* a no to the recording alone */
	agree("T-1");
	door_share("M-1", "no");
	EXPORT(.refs = { "T-1" });
	assert_true(memmem(tar, tar_n, film, 64) == NULL);
	assert_true(in_file("withheld.txt", "M-1: "));
}

static void
test_profiles(void **state)
{
	(void)state;
	start_film();
	EXPORT(.refs = { "T-1" }, .profile = "public");
	stays("M-1", "the profile public holds none");
	EXPORT(.refs = { "T-1" }, .profile = "full");
	goes("M-1", "mp4", film, FILM);
	/* what its bytes tell of place and device is an identity */
	door_edit("M-1", "device", "Serialnumber 5");
	EXPORT(.refs = { "T-1" });
	stays("M-1", "it tells device, which");
	assert_false(in_tar("Serialnumber"));
	EXPORT(.refs = { "T-1" }, .profile = "court");
	goes("M-1", "mp4", film, FILM);
	EXPORT(.refs = { "T-1" }, .disclose = { "M-1.device" });
	goes("M-1", "mp4", film, FILM);
	door_edit("M-1", "embedded_place", "48.0000, 66.0000");
	EXPORT(.refs = { "T-1" }, .disclose = { "M-1.device" });
	stays("M-1", "it tells embedded_place, which");
	EXPORT(.refs = { "T-1" }, .profile = "court",
	    .withhold = { "media.embedded_place" });
	stays("M-1", "it tells embedded_place, which");
	/* what only the record says keeps no file back */
	OK(door_unset("M-1", "device"));
	OK(door_unset("M-1", "embedded_place"));
	door_edit("M-1", "place", "Somewhere", "collector", "Somebody");
	EXPORT(.refs = { "T-1" });
	goes("M-1", "mp4", film, FILM);
}

static void
test_faces(void **state)
{
	(void)state;
	start_film();
	door_edit("M-1", "shows_faces", "no");
	EXPORT(.refs = { "T-1" });
	goes("M-1", "mp4", film, FILM);
	door_edit("M-1", "shows_faces", "yes");
	EXPORT(.refs = { "T-1" });
	stays("M-1", "it tells shows_faces, which");
	EXPORT(.refs = { "T-1" }, .profile = "court");
	goes("M-1", "mp4", film, FILM);
	EXPORT(.refs = { "T-1" }, .disclose = { "M-1.file" });
	goes("M-1", "mp4", film, FILM);
	EXPORT(.refs = { "T-1" }, .withhold = { "shows_faces" });
	stays("M-1", "it tells what is withheld, which");
	door_edit("M-1", "shows_faces", "no", "shows_children", "yes");
	EXPORT(.refs = { "T-1" });
	stays("M-1", "it tells shows_children, which");
}

static void
test_by_name(void **state)
{
	static const char *const all[] = { "file", "media.file", "M-1.file",
	    "m-1.file" };

	(void)state;
	start_film();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		EXPORT(.refs = { "T-1" }, .withhold = { all[i] });
		stays("M-1", "it was withheld");
		/* withholding wins */
		EXPORT(.refs = { "T-1" }, .withhold = { all[i] },
		    .disclose = { "M-1.file" });
		stays("M-1", "it was withheld");
		/* let go by name: and what binds it with it */
		EXPORT(.refs = { "T-1" }, .profile = "public",
		    .disclose = { all[i] });
		goes("M-1", "bin", film, FILM);
		assert_true(open_in("M-1", "sha256"));
		assert_true(open_in("M-1", "size"));
		assert_false(in_tar("MVI_0231"));
	}
	/* no such thing elsewhere */
	REFUSED(SQ_EUSAGE, .refs = { "T-1" }, .withhold = { "T-1.file" });
	REFUSED(SQ_EUSAGE, .refs = { "T-1" }, .withhold = { "M-2.file" });
	/* without its hash nothing ties it to its record */
	EXPORT(.refs = { "T-1" }, .withhold = { "sha256" });
	stays("M-1", "it tells sha256, which");
	/* nor do the events of the file repeat what its record keeps back */
	door_add("custody", "action", "received", "about", "M-1", "object",
	    "namedbyhand");
	EXPORT(.refs = { "T-1" });
	assert_true(in_tar(film_hex()) && in_tar("namedbyhand"));
	EXPORT(.refs = { "T-1" }, .withhold = { "M-1.sha256",
	    "M-1.original_name" });
	assert_false(in_tar(film_hex()) || in_tar("namedbyhand"));
	EXPORT(.refs = { "T-1" }, .withhold = { "original_name" });
	goes("M-1", "bin", film, FILM);
}

/* The record was made to say something else. */
static void
test_record_differs(void **state)
{
	(void)state;
	start_film();
	door_edit("M-1", "size", "12");
	EXPORT(.refs = { "T-1" });
	stays("M-1", "its record does not state");
}

/* The one object of the vault. */
static char *
object_path(void)
{
	static char path[512];
	char cmd[256];
	FILE *f;

	(void)snprintf(cmd, sizeof(cmd), "find %s/store -type f", door_path);
	f = popen(cmd, "r");
	assert_non_null(f);
	assert_non_null(fgets(path, sizeof(path), f));
	(void)pclose(f);
	path[strcspn(path, "\n")] = '\0';
	return path;
}

/* Damage at the begin, in the middle, in the last byte, cut, gone. */
static void
test_damage(void **state)
{
	uint8_t *p;
	size_t n;
	const char *path;

	(void)state;
	start_film();
	path = object_path();
	p = door_read(path, &n);
	for (int k = 0; k < 5; k++) {
		size_t at = k == 0 ? 60 : k == 1 ? n / 2 : n - 1;

		p[at] ^= 1;
		if (k < 3)
			door_write(path, p, n);
		else if (k == 3)
			door_write(path, p, n - 1);
		else
			assert_int_equal(unlink(path), 0);
		p[at] ^= 1;
		REFUSED(SQ_EDAMAGE, .refs = { "T-1" });
		door_says("M-1");
		/* the rest can still go */
		EXPORT(.refs = { "T-1" }, .withhold = { "M-1.file" });
		stays("M-1", "it was withheld");
		assert_int_equal(door_count(door_out), 0);
	}
	door_write(path, p, n);
	EXPORT(.refs = { "T-1" });
	goes("M-1", "mp4", film, FILM);
	free(p);
}

static enum sq_err
count_bytes(void *arg, const uint8_t *p, size_t n)
{
	(void)p;
	*(size_t *)arg += n;
	return SQ_OK;
}

/* A whole object whose content is not what its entry says. */
static void
test_hash_differs(void **state)
{
	const uint8_t vault_id[16] = { 1 };
	struct secret *key = NULL;
	struct blob_store bs = { .vault_id = vault_id };
	struct export_item it = { .file = true };
	struct export_plan plan = { .item = &it, .n = 1 };
	struct export_in in = { .blobs = &bs, .plan = &plan };
	struct export_content x;
	struct fsio_in *src = NULL;
	size_t n = 0;

	(void)state;
	start();
	OK(secret_random(32, &key));
	bs.k_blob = key;
	OK(fsio_path_open_dir(door_dir, &bs.dirfd, &door_why));
	door_write(door_at("src"), film, FILM);
	OK(fsio_in_open(door_at("src"), &src, &door_why));
	OK(blob_put(&bs, src, NULL, NULL, &it.object, &door_why));
	OK(blob_settle(&bs, &it.object, 1, &door_why));
	fsio_in_close(src);
	(void)snprintf(it.ref, sizeof(it.ref), "M-7");
	export_content_new(&in, &door_why, &x);
	OK(export_content_write(&x, &it, count_bytes, &n));
	assert_int_equal(n, FILM);
	it.object.sha256[7] ^= 1;
	ERR(export_content_write(&x, &it, count_bytes, &n), SQ_EDAMAGE);
	door_says("M-7");
	door_says("SHA-256");
	(void)close(bs.dirfd);
	secret_free(key);
}

struct stop {
	unsigned calls, at;
	uint64_t last;
	bool bytes;
};

static bool
stop_at(void *arg, const struct vault_progress *p)
{
	struct stop *s = arg;

	if (p->name != NULL) {
		s->bytes = true;
		assert_true(p->all_done >= s->last);
		assert_true(p->done <= p->of && p->all_done <= p->all_of);
		assert_int_equal(p->all_of, FILM + 3);
		s->last = p->all_done;
	}
	return ++s->calls != s->at;
}

/* Stopped at each call of the progress: nothing is there, nothing logged. */
static void
test_stopped(void **state)
{
	const char *refs[] = { "T-1" };
	unsigned calls;

	(void)state;
	start_film();
	attach("T-1", "more.txt", "abc", 3);
	(void)mkdir(door_at("out"), 0700);
	for (unsigned at = 1, of = 2; at < of; at++) {
		struct stop s = { .at = at };
		struct vault_export o = { .refs = refs, .n_refs = 1,
		    .to = "R-1", .progress = stop_at, .arg = &s };
		uint64_t entries = door_entries();

		ERR(door_export(&o), SQ_EREFUSED);
		assert_int_equal(s.calls, at);
		assert_int_equal(door_entries(), entries);
		assert_int_equal(door_count(door_out), 0);
		/* how many there are */
		s = (struct stop){ .at = 0 };
		OK(door_export(&o));
		assert_true(s.bytes && s.last == FILM + 3);
		calls = s.calls;
		assert_true(of == 2 || of == calls + 1);
		of = calls + 1;
		(void)unlink(door_x.path);
	}
}

static void
test_names(void **state)
{
	static const struct {
		const char *name, *mime, *ext;
	} t[] = {
		{ "MVI_0231.MP4", NULL, "mp4" },
		{ "a.tar.Jpg", "text/html", "jpg" },
		{ "x.exe", "video/mp4", "mp4" },
		{ "x.html", "text/html", "bin" },
		{ "x.svg", "image/svg+xml", "bin" },
		{ "x.docm", NULL, "bin" },
		{ "mp4", NULL, "bin" },
		{ "x.", NULL, "bin" },
		{ "x.mp4 ", NULL, "bin" },
		{ "x.mp4\n", NULL, "bin" },
		{ "../../x.mp4/..", NULL, "bin" },
		{ NULL, "IMAGE/PNG", "png" },
		{ NULL, NULL, "bin" }
	};
	char out[BAG_ORIGINAL_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *ext = bag_original_ext(t[i].name, t[i].mime);

		assert_string_equal(ext, t[i].ext);
		assert_true(bag_original_ok(ext));
	}
	assert_false(bag_original_ok(""));
	assert_false(bag_original_ok("exe"));
	assert_false(bag_original_ok("mp4.exe"));
	assert_false(bag_original_ok("MP4"));
	bag_original(999999, "jpeg", out);
	assert_string_equal(out, "items/999999/original.jpeg");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_consent),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_faces),
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_record_differs),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_hash_differs),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_names)
	};
	int rc;

	for (size_t i = 0; i < FILM; i++)
		film[i] = (uint8_t)(i * 2654435761u >> 11);
	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(tar);
	vault_exported_free(&door_x);
	door_end();
	return rc;
}
