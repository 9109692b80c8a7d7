/*
 * sandyq: the command line over a vault.  The table below is the program: its
 * rows make the commands, the help, and what the manual page must hold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "crypto/secret.h"
#include "vault/vault.h"

#define PROG "sandyq"

static const struct cmd table[] = {
	{ "init", cmd_init, "[--label WHO] [--words N]",
	    "make a vault", cmd_init_opts, 0, 0, CMD_WRITE | CMD_ALONE },
	{ "status", cmd_status, "",
	    "what is there, and whether it is the newest", NULL, 0, 0,
	    CMD_READ },
	{ "types", cmd_types, "[TYPE]",
	    "the types of records; the fields of one", NULL, 0, 1, 0 },
	{ "add", cmd_add, "TYPE [FIELD=VALUE ...]",
	    "a new record; without fields they are asked for", cmd_add_opts,
	    1, CMD_ANY, CMD_WRITE },
	{ "edit", cmd_edit, "REF FIELD=VALUE ...",
	    "a new revision of a record", cmd_edit_opts, 1, CMD_ANY,
	    CMD_WRITE },
	{ "show", cmd_show, "REF",
	    "a record", cmd_show_opts, 1, 1, CMD_READ },
	{ "list", cmd_list, "[TYPE]",
	    "the records, newest first", cmd_list_opts, 0, 1, CMD_READ },
	{ "history", cmd_history, "REF",
	    "every entry about a record", NULL, 1, 1, CMD_READ },
	{ "timeline", cmd_timeline, "P|E [--same]",
	    "what is claimed of a person or event, by date",
	    cmd_timeline_opts, 1, 1, CMD_READ },
	{ "accounts", cmd_accounts, "P",
	    "all accounts of one witness", NULL, 1, 1, CMD_READ },
	{ "dup", cmd_dup, "[P] [--limit N]",
	    "who may be the same person, and why", cmd_dup_opts, 0, 1,
	    CMD_READ },
	{ "intake", cmd_intake, "",
	    "interview after interview, each one safe at every answer", NULL,
	    0, 0, CMD_WRITE },
	{ "same", cmd_same, "P P [--certainty HOW] [--reason TEXT]",
	    "say that two persons are the same; nothing is merged",
	    cmd_same_opts, 2, 2, CMD_WRITE },
	{ "search", cmd_search, "QUERY",
	    "full text and names, best first", cmd_search_opts, 1, CMD_ANY,
	    CMD_READ },
	{ "case new", cmd_case_new, "TITLE",
	    "a new case", NULL, 1, 1, CMD_WRITE },
	{ "case add", cmd_case_add, "C REF ...",
	    "put records into a case", NULL, 2, CMD_ANY, CMD_WRITE },
	{ "case remove", cmd_case_remove, "C REF ...",
	    "take records out of a case", NULL, 2, CMD_ANY, CMD_WRITE },
	{ "case show", cmd_case_show, "C",
	    "a case", NULL, 1, 1, CMD_READ },
	{ "attach", cmd_attach, "REF FILE ... [--move] [--dry-run]",
	    "seal files or folders into the vault", cmd_attach_opts, 2,
	    CMD_ANY, CMD_WRITE },
	{ "cat", cmd_cat, "REF [--offset N --length N]",
	    "the bytes of an attachment, to a program", cmd_cat_opts, 1, 1,
	    CMD_READ },
	{ "play", cmd_play, "REF",
	    "show an attachment, without a plain file", NULL, 1, 1,
	    CMD_READ },
	{ "extract", cmd_extract, "REF ... -o DIR",
	    "write attachments out as plain files", cmd_extract_opts, 1,
	    CMD_ANY, CMD_READ },
	{ "reference", cmd_reference, "REF --file F|--url U [FIELD=VALUE ...]",
	    "a media record of something kept elsewhere",
	    cmd_reference_opts, 1, CMD_ANY, CMD_WRITE },
	{ "custody", cmd_custody, "REF ACTION [FIELD=VALUE ...]",
	    "record who had it: received, handed-over ...", NULL, 1, CMD_ANY,
	    CMD_WRITE },
	{ "consent", cmd_consent, "REF scope=S decision=D [FIELD=VALUE ...]",
	    "append a decision about a record", cmd_consent_opts, 1, CMD_ANY,
	    CMD_WRITE },
	{ "consent recall", cmd_consent_recall, "N [-o DIR]",
	    "who holds it, and a recall notice for each", cmd_consent_opts, 1,
	    1, CMD_WRITE },
	{ "consent show", cmd_consent_show, "REF",
	    "the decisions about a record", NULL, 1, 1, CMD_READ },
	{ "recipient add", cmd_recipient_add, "NAME age1...|--passphrase",
	    "somebody to export to", cmd_recipient_opts, 1, 2, CMD_WRITE },
	{ "recipient list", cmd_recipient_list, "",
	    "everybody to export to", NULL, 0, 0, CMD_READ },
	{ "key new", cmd_key_new, "-o FILE",
	    "a key for a recipient (no vault needed)", cmd_key_opts, 0, 0, 0 },
	{ "key public", cmd_key_public, "FILE",
	    "the public half of a key", NULL, 1, 1, 0 },
	{ "key card", cmd_key_card, "[-o FILE]",
	    "this vault's key card", cmd_key_opts, 0, 0, CMD_READ },
	{ "key rotate", cmd_rotate, "--reason TEXT [--compromised-since TIME]",
	    "new keys for the vault, vouched for by the old", cmd_rotate_opts,
	    0, 0, CMD_WRITE },
	{ "export", cmd_export, "C|REF ... --to NAME [-o DIR]",
	    "a signed, sealed bundle", cmd_export_opts, 1, CMD_ANY,
	    CMD_WRITE },
	{ "disclose", cmd_disclose, "BUNDLE --field REF.FIELD ... --to NAME",
	    "open fields that a bundle withheld", cmd_disclose_opts, 1, 1,
	    CMD_WRITE },
	{ "import", cmd_import, "FILE [--type TYPE] [--dry-run]",
	    "take in a sheet, or a bundle of another vault",
	    cmd_import_opts, 1, 1, CMD_WRITE },
	{ "verify", cmd_verify, "BUNDLE|DIR [-i IDENTITY] [--trust CARD]",
	    "check a bundle (no vault needed)", cmd_verify_opts, 1, 1, 0 },
	{ "open", cmd_verify_open, "BUNDLE -i IDENTITY -o DIR",
	    "check a bundle and write its content out",
	    cmd_verify_open_opts, 1, 1, 0 },
	{ "seal", cmd_seal, "FILE --to age1... -o OUT",
	    "a plain age file (no vault needed)", cmd_seal_opts, 1, 1, 0 },
	{ "unseal", cmd_seal_unseal, "FILE -i IDENTITY -o OUT",
	    "open a plain age file", cmd_seal_unseal_opts, 1, 1, 0 },
	{ "slot list", cmd_slot_list, "",
	    "who can open the vault", NULL, 0, 0, CMD_READ },
	{ "slot add", cmd_slot_add, "[--label WHO]",
	    "a further passphrase", cmd_slot_add_opts, 0, 0, CMD_WRITE },
	{ "slot change", cmd_slot_change, "",
	    "another passphrase instead of this one", cmd_slot_opts, 0, 0,
	    CMD_WRITE },
	{ "slot remove", cmd_slot_remove, "N",
	    "take a passphrase away", NULL, 1, 1, CMD_WRITE },
	{ "recovery new", cmd_recovery_new, "[-o FILE]",
	    "a sheet of words for a forgotten passphrase",
	    cmd_recovery_opts, 0, 0, CMD_WRITE },
	{ "recovery test", cmd_recovery_test, "",
	    "rehearse the sheet", cmd_recovery_test_opts, 0, 0, CMD_WRITE },
	{ "recovery key", cmd_rotate_key, "-o FILE",
	    "the key that vouches after a theft, onto paper", cmd_key_opts,
	    0, 0, CMD_WRITE },
	{ "log head", cmd_log_head, "",
	    "the signed checkpoint", NULL, 0, 0, CMD_READ },
	{ "log list", cmd_log_list, "",
	    "every entry of the log", NULL, 0, 0, CMD_READ },
	{ "log proof", cmd_log_proof, "N",
	    "the proof that entry N is in the log", NULL, 1, 1, CMD_READ },
	{ "log consistency", cmd_log_consistency, "M",
	    "the proof that the log of size M is its beginning", NULL, 1, 1,
	    CMD_READ },
	{ "erase", cmd_erase, "REF [--field F] --reason TEXT",
	    "erase what a record says, by right of the witness",
	    cmd_erase_opts, 1, 1, CMD_WRITE },
	{ "setting", cmd_setting, "[NAME [VALUE]]",
	    "what the vault records by itself", NULL, 0, 2, CMD_READ },
	{ "check", cmd_check, "[--full] [--rebuild] [--repair --from B]",
	    "is everything there and unaltered?", cmd_check_opts, 0, 0,
	    CMD_READ },
	{ "log seen", cmd_log_seen, "FILE|--lost --reason TEXT",
	    "hold the log against a checkpoint that somebody has",
	    cmd_log_seen_opts, 0, 1, CMD_WRITE },
	{ "log receipt", cmd_log_receipt, "FILE",
	    "file the receipt of a recipient", NULL, 1, 1, CMD_WRITE },
	{ "stamp request", cmd_stamp_request, "[--bundle ID] -o F.tsq",
	    "a request to carry to a time-stamp authority", cmd_stamp_opts,
	    0, 0, CMD_WRITE },
	{ "stamp import", cmd_stamp_import, "F.tsr [--roots PEM]",
	    "file the answer of the authority", cmd_stamp_import_opts, 1, 1,
	    CMD_WRITE },
	{ "trustees split", cmd_trustees_split, "--need K --of N [-o DIR]",
	    "shares for people who open the vault together",
	    cmd_trustees_split_opts, 0, 0, CMD_WRITE },
	{ "trustees test", cmd_trustees_test, "[FILE ...]",
	    "rehearse the shares", NULL, 0, CMD_ANY, CMD_WRITE },
	{ "trustees join", cmd_trustees_join, "[FILE ...]",
	    "open the vault with shares, for a new passphrase",
	    cmd_trustees_join_opts, 0, CMD_ANY, CMD_WRITE | CMD_ALONE },
	{ "travel", cmd_travel, "--backup DIR",
	    "take every passphrase away before a journey", cmd_travel_opts,
	    0, 0, CMD_WRITE },
	{ "backup", cmd_backup, "DEST [--full] [--test]",
	    "copy the vault to a folder or stick, and verify it",
	    cmd_backup_opts, 1, 1, CMD_READ },
	{ "restore", cmd_restore, "SRC DEST [--damaged]",
	    "a new vault folder from a backup", cmd_restore_opts, 2, 2,
	    CMD_ALONE },
	{ "rekey", cmd_rekey, "NEW",
	    "a new vault under a new key, the same log", cmd_rekey_opts, 1, 1,
	    CMD_READ },
	{ "accept", cmd_accept, "--reason TEXT",
	    "take a vault that is older than its record as it is",
	    cmd_accept_opts, 0, 0, CMD_WRITE | CMD_ALONE },
	{ "shell", cmd_shell, "[--out DIR]",
	    "unlock once, then a command a line", cmd_shell_opts, 0, 0,
	    CMD_READ | CMD_ALONE },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }
};

static const char usage[] =
    "usage: sandyq [OPTIONS] COMMAND ...\n"
    "options:\n"
    "  --vault DIR             the vault ($SANDYQ_VAULT; the only *.sandyq "
    "here)\n"
    "  --passphrase-file F     its passphrase: the first line of F\n"
    "  --passphrase-fd N       the same, from descriptor N\n"
    "  --read-only             change nothing; show even a vault that is "
    "older\n"
    "                          than its own record (exit code 5)\n"
    "  --json                  answers as JSON\n"
    "  --quiet                 no notes\n"
    "  --version, --help\n";

static struct cli cli = { .prog = PROG, .table = table,
    .pass_fd = -1, .now = vault_now, .around = vault_around,
    .close = vault_shut };

/* The options before the command. */
enum { VAULT, PASSFILE, PASSFD, READONLY, JSON, QUIET, VERSION, HELP };

static const struct opts_def globals[] = {
	{ "vault", 0, OPTS_TEXT, "DIR", "" },
	{ "passphrase-file", 0, OPTS_TEXT, "F", "" },
	{ "passphrase-fd", 0, OPTS_TEXT, "N", "" },
	{ "read-only", 0, OPTS_FLAG, NULL, "" },
	{ "json", 0, OPTS_FLAG, NULL, "" },
	{ "quiet", 'q', OPTS_FLAG, NULL, "" },
	{ "version", 0, OPTS_FLAG, NULL, "" },
	{ "help", 'h', OPTS_FLAG, NULL, "" },
	OPTS_END
};

/* How many of the words are options of ours, with their values? */
static int
count(int argc, char **argv)
{
	int i = 0;

	while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0') {
		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		for (int k = VAULT; k <= PASSFD; k++)
			if (strncmp(argv[i], "--", 2) == 0 &&
			    strcmp(argv[i] + 2, globals[k].name) == 0) {
				i++;
				break;
			}
		i++;
	}
	return i < argc ? i : argc;
}

/* Read the options before the command; ${*ret_n} words are theirs. */
static enum sq_err
options(int argc, char **argv, int *ret_n, bool *ret_help)
{
	struct why why = { "" };
	struct opts o;
	uint64_t fd = 0;
	enum sq_err e;

	*ret_n = count(argc, argv);
	*ret_help = false;
	/* the form of an error must be known before there is one */
	for (int i = 0; i < *ret_n; i++)
		if (strcmp(argv[i], "--json") == 0)
			ui_mode(true, false);
	e = opts_parse(globals, *ret_n, argv, &o, &why);
	if (e == SQ_OK)
		ui_mode(o.value[JSON] != NULL, o.value[QUIET] != NULL);
	if (e == SQ_OK && o.value[PASSFILE] != NULL && o.value[PASSFD] != NULL)
		e = err_why(&why, SQ_EUSAGE, "give only one of "
		    "--passphrase-file and --passphrase-fd");
	if (e == SQ_OK)
		e = opts_num(globals, &o, PASSFD, 0, 1023, &fd, &why);
	if (e == SQ_OK) {
		cli.vault_path = o.value[VAULT];
		cli.pass_file = o.value[PASSFILE];
		cli.pass_fd = o.value[PASSFD] != NULL ? (int)fd : -1;
		cli.read_only = o.value[READONLY] != NULL;
		*ret_help = o.value[HELP] != NULL;
		if (o.value[VERSION] != NULL) {
			ui_line("sandyq " CMD_VERSION);
			*ret_n = -1;
		}
	} else if (e == SQ_EUSAGE)
		e = dispatch_usage(&cli, "%s", why.text);
	opts_free(&o);
	return e;
}

static enum sq_err
run(int argc, char **argv)
{
	enum sq_err e;
	bool help;
	int n;

	if ((e = options(argc, argv, &n, &help)) != SQ_OK || n < 0)
		return e;
	argc -= n;
	argv += n;
	if (help || (argc == 1 && strcmp(argv[0], "help") == 0)) {
		dispatch_help(&cli, usage);
		return SQ_OK;
	}
	if (argc == 0)
		return dispatch_usage(&cli, "a command is missing");
	return dispatch_run(&cli, argc, argv);
}

int
main(int argc, char **argv)
{
	enum sq_err e;
	int code = 0;

	ui_init(PROG);
	if ((e = vault_harden()) == SQ_OK && (e = secret_init()) == SQ_OK)
		e = run(argc - 1, argv + (argc > 0));
	session_end(&cli);
	if (e != SQ_OK)
		code = cli.told ? err_exit(e) : dispatch_fail(&cli, e);
	cli.why.text[0] = '\0';
	if ((e = ui_close(&cli.why)) != SQ_OK && code == 0)
		code = dispatch_fail(&cli, e);
	/* it worked, but on a vault from which something was taken away */
	if (cli.stale && code == 0)
		code = err_exit(SQ_EROLLBACK);
	secret_wipe_stack();
	exit(code);
}
