/*
 * For tests test_fault_*.c: any operation on a vault, failed at every call
 * that changes a file, one after the other, in every way.  Include after
 * cmocka.h; brings door.h and fault.h.
 *
 *	static const struct fault_case c = { "attach", prepare, op, hold };
 *	fault_everywhere(&c);
 *
 * prepare	makes the vault as it is before, once, and closes it
 * op		does it, on door_v, and is the only thing that is disturbed; it
 *		returns what the program said
 * hold		looks at door_v, opened again: ${said} is what op returned,
 *		FAULT_DEAD if it was killed.  It fails the test if anything
 *		acknowledged is gone, anything old not whole, anything new
 *		half there; then op is done again, undisturbed, and must return
 *		SQ_OK, and hold is asked with that.
 *
 * FAULT_ALL=1 in the environment: every call; else, of operations with many
 * calls, a part that ${FAULT_SEED} (or 1) chooses.
 */
#ifndef SQ_TESTS_FAULT_HELP_H
#define SQ_TESTS_FAULT_HELP_H

#include <sys/mman.h>
#include <sys/wait.h>

#include <signal.h>

#include "tests/fault/fault.h"
#include "tests/unit/door.h"

#define FAULT_DEAD (-1)
#define FAULT_SOME 20		/* calls of each kind, without FAULT_ALL */

struct fault_case {
	const char *name;
	void (*prepare)(void);
	enum sq_err (*op)(struct why *why);
	void (*hold)(int said);
};

static char fault_where[192];	/* for messages: what was disturbed, where */
static struct {
	enum sq_err said;
	struct why why;
} *fault_answer;		/* of the child */

/* Copy or put back everything below the folder of the test. */
DOOR void
fault_copy(bool back)
{
	const char *from = back ? ".keep" : "", *to = back ? "" : ".keep";
	char cmd[256];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s%s && cp -a %s%s %s%s",
	    door_dir, to, door_dir, from, door_dir, to);
	assert_int_equal(system(cmd), 0);
	assert_int_equal(chdir(door_dir), 0);
}

/* Do it in a child, disturbed; what it said, or FAULT_DEAD. */
DOOR int
fault_child(const struct fault_case *c, enum fault_kind kind, long nth,
    bool from)
{
	pid_t pid;
	int st;

	(void)fflush(NULL);
	if ((pid = door_fork()) == 0) {
		if (door_try_open(door_pass, 0) != SQ_OK)
			_exit(2);
		fault_arm(kind, nth, from);
		fault_answer->said = c->op(&fault_answer->why);
		fault_disarm();
		door_close();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	fault_disarm();
	if (WIFSIGNALED(st) && WTERMSIG(st) == SIGKILL)
		return FAULT_DEAD;
	if (!WIFEXITED(st) || WEXITSTATUS(st) != 0)
		fail_msg("%s, %s at call %ld (%s): the program ended with %#x",
		    c->name, fault_name(kind), nth, fault->call,
		    (unsigned)st);
	return (int)fault_answer->said;
}

/* One disturbed run and what comes after it. */
DOOR void
fault_once(const struct fault_case *c, enum fault_kind kind, long nth,
    bool from)
{
	int said;
	enum sq_err e;

	fault_copy(true);
	fault_answer->why.text[0] = '\0';
	said = fault_child(c, kind, nth, from);
	(void)snprintf(fault_where, sizeof(fault_where), "%s, %s%s at call "
	    "%ld (%s)", c->name, fault_name(kind), from ? " from then on" : "",
	    nth, fault->call);
	if ((e = door_try_open(door_pass, 0)) != SQ_OK)
		fail_msg("%s: does not open: %s", fault_where, door_why.text);
	c->hold(said);
	if ((e = c->op(&door_why)) != SQ_OK)
		fail_msg("%s: cannot be done again: %s", fault_where,
		    door_why.text);
	c->hold(SQ_OK);
	door_close();
}

/* Every kind at every call. */
DOOR void
fault_everywhere(const struct fault_case *c)
{
	const char *s = getenv("FAULT_SEED");
	unsigned long seed = s == NULL ? 1 : strtoul(s, NULL, 10);
	unsigned runs = 0, hits = 0;
	long calls, step;

	if (fault == NULL)
		fault_new();
	if (fault_answer == NULL)
		fault_answer = mmap(NULL, sizeof(*fault_answer), PROT_READ |
		    PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	c->prepare();
	fault_copy(false);
	assert_int_equal(fault_child(c, FAULT_COUNT, 0, false), SQ_OK);
	calls = fault->seen;
	step = getenv("FAULT_ALL") != NULL ? 1 : calls / FAULT_SOME + 1;
	/* the last kind of all: a disk that stays full, or bad */
	for (int k = FAULT_EIO; k < FAULT_KINDS + 2; k++) {
		bool from = k >= FAULT_KINDS;
		enum fault_kind kind = !from ? (enum fault_kind)k :
		    k == FAULT_KINDS ? FAULT_ENOSPC : FAULT_EIO;
		long first = 1 + (long)(seed + (unsigned)k) % step;

		for (long nth = first; nth <= calls + 2; nth += step) {
			fault_once(c, kind, nth, from);
			runs++;
			hits += fault->hit;
		}
	}
	(void)snprintf(fault_where, sizeof(fault_where), "%s.keep", door_dir);
	door_remove(fault_where);
	print_message("%s: %ld calls, %u runs, %u of them hit\n", c->name,
	    calls, runs, hits);
	assert_true(hits * 10 > runs * 8);
}

#endif
