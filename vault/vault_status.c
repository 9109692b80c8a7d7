/*
 * What can be said of a vault: from outside without a passphrase, and from
 * inside.  Also the door through which cli/ reads and writes files a user
 * named.  See vault.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/words.h"
#include "vault/fsio.h"
#include "vault/vault_int.h"

/* see vault_int.h */
void
vault_say(struct vault *v, const char *fmt, ...)
{
	va_list ap;

	if (v->n_notes == VAULT_NOTES_MAX)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(v->note[v->n_notes++], sizeof(v->note[0]), fmt, ap);
	va_end(ap);
}

/* see vault.h */
const char *
vault_note(const struct vault *v, unsigned i)
{
	return i < v->n_notes ? v->note[i] : NULL;
}

/* see vault.h */
enum sq_err
vault_find(char **ret_path, struct why *why)
{
	return fsio_dir_find(".sandyq", ret_path, why);
}

/* see vault.h */
bool
vault_around(const char *path)
{
	return fsio_path_below(path, HEADER_NAME2);
}

/* see vault.h */
enum sq_err
vault_read(const char *path, size_t max, struct bytes_buf *out,
    struct why *why)
{
	return fsio_path_read(path, max, out, why);
}

/* see vault.h */
enum sq_err
vault_read_pass(const char *path, int fd, struct secret **ret,
    struct why *why)
{
	struct secret *s = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = secret_new(4096, &s)) != SQ_OK)
		return e;
	if (path != NULL)
		e = fsio_path_line(path, 4096, secret_bytes(s), &n, why);
	else
		e = fsio_fd_line(fd, 4096, secret_bytes(s), &n, why);
	if (e == SQ_OK && n == 0)
		e = err_why(why, SQ_EUSAGE, "the first line of %s is empty: "
		    "there is no passphrase in it", path != NULL ? path :
		    "the descriptor");
	if (e != SQ_OK) {
		secret_free(s);
		return e == SQ_ELIMIT ? err_why(why, SQ_EUSAGE, "the first "
		    "line is too long for a passphrase") : e;
	}
	secret_shorten(s, n);
	*ret = s;
	return SQ_OK;		/* transferred */
}

/* see vault.h */
enum sq_err
vault_write_can(const char *path, struct why *why)
{
	return fsio_path_can(path, why);
}

/* see vault.h */
enum sq_err
vault_write(const char *path, const void *p, size_t n, struct why *why)
{
	struct fsio_out *out = NULL;
	enum sq_err e;

	if ((e = fsio_out_new(path, &out, why)) != SQ_OK)
		return e;
	if ((e = fsio_out_write(out, p, n)) != SQ_OK)
		err_why(why, e, "%s could not be written", path);
	else
		e = fsio_out_end(out, why);
	fsio_out_free(out);
	return e;
}

/* see vault_int.h */
uint64_t
vault_memory_kib(void)
{
	struct bytes_buf b = { 0 };
	const char *p;
	unsigned long long kib = 0;

	if (fsio_path_read("/proc/meminfo", 65536, &b, NULL) == SQ_OK) {
		bytes_put_u8(&b, 0);
		p = b.bad ? NULL : strstr((char *)b.p, "MemAvailable:");
		if (p != NULL)
			kib = strtoull(p + strlen("MemAvailable:"), NULL, 10);
	}
	bytes_free(&b);
	return kib;
}

/* see vault_int.h */
void
vault_rfc3339(uint64_t unix_time, char out[MODEL_TIME_MAX])
{
	time_t t = (time_t)unix_time;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, MODEL_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}

/* --- without a passphrase ----------------------------------------------- */

static enum sq_err
count_store(void *arg, const char *rel, uint64_t size)
{
	struct vault_peek *p = arg;

	(void)rel;
	p->store_files++;
	p->store_bytes += size;
	return SQ_OK;
}

/* The unkeyed checks of the two STATE records. */
static void
peek_state(int dirfd, struct vault_peek *p)
{
	static const char *const name[2] = { "STATE.0", "STATE.1" };
	struct bytes_buf b = { 0 };

	for (int i = 0; i < 2; i++) {
		p->state_ok[i] = fsio_read(dirfd, name[i], STATE_LEN, &b,
		    NULL) == SQ_OK && b.len == STATE_LEN &&
		    state_whole(b.p);
		bytes_free(&b);
	}
}

/* see vault.h */
enum sq_err
vault_peek(const char *path, struct vault_peek *ret, struct why *why)
{
	struct header_pair *pair;
	struct vault_peek p;
	enum db_journal j;
	uint64_t when = 0, t;
	int fd = -1, lock = -1;
	enum sq_err e;

	memset(&p, 0, sizeof(p));
	if ((pair = calloc(1, sizeof(*pair))) == NULL)
		return SQ_ENOMEM;
	if ((e = fsio_dir_open(path, &fd, why)) != SQ_OK ||
	    (e = header_load(fd, pair, why)) != SQ_OK)
		goto out;
	for (int i = 0; i < 2; i++) {
		const struct header *h = &pair->h[i];

		if (!(p.header_ok[i] = pair->e[i] == SQ_OK))
			continue;
		p.major = h->major;
		p.minor = h->minor;
		p.kib = h->set_a.kib;
		p.passes = h->set_a.passes;
		p.lanes = h->set_a.lanes;
	}
	peek_state(fd, &p);
	(void)fsio_size(fd, DB_NAME, &p.db_bytes, NULL);
	p.hot_journal = db_journal(fd, &j, NULL) == SQ_OK &&
	    j != DB_JOURNAL_NONE;
	for (int i = 0; i < 3; i++)
		if (fsio_mtime(fd, i == 0 ? DB_NAME : i == 1 ? "STATE.0" :
		    "STATE.1", &t) == SQ_OK && t > when)
			when = t;
	vault_rfc3339(when, p.changed);
	p.busy = fsio_lock(fd, VAULT_LOCK, &lock, NULL) == SQ_EBUSY;
	*ret = p;
out:
	fsio_close(lock);
	fsio_close(fd);
	free(pair);
	return e;
}

/* see vault.h */
enum sq_err
vault_peek_store(const char *path, struct vault_peek *p, struct why *why)
{
	int fd = -1, sub = -1;
	enum sq_err e;

	p->store_files = p->store_bytes = 0;
	if ((e = fsio_dir_open(path, &fd, why)) == SQ_OK &&
	    (e = fsio_subdir(fd, "store", &sub, why)) == SQ_OK)
		e = fsio_walk(sub, count_store, p, why);
	fsio_close(sub);
	fsio_close(fd);
	return e == SQ_ENOENT ? SQ_OK : e;
}

/* --- with one ----------------------------------------------------------- */

/* Four words of the log head, to read to a colleague. */
static void
head_words(const uint8_t root[32], char out[VAULT_WORDS_MAX])
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < 4; i++)
		n += (size_t)snprintf(out + n, VAULT_WORDS_MAX - n, "%s%s",
		    i == 0 ? "" : " ", words_get(((uint32_t)root[4 * i] << 16 |
		    (uint32_t)root[4 * i + 1] << 8 | root[4 * i + 2]) %
		    7776));
}

/* Is there swap that locked memory does not keep from? */
static bool
has_swap(void)
{
	struct bytes_buf b = { 0 };
	size_t lines = 0;

	if (fsio_path_read("/proc/swaps", 65536, &b, NULL) == SQ_OK)
		for (size_t i = 0; i < b.len; i++)
			lines += b.p[i] == '\n';
	bytes_free(&b);
	return lines > 1;
}

/*
 * Can this computer write all its memory to the disk?  The kernel says «disk»
 * where it can, whether or not there is swap to write it to.
 */
static bool
can_hibernate(void)
{
	struct bytes_buf b = { 0 };
	bool can = fsio_path_read("/sys/power/state", 4096, &b, NULL) ==
	    SQ_OK && memmem(b.p, b.len, "disk", 4) != NULL;

	bytes_free(&b);
	return can;
}

static void
count_slot(void *arg, const struct vault_slot *s)
{
	struct vault_status *st = arg;

	st->slots++;
	st->recovery |= s->kind == KEYSLOT_RECOVERY;
	st->trustees |= s->kind == KEYSLOT_TRUSTEES;
}

/* When the vault was last backed up, and what was last rehearsed. */
static void
last_done(struct vault *v, struct vault_status *st)
{
	struct vault_mark m;

	st->since_backup = st->entries;
	if (vault_event_last(v, VAULT_MARK_BACKUP, &m)) {
		vault_rfc3339(m.time, st->backup);
		/* the entry that says so is in no backup yet */
		st->since_backup = m.entries < st->entries ?
		    st->entries - m.entries : 0;
	}
	if (vault_event_last(v, VAULT_MARK_BACKUP_TEST, &m))
		vault_rfc3339(m.time, st->backup_test);
	if (vault_event_last(v, VAULT_MARK_RECOVERY, &m))
		vault_rfc3339(m.time, st->recovery_test);
	if (vault_event_last(v, VAULT_MARK_TRUSTEES, &m))
		vault_rfc3339(m.time, st->trustees_test);
}

/* How many records there are of each type. */
static enum sq_err
count_types(struct vault *v, struct vault_status *st)
{
	const struct model_type *types;
	struct db_st *q;
	size_t n;
	bool row;
	enum sq_err e;

	types = model_types(&n);
	if ((e = db_use(v->db, DB_RECORD_COUNTS, &q)) != SQ_OK)
		return e;
	while ((e = db_step(q, &row)) == SQ_OK && row)
		for (size_t i = 0; i < n && i < 32; i++)
			if (types[i].prefix == (char)db_int(q, 0)) {
				st->by_type[i] = (uint64_t)db_int(q, 1);
				st->records += st->by_type[i];
			}
	return e;
}

/* see vault.h */
enum sq_err
vault_status(struct vault *v, struct vault_status *ret, struct why *why)
{
	struct vault_status st;
	uint8_t root[32];
	enum sq_err e;

	memset(&st, 0, sizeof(st));
	(void)snprintf(st.log_id, sizeof(st.log_id), "%s", v->cx.log_id);
	(void)snprintf(st.actor, sizeof(st.actor), "%s", v->actor);
	st.entries = log_size(v->lg);
	/* a number is a claim too: it is made of what the log vouches for */
	if ((e = record_audit(&v->cx, why)) != SQ_OK)
		return e;
	if ((e = log_root(v->lg, root)) != SQ_OK ||
	    (e = count_types(v, &st)) != SQ_OK)
		return err_why(why, e, "the counts could not be read: %s",
		    db_why(v->db));
	bytes_hex(st.head, root, sizeof(root));
	head_words(root, st.words);
	vault_rfc3339(v->state.time, st.saved);
	st.memory_locked = secret_locked();
	st.keys_hidden = secret_beyond();
	st.swap = has_swap();
	/* what it would write goes to swap */
	st.hibernate = st.swap && can_hibernate();
	(void)vault_slots(v, count_slot, &st, NULL);
	last_done(v, &st);
	*ret = st;
	return SQ_OK;
}
