#include "cli/cmd_import.h"

/* see cmd_import.h */
enum sq_err
cmd_import_bundle(struct cli *c, const struct opts *o)
{
	return err_why(&c->why, SQ_EUSAGE, "%s is a bundle, and this version "
	    "does not merge bundles yet", o->arg[0]);
}
