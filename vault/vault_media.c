/*
 * Attachments in the vault and going out: which object holds what a media
 * record names, its bytes, each authenticated before it is handed on.  See
 * vault.h and store/blob.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/store/blob.h"
#include "vault/vault_int.h"

#define NAME_ROOM 200		/* bytes of a name that is written out */
#define EXT_ROOM 16

/* see vault_int.h */
void
vault_blobs(const struct vault *v, struct blob_store *ret)
{
	ret->dirfd = v->dirfd;
	ret->k_blob = v->k.blob;
	ret->vault_id = v->hdr.vault_id;
	ret->fresh = NULL;
}

/* --- what binds an object -------------------------------------------- */

static bool
hex_of(const struct entry *en, const char *name, uint8_t *out, size_t n)
{
	char *s = entry_str(en, name);
	bool ok = s != NULL && bytes_unhex(out, n, s) == SQ_OK;

	free(s);
	return ok;
}

/* see vault_int.h */
enum sq_err
vault_object_of(const struct entry *en, struct blob_info *ret)
{
	const struct entry_field *f;
	int64_t size;
	char *kind = entry_str(en, "_kind");
	bool is = kind != NULL && strcmp(kind, "object") == 0;

	free(kind);
	if (!is)
		return SQ_ENOENT;
	memset(ret, 0, sizeof(*ret));
	/* erased: it binds nothing any more */
	f = entry_find(en, "object");
	if (f != NULL && f->form == ENTRY_ERASED)
		return SQ_ENOENT;
	if (!hex_of(en, "object", ret->id, OBJECT_ID) ||
	    !hex_of(en, "commitment", ret->commit, OBJECT_COMMIT) ||
	    !hex_of(en, "tags", ret->tags, DIGEST_LEN) ||
	    !hex_of(en, "sha256", ret->sha256, DIGEST_LEN) ||
	    !entry_value_int(entry_find(en, "size"), &size) || size < 0)
		return SQ_EDAMAGE;
	ret->size = (uint64_t)size;
	return SQ_OK;
}

static enum sq_err
newest_object(void *arg, const struct record_at *at)
{
	struct blob_info *b = arg;
	enum sq_err e = vault_object_of(&at->en, b);

	return e == SQ_ENOENT ? SQ_OK : e;
}

/* see vault_int.h */
enum sq_err
vault_object_of_media(struct vault *v, const uint8_t id[LOG_RECORD_ID],
    struct blob_info *ret, struct why *why)
{
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = record_each(&v->cx, id, newest_object, ret, why)) != SQ_OK)
		return e;
	return bytes_zero(ret->id, OBJECT_ID) ? SQ_ENOENT : SQ_OK;
}

/* --- finding the same content again ---------------------------------- */

static void
content_key(const struct vault *v, const uint8_t sha256[32], uint8_t out[32])
{
	const struct digest_part part[] = { { "sandyq/dedup/1", 14 },
	    { sha256, 32 } };

	digest_blake2b(out, 32, v->k.dedup, part, 2);
}

/* see vault_int.h */
enum sq_err
vault_object_by_content(struct vault *v, const uint8_t sha256[32],
    bool full, struct blob_info *ret, struct why *why)
{
	uint8_t twin[32], root[ENTRY_ROOT];
	struct blob_store bs;
	struct entry en = { 0 };
	struct db_st *st;
	uint64_t index;
	bool row;
	enum sq_err e;

	content_key(v, sha256, twin);
	if ((e = db_use(v->db, DB_OBJECT_BY_KEY, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, twin, sizeof(twin));
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_ENOENT;
	index = (uint64_t)db_int(st, 0);
	db_reset(st);
	if ((e = log_get(v->lg, index, &en, root, why)) != SQ_OK)
		return e;
	e = vault_object_of(&en, ret);
	entry_free(&en);
	if (e != SQ_OK)
		return SQ_EDAMAGE;
	/* what is damaged or gone is stored again, not linked to */
	vault_blobs(v, &bs);
	if (memcmp(ret->sha256, sha256, 32) != 0 ||
	    blob_check(&bs, ret, full, NULL, NULL, NULL) != SQ_OK)
		return SQ_ENOENT;
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_object_note(struct vault *v, const struct blob_info *b, uint64_t index)
{
	uint8_t twin[32];
	struct db_st *st;
	enum sq_err e;

	content_key(v, b->sha256, twin);
	if ((e = db_use(v->db, DB_OBJECT_ADD, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, b->id, OBJECT_ID);
	db_bind_blob(st, 2, twin, sizeof(twin));
	db_bind_int(st, 3, (int64_t)index);
	db_bind_int(st, 4, (int64_t)b->size);
	return db_run(st);
}

/* Looks among the media of a record for one with a certain object and name. */
struct media_walk {
	struct vault *v;
	const uint8_t *object;
	const char *name;
	char *ref;
	struct why *why;
};

static enum sq_err
same_object(void *arg, const struct record_at *at)
{
	struct media_walk *w = arg;
	struct blob_info b;
	uint8_t id[LOG_RECORD_ID];
	char *type = entry_str(&at->en, "_type");
	char *name = entry_str(&at->en, "original_name");
	bool media = type != NULL && strcmp(type, "media") == 0 &&
	    name != NULL && strcmp(name, w->name) == 0;
	enum sq_err e;

	free(type);
	free(name);
	if (!media || w->ref[0] != '\0' ||
	    !hex_of(&at->en, "_record", id, sizeof(id)))
		return SQ_OK;
	e = vault_object_of_media(w->v, id, &b, w->why);
	if (e == SQ_ENOENT)
		return SQ_OK;
	if (e == SQ_OK && memcmp(b.id, w->object, OBJECT_ID) == 0)
		record_ref(&w->v->cx, id, w->ref);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_object_media(struct vault *v, const uint8_t owner[LOG_RECORD_ID],
    const uint8_t object[OBJECT_ID], const char *name,
    char ref[MODEL_REF_MAX], struct why *why)
{
	char found[MODEL_ID_HEX] = "";
	struct media_walk w = { v, object, name, found, why };
	enum sq_err e;

	if ((e = record_each(&v->cx, owner, same_object, &w, why)) == SQ_OK)
		(void)snprintf(ref, MODEL_REF_MAX, "%.31s", found);
	return e;
}

/* see vault_int.h */
char *
vault_name_text(const char *name)
{
	struct bytes_buf b = { 0 };
	size_t n = strlen(name);
	bool whole = bytes_utf8(name, n);

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c < 0x20 || c == 0x7F || c == '\\' || (!whole &&
		    c >= 0x80))
			bytes_putf(&b, "\\x%02X", c);
		else
			bytes_put_u8(&b, c);
	}
	return bytes_str(&b);
}

/* --- going out ------------------------------------------------------- */

/* The object of the media record that a user named. */
static enum sq_err
find(struct vault *v, const char *ref, struct blob_info *ret,
    struct record_at *ret_at, struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e;
	if ((e = vault_object_of_media(v, id, ret, why)) == SQ_ENOENT)
		return err_why(why, SQ_ENOENT, "%s holds no attachment: it "
		    "was erased, or only its hash or its address is in the "
		    "vault", ref);
	if (e == SQ_OK && ret_at != NULL)
		e = record_get(&v->cx, id, 0, ret_at, why);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_media_size(struct vault *v, const char *ref, uint64_t *ret,
    struct why *why)
{
	struct blob_info b;
	enum sq_err e;

	if ((e = find(v, ref, &b, NULL, why)) == SQ_OK)
		*ret = b.size;
	return e;
}

/* see vault_media.h */
enum sq_err
vault_cat(struct vault *v, const char *ref, uint64_t offset, uint64_t length,
    vault_write_fn *write, void *arg, struct why *why)
{
	struct blob_store bs;
	struct blob_info b;
	enum sq_err e;

	vault_blobs(v, &bs);
	if ((e = find(v, ref, &b, NULL, why)) != SQ_OK)
		return e;
	e = blob_get(&bs, &b, offset, length, write, arg, NULL, NULL, why);
	return e == SQ_ENOENT ? SQ_EDAMAGE : e;
}

struct told {
	vault_progress_fn *progress;
	void *arg;
	uint64_t before;		/* bytes of the files before this one */
	struct vault_progress p;
};

static bool
tell(void *arg, uint64_t done)
{
	struct told *t = arg;

	t->p.done = done;
	t->p.all_done = t->before + done;
	return t->progress == NULL || t->progress(t->arg, &t->p);
}

/* Characters that turn text around: U+202A to 202E, U+2066 to 2069. */
static bool
turns(const char *p)
{
	unsigned char c = (unsigned char)p[2];

	return memcmp(p, "\xE2\x80", 2) == 0 ? c >= 0xAA && c <= 0xAE :
	    memcmp(p, "\xE2\x81", 2) == 0 && c >= 0xA6 && c <= 0xA9;
}

/* A name as a file name that cannot lead astray, and that fits. */
static void
safe_name(struct bytes_buf *b, const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t n = strlen(name), cut = n, tail = dot == NULL ? 0 : strlen(dot);

	if (n > NAME_ROOM) {
		tail = tail <= EXT_ROOM ? tail : 0;
		cut = NAME_ROOM - tail;
		while (cut > 0 && ((unsigned char)name[cut] & 0xC0) == 0x80)
			cut--;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned char c;

		if (i >= cut && i < n - tail)
			i = n - tail;
		if (i >= n)
			break;
		c = (unsigned char)name[i];
		if (i + 3 <= n && turns(name + i)) {
			bytes_put_u8(b, '_');
			i += 2;
		} else
			bytes_put_u8(b, c == '/' || c < 0x20 || c == 0x7F ?
			    '_' : c);
	}
}

/* A path for an attachment that takes nothing's place and goes nowhere else. */
static enum sq_err
out_path(const char *dir, const char *ref, const struct record_at *at,
    char **ret)
{
	char *name = entry_str(&at->en, "original_name");
	struct bytes_buf b = { 0 };

	bytes_putf(&b, "%s/%s-", dir, ref);
	safe_name(&b, name == NULL ? "" : name);
	free(name);
	*ret = bytes_str(&b);
	return *ret == NULL ? SQ_ENOMEM : SQ_OK;
}

static enum sq_err
extract_one(struct vault *v, const char *ref, const char *dir,
    struct told *t, char **ret_path, struct why *why)
{
	struct blob_store bs;
	struct blob_info b;
	struct record_at at = { .index = 0 };
	struct fsio_out *out = NULL;
	enum sq_err e;

	vault_blobs(v, &bs);
	if ((e = find(v, ref, &b, &at, why)) != SQ_OK ||
	    (e = out_path(dir, ref, &at, ret_path)) != SQ_OK ||
	    (e = fsio_out_new(*ret_path, &out, why)) != SQ_OK)
		goto out;
	/* logged before a byte leaves: what left unlogged could not be told */
	if (!v->readonly && (e = vault_custody_event(v, "extracted", ref,
	    NULL, why)) != SQ_OK)
		goto out;
	t->p.name = ref;
	t->p.of = b.size;
	e = blob_get(&bs, &b, 0, UINT64_MAX, fsio_out_write, out, tell, t,
	    why);
	if (e == SQ_ENOENT)
		e = SQ_EDAMAGE;
	if (e == SQ_OK)
		e = fsio_out_end(out, why);
out:
	fsio_out_free(out);
	record_at_free(&at);
	return e;
}

/* see vault_media.h */
enum sq_err
vault_extract(struct vault *v, const char *const *refs, size_t n,
    const char *dir, vault_progress_fn *progress,
    void (*cb)(void *arg, const char *ref, const char *path), void *arg,
    struct why *why)
{
	struct told t = { .progress = progress, .arg = arg };
	enum sq_err e = SQ_OK;

	t.p.files = n;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		uint64_t size;

		if ((e = vault_media_size(v, refs[i], &size, why)) == SQ_OK)
			t.p.all_of += size;
	}
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		char *path = NULL;

		t.p.file = i + 1;
		e = extract_one(v, refs[i], dir, &t, &path, why);
		if (e == SQ_OK)
			cb(arg, refs[i], path);
		t.before += t.p.of;
		free(path);
	}
	return e;
}
