#include <stdlib.h>
#include <string.h>

#include "vault/record/same.h"

/* see same.h */
bool
same_says(const struct entry *en)
{
	char *kind = entry_str(en, "kind");
	bool is = kind != NULL && (strcmp(kind, "same-person") == 0 ||
	    strcmp(kind, "duplicate") == 0);

	free(kind);
	return is;
}

/* Whom a field names; false: nobody. */
static bool
names(const struct entry *en, const char *field, uint8_t id[LOG_RECORD_ID])
{
	char *s = entry_str(en, field);
	bool is = s != NULL && bytes_unhex(id, LOG_RECORD_ID, s) == SQ_OK;

	free(s);
	return is;
}

static enum sq_err
put(struct same *p, const struct entry *en)
{
	size_t cap = p->cap;
	void *q;

	if (p->n == cap) {
		cap = cap ? 2 * cap : 16;
		if ((q = realloc(p->pair, cap * sizeof(*p->pair))) == NULL)
			return SQ_ENOMEM;
		p->pair = q;
		p->cap = cap;
	}
	if (names(en, "person", p->pair[p->n][0]) &&
	    names(en, "other", p->pair[p->n][1]))
		p->n++;
	return SQ_OK;
}

/* see same.h */
enum sq_err
same_load(struct record_ctx *cx, struct same *ret, struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct same s = { NULL, 0, 0 };
	struct record_at at = { 0 };
	size_t n = 0;
	enum sq_err e;

	if ((e = record_audit(cx, why)) != SQ_OK || (e = record_list(cx,
	    model_type("relationship"), 0, &ids, &n)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		if ((e = record_newest(cx, ids[i], &at, why)) != SQ_OK)
			break;
		if (same_says(&at.en))
			e = put(&s, &at.en);
		record_at_free(&at);
	}
	free(ids);
	if (e != SQ_OK) {
		same_free(&s);
		return e;
	}
	*ret = s;
	return SQ_OK;		/* transferred */
}

/* see same.h */
void
same_free(struct same *s)
{
	if (s == NULL)
		return;
	free(s->pair);
	memset(s, 0, sizeof(*s));
}

/* see same.h */
enum sq_err
same_as(const struct same *s, const uint8_t id[LOG_RECORD_ID],
    uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n)
{
	uint8_t (*who)[LOG_RECORD_ID] = calloc(s->n + 1, sizeof(*who));
	bool *used = calloc(s->n + 1, sizeof(*used));
	size_t n = 1;

	if (who == NULL || used == NULL) {
		free(who);
		free(used);
		return SQ_ENOMEM;
	}
	memcpy(who[0], id, LOG_RECORD_ID);
	/* each pair adds one at most, so that there is room */
	for (size_t at = 0; at < n; at++)
		for (size_t i = 0; i < s->n; i++)
			for (size_t k = 0; k < 2 && !used[i]; k++)
				if (memcmp(s->pair[i][k], who[at],
				    LOG_RECORD_ID) == 0) {
					used[i] = true;
					memcpy(who[n++], s->pair[i][1 - k],
					    LOG_RECORD_ID);
				}
	free(used);
	*ret = who;
	*ret_n = n;
	return SQ_OK;
}
