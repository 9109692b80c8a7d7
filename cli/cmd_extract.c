#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { OUT };

const struct opts_def cmd_extract_opts[] = {
	{ "output", 'o', OPTS_TEXT, "DIR", "the folder to write to" },
	OPTS_END
};

/* The paths, in a list for JSON. */
static void
put(void *arg, const char *ref, const char *path)
{
	json_t *list = arg;

	if (list == NULL)
		ui_line("%s", path);
	else if (json_array_append_new(list, json_pack("{s:o,s:o}", "ref",
	    ui_str(ref), "path", ui_str(path))) != 0)
		ui_doc(NULL);
}

/* see cmd.h */
enum sq_err
cmd_extract(struct cli *c, const struct opts *o)
{
	json_t *list = NULL;
	char *dir = NULL;
	enum sq_err e;

	if (o->value[OUT] == NULL)
		return dispatch_usage(c, "-o DIR says where the files go");
	if ((e = out_path(c, o->value[OUT], &dir)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	ui_warn("this writes plain files, which anybody who gets at the disk "
	    "can read, also after they were deleted");
	if (ui_json())
		list = json_array();
	watch_begin();
	e = vault_extract(c->vault, o->arg, o->n, dir, watch_progress, put,
	    list, &c->why);
	watch_end();
	if (list != NULL && (e == SQ_OK || json_array_size(list) > 0))
		ui_doc(list);
	else
		json_decref(list);
out:
	free(dir);
	return e;
}
