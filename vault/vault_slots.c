/*
 * Key slots and the recovery code.  The header is rewritten first (both
 * copies), then the change is logged and the new header is pinned; a cut in
 * between leaves a header one newer than pinned, which opening accepts.
 * FORMAT.md sections 3 and 5.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/words.h"
#include "vault/record/text.h"
#include "vault/vault_int.h"

#define TABLE_ROW (1 + KEYSLOT_LABEL)
#define TABLE_LEN (8 + 32 + KEYSLOT_COUNT * TABLE_ROW)

/* see vault_int.h */
enum sq_err
vault_slots_save(struct vault *v, const struct vault_slot_table *t)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	bytes_put_u64(&b, v->hdr.generation);
	bytes_put(&b, v->hdr.mac, 32);
	for (size_t i = 0; i < KEYSLOT_COUNT; i++) {
		bytes_put_u8(&b, t->kind[i]);
		bytes_put(&b, t->label[i], KEYSLOT_LABEL);
	}
	if ((e = bytes_done(&b)) == SQ_OK)
		e = db_meta_set(v->db, "slots", b.p, b.len);
	bytes_free(&b);
	return e;
}

/*
 * Read the table of slots.  It names the header that it was written for: if
 * that is not the header in force, a change was cut off, and only the slot
 * that opened the vault is certain.
 */
static enum sq_err
table_load(struct vault *v, struct vault_slot_table *t, bool *ret_sure)
{
	uint8_t raw[TABLE_LEN], mac[32];
	struct bytes_rd r;
	uint64_t gen;
	size_t n;
	enum sq_err e;

	memset(t, 0, sizeof(*t));
	if ((e = db_meta_get(v->db, "slots", raw, sizeof(raw), &n)) != SQ_OK)
		return e;
	bytes_rd_init(&r, raw, n);
	gen = bytes_rd_u64(&r);
	bytes_rd_copy(&r, mac, sizeof(mac));
	for (size_t i = 0; i < KEYSLOT_COUNT; i++) {
		t->kind[i] = bytes_rd_u8(&r);
		bytes_rd_copy(&r, t->label[i], KEYSLOT_LABEL);
	}
	if (bytes_rd_done(&r) != SQ_OK)
		return SQ_EDAMAGE;
	*ret_sure = gen == v->hdr.generation &&
	    bytes_eq(mac, v->hdr.mac, sizeof(mac));
	t->kind[v->slot] = (uint8_t)v->slot_kind;
	memcpy(t->label[v->slot], v->actor, sizeof(t->label[0]));
	return SQ_OK;
}

/* see vault_keys.h */
enum sq_err
vault_slots(struct vault *v, void (*cb)(void *arg, const struct vault_slot *s),
    void *arg, struct why *why)
{
	struct vault_slot_table t;
	struct vault_slot s;
	bool sure;
	enum sq_err e;

	if ((e = table_load(v, &t, &sure)) != SQ_OK)
		return err_why(why, e, "the table of key slots could not be "
		    "read");
	for (unsigned i = 0; i < KEYSLOT_COUNT; i++) {
		if (t.kind[i] == 0)
			continue;
		memset(&s, 0, sizeof(s));
		s.index = i + 1;
		s.kind = (enum keyslot_kind)t.kind[i];
		memcpy(s.label, t.label[i], sizeof(s.label));
		s.current = i == v->slot;
		cb(arg, &s);
	}
	if (!sure)
		return err_why(why, SQ_ECANNOT, "a change of the slots was "
		    "cut off: only the slot that opened the vault is "
		    "certain; change or remove the others to be sure");
	return SQ_OK;
}

/*
 * A change failed: put the old header back, so that the passphrases that were
 * in force still are.  Where that fails too, say that the new ones may be.
 */
static enum sq_err
take_back(struct vault *v, const struct header *old, enum sq_err e,
    struct why *why)
{
	v->hdr = *old;
	if (header_put_back(v->dirfd, &v->hdr, v->k.hdr, NULL) == SQ_OK)
		return e;
	v->stopped = true;
	return err_more(why, e, "the new key slots may be in force already; "
	    "keep the old passphrase and the new one, close the vault, open "
	    "it again and look at: sandyq slot list");
}

/*
 * Write the changed header and log the change.  A failure leaves the old
 * header in force; after a crash in between, the next opening settles it.
 */
static enum sq_err
apply(struct vault *v, const struct header *old,
    const struct vault_slot_table *t, const char *what, struct why *why)
{
	enum sq_err e;

	if ((e = vault_begin(v, why)) != SQ_OK) {
		v->hdr = *old;
		return e;
	}
	v->hdr.generation = old->generation + 1;
	if ((e = header_store(v->dirfd, &v->hdr, v->k.hdr, why)) == SQ_OK &&
	    (e = vault_event_in(v, "key-slot-changed", what,
	    NULL, why)) == SQ_OK &&
	    (e = vault_slots_save(v, t)) != SQ_OK)
		err_why(why, e, "not saved: %s", db_why(v->db));
	if (e != SQ_OK) {
		vault_abort(v);
		return take_back(v, old, e, why);
	}
	if ((e = vault_commit(v, why)) != SQ_OK && e != SQ_EUNSURE)
		return take_back(v, old, e, why);
	return e;
}

/* Seal the master key for a new passphrase into slot ${i} of v->hdr. */
static enum sq_err
seal_slot(struct vault *v, unsigned i, enum keyslot_kind kind,
    const char *label, const struct secret *typed, struct why *why)
{
	struct keyslot slot = { .kind = kind };
	struct keyslot_ctx ctx;
	struct secret *pass = NULL, *ikm = NULL;
	bool changed;
	enum sq_err e;

	if (strlen(label) > KEYSLOT_LABEL || !bytes_utf8(label,
	    strlen(label)))
		return err_why(why, SQ_EUSAGE, "--label: at most %d bytes of "
		    "UTF-8", KEYSLOT_LABEL);
	if ((e = text_nfc_pass(typed, &pass, &changed)) != SQ_OK)
		return err_why(why, SQ_EREFUSED, "the new passphrase must be "
		    "1 to 1,024 bytes of UTF-8 text");
	if ((e = kdf_derive(&v->hdr.set_a, pass, &ikm)) != SQ_OK) {
		err_why(why, e, "Argon2id needs %u MiB of memory",
		    v->hdr.set_a.kib / 1024);
		goto out;
	}
	slot.master = v->k.master;
	slot.index = (uint8_t)i;
	slot.generation = v->hdr.generation + 1;
	(void)snprintf(slot.label, sizeof(slot.label), "%s", label);
	header_ctx(&v->hdr, 0, i, &ctx);
	e = keyslot_make(&ctx, ikm, &slot, v->hdr.slot[i]);
out:
	secret_free(pass);
	secret_free(ikm);
	return e;
}

/* A slot that holds nothing: any of the free ones. */
static enum sq_err
free_slot(const struct vault_slot_table *t, unsigned *ret, struct why *why)
{
	unsigned start = bytes_uniform(KEYSLOT_COUNT);

	for (unsigned k = 0; k < KEYSLOT_COUNT; k++) {
		*ret = (start + k) % KEYSLOT_COUNT;
		if (t->kind[*ret] == 0)
			return SQ_OK;
	}
	return err_why(why, SQ_EREFUSED, "all eight key slots are in use; "
	    "remove one first");
}

/* The table, for changing it; ${ret_sure}: no change before was cut off. */
static enum sq_err
table_for_change(struct vault *v, struct vault_slot_table *t, bool *ret_sure,
    struct why *why)
{
	enum sq_err e;

	if ((e = table_load(v, t, ret_sure)) != SQ_OK)
		return err_why(why, e, "the table of key slots could not be "
		    "read");
	return SQ_OK;
}

/* see vault_keys.h */
enum sq_err
vault_slot_add(struct vault *v, const char *label, const struct secret *pass,
    enum keyslot_kind kind, unsigned *ret_index, struct why *why)
{
	struct vault_slot_table t;
	struct header old = v->hdr;
	char what[160], number[16];
	unsigned i;
	bool sure;
	enum sq_err e;

	if ((e = table_for_change(v, &t, &sure, why)) != SQ_OK ||
	    (e = free_slot(&t, &i, why)) != SQ_OK)
		return e;
	/* nobody's name, but never another's */
	(void)snprintf(number, sizeof(number), "slot %u", i + 1);
	if (label == NULL)
		label = number;
	if ((e = seal_slot(v, i, kind, label, pass, why)) != SQ_OK) {
		v->hdr = old;
		return e;
	}
	t.kind[i] = (uint8_t)kind;
	memset(t.label[i], 0, sizeof(t.label[i]));
	(void)snprintf(t.label[i], sizeof(t.label[i]), "%s", label);
	(void)snprintf(what, sizeof(what), "slot %u added: %s", i + 1, label);
	if ((e = apply(v, &old, &t, what, why)) == SQ_OK)
		*ret_index = i + 1;
	return e;
}

/* see vault_keys.h */
enum sq_err
vault_slot_change(struct vault *v, const struct secret *pass,
    struct why *why)
{
	struct vault_slot_table t;
	struct header old = v->hdr;
	char what[160];
	bool sure;
	enum sq_err e;

	if (v->slot_kind != KEYSLOT_PASSPHRASE)
		return err_why(why, SQ_EREFUSED, "the vault was opened with "
		    "the recovery sheet; add a passphrase with: sandyq slot "
		    "add");
	if ((e = table_for_change(v, &t, &sure, why)) != SQ_OK)
		return e;
	if ((e = seal_slot(v, v->slot, v->slot_kind, v->actor, pass, why)) !=
	    SQ_OK) {
		v->hdr = old;
		return e;
	}
	(void)snprintf(what, sizeof(what), "slot %u: new passphrase",
	    v->slot + 1);
	return apply(v, &old, &t, what, why);
}

/* see vault_keys.h */
enum sq_err
vault_slot_remove(struct vault *v, unsigned index, struct why *why)
{
	struct vault_slot_table t;
	struct header old = v->hdr;
	char what[160];
	unsigned left = 0;
	bool sure;
	enum sq_err e;

	if (index < 1 || index > KEYSLOT_COUNT)
		return err_why(why, SQ_EUSAGE, "slots are numbered 1 to 8");
	if ((e = table_for_change(v, &t, &sure, why)) != SQ_OK)
		return e;
	/* after a change that was cut off it may open the vault all the same */
	if (t.kind[index - 1] == 0 && sure)
		return err_why(why, SQ_ENOENT, "slot %u holds nothing",
		    index);
	for (size_t i = 0; i < KEYSLOT_COUNT; i++)
		left += t.kind[i] != 0;
	if (left == 1 && t.kind[index - 1] != 0)
		return err_why(why, SQ_EREFUSED, "slot %u is the last one: "
		    "without it nobody could open the vault", index);
	if (index - 1 == v->slot)
		return err_why(why, SQ_EREFUSED, "slot %u opened the vault "
		    "just now; open it with another passphrase to remove "
		    "this one", index);
	(void)snprintf(what, sizeof(what), "slot %u removed: %s", index,
	    t.label[index - 1]);
	t.kind[index - 1] = 0;
	memset(t.label[index - 1], 0, sizeof(t.label[0]));
	keyslot_blank(v->hdr.slot[index - 1]);
	return apply(v, &old, &t, what, why);
}

/* see vault_int.h */
enum sq_err
vault_slots_put(struct vault *v, enum keyslot_kind kind, const char *label,
    const struct secret *code, struct why *why)
{
	struct vault_slot_table t;
	struct header old = v->hdr;
	unsigned i = KEYSLOT_COUNT;
	char what[96];
	bool sure;
	enum sq_err e;

	if ((e = table_for_change(v, &t, &sure, why)) != SQ_OK)
		return e;
	for (unsigned k = 0; k < KEYSLOT_COUNT; k++)
		if (t.kind[k] == kind)
			i = k;
	if (i == v->slot)
		return err_why(why, SQ_EREFUSED, "the vault was opened with "
		    "the %s; open it with a passphrase to make a new one",
		    label);
	if (i == KEYSLOT_COUNT && (e = free_slot(&t, &i, why)) != SQ_OK)
		return e;
	if ((e = seal_slot(v, i, kind, label, code, why)) != SQ_OK) {
		v->hdr = old;
		return e;
	}
	t.kind[i] = (uint8_t)kind;
	memset(t.label[i], 0, sizeof(t.label[i]));
	(void)snprintf(t.label[i], sizeof(t.label[i]), "%s", label);
	(void)snprintf(what, sizeof(what), "a new %s", label);
	return apply(v, &old, &t, what, why);
}

/* see vault_keys.h */
enum sq_err
vault_recovery_new(struct vault *v, struct secret **ret_code,
    struct why *why)
{
	struct secret *code = NULL;
	enum sq_err e;

	if ((e = words_sheet_new(&code)) == SQ_OK)
		e = vault_slots_put(v, KEYSLOT_RECOVERY, "recovery sheet",
		    code, why);
	if (e == SQ_OK)
		*ret_code = code;	/* transferred */
	else
		secret_free(code);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_slots_try(struct vault *v, enum keyslot_kind kind,
    const struct secret *code, struct why *why)
{
	struct header_pair *pair = calloc(1, sizeof(*pair));
	struct keyslot slot = { 0 };
	int copy;
	enum sq_err e;

	if (pair == NULL)
		return SQ_ENOMEM;
	if ((e = header_load(v->dirfd, pair, why)) == SQ_OK) {
		e = header_unlock(pair, code, &slot, &copy, why);
		if (e == SQ_OK && slot.kind != kind)
			e = SQ_EPASS;
		secret_free(slot.master);
	}
	free(pair);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_slots_leave(struct vault *v, const char *what, struct why *why)
{
	struct vault_slot_table t;
	struct header old = v->hdr;
	unsigned left = 0;
	bool sure;
	enum sq_err e;

	if ((e = table_for_change(v, &t, &sure, why)) != SQ_OK)
		return e;
	for (unsigned i = 0; i < KEYSLOT_COUNT; i++) {
		if (t.kind[i] == KEYSLOT_RECOVERY ||
		    t.kind[i] == KEYSLOT_TRUSTEES) {
			left++;
			continue;
		}
		/* also one that the table does not know of */
		t.kind[i] = 0;
		memset(t.label[i], 0, sizeof(t.label[0]));
		keyslot_blank(v->hdr.slot[i]);
	}
	if (left == 0) {
		v->hdr = old;
		return err_why(why, SQ_EREFUSED, "the vault has neither a "
		    "recovery sheet nor trustees: nobody could open it again; "
		    "first: sandyq recovery new, or sandyq trustees split");
	}
	return apply(v, &old, &t, what, why);
}

/* see vault_keys.h */
enum sq_err
vault_recovery_test(struct vault *v, const struct secret *typed,
    struct why *why)
{
	struct secret *code = NULL;
	enum sq_err e;

	if ((e = words_sheet_parse((const char *)secret_cbytes(typed),
	    secret_len(typed), &code, why)) != SQ_OK)
		return SQ_EPASS;
	e = vault_slots_try(v, KEYSLOT_RECOVERY, code, why);
	if (e == SQ_EPASS)
		err_why(why, e, "the words are a recovery sheet, but not the "
		    "one of this vault's recovery slot; a newer sheet may "
		    "have replaced it");
	if (e == SQ_OK && !v->readonly)
		e = vault_event(v, "rehearsed", "recovery sheet rehearsed: it "
		    "opens the vault", VAULT_MARK_RECOVERY, why);
	secret_free(code);
	return e;
}
