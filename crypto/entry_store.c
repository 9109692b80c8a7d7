#include <string.h>

#include "crypto/entry_int.h"

/* form, name length, hash or salt, value length: what a field costs besides */
#define FIELD_OVERHEAD (1 + 2 + 32 + 4)

/* see entry.h */
enum sq_err
entry_emit(const struct entry *en, struct bytes_buf *out)
{
	const struct entry_field *f;
	enum sq_err e;
	size_t n;

	if ((e = entry_int_ascending(en)) != SQ_OK)
		return e;
	for (size_t i = 0; i < en->n; i++) {
		f = &en->fields[i];
		if (f->name == NULL || f->form == ENTRY_SEALED)
			return SQ_EINTERNAL;
		n = strlen(f->name);
		bytes_put_u8(out, (uint8_t)f->form);
		bytes_put_u16(out, (uint16_t)n);
		bytes_put(out, f->name, n);
		if (f->form != ENTRY_OPEN) {
			bytes_put(out, f->hash, sizeof(f->hash));
			continue;
		}
		bytes_put(out, f->salt, sizeof(f->salt));
		bytes_put_u32(out, (uint32_t)f->value_len);
		bytes_put(out, f->value, f->value_len);
	}
	return bytes_done(out);
}

/* Read what follows the name of an open field and append it. */
static enum sq_err
parse_open(struct bytes_rd *r, struct entry *en, const char *name,
    size_t nname)
{
	struct entry_field *f;
	uint8_t salt[ENTRY_SALT];
	const char *value;
	enum sq_err e;
	size_t n;

	bytes_rd_copy(r, salt, sizeof(salt));
	n = bytes_rd_u32(r);
	value = (const char *)bytes_rd_ref(r, n);
	if (r->bad || !entry_int_canonical(value, n))
		return SQ_EFORMAT;
	e = entry_int_append(en, ENTRY_OPEN, name, nname, value, n, &f);
	if (e == SQ_OK)
		memcpy(f->salt, salt, sizeof(f->salt));
	return e;
}

/* Read what follows the name of a withheld or erased field and append it. */
static enum sq_err
parse_closed(struct bytes_rd *r, struct entry *en, enum entry_form form,
    const char *name, size_t nname)
{
	struct entry_field *f;
	const uint8_t *hash = bytes_rd_ref(r, 32);
	enum sq_err e;

	if (hash == NULL)
		return SQ_EFORMAT;
	e = entry_int_append(en, form, name, nname, NULL, 0, &f);
	if (e != SQ_OK)
		return e;
	memcpy(f->hash, hash, sizeof(f->hash));
	return entry_int_fixed(f->name) ? SQ_EFORMAT : SQ_OK;
}

/* Read the next field. */
static enum sq_err
parse_field(struct bytes_rd *r, struct entry *en)
{
	uint8_t form = bytes_rd_u8(r);
	size_t nname = bytes_rd_u16(r);
	const char *name = (const char *)bytes_rd_ref(r, nname);

	if (r->bad || !entry_int_name(name, nname))
		return SQ_EFORMAT;
	switch (form) {
	case ENTRY_OPEN:
		return parse_open(r, en, name, nname);
	case ENTRY_WITHHELD:
	case ENTRY_ERASED:
		return parse_closed(r, en, form == ENTRY_ERASED ?
		    ENTRY_ERASED : ENTRY_WITHHELD, name, nname);
	case ENTRY_SEALED:
		return SQ_EUNSUPPORTED;
	default:
		return SQ_EFORMAT;
	}
}

/* see entry.h */
enum sq_err
entry_parse(const uint8_t *p, size_t n, struct entry *ret_en)
{
	struct entry en = { 0 };
	struct bytes_rd r;
	enum sq_err e = SQ_OK;

	memset(ret_en, 0, sizeof(*ret_en));
	if (n > ENTRY_MAX_BYTES + ENTRY_MAX_FIELDS * FIELD_OVERHEAD)
		return SQ_ELIMIT;
	bytes_rd_init(&r, p, n);
	while (e == SQ_OK && r.left > 0)
		e = parse_field(&r, &en);
	if (e == SQ_OK && (e = entry_int_ascending(&en)) == SQ_OK) {
		*ret_en = en;	/* transferred */
		return SQ_OK;
	}
	entry_free(&en);
	return e;
}
