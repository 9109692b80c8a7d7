#include "vault/bundle/qr.h"

#define QUIET 4			/* modules of white around the code */

/* see qr.h */
enum sq_err
qr_svg_of(const char *path, size_t n, unsigned side,
    const struct qr_place *at, struct bytes_buf *out)
{
	unsigned all = side + 2 * QUIET;

	bytes_putf(out, "<svg x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" "
	    "viewBox=\"-%d -%d %u %u\" shape-rendering=\"crispEdges\">"
	    "<rect x=\"-%d\" y=\"-%d\" width=\"%u\" height=\"%u\" "
	    "fill=\"#fff\"/><path d=\"", at->x, at->y, at->size, at->size,
	    QUIET, QUIET, all, all, QUIET, QUIET, all, all);
	bytes_put(out, path, n);
	bytes_puts(out, "\"/></svg>\n");
	return bytes_done(out);
}
