#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

#define PIPE_BYTES (1 << 20)

enum { OFFSET, LENGTH };

const struct opts_def cmd_cat_opts[] = {
	{ "offset", 0, OPTS_TEXT, "N", "begin at this byte (0)" },
	{ "length", 0, OPTS_TEXT, "N", "so many bytes (to the end)" },
	OPTS_END
};

static enum sq_err
put(void *arg, const uint8_t *p, size_t n)
{
	bool *gone = arg;
	enum sq_err e = ui_bytes(p, n);

	*gone = e == SQ_EREFUSED;
	return e;
}

/* see cmd.h */
enum sq_err
cmd_cat(struct cli *c, const struct opts *o)
{
	uint64_t offset = 0, length = UINT64_MAX;
	bool gone = false;
	enum sq_err e;

	if ((e = opts_num(cmd_cat_opts, o, OFFSET, 0, INT64_MAX, &offset,
	    &c->why)) != SQ_OK || (e = opts_num(cmd_cat_opts, o, LENGTH, 0,
	    INT64_MAX, &length, &c->why)) != SQ_OK)
		return e;
	if (isatty(STDOUT_FILENO) == 1)
		return err_why(&c->why, SQ_EREFUSED, "what a file holds is "
		    "not written to a terminal; send it to a program: sandyq "
		    "cat %s | mpv -", o->arg[0]);
	if ((e = session_open(c)) != SQ_OK)
		return e;
	/* recorded first: what left unrecorded could not be told */
	if ((e = session_viewed(c, o->arg[0], NULL, true)) != SQ_OK)
		return e;
	/* wake the reader for a MiB, not for 64 KiB; refused is no matter */
	(void)fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_BYTES);
	e = vault_cat(c->vault, o->arg[0], offset, length, put, &gone,
	    &c->why);
	/* a reader that has seen enough is no mishap to speak of */
	c->told = gone && !c->shell;
	if (gone)
		return err_why(&c->why, SQ_EIO, "the reader of the output has "
		    "gone");
	if (e == SQ_EIO && c->why.text[0] == '\0')
		return err_why(&c->why, e, "the output could not be written");
	return e;
}
