/*
 * Files: the only open, rename, unlink and fsync of the program.  A durable
 * write is one verb.  Inside a vault everything goes by directory descriptor,
 * without following links, and only to regular files with one link that belong
 * to this user.  Paths that a user typed are opened against the working
 * directory of the program's start, because the vault's folder becomes the
 * working directory while it is open (SQLite opens by bare name).
 */
#ifndef SQ_VAULT_FSIO_H
#define SQ_VAULT_FSIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

/** fsio_init(): umask 077, remember the working directory; call once, first. */
enum sq_err fsio_init(void);

/** fsio_start(): descriptor of the directory the program was started in. */
int fsio_start(void);

/**
 * fsio_dir_private(fd, path, why):
 * May nobody but us enter the open folder?  Else SQ_EREFUSED, with the chmod to
 * run, or with what to do where the medium keeps no access rights.
 */
enum sq_err fsio_dir_private(int fd, const char *path, struct why *why);

/**
 * fsio_dir_open(path, ret_fd, why):
 * Open an existing vault folder: a real directory, and private as above.
 */
enum sq_err fsio_dir_open(const char *path, int *ret_fd, struct why *why);

/** fsio_dir_enter(fd): make it the working directory (for SQLite). */
enum sq_err fsio_dir_enter(int fd);

/**
 * fsio_dir_find(suffix, ret_path, why):
 * The only entry of the starting directory whose name ends in ${suffix};
 * SQ_ENOENT none, SQ_EUSAGE several. Caller frees.
 */
enum sq_err fsio_dir_find(const char *suffix, char **ret_path,
    struct why *why);

/** fsio_mkdir(dirfd, name, why): 0700, synced; there already is fine. */
enum sq_err fsio_mkdir(int dirfd, const char *name, struct why *why);

/** fsio_subdir(dirfd, name, ret_fd, why): open a folder inside, no links. */
enum sq_err fsio_subdir(int dirfd, const char *name, int *ret_fd,
    struct why *why);

/**
 * fsio_each(dirfd, cb, arg):
 * Call ${cb} with each name in the folder, sorted, "." and ".." left out; stops
 * at the first failure.
 */
enum sq_err fsio_each(int dirfd,
    enum sq_err (*cb)(void *arg, const char *name), void *arg);

/**
 * fsio_lock(dirfd, name, ret_fd, why):
 * flock, exclusive, without waiting.  SQ_EBUSY says who holds it (pid from the
 * kernel's lock table, /proc/locks) where that is known.  Creates the file if
 * it is missing and the medium is writable; on a read-only medium a shared lock
 * on the file, or where that is missing on the folder itself, is enough.
 * Closing the descriptor gives the lock back.
 */
enum sq_err fsio_lock(int dirfd, const char *name, int *ret_fd,
    struct why *why);

/** fsio_writable(dirfd): false on a read-only medium or folder. */
bool fsio_writable(int dirfd);

/**
 * fsio_size(dirfd, name, ret_size, why):
 * Size of a good regular file; SQ_ENOENT if missing, SQ_EDAMAGE if it is a
 * link, device, has two links or another owner.
 */
enum sq_err fsio_size(int dirfd, const char *name, uint64_t *ret_size,
    struct why *why);

/**
 * fsio_read(dirfd, name, max, out, why):
 * Append the whole file of at most ${max} bytes; SQ_ELIMIT if larger.
 */
enum sq_err fsio_read(int dirfd, const char *name, size_t max,
    struct bytes_buf *out, struct why *why);

/**
 * fsio_peek(dirfd, name, off, p, n, why):
 * Exactly ${n} bytes from ${off} on; SQ_EDAMAGE if the file ends before.
 */
enum sq_err fsio_peek(int dirfd, const char *name, uint64_t off, void *p,
    size_t n, struct why *why);

/**
 * fsio_create(dirfd, name, p, n, why):
 * A new file 0600, O_EXCL, written, synced, folder synced; on failure nothing
 * is left.
 */
enum sq_err fsio_create(int dirfd, const char *name, const void *p, size_t n,
    struct why *why);

/**
 * fsio_replace(dirfd, name, p, n, why):
 * Write NAME.new, fsync, rename over NAME, fsync the folder, read back and
 * compare.  Until the rename the old content stands and no NAME.new is left;
 * after it a failure is SQ_EUNSURE.
 */
enum sq_err fsio_replace(int dirfd, const char *name, const void *p, size_t n,
    struct why *why);

/**
 * fsio_overwrite(dirfd, name, p, n, why):
 * Rewrite a file of exactly ${n} bytes in place and fdatasync (STATE).
 */
enum sq_err fsio_overwrite(int dirfd, const char *name, const void *p,
    size_t n, struct why *why);

/**
 * fsio_copy(from, name, to, toname, why):
 * Copy a file between folders, new, synced.
 */
enum sq_err fsio_copy(int from, const char *name, int to, const char *toname,
    struct why *why);

/**
 * fsio_rename(from, name, to, toname, over, why):
 * Rename, never over an existing file unless ${over}; both folders synced.
 */
enum sq_err fsio_rename(int from, const char *name, int to,
    const char *toname, bool over, struct why *why);

/**
 * fsio_unlink(dirfd, name, why):
 * Remove a file and sync the folder; missing is fine.
 */
enum sq_err fsio_unlink(int dirfd, const char *name, struct why *why);

/**
 * fsio_mtime(dirfd, name, ret):
 * When the file was last changed, Unix seconds.
 */
enum sq_err fsio_mtime(int dirfd, const char *name, uint64_t *ret);

/**
 * fsio_rmdir(dirfd, name, why):
 * Remove an empty folder; missing is fine.
 */
enum sq_err fsio_rmdir(int dirfd, const char *name, struct why *why);

/** fsio_close(fd): close; -1 is fine. */
void fsio_close(int fd);

/** fsio_again(fd, ret): a second descriptor of the same file. */
enum sq_err fsio_again(int fd, int *ret);

/* --- paths a user typed ------------------------------------------------- */

/** fsio_path_read(path, max, out, why): append a file; "-": standard input. */
enum sq_err fsio_path_read(const char *path, size_t max,
    struct bytes_buf *out, struct why *why);

/** fsio_path_is_dir(path): true for an existing directory. */
bool fsio_path_is_dir(const char *path);
/** fsio_path_is_file(path): true for one, or a link to one; never a pipe. */
bool fsio_path_is_file(const char *path);

/**
 * fsio_path_mark(path, folder):
 * A descriptor that only names what is there (a folder, if ${folder}), for the
 * sandbox; -1 if it is not there.
 */
int fsio_path_mark(const char *path, bool folder);

/**
 * fsio_fd_line(fd, max, p, ret_n, why):
 * Read one line from descriptor ${fd} into ${p}, without its end, byte by byte
 * so that nothing after it is consumed; SQ_ELIMIT if longer than ${max}.
 */
enum sq_err fsio_fd_line(int fd, size_t max, uint8_t *p, size_t *ret_n,
    struct why *why);

/**
 * fsio_path_line(path, max, p, ret_n, why):
 * The first line of a file, likewise.
 */
enum sq_err fsio_path_line(const char *path, size_t max, uint8_t *p,
    size_t *ret_n, struct why *why);

struct fsio_in;			/* a file being read */

/** fsio_in_open(path, ret, why): open for reading ("-": standard input). */
enum sq_err fsio_in_open(const char *path, struct fsio_in **ret,
    struct why *why);

/** fsio_in_take(fd, ret): read from ${fd}, which is closed with it, or now. */
enum sq_err fsio_in_take(int fd, struct fsio_in **ret);

/** fsio_in_read(arg, p, n, ret): an age_read_fn: ${arg} is a struct fsio_in. */
enum sq_err fsio_in_read(void *arg, uint8_t *p, size_t n, size_t *ret);

/** fsio_in_size(in): the size of a regular file, or UINT64_MAX. */
uint64_t fsio_in_size(const struct fsio_in *in);

/** fsio_in_close(in): close and free; NULL is fine. */
void fsio_in_close(struct fsio_in *in);

/* a file being made: PATH.part until it is whole */
struct fsio_out;

/**
 * fsio_out_new(path, ret, why):
 * SQ_EEXIST if ${path} is there; makes PATH.part, 0600.
 */
enum sq_err fsio_out_new(const char *path, struct fsio_out **ret,
    struct why *why);

/** fsio_out_write(arg, p, n): an age_write_fn: ${arg} is a struct fsio_out. */
enum sq_err fsio_out_write(void *arg, const uint8_t *p, size_t n);

/**
 * fsio_out_sync(out, why):
 * Make what was written so far durable under its temporary name.
 */
enum sq_err fsio_out_sync(struct fsio_out *out, struct why *why);

/**
 * fsio_out_end(out, why):
 * Fsync, rename to the final name (never over another file), fsync the folder.
 */
enum sq_err fsio_out_end(struct fsio_out *out, struct why *why);

/**
 * fsio_out_free(out):
 * Close; if fsio_out_end has not succeeded, remove PATH.part.  NULL is fine.
 */
void fsio_out_free(struct fsio_out *out);

/**
 * fsio_tree_new(path, ret_fd, why):
 * Begin a folder that appears whole: make PATH.part (0700) and open it.
 * SQ_EEXIST if PATH, or a PATH.part that an earlier run left, is there.
 */
enum sq_err fsio_tree_new(const char *path, int *ret_fd, struct why *why);

/**
 * fsio_tree_again(path, ret_fd, why):
 * As fsio_tree_new, but goes on with a PATH.part that is there.
 */
enum sq_err fsio_tree_again(const char *path, int *ret_fd, struct why *why);

/** fsio_tree_end(path, fd, why): sync and rename PATH.part to PATH. */
enum sq_err fsio_tree_end(const char *path, int fd, struct why *why);

/**
 * fsio_tree_drop(path):
 * Remove PATH.part and all in it, without following links.
 */
void fsio_tree_drop(const char *path);

/**
 * fsio_at_out(dirfd, relpath, ret, why):
 * A new file below ${dirfd}, making folders of ${relpath}; dot-dot and links
 * are refused.  Written under its own name and synced with the tree.
 */
enum sq_err fsio_at_out(int dirfd, const char *relpath, struct fsio_out **ret,
    struct why *why);

/**
 * fsio_at_in(dirfd, relpath, ret, why):
 * Read a regular file below ${dirfd}, no links followed.
 */
enum sq_err fsio_at_in(int dirfd, const char *relpath, struct fsio_in **ret,
    struct why *why);

/**
 * fsio_walk(dirfd, cb, arg, why):
 * Call ${cb} with the relative path of every file below ${dirfd}, sorted as
 * bytes; a link, device or other non-regular entry is SQ_EREFUSED with its
 * path.
 */
enum sq_err fsio_walk(int dirfd,
    enum sq_err (*cb)(void *arg, const char *relpath, uint64_t size),
    void *arg, struct why *why);

/**
 * fsio_path_open_dir(path, ret_fd, why):
 * Any folder, for reading a bundle opened by stock tools.
 */
enum sq_err fsio_path_open_dir(const char *path, int *ret_fd,
    struct why *why);

/* --- evidence being read ------------------------------------------------ */

/* What tells whether a file is still the one that was looked at. */
struct fsio_mark {
	uint64_t dev, ino, size;
	int64_t mtime, ctime;		/* Unix seconds */
	uint32_t mtime_ns, ctime_ns;
	bool regular;			/* else the rest is zero */
};

/**
 * fsio_in_regular(path, ret, why):
 * As fsio_in_open, but only a regular file; a link, pipe or device is
 * SQ_EREFUSED and does not hang.
 */
enum sq_err fsio_in_regular(const char *path, struct fsio_in **ret,
    struct why *why);

/** fsio_in_fd(in): its descriptor, which stays its own. */
int fsio_in_fd(const struct fsio_in *in);

/**
 * fsio_in_head(in, p, n):
 * Its first bytes, at most ${n}, without moving on in it; how many they are.
 */
size_t fsio_in_head(const struct fsio_in *in, uint8_t *p, size_t n);

/** fsio_in_mark(in, ret): how the file stands now. */
enum sq_err fsio_in_mark(const struct fsio_in *in, struct fsio_mark *ret);

/**
 * fsio_in_same(in, mark):
 * True if nothing has changed since ${mark}; of a pipe nothing can be said:
 * true.
 */
bool fsio_in_same(const struct fsio_in *in, const struct fsio_mark *mark);

/**
 * fsio_path_unlink(path, mark, why):
 * Remove a file that a user named and asked to have moved; SQ_EREFUSED, and it
 * stays, if it is no longer the file of ${mark}.
 */
enum sq_err fsio_path_unlink(const char *path, const struct fsio_mark *mark,
    struct why *why);

/* --- other media: sticks and disks that copies go to --------------------- */

struct fsio_medium {
	bool bare;		/* keeps no owner and no rights of files */
	uint64_t file_max;	/* of one file, bytes */
	uint64_t room;		/* free, bytes */
};

/** fsio_medium(fd, ret, why): what an open folder lies on. */
enum sq_err fsio_medium(int fd, struct fsio_medium *ret, struct why *why);

/**
 * fsio_medium_open(path, ret_fd, ret, why):
 * As fsio_dir_open; but where the medium keeps no rights none are asked for.
 */
enum sq_err fsio_medium_open(const char *path, int *ret_fd,
    struct fsio_medium *ret, struct why *why);

/** fsio_same_folder(a, b): are two open folders one? */
bool fsio_same_folder(int a, int b);

/** fsio_same_medium(a, b): do two open folders lie on one file system? */
bool fsio_same_medium(int a, int b);

/** fsio_inside(fd, folder): is ${fd} the folder or somewhere in it? */
bool fsio_inside(int fd, int folder);

/** fsio_path_below(path, name): does it lie below a folder that has ${name}? */
bool fsio_path_below(const char *path, const char *name);

/** fsio_exists(dirfd, name): is there anything of that name? */
bool fsio_exists(int dirfd, const char *name);
/** fsio_path_exists(path): the same of a path that a user typed. */
bool fsio_path_exists(const char *path);
/** fsio_path_can(path, why): could fsio_out_new begin there?  Makes nothing. */
enum sq_err fsio_path_can(const char *path, struct why *why);

/** fsio_path_parent(path, ret_fd, why): open the folder a path lies in. */
enum sq_err fsio_path_parent(const char *path, int *ret_fd, struct why *why);

/**
 * fsio_same_file(a, name, b, name2, why):
 * Do two files hold the same?  The second one is read from its medium, not
 * from the page cache; SQ_EIO if they differ.
 */
enum sq_err fsio_same_file(int a, const char *name, int b,
    const char *name2, struct why *why);

/* --- content in memory, for a program that shows it --------------------- */

/**
 * fsio_memory_new(ret_fd, why):
 * A file in memory that has no name anywhere.  Write with fsio_fd_write.
 */
enum sq_err fsio_memory_new(int *ret_fd, struct why *why);

/**
 * fsio_memory_seal(fd, why):
 * Nobody can change it any more; its offset is 0 again.
 */
enum sq_err fsio_memory_seal(int fd, struct why *why);

/**
 * fsio_fd_write(arg, p, n):
 * An age_write_fn: ${arg} is an int *, the descriptor.  SQ_EREFUSED: whoever
 * read the other end of a pipe has gone.
 */
enum sq_err fsio_fd_write(void *arg, const uint8_t *p, size_t n);

/* --- big files of the vault, by offset ---------------------------------- */

#define FSIO_ALIGN 4096		/* of buffers and offsets around the cache */

/*
 * A file read and written by offset, around the page cache (O_DIRECT) where
 * the file system can: then what is read comes from the disk.  Reading and
 * writing different places may be done by several threads at once.
 */
struct fsio_bulk;

/**
 * fsio_bulk_new(dirfd, name, size, around, ret, why):
 * A new file 0600, O_EXCL, for writing and reading back.  ${size}: room to
 * set aside, 0 if unknown; SQ_ENOSPC at once if there is none.  Neither the
 * file nor its name is durable.  On failure nothing is left.
 */
enum sq_err fsio_bulk_new(int dirfd, const char *name, uint64_t size,
    bool around, struct fsio_bulk **ret, struct why *why);

/**
 * fsio_bulk_open(dirfd, name, ret, why):
 * Open a good regular file for reading, through the cache; as fsio_size.
 */
enum sq_err fsio_bulk_open(int dirfd, const char *name,
    struct fsio_bulk **ret, struct why *why);

/** fsio_bulk_size(b, ret): its length now. */
enum sq_err fsio_bulk_size(const struct fsio_bulk *b, uint64_t *ret);

/** fsio_bulk_around(b): true while reads and writes go around the cache. */
bool fsio_bulk_around(const struct fsio_bulk *b);

/**
 * fsio_bulk_write(b, off, p, n, why):
 * Write ${n} bytes; ${off} and ${p} are multiples of FSIO_ALIGN if around, and
 * so is ${n} but at the end of the file.  Writing to the disk begins at once.
 */
enum sq_err fsio_bulk_write(struct fsio_bulk *b, uint64_t off, const void *p,
    size_t n, struct why *why);

/**
 * fsio_bulk_read(b, off, buf, n, ret_p, why):
 * Read ${n} bytes into ${buf}, which begins at a multiple of FSIO_ALIGN and
 * has room for ${n} + 2 * FSIO_ALIGN; they begin at ${*ret_p}.  SQ_EDAMAGE if
 * the file ends before.
 */
enum sq_err fsio_bulk_read(struct fsio_bulk *b, uint64_t off, uint8_t *buf,
    size_t n, uint8_t **ret_p, struct why *why);

/** fsio_bulk_sync(b, why): fsync. */
enum sq_err fsio_bulk_sync(struct fsio_bulk *b, struct why *why);

/**
 * fsio_bulk_forget(b, random):
 * Drop what the page cache holds of it, so that reading comes from the disk
 * (only what is synced can be dropped); ${random}: do not read ahead.
 */
void fsio_bulk_forget(struct fsio_bulk *b, bool random);

/** fsio_bulk_close(b, why): close and free; NULL is fine. */
enum sq_err fsio_bulk_close(struct fsio_bulk *b, struct why *why);

/* --- many files at once: unsynced steps and one sync for all ------------ */

/** fsio_sync_dir(fd, why): make durable what was named in a folder. */
enum sq_err fsio_sync_dir(int fd, struct why *why);

/** fsio_sync_all(fd, why): sync the whole file system that ${fd} is on. */
enum sq_err fsio_sync_all(int fd, struct why *why);

/**
 * fsio_subdir_make(dirfd, name, ret_fd, ret_made, why):
 * As fsio_subdir, but made (0700, not synced) if it is missing; ${*ret_made}
 * is then set, else left as it is.
 */
enum sq_err fsio_subdir_make(int dirfd, const char *name, int *ret_fd,
    bool *ret_made, struct why *why);

/** fsio_shift(from, name, to, why): move, never over a file; not synced. */
enum sq_err fsio_shift(int from, const char *name, int to, struct why *why);

/** fsio_drop(dirfd, name): remove a file if it is there; not synced. */
void fsio_drop(int dirfd, const char *name);

#endif
