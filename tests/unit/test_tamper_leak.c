/*
 * What leaves in a bundle: every text of every field of every type carries a
 * word of its own, and all bytes of the opened bundle are searched for it.
 * What a profile or an exception holds back must be in none of them: not in
 * the report, a table, a title, the statement, or a decision's reason.
 */
#include "tests/unit/tamper.h"
#include "vault/record/text.h"

struct mark {
	const struct model_type *type;
	const struct model_field *f;
	char word[16];
};

static struct secret *pass, *identity;
static struct mark marks[512];
static size_t n_marks;

/* Is a value of this field what the model takes? */
static bool
fits(const struct model_type *t, const struct model_field *f,
    const char *value)
{
	struct model_input in = { .name = (char *)(uintptr_t)f->name,
	    .value = (char *)(uintptr_t)value };
	char lang[MODEL_LANG_MAX];
	char *v = NULL;
	bool ok = model_check(t, &in, &v, lang, NULL) == SQ_OK;

	free(v);
	return ok;
}

/* A value for a field; texts carry a marked word and hostile surroundings. */
static bool
value_of(const struct model_type *t, const struct model_field *f, char *out,
    size_t cap)
{
	static const char *const other[] = { "2019-03-04",
	    "2019-03-04T05:06:07Z", "7", "true", "kk", "43.5,81.5", NULL };
	struct mark *m = &marks[n_marks];

	assert_true(n_marks < sizeof(marks) / sizeof(marks[0]));
	if (f->kind == MODEL_TEXT || f->kind == MODEL_LINE) {
		(void)snprintf(m->word, sizeof(m->word), "zq%c%03zuzq",
		    t->prefix | 0x20, n_marks);
		(void)snprintf(out, cap, "=cmd|' %s \"<script>", m->word);
		if (!fits(t, f, out))
			(void)snprintf(out, cap, "https://%s.example/",
			    m->word);
		if (!fits(t, f, out))
			(void)snprintf(out, cap, "%s", m->word);
		if (!fits(t, f, out))
			return false;
		m->type = t;
		m->f = f;
		n_marks++;
		return true;
	}
	if (f->kind == MODEL_TERM) {
		(void)snprintf(out, cap, "%s", f->vocab->term[0].term);
		return true;
	}
	for (size_t i = 0; other[i] != NULL; i++)
		if (fits(t, f, other[i])) {
			(void)snprintf(out, cap, "%s", other[i]);
			return true;
		}
	return false;
}

/* A record that a field may name; there is one of each type filled before. */
static void
ref_for(const struct model_field *f, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%c-1", strchr(f->refs, 'P') != NULL ? 'P' :
	    strchr(f->refs, 'T') != NULL || f->refs[0] == '*' ? 'T' :
	    f->refs[0]);
}

/* One record of a type, every field filled. */
static void
full_record(struct vault *v, const char *name, const char *about)
{
	const struct model_type *t = model_type(name);
	struct model_inputs in = { 0 };
	struct vault_made made;
	struct why why = { "" };
	char buf[256];

	assert_non_null(t);
	for (const struct model_field *f = t->field; f->name != NULL; f++) {
		if (f->flags & MODEL_AUTO)
			continue;
		if (strcmp(f->name, "item") == 0)
			continue;
		if (f->kind == MODEL_REF && strcmp(f->name, "about") == 0)
			(void)snprintf(buf, sizeof(buf), "%s", about);
		else if (f->kind == MODEL_REF)
			ref_for(f, buf, sizeof(buf));
		else if (strcmp(f->name, "scope") == 0)
			(void)snprintf(buf, sizeof(buf), "share");
		else if (strcmp(f->name, "decision") == 0)
			(void)snprintf(buf, sizeof(buf), "yes");
		else if (strcmp(f->name, "until") == 0)
			(void)snprintf(buf, sizeof(buf), "2999");
		else if (!value_of(t, f, buf, sizeof(buf)))
			continue;
		/* the first of its type cannot name itself */
		if ((f->refs != NULL && f->refs[0] == t->prefix) ||
		    strcmp(f->name, "evidence") == 0)
			continue;
		OK(model_inputs_add(&in, f->name, NULL, buf));
	}
	if (vault_add(v, name, &in, "zqreasonzq", &made, &why) != SQ_OK)
		fail_msg("%s: %s", name, why.text);
	model_inputs_free(&in);
}

/* Export, and give all bytes of the opened bundle, and of the sealed one. */
static uint8_t *
bundle(struct vault *v, const char *profile, const char *const *withhold,
    size_t nw, const char *const *disclose, size_t nd, size_t *ret_n)
{
	const char *refs[] = { "C-1" };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .profile = profile, .withhold = withhold, .n_withhold = nw,
	    .disclose = disclose, .n_disclose = nd, .dir = tm_dir,
	    .purpose = "for the case" };
	struct age_keys keys = { .identity = &identity, .n_identity = 1 };
	struct vault_exported x;
	struct why why = { "" };
	char tar[128];
	uint8_t *p, *sealed;
	size_t n;

	(void)snprintf(tar, sizeof(tar), "%s/leak.tar", tm_dir);
	(void)unlink(tar);
	if (vault_export(v, &o, &x, &why) != SQ_OK)
		fail_msg("export %s: %s", profile, why.text);
	OK(seal_open_file(x.path, &keys, tar, &why));
	p = tm_read(tar, ret_n);
	sealed = tm_read(x.path, &n);
	for (size_t i = 0; i < n_marks; i++)
		assert_null(memmem(sealed, n, marks[i].word,
		    strlen(marks[i].word)));
	free(sealed);
	(void)unlink(x.path);
	(void)unlink(tar);
	vault_exported_free(&x);
	return p;
}

static bool
has(const uint8_t *p, size_t n, const char *word)
{
	return memmem(p, n, word, strlen(word)) != NULL;
}

static const struct {
	const char *name;
	unsigned tiers;
} profiles[] = {
	{ "public", 1u << MODEL_PUBLIC },
	{ "lawyer", 1u << MODEL_PUBLIC | 1u << MODEL_RECIPIENT },
	{ "court", 1u << MODEL_PUBLIC | 1u << MODEL_RECIPIENT |
	    1u << MODEL_IDENTITY },
	{ "full", 0x1f }
};

/* Records that are in the case; others are only events about them. */
static bool
in_case(const struct model_type *t)
{
	return strchr("NYBR", t->prefix) == NULL;
}

static void
each_profile(void **state)
{
	struct vault *v = tm_open(pass);
	unsigned shown = 0, held = 0, bad = 0;
	uint8_t *p;
	size_t n;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		p = bundle(v, profiles[i].name, NULL, 0, NULL, 0, &n);
		for (size_t k = 0; k < n_marks; k++) {
			const struct mark *m = &marks[k];
			bool may = profiles[i].tiers >> m->f->tier & 1;
			bool is = has(p, n, m->word);

			shown += is;
			held += !is;
			if (is && !may) {
				bad++;
				fprintf(stderr, "LEAK %s: %s.%s (tier %d)\n",
				    profiles[i].name, m->type->name,
				    m->f->name, m->f->tier);
			} else if (!is && may && in_case(m->type)) {
				bad++;
				fprintf(stderr, "LOST %s: %s.%s\n",
				    profiles[i].name, m->type->name,
				    m->f->name);
			}
		}
		if (has(p, n, "zqreasonzq") != (i == 3))
			fail_msg("%s: the reason", profiles[i].name);
		if (i == 0 && has(p, n, "zqownerzq"))
			fail_msg("public: the actor");
		/* what was left out says nothing of itself */
		assert_false(has(p, n, "zqrefusedzq"));
		free(p);
	}
	vault_close(v);
	fprintf(stderr, "tamper: leaks: %zu marked fields in 4 profiles: %u "
	    "shown, %u held back; wrong: %u\n", n_marks, shown, held, bad);
	assert_int_equal(bad, 0);
}

/* Each field by name withheld from the fullest profile. */
static void
each_withheld(void **state)
{
	struct vault *v = tm_open(pass);
	unsigned bad = 0, tried = 0;
	char name[128];
	const char *list[1] = { name };
	uint8_t *p;
	size_t n;

	(void)state;
	for (size_t k = 0; k < n_marks; k++) {
		const struct mark *m = &marks[k];

		/* decisions and events have no reference in the case */
		(void)snprintf(name, sizeof(name), "%s.%s", m->type->name,
		    m->f->name);
		p = bundle(v, "full", list, 1, NULL, 0, &n);
		tried++;
		if (has(p, n, m->word)) {
			bad++;
			fprintf(stderr, "LEAK --withhold %s\n", name);
		}
		free(p);
	}
	vault_close(v);
	fprintf(stderr, "tamper: leaks: %u fields withheld one by one from "
	    "full; shown all the same: %u\n", tried, bad);
	assert_int_equal(bad, 0);
}

/* Withheld wins over disclosed; a slip in the name is no silence. */
static void
exceptions(void **state)
{
	struct vault *v = tm_open(pass);
	const char *text[] = { "testimony.text" };
	const char *slips[] = { "T-99.text", "testimony.txt", "Text",
	    "X-1.text", "T-1.", ".text", "T-1.text[00000]", "t-1.TEXT",
	    "_log", "T-1._record" };
	const char *refs[] = { "C-1" };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .dir = tm_dir };
	struct vault_exported x;
	struct why why;
	const char *word = NULL;
	uint8_t *p;
	size_t n;

	(void)state;
	for (size_t k = 0; k < n_marks; k++)
		if (strcmp(marks[k].type->name, "testimony") == 0 &&
		    strcmp(marks[k].f->name, "text") == 0)
			word = marks[k].word;
	assert_non_null(word);
	p = bundle(v, "lawyer", text, 1, text, 1, &n);
	assert_false(has(p, n, word));
	free(p);
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		o.withhold = &slips[i];
		o.n_withhold = 1;
		if (vault_export(v, &o, &x, &why) == SQ_OK)
			fail_msg("--withhold %s was taken", slips[i]);
		assert_true(one_sentence(&why));
	}
	vault_close(v);
}

/* --- the consent gate ---------------------------------------------------- */

static void
refused(struct vault *v, const char *ref, const char *what)
{
	const char *refs[] = { ref };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .dir = tm_dir };
	struct vault_exported x;
	struct why why = { "" };
	enum sq_err e = vault_export(v, &o, &x, &why);

	if (e != SQ_EREFUSED)
		fail_msg("%s (%s): %d %s", ref, what, e, why.text);
	assert_true(one_sentence(&why));
}

/* By whatever way it is asked for, what was refused stays. */
static void
gate(void **state)
{
	struct vault *v = tm_open(pass);

	(void)state;
	/* T-2 was refused in start(); its media, cuttings of them, and more */
	refused(v, "T-2", "refused");
	refused(v, "M-2", "media of a refused testimony");
	tm_add(v, "media", "original_name", "cut.mp4", "derived_from", "M-2",
	    NULL);
	refused(v, "M-3", "a cutting of it");
	tm_add(v, "media", "original_name", "cut2.mp4", "derived_from",
	    "M-3", "about", "T-1", NULL);
	refused(v, "M-4", "a cutting of a cutting, attached elsewhere");
	tm_add(v, "media", "original_name", "both.mp4", "about", "T-1",
	    "about", "T-2", NULL);
	refused(v, "M-5", "media of two testimonies, one refused");
	tm_add(v, "case", "title", "Only refused", "item", "T-2", NULL);
	refused(v, "C-2", "a case of it");
	tm_add(v, "testimony", "text", "never asked", NULL);
	refused(v, "T-3", "never asked");
	tm_add(v, "consent", "about", "T-3", "scope", "publish", "decision",
	    "yes", NULL);
	refused(v, "T-3", "only publishing was allowed");
	tm_add(v, "consent", "about", "T-3", "scope", "share", "decision",
	    "yes", "until", "2020-01-01", NULL);
	refused(v, "T-3", "allowed until long ago");
	tm_add(v, "consent", "about", "T-3", "scope", "share", "decision",
	    "conditions", NULL);
	refused(v, "T-3", "only under conditions");
	tm_add(v, "consent", "about", "T-3", "about", "T-1", "scope",
	    "share", "decision", "no", NULL);
	refused(v, "T-1", "a decision about two");
	vault_close(v);
}

/* Cases in cases without end, and in each other, do not bring it down. */
static void
cases_in_cases(void **state)
{
	struct vault *v = tm_open(pass);
	struct bytes_buf b = { 0 };
	struct model_inputs in = { 0 };
	struct vault_made made;
	struct why why = { "" };
	const char *refs[] = { "C-9003" };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .dir = tm_dir };
	struct vault_exported x;
	enum sq_err e;

	(void)state;
	/* C-1 and C-2 are there already */
	for (unsigned i = 3; i < 9004; i++)
		bytes_putf(&b, "{\"title\":\"t\",\"item\":\"C-%u\"}\n",
		    i == 3 ? 1 : i - 1);
	if (vault_add_from(v, "case", (char *)b.p, b.len, NULL, NULL,
	    no_made, NULL, &why) != SQ_OK)
		fail_msg("%s", why.text);
	bytes_free(&b);
	e = vault_export(v, &o, &x, &why);
	assert_int_equal(e, SQ_ELIMIT);
	assert_true(one_sentence(&why));
	/* a ring is no more than its members */
	OK(model_inputs_add(&in, "item", NULL, "C-5"));
	OK(vault_edit(v, "C-3", &in, NULL, 0, NULL, &made, &why));
	model_inputs_free(&in);
	refs[0] = "C-5";
	OK(vault_export(v, &o, &x, &why));
	(void)unlink(x.path);
	vault_exported_free(&x);
	vault_close(v);
}

/* A decision is never rewritten, and nothing else passes for one. */
static void
decisions_stay(void **state)
{
	struct vault *v = tm_open(pass);
	struct model_inputs in = { 0 };
	struct vault_made made;
	struct why why = { "" };

	(void)state;
	OK(model_inputs_add(&in, "decision", NULL, "yes"));
	assert_int_equal(vault_edit(v, "N-5", &in, NULL, 0, NULL, &made,
	    &why), SQ_EREFUSED);
	model_inputs_free(&in);
	OK(model_inputs_add(&in, "bundle", NULL, "00"));
	assert_int_equal(vault_add(v, "bundle", &in, NULL, &made, &why),
	    SQ_EREFUSED);
	model_inputs_free(&in);
	/* a decision about a record that is not there */
	OK(model_inputs_add(&in, "about", NULL, "T-77"));
	OK(model_inputs_add(&in, "scope", NULL, "share"));
	OK(model_inputs_add(&in, "decision", NULL, "yes"));
	assert_int_not_equal(vault_add(v, "consent", &in, NULL, &made, &why),
	    SQ_OK);
	model_inputs_free(&in);
	refused(v, "T-2", "still refused");
	vault_close(v);
}

/* The case with one record of each type, and the testimony refused. */
static void
case_of(struct vault *v, struct bytes_buf *item)
{
	struct bytes_buf b = { 0 };
	struct why why = { "" };

	bytes_puts(&b, "{\"title\":\"The case\",\"item\":[\"T-2\",");
	bytes_put(&b, item->p, item->len);
	bytes_puts(&b, "]}");
	OK(bytes_done(&b));
	if (vault_add_from(v, "case", (char *)b.p, b.len, NULL, NULL,
	    no_made, NULL, &why) != SQ_OK)
		fail_msg("%s", why.text);
	bytes_free(&b);
	bytes_free(item);
}

static int
start(void **state)
{
	struct vault_init in = { .path = tm_vault, .kib = 65536,
	    .passes = 3, .lanes = 4, .label = "zqownerzq" };
	/* each after those that it names */
	static const char *const types[] = { "person", "testimony", "media",
	    "contact", "place", "source", "event", "act", "involvement",
	    "detention", "injury", "status", "relationship", "map", "consent",
	    "custody", NULL };
	const struct model_type *all;
	struct bytes_buf item = { 0 };
	size_t n, k;
	static const char *const scopes[] = { "share", "court", "publish" };
	char log_id[33], key[AGE_RECIPIENT_MAX];
	uint32_t kib;
	struct vault *v;

	(void)state;
	tm_start();
	pass = tm_secret("correct horse battery staple");
	in.passphrase = pass;
	OK(vault_init(&in, log_id, &kib, NULL));
	v = tm_open(pass);
	OK(age_keygen(&identity));
	OK(age_public(identity, key));
	tm_add(v, "recipient", "name", "Lawyer", "key", key, NULL);
	for (size_t i = 0; types[i] != NULL; i++)
		full_record(v, types[i], "T-1");
	/* a type that is new in the table must be among them */
	all = model_types(&n);
	for (size_t i = 0; i < n; i++) {
		for (k = 0; types[k] != NULL; k++)
			if (strcmp(types[k], all[i].name) == 0)
				break;
		if (!model_by_hand(&all[i]))
			continue;
		if (types[k] == NULL && strchr("CR", all[i].prefix) == NULL)
			fail_msg("%s is not looked for", all[i].name);
		if (in_case(&all[i]) && all[i].prefix != 'C')
			bytes_putf(&item, "\"%c-1\",", all[i].prefix);
	}
	for (size_t i = 0; i < 3; i++)
		tm_add(v, "consent", "about", "T-1", "about", "P-1", "about",
		    "K-1", "scope", scopes[i], "decision", "yes", NULL);
	tm_add(v, "testimony", "summary", "zqrefusedzq", "text",
	    "zqrefusedzq", NULL);
	tm_add(v, "media", "about", "T-2", "original_name", "zqrefusedzq",
	    NULL);
	tm_add(v, "consent", "about", "T-2", "scope", "share", "decision",
	    "no", "conditions", "zqrefusedzq", NULL);
	tm_add(v, "custody", "about", "T-2", "action", "received", "note",
	    "zqrefusedzq", NULL);
	item.len--;	/* the last comma */
	case_of(v, &item);
	vault_close(v);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	secret_free(pass);
	secret_free(identity);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_profile),
		cmocka_unit_test(each_withheld),
		cmocka_unit_test(exceptions),
		cmocka_unit_test(gate),
		cmocka_unit_test(cases_in_cases),
		cmocka_unit_test(decisions_stay)
	};

	cmocka_set_test_filter(getenv("TAMPER_ONLY"));
	return cmocka_run_group_tests_name("tamper: leaks", tests, start,
	    stop);
}
