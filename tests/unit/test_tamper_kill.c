/*
 * Killed at any moment of adding, editing or changing slots: everything that
 * was acknowledged is there afterwards, at most what was not is missing, and
 * the vault goes on.
 *
 * A child does one thing after another and says each through a pipe once the
 * program has said that it is saved.  It is killed after a while that a
 * seeded sequence decides, or, which hits the moments in between better, while
 * it is stopped at a system call that the sequence chose.
 */
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "tests/unit/tamper.h"

struct ack {
	char ref[MODEL_REF_MAX];
	char entry[MODEL_ROOT_HEX];
	unsigned rev;
};

static struct secret *pass[2];
static uint64_t seed;

static unsigned
next(unsigned bound)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % bound;
}

/* The child: what it does depends on the seed alone. */
static void
work(int fd, unsigned which)
{
	struct vault *v = tm_open(pass[0]);
	struct model_inputs in;
	struct vault_made made;
	struct ack a;
	char word[64], *text;
	unsigned index;
	enum sq_err e;

	for (unsigned i = 0;; i++) {
		memset(&in, 0, sizeof(in));
		memset(&a, 0, sizeof(a));
		(void)snprintf(word, sizeof(word), "word%ux%u", which, i);
		text = tm_long(i % 5 == 4 ? 90000 : 300, word);
		(void)model_inputs_add(&in, "text", NULL, text);
		free(text);
		if (i % 7 == 6) {
			e = vault_slot_add(v, word, pass[1],
			    KEYSLOT_PASSPHRASE, &index, NULL);
			if (e == SQ_OK)
				e = vault_slot_remove(v, index, NULL);
			(void)snprintf(a.ref, sizeof(a.ref), "slot");
		} else {
			e = i % 3 == 2 ? vault_edit(v, "T-1", &in, NULL, 0,
			    NULL, &made, NULL) : vault_add(v, "testimony",
			    &in, NULL, &made, NULL);
			memcpy(a.ref, made.ref, sizeof(a.ref));
			memcpy(a.entry, made.entry, sizeof(a.entry));
			a.rev = made.rev;
		}
		model_inputs_free(&in);
		if (e != SQ_OK)
			_exit(3);
		if (write(fd, &a, sizeof(a)) != sizeof(a))
			_exit(4);
	}
}

/* Let it run until its ${n}-th system call and kill it there. */
static void
kill_at_call(pid_t pid, unsigned n)
{
	int st;

	assert_int_equal(waitpid(pid, &st, 0), pid);
	for (unsigned i = 0; i < 2 * n && WIFSTOPPED(st); i++)
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) != 0 ||
		    waitpid(pid, &st, 0) != pid)
			break;
	(void)kill(pid, SIGKILL);
}

struct seen {
	unsigned entries, found;
	const struct ack *want;
	size_t n;
};

static enum sq_err
see(void *arg, const struct vault_entry *en)
{
	struct seen *s = arg;

	s->entries++;
	for (size_t i = 0; i < s->n; i++)
		s->found += strcmp(s->want[i].entry, en->root) == 0 &&
		    strcmp(s->want[i].ref, en->ref) == 0;
	return SQ_OK;
}

/* Everything that was acknowledged is there; the vault goes on. */
static void
hold(const struct ack *acks, size_t n, unsigned before, const char *label,
    unsigned *ret_entries)
{
	struct vault *v = NULL;
	struct why why = { "" };
	struct ack done[512];
	struct seen s = { .want = done };
	struct record r;
	size_t slots = 0;
	enum sq_err e;

	for (size_t i = 0; i < n; i++)
		if (strcmp(acks[i].ref, "slot") == 0)
			slots++;
		else
			done[s.n++] = acks[i];
	if ((e = vault_open(tm_vault, pass[0], 0, &v, &why)) != SQ_OK)
		fail_msg("%s: does not open: %d %s", label, e, why.text);
	OK(vault_log(v, see, &s, &why));
	assert_int_equal(s.found, s.n);
	/* at most one change (a slot added and removed is two) is more */
	assert_in_range(s.entries - before, s.n + 2 * slots, s.n + 2 * slots +
	    2);
	for (size_t i = 0; i < s.n; i++) {
		memset(&r, 0, sizeof(r));
		if (vault_show(v, done[i].ref, done[i].rev, &r, &why) !=
		    SQ_OK || strcmp(r.entry, done[i].entry) != 0)
			fail_msg("%s: %s is not there: %s", label,
			    done[i].ref, why.text);
		model_record_free(&r);
	}
	tm_add(v, "person", "name", "After the kill", NULL);
	vault_close(v);
	v = tm_open(pass[0]);
	vault_close(v);
	*ret_entries = s.entries + 1;
}

struct tally {
	unsigned kills, acks, cut, journals;
};

static void
one_kill(unsigned i, bool traced, unsigned *entries, struct tally *t)
{
	static struct ack acks[512];
	struct timespec ts = { 0, 0 };
	struct stat st;
	char label[64];
	size_t n = 0;
	int p[2];
	pid_t pid;

	(void)snprintf(label, sizeof(label), "%s kill %u", traced ?
	    "traced" : "timed", i);
	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(p[0]);
		if (traced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 ||
		    raise(SIGSTOP) != 0))
			_exit(5);
		work(p[1], i);
	}
	(void)close(p[1]);
	if (traced)
		kill_at_call(pid, 150 + next(1500));
	else {
		ts.tv_nsec = (long)next(150) * 1000000;
		(void)nanosleep(&ts, NULL);
		(void)kill(pid, SIGKILL);
	}
	(void)waitpid(pid, NULL, 0);
	while (n < 512 && read(p[0], &acks[n], sizeof(acks[0])) ==
	    sizeof(acks[0]))
		n++;
	(void)close(p[0]);
	t->kills++;
	t->acks += (unsigned)n;
	t->journals += stat(tm_path("vault.db-journal"), &st) == 0 &&
	    st.st_size > 0;
	hold(acks, n, *entries, label, entries);
}

/* Start from the same small vault now and then: it grows with every kill. */
static void
kills(bool traced, unsigned n)
{
	struct image im;
	struct tally t = { 0 };
	struct vault_status st;
	struct vault *v;
	unsigned entries = 0;

	seed = 20260314;
	tm_keep(&im);
	for (unsigned i = 0; i < n; i++) {
		if (i % 20 == 0) {
			tm_put(&im);
			v = tm_open(pass[0]);
			OK(vault_status(v, &st, NULL));
			entries = (unsigned)st.entries;
			vault_close(v);
		}
		one_kill(i, traced, &entries, &t);
	}
	tm_put(&im);
	tm_drop(&im);
	fprintf(stderr, "tamper: %u kills %s: %u changes acknowledged, all "
	    "there; %u left a journal\n", t.kills, traced ?
	    "at a system call" : "at a moment", t.acks, t.journals);
	assert_true(t.acks > 0);
	print_message("# HAZARD\tPW6\tkilled %s\t%u\t%u\n", traced ?
	    "at a system call" : "at a moment", t.kills, t.kills);
}

static void
timed(void **state)
{
	(void)state;
	kills(false, tm_all() ? 400 : 40);
}

static void
traced(void **state)
{
	(void)state;
	kills(true, tm_all() ? 1000 : 120);
}

static int
start(void **state)
{
	struct vault_init in = { .path = tm_vault, .kib = 65536,
	    .passes = 3, .lanes = 4 };
	char log_id[33];
	uint32_t kib;
	struct vault *v;

	(void)state;
	tm_start();
	pass[0] = tm_secret("correct horse battery staple");
	pass[1] = tm_secret("another");
	in.passphrase = pass[0];
	OK(vault_init(&in, log_id, &kib, NULL));
	v = tm_open(pass[0]);
	tm_add(v, "testimony", "text", "the first", NULL);
	/* so that no child spends its time on Argon2id */
	OK(vault_slot_add(v, "warm", pass[1], KEYSLOT_PASSPHRASE, &kib,
	    NULL));
	OK(vault_slot_remove(v, kib, NULL));
	vault_close(v);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	secret_free(pass[0]);
	secret_free(pass[1]);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timed),
		cmocka_unit_test(traced)
	};

	cmocka_set_test_filter(getenv("TAMPER_ONLY"));
	return cmocka_run_group_tests_name("tamper: kills", tests, start,
	    stop);
}
