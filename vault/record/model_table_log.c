/*
 * The table, third part: what the vault keeps about its own log.  All of it is
 * made by commands and never by hand; what a recipient needs of it goes into
 * bundles as proofs, not as records, hence the team's tier.
 */
#include "vault/record/model_table.h"

/*
 * Made by stamp: a request, then one more for each answer, which repeats the
 * request and has it among its parents.
 */
const struct model_field model_table_stamp[] = {
	TERM("state", "Asked for, or stamped", TEAM, REQ | TITLE | AUTO,
	    stamp),
	REF("about", "The bundle whose statement it is", TEAM, LIST | AUTO,
	    "B"),
	OTHER("log_size", "Size of the log", MODEL_INT, TEAM, AUTO),
	OTHER("log_root", "Root of the log", MODEL_HASH, TEAM, AUTO),
	OTHER("sha256", "SHA-256 of what is stamped", MODEL_HASH, TEAM,
	    REQ | AUTO),
	OTHER("note", "The checkpoint that is stamped", MODEL_BYTES, TEAM,
	    AUTO),
	OTHER("request", "Request", MODEL_BYTES, TEAM, AUTO),
	OTHER("token", "Answer of the authority", MODEL_BYTES, TEAM, AUTO),
	OTHER("chain", "Certificates above it", MODEL_BYTES, TEAM, AUTO),
	OTHER("time", "Stamped at", MODEL_TIME, TEAM, AUTO),
	LINE("authority", "Authority", TEAM, AUTO),
	END
};

/* A checkpoint that somebody else saw, and signed as well. */
const struct model_field model_table_receipt[] = {
	LINE("cosigner", "Key of who saw it", TEAM, REQ | TITLE | AUTO),
	REF("about", "Recipient", TEAM, LIST | AUTO, "R"),
	OTHER("log_size", "Size of the log", MODEL_INT, TEAM, REQ | AUTO),
	OTHER("log_root", "Root of the log", MODEL_HASH, TEAM, REQ | AUTO),
	OTHER("note", "The checkpoint with both signatures", MODEL_BYTES,
	    TEAM, REQ | AUTO),
	OTHER("time", "Seen at, as they claim", MODEL_TIME, TEAM, AUTO),
	END
};

const struct model_field model_table_key[] = {
	LINE("key_note", "Verifier key of the log from here on", TEAM,
	    REQ | TITLE | AUTO),
	OTHER("epoch", "Epoch", MODEL_INT, TEAM, REQ | AUTO),
	OTHER("compromised_since", "The old keys count only before",
	    MODEL_TIME, TEAM, AUTO),
	OTHER("note", "The statement that vouches for the keys", MODEL_BYTES,
	    TEAM, REQ | AUTO),
	END
};
