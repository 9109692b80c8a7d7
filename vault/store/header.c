#include <inttypes.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/store/header.h"

#define MINOR 0
#define READER 1		/* what min_reader may ask for at most */

/* As it lies on disk: docs/FORMAT.md section 3. */
struct header_disk {
	uint8_t magic[8];
	uint8_t major[2], minor[2];
	uint8_t size[4];
	uint8_t vault_id[16];
	uint8_t set_a[KDF_SET_LEN];
	uint8_t generation[8];
	uint8_t min_reader[4], flags[4];
	uint8_t zero[32];
	uint8_t slot[KEYSLOT_COUNT][KEYSLOT_LEN];
	uint8_t set_b[KDF_SET_LEN];
	uint8_t reserve[1808];
	uint8_t mac[32];
	uint8_t sum[32];
};
_Static_assert(sizeof(struct header_disk) == HEADER_LEN, "FORMAT.md 2");
_Static_assert(offsetof(struct header_disk, generation) == 0x050, "");
_Static_assert(offsetof(struct header_disk, slot) == 0x080, "");
_Static_assert(offsetof(struct header_disk, set_b) == 0x880, "");
_Static_assert(offsetof(struct header_disk, reserve) == 0x8B0, "");
_Static_assert(offsetof(struct header_disk, mac) == 0xFC0, "");
_Static_assert(offsetof(struct header_disk, sum) == 0xFE0, "");

static const uint8_t magic[8] = { 0x89, 'S', 'D', 'Y', 'Q', 0x0D, 0x0A, 0x1A };

/* The unkeyed checksum over all but itself. */
static void
sum_of(const struct header_disk *d, uint8_t out[32])
{
	const struct digest_part part = { d,
	    offsetof(struct header_disk, sum) };

	digest_blake2b(out, 32, NULL, &part, 1);
}

static void
mac_of(const struct header_disk *d, const struct secret *k_hdr,
    uint8_t out[32])
{
	const struct digest_part part = { d,
	    offsetof(struct header_disk, mac) };

	digest_blake2b(out, 32, k_hdr, &part, 1);
}

/* Lay out everything but the two checks. */
static void
lay_out(const struct header *h, struct header_disk *d)
{
	memset(d, 0, sizeof(*d));
	memcpy(d->magic, magic, sizeof(magic));
	bytes_le16(d->major, h->major);
	bytes_le16(d->minor, h->minor);
	bytes_le32(d->size, HEADER_LEN);
	memcpy(d->vault_id, h->vault_id, sizeof(d->vault_id));
	kdf_emit(&h->set_a, d->set_a);
	bytes_le64(d->generation, h->generation);
	bytes_le32(d->min_reader, h->min_reader);
	bytes_le32(d->flags, h->flags);
	memcpy(d->slot, h->slot, sizeof(d->slot));
	if (h->has_b)
		kdf_emit(&h->set_b, d->set_b);
	memcpy(d->reserve, h->reserve, sizeof(d->reserve));
}

/* see header.h */
void
header_new(const struct kdf_set *set, struct header *ret)
{
	uint8_t start[4];
	struct bytes_rd r;

	memset(ret, 0, sizeof(*ret));
	ret->major = HEADER_MAJOR;
	ret->minor = MINOR;
	ret->min_reader = READER;
	ret->set_a = *set;
	bytes_random(ret->vault_id, sizeof(ret->vault_id));
	bytes_random(start, sizeof(start));
	bytes_rd_init(&r, start, sizeof(start));
	ret->generation = bytes_rd_u32(&r);
	for (unsigned i = 0; i < KEYSLOT_COUNT; i++)
		keyslot_blank(ret->slot[i]);
	bytes_random(ret->reserve, sizeof(ret->reserve));
}

/* The fields between the magic and the slots. */
static enum sq_err
parse_front(struct bytes_rd *r, struct header *h, struct why *why)
{
	uint8_t zero[32];
	uint32_t size;
	const uint8_t *set;
	enum sq_err e;

	h->major = bytes_rd_u16(r);
	h->minor = bytes_rd_u16(r);
	if (h->major != HEADER_MAJOR)
		return err_why(why, SQ_EUNSUPPORTED, "the vault has format %u,"
		    " this program knows %u", h->major, HEADER_MAJOR);
	size = bytes_rd_u32(r);
	bytes_rd_copy(r, h->vault_id, sizeof(h->vault_id));
	set = bytes_rd_ref(r, KDF_SET_LEN);
	if (set == NULL || (e = kdf_parse(set, &h->set_a)) != SQ_OK)
		return err_why(why, set == NULL ? SQ_EFORMAT : e, "the costs of"
		    " the passphrase are out of bounds");
	h->generation = bytes_rd_u64(r);
	h->min_reader = bytes_rd_u32(r);
	h->flags = bytes_rd_u32(r);
	bytes_rd_copy(r, zero, sizeof(zero));
	if (h->min_reader > READER || h->flags != 0)
		return err_why(why, SQ_EUNSUPPORTED, "the vault was made for a"
		    " newer version of this program");
	if (size != HEADER_LEN || !bytes_zero(zero, sizeof(zero)))
		return err_why(why, SQ_EFORMAT, "the header does not keep to"
		    " its format");
	return SQ_OK;
}

/* see header.h */
enum sq_err
header_parse(const uint8_t p[HEADER_LEN], struct header *ret, struct why *why)
{
	struct header_disk d;
	struct bytes_rd r;
	uint8_t sum[32];
	enum sq_err e;

	memcpy(&d, p, sizeof(d));
	if (memcmp(d.magic, magic, sizeof(magic)) != 0)
		return err_why(why, SQ_EFORMAT,
		    "not the header of a vault: its first bytes are wrong");
	sum_of(&d, sum);
	if (!bytes_eq(sum, d.sum, sizeof(sum)))
		return err_why(why, SQ_EDAMAGE, "the header is damaged: its"
		    " checksum does not hold");
	memset(ret, 0, sizeof(*ret));
	bytes_rd_init(&r, d.major, offsetof(struct header_disk, slot) -
	    offsetof(struct header_disk, major));
	if ((e = parse_front(&r, ret, why)) != SQ_OK)
		return e;
	memcpy(ret->slot, d.slot, sizeof(d.slot));
	ret->has_b = !bytes_zero(d.set_b, sizeof(d.set_b));
	if (ret->has_b && (e = kdf_parse(d.set_b, &ret->set_b)) != SQ_OK)
		return err_why(why, e, "the second costs of the passphrase are"
		    " out of bounds");
	memcpy(ret->reserve, d.reserve, sizeof(d.reserve));
	memcpy(ret->mac, d.mac, sizeof(d.mac));
	return SQ_OK;
}

/* see header.h */
enum sq_err
header_emit(struct header *h, const struct secret *k_hdr,
    uint8_t out[HEADER_LEN])
{
	struct header_disk d;

	if (h->major != HEADER_MAJOR)
		return SQ_EINTERNAL;
	lay_out(h, &d);
	mac_of(&d, k_hdr, d.mac);
	memcpy(h->mac, d.mac, sizeof(h->mac));
	sum_of(&d, d.sum);
	memcpy(out, &d, sizeof(d));
	return SQ_OK;
}

/* see header.h */
bool
header_mac_ok(const struct header *h, const struct secret *k_hdr)
{
	struct header_disk d;
	uint8_t mac[32];

	lay_out(h, &d);
	mac_of(&d, k_hdr, mac);
	return bytes_eq(mac, h->mac, sizeof(mac));
}

/* see header.h */
void
header_ctx(const struct header *h, int set, unsigned index,
    struct keyslot_ctx *ret)
{
	memcpy(ret->magic, magic, sizeof(magic));
	ret->major = h->major;
	memcpy(ret->vault_id, h->vault_id, sizeof(ret->vault_id));
	kdf_emit(set == 0 ? &h->set_a : &h->set_b, ret->set);
	ret->index = (uint8_t)index;
}

/* see header.h */
enum sq_err
header_load(int dirfd, struct header_pair *ret, struct why *why)
{
	static const char *const name[2] = { HEADER_NAME, HEADER_NAME2 };
	struct bytes_buf b[2] = { 0 };
	struct why w[2];

	memset(ret, 0, sizeof(*ret));
	for (int i = 0; i < 2; i++) {
		w[i].text[0] = '\0';
		ret->e[i] = fsio_read(dirfd, name[i], HEADER_LEN, &b[i],
		    &w[i]);
		if (ret->e[i] == SQ_ELIMIT ||
		    (ret->e[i] == SQ_OK && b[i].len != HEADER_LEN))
			ret->e[i] = err_why(&w[i], SQ_EDAMAGE,
			    "it is not %d bytes long", HEADER_LEN);
		else if (ret->e[i] == SQ_OK)
			ret->e[i] = header_parse(b[i].p, &ret->h[i], &w[i]);
	}
	ret->same = ret->e[0] == SQ_OK && ret->e[1] == SQ_OK &&
	    memcmp(b[0].p, b[1].p, HEADER_LEN) == 0;
	bytes_free(&b[0]);
	bytes_free(&b[1]);
	if (ret->e[0] == SQ_OK || ret->e[1] == SQ_OK)
		return SQ_OK;
	/* a missing first copy says less than a damaged second one */
	if (ret->e[0] == SQ_ENOENT && ret->e[1] != SQ_ENOENT)
		return err_why(why, ret->e[1], "%s is missing, and %s: %s",
		    HEADER_NAME, HEADER_NAME2, w[1].text);
	return err_why(why, ret->e[0], "%s: %s", HEADER_NAME, w[0].text);
}

/* What an attempt to unlock has derived and found so far. */
struct attempt {
	const struct secret *pass;
	uint8_t set[4][KDF_SET_LEN];	/* each set is derived once */
	struct secret *ikm[4];
	size_t n;
	bool altered;			/* a slot or a MAC did not hold */
};

static enum sq_err
ikm_of(struct attempt *a, const struct kdf_set *set,
    const struct secret **ret_ikm)
{
	uint8_t raw[KDF_SET_LEN];
	enum sq_err e;

	kdf_emit(set, raw);
	for (size_t i = 0; i < a->n; i++)
		if (memcmp(a->set[i], raw, sizeof(raw)) == 0) {
			*ret_ikm = a->ikm[i];
			return SQ_OK;
		}
	if ((e = kdf_derive(set, a->pass, &a->ikm[a->n])) != SQ_OK)
		return e;
	memcpy(a->set[a->n], raw, sizeof(raw));
	*ret_ikm = a->ikm[a->n++];
	return SQ_OK;
}

/* Is the copy that gave this master key what its owner wrote? */
static enum sq_err
vouched(const struct header *h, const struct secret *master)
{
	struct secret *k_hdr = NULL;
	enum sq_err e = kdf_subkey(master, KDF_USE_HDR, &k_hdr);

	if (e == SQ_OK && !header_mac_ok(h, k_hdr))
		e = SQ_EAUTH;
	secret_free(k_hdr);
	return e;
}

/* Try all slots of one copy under one set; SQ_EPASS: none is this key's. */
static enum sq_err
try_set(struct attempt *a, const struct header *h, int set,
    struct keyslot *ret_slot)
{
	struct keyslot found = { 0 }, one;
	struct keyslot_ctx ctx;
	const struct secret *ikm;
	enum sq_err e, result = SQ_EPASS;

	e = ikm_of(a, set == 0 ? &h->set_a : &h->set_b, &ikm);
	if (e != SQ_OK)
		return e;
	for (unsigned i = 0; i < KEYSLOT_COUNT; i++) {
		header_ctx(h, set, i, &ctx);
		memset(&one, 0, sizeof(one));
		e = keyslot_open(&ctx, ikm, h->slot[i], &one);
		if (e == SQ_OK && found.master == NULL)
			found = one;
		else if (e == SQ_OK)
			secret_free(one.master);
		else if (e == SQ_EAUTH || e == SQ_EFORMAT)
			a->altered = true;
		else if (e != SQ_EPASS)
			result = e;
	}
	if (found.master == NULL)
		return result;
	if ((e = vouched(h, found.master)) != SQ_OK) {
		secret_free(found.master);
		if (e != SQ_EAUTH)
			return e;
		a->altered = true;
		return SQ_EPASS;
	}
	*ret_slot = found;
	return SQ_OK;
}

/* Why nothing opened. */
static enum sq_err
closed(const struct attempt *a, const struct header_pair *pair,
    struct why *why)
{
	if (a->altered)
		return err_why(why, SQ_EDAMAGE, "the passphrase fits, but the"
		    " header was altered or damaged after it was written");
	for (int i = 0; i < 2; i++)
		if (pair->e[i] != SQ_OK)
			return err_why(why, SQ_EDAMAGE, "%s is damaged or"
			    " missing, and the passphrase opens nothing in the"
			    " other copy: it may be wrong, or its slot may have"
			    " been in the damaged copy alone",
			    i == 0 ? HEADER_NAME : HEADER_NAME2);
	return err_why(why, SQ_EPASS, "no slot opens with it");
}

/* see header.h */
enum sq_err
header_unlock(const struct header_pair *pair, const struct secret *pass,
    struct keyslot *ret_slot, int *ret_copy, struct why *why)
{
	struct attempt a = { .pass = pass };
	int first, copy = 0;
	enum sq_err e = SQ_EPASS, cannot = SQ_EPASS;

	/* the newer one first, if its number is true; else its MAC fails */
	first = pair->e[0] != SQ_OK || (pair->e[1] == SQ_OK &&
	    pair->h[1].generation > pair->h[0].generation) ? 1 : 0;
	for (int i = 0; i < 2 && (e == SQ_EPASS || e == SQ_ENOMEM); i++) {
		/* costs forged in one copy must not shut the other */
		if (e != SQ_EPASS)
			cannot = e;
		copy = i == 0 ? first : !first;
		if (pair->e[copy] != SQ_OK || (i == 1 && pair->same))
			continue;
		e = try_set(&a, &pair->h[copy], 0, ret_slot);
		if (e == SQ_EPASS && pair->h[copy].has_b)
			e = try_set(&a, &pair->h[copy], 1, ret_slot);
	}
	for (size_t i = 0; i < a.n; i++)
		secret_free(a.ikm[i]);
	if (e == SQ_EPASS && cannot == SQ_EPASS)
		return closed(&a, pair, why);
	if (e == SQ_EPASS)
		e = cannot;
	if (e != SQ_OK)
		return err_why(why, e, "the key cannot be derived: %s",
		    err_str(e));
	*ret_copy = copy;
	return SQ_OK;
}

/* see header.h */
enum sq_err
header_store(int dirfd, struct header *h, const struct secret *k_hdr,
    struct why *why)
{
	uint8_t p[HEADER_LEN];
	enum sq_err e;

	if ((e = header_emit(h, k_hdr, p)) != SQ_OK)
		return err_why(why, e, "the header cannot be written down");
	e = fsio_replace(dirfd, HEADER_NAME, p, sizeof(p), why);
	if (e != SQ_OK)
		return e;
	return fsio_replace(dirfd, HEADER_NAME2, p, sizeof(p), why);
}

/* see header.h */
enum sq_err
header_put_back(int dirfd, struct header *h, const struct secret *k_hdr,
    struct why *why)
{
	static const char *const name[2] = { HEADER_NAME, HEADER_NAME2 };
	struct bytes_buf now = { 0 };
	uint8_t p[HEADER_LEN];
	bool same;
	enum sq_err e;

	if ((e = header_emit(h, k_hdr, p)) != SQ_OK)
		return err_why(why, e, "the header cannot be written down");
	for (int i = 0; i < 2 && e == SQ_OK; i++) {
		same = fsio_read(dirfd, name[i], sizeof(p), &now, NULL) ==
		    SQ_OK && now.len == sizeof(p) &&
		    memcmp(now.p, p, sizeof(p)) == 0;
		bytes_free(&now);
		if (!same)
			e = fsio_overwrite(dirfd, name[i], p, sizeof(p), why);
	}
	return e;
}
