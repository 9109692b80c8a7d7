#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/custody.h"

/* see custody.h */
const char *
custody_name(enum custody_gap g)
{
	switch (g) {
	case CUSTODY_CLOCK:
		return "clock";
	case CUSTODY_FOREIGN:
		return "foreign";
	case CUSTODY_ERASED:
		return "erased";
	case CUSTODY_RESTORED:
		return "restored";
	case CUSTODY_GAPS:
		break;
	}
	return "";
}

/* see custody.h */
const char *
custody_text(enum custody_gap g)
{
	switch (g) {
	case CUSTODY_CLOCK:
		return "gap: the device's clock went back between these two "
		    "entries; their order is that of the log";
	case CUSTODY_FOREIGN:
		return "gap: what follows was written in another vault and "
		    "merged into this one; whatever else happened to it "
		    "there is told by that vault's log alone";
	case CUSTODY_ERASED:
		return "gap: of the entry that follows values were erased";
	case CUSTODY_RESTORED:
		return "gap: the vault was accepted here as older than its "
		    "own record; what the lost copy recorded is not known";
	case CUSTODY_GAPS:
		break;
	}
	return "";
}

/* Is the entry what the table took it for: a vault accepted as older? */
static enum sq_err
keep(struct record_ctx *cx, struct custody_walk *w, uint64_t index,
    struct why *why)
{
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	char *s;
	void *p;
	enum sq_err e;

	if ((e = log_get(cx->lg, index, &en, root, why)) != SQ_OK)
		return e;
	s = entry_str(&en, "action");
	if (s != NULL && strcmp(s, "restored") == 0) {
		p = realloc(w->restored, (w->n_restored + 1) *
		    sizeof(*w->restored));
		if (p == NULL)
			e = SQ_ENOMEM;
		else {
			w->restored = p;
			w->restored[w->n_restored++] = index;
		}
	}
	free(s);
	entry_free(&en);
	return e;
}

/* see custody.h */
enum sq_err
custody_begin(struct record_ctx *cx, struct custody_walk *ret,
    struct why *why)
{
	static const char title[] = "restored";
	uint64_t *list = NULL;
	struct db_st *st;
	size_t n = 0;
	bool row;
	void *p;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	(void)snprintf(ret->own, sizeof(ret->own), "%s", cx->log_id);
	custody_again(ret);
	if ((e = db_use(log_db(cx->lg), DB_RECORD_TITLED, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, 'Y');
	db_bind_text(st, 2, title, sizeof(title) - 1);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		p = realloc(list, (n + 1) * sizeof(*list));
		if (p == NULL) {
			db_reset(st);
			e = SQ_ENOMEM;
			break;
		}
		list = p;
		list[n++] = (uint64_t)db_int(st, 0);
	}
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = keep(cx, ret, list[i], why);
	free(list);
	if (e != SQ_OK)
		custody_end(ret);
	return e;
}

/* see custody.h */
void
custody_again(struct custody_walk *w)
{
	memcpy(w->log, w->own, sizeof(w->log));
	w->time[0] = '\0';
	w->any = false;
	w->index = 0;
}

/* A vault accepted as older between two places of the log? */
static bool
restored(const struct custody_walk *w, uint64_t to)
{
	for (size_t i = 0; w->any && i < w->n_restored; i++)
		if (w->restored[i] > w->index && w->restored[i] < to)
			return true;
	return false;
}

static bool
has_erased(const struct entry *en)
{
	for (size_t i = 0; i < en->n; i++)
		if (en->fields[i].form == ENTRY_ERASED)
			return true;
	return false;
}

/* see custody.h */
unsigned
custody_next(struct custody_walk *w, const struct record_at *at)
{
	char *log, *time;
	unsigned gaps = 0;

	if (restored(w, at == NULL ? UINT64_MAX : at->index))
		gaps |= 1u << CUSTODY_RESTORED;
	if (at == NULL)
		return gaps;
	log = entry_str(&at->en, "_log");
	time = entry_str(&at->en, "_time");
	if (log != NULL && strcmp(log, w->log) != 0) {
		if (strcmp(log, w->own) != 0)
			gaps |= 1u << CUSTODY_FOREIGN;
		(void)snprintf(w->log, sizeof(w->log), "%s", log);
		w->time[0] = '\0';	/* of another clock */
	}
	/* all of one form, so that they compare as text */
	if (time != NULL && strcmp(time, w->time) < 0)
		gaps |= 1u << CUSTODY_CLOCK;
	if (time != NULL)
		(void)snprintf(w->time, sizeof(w->time), "%s", time);
	if (has_erased(&at->en))
		gaps |= 1u << CUSTODY_ERASED;
	w->any = true;
	w->index = at->index;
	free(log);
	free(time);
	return gaps;
}

/* see custody.h */
void
custody_end(struct custody_walk *w)
{
	free(w->restored);
	memset(w, 0, sizeof(*w));
}
