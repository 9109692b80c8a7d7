#include <errno.h>

#include <qrencode.h>

#include "crypto/secret.h"
#include "vault/bundle/qr.h"

#define QUIET 4			/* modules of white around the code */

/* Encode; the caller frees with done. */
static enum sq_err
make(const void *p, size_t n, QRcode **ret)
{
	if (n == 0 || n > QR_MAX)
		return SQ_ELIMIT;
	*ret = QRcode_encodeData((int)n, p, 0, QR_ECLEVEL_M);
	if (*ret != NULL)
		return SQ_OK;
	return errno == ERANGE ? SQ_ELIMIT : errno == ENOMEM ? SQ_ENOMEM :
	    SQ_EINTERNAL;
}

static void
done(QRcode *c)
{
	secret_wipe(c->data, (size_t)c->width * (size_t)c->width);
	QRcode_free(c);
}

/* Is the module dark?  What lies outside is light. */
static bool
dark(const QRcode *c, int x, int y)
{
	return x >= 0 && y >= 0 && x < c->width && y < c->width &&
	    (c->data[y * c->width + x] & 1) != 0;
}

/* The dark runs of one row, each as a rectangle. */
static void
put_row(const QRcode *c, int y, struct bytes_buf *out)
{
	int n;

	for (int x = 0; x < c->width; x += n + 1) {
		for (n = 0; dark(c, x + n, y);)
			n++;
		if (n > 0)
			bytes_putf(out, "M%d %dh%dv1h-%dz", x, y, n, n);
	}
}

/* see qr.h */
enum sq_err
qr_path(const void *p, size_t n, unsigned *ret_side, struct bytes_buf *out)
{
	QRcode *c;
	enum sq_err e;

	if ((e = make(p, n, &c)) != SQ_OK)
		return e;
	for (int y = 0; y < c->width; y++)
		put_row(c, y, out);
	*ret_side = (unsigned)c->width;
	done(c);
	return bytes_done(out);
}

/* see qr.h */
enum sq_err
qr_svg(const void *p, size_t n, unsigned x, unsigned y, unsigned size,
    struct bytes_buf *out)
{
	const struct qr_place at = { x, y, size };
	struct bytes_buf path = { 0 };
	unsigned side;
	enum sq_err e;

	if ((e = qr_path(p, n, &side, &path)) == SQ_OK)
		e = qr_svg_of((const char *)path.p, path.len, side, &at, out);
	bytes_free(&path);
	return e;
}

/* see qr.h */
enum sq_err
qr_text(const void *p, size_t n, struct bytes_buf *out)
{
	/* neither, upper, lower, both: space and the half and full blocks */
	static const char *const block[] = { " ", "\xE2\x96\x80",
	    "\xE2\x96\x84", "\xE2\x96\x88" };
	QRcode *c;
	enum sq_err e;

	if ((e = make(p, n, &c)) != SQ_OK)
		return e;
	for (int y = -QUIET; y < c->width + QUIET; y += 2) {
		for (int x = -QUIET; x < c->width + QUIET; x++)
			bytes_puts(out, block[dark(c, x, y) +
			    2 * dark(c, x, y + 1)]);
		bytes_puts(out, "\n");
	}
	done(c);
	return bytes_done(out);
}
