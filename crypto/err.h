/*
 * Errors: the one vocabulary of failure, from the lowest layer to the exit
 * code.  Every function that can fail returns an enum sq_err; the words that
 * say what, where and what to do next travel beside it in a struct why.
 */
#ifndef SQ_CRYPTO_ERR_H
#define SQ_CRYPTO_ERR_H

enum sq_err {
	SQ_OK = 0,
	SQ_ENOMEM,	/* out of memory, or memory could not be locked */
	SQ_EUSAGE,	/* the caller's words are off; nothing was tried */
	SQ_EREFUSED,	/* a value or a wish was refused; nothing changed */
	SQ_ENOENT,	/* no such record, file or key */
	SQ_EEXIST,	/* it is there already; nothing was overwritten */
	SQ_EPASS,	/* passphrase (or identity) opens nothing here */
	SQ_EFORMAT,	/* the bytes are not of the format */
	SQ_EAUTH,	/* a signature, tag, hash or proof does not hold */
	SQ_ELIMIT,	/* larger than the format allows; nothing allocated */
	SQ_EUNSUPPORTED,/* well formed, but not known to this build */
	SQ_EDAMAGE,	/* the vault itself is damaged or was altered */
	SQ_EROLLBACK,	/* the vault is older than its own record says */
	SQ_EBUSY,	/* another process holds the vault */
	SQ_EREADONLY,	/* opened read-only, or on a read-only medium */
	SQ_ENOSPC,	/* disk full or quota reached */
	SQ_EIO,		/* the operating system failed a call */
	SQ_EUNSURE,	/* done, but durability could not be confirmed */
	SQ_ECANNOT,	/* a required check could not be run */
	SQ_EINTERNAL	/* a bug: an invariant of our own does not hold */
};

/* Room for one or two sentences of detail; always NUL-terminated. */
struct why {
	char text[768];
};

/**
 * err_str(e):
 * Return one lower-case sentence, without a full stop, for ${e}.  Static.
 */
const char *err_str(enum sq_err e);

/**
 * err_why(why, e, fmt, ...):
 * Write the formatted detail to ${why} (may be NULL: then nothing) and return
 * ${e}, so that a failure is one line: return err_why(why, SQ_EIO, "...").
 * The text says what, where and what to do; it may hold hostile bytes (file
 * names), which the terminal layer escapes.
 */
enum sq_err err_why(struct why *why, enum sq_err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * err_more(why, e, fmt, ...):
 * As err_why, but put the formatted text before what ${why} already says,
 * separated by ": ", so that a caller can add where it happened.
 */
enum sq_err err_more(struct why *why, enum sq_err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * err_no_memory():
 * End the program at once, with exit code 1.  For the few functions whose
 * answer cannot tell a lack of memory from what is not there: a consent or an
 * object that is taken for absent is worse than an end, which is safe at any
 * moment.
 */
_Noreturn void err_no_memory(void);

/** err_on_no_memory(say): what says so before that; for main alone. */
void err_on_no_memory(void (*say)(void));

/**
 * err_exit(e):
 * Return the exit code of sandyq(1) for ${e}: 0 done, 1 refused or failed, 2 a
 * required check could not run, 3 usage, 4 passphrase, 5 damage.
 */
int err_exit(enum sq_err e);

#endif
