#include "crypto/secret.h"
#include "vault/bundle/verify.h"
#include "vault/fsio.h"

#define PASS_MAX 1024		/* bytes */

/* see verify.h */
enum sq_err
verify_read_pass(const char *path, int fd, struct secret **ret,
    struct why *why)
{
	struct secret *s = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = secret_new(PASS_MAX, &s)) != SQ_OK)
		return e;
	if (path != NULL)
		e = fsio_path_line(path, PASS_MAX, secret_bytes(s), &n, why);
	else
		e = fsio_fd_line(fd, PASS_MAX, secret_bytes(s), &n, why);
	if (e == SQ_ELIMIT)
		e = err_why(why, SQ_EREFUSED, "the passphrase is longer than "
		    "%d bytes", PASS_MAX);
	else if (e == SQ_OK && n == 0)
		e = err_why(why, SQ_EUSAGE, "the passphrase is empty");
	if (e != SQ_OK) {
		secret_free(s);
		return e;
	}
	secret_shorten(s, n);
	*ret = s;
	return SQ_OK;
}
