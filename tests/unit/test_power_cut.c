/*
 * Power cuts at every change of every operation (PW1; power.h says how): the
 * program itself runs each once, traced.  From every state that its disk could
 * be left in the vault opens, all of the log is there that was there when the
 * program last said so, nothing is damaged, files that were promised are whole
 * and, now and then, the operation is done again and completes.
 *
 * A state is printed as «seed N state M»: POWER_ONLY, POWER_SEED and
 * POWER_STATE make it again, but for the keys, which no two runs share.
 * Counted are only states that differ.
 *
 *	POWER_STATES	how many states, over all operations
 *	POWER_SEED	the seed (1)
 *	POWER_ONLY	this operation alone
 *	POWER_STATE	this state alone
 *	POWER_PART	k/n: every nth operation, from the kth on
 */
#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/power.h"

#define CHEAP " --kdf-memory 64 --kdf-passes 3 "
#define V "$S --vault v.sandyq "
#define N2 " --new-passphrase-file ../pw2 "
#define TARGETS 3
#define ROOTS_MAX 64
#define ACKS_MAX 16
#define SEEN 262144u
#define AGAIN 40		/* of so many states one runs it again */

static struct pw_case {
	const char *name, *prepare, *run;
	struct target {
		const char *path;
		const char *pass, *after;	/* after: of a change */
	} t[TARGETS];
	bool each;		/* each line it prints is one more saved */
	bool gone;		/* it takes files away once they are in */
} cases[] = {
	{ "init", "rm -rf v.sandyq", "$S --vault n.sandyq init" CHEAP,
	    { { "n.sandyq", "one", NULL } }, false, false },
	{ "add", NULL, V "add testimony summary=new text='told at night'",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "edit", NULL, V "edit T-1 text='told again' --reason more",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "attach", NULL, V "attach T-1 new1 new2",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "attach --move", NULL, V "attach T-1 new1 new2 --move",
	    { { "v.sandyq", "one", NULL } }, false, true },
	{ "export", NULL, V "export C-1 --to R-1 --profile full -o out",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "slot add", NULL, V "slot add" N2,
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "slot change", NULL, V "slot change" N2,
	    { { "v.sandyq", "one", "two" } }, false, false },
	{ "slot remove", V "slot add" N2 " && cp ../out ../slot",
	    V "slot remove $(cat ../slot)",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "recovery new", NULL, V "recovery new -o sheet",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "restore", V "backup stick", "$S restore stick/v.sandyq r.sandyq",
	    { { "r.sandyq", "one", NULL }, { "stick/v.sandyq", "one", NULL },
	    { "v.sandyq", "one", NULL } }, false, false },
	{ "rekey", NULL, V "rekey n.sandyq" N2 CHEAP,
	    { { "n.sandyq", "two", NULL }, { "v.sandyq", "one", NULL } },
	    false, false },
	{ "erase", NULL, V "erase T-1 --yes --reason 'she asked'",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "import of a bundle", V "export C-1 --to R-1 --profile full -o out "
	    "&& $S --vault b.sandyq init" CHEAP "&& mv out/*.age sent.age",
	    "$S --vault b.sandyq import sent.age -i key",
	    { { "b.sandyq", "one", NULL }, { "v.sandyq", "one", NULL } },
	    false, false },
	{ "import of a sheet", NULL, V "import people.csv --type person",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "stamp request", NULL, V "stamp request -o log.tsq",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "backup", NULL, V "backup stick",
	    { { "v.sandyq", "one", NULL }, { "stick/v.sandyq", "one", NULL } },
	    false, false },
	{ "backup again", V "backup stick && " V "attach T-1 new1 && " V
	    "add person pseudonym=B", V "backup stick/v.sandyq",
	    { { "v.sandyq", "one", NULL }, { "stick/v.sandyq", "one", NULL } },
	    false, false },
	{ "shell", NULL, V "shell <../script",
	    { { "v.sandyq", "one", NULL } }, true, false },
	{ "key rotate", NULL, V "key rotate --reason lost",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "trustees split", NULL, V "trustees split --need 2 --of 3 -o shares",
	    { { "v.sandyq", "one", NULL } }, false, false },
	{ "rebuild", NULL, V "check --rebuild",
	    { { "v.sandyq", "one", NULL } }, false, false },
	/* a cut while the traces of a cut are cleared away: see half_add */
	{ "opening after a cut", "", V "status",
	    { { "v.sandyq", "one", NULL } }, false, false }
};
#define ADD 1
#define CASES (sizeof(cases) / sizeof(cases[0]))

/* What is true of a vault at a moment. */
struct roots {
	char r[ROOTS_MAX][MODEL_ROOT_HEX];
	unsigned n;		/* 0: there is no vault */
};

static struct {
	const struct pw_case *c;
	struct pw_log log;
	struct roots before[TARGETS], end[TARGETS];
	unsigned at_ack[ACKS_MAX][TARGETS];
	size_t ack[ACKS_MAX];	/* as a number of changes */
	unsigned acks;
	uint64_t seed, state;
	size_t cut;
	bool turned;		/* the new passphrase is in force */
	unsigned states, known, again, hot, restored, losses;
	uint64_t seen[SEEN];
} now;

static char work[96], cut[96], trace[96];

static jmp_buf next_state;	/* where lost() goes on */
static bool planted;		/* losses are what is wanted */

/* --- running the program ------------------------------------------------- */

static bool
no_trace(void)
{
	if (system("strace -f -o /dev/null true 2>/dev/null") == 0)
		return false;
	print_message("# this machine does not allow tracing\n");
	return true;
}

static int
sh(const char *where, const char *fmt, ...)
{
	char cmd[1024], all[1400];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	(void)snprintf(all, sizeof(all), "cd '%s' && { S=\"$SANDYQ --quiet "
	    "--passphrase-file ../pw\" && { %s; } ; } >../out 2>../err "
	    "</dev/null", where, cmd);
	assert_int_equal(chdir(tm_dir), 0);	/* a vault changes it */
	return system(all);
}

static void
said(const char *what)
{
	char cmd[200];

	(void)snprintf(cmd, sizeof(cmd), "cat '%s/err' >&2", tm_dir);
	if (system(cmd) != 0)
		fprintf(stderr, "%s\n", cmd);
	fail_msg("%s: %s", now.c != NULL ? now.c->name : "", what);
}

static void
traced(void *arg)
{
	const struct pw_case *c = arg;

	if (sh(work, "S=\"strace -f -y -xx -s 100000000 -o %s -e " PW_CALLS
	    " $S\"; %s", trace, c->run) != 0)
		said("it fails");
}

/* --- looking at a vault -------------------------------------------------- */

static enum sq_err
root(void *arg, const struct vault_entry *en)
{
	struct roots *r = arg;

	assert_true(r->n < ROOTS_MAX);
	(void)snprintf(r->r[r->n++], MODEL_ROOT_HEX, "%s", en->root);
	return SQ_OK;
}

static void
found(void *arg, const struct vault_found *f)
{
	const char **what = arg;

	if (strcmp(f->severity, "damage") == 0)
		*what = f->what;
}

/* Open, read the whole log, check everything; SQ_ENOENT: nothing is there. */
static enum sq_err
look(const char *path, const char *pass, struct roots *ret, struct why *why)
{
	struct secret *p = tm_secret(pass);
	struct vault *v = NULL;
	const char *what = NULL;
	enum sq_err e;

	ret->n = 0;
	if ((e = vault_open(path, p, 0, &v, why)) != SQ_OK ||
	    (e = vault_log(v, root, ret, why)) != SQ_OK)
		goto out;
	e = vault_check(v, true, NULL, found, &what, why);
	if (e == SQ_OK && what != NULL)
		e = err_why(why, SQ_EDAMAGE, "%s", what);
out:
	vault_close(v);
	secret_free(p);
	return e;
}

static bool
stands(const char *path)
{
	return access(path, F_OK) == 0;
}

static const char *
in_cut(const char *path)
{
	static char full[4][300];
	static unsigned i;

	i = (i + 1) % 4;
	(void)snprintf(full[i], sizeof(full[0]), "%s/%s", cut, path);
	return full[i];
}

/*
 * A backup whose change was cut off opens as no vault, but is restored.  That
 * is logged as the last entry, which is none of the backup's.
 */
static enum sq_err
look_restored(const char *path, const char *pass, struct roots *ret,
    struct why *why)
{
	struct vault_restore o = { .src = path,
	    .dest = in_cut("restored.sandyq") };
	struct vault_backed b = { 0 };
	struct secret *p = tm_secret(pass);
	enum sq_err e;

	o.passphrase = p;
	tm_remove(o.dest);
	if ((e = vault_restore(&o, &b, why)) == SQ_OK &&
	    (e = look(o.dest, pass, ret, why)) == SQ_OK)
		ret->n--;
	now.restored++;
	free(b.path);
	secret_free(p);
	return e;
}

static void
put_tree(const struct pw_tree *t)
{
	tm_remove(cut);
	assert_int_equal(mkdir(cut, 0700), 0);
	pw_store(t, 0, cut);
}

/* What a state without any loss holds. */
static void
truth(size_t n, bool end, struct roots ret[TARGETS])
{
	struct pw_tree *t = calloc(1, sizeof(*t));
	struct why why = { "" };

	assert_non_null(t);
	pw_cut(&now.log, n, NULL, t);
	put_tree(t);
	for (int i = 0; i < TARGETS && now.c->t[i].path != NULL; i++) {
		const struct target *g = &now.c->t[i];

		ret[i].n = 0;
		if (stands(in_cut(g->path)) && look(in_cut(g->path), end &&
		    g->after != NULL ? g->after : g->pass, &ret[i], &why) !=
		    SQ_OK)
			fail_msg("%s: %s: %s", now.c->name, g->path, why.text);
	}
	pw_free(t);
	free(t);
}

/* --- holding a state against the truth ----------------------------------- */

static void __attribute__((format(printf, 1, 2), noreturn))
lost(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	now.losses++;
	if (!planted)
		print_message("# LOST «%s» seed %llu state %llu (after change "
		    "%zu of %zu): %s\n", now.c->name,
		    (unsigned long long)now.seed,
		    (unsigned long long)now.state, now.cut, now.log.n, text);
	longjmp(next_state, 1);
}

/* Is a beginning of the true log there, of at least so many entries? */
static void
hold_target(int i, unsigned least, bool acked, bool *ret_whole)
{
	const struct target *g = &now.c->t[i];
	char path[300], next[310];
	struct roots got;
	struct why why = { "" };
	struct stat st;
	enum sq_err e;

	(void)snprintf(path, sizeof(path), "%s", in_cut(g->path));
	if (!stands(path)) {
		if (least > 0)
			lost("%s is not there", g->path);
		*ret_whole = false;
		return;
	}
	now.hot += stat(in_cut("v.sandyq/vault.db-journal"), &st) == 0 &&
	    st.st_size > 0;
	(void)snprintf(next, sizeof(next), "%s/next", path);
	e = (stands(next) ? look_restored : look)(path, acked && g->after !=
	    NULL ? g->after : g->pass, &got, &why);
	if (e == SQ_EPASS && !acked && g->after != NULL) {
		e = look(path, g->after, &got, &why);
		now.turned = true;
	}
	if (e != SQ_OK)
		lost("%s: %s", g->path, why.text[0] != '\0' ? why.text :
		    err_str(e));
	if (acked && g->after != NULL && look(path, g->pass, &got, &why) !=
	    SQ_EPASS)
		lost("%s: the old passphrase still opens it", g->path);
	if (acked && g->after != NULL)
		return;
	if (got.n < least || got.n > now.end[i].n)
		lost("%s: %u entries, not %u to %u", g->path, got.n, least,
		    now.end[i].n);
	for (unsigned k = 0; k < got.n; k++)
		if (strcmp(got.r[k], now.end[i].r[k]) != 0)
			lost("%s: entry %u is another", g->path, k);
	*ret_whole &= got.n == now.end[i].n;
}

/* Files beside the vaults: whole once promised, and never half. */
static void
hold_files(const struct pw_tree *t, int dir, int dend, bool acked, bool whole,
    const char *where)
{
	const struct pw_tree *end = &now.log.live, *base = &now.log.base;
	char sub[300];

	for (int i = 0; i < end->names; i++) {
		const char *name = end->at[i].name;
		const struct pw_node *f = &end->node[end->at[i].node], *g;
		int k;

		if (end->at[i].dir != dend || strstr(name, ".sandyq") != NULL)
			continue;
		(void)snprintf(sub, sizeof(sub), "%.200s/%s", where, name);
		if ((k = dir < 0 ? -1 : pw_find(t, dir, name)) < 0) {
			if (acked && !f->dir)
				lost("%s is not there", sub);
			if (f->dir)
				hold_files(t, -1, end->at[i].node, acked,
				    whole, sub);
			continue;
		}
		g = &t->node[t->at[k].node];
		if (f->dir)
			hold_files(t, t->at[k].node, end->at[i].node, acked,
			    whole, sub);
		else if (g->n != f->n || memcmp(g->p, f->p, f->n) != 0)
			lost("%s is not whole", sub);
	}
	/* what is taken away is in the vault */
	for (int i = 0; now.c->gone && dir == 0 && i < base->names; i++)
		if (base->at[i].dir == 0 && pw_find(t, 0, base->at[i].name) <
		    0 && !whole)
			lost("%s is nowhere", base->at[i].name);
}

static void
run_again(bool whole)
{
	if (whole || sh(cut, "%s", now.c->run) == 0)
		return;
	/* what it says to look at and remove is removed */
	if (sh(cut, "rm -rf *.part && %s", now.c->run) != 0)
		lost("it cannot be done again");
}

/* Was this state looked at before? */
static bool
seen(uint64_t print)
{
	uint64_t i = print % SEEN;

	for (; now.seen[i] != 0; i = (i + 1) % SEEN)
		if (now.seen[i] == print)
			return true;
	now.seen[i] = print;
	return false;
}

/* The state of this number; the same for ever. */
static void
one_state(uint64_t m)
{
	static struct pw_tree tree, *t = &tree;
	struct pw_dice d = { now.seed * 1000003u + m, PW_ALL };
	size_t all = now.log.n + 1;
	unsigned acked = 0;
	bool whole = true, done;

	pw_free(t);
	for (const char *s = now.c->name; *s != '\0'; s++)
		d.x = d.x * 31 + (unsigned char)*s;
	d.mode = (enum pw_mode)((m + m / all) % PW_MODES);
	now.state = m;
	now.turned = false;
	now.cut = (size_t)(m * 7919u % all);
	/* the moments after it spoke are few, and count most */
	if (m % 8 == 7)
		now.cut = now.ack[0] + 1 + (size_t)(m / 8 % (now.log.n -
		    now.ack[0]));
	while (acked < now.acks && now.ack[acked] < now.cut)
		acked++;
	done = acked == now.acks;
	pw_cut(&now.log, now.cut, &d, t);
	if (seen(pw_print(t, 0) + acked))
		return;
	now.states++;
	for (int i = 0; i < TARGETS && acked > 0; i++)
		if (done || now.at_ack[acked - 1][i] > now.before[i].n) {
			now.known++;
			break;
		}
	put_tree(t);
	for (int i = 0; i < TARGETS && now.c->t[i].path != NULL; i++)
		hold_target(i, acked > 0 ? now.at_ack[acked - 1][i] :
		    now.before[i].n, done, &whole);
	hold_files(t, 0, 0, done, whole, "");
	if (now.states % AGAIN == 11) {
		put_tree(t);
		run_again(whole || done || now.turned);
		now.again++;
	}
}

/* --- each operation ------------------------------------------------------- */

/* An add cut off in the middle of its pages: it leaves a hot journal. */
static struct pw_tree *half;

static void
half_add(void)
{
	size_t n = 0, seen = 0;

	half = calloc(1, sizeof(*half));
	assert_non_null(half);
	for (size_t i = 0; i < now.log.n && n == 0; i++) {
		const struct pw_op *o = &now.log.op[i];
		int db = pw_walk(&now.log.base, "v.sandyq/vault.db");

		if (o->kind == PW_WRITE && o->node == db && ++seen == 3)
			n = i + 1;
	}
	assert_true(n > 0);
	pw_cut(&now.log, n, NULL, half);
	for (int i = 0; i < half->nodes; i++)	/* the log goes away */
		if (!half->node[i].own && half->node[i].n > 0)
			pw_room(&half->node[i], half->node[i].n);
}

static void
prepare(const struct pw_case *c)
{
	char cmd[600];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s' && cp -a '%s/base' '%s'",
	    work, tm_dir, work);
	assert_int_equal(chdir(tm_dir), 0);
	assert_int_equal(system(cmd), 0);
	if (c->prepare == NULL)
		return;
	if (c->prepare[0] != '\0') {
		if (sh(work, "%s", c->prepare) != 0)
			said("cannot be prepared");
		return;
	}
	pw_record(&now.log, work, trace, traced, &cases[ADD]);
	half_add();
	pw_log_free(&now.log);
	tm_remove(work);
	assert_int_equal(mkdir(work, 0700), 0);
	pw_store(half, 0, work);
}

/* When it said what, and what was then there. */
static void
learn(void)
{
	struct roots got[TARGETS];

	now.acks = 0;
	for (size_t i = 0; i < now.log.n; i++)
		if (now.log.op[i].kind == PW_ACK) {
			assert_true(now.acks < ACKS_MAX);
			now.ack[now.acks++] = i;
		}
	if (now.acks == 0) {		/* it ends, and says nothing */
		now.ack[now.acks++] = now.log.n;
		(void)pw_add(&now.log, PW_ACK, 0);
	}
	truth(0, false, now.before);
	truth(now.log.n, true, now.end);
	for (unsigned k = 0; k < now.acks; k++) {
		truth(now.ack[k], k + 1 == now.acks, got);
		for (int i = 0; i < TARGETS; i++) {
			now.at_ack[k][i] = got[i].n;
			if (now.c->each && i == 0 && got[i].n <= (k == 0 ?
			    now.before[i].n : now.at_ack[k - 1][i]))
				fail_msg("%s: said before it was saved",
				    now.c->name);
			if (k + 1 == now.acks && now.c->t[i].path != NULL &&
			    got[i].n != now.end[i].n)
				fail_msg("%s: said at %u of %u entries",
				    now.c->name, got[i].n, now.end[i].n);
		}
	}
}

static void
begin(const struct pw_case *c)
{
	const char *seed = getenv("POWER_SEED");

	memset(&now, 0, sizeof(now));
	now.c = c;
	now.seed = seed == NULL ? 1 : strtoull(seed, NULL, 10);
	prepare(c);
	pw_record(&now.log, work, trace, traced,
	    (void *)(uintptr_t)c);
	learn();
}

/* An add that had not synced: the harness must see that it loses. */
static void
unsynced(void **state)
{
	(void)state;
	if (no_trace())
		skip();
	begin(&cases[ADD]);
	for (size_t i = 0; i < now.log.n; i++)
		now.log.op[i].settled = SIZE_MAX;
	planted = true;
	for (volatile uint64_t m = 7; m < 200; m += 8)
		if (setjmp(next_state) == 0)
			one_state(m);
	planted = false;
	print_message("# power: of an add without any sync %u of %u states "
	    "lost it\n", now.losses, now.states);
	assert_true(now.losses > 4);
	pw_log_free(&now.log);
}

static void
one_case(const struct pw_case *c, uint64_t states)
{
	const char *only = getenv("POWER_STATE");
	volatile uint64_t m = only == NULL ? 0 : strtoull(only, NULL, 10);
	uint64_t end = only == NULL ? states * 9 : m + 1;

	begin(c);
	for (; now.states < states && m < end; m++)
		if (setjmp(next_state) == 0)
			one_state(m);
	print_message("# power: %s: seed %llu, %zu changes, %u different "
	    "states, %u after an acknowledgement, %u with a hot journal, "
	    "%u backups restored, %u done again: %u losses\n", c->name,
	    (unsigned long long)now.seed, now.log.n, now.states, now.known,
	    now.hot, now.restored, now.again, now.losses);
	print_message("# HAZARD\tPW1\tcut simulated: %s\t%u\t%u\n", c->name,
	    now.states, now.states - now.losses);
}

static void
all_cases(void **state)
{
	const char *s = getenv("POWER_STATES"), *only = getenv("POWER_ONLY");
	uint64_t states = s == NULL ? 10 * CASES : strtoull(s, NULL, 10);
	const char *part = getenv("POWER_PART");
	unsigned known = 0, losses = 0, k = 0, of = 1;

	(void)state;
	if (part != NULL)
		assert_int_equal(sscanf(part, "%u/%u", &k, &of), 2);
	if (no_trace())
		skip();
	for (size_t i = 0; i < CASES; i++) {
		if (only != NULL ? strcmp(only, cases[i].name) != 0 :
		    i % of != k)
			continue;
		one_case(&cases[i], (states + CASES - 1) / CASES);
		known += now.known;
		losses += now.losses;
		pw_log_free(&now.log);
	}
	assert_int_equal(losses, 0);
	assert_true(known > 0);
}

/* --- what all begin with ------------------------------------------------- */

static void
text(const char *name, const char *s)
{
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/%s", tm_dir, name);
	tm_write(path, s, strlen(s));
}

static int
start(void **state)
{
	uint8_t film[150000];

	(void)state;
	if (getenv("SANDYQ") == NULL)
		(void)setenv("SANDYQ", "build/sandyq", 1);
	if (getenv("SANDYQ")[0] != '/') {
		char *full = realpath(getenv("SANDYQ"), NULL);

		assert_non_null(full);
		(void)setenv("SANDYQ", full, 1);
		free(full);
	}
	/* the leak finder is a tracer itself and cannot run under one */
	(void)setenv("ASAN_OPTIONS", "exitcode=99:detect_leaks=0", 1);
	(void)unsetenv("SANDYQ_VAULT");
	tm_start();
	(void)snprintf(work, sizeof(work), "%s/work", tm_dir);
	(void)snprintf(cut, sizeof(cut), "%s/cut", tm_dir);
	(void)snprintf(trace, sizeof(trace), "%s/trace", tm_dir);
	text("pw", "one\n");
	text("pw2", "two\n");
	text("script", "add person pseudonym=C\n"
	    "edit P-1 notes='seen again'\n"
	    "attach T-1 new1\n"
	    "consent T-1 scope=record decision=yes\n");
	assert_int_equal(mkdir(work, 0700), 0);
	for (size_t i = 0; i < sizeof(film); i++)
		film[i] = (uint8_t)(i * 2654435761u >> 13);
	text("work/new2", "a short note");
	text("work/people.csv", "pseudonym,name\nD,Example\nE,Another\n");
	text("work/begin", "add person pseudonym=A name=Example\n"
	    "add testimony summary=kept text='told once' witness=P-1\n"
	    "consent T-1 scope=share decision=yes\n"
	    "case new 'The case'\ncase add C-1 T-1\nattach T-1 old\n");
	(void)snprintf(cut, sizeof(cut), "%s/work/old", tm_dir);
	tm_write(cut, film, sizeof(film));
	(void)snprintf(cut, sizeof(cut), "%s/work/new1", tm_dir);
	tm_write(cut, film + 7, sizeof(film) - 7);
	(void)snprintf(cut, sizeof(cut), "%s/cut", tm_dir);
	if (sh(work, "mkdir out stick shares && $S --vault v.sandyq init"
	    CHEAP "&& $S key new -o key >../pub && echo recipient add Counsel "
	    "$(cat ../pub) >>begin && " V "shell <begin && rm begin old && "
	    "cp -a . ../base") != 0)
		said("the vault cannot be made");
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	if (half != NULL)
		pw_free(half);
	free(half);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(unsynced),
		cmocka_unit_test(all_cases) };

	return cmocka_run_group_tests_name("power cuts", tests, start, stop);
}
