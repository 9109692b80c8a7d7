/*
 * Files: a write is whole or not there, no link is followed, nothing that
 * exists is replaced unasked, and the working directory of the start holds.
 */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "vault/fsio.h"

static char dir[] = "/tmp/sandyq-test-fsio.XXXXXX";
static int dirfd = -1;
static struct why why;

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL || chdir(dir) != 0 || fsio_init() != SQ_OK)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	return dirfd < 0;
}

static enum sq_err
drop_name(void *arg, const char *name)
{
	(void)arg;
	(void)chmod(name, 0700);
	if (unlinkat(dirfd, name, 0) != 0 &&
	    unlinkat(dirfd, name, AT_REMOVEDIR) != 0)
		return SQ_EIO;
	return SQ_OK;
}

/* Each test begins with an empty folder as the working directory. */
static int
clean(void **state)
{
	(void)state;
	return fchdir(dirfd) != 0 ||
	    fsio_each(dirfd, drop_name, NULL) != SQ_OK;
}

static int
teardown(void **state)
{
	int bad = clean(state);

	(void)close(dirfd);
	assert_int_equal(chdir("/"), 0);
	return bad + rmdir(dir);
}

static bool
there(const char *name)
{
	return faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
holds(const char *name, const char *text)
{
	struct bytes_buf b = { 0 };

	assert_int_equal(fsio_read(dirfd, name, 1000, &b, &why), SQ_OK);
	assert_int_equal(b.len, strlen(text));
	if (b.len > 0)
		assert_memory_equal(b.p, text, b.len);
	bytes_free(&b);
}

static void
creates_once(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(fsio_create(dirfd, "a", "one", 3, &why), SQ_OK);
	assert_int_equal(fsio_create(dirfd, "a", "two", 3, &why), SQ_EEXIST);
	holds("a", "one");
	assert_int_equal(fstatat(dirfd, "a", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(fsio_create(dirfd, "link", "x", 1, &why), SQ_EEXIST);
	assert_false(there("nowhere"));
}

static void
replaces_whole(void **state)
{
	(void)state;
	assert_int_equal(fsio_create(dirfd, "a", "old", 3, &why), SQ_OK);
	/* what a crash left is not in the way */
	assert_int_equal(fsio_create(dirfd, "a.new", "half", 4, &why), SQ_OK);
	assert_int_equal(fsio_replace(dirfd, "a", "new!", 4, &why), SQ_OK);
	holds("a", "new!");
	assert_false(there("a.new"));
	/* a link that was put in its place is replaced, not followed */
	assert_int_equal(fsio_create(dirfd, "target", "kept", 4, &why), SQ_OK);
	assert_int_equal(unlink("a"), 0);
	assert_int_equal(symlink("target", "a"), 0);
	assert_int_equal(fsio_replace(dirfd, "a", "mine", 4, &why), SQ_OK);
	holds("target", "kept");
	holds("a", "mine");
	/* a folder in the way of the temporary name: the old stands */
	assert_int_equal(mkdir("a.new", 0700), 0);
	assert_int_not_equal(fsio_replace(dirfd, "a", "no", 2, &why), SQ_OK);
	holds("a", "mine");
}

/* A disk that takes no more, by a limit on the size of files. */
static void
a_failed_write_leaves_nothing(void **state)
{
	static const uint8_t big[3 << 20];
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(fsio_create(dirfd, "a", "old", 3, &why), SQ_OK);
	if ((pid = fork()) == 0) {
		struct rlimit lim = { 5000, 5000 };
		struct fsio_out *out = NULL;
		int bad = 0;

		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &lim);
		bad |= fsio_replace(dirfd, "a", big, sizeof(big), &why) !=
		    SQ_ENOSPC;
		bad |= fsio_create(dirfd, "b", big, sizeof(big), &why) !=
		    SQ_ENOSPC;
		bad |= fsio_out_new("c", &out, &why) != SQ_OK;
		if (out != NULL) {
			bad |= fsio_out_write(out, big, sizeof(big)) !=
			    SQ_ENOSPC;
			bad |= fsio_out_end(out, &why) == SQ_OK;
		}
		fsio_out_free(out);
		/* so little that only the end writes it */
		bad |= fsio_out_new("d", &out, &why) != SQ_OK;
		bad |= fsio_out_write(out, big, 9000) != SQ_OK;
		bad |= fsio_out_end(out, &why) != SQ_ENOSPC;
		fsio_out_free(out);
		_exit(bad);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	holds("a", "old");
	assert_false(there("a.new"));
	assert_false(there("b"));
	assert_false(there("c"));
	assert_false(there("c.part"));
	assert_false(there("d"));
	assert_false(there("d.part"));
}

static void
overwrites_in_place(void **state)
{
	struct stat before, after;

	(void)state;
	assert_int_equal(fsio_create(dirfd, "s", "12345", 5, &why), SQ_OK);
	assert_int_equal(fstatat(dirfd, "s", &before, 0), 0);
	assert_int_equal(fsio_overwrite(dirfd, "s", "abcde", 5, &why), SQ_OK);
	assert_int_equal(fstatat(dirfd, "s", &after, 0), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	holds("s", "abcde");
	assert_int_equal(fsio_overwrite(dirfd, "s", "four", 4, &why),
	    SQ_EDAMAGE);
	holds("s", "abcde");
	assert_int_equal(fsio_overwrite(dirfd, "t", "x", 1, &why), SQ_ENOENT);
	assert_false(there("t"));
}

/* RS3 */
static void
takes_only_good_files(void **state)
{
	struct bytes_buf b = { 0 };
	uint64_t size;
	uint8_t p[4];

	(void)state;
	assert_int_equal(fsio_create(dirfd, "a", "text", 4, &why), SQ_OK);
	assert_int_equal(fsio_size(dirfd, "a", &size, &why), SQ_OK);
	assert_int_equal(size, 4);
	assert_int_equal(fsio_peek(dirfd, "a", 1, p, 3, &why), SQ_OK);
	assert_memory_equal(p, "ext", 3);
	assert_int_equal(fsio_peek(dirfd, "a", 2, p, 3, &why), SQ_EDAMAGE);
	assert_int_equal(fsio_read(dirfd, "a", 4, &b, &why), SQ_OK);
	assert_int_equal(fsio_read(dirfd, "a", 3, &b, &why), SQ_ELIMIT);
	assert_int_equal(fsio_read(dirfd, "none", 3, &b, &why), SQ_ENOENT);
	assert_int_equal(symlink("a", "link"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(fsio_size(dirfd, "link", &size, &why), SQ_EDAMAGE);
	assert_int_equal(fsio_size(dirfd, "fifo", &size, &why), SQ_EDAMAGE);
	assert_int_equal(fsio_size(dirfd, "folder", &size, &why), SQ_EDAMAGE);
	assert_int_equal(fsio_overwrite(dirfd, "link", "TEXT", 4, &why),
	    SQ_EDAMAGE);
	assert_int_equal(fsio_overwrite(dirfd, "fifo", "TEXT", 4, &why),
	    SQ_EDAMAGE);
	holds("a", "text");
	assert_int_equal(link("a", "second"), 0);
	assert_int_equal(fsio_size(dirfd, "a", &size, &why), SQ_EDAMAGE);
	bytes_free(&b);
}

static void
renames_and_removes(void **state)
{
	(void)state;
	assert_int_equal(fsio_create(dirfd, "a", "A", 1, &why), SQ_OK);
	assert_int_equal(fsio_create(dirfd, "b", "B", 1, &why), SQ_OK);
	assert_int_equal(fsio_rename(dirfd, "a", dirfd, "b", false, &why),
	    SQ_EEXIST);
	holds("b", "B");
	assert_int_equal(fsio_rename(dirfd, "a", dirfd, "b", true, &why),
	    SQ_OK);
	holds("b", "A");
	assert_int_equal(fsio_copy(dirfd, "b", dirfd, "c", &why), SQ_OK);
	holds("c", "A");
	assert_int_equal(fsio_copy(dirfd, "b", dirfd, "c", &why), SQ_EEXIST);
	assert_int_equal(fsio_unlink(dirfd, "c", &why), SQ_OK);
	assert_int_equal(fsio_unlink(dirfd, "c", &why), SQ_OK);
	assert_false(there("c"));
}

static void
opens_only_private_folders(void **state)
{
	char *found = NULL;
	int fd = -1;

	(void)state;
	assert_int_equal(fsio_dir_find(".sandyq", &found, &why), SQ_ENOENT);
	assert_int_equal(mkdir("v.sandyq", 0700), 0);
	assert_int_equal(fsio_dir_open("v.sandyq/", &fd, &why), SQ_OK);
	assert_true(fsio_writable(fd));
	/* the vault becomes the working directory; typed paths do not move */
	assert_int_equal(fsio_dir_enter(fd), SQ_OK);
	fsio_close(fd);
	assert_int_equal(fsio_dir_open("v.sandyq", &fd, &why), SQ_OK);
	fsio_close(fd);
	assert_int_equal(fsio_dir_find(".sandyq", &found, &why), SQ_OK);
	assert_string_equal(found, "v.sandyq");
	free(found);
	assert_int_equal(fchdir(dirfd), 0);
	assert_int_equal(chmod("v.sandyq", 0750), 0);
	assert_int_equal(fsio_dir_open("v.sandyq", &fd, &why), SQ_EREFUSED);
	assert_non_null(strstr(why.text, "chmod 700"));
	assert_int_equal(symlink("v.sandyq", "w"), 0);
	assert_int_equal(fsio_dir_open("w", &fd, &why), SQ_EREFUSED);
	assert_int_equal(fsio_dir_open("w/", &fd, &why), SQ_EREFUSED);
	assert_int_equal(fsio_dir_open("none", &fd, &why), SQ_ENOENT);
	assert_int_equal(fsio_create(dirfd, "file", "", 0, &why), SQ_OK);
	assert_int_equal(fsio_dir_open("file", &fd, &why), SQ_EREFUSED);
	assert_int_equal(mkdir("z.sandyq", 0700), 0);
	assert_int_equal(fsio_dir_find(".sandyq", &found, &why), SQ_EUSAGE);
}

static void
locks_out_a_second_process(void **state)
{
	char pid[16];
	int fd = -1, second, status;
	pid_t child;

	(void)state;
	assert_int_equal(fsio_lock(dirfd, "LOCK", &fd, &why), SQ_OK);
	(void)snprintf(pid, sizeof(pid), "process %d ", (int)getpid());
	if ((child = fork()) == 0) {
		int bad = fsio_lock(dirfd, "LOCK", &second, &why) != SQ_EBUSY;

		/* some sandboxes hide the table of locks */
		bad |= strstr(why.text, pid) == NULL &&
		    strstr(why.text, "another process") == NULL;
		_exit(bad);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fsio_close(fd);
	assert_int_equal(fsio_lock(dirfd, "LOCK", &fd, &why), SQ_OK);
	fsio_close(fd);
	assert_int_equal(unlink("LOCK"), 0);
	assert_int_equal(symlink("elsewhere", "LOCK"), 0);
	assert_int_equal(fsio_lock(dirfd, "LOCK", &fd, &why), SQ_EDAMAGE);
	assert_false(there("elsewhere"));
}

static enum sq_err
join(void *arg, const char *name)
{
	(void)strncat(arg, name, 100);
	return strcmp(name, "stop") == 0 ? SQ_EINTERNAL : SQ_OK;
}

static void
walks_in_order(void **state)
{
	char seen[1000] = "";

	(void)state;
	assert_int_equal(fsio_create(dirfd, "b", "", 0, &why), SQ_OK);
	assert_int_equal(fsio_create(dirfd, "a", "", 0, &why), SQ_OK);
	assert_int_equal(fsio_create(dirfd, "stop", "", 0, &why), SQ_OK);
	assert_int_equal(fsio_create(dirfd, "zz", "", 0, &why), SQ_OK);
	assert_int_equal(fsio_each(dirfd, join, seen), SQ_EINTERNAL);
	assert_string_equal(seen, "abstop");
}

static void
reads_what_was_typed(void **state)
{
	struct bytes_buf b = { 0 };
	struct fsio_in *in;
	uint8_t line[8];
	size_t n;
	int fd[2];

	(void)state;
	assert_int_equal(fsio_create(dirfd, "f", "one\r\ntwo\n", 9, &why), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(fsio_path_read("f", 9, &b, &why), SQ_OK);
	assert_int_equal(b.len, 9);
	assert_int_equal(fsio_path_read("f", 8, &b, &why), SQ_ELIMIT);
	assert_int_equal(fsio_path_read("none", 8, &b, &why), SQ_ENOENT);
	assert_int_equal(fsio_path_read(".", 8, &b, &why), SQ_EREFUSED);
	assert_int_equal(fsio_path_line("f", 8, line, &n, &why), SQ_OK);
	assert_int_equal(n, 3);
	assert_memory_equal(line, "one", 3);
	assert_int_equal(fsio_path_line("f", 2, line, &n, &why), SQ_ELIMIT);
	assert_true(fsio_path_is_dir("."));
	assert_false(fsio_path_is_dir("f"));
	assert_int_equal(fsio_in_open("f", &in, &why), SQ_OK);
	assert_int_equal(fsio_in_size(in), 9);
	assert_int_equal(fsio_in_read(in, line, 8, &n), SQ_OK);
	assert_int_equal(n, 8);
	assert_int_equal(fsio_in_read(in, line, 8, &n), SQ_OK);
	assert_int_equal(n, 1);
	assert_int_equal(fsio_in_read(in, line, 8, &n), SQ_OK);
	assert_int_equal(n, 0);
	fsio_in_close(in);
	/* a line from a pipe takes nothing of what follows it */
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "pw\nrest", 7), 7);
	assert_int_equal(close(fd[1]), 0);
	assert_int_equal(fsio_fd_line(fd[0], 8, line, &n, &why), SQ_OK);
	assert_int_equal(n, 2);
	assert_int_equal(read(fd[0], line, 8), 4);
	assert_memory_equal(line, "rest", 4);
	assert_int_equal(close(fd[0]), 0);
	bytes_free(&b);
}

static void
a_made_file_appears_whole(void **state)
{
	static uint8_t big[200001];
	struct fsio_out *out;
	struct stat st;

	(void)state;
	assert_int_equal(fsio_out_new("out", &out, &why), SQ_OK);
	assert_true(there("out.part"));
	assert_int_equal(fsio_out_write(out, big, sizeof(big)), SQ_OK);
	assert_false(there("out"));
	assert_int_equal(fsio_out_end(out, &why), SQ_OK);
	fsio_out_free(out);
	assert_false(there("out.part"));
	assert_int_equal(fstatat(dirfd, "out", &st, 0), 0);
	assert_int_equal(st.st_size, sizeof(big));
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(fsio_out_new("out", &out, &why), SQ_EEXIST);
	/* given up */
	assert_int_equal(fsio_out_new("two", &out, &why), SQ_OK);
	assert_int_equal(fsio_out_write(out, big, 100), SQ_OK);
	fsio_out_free(out);
	assert_false(there("two"));
	assert_false(there("two.part"));
	/* somebody else was quicker */
	assert_int_equal(fsio_out_new("two", &out, &why), SQ_OK);
	assert_int_equal(fsio_create(dirfd, "two", "theirs", 6, &why), SQ_OK);
	assert_int_equal(fsio_out_end(out, &why), SQ_EEXIST);
	fsio_out_free(out);
	holds("two", "theirs");
	assert_false(there("two.part"));
	assert_int_equal(fsio_out_new("no/such", &out, &why), SQ_ENOENT);
	assert_int_equal(fsio_out_new("..", &out, &why), SQ_EUSAGE);
	/* what an interrupted run left is not thrown away */
	assert_int_equal(fsio_create(dirfd, "x.part", "kept", 4, &why), SQ_OK);
	assert_int_equal(fsio_out_new("x", &out, &why), SQ_EEXIST);
	holds("x.part", "kept");
}

static enum sq_err
join_path(void *arg, const char *path, uint64_t size)
{
	char one[100];

	(void)snprintf(one, sizeof(one), "%s:%u ", path, (unsigned)size);
	(void)strncat(arg, one, 100);
	return SQ_OK;
}

static void
put_in(int fd, const char *path, const char *text)
{
	struct fsio_out *out;

	assert_int_equal(fsio_at_out(fd, path, &out, &why), SQ_OK);
	assert_int_equal(fsio_out_write(out, (const uint8_t *)text,
	    strlen(text)), SQ_OK);
	assert_int_equal(fsio_out_end(out, &why), SQ_OK);
	fsio_out_free(out);
}

static void
a_tree_appears_whole(void **state)
{
	char seen[1000] = "";
	struct fsio_out *out;
	struct fsio_in *in;
	uint8_t p[8];
	size_t n;
	int fd, tree;

	(void)state;
	assert_int_equal(fsio_tree_new("t", &fd, &why), SQ_OK);
	put_in(fd, "a/b/c", "deep");
	put_in(fd, "a-b", "flat");
	put_in(fd, "z", "");
	assert_int_equal(fsio_at_out(fd, "z", &out, &why), SQ_EEXIST);
	assert_int_equal(fsio_walk(fd, join_path, seen, &why), SQ_OK);
	assert_string_equal(seen, "a-b:4 a/b/c:4 z:0 ");
	assert_false(there("t"));
	assert_int_equal(fsio_tree_end("t", fd, &why), SQ_OK);
	assert_true(there("t"));
	assert_false(there("t.part"));
	assert_int_equal(fsio_at_in(fd, "a/b/c", &in, &why), SQ_OK);
	assert_int_equal(fsio_in_read(in, p, 8, &n), SQ_OK);
	assert_int_equal(n, 4);
	fsio_in_close(in);
	fsio_close(fd);
	assert_int_equal(fsio_tree_new("t", &fd, &why), SQ_EEXIST);
	assert_int_equal(fsio_path_open_dir("t", &tree, &why), SQ_OK);
	fsio_close(tree);
	assert_int_equal(rename("t", "t.part"), 0);
	assert_int_equal(fsio_tree_new("t", &fd, &why), SQ_EEXIST);
	fsio_tree_drop("t");
	assert_false(there("t.part"));
}

static void
a_tree_keeps_to_itself(void **state)
{
	static const char *const bad[] = { "../x", "a/../../x", "/x", "a//x",
	    "", "a/", "./x", "a/.", "out/x" };
	struct fsio_out *out;
	struct fsio_in *in;
	char seen[100] = "";
	int fd;

	(void)state;
	assert_int_equal(mkdir("elsewhere", 0700), 0);
	assert_int_equal(fsio_create(dirfd, "elsewhere/f", "kept", 4, &why), 0);
	assert_int_equal(fsio_tree_new("t", &fd, &why), SQ_OK);
	put_in(fd, "a/f", "x");
	assert_int_equal(symlinkat("../elsewhere", fd, "out"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(fsio_at_out(fd, bad[i], &out, &why),
		    SQ_EREFUSED);
		assert_int_equal(fsio_at_in(fd, bad[i], &in, &why),
		    SQ_EREFUSED);
	}
	assert_int_equal(fsio_at_in(fd, "out/f", &in, &why), SQ_EREFUSED);
	assert_int_equal(fsio_walk(fd, join_path, seen, &why), SQ_EREFUSED);
	assert_string_equal(seen, "");
	fsio_close(fd);
	fsio_tree_drop("t");
	assert_false(there("t.part"));
	assert_true(there("elsewhere/f"));
	assert_int_equal(unlink("elsewhere/f"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(creates_once, clean),
		cmocka_unit_test_setup(replaces_whole, clean),
		cmocka_unit_test_setup(a_failed_write_leaves_nothing, clean),
		cmocka_unit_test_setup(overwrites_in_place, clean),
		cmocka_unit_test_setup(takes_only_good_files, clean),
		cmocka_unit_test_setup(renames_and_removes, clean),
		cmocka_unit_test_setup(opens_only_private_folders, clean),
		cmocka_unit_test_setup(locks_out_a_second_process, clean),
		cmocka_unit_test_setup(walks_in_order, clean),
		cmocka_unit_test_setup(reads_what_was_typed, clean),
		cmocka_unit_test_setup(a_made_file_appears_whole, clean),
		cmocka_unit_test_setup(a_tree_appears_whole, clean),
		cmocka_unit_test_setup(a_tree_keeps_to_itself, clean),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
