/*
 * The bundle as bytes: payload, bag, statement, signatures and proofs, put
 * into one tar in the order of their paths and sealed into one age file.  See
 * export.h and BUNDLE.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/digest.h"
#include "crypto/minisig.h"
#include "crypto/sign.h"
#include "crypto/sshsig.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/export.h"
#include "vault/bundle/queue.h"
#include "vault/bundle/readme.h"
#include "vault/bundle/tar.h"

#define PROGRAM "sandyq 0.1"
#define BAG "bundle/bag/"

static int
file_cmp(const void *a, const void *b)
{
	const struct export_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void
sort_files(struct export_files *l)
{
	qsort(l->v, l->n, sizeof(*l->v), file_cmp);
}

/* --- the bag ------------------------------------------------------------ */

static uint64_t
size_of(const struct export_file *f)
{
	return f->of == NULL ? f->body.len : f->of->object.size;
}

/*
 * A manifest of the files below bundle/bag/ whose path fits.  What is said of
 * an attachment is what the log says; its bytes are held against it when they
 * are sealed.
 */
static enum sq_err
manifest(struct export_files *l, bool payload, struct bytes_buf *out,
    uint64_t *ret_files, uint64_t *ret_bytes)
{
	struct bag_list list = { 0 };
	uint8_t sum[DIGEST_LEN];
	const char *rel;
	enum sq_err e = SQ_OK;

	*ret_files = *ret_bytes = 0;
	for (size_t i = 0; i < l->n && e == SQ_OK; i++) {
		if (strncmp(l->v[i].path, BAG, strlen(BAG)) != 0)
			continue;
		rel = l->v[i].path + strlen(BAG);
		if ((strncmp(rel, "data/", 5) == 0) != payload)
			continue;
		if (l->v[i].of == NULL)
			digest_sha256(sum, l->v[i].body.p, l->v[i].body.len);
		else
			memcpy(sum, l->v[i].of->object.sha256, sizeof(sum));
		e = bag_add(&list, rel, sum, size_of(&l->v[i]));
		*ret_files += 1;
		*ret_bytes += size_of(&l->v[i]);
	}
	if (e == SQ_OK)
		e = bag_emit(&list, out);
	bag_free(&list);
	return e;
}

/* Close the bag: its four tag files. */
static enum sq_err
add_bag(const struct export_in *in, struct statement *st,
    struct export_files *l)
{
	struct bytes_buf text = { 0 }, *b;
	uint64_t files, bytes;
	char date[11];
	enum sq_err e;

	(void)snprintf(date, sizeof(date), "%.10s", in->now);
	sort_files(l);
	if ((e = manifest(l, true, &text, &files, &bytes)) != SQ_OK)
		goto out;
	st->bytes = bytes;
	if ((e = export_file(l, BAG "manifest-sha256.txt", &b)) != SQ_OK)
		goto out;
	*b = text;
	memset(&text, 0, sizeof(text));		/* transferred */
	if ((e = export_file(l, BAG "bagit.txt", &b)) != SQ_OK)
		goto out;
	bytes_puts(b, BAG_TXT);
	if ((e = export_file(l, BAG "bag-info.txt", &b)) != SQ_OK ||
	    (e = bag_info(files, bytes, date, st->bundle, b)) != SQ_OK)
		goto out;
	sort_files(l);
	if ((e = manifest(l, false, &text, &files, &bytes)) != SQ_OK)
		goto out;
	digest_sha256(st->tagmanifest, text.p, text.len);
	if ((e = export_file(l, BAG "tagmanifest-sha256.txt", &b)) != SQ_OK)
		goto out;
	*b = text;
	memset(&text, 0, sizeof(text));		/* transferred */
out:
	bytes_free(&text);
	return e;
}

/* --- what is signed ----------------------------------------------------- */

/* The statement as far as it is known before the bag is closed. */
static enum sq_err
begin_statement(const struct export_in *in, struct statement *st)
{
	struct card_names key;
	struct note_checkpoint cp;
	const char *readme;
	size_t n;
	uint8_t id[16];
	enum sq_err e;

	memset(st, 0, sizeof(*st));
	bytes_random(id, sizeof(id));
	bytes_hex(st->bundle, id, sizeof(id));
	(void)snprintf(st->created, sizeof(st->created), "%s", in->now);
	(void)snprintf(st->log, sizeof(st->log), "%s", in->card->log);
	(void)snprintf(st->recipient, sizeof(st->recipient), "%s",
	    in->to->age);
	(void)snprintf(st->profile, sizeof(st->profile), "%s",
	    in->rules->profile);
	(void)snprintf(st->program, sizeof(st->program), "%s", PROGRAM);
	st->items = in->plan->n;
	for (size_t i = 0; i < in->plan->n; i++)
		st->attachments += in->plan->item[i].file;
	st->recipient_name = strdup(in->to->name);
	st->purpose = strdup(in->purpose == NULL ? "" : in->purpose);
	if (st->recipient_name == NULL || st->purpose == NULL)
		return SQ_ENOMEM;
	if ((e = note_check(in->checkpoint, in->n_checkpoint,
	    &in->card->note, &n)) != SQ_OK ||
	    (e = note_checkpoint_parse(in->checkpoint, n, &cp)) != SQ_OK)
		return e;
	(void)snprintf(st->log_origin, sizeof(st->log_origin), "%.63s",
	    cp.origin);
	st->log_size = cp.size;
	memcpy(st->log_root, cp.root, sizeof(st->log_root));
	st->has_previous = in->to->has_previous;
	st->previous_size = in->to->previous_size;
	memcpy(st->previous_root, in->to->previous_root, 32);
	if (in->opens != NULL) {
		memcpy(st->opens, in->opens->bundle, sizeof(st->opens));
		memcpy(st->opens_statement, in->opens->statement, 32);
	}
	readme = readme_text(&n);
	digest_sha256(st->readme, readme, n);
	if ((e = card_names(in->card, &key)) != SQ_OK)
		return e;
	memcpy(st->key_note, key.note, sizeof(st->key_note));
	memcpy(st->key_minisign, key.minisign, sizeof(st->key_minisign));
	memcpy(st->key_ssh, key.ssh, sizeof(st->key_ssh));
	return SQ_OK;
}

/* Both signatures over the statement. */
static enum sq_err
add_signatures(const struct export_in *in, const struct statement *st,
    const struct bytes_buf *text, struct export_files *l)
{
	const struct digest_part part = { text->p, text->len };
	struct secret *mini = NULL, *ssh = NULL;
	struct bytes_buf *b;
	char trusted[256];
	uint8_t hash[64];
	enum sq_err e;

	digest_blake2b(hash, sizeof(hash), NULL, &part, 1);
	(void)snprintf(trusted, sizeof(trusted), STATEMENT_COMMENT,
	    st->bundle, st->created, st->log, st->log_size);
	if ((e = sign_seed(in->seed, "minisign", in->epoch,
	    &mini)) != SQ_OK ||
	    (e = sign_seed(in->seed, "ssh", in->epoch, &ssh)) != SQ_OK ||
	    (e = export_file(l, "bundle/proofs/STATEMENT.txt.minisig", &b)) !=
	    SQ_OK || (e = minisig_make(&in->card->minisign, mini, hash,
	    trusted, b)) != SQ_OK ||
	    (e = export_file(l, "bundle/proofs/STATEMENT.txt.sig", &b)) !=
	    SQ_OK)
		goto out;
	e = sshsig_make(ssh, STATEMENT_NS, text->p, text->len, b);
out:
	secret_free(mini);
	secret_free(ssh);
	return e;
}

/* A tlog-proof of each item, the checkpoint, and consistency. */
static enum sq_err
add_proofs(const struct export_in *in, const struct statement *st,
    struct export_files *l)
{
	struct merkle_proof proof;
	struct consist c;
	struct bytes_buf *b;
	char path[64];
	enum sq_err e;

	for (size_t i = 0; i < in->plan->n; i++) {
		uint64_t index = in->plan->item[i].at.index;

		(void)snprintf(path, sizeof(path),
		    "bundle/proofs/items/%06zu.tlog-proof", i + 1);
		if ((e = log_include(in->cx->lg, index, &proof)) != SQ_OK ||
		    (e = export_file(l, path, &b)) != SQ_OK ||
		    (e = note_proof_emit(index, &proof, in->checkpoint,
		    in->n_checkpoint, b)) != SQ_OK)
			return e;
	}
	if ((e = export_file(l, "bundle/proofs/checkpoint", &b)) != SQ_OK)
		return e;
	bytes_put(b, in->checkpoint, in->n_checkpoint);
	if (!st->has_previous)
		return bytes_done(b);
	memset(&c, 0, sizeof(c));
	c.old_size = st->previous_size;
	memcpy(c.old_root, st->previous_root, sizeof(c.old_root));
	c.new_size = st->log_size;
	if ((e = log_consist(in->cx->lg, c.old_size, &c.proof)) != SQ_OK ||
	    (e = export_file(l, "bundle/proofs/consistency.txt", &b)) !=
	    SQ_OK)
		return e;
	return consist_emit(&c, b);
}

/* trust/: a convenience that our verifier never believes. */
static enum sq_err
add_trust(const struct export_in *in, struct export_files *l)
{
	struct bytes_buf *b;
	enum sq_err e;

	if ((e = export_file(l, "bundle/trust/key-card.txt", &b)) != SQ_OK ||
	    (e = card_emit(in->card, b)) != SQ_OK ||
	    (e = export_file(l, "bundle/trust/sandyq.pub", &b)) != SQ_OK ||
	    (e = minisig_pub_emit(&in->card->minisign, b)) != SQ_OK ||
	    (e = export_file(l, "bundle/trust/allowed_signers", &b)) !=
	    SQ_OK)
		return e;
	return card_allowed_signers(in->card, b);
}

/* Everything that goes into the tar. */
static enum sq_err
build(const struct export_in *in, struct statement *st,
    struct export_files *l, struct export_result *ret, struct why *why)
{
	struct bytes_buf *b, copy;
	const char *readme;
	size_t n;
	enum sq_err e;

	if ((e = begin_statement(in, st)) != SQ_OK ||
	    (e = export_data(in, st, l, &ret->withheld, why)) != SQ_OK ||
	    (e = add_bag(in, st, l)) != SQ_OK ||
	    (e = export_file(l, "bundle/READ-ME-FIRST.txt", &b)) != SQ_OK)
		return e;
	readme = readme_text(&n);
	bytes_put(b, readme, n);
	if ((e = export_file(l, "bundle/STATEMENT.txt", &b)) != SQ_OK ||
	    (e = statement_emit(st, b)) != SQ_OK)
		return e;
	digest_sha256(ret->statement, b->p, b->len);
	copy = *b;		/* the list may move; the bytes stay */
	if ((e = add_signatures(in, st, &copy, l)) != SQ_OK ||
	    (e = add_proofs(in, st, l)) != SQ_OK ||
	    (e = export_anchors(in, st, l, why)) != SQ_OK ||
	    (e = export_keys(in, l, why)) != SQ_OK ||
	    (e = add_trust(in, l)) != SQ_OK)
		return e;
	sort_files(l);
	for (size_t i = 0; i < l->n; i++)
		if ((e = bytes_done(&l->v[i].body)) != SQ_OK)
			return e;
	return SQ_OK;
}

/* --- sealing ------------------------------------------------------------ */

/* Sealed and written by a thread of its own, while the next is hashed. */
static enum sq_err
to_age(void *arg, const uint8_t *p, size_t n)
{
	return age_seal_add(arg, p, n);
}

static enum sq_err
to_tar(void *arg, const uint8_t *p, size_t n)
{
	return tar_write_data(arg, p, n);
}

/* Unix seconds of "YYYY-MM-DDTHH:MM:SSZ". */
static uint64_t
unix_of(const char *rfc3339)
{
	struct tm tm = { .tm_sec = 0 };
	time_t t;

	if (strptime(rfc3339, "%Y-%m-%dT%H:%M:%SZ", &tm) == NULL)
		return 0;
	t = timegm(&tm);
	return t < 0 ? 0 : (uint64_t)t;
}

/* Write the files as one tar into one age file. */
static enum sq_err
seal(const struct export_in *in, const struct export_files *l,
    age_write_fn *write, void *arg, struct why *why)
{
	struct export_content x;
	const struct export_file *f;
	const char *key = strcmp(in->to->age, "-") == 0 ? NULL : in->to->age;
	struct age_writer *w = NULL;
	struct tar_writer *t = NULL;
	struct queue *q = NULL;
	enum sq_err e;

	export_content_new(in, why, &x);
	if ((e = age_seal_new(key, key == NULL ? in->passphrase : NULL,
	    AGE_LOGN_WRITE, write, arg, &w)) != SQ_OK ||
	    (e = queue_out(to_age, w, &q)) != SQ_OK ||
	    (e = tar_write_new(queue_put, q, unix_of(in->now), &t)) != SQ_OK)
		goto out;
	for (f = l->v; f < l->v + l->n && e == SQ_OK; f++) {
		e = tar_write_file(t, f->path, size_of(f));
		if (e == SQ_OK && f->of != NULL)
			e = export_content_write(&x, f->of, to_tar, t);
		else if (e == SQ_OK && f->body.len > 0)
			e = tar_write_data(t, f->body.p, f->body.len);
	}
	if (e == SQ_OK && (e = tar_write_end(t)) == SQ_OK &&
	    (e = queue_end(q)) == SQ_OK)
		e = age_seal_end(w);
out:
	queue_free(q);
	tar_write_free(t);
	age_seal_free(w);
	return e;
}

/* see export.h */
enum sq_err
export_write(const struct export_in *in, age_write_fn *write, void *arg,
    struct export_result *ret, struct why *why)
{
	struct export_files l = { 0 };
	struct statement st;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	memset(&st, 0, sizeof(st));
	if (why != NULL)
		why->text[0] = '\0';
	if ((e = build(in, &st, &l, ret, why)) == SQ_OK)
		e = seal(in, &l, write, arg, why);
	if (e == SQ_OK) {
		memcpy(ret->bundle, st.bundle, sizeof(ret->bundle));
		memcpy(ret->tagmanifest, st.tagmanifest, 32);
		memcpy(ret->log_root, st.log_root, 32);
		ret->log_size = st.log_size;
		ret->attachments = st.attachments;
	} else if (why != NULL && why->text[0] == '\0')
		err_why(why, e, "the bundle could not be built: %s",
		    err_str(e));
	statement_free(&st);
	export_files_free(&l);
	return e;
}
