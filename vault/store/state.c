#include <stdbool.h>
#include <string.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/store/state.h"

#define PLAIN 448
#define USED (7 * 8 + 3 * 32)
#define AD_LEN (sizeof(label) - 1 + 16 + 8 + 1)

/* FORMAT.md section 5, as it lies on disk. */
struct state_disk {
	uint8_t magic[8];
	uint8_t nonce[AEAD_XNONCE];
	uint8_t ct[PLAIN];
	uint8_t tag[AEAD_TAG];
	uint8_t sum[16];
};
_Static_assert(sizeof(struct state_disk) == STATE_LEN, "FORMAT.md 7");
_Static_assert(USED <= PLAIN, "FORMAT.md 7");

static const char label[] = "sandyq/state/1";
static const uint8_t magic[8] = { 0x89, 'S', 'D', 'Y', 'S', 0x0D, 0x0A, 0x1A };
static const char *const name[2] = { "STATE.0", "STATE.1" };

/* What a record is bound to: the vault and its place. */
static void
bind_to(const uint8_t vault_id[16], unsigned copy, uint8_t ad[AD_LEN])
{
	size_t n = sizeof(label) - 1;

	memcpy(ad, label, n);
	memcpy(ad + n, vault_id, 16);
	memcpy(ad + n + 16, magic, sizeof(magic));
	ad[n + 24] = (uint8_t)copy;
}

/* The unkeyed checksum, which tells damage from another vault's key. */
static void
sum_of(const struct state_disk *d, uint8_t out[16])
{
	const struct digest_part part = { d, offsetof(struct state_disk, sum) };

	digest_blake2b(out, 16, NULL, &part, 1);
}

/* see state.h */
enum sq_err
state_seal(const struct secret *key, const uint8_t vault_id[16],
    unsigned copy, const struct state *st, uint8_t out[STATE_LEN])
{
	uint8_t ad[AD_LEN];
	uint8_t *p;
	struct state_disk d;
	enum sq_err e;

	memset(&d, 0, sizeof(d));
	memcpy(d.magic, magic, sizeof(magic));
	bytes_random(d.nonce, sizeof(d.nonce));
	p = d.ct;
	bytes_le64(p, st->seq);
	bytes_le64(p + 8, st->generation);
	bytes_le64(p + 16, st->log_size);
	memcpy(p + 24, st->log_root, 32);
	memcpy(p + 56, st->heads, 32);
	bytes_le64(p + 88, st->objects);
	bytes_le64(p + 96, st->bytes);
	bytes_le64(p + 104, st->time);
	bytes_le64(p + 112, st->header_generation);
	memcpy(p + 120, st->header_mac, 32);
	bind_to(vault_id, copy, ad);
	e = aead_xseal(key, d.nonce, ad, sizeof(ad), d.ct, PLAIN, d.ct, d.tag);
	if (e != SQ_OK) {
		secret_wipe(&d, sizeof(d));
		return e;
	}
	sum_of(&d, d.sum);
	memcpy(out, &d, sizeof(d));
	return SQ_OK;
}

static enum sq_err
parse(const uint8_t plain[PLAIN], struct state *ret)
{
	struct bytes_rd r;
	const uint8_t *rest;

	bytes_rd_init(&r, plain, PLAIN);
	ret->seq = bytes_rd_u64(&r);
	ret->generation = bytes_rd_u64(&r);
	ret->log_size = bytes_rd_u64(&r);
	bytes_rd_copy(&r, ret->log_root, 32);
	bytes_rd_copy(&r, ret->heads, 32);
	ret->objects = bytes_rd_u64(&r);
	ret->bytes = bytes_rd_u64(&r);
	ret->time = bytes_rd_u64(&r);
	ret->header_generation = bytes_rd_u64(&r);
	bytes_rd_copy(&r, ret->header_mac, 32);
	rest = bytes_rd_ref(&r, PLAIN - USED);
	if (rest == NULL || !bytes_zero(rest, PLAIN - USED))
		return SQ_EFORMAT;
	return bytes_rd_done(&r);
}

/* see state.h */
bool
state_whole(const uint8_t in[STATE_LEN])
{
	struct state_disk d;
	uint8_t sum[16];

	memcpy(&d, in, sizeof(d));
	sum_of(&d, sum);
	return memcmp(d.magic, magic, sizeof(magic)) == 0 &&
	    memcmp(sum, d.sum, sizeof(sum)) == 0;
}

/* see state.h */
enum sq_err
state_open(const struct secret *key, const uint8_t vault_id[16],
    unsigned copy, const uint8_t in[STATE_LEN], struct state *ret)
{
	uint8_t ad[AD_LEN], sum[16], plain[PLAIN];
	struct state_disk d;
	struct state st;
	enum sq_err e;

	memcpy(&d, in, sizeof(d));
	if (memcmp(d.magic, magic, sizeof(magic)) != 0)
		return SQ_EFORMAT;
	sum_of(&d, sum);
	if (!bytes_eq(sum, d.sum, sizeof(sum)))
		return SQ_EDAMAGE;
	bind_to(vault_id, copy, ad);
	e = aead_xopen(key, d.nonce, ad, sizeof(ad), d.ct, PLAIN, d.tag,
	    plain);
	if (e == SQ_OK && (e = parse(plain, &st)) == SQ_OK)
		*ret = st;
	secret_wipe(plain, sizeof(plain));
	return e;
}

/* see state.h */
void
state_load(int dirfd, const struct secret *key, const uint8_t vault_id[16],
    struct state_pair *ret)
{
	struct bytes_buf b;

	memset(ret, 0, sizeof(*ret));
	for (unsigned i = 0; i < 2; i++) {
		memset(&b, 0, sizeof(b));
		ret->e[i] = fsio_read(dirfd, name[i], STATE_LEN, &b, NULL);
		if (ret->e[i] == SQ_ELIMIT ||
		    (ret->e[i] == SQ_OK && b.len != STATE_LEN))
			ret->e[i] = SQ_EDAMAGE;
		else if (ret->e[i] == SQ_OK)
			ret->e[i] = state_open(key, vault_id, i, b.p,
			    &ret->s[i]);
		bytes_free(&b);
	}
}

/* see state.h */
enum sq_err
state_init(int dirfd, const struct secret *key, const uint8_t vault_id[16],
    struct state *st, struct why *why)
{
	uint8_t p[STATE_LEN];
	enum sq_err e;

	if (st->seq % 2 != 0)
		return err_why(why, SQ_EINTERNAL, "seq begins even");
	for (unsigned i = 0; i < 2; i++) {
		st->seq += i;
		if ((e = state_seal(key, vault_id, i, st, p)) != SQ_OK)
			return err_why(why, e, "%s cannot be sealed", name[i]);
		e = fsio_create(dirfd, name[i], p, sizeof(p), why);
		if (e != SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* see state.h */
enum sq_err
state_pin(int dirfd, const struct secret *key, const uint8_t vault_id[16],
    struct state *st, struct why *why)
{
	struct state next = *st;
	uint8_t p[STATE_LEN];
	enum sq_err e;
	unsigned copy;

	next.seq++;
	copy = (unsigned)(next.seq % 2);
	if ((e = state_seal(key, vault_id, copy, &next, p)) != SQ_OK)
		return err_why(why, e, "%s cannot be sealed", name[copy]);
	e = fsio_overwrite(dirfd, name[copy], p, sizeof(p), why);
	if (e == SQ_ENOENT || e == SQ_EDAMAGE)	/* missing or of another size */
		e = fsio_replace(dirfd, name[copy], p, sizeof(p), why);
	if (e == SQ_OK)
		*st = next;
	return e;
}

/* Does the database's log begin with the one that was pinned? */
static bool
extends(const struct state_found *f, const struct state *pin)
{
	uint8_t root[32];

	return f->log_size >= pin->log_size &&
	    f->root_at(f->arg, pin->log_size, root) == SQ_OK &&
	    bytes_eq(root, pin->log_root, sizeof(root));
}

static bool
is_pinned(const struct state_found *f, const struct state *pin)
{
	return f->generation == pin->generation &&
	    f->log_size == pin->log_size &&
	    bytes_eq(f->log_root, pin->log_root, 32);
}

/* COMMIT was reached, STATE was not. */
static bool
is_cut(const struct state_found *f, const struct state *pin)
{
	return pin->generation != UINT64_MAX &&
	    f->generation == pin->generation + 1 && extends(f, pin);
}

/* see state.h */
enum state_verdict
state_judge(const struct state_pair *pair, const struct state_found *found,
    struct state *ret_newest)
{
	const struct state *a = &pair->s[0], *b = &pair->s[1], *newest;
	bool both = pair->e[0] == SQ_OK && pair->e[1] == SQ_OK;

	memset(ret_newest, 0, sizeof(*ret_newest));
	if (pair->e[0] != SQ_OK && pair->e[1] != SQ_OK)
		return STATE_UNREADABLE;
	if (both)
		newest = a->seq > b->seq ? a : b;
	else
		newest = pair->e[0] == SQ_OK ? a : b;
	*ret_newest = *newest;
	/* one put back from an older copy: no power cut does that */
	if (both && a->seq + 1 != b->seq && b->seq + 1 != a->seq)
		return STATE_ROLLED_BACK;
	if (is_cut(found, newest))
		return STATE_CUT;
	/* the copy that cannot be read may have pinned something newer */
	if (both && is_pinned(found, newest))
		return STATE_GOOD;
	return STATE_ROLLED_BACK;
}
