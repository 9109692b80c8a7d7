#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/out.h"

/* Does the path stay where it begins? */
static bool
stays(const char *path)
{
	size_t n;

	for (const char *p = path; *p != '\0'; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 2 && p[0] == '.' && p[1] == '.')
			return false;
	}
	return true;
}

/* see out.h */
enum sq_err
out_check(struct cli *c, const char *path)
{
	if (c->around == NULL || !c->around(path == NULL ? "." : path))
		return SQ_OK;
	return err_why(&c->why, SQ_EREFUSED, "%s lies in the folder of a "
	    "vault, where nothing is written out: what is there is sealed; "
	    "name a folder elsewhere", path == NULL ? "this folder" : path);
}

/* see out.h */
enum sq_err
out_path(struct cli *c, const char *path, char **ret)
{
	enum sq_err e;

	*ret = NULL;
	if (!c->shell && (e = out_check(c, path)) != SQ_OK)
		return e;
	return out_vault(c, path, ret);
}

/* see out.h */
enum sq_err
out_vault(struct cli *c, const char *path, char **ret)
{
	enum sq_err e;
	size_t n;

	*ret = NULL;
	if (!c->shell) {
		e = out_also(c, path == NULL ? "." : path);
		if (e == SQ_OK && path != NULL &&
		    (*ret = strdup(path)) == NULL)
			e = SQ_ENOMEM;
		return e;
	}
	if (c->out == NULL)
		return err_why(&c->why, SQ_EREFUSED, "this shell writes "
		    "nothing out; start it with --out DIR");
	if (path == NULL) {
		*ret = strdup(c->out);
		return *ret == NULL ? SQ_ENOMEM : SQ_OK;
	}
	n = strlen(c->out);
	while (n > 1 && c->out[n - 1] == '/')
		n--;
	if (!stays(path) || (path[0] == '/' &&
	    (strncmp(path, c->out, n) != 0 || path[n] != '/')))
		return err_why(&c->why, SQ_EREFUSED, "this shell writes only "
		    "below %s, not to %s", c->out, path);
	if (path[0] == '/')
		*ret = strdup(path);
	else if (asprintf(ret, "%.*s/%s", (int)n, c->out, path) < 0)
		*ret = NULL;
	return *ret == NULL ? SQ_ENOMEM : SQ_OK;
}

/* see out.h */
enum sq_err
out_also(struct cli *c, const char *path)
{
	char **more = reallocarray(c->writes, c->n_writes + 1, sizeof(*more));

	if (more == NULL)
		return SQ_ENOMEM;
	c->writes = more;
	if ((more[c->n_writes] = strdup(path)) == NULL)
		return SQ_ENOMEM;
	c->n_writes++;
	return SQ_OK;
}

/* see out.h */
void
out_shut(struct cli *c, const char *vault)
{
	if (c->shut || (vault != NULL && out_also(c, vault) != SQ_OK))
		return;
	c->shut = true;
	c->close((const char *const *)(void *)c->writes, c->n_writes,
	    &c->held);
}

/* see out.h */
void
out_free(struct cli *c)
{
	for (size_t i = 0; i < c->n_writes; i++)
		free(c->writes[i]);
	free(c->writes);
	c->writes = NULL;
	c->n_writes = 0;
}
