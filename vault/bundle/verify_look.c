#include <string.h>

#include "vault/bundle/verify.h"
#include "vault/fsio.h"

static const char binary[] = "age-encryption.org/v1\n";
static const char armor[] = "-----BEGIN AGE ENCRYPTED FILE-----";

/* see verify.h */
enum sq_err
verify_look(const char *path, bool *ret_bundle, struct why *why)
{
	struct fsio_in *in = NULL;
	uint8_t head[64];
	size_t n = 0, got = 1;
	enum sq_err e;

	*ret_bundle = strcmp(path, "-") != 0 && fsio_path_is_dir(path);
	/* a pipe would be waited for, and what was looked at would be gone */
	if (*ret_bundle || strcmp(path, "-") == 0 || !fsio_path_is_file(path))
		return SQ_OK;
	if ((e = fsio_in_open(path, &in, why)) != SQ_OK)
		return e;
	while (n < sizeof(head) && got > 0 && e == SQ_OK) {
		e = fsio_in_read(in, head + n, sizeof(head) - n, &got);
		n += e == SQ_OK ? got : 0;
	}
	fsio_in_close(in);
	if (e != SQ_OK)
		return err_why(why, e, "%s could not be read", path);
	*ret_bundle = (n >= sizeof(binary) - 1 && memcmp(head, binary,
	    sizeof(binary) - 1) == 0) || (n >= sizeof(armor) - 1 &&
	    memcmp(head, armor, sizeof(armor) - 1) == 0);
	return SQ_OK;
}
