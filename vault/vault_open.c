/*
 * Opening: database, log and STATE of an unlocked vault, and what to make of
 * a journal that is still hot.  FORMAT.md sections 5 and 7.
 *
 * A hot journal is our own crash or an attack: a journal can be forged without
 * the key.  So both files are copied first, SQLite plays the journal back,
 * everything is checked, and the result stands only if STATE accepts it; else
 * the journal is put back first and then the database, so that a crash in
 * between leaves a journal that gives the same result again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/vault_int.h"

#define ROLLED_BACK_TEXT \
	"the vault is older than its own record: its database was put back " \
	"from an earlier copy, or the record was damaged; to read it as it " \
	"is, add --read-only before the command; to go on with it, see: " \
	"sandyq accept --help"

/* --- copies kept while a journal is played back ------------------------- */

/* Copy database and journal to recover/<n>/. */
static enum sq_err
keep_copies(struct vault *v, char name[16], int *ret_fd, struct why *why)
{
	enum sq_err e;

	if ((e = vault_copy_aside(v->dirfd, name, ret_fd, why)) != SQ_OK ||
	    (e = fsio_copy(v->dirfd, DB_NAME, *ret_fd, DB_NAME, why)) !=
	    SQ_OK)
		return e;
	return fsio_copy(v->dirfd, DB_JOURNAL, *ret_fd, DB_JOURNAL, why);
}

/* Remove the copies: they are not needed any more. */
static void
drop_copies(struct vault *v, const char *name, int fd)
{
	int dir = -1;

	(void)fsio_unlink(fd, DB_NAME, NULL);
	(void)fsio_unlink(fd, DB_JOURNAL, NULL);
	if (fsio_subdir(v->dirfd, VAULT_RECOVER, &dir, NULL) == SQ_OK)
		(void)fsio_rmdir(dir, name, NULL);
	fsio_close(dir);
}

/* Put one file back from its copy, by rename. */
static enum sq_err
put_back(struct vault *v, int fd, const char *name, struct why *why)
{
	enum sq_err e;

	(void)fsio_unlink(v->dirfd, "put-back", NULL);
	if ((e = fsio_copy(fd, name, v->dirfd, "put-back", why)) != SQ_OK)
		return e;
	return fsio_rename(v->dirfd, "put-back", v->dirfd, name, true, why);
}

/* --- header, database, state -------------------------------------------- */

/* Is the header in force the one that was pinned, or one newer? */
static bool
header_fits(const struct vault *v, const struct state *st)
{
	if (v->hdr.generation == st->header_generation)
		return bytes_eq(v->hdr.mac, st->header_mac, 32);
	return v->hdr.generation == st->header_generation + 1;
}

static enum sq_err
root_at(void *arg, uint64_t size, uint8_t out[32])
{
	return log_root_at(arg, size, out);
}

/* What the database says of itself. */
static enum sq_err
look(struct vault *v, struct state_found *f, struct why *why)
{
	uint8_t gen[8];
	struct bytes_rd r;
	size_t n;
	enum sq_err e;

	/* after a rebuild it is there already */
	if (v->lg == NULL && (e = log_new(v->db, &v->lg)) != SQ_OK)
		return err_why(why, e, "the log could not be read: %s",
		    db_why(v->db));
	if ((e = db_meta_get(v->db, "generation", gen, sizeof(gen), &n)) !=
	    SQ_OK || n != sizeof(gen))
		return err_why(why, SQ_EDAMAGE, "the database does not say "
		    "its generation");
	bytes_rd_init(&r, gen, sizeof(gen));
	v->generation = f->generation = bytes_rd_u64(&r);
	f->log_size = log_size(v->lg);
	f->root_at = root_at;
	f->arg = v->lg;
	return log_root(v->lg, f->log_root);
}

/* Pin a database that a power cut left one newer than STATE. */
static enum sq_err
pin_newer(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = log_audit(v->lg, NULL, NULL, why)) != SQ_OK)
		return e;
	v->state.generation = v->generation;
	v->state.log_size = log_size(v->lg);
	if ((e = log_root(v->lg, v->state.log_root)) != SQ_OK)
		return e;
	log_heads(v->lg, v->state.heads);
	v->state.header_generation = v->hdr.generation;
	memcpy(v->state.header_mac, v->hdr.mac, 32);
	vault_say(v, "the last change was cut off after it was saved and "
	    "before it was pinned; it is whole and pinned now");
	if (v->readonly)
		return SQ_OK;
	return state_pin(v->dirfd, v->k.state, v->hdr.vault_id, &v->state,
	    why);
}

/* Hold what was found against what was pinned. */
static enum sq_err
judge(struct vault *v, struct why *why)
{
	struct state_pair pair;
	struct state_found f = { 0 };
	uint8_t heads[32];
	enum state_verdict verdict;
	enum sq_err e;

	if ((e = look(v, &f, why)) != SQ_OK)
		return e;
	state_load(v->dirfd, v->k.state, v->hdr.vault_id, &pair);
	verdict = state_judge(&pair, &f, &v->state);
	if (verdict == STATE_UNREADABLE)
		return err_why(why, SQ_EROLLBACK, "both STATE records are "
		    "damaged or missing: nothing vouches that the vault is "
		    "whole and new; to read it as it is, add --read-only "
		    "before the command; to go on with it, see: sandyq "
		    "accept --help");
	if (verdict == STATE_ROLLED_BACK)
		return err_why(why, SQ_EROLLBACK, ROLLED_BACK_TEXT);
	if (!header_fits(v, &v->state) && v->newer_header)
		return err_why(why, SQ_EDAMAGE, "this passphrase opens only a "
		    "copy of the key slots that is older than the vault's "
		    "own record: it was changed or removed since, and the old "
		    "copy was put back or left by a failing disk");
	if (!header_fits(v, &v->state))
		return err_why(why, SQ_EROLLBACK, "the key slots (HEADER) are "
		    "older than the vault's own record: an earlier header "
		    "was put back; to read the vault as it is, add "
		    "--read-only; to go on with it, see: sandyq accept "
		    "--help");
	if (verdict == STATE_CUT)
		return pin_newer(v, why);
	log_heads(v->lg, heads);
	if (!bytes_eq(heads, v->state.heads, sizeof(heads)))
		return err_why(why, SQ_EDAMAGE, "the heads of the records are "
		    "not those that were pinned: pages of the database were "
		    "altered or put back");
	return SQ_OK;
}

/* A header one newer than pinned was a slot change cut off: pin it. */
static enum sq_err
settle_header(struct vault *v, const struct header_pair *hp, struct why *why)
{
	enum sq_err e;

	if (v->readonly || v->as_is)
		return SQ_OK;
	if (!hp->same) {
		if ((e = header_store(v->dirfd, &v->hdr, v->k.hdr, why)) !=
		    SQ_OK)
			return e;
		vault_say(v, "%s", v->newer_header ? "a change of the key "
		    "slots was cut off and the passphrase given is of before it: the "
		    "change was undone; make it again" : "one copy of the "
		    "header was damaged or older; it was mended from the "
		    "good one");
	}
	if (v->hdr.generation == v->state.header_generation)
		return SQ_OK;
	vault_say(v, "a change of the key slots was cut off before it was "
	    "recorded; look at: sandyq slot list");
	v->state.header_generation = v->hdr.generation;
	memcpy(v->state.header_mac, v->hdr.mac, 32);
	return state_pin(v->dirfd, v->k.state, v->hdr.vault_id, &v->state,
	    why);
}

static void
close_db(struct vault *v)
{
	log_free(v->lg);
	v->lg = NULL;
	db_close(v->db);
	v->db = NULL;
}

/* Make the indexes anew; what comes out is judged before it is kept. */
static enum sq_err
judge_anew(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = db_integrity(v->db, why)) != SQ_OK)
		return e;
	if ((e = db_begin(v->db)) == SQ_OK)
		e = vault_rebuild_in(v, why);
	if (e == SQ_OK)
		e = judge(v, why);
	if (e == SQ_OK && (e = db_commit(v->db)) != SQ_OK)
		err_why(why, e, "the indexes were not made anew: %s",
		    db_why(v->db));
	if (e == SQ_OK)
		vault_say(v, "index rebuilt");
	db_rollback(v->db);
	return e;
}

/*
 * Judge the database as it is, or with its indexes made anew: when that was
 * asked for, or when an earlier version wrote it and this one may write.
 */
static enum sq_err
judge_open(struct vault *v, unsigned flags, struct why *why)
{
	bool still = v->readonly || (flags & (VAULT_HOLD | VAULT_AS_IS)) != 0;
	enum sq_err e;

	if ((flags & VAULT_REBUILD) != 0)
		return still ? err_why(why, SQ_EREADONLY, "the indexes cannot "
		    "be made anew: the vault is only read") :
		    judge_anew(v, why);
	if (!db_outdated(v->db))
		return judge(v, why);
	if (!still && (e = judge_anew(v, why)) != SQ_ENOSPC && e != SQ_EIO)
		return e;
	if (!still) {		/* then it is at least read */
		close_db(v);
		v->readonly = true;
		if ((e = db_open(v->dirfd, v->k.db, v->k.salt, true, &v->db,
		    why)) != SQ_OK)
			return e;
	}
	vault_say(v, "an earlier version wrote this vault; not all of it can "
	    "be searched until it is opened once where it can be written and "
	    "the disk has room");
	return judge(v, why);
}

/* Play a hot journal back; keep the result only if STATE accepts it. */
static enum sq_err
play_back(struct vault *v, unsigned flags, struct why *why)
{
	char name[16];
	int fd = -1;
	enum sq_err e, back;

	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "an interrupted write must "
		    "be undone first, and the vault's folder cannot be "
		    "written; copy the vault to a disk that can");
	if ((e = keep_copies(v, name, &fd, why)) != SQ_OK)
		goto out;
	if ((e = db_open(v->dirfd, v->k.db, v->k.salt, false, &v->db, why)) ==
	    SQ_OK && (e = db_integrity(v->db, why)) == SQ_OK)
		e = judge_open(v, flags, why);
	if (e == SQ_OK) {
		vault_say(v, "a write that was cut off has been undone; "
		    "everything acknowledged is there");
		drop_copies(v, name, fd);
		goto out;
	}
	close_db(v);
	if ((back = put_back(v, fd, DB_JOURNAL, NULL)) == SQ_OK)
		back = put_back(v, fd, DB_NAME, NULL);
	if (back == SQ_OK)
		drop_copies(v, name, fd);
	if (e == SQ_EROLLBACK || e == SQ_EDAMAGE)
		e = err_more(why, e, "a journal (" DB_JOURNAL ") lies beside "
		    "the database that would take it back to an older state; "
		    "it was not made by this vault's last change; %s",
		    back == SQ_OK ? "both files were left as they were found" :
		    "copies of both files are in recover/");
out:
	fsio_close(fd);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_db_open(struct vault *v, const struct header_pair *pair, unsigned flags,
    struct why *why)
{
	enum db_journal journal;
	enum sq_err e;

	if ((e = db_journal(v->dirfd, &journal, why)) != SQ_OK)
		return e;
	if (journal == DB_JOURNAL_REFUSED)
		return why != NULL && why->text[0] != '\0' ? SQ_EDAMAGE :
		    err_why(why, SQ_EDAMAGE, "a journal lies beside the "
		    "database that this program did not write; it was left "
		    "as it is");
	if (journal == DB_JOURNAL_HOT) {
		if ((e = play_back(v, flags, why)) != SQ_OK)
			return e;
		return settle_header(v, pair, why);
	}
	if ((e = db_open(v->dirfd, v->k.db, v->k.salt, v->readonly, &v->db,
	    why)) != SQ_OK)
		return e;
	e = judge_open(v, flags, why);
	/* as it is, but not for whom a newer header does not let in */
	if ((e == SQ_EROLLBACK || e == SQ_EDAMAGE) && v->lg != NULL &&
	    (flags & VAULT_AS_IS) != 0 && !v->newer_header) {
		v->readonly = v->as_is = true;
		vault_say(v, "%s", why == NULL ? ROLLED_BACK_TEXT : why->text);
		return SQ_OK;
	}
	if (e != SQ_OK)
		return e;
	return settle_header(v, pair, why);
}

/* A vault of an earlier version that is accepted needs its indexes first. */
static enum sq_err
accept_outdated(struct vault *v, struct why *why)
{
	enum sq_err e;

	if (!db_outdated(v->db))
		return SQ_OK;
	if ((e = db_integrity(v->db, why)) != SQ_OK ||
	    (e = db_begin(v->db)) != SQ_OK)
		return e;
	if ((e = vault_rebuild_in(v, why)) == SQ_OK)
		e = db_commit(v->db);
	db_rollback(v->db);
	return e;
}

/* see vault.h */
enum sq_err
vault_accept(struct vault *v, const char *reason, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .reason = reason };
	struct vault_made made;
	enum sq_err e;

	if (!v->as_is)
		return err_why(why, SQ_EREFUSED, "there is nothing to accept: "
		    "the vault is what its own record says");
	if (!fsio_writable(v->dirfd))
		return err_why(why, SQ_EREADONLY, "the vault's folder cannot "
		    "be written");
	if ((e = log_audit(v->lg, NULL, NULL, why)) != SQ_OK)
		return e;
	if ((e = accept_outdated(v, why)) != SQ_OK)
		return e;
	mk.type = model_type("custody");
	if ((e = model_inputs_add(&in, "action", NULL, "restored")) != SQ_OK ||
	    (e = model_inputs_add(&in, "note", "en", "The vault was found "
	    "older than its own record and was accepted as it is.")) != SQ_OK)
		goto out;
	v->readonly = v->as_is = false;
	vault_seen_doubt(v);
	/* pinned twice: of the other STATE record nothing may be left */
	if ((e = header_store(v->dirfd, &v->hdr, v->k.hdr, why)) == SQ_OK &&
	    (e = vault_put(v, &mk, &made, why)) == SQ_OK &&
	    (e = state_pin(v->dirfd, v->k.state, v->hdr.vault_id, &v->state,
	    why)) != SQ_OK)
		v->stopped = true;
	v->readonly = v->as_is = e != SQ_OK;
out:
	model_inputs_free(&in);
	return e;
}
