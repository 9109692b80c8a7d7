#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/verify_int.h"
#include "vault/fsio.h"

/*
 * Trust comes from what the recipient holds: a key card taken from a hand, or
 * the memory of bundles seen before.  The memory is text: a first line, then
 * one line for each log,
 *
 *	log since seen note-key minisign-key ssh-key size root
 *
 * keys and root in hexadecimal, size and root those of the newest checkpoint
 * that is known to extend the ones before it.
 */

#define MEMORY_MAX ((size_t)16 << 20)
#define WORDS 8

static const char first[] = "sandyq-remember/v1\n";

struct line {
	char word[WORDS][80];
};

/* Take the next line apart; its length with LF, or 0 if it is none. */
static size_t
line_split(const char *p, size_t n, struct line *ret)
{
	const char *lf = memchr(p, '\n', n), *at = p;
	size_t len;

	if (lf == NULL)
		return 0;
	for (size_t i = 0; i < WORDS; i++, at += len + 1) {
		len = 0;
		while (at + len < lf && at[len] > ' ' && at[len] <= '~')
			len++;
		if (len == 0 || len >= sizeof(ret->word[i]) ||
		    at[len] != (i == WORDS - 1 ? '\n' : ' '))
			return 0;
		memcpy(ret->word[i], at, len);
		ret->word[i][len] = '\0';
	}
	return (size_t)(lf - p) + 1;
}

/* Read the keys and the head of a line. */
static bool
line_parse(const struct line *l, struct verify_known *k)
{
	uint8_t note[SIGN_PK], mini[SIGN_PK];
	char origin[64] = "sandyq/", *end;

	memset(&k->past, 0, sizeof(k->past));
	if (strlen(l->word[0]) != 32 || bytes_unhex(note, 16, l->word[0]) !=
	    SQ_OK || bytes_unhex(note, SIGN_PK, l->word[3]) != SQ_OK ||
	    bytes_unhex(mini, SIGN_PK, l->word[4]) != SQ_OK ||
	    bytes_unhex(k->past.ssh, SIGN_PK, l->word[5]) != SQ_OK ||
	    bytes_unhex(k->root, MERKLE_LEN, l->word[7]) != SQ_OK ||
	    strspn(l->word[6], "0123456789") != strlen(l->word[6]) ||
	    strlen(l->word[6]) > 18)
		return false;
	memcpy(k->past.log, l->word[0], sizeof(k->past.log));
	memcpy(k->past.date, l->word[1], sizeof(l->word[1]));
	memcpy(k->seen, l->word[2], sizeof(l->word[2]));
	k->size = strtoull(l->word[6], &end, 10);
	memcpy(origin + 7, l->word[0], 33);
	if (note_key(origin, note, &k->past.note) != SQ_OK)
		return false;
	minisig_key(mini, &k->past.minisign);
	return k->size > 0;
}

/*
 * A line "rotation LOG BASE64": its length with LF, or 0 if it is none.  Those
 * of this log are kept.
 */
static size_t
rotation_line(const char *p, size_t n, const char *log,
    struct verify_known *k)
{
	static const char word[] = "rotation ";
	const size_t at = sizeof(word) - 1 + 33;
	const char *lf = memchr(p, '\n', n);
	uint8_t raw[ROTATION_MAX];
	size_t len;

	if (lf == NULL || (size_t)(lf - p) <= at ||
	    memcmp(p, word, sizeof(word) - 1) != 0)
		return 0;
	len = (size_t)(lf - p);
	if (bytes_unb64(raw, sizeof(raw), p + at, len - at, true, &n) !=
	    SQ_OK)
		return 0;
	if (k != NULL && memcmp(p + sizeof(word) - 1, log, 32) == 0)
		/* one that cannot be read leads nowhere */
		(void)verify_int_had(verify_keys_add(&k->rotations,
		    (const char *)raw, n));
	return len + 1;
}

/*
 * Find the line of a log (NULL: read all, checking each): its place goes to
 * *ret_at and *ret_n.
 */
static enum sq_err
memory_find(struct verify_known *k, const char *log, size_t *ret_at,
    size_t *ret_n)
{
	const char *p = (const char *)k->memory.p;
	size_t at = sizeof(first) - 1, n;
	struct line l;

	for (; at < k->memory.len; at += n) {
		if ((n = rotation_line(p + at, k->memory.len - at, NULL,
		    NULL)) > 0)
			continue;
		n = line_split(p + at, k->memory.len - at, &l);
		if (n == 0 || !line_parse(&l, k))
			return SQ_EFORMAT;
		if (log != NULL && strcmp(l.word[0], log) == 0) {
			*ret_at = at;
			*ret_n = n;
			return SQ_OK;
		}
	}
	return log == NULL ? SQ_OK : SQ_ENOENT;
}

/* The changes of keys of a log that the memory holds. */
static void
load_rotations(struct verify_known *k, const char *log)
{
	const char *p = (const char *)k->memory.p;
	size_t at = sizeof(first) - 1, n;
	struct line l;

	for (; at < k->memory.len; at += n)
		if ((n = rotation_line(p + at, k->memory.len - at, log,
		    k)) == 0 && (n = line_split(p + at, k->memory.len - at,
		    &l)) == 0)
			return;
}

static enum sq_err
load_card(const char *path, struct verify_known *ret, struct why *why)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	e = fsio_path_read(path, 65536, &b, why);
	if (e == SQ_OK && (e = card_page_parse((const char *)b.p, b.len,
	    &ret->card, why)) != SQ_OK)
		e = err_more(why, SQ_EUSAGE, "%s", path);
	ret->has_card = e == SQ_OK;
	bytes_free(&b);
	return e;
}

/* see verify_int.h */
enum sq_err
verify_trust_load(const struct verify_opts *o, struct verify_known *ret,
    struct why *why)
{
	enum sq_err e;

	if (o->trust != NULL && (e = load_card(o->trust, ret, why)) != SQ_OK)
		return e;
	if (o->remember == NULL)
		return SQ_OK;
	if (o->now == NULL)
		return SQ_EINTERNAL;
	e = fsio_path_read(o->remember, MEMORY_MAX, &ret->memory, why);
	if (e == SQ_ENOENT)
		return SQ_OK;
	if (e != SQ_OK)
		return e;
	if (ret->memory.len < sizeof(first) - 1 || memcmp(ret->memory.p,
	    first, sizeof(first) - 1) != 0 ||
	    memory_find(ret, NULL, NULL, NULL) != SQ_OK)
		return err_why(why, SQ_EUSAGE, "%s is not a file that "
		    "--remember wrote", o->remember);
	return SQ_OK;
}

/*
 * Say how the keys that signed follow from trusted ones; false if they do not.
 * Where is "key card" or "remembered".
 */
static bool
judge_path(struct verify *v, struct verify_known *k, const struct card *from,
    const char *where)
{
	const enum verify_claim c = VERIFY_SIGNED_BY;
	const char *log = v->st.log, *key = v->st.key_ssh;
	const struct rotation *r;

	switch (verify_keys_path(v, k, from, &r)) {
	case VERIFY_PATH_NONE:
		return false;
	case VERIFY_PATH_SAME:
		verify_int_set(v, c, VERIFY_YES, "vault %.8s, key %s, known "
		    "since %s (%s)", log, key, from->date, where);
		break;
	case VERIFY_PATH_ON:
		verify_int_set(v, c, VERIFY_YES, "vault %.8s, key %s: THE KEYS "
		    "WERE CHANGED on %s, vouched for by %s; the ones before "
		    "known since %s (%s)", log, key, r->time,
		    r->since[0] == '\0' ? "the old keys" : "the recovery key",
		    from->date, where);
		break;
	case VERIFY_PATH_BACK:
		k->older = true;
		if (!verify_keys_in_time(v, r))
			verify_int_no(v, c, "signed with keys that are "
			    "COMPROMISED SINCE %s, and no trusted time stamp "
			    "shows that all items existed before", r->since);
		else
			verify_int_set(v, c, VERIFY_YES, "vault %.8s, key %s: "
			    "keys that were replaced on %s%s%s (%s)", log,
			    key, r->time, r->since[0] == '\0' ? "" :
			    "; stamped before they were compromised, ",
			    r->since, where);
		break;
	}
	return true;
}

/* With a card as well, the memory must not contradict. */
static bool
remembered_too(const struct verify *v, struct verify_known *k)
{
	const struct rotation *r;
	struct card past = k->past;
	enum verify_path p;

	/* the recovery key is on the card alone */
	past.has_recovery = k->card.has_recovery;
	memcpy(past.recovery, k->card.recovery, SIGN_PK);
	p = verify_keys_path(v, k, &past, &r);
	k->older = k->older || p == VERIFY_PATH_BACK;
	return p != VERIFY_PATH_NONE;
}

static void
judge_signer(struct verify *v, struct verify_known *k)
{
	const enum verify_claim c = VERIFY_SIGNED_BY;
	const char *log = v->st.log, *key = v->st.key_ssh;

	if (k->has_card && !judge_path(v, k, &k->card, "key card"))
		verify_int_no(v, c, "NOT the keys of your key card: the "
		    "bundle is of vault %.8s, key %s; the card is of vault "
		    "%.8s, and nothing that can be believed leads from one "
		    "to the other", log, key, k->card.log);
	else if (k->has_past && !k->has_card && !judge_path(v, k, &k->past,
	    "remembered"))
		verify_int_no(v, c, "THE KEYS OF VAULT %.8s HAVE CHANGED "
		    "since %s; ask its keeper, by another way, why", log,
		    k->past.date);
	else if (k->has_past && k->has_card && !remembered_too(v, k))
		verify_int_no(v, c, "THE KEYS OF VAULT %.8s HAVE CHANGED "
		    "since %s; ask its keeper, by another way, why", log,
		    k->past.date);
	else if (!k->has_past && !k->has_card)
		verify_int_set(v, c, VERIFY_UNKNOWN, "vault %.8s, key %s: "
		    "compare it with your own key card", log, key);
}

/* see verify_int.h */
void
verify_trust_signer(struct verify *v, struct verify_known *k)
{
	size_t at, n;

	load_rotations(k, v->st.log);
	k->has_past = memory_find(k, v->st.log, &at, &n) == SQ_OK;
	judge_signer(v, k);
}

/* The history, where an earlier head of this log is remembered. */
static void
judge_past(struct verify *v, const struct verify_known *k, bool held)
{
	const enum verify_claim c = VERIFY_SAME_HISTORY;
	const struct statement *st = &v->st;

	if (k->size == st->log_size && memcmp(k->root, st->log_root,
	    MERKLE_LEN) == 0)
		verify_int_set(v, c, VERIFY_YES, "the very log of %" PRIu64
		    " entries seen on %s", k->size, k->seen);
	else if (k->size == st->log_size || (held &&
	    k->size == st->previous_size && memcmp(k->root,
	    st->previous_root, MERKLE_LEN) != 0))
		verify_int_no(v, c, "TWO HISTORIES: the log of %" PRIu64
		    " entries seen on %s was another one", k->size, k->seen);
	else if (held && k->size == st->previous_size)
		verify_int_set(v, c, VERIFY_YES, "extends the log of %" PRIu64
		    " entries seen on %s", k->size, k->seen);
	else if (k->size > st->log_size &&
	    strchr(st->created, 'Z') != NULL &&
	    strcmp(st->created, k->seen) > 0)
		verify_int_set(v, c, VERIFY_UNKNOWN, "made on %s of a log of %"
		    PRIu64 " entries, after you saw one of %" PRIu64 " on %s: "
		    "unless a clock is wrong, THE VAULT WAS ROLLED BACK OR "
		    "FORKED; show its keeper your receipt or the earlier "
		    "bundle (log seen)", st->created, st->log_size, k->size,
		    k->seen);
	else if (k->size > st->log_size)
		verify_int_set(v, c, VERIFY_UNKNOWN, "older than the log of %"
		    PRIu64 " entries seen on %s", k->size, k->seen);
	else if (!st->has_previous || st->previous_size < k->size)
		verify_int_set(v, c, VERIFY_UNKNOWN, "you saw a log of %" PRIu64
		    " entries on %s, and this statement does not know of it: "
		    "if both bundles were sealed to you, THE VAULT WAS ROLLED "
		    "BACK OR FORKED; show its keeper your receipt or the "
		    "earlier bundle (log seen)", k->size, k->seen);
	else
		verify_int_set(v, c, VERIFY_UNKNOWN, "no proof from the log "
		    "of %" PRIu64 " entries seen on %s: check the bundles "
		    "between first", k->size, k->seen);
}

/* see verify_int.h */
enum sq_err
verify_trust_judge(struct verify *v, struct verify_known *k)
{
	const enum verify_claim c = VERIFY_SAME_HISTORY;
	bool held;
	enum sq_err e;

	if ((e = verify_proof_history(v, &held)) != SQ_OK)
		return e;
	if (!v->signatures)
		return SQ_OK;
	verify_trust_signer(v, k);
	if (k->has_past)
		judge_past(v, k, held);
	else if (held)
		verify_int_set(v, c, VERIFY_UNKNOWN, "it extends the log of %"
		    PRIu64 " entries that its statement names; you hold "
		    "nothing to compare with", v->st.previous_size);
	else
		verify_int_set(v, c, VERIFY_UNKNOWN,
		    "there is no bundle before to compare with");
	return SQ_OK;
}

/* see verify_int.h */
enum sq_err
verify_trust_note(const struct verify *v, const char *note, size_t n,
    size_t *ret_text_len)
{
	enum sq_err e = note_check(note, n, &v->note, ret_text_len);

	/* of before a change of keys that this bundle carries */
	for (size_t i = 0; i < v->rotations.n && e == SQ_ENOENT; i++)
		e = note_check(note, n, &v->rotations.v[i].old.note,
		    ret_text_len);
	return verify_int_had(e);
}

/* Append the line of this log. */
static void
put_line(struct bytes_buf *out, const struct verify *v,
    const struct verify_known *k)
{
	bool old, newer = !k->has_past ||
	    v->r->claim[VERIFY_SAME_HISTORY].result == VERIFY_YES;

	bytes_putf(out, "%s %s %s ", v->st.log, k->has_past ? k->past.date :
	    v->o->now, newer ? v->o->now : k->seen);
	/* a bundle of before a change of keys does not bring the old back */
	old = k->has_past && k->older;
	bytes_put_hex(out, old ? k->past.note.pk : v->note.pk, SIGN_PK);
	bytes_puts(out, " ");
	bytes_put_hex(out, old ? k->past.minisign.pk : v->minisign.pk,
	    SIGN_PK);
	bytes_puts(out, " ");
	bytes_put_hex(out, old ? k->past.ssh : v->ssh, SIGN_PK);
	bytes_putf(out, " %" PRIu64 " ", newer ? v->st.log_size : k->size);
	bytes_put_hex(out, newer ? v->st.log_root : k->root, MERKLE_LEN);
	bytes_puts(out, "\n");
}

/* The changes of keys that the memory does not have yet. */
static void
put_rotations(struct bytes_buf *out, const struct verify *v,
    const struct verify_known *k)
{
	const struct bytes_buf *note;
	bool known;

	for (size_t i = 0; i < v->rotations.n; i++) {
		note = &v->rotations.v[i].note;
		known = false;
		for (size_t j = 0; j < k->rotations.n; j++)
			known = known || (note->len ==
			    k->rotations.v[j].note.len && memcmp(note->p,
			    k->rotations.v[j].note.p, note->len) == 0);
		if (known)
			continue;
		bytes_putf(out, "rotation %s ", v->st.log);
		bytes_put_b64(out, note->p, note->len, true);
		bytes_puts(out, "\n");
	}
}

/* Replace the file at a typed path. */
static enum sq_err
replace(const char *path, const struct bytes_buf *text, struct why *why)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? strdup(".") : slash == path ?
	    strdup("/") : strndup(path, (size_t)(slash - path));
	enum sq_err e;
	int fd = -1;

	if (dir == NULL)
		return SQ_ENOMEM;
	if ((e = fsio_path_open_dir(dir, &fd, why)) == SQ_OK)
		e = fsio_replace(fd, slash == NULL ? path : slash + 1,
		    text->p, text->len, why);
	fsio_close(fd);
	free(dir);
	return e;
}

/* see verify_int.h */
enum sq_err
verify_trust_save(struct verify *v, const struct verify_known *k,
    struct why *why)
{
	struct verify_known all = *k;	/* borrows the memory */
	struct bytes_buf out = { 0 };
	size_t at = k->memory.len, n = 0;
	enum sq_err e;

	if (k->memory.len == 0)
		bytes_puts(&out, first);
	if (k->has_past && (e = memory_find(&all, v->st.log, &at, &n)) !=
	    SQ_OK)
		goto out;
	if (at > 0)
		bytes_put(&out, k->memory.p, at);
	put_line(&out, v, k);
	put_rotations(&out, v, k);
	if (at + n < k->memory.len)
		bytes_put(&out, k->memory.p + at + n,
		    k->memory.len - at - n);
	if ((e = bytes_done(&out)) == SQ_OK)
		e = replace(v->o->remember, &out, why);
out:
	bytes_free(&out);
	return e;
}

/* see verify_int.h */
void
verify_trust_free(struct verify_known *k)
{
	bytes_free(&k->memory);
	verify_keys_free(&k->rotations);
}
