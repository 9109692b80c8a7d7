/*
 * QR codes (ISO/IEC 18004) through libqrencode, for what is printed: key cards
 * and recovery sheets.  Pure: bytes in, text out.
 *
 * What is to stay secret: the library works in ordinary memory.  Its matrix is
 * wiped here, its other buffers it frees as they are, so a process that made
 * the code of a secret should not live long afterwards.
 */
#ifndef SQ_VAULT_BUNDLE_QR_H
#define SQ_VAULT_BUNDLE_QR_H

#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

#define QR_MAX 1024		/* bytes in one code: paper can hold it */

/**
 * qr_path(p, n, ret_side, out):
 * Append the dark modules of the code of ${n} bytes (1 to QR_MAX, taken as they
 * are, error correction M) as SVG path data in units of a module, without the
 * quiet zone: only the characters "Mhvz", digits, minus and space.
 * ${*ret_side}: modules a side.  SQ_ELIMIT, SQ_ENOMEM.
 */
enum sq_err qr_path(const void *p, size_t n, unsigned *ret_side,
    struct bytes_buf *out);

struct qr_place {		/* on a page, in its units */
	unsigned x, y, size;
};

/**
 * qr_svg_of(path, n, side, at, out):
 * Append one nested <svg> element with the ${n} bytes of path data that qr_path
 * made, on white, with its quiet zone of four modules.  Needs no library.
 */
enum sq_err qr_svg_of(const char *path, size_t n, unsigned side,
    const struct qr_place *at, struct bytes_buf *out);

/**
 * qr_svg(p, n, x, y, size, out):
 * Append one nested <svg> element with the code: at ${x} and ${y}, ${size} wide
 * and high in the units of the page, on white, with its quiet zone of four
 * modules inside.  As qr_path on failure.
 */
enum sq_err qr_svg(const void *p, size_t n, unsigned x, unsigned y,
    unsigned size, struct bytes_buf *out);

/**
 * qr_text(p, n, out):
 * Append the code as lines of block characters (two rows of modules a line,
 * LF), dark as the ink of the page, with its quiet zone: for plain text that is
 * printed.  As qr_path on failure.
 */
enum sq_err qr_text(const void *p, size_t n, struct bytes_buf *out);

#endif
