#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/entry_int.h"
#include "crypto/merkle.h"
#include "crypto/secret.h"

static const char label_value[] = "sandyq/value/1";
static const char label_field[] = "sandyq/field/1";
static const char label_root[] = "sandyq/root/1";

/* see entry_int.h */
bool
entry_int_name(const char *p, size_t n)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
	size_t i = 0;

	if (n > ENTRY_MAX_NAME)
		return false;
	while (i < n && p[i] != '\0' && strchr(word, p[i]) != NULL)
		i++;
	if (i == 0 || i == n)
		return i > 0;
	if (n - i != 7 || p[i] != '[' || p[n - 1] != ']')
		return false;
	for (i++; i < n - 1; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* see entry_int.h */
bool
entry_int_fixed(const char *name)
{
	return strcmp(name, "_log") == 0 || strcmp(name, "_kind") == 0 ||
	    strcmp(name, "_record") == 0 || strcmp(name, "_type") == 0 ||
	    strcmp(name, "_parents") == 0;
}

/* Wipe and free what a field owns. */
static void
field_clear(struct entry_field *f)
{
	if (f->value != NULL)
		secret_wipe(f->value, f->value_len);
	free(f->value);
	free(f->name);
	secret_wipe(f, sizeof(*f));
}

/* Double the room for fields; the old block held salts, so it is wiped. */
static enum sq_err
grow(struct entry *en)
{
	size_t cap = en->cap == 0 ? 16 : 2 * en->cap;
	struct entry_field *f = calloc(cap, sizeof(*f));

	if (f == NULL)
		return SQ_ENOMEM;
	if (en->n > 0)
		memcpy(f, en->fields, en->n * sizeof(*f));
	if (en->fields != NULL)
		secret_wipe(en->fields, en->cap * sizeof(*f));
	free(en->fields);
	en->fields = f;
	en->cap = cap;
	return SQ_OK;
}

/* A NUL-terminated copy of n bytes. */
static char *
copy(const char *p, size_t n)
{
	char *s = malloc(n + 1);

	if (s == NULL)
		return NULL;
	if (n > 0)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

/* see entry_int.h */
enum sq_err
entry_int_append(struct entry *en, enum entry_form form, const char *name,
    size_t nname, const char *value, size_t n, struct entry_field **ret_f)
{
	struct entry_field f = { .form = form, .value_len = n };
	enum sq_err e = SQ_ENOMEM;

	if (en->n >= ENTRY_MAX_FIELDS || nname > ENTRY_MAX_NAME ||
	    n > ENTRY_MAX_BYTES || en->bytes > ENTRY_MAX_BYTES - n ||
	    en->bytes + n > ENTRY_MAX_BYTES - nname)
		return SQ_ELIMIT;
	if (name != NULL && (f.name = copy(name, nname)) == NULL)
		goto out;
	if (value != NULL && (f.value = copy(value, n)) == NULL)
		goto out;
	if (en->n == en->cap && (e = grow(en)) != SQ_OK)
		goto out;
	en->bytes += n + nname;
	*ret_f = &en->fields[en->n++];
	memcpy(f.salt, (*ret_f)->salt, sizeof(f.salt));
	**ret_f = f;		/* transferred */
	return SQ_OK;
out:
	field_clear(&f);
	return e;
}

/*
 * See that field i has a salt.  Randomness costs a system call whatever its
 * size, so the free places behind i get theirs now as well.
 */
static void
need_salt(struct entry *en, size_t i)
{
	uint8_t salt[16][ENTRY_SALT];
	size_t n = en->cap - i < 16 ? en->cap - i : 16;

	if (!bytes_zero(en->fields[i].salt, ENTRY_SALT))
		return;
	bytes_random(salt, n * ENTRY_SALT);
	while (n-- > 0)
		memcpy(en->fields[i + n].salt, salt[n], ENTRY_SALT);
	secret_wipe(salt, sizeof(salt));
}

/* Append an open field whose value is known to be canonical. */
static enum sq_err
add_known(struct entry *en, const char *name, const char *value, size_t len)
{
	struct entry_field *f;
	size_t nname = strlen(name);
	enum sq_err e;

	if (nname > ENTRY_MAX_NAME)
		return SQ_ELIMIT;
	if (!entry_int_name(name, nname))
		return SQ_EFORMAT;
	e = entry_int_append(en, ENTRY_OPEN, name, nname, value, len, &f);
	if (e == SQ_OK)
		need_salt(en, (size_t)(f - en->fields));
	return e;
}

/* Append what was written to b, which may have failed with e; b is freed. */
static enum sq_err
add_buf(struct entry *en, const char *name, struct bytes_buf *b, enum sq_err e)
{
	if (e == SQ_OK && (e = bytes_done(b)) == SQ_OK)
		e = add_known(en, name, (char *)b->p, b->len);
	bytes_free(b);
	return e;
}

/* see entry.h */
enum sq_err
entry_add(struct entry *en, const char *name, const char *value, size_t len)
{
	if (len > ENTRY_MAX_BYTES)
		return SQ_ELIMIT;
	if (!entry_int_canonical(value, len))
		return SQ_EFORMAT;
	return add_known(en, name, value, len);
}

/* see entry.h */
enum sq_err
entry_add_str(struct entry *en, const char *name, const char *s)
{
	struct bytes_buf b = { 0 };

	return add_buf(en, name, &b, entry_put_string(&b, s, strlen(s)));
}

/* see entry.h */
enum sq_err
entry_add_text(struct entry *en, const char *name, const char *lang,
    const char *text)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	bytes_puts(&b, "{\"lang\":");
	if ((e = entry_put_string(&b, lang, strlen(lang))) == SQ_OK) {
		bytes_puts(&b, ",\"text\":");
		e = entry_put_string(&b, text, strlen(text));
	}
	bytes_put_u8(&b, '}');
	return add_buf(en, name, &b, e);
}

/* see entry.h */
enum sq_err
entry_add_int(struct entry *en, const char *name, int64_t v)
{
	char s[24];

	if (v > ENTRY_INT_MAX || v < -ENTRY_INT_MAX)
		return SQ_ELIMIT;
	(void)snprintf(s, sizeof(s), "%" PRId64, v);
	return add_known(en, name, s, strlen(s));
}

/* see entry.h */
enum sq_err
entry_add_bool(struct entry *en, const char *name, bool v)
{
	const char *s = v ? "true" : "false";

	return add_known(en, name, s, strlen(s));
}

/* see entry.h */
enum sq_err
entry_add_strs(struct entry *en, const char *name, const char *const *list,
    size_t n)
{
	struct bytes_buf b = { 0 };
	enum sq_err e = SQ_OK;

	bytes_put_u8(&b, '[');
	for (size_t i = 0; e == SQ_OK && i < n; i++) {
		if (i > 0)
			bytes_put_u8(&b, ',');
		e = entry_put_string(&b, list[i], strlen(list[i]));
	}
	bytes_put_u8(&b, ']');
	return add_buf(en, name, &b, e);
}

/* see entry.h */
enum sq_err
entry_element(char *out, size_t cap, const char *name, size_t i)
{
	int n;

	if (i > 99999)
		return SQ_ELIMIT;
	n = snprintf(out, cap, "%s[%05zu]", name, i);
	return n < 0 || (size_t)n >= cap || n > ENTRY_MAX_NAME ?
	    SQ_ELIMIT : SQ_OK;
}

static int
cmp_field(const void *a, const void *b)
{
	const struct entry_field *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* see entry.h */
enum sq_err
entry_sort(struct entry *en)
{
	/* a hidden leaf cannot be ordered: its place is what it arrived with */
	for (size_t i = 0; i < en->n; i++)
		if (en->fields[i].name == NULL)
			return SQ_EFORMAT;
	if (en->n > 1)
		qsort(en->fields, en->n, sizeof(*en->fields), cmp_field);
	return entry_int_ascending(en);
}

/* see entry_int.h */
enum sq_err
entry_int_ascending(const struct entry *en)
{
	const char *last = NULL;

	for (size_t i = 0; i < en->n; i++) {
		if (en->fields[i].name == NULL)
			continue;
		if (last != NULL && strcmp(last, en->fields[i].name) >= 0)
			return SQ_EFORMAT;
		last = en->fields[i].name;
	}
	return en->n > 0 ? SQ_OK : SQ_EFORMAT;
}

/* The field called name, or NULL: binary search that steps over hidden ones. */
static struct entry_field *
find(const struct entry *en, const char *name)
{
	size_t lo = 0, hi = en->n, mid, i;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		for (i = mid; i < hi && en->fields[i].name == NULL; i++)
			;
		if (i == hi) {
			hi = mid;
			continue;
		}
		if ((c = strcmp(name, en->fields[i].name)) == 0)
			return &en->fields[i];
		if (c < 0)
			hi = mid;
		else
			lo = i + 1;
	}
	return NULL;
}

/* see entry.h */
const struct entry_field *
entry_find(const struct entry *en, const char *name)
{
	return find(en, name);
}

/* see entry.h */
enum sq_err
entry_vc(const struct entry_field *f, uint8_t out[32])
{
	switch (f->form) {
	case ENTRY_OPEN:
		digest_sha256v(out, (struct digest_part[]){
		    { label_value, sizeof(label_value) - 1 },
		    { f->salt, sizeof(f->salt) },
		    { f->value, f->value_len } }, 3);
		return SQ_OK;
	case ENTRY_WITHHELD:
	case ENTRY_ERASED:
		memcpy(out, f->hash, 32);
		return SQ_OK;
	case ENTRY_SEALED:
	case ENTRY_HIDDEN:
		break;
	}
	return SQ_EINTERNAL;
}

/* see entry.h */
enum sq_err
entry_leaf(const struct entry_field *f, uint8_t out[32])
{
	uint8_t vc[32], len[2];
	size_t n;
	enum sq_err e;

	if (f->form == ENTRY_HIDDEN) {
		memcpy(out, f->hash, 32);
		return SQ_OK;
	}
	if ((e = entry_vc(f, vc)) != SQ_OK)
		return e;
	n = strlen(f->name);
	bytes_le16(len, (uint16_t)n);
	digest_sha256v(out, (struct digest_part[]){ { "", 1 },
	    { label_field, sizeof(label_field) - 1 }, { len, sizeof(len) },
	    { f->name, n }, { vc, sizeof(vc) } }, 5);
	return SQ_OK;
}

/* see entry.h */
enum sq_err
entry_root(const struct entry *en, uint8_t out[ENTRY_ROOT])
{
	uint8_t (*leaves)[MERKLE_LEN], head[MERKLE_LEN], count[4];
	enum sq_err e;

	if ((e = entry_int_ascending(en)) != SQ_OK)
		return e;
	if ((leaves = malloc(en->n * sizeof(*leaves))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; e == SQ_OK && i < en->n; i++)
		e = entry_leaf(&en->fields[i], leaves[i]);
	if (e == SQ_OK) {
		merkle_head(head, (const uint8_t (*)[MERKLE_LEN])leaves,
		    en->n);
		bytes_le32(count, (uint32_t)en->n);
		digest_sha256v(out, (struct digest_part[]){
		    { label_root, sizeof(label_root) - 1 },
		    { count, sizeof(count) }, { head, sizeof(head) } }, 3);
	}
	free(leaves);
	return e;
}

/* Wipe the value and salt of f and leave hash in their place. */
static void
drop_value(struct entry *en, struct entry_field *f, enum entry_form form,
    const uint8_t hash[32])
{
	memcpy(f->hash, hash, 32);
	if (f->value != NULL)
		secret_wipe(f->value, f->value_len);
	free(f->value);
	en->bytes -= f->value_len;
	f->value = NULL;
	f->value_len = 0;
	secret_wipe(f->salt, sizeof(f->salt));
	f->form = form;
}

/* Keep the commitment of the field called name and nothing more. */
static enum sq_err
close_field(struct entry *en, const char *name, enum entry_form form)
{
	struct entry_field *f = find(en, name);
	uint8_t vc[32];
	enum sq_err e;

	if (f == NULL)
		return SQ_ENOENT;
	if (entry_int_fixed(name))
		return SQ_EREFUSED;
	if ((e = entry_vc(f, vc)) == SQ_OK)
		drop_value(en, f, form, vc);
	return e;
}

/* see entry.h */
enum sq_err
entry_withhold(struct entry *en, const char *name)
{
	const struct entry_field *f = find(en, name);

	return f != NULL && f->form == ENTRY_ERASED ? SQ_OK :
	    close_field(en, name, ENTRY_WITHHELD);
}

/* see entry.h */
enum sq_err
entry_erase(struct entry *en, const char *name)
{
	return close_field(en, name, ENTRY_ERASED);
}

/* see entry.h */
enum sq_err
entry_hide(struct entry *en, const char *name)
{
	struct entry_field *f = find(en, name);
	uint8_t leaf[32];
	enum sq_err e;

	if (f == NULL)
		return SQ_ENOENT;
	if (entry_int_fixed(name))
		return SQ_EREFUSED;
	if ((e = entry_leaf(f, leaf)) != SQ_OK)
		return e;
	drop_value(en, f, ENTRY_HIDDEN, leaf);
	en->bytes -= strlen(f->name);
	secret_wipe(f->name, strlen(f->name));
	free(f->name);
	f->name = NULL;
	return SQ_OK;
}

/* see entry.h */
enum sq_err
entry_copy(const struct entry *src, struct entry *ret)
{
	const struct entry_field *s;
	struct entry_field *f;
	struct entry en = { 0 };
	enum sq_err e;

	for (size_t i = 0; i < src->n; i++) {
		s = &src->fields[i];
		e = entry_int_append(&en, s->form, s->name,
		    s->name != NULL ? strlen(s->name) : 0, s->value,
		    s->value_len, &f);
		if (e != SQ_OK) {
			entry_free(&en);
			return e;
		}
		memcpy(f->salt, s->salt, sizeof(f->salt));
		memcpy(f->hash, s->hash, sizeof(f->hash));
	}
	*ret = en;		/* transferred */
	return SQ_OK;
}

/* see entry.h */
void
entry_free(struct entry *en)
{
	for (size_t i = 0; i < en->n; i++)
		field_clear(&en->fields[i]);
	free(en->fields);
	memset(en, 0, sizeof(*en));
}
