#include "crypto/tsp.h"
#include "vault/bundle/roots.h"
#include "vault/fsio.h"

/* Debian and its kin, Fedora and its kin, the BSDs and macOS. */
static const char *const place[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/cert.pem"
};

/* see roots.h */
enum sq_err
roots_read(const char *path, struct bytes_buf *out, bool *ret_system,
    struct why *why)
{
	*ret_system = false;
	if (path != NULL)
		return fsio_path_read(path, TSP_MAX, out, why);
	for (size_t i = 0; i < sizeof(place) / sizeof(place[0]); i++)
		if (fsio_path_read(place[i], TSP_MAX, out, NULL) == SQ_OK &&
		    out->len > 0) {
			*ret_system = true;
			break;
		}
	return bytes_done(out);
}
