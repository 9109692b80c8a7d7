#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vault/bundle/verify_int.h"

/* The files that have one place and one name, and how large they may be. */
static const struct {
	const char *path;
	enum verify_kind kind;
	uint64_t max;
} place[] = {
	{ "bundle/READ-ME-FIRST.txt", VERIFY_README, 1u << 20 },
	{ "bundle/STATEMENT.txt", VERIFY_STATEMENT, STATEMENT_MAX },
	{ "bundle/bag/bagit.txt", VERIFY_BAGIT, 4096 },
	{ "bundle/bag/bag-info.txt", VERIFY_BAGINFO, 65536 },
	{ "bundle/bag/manifest-sha256.txt", VERIFY_MANIFEST, 1u << 28 },
	{ "bundle/bag/tagmanifest-sha256.txt", VERIFY_TAGMANIFEST, 65536 },
	{ "bundle/proofs/STATEMENT.txt.minisig", VERIFY_MINISIG, 16384 },
	{ "bundle/proofs/STATEMENT.txt.sig", VERIFY_SSHSIG, 16384 },
	{ "bundle/proofs/checkpoint", VERIFY_CHECKPOINT, NOTE_MAX_BYTES },
	{ "bundle/proofs/consistency.txt", VERIFY_CONSISTENCY, 65536 },
	{ "bundle/trust/key-card.txt", VERIFY_CARD, 65536 },
	{ "bundle/trust/allowed_signers", VERIFY_SIGNERS, 65536 },
	{ "bundle/trust/sandyq.pub", VERIFY_PUB, 65536 },
	{ "bundle/bag/data/items.csv", VERIFY_CSV, INT64_MAX },
	{ "bundle/trust/tsa-chain.pem", VERIFY_CHAIN, 1u << 20 }
};

#define RECORD_MAX ((uint64_t)4 * ENTRY_MAX_BYTES)

static const char items_dir[] = "bundle/bag/data/items/";
static const char proofs_dir[] = "bundle/proofs/items/";
static const char anchors_dir[] = "bundle/proofs/anchors/";
static const char keys_dir[] = "bundle/proofs/keys/";
static const char data_dir[] = "bundle/bag/data/";

/* True if path begins with dir; the rest then goes to *ret. */
static bool
below(const char *path, const char *dir, const char **ret)
{
	size_t n = strlen(dir);

	if (strncmp(path, dir, n) != 0)
		return false;
	*ret = path + n;
	return true;
}

/* Read exactly n digits and then the text tail. */
static bool
numbered(const char *s, size_t n, const char *tail, uint64_t *ret)
{
	uint64_t number = 0;

	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return false;
		number = 10 * number + (uint64_t)(*s - '0');
	}
	*ret = number;
	return number > 0 && strncmp(s, tail, strlen(tail)) == 0;
}

/* Which part of which anchor, of NNNN.note .tsq .tsr .consistency? */
static bool
is_anchor(const char *s, uint64_t *ret_number, enum verify_anchor_part *ret)
{
	static const char *const kind[VERIFY_ANCHOR_PARTS] = {
	    ".consistency", ".note", ".tsq", ".tsr" };

	for (int i = 0; i < VERIFY_ANCHOR_PARTS; i++)
		if (numbered(s, 4, kind[i], ret_number) &&
		    strcmp(s + 4, kind[i]) == 0) {
			*ret = (enum verify_anchor_part)i;
			return true;
		}
	return false;
}

/* What the member is, by its path, and how large it may be. */
static enum verify_kind
kind_of(const char *path, uint64_t *ret_max, uint64_t *ret_number,
    enum verify_anchor_part *ret_part)
{
	const char *s;

	*ret_max = INT64_MAX;
	for (size_t i = 0; i < sizeof(place) / sizeof(place[0]); i++)
		if (strcmp(place[i].path, path) == 0) {
			*ret_max = place[i].max;
			return place[i].kind;
		}
	if (below(path, items_dir, &s)) {
		if (numbered(s, 6, "/original.", ret_number) &&
		    bag_original_ok(s + sizeof("000001/original")))
			return VERIFY_ORIGINAL;
		*ret_max = RECORD_MAX;
		return numbered(s, 6, "/record.json", ret_number) &&
		    strlen(s) == 18 ? VERIFY_RECORD : VERIFY_STRANGE;
	}
	if (below(path, data_dir, &s))
		return VERIFY_DATA;
	*ret_max = NOTE_MAX_BYTES;
	if (below(path, proofs_dir, &s) && strlen(s) == 17 &&
	    numbered(s, 6, ".tlog-proof", ret_number))
		return VERIFY_PROOF;
	if (below(path, keys_dir, &s) && strlen(s) == 9 &&
	    numbered(s, 4, ".note", ret_number))
		return VERIFY_ROTATION;
	return below(path, anchors_dir, &s) && is_anchor(s, ret_number,
	    ret_part) ? VERIFY_ANCHOR :
	    VERIFY_STRANGE;
}

/* Say what is wrong with a file that has no place in a bundle. */
static void
strange(struct verify *v)
{
	const char *s;

	if (strcmp(v->path, "bundle/bag/fetch.txt") == 0)
		verify_int_no(v, VERIFY_INTACT, "bag/fetch.txt: a bundle is "
		    "whole, nothing is fetched from elsewhere");
	else if (below(v->path, "bundle/bag/manifest-", &s) ||
	    below(v->path, "bundle/bag/tagmanifest-", &s))
		verify_int_no(v, VERIFY_INTACT, "%s: a manifest of another "
		    "algorithm than SHA-256", v->path + 7);
	else
		verify_int_no(v, VERIFY_INTACT,
		    "%s: a file that has no place in a bundle", v->path);
}

/* True if the bytes of this kind of member are needed in memory. */
static bool
is_kept(enum verify_kind k)
{
	return (k < VERIFY_BODIES && k != VERIFY_README) ||
	    k == VERIFY_RECORD || k == VERIFY_PROOF || k == VERIFY_ANCHOR ||
	    k == VERIFY_ROTATION;
}

static enum sq_err
member_begin(void *arg, const char *path, uint64_t size)
{
	struct verify *v = arg;
	uint64_t max;

	v->number = 0;
	v->kind = kind_of(path, &max, &v->number, &v->part);
	v->size = size;
	(void)snprintf(v->path, sizeof(v->path), "%s", path);
	if (v->all.n >= VERIFY_FILES_MAX) {
		verify_int_no(v, VERIFY_INTACT, "too many files");
		return SQ_ELIMIT;
	}
	if (v->kind != VERIFY_README && v->kind != VERIFY_STATEMENT &&
	    !v->has_st) {
		verify_int_no(v, VERIFY_INTACT, "STATEMENT.txt is missing or "
		    "not before %s", path);
		return SQ_EFORMAT;
	}
	if (size > max) {
		verify_int_no(v, VERIFY_INTACT, "%s is too large", path);
		return SQ_ELIMIT;
	}
	if (v->kind == VERIFY_STRANGE)
		strange(v);
	bytes_free(&v->body);
	return SQ_OK;
}

static enum sq_err
member_data(void *arg, const uint8_t *p, size_t n)
{
	struct verify *v = arg;
	enum sq_err e = SQ_OK;

	if (is_kept(v->kind)) {
		bytes_put(&v->body, p, n);
		e = bytes_done(&v->body);
	} else if (v->kind == VERIFY_CSV &&
	    v->r->claim[VERIFY_COMPLETE].result != VERIFY_NO) {
		e = csv_read_add(&v->csv, p, n);
		if (e == SQ_EFORMAT || e == SQ_ELIMIT) {
			verify_int_no(v, VERIFY_COMPLETE,
			    "items.csv is not of the form it must have");
			e = SQ_OK;
		}
	}
	return e == SQ_OK ? digest_add(v->sha, p, n) : e;
}

/* The last byte of a member has come: look at it. */
static enum sq_err
look(struct verify *v, const uint8_t hash[DIGEST_LEN])
{
	if (v->kind < VERIFY_BODIES) {
		v->kept[v->kind] = v->body;
		memset(&v->body, 0, sizeof(v->body));	/* transferred */
		v->seen[v->kind] = true;
	}
	switch (v->kind) {
	case VERIFY_STATEMENT:
		return verify_proof_statement(v);
	case VERIFY_CHECKPOINT:
		return verify_proof_checkpoint(v);
	case VERIFY_RECORD:
		return verify_items_record(v);
	case VERIFY_PROOF:
		return verify_items_proof(v);
	case VERIFY_CSV:
		if (csv_read_end(&v->csv) != SQ_OK)
			verify_int_no(v, VERIFY_COMPLETE,
			    "items.csv is not of the form it must have");
		break;
	case VERIFY_ORIGINAL:
		if (v->original == v->number)
			verify_int_no(v, VERIFY_INTACT, "%s: a second "
			    "attachment of one item", v->path);
		v->original = v->number;
		v->original_size = v->size;
		memcpy(v->original_sha, hash, DIGEST_LEN);
		(void)snprintf(v->original_path, sizeof(v->original_path),
		    "%s", v->path + sizeof(data_dir) - 1);
		v->attachments++;
		break;
	case VERIFY_ROTATION:
		return verify_keys_part(v);
	case VERIFY_ANCHOR:
		return verify_time_part(v);
	default:
		break;
	}
	return SQ_OK;
}

static enum sq_err
member_end(void *arg)
{
	struct verify *v = arg;
	uint8_t hash[DIGEST_LEN];
	enum sq_err e;

	if ((e = digest_end(v->sha, hash)) != SQ_OK ||
	    (e = bag_add(&v->all, v->path, hash, v->size)) != SQ_OK)
		return e;
	return look(v, hash);
}

/* see verify_int.h */
struct verify_sink
verify_members_sink(struct verify *v)
{
	return (struct verify_sink){ member_begin, member_data, member_end,
	    v };
}

/* --- the closed world of the bag ---------------------------------------- */

/* True if the kept text is missing; the claim says so. */
static bool
missing(struct verify *v, enum verify_kind kind)
{
	if (v->seen[kind])
		return false;
	for (size_t i = 0; i < sizeof(place) / sizeof(place[0]); i++)
		if (place[i].kind == kind)
			verify_int_no(v, VERIFY_INTACT, "%s is missing",
			    place[i].path + 7);
	return true;
}

/* The hash of a member as it was read, against what is stated. */
static void
check_hash(struct verify *v, const char *path,
    const uint8_t stated[DIGEST_LEN])
{
	const struct bag_file *f = bag_find(&v->all, path);

	if (f == NULL)
		verify_int_no(v, VERIFY_INTACT, "%s is missing", path + 7);
	else if (memcmp(f->sha256, stated, DIGEST_LEN) != 0)
		verify_int_no(v, VERIFY_INTACT, "%s is altered: its SHA-256 "
		    "is not the one that was signed", path + 7);
}

/*
 * A manifest against the members below bag/: each listed file is there with
 * its hash, and (both lists ascend) none is there that is not listed.
 */
static enum sq_err
check_manifest(struct verify *v, enum verify_kind kind, bool data)
{
	static const char bag[] = "bundle/bag/";
	struct bag_list list = { 0 };
	struct why why = { "" };
	char path[sizeof(bag) + TAR_PATH_MAX];
	const char *s;
	size_t listed = 0;
	enum sq_err e;

	e = bag_parse((const char *)v->kept[kind].p, v->kept[kind].len,
	    &list, &why);
	if (e == SQ_ENOMEM)
		return e;
	if (e != SQ_OK) {
		verify_int_no(v, VERIFY_INTACT, "a manifest of the bag: %s",
		    why.text);
		return SQ_OK;
	}
	for (size_t i = 0; i < list.n; i++) {
		(void)snprintf(path, sizeof(path), "%s%s", bag,
		    list.v[i].path);
		if (below(list.v[i].path, "data/", &s) != data)
			verify_int_no(v, VERIFY_INTACT, "%s stands in the "
			    "wrong manifest", path + 7);
		check_hash(v, path, list.v[i].sha256);
	}
	for (size_t i = 0; i < v->all.n; i++) {
		if (!below(v->all.v[i].path, bag, &s) ||
		    (strncmp(s, "data/", 5) == 0) != data ||
		    (!data && strcmp(s, "tagmanifest-sha256.txt") == 0))
			continue;
		if (bag_find(&list, s) == NULL)
			verify_int_no(v, VERIFY_INTACT, "bag/%s is there but "
			    "not in the manifest", s);
		listed++;
	}
	if (listed != list.n)
		verify_int_no(v, VERIFY_INTACT, "a manifest lists another "
		    "number of files than are there");
	bag_free(&list);
	return SQ_OK;
}

/* Payload-Oxum and the statement, against what was counted. */
static void
check_counts(struct verify *v)
{
	const struct bytes_buf *info = &v->kept[VERIFY_BAGINFO];
	uint64_t files = 0, bytes = 0, want_files, want_bytes;
	const char *s;

	for (size_t i = 0; i < v->all.n; i++)
		if (below(v->all.v[i].path, data_dir, &s)) {
			files++;
			bytes += v->all.v[i].size;
		}
	if (bag_oxum((const char *)info->p, info->len, &want_bytes,
	    &want_files) != SQ_OK || want_bytes != bytes ||
	    want_files != files)
		verify_int_no(v, VERIFY_INTACT, "bag/bag-info.txt: "
		    "Payload-Oxum is not %" PRIu64 ".%" PRIu64, bytes, files);
	if (v->st.bytes != bytes)
		verify_int_no(v, VERIFY_INTACT, "the statement says %" PRIu64
		    " bytes, there are %" PRIu64, v->st.bytes, bytes);
}

/* A size for people. */
static void
human(uint64_t n, char out[32])
{
	static const char *const unit[] = { "KiB", "MiB", "GiB", "TiB" };
	double x = (double)n / 1024;
	size_t i = 0;

	if (n < 1024) {
		(void)snprintf(out, 32, "%" PRIu64 " bytes", n);
		return;
	}
	for (; x >= 1024 && i < 3; i++)
		x /= 1024;
	(void)snprintf(out, 32, "%.1f %s", x, unit[i]);
}

/* see verify_int.h */
enum sq_err
verify_members_bag(struct verify *v)
{
	const struct bytes_buf *txt = &v->kept[VERIFY_BAGIT];
	char size[32];
	enum sq_err e;

	v->r->files = v->all.n;
	for (size_t i = 0; i < v->all.n; i++)
		v->r->bytes += v->all.v[i].size;
	check_hash(v, "bundle/READ-ME-FIRST.txt", v->st.readme);
	check_hash(v, "bundle/bag/tagmanifest-sha256.txt", v->st.tagmanifest);
	if (!missing(v, VERIFY_BAGIT) && (txt->len != sizeof(BAG_TXT) - 1 ||
	    memcmp(txt->p, BAG_TXT, txt->len) != 0))
		verify_int_no(v, VERIFY_INTACT,
		    "bag/bagit.txt is not that of BagIt 1.0 in UTF-8");
	if (!missing(v, VERIFY_TAGMANIFEST) && (e = check_manifest(v,
	    VERIFY_TAGMANIFEST, false)) != SQ_OK)
		return e;
	if (!missing(v, VERIFY_MANIFEST) && (e = check_manifest(v,
	    VERIFY_MANIFEST, true)) != SQ_OK)
		return e;
	if (!missing(v, VERIFY_BAGINFO))
		check_counts(v);
	human(v->r->bytes, size);
	verify_int_set(v, VERIFY_INTACT, VERIFY_YES, "%" PRIu64 " files, %s, "
	    "all hashes match", v->r->files, size);
	return SQ_OK;
}
