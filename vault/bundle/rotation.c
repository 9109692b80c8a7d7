#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/rotation.h"

static const char head[] = "sandyq-rotation/v1";

/* The name under which the recovery key signs. */
static void
recovery_name(const char *log, char out[64])
{
	(void)snprintf(out, 64, "sandyq/%s/recovery", log);
}

/* The three key lines of a card, each behind a prefix. */
static enum sq_err
put_keys(const struct card *c, const char *prefix, struct bytes_buf *out)
{
	struct bytes_buf lines = { 0 };
	const char *p, *lf, *end;
	enum sq_err e;

	if ((e = card_lines(c, &lines)) != SQ_OK)
		goto out;
	p = (const char *)lines.p;
	end = p + lines.len;
	for (unsigned i = 0; p < end; i++, p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (i < 2 || i > 4)	/* log, date, recovery */
			continue;
		bytes_puts(out, prefix);
		bytes_put(out, p, (size_t)(lf - p) + 1);
	}
out:
	bytes_free(&lines);
	return e;
}

/* The text that is signed. */
static enum sq_err
put_text(const struct rotation *r, struct bytes_buf *out)
{
	enum sq_err e;

	bytes_putf(out, "%s\nlog: %s\nepoch: %" PRIu32 "\n", head,
	    r->new.log, r->epoch);
	if ((e = put_keys(&r->old, "old-", out)) != SQ_OK ||
	    (e = put_keys(&r->new, "new-", out)) != SQ_OK)
		return e;
	bytes_putf(out, "time: %s\ncompromised-since: %s\n", r->time,
	    r->since[0] == '\0' ? "-" : r->since);
	return bytes_done(out);
}

/* see rotation.h */
enum sq_err
rotation_make(const struct rotation *r, const struct secret *by,
    const struct secret *new_seed, struct bytes_buf *out)
{
	struct bytes_buf text = { 0 }, once = { 0 };
	char name[64];
	enum sq_err e;

	recovery_name(r->new.log, name);
	if ((e = put_text(r, &text)) == SQ_OK && (e = note_sign(
	    r->since[0] == '\0' ? r->old.note.name : name, by,
	    (const char *)text.p, text.len, &once)) == SQ_OK)
		e = note_also(r->new.note.name, new_seed,
		    (const char *)once.p, once.len, out);
	bytes_free(&text);
	bytes_free(&once);
	return e;
}

/* The value of the line that begins with key; false if there is none. */
static bool
value(const char *s, const char *key, char *out, size_t cap)
{
	const char *at = strstr(s, key), *lf;
	size_t len = strlen(key);

	if (at == NULL || at == s || at[-1] != '\n' ||
	    (lf = strchr(at, '\n')) == NULL || (size_t)(lf - at) < len ||
	    (size_t)(lf - at) - len >= cap)
		return false;
	memcpy(out, at + len, (size_t)(lf - at) - len);
	out[(size_t)(lf - at) - len] = '\0';
	return true;
}

/* Read one set of keys, by the reader of key cards. */
static enum sq_err
keys(const char *s, const char *prefix, const char *log, struct card *ret)
{
	static const char *const name[] = { "vkey: ", "minisign: ", "ssh: " };
	struct bytes_buf b = { 0 };
	char name_of[32], text[NOTE_VKEY_MAX + 1];
	enum sq_err e = SQ_OK;

	bytes_putf(&b, "log: %s\ndate: -\n", log);
	for (size_t i = 0; i < 3 && e == SQ_OK; i++) {
		(void)snprintf(name_of, sizeof(name_of), "%s%s", prefix,
		    name[i]);
		if (value(s, name_of, text, sizeof(text)))
			bytes_putf(&b, "%s%s\n", name[i], text);
		else
			e = SQ_EFORMAT;
	}
	if (e == SQ_OK && (e = bytes_done(&b)) == SQ_OK)
		e = card_parse((const char *)b.p, b.len, ret, NULL);
	bytes_free(&b);
	return e;
}

/* Read the fields of a NUL-terminated note. */
static enum sq_err
fields(const char *s, struct rotation *r)
{
	char log[33], num[8], want[64];
	enum sq_err e;

	if (!value(s, "log: ", log, sizeof(log)) ||
	    !value(s, "epoch: ", num, sizeof(num)) ||
	    !value(s, "time: ", r->time, sizeof(r->time)) ||
	    !value(s, "compromised-since: ", r->since, sizeof(r->since)))
		return SQ_EFORMAT;
	if ((e = keys(s, "old-", log, &r->old)) != SQ_OK ||
	    (e = keys(s, "new-", log, &r->new)) != SQ_OK)
		return e;
	r->epoch = (uint32_t)strtoul(num, NULL, 10);
	if (strcmp(r->since, "-") == 0)
		r->since[0] = '\0';
	(void)snprintf(want, sizeof(want), "sandyq/%s", log);
	return r->epoch >= 1 && r->epoch <= ROTATION_EPOCHS &&
	    strcmp(r->old.note.name, want) == 0 &&
	    strcmp(r->new.note.name, want) == 0 &&
	    !rotation_same(&r->old, &r->new) ? SQ_OK : SQ_EFORMAT;
}

/* see rotation.h */
enum sq_err
rotation_parse(const char *p, size_t n, struct rotation *ret)
{
	struct rotation r;
	struct bytes_buf again = { 0 };
	char *s = NULL;
	size_t len = 0;
	enum sq_err e;

	memset(&r, 0, sizeof(r));
	if (n == 0 || n > ROTATION_MAX || memchr(p, '\0', n) != NULL)
		return SQ_EFORMAT;
	if ((s = strndup(p, n)) == NULL)
		return SQ_ENOMEM;
	if ((e = fields(s, &r)) != SQ_OK ||
	    (e = note_check(p, n, &r.new.note, &len)) != SQ_OK ||
	    (e = put_text(&r, &again)) != SQ_OK) {
		if (e == SQ_ENOENT)
			e = SQ_EAUTH;
		goto out;
	}
	/* one spelling: what was read, written again */
	if (again.len != len || memcmp(again.p, p, len) != 0) {
		e = SQ_EFORMAT;
		goto out;
	}
	bytes_put(&r.note, p, n);
	if ((e = bytes_done(&r.note)) == SQ_OK) {
		*ret = r;
		memset(&r, 0, sizeof(r));	/* transferred */
	}
out:
	rotation_free(&r);
	bytes_free(&again);
	free(s);
	return e;
}

/* see rotation.h */
void
rotation_free(struct rotation *r)
{
	if (r != NULL)
		bytes_free(&r->note);
}

/* see rotation.h */
bool
rotation_same(const struct card *a, const struct card *b)
{
	return strcmp(a->log, b->log) == 0 &&
	    memcmp(a->note.pk, b->note.pk, SIGN_PK) == 0 &&
	    memcmp(&a->minisign, &b->minisign, sizeof(a->minisign)) == 0 &&
	    memcmp(a->ssh, b->ssh, SIGN_PK) == 0;
}

/* see rotation.h */
enum sq_err
rotation_vouched(const struct rotation *r, const struct card *from)
{
	struct note_key key;
	char name[64];
	size_t len;
	enum sq_err e;

	if (!rotation_same(&r->old, from))
		return SQ_ENOENT;
	if (r->since[0] == '\0')
		key = from->note;
	else if (!from->has_recovery)
		return SQ_ECANNOT;
	else {
		recovery_name(r->old.log, name);
		if ((e = note_key(name, from->recovery, &key)) != SQ_OK)
			return e;
	}
	e = note_check((const char *)r->note.p, r->note.len, &key, &len);
	return e == SQ_ENOENT ? SQ_EAUTH : e;
}
