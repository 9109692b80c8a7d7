/*
 * Faults on purpose: every call of this process that changes a file passes
 * here, is counted, and the nth of them fails or kills.  Two ways to use it.
 *
 * In a unit test: call the test test_fault_NAME.c, which links fault.o, and
 *	fault_new();			once
 *	fork a child that does
 *		fault_arm(kind, nth, from); the operation; fault_disarm();
 *	and read fault->seen, fault->hit and fault->call afterwards.
 * See fault_help.h in tests/unit/, which does this for any operation on a
 * vault, call by call and kind by kind.
 *
 * In a script, over the real program: LD_PRELOAD=$B/fault.so with
 *	FAULT=KIND,NTH		eio, enospc, eintr, short, kill or count; NTH+:
 *				that call and all that follow
 *	FAULT_OUT=FILE		gets «hit N CALL» when it happens, and at the
 *				end «calls N»; for count «counted N CALL» at
 *				each; of a sync CALL tells the file
 *	FAULT_ONLY=WORD		only calls with it in their name count: how
 *				many writes there are differs from run to run
 * Only a program named sandyq is disturbed, not what it starts.
 *
 * Counted are open for writing or creating, write, ftruncate, fallocate,
 * fsync, rename, link, unlink, mkdir and rmdir in all their spellings, on
 * regular files and folders.  System calls are made directly.
 */
#ifndef SQ_TESTS_FAULT_H
#define SQ_TESTS_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>

enum fault_kind {
	FAULT_COUNT,		/* only count */
	FAULT_EIO,
	FAULT_ENOSPC,
	FAULT_EINTR,
	FAULT_SHORT,		/* a write takes half; other calls pass */
	FAULT_KILL,		/* after half a write, before any other call */
	FAULT_KINDS
};

struct fault {
	atomic_bool armed;
	enum fault_kind kind;
	bool from;		/* also every call after the nth */
	long nth;		/* from 1 */
	atomic_long seen;
	atomic_bool hit;
	char call[64];		/* the one that was hit */
};

/* Shared with children; NULL before fault_new. */
extern struct fault *fault;

/** fault_new(): map it, not armed. */
void fault_new(void);

/** fault_arm(kind, nth, from): from now on. */
void fault_arm(enum fault_kind kind, long nth, bool from);

/** fault_disarm(): all calls pass again; the counts stay. */
void fault_disarm(void);

/** fault_name(kind): "EIO" ... */
const char *fault_name(enum fault_kind kind);

#endif
