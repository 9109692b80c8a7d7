/*
 * STATE: two alternating records of 512 bytes that pin the newest state of the
 * database from outside it.  FORMAT.md section 5.
 */
#ifndef SQ_VAULT_STORE_STATE_H
#define SQ_VAULT_STORE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define STATE_LEN 512

struct state {
	uint64_t seq;
	uint64_t generation;	/* of the database */
	uint64_t log_size;
	uint8_t log_root[32];
	uint8_t heads[32];
	uint64_t objects;
	uint64_t bytes;
	uint64_t time;		/* Unix seconds, the device's claim */
	uint64_t header_generation;
	uint8_t header_mac[32];
};

/* Both copies as found; e[i] is SQ_OK where s[i] could be read. */
struct state_pair {
	struct state s[2];
	enum sq_err e[2];
};

/** state_seal(key, vault_id, copy, st, out): the 512 bytes of copy 0 or 1. */
enum sq_err state_seal(const struct secret *key, const uint8_t vault_id[16],
    unsigned copy, const struct state *st, uint8_t out[STATE_LEN]);

/**
 * state_open(key, vault_id, copy, in, ret):
 * SQ_EFORMAT (magic), SQ_EDAMAGE (checksum), SQ_EAUTH.
 */
enum sq_err state_open(const struct secret *key, const uint8_t vault_id[16],
    unsigned copy, const uint8_t in[STATE_LEN], struct state *ret);

/** state_whole(in): do magic and unkeyed checksum hold?  Needs no key. */
bool state_whole(const uint8_t in[STATE_LEN]);

/**
 * state_load(dirfd, key, vault_id, ret):
 * Read both copies; never fails as a whole.
 */
void state_load(int dirfd, const struct secret *key,
    const uint8_t vault_id[16], struct state_pair *ret);

/**
 * state_init(dirfd, key, vault_id, st, why):
 * Create both files: seq st->seq in copy 0, st->seq + 1 in copy 1; st->seq
 * becomes the latter.
 */
enum sq_err state_init(int dirfd, const struct secret *key,
    const uint8_t vault_id[16], struct state *st, struct why *why);

/**
 * state_pin(dirfd, key, vault_id, st, why):
 * Increase st->seq and write it over the older copy (seq even: copy 0, odd:
 * copy 1), in place, with fdatasync; a copy that is missing or no good file is
 * made anew.  ${st} is unchanged on failure.
 */
enum sq_err state_pin(int dirfd, const struct secret *key,
    const uint8_t vault_id[16], struct state *st, struct why *why);

/* What the pinned records say of the database (section 7, "At open"). */
enum state_verdict {
	STATE_GOOD,		/* the database is what was pinned */
	/* one newer, explained by a power cut: pin it */
	STATE_CUT,
	STATE_ROLLED_BACK,	/* one older than pinned, or unexplained */
	STATE_UNREADABLE	/* no copy can be read: nothing vouches */
};

/* What the database says of itself. */
struct state_found {
	uint64_t generation;
	uint64_t log_size;
	uint8_t log_root[32];
	/* root of the first n leaves, for "extends the pinned root" */
	enum sq_err (*root_at)(void *arg, uint64_t size, uint8_t out[32]);
	void *arg;
};

/**
 * state_judge(pair, found, ret_newest):
 * Decide, and copy the newest readable record to ${ret_newest} (zeroed when
 * there is none).  Pure.  On STATE_GOOD the caller still compares heads with
 * the ones that were pinned: they differ when an old page was put back.
 */
enum state_verdict state_judge(const struct state_pair *pair,
    const struct state_found *found, struct state *ret_newest);

#endif
