/*
 * sandyq-verify: the recipient's program.  The verify and open commands of
 * sandyq, with no vault, no database and little code behind them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/ui.h"
#include "crypto/secret.h"

#define PROG "sandyq-verify"

static const struct cmd table[] = {
	{ "verify", cmd_verify, "BUNDLE|DIR [-i IDENTITY] [--trust CARD]",
	    "check a bundle (the word verify may be left out)",
	    cmd_verify_opts, 1, 1, 0 },
	{ "open", cmd_verify_open, "BUNDLE -i IDENTITY -o DIR",
	    "check a bundle and write its content out",
	    cmd_verify_open_opts, 1, 1, 0 },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, 0 }
};

static const char usage[] =
    "usage: sandyq-verify [--json] [--quiet] COMMAND ...\n"
    "       sandyq-verify [--json] [--quiet] BUNDLE ...\n";

/* The device's clock; it is stated as nothing else. */
static void
now(char out[MODEL_TIME_MAX])
{
	time_t t = time(NULL);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, MODEL_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}

/* It starts no other program. */
static void
shut(const char *const *path, size_t n, struct sandbox *ret)
{
	sandbox_close(path, n, NULL, ret);
}

static struct cli cli = { .prog = PROG, .table = table, .pass_fd = -1,
    .now = now, .close = shut };

/* What is shown here must not reach the disk or another process. */
static void
harden(void)
{
	struct rlimit none = { 0, 0 };

	(void)umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Run "verify" when no command is named. */
static enum sq_err
implied(int argc, char **argv)
{
	static char word[] = "verify";
	char **list = calloc((size_t)argc + 2, sizeof(*list));
	enum sq_err e;

	if (list == NULL)
		return SQ_ENOMEM;
	list[0] = word;
	for (int i = 0; i < argc; i++)
		list[i + 1] = argv[i];
	e = dispatch_run(&cli, argc + 1, list);
	free(list);
	return e;
}

static enum sq_err
run(int argc, char **argv)
{
	bool json = false, quiet = false;

	for (; argc > 0; argc--, argv++) {
		if (strcmp(argv[0], "--json") == 0)
			json = true;
		else if (strcmp(argv[0], "--quiet") == 0 ||
		    strcmp(argv[0], "-q") == 0)
			quiet = true;
		else
			break;
	}
	ui_mode(json, quiet);
	if (argc == 0)
		return dispatch_usage(&cli, "a bundle is missing");
	if (strcmp(argv[0], "--version") == 0) {
		ui_line(PROG " " CMD_VERSION);
		return SQ_OK;
	}
	if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0 ||
	    (strcmp(argv[0], "help") == 0 && argc == 1)) {
		dispatch_help(&cli, usage);
		return SQ_OK;
	}
	if (strcmp(argv[0], "verify") == 0 || strcmp(argv[0], "open") == 0 ||
	    strcmp(argv[0], "help") == 0)
		return dispatch_run(&cli, argc, argv);
	return implied(argc, argv);
}

int
main(int argc, char **argv)
{
	enum sq_err e;
	int code = 0;

	harden();
	ui_init(PROG);
	if ((e = secret_init()) == SQ_OK)
		e = run(argc - 1, argv + (argc > 0));
	if (e != SQ_OK)
		code = dispatch_fail(&cli, e);
	cli.why.text[0] = '\0';
	if ((e = ui_close(&cli.why)) != SQ_OK && code == 0)
		code = dispatch_fail(&cli, e);
	exit(code);
}
