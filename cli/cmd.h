/*
 * A command is a row and a file: the row says its name, words, options and
 * needs, and makes the help; the file is one intention turned into one call of
 * the vault.
 */
#ifndef SQ_CLI_CMD_H
#define SQ_CLI_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/opts.h"
#include "crypto/err.h"
#include "vault/record/model.h"
#include "vault/sandbox.h"

struct cli;
struct vault;
struct viewer;

#define CMD_VERSION	"0.1"

#define CMD_READ	0x01u	/* changes nothing in the vault */
#define CMD_WRITE	0x02u	/* changes the vault */
#define CMD_ALONE	0x04u	/* not a command of the shell */
#define CMD_ANY		(-1)	/* any number of arguments */

struct cmd {
	const char *name;	/* "add", "case new" */
	enum sq_err (*fn)(struct cli *c, const struct opts *o);
	const char *words;	/* what follows the name, for the help */
	const char *help;	/* one line */
	const struct opts_def *opts;
	int min, max;		/* arguments */
	unsigned needs;
};

/* What a run of the program knows. */
struct cli {
	const char *prog;
	const struct cmd *table;	/* ends with a NULL name */
	const struct cmd *cmd;		/* the one that runs */
	const char *vault_path;		/* --vault, or NULL */
	const char *pass_file;		/* --passphrase-file, or NULL */
	int pass_fd;			/* --passphrase-fd, or -1 */
	bool pass_used;			/* the descriptor was read */
	bool read_only;
	bool rebuild;		/* the next opening makes indexes anew */
	bool stale;			/* older than its own record */
	bool shell;			/* inside the shell */
	const char *out;		/* shell: write only below this */
	unsigned idle;			/* shell: seconds before it locks */
	bool told;			/* the failure was printed already */
	struct vault *vault;		/* open, or NULL */
	struct viewer *viewer;		/* what starts viewers, or NULL */
	/* what the user named to write to, said to out.h before the vault is
	 * opened; nothing else can be written after that */
	char **writes;
	size_t n_writes;
	bool shut;			/* the sandbox is closed */
	struct sandbox held;		/* what it holds */
	void (*now)(char out[MODEL_TIME_MAX]);
	/* does a path lie in the folder of a vault?  NULL: nobody asks */
	bool (*around)(const char *path);
	/* close the sandbox */
	void (*close)(const char *const *path, size_t n, struct sandbox *ret);
	struct why why;
};

/* The options of the commands, in the files of the commands. */
extern const struct opts_def cmd_init_opts[], cmd_add_opts[], cmd_edit_opts[],
    cmd_show_opts[], cmd_list_opts[], cmd_search_opts[], cmd_reference_opts[],
    cmd_recipient_opts[], cmd_consent_opts[], cmd_key_opts[],
    cmd_export_opts[], cmd_verify_opts[], cmd_verify_open_opts[],
    cmd_seal_opts[], cmd_seal_unseal_opts[], cmd_slot_opts[],
    cmd_slot_add_opts[],
    cmd_recovery_opts[], cmd_recovery_test_opts[], cmd_accept_opts[],
    cmd_shell_opts[], cmd_attach_opts[], cmd_cat_opts[], cmd_extract_opts[],
    cmd_check_opts[], cmd_import_opts[], cmd_stamp_opts[],
    cmd_stamp_import_opts[], cmd_log_seen_opts[];
extern const struct opts_def cmd_erase_opts[], cmd_disclose_opts[];
extern const struct opts_def cmd_rotate_opts[];
extern const struct opts_def cmd_backup_opts[], cmd_restore_opts[],
    cmd_trustees_split_opts[], cmd_trustees_join_opts[], cmd_travel_opts[],
    cmd_rekey_opts[];

/* what is said about people */
extern const struct opts_def cmd_timeline_opts[], cmd_same_opts[],
    cmd_dup_opts[];

/**
 * cmd_init(c, o) and its kin: one command each: ${o} is what was typed after
 * its name.  The answer goes to ui.h, the words of a failure to c->why.
 */
enum sq_err cmd_init(struct cli *c, const struct opts *o);
enum sq_err cmd_status(struct cli *c, const struct opts *o);
enum sq_err cmd_types(struct cli *c, const struct opts *o);
enum sq_err cmd_add(struct cli *c, const struct opts *o);
enum sq_err cmd_edit(struct cli *c, const struct opts *o);
enum sq_err cmd_show(struct cli *c, const struct opts *o);
enum sq_err cmd_list(struct cli *c, const struct opts *o);
enum sq_err cmd_history(struct cli *c, const struct opts *o);
enum sq_err cmd_search(struct cli *c, const struct opts *o);
enum sq_err cmd_timeline(struct cli *c, const struct opts *o);
enum sq_err cmd_accounts(struct cli *c, const struct opts *o);
enum sq_err cmd_same(struct cli *c, const struct opts *o);
enum sq_err cmd_dup(struct cli *c, const struct opts *o);
enum sq_err cmd_intake(struct cli *c, const struct opts *o);
enum sq_err cmd_case_new(struct cli *c, const struct opts *o);
enum sq_err cmd_case_add(struct cli *c, const struct opts *o);
enum sq_err cmd_case_remove(struct cli *c, const struct opts *o);
enum sq_err cmd_case_show(struct cli *c, const struct opts *o);
enum sq_err cmd_reference(struct cli *c, const struct opts *o);
enum sq_err cmd_attach(struct cli *c, const struct opts *o);
enum sq_err cmd_cat(struct cli *c, const struct opts *o);
enum sq_err cmd_play(struct cli *c, const struct opts *o);
enum sq_err cmd_extract(struct cli *c, const struct opts *o);
enum sq_err cmd_check(struct cli *c, const struct opts *o);
enum sq_err cmd_custody(struct cli *c, const struct opts *o);
enum sq_err cmd_erase(struct cli *c, const struct opts *o);
enum sq_err cmd_setting(struct cli *c, const struct opts *o);
enum sq_err cmd_consent(struct cli *c, const struct opts *o);
enum sq_err cmd_consent_recall(struct cli *c, const struct opts *o);
enum sq_err cmd_consent_show(struct cli *c, const struct opts *o);
enum sq_err cmd_recipient_add(struct cli *c, const struct opts *o);
enum sq_err cmd_recipient_list(struct cli *c, const struct opts *o);
enum sq_err cmd_key_new(struct cli *c, const struct opts *o);
enum sq_err cmd_key_public(struct cli *c, const struct opts *o);
enum sq_err cmd_key_card(struct cli *c, const struct opts *o);
enum sq_err cmd_disclose(struct cli *c, const struct opts *o);
enum sq_err cmd_export(struct cli *c, const struct opts *o);
enum sq_err cmd_import(struct cli *c, const struct opts *o);
enum sq_err cmd_verify(struct cli *c, const struct opts *o);
enum sq_err cmd_verify_open(struct cli *c, const struct opts *o);
enum sq_err cmd_seal(struct cli *c, const struct opts *o);
enum sq_err cmd_seal_unseal(struct cli *c, const struct opts *o);
enum sq_err cmd_slot_list(struct cli *c, const struct opts *o);
enum sq_err cmd_slot_add(struct cli *c, const struct opts *o);
enum sq_err cmd_slot_change(struct cli *c, const struct opts *o);
enum sq_err cmd_slot_remove(struct cli *c, const struct opts *o);
enum sq_err cmd_recovery_new(struct cli *c, const struct opts *o);
enum sq_err cmd_recovery_test(struct cli *c, const struct opts *o);
enum sq_err cmd_log_head(struct cli *c, const struct opts *o);
enum sq_err cmd_log_list(struct cli *c, const struct opts *o);
enum sq_err cmd_log_proof(struct cli *c, const struct opts *o);
enum sq_err cmd_log_consistency(struct cli *c, const struct opts *o);
enum sq_err cmd_rotate(struct cli *c, const struct opts *o);
enum sq_err cmd_rotate_key(struct cli *c, const struct opts *o);
enum sq_err cmd_log_seen(struct cli *c, const struct opts *o);
enum sq_err cmd_log_receipt(struct cli *c, const struct opts *o);
enum sq_err cmd_stamp_request(struct cli *c, const struct opts *o);
enum sq_err cmd_stamp_import(struct cli *c, const struct opts *o);
enum sq_err cmd_backup(struct cli *c, const struct opts *o);
enum sq_err cmd_trustees_split(struct cli *c, const struct opts *o);
enum sq_err cmd_trustees_test(struct cli *c, const struct opts *o);
enum sq_err cmd_trustees_join(struct cli *c, const struct opts *o);
enum sq_err cmd_travel(struct cli *c, const struct opts *o);
enum sq_err cmd_rekey(struct cli *c, const struct opts *o);
enum sq_err cmd_restore(struct cli *c, const struct opts *o);
enum sq_err cmd_accept(struct cli *c, const struct opts *o);
enum sq_err cmd_shell(struct cli *c, const struct opts *o);

#endif
