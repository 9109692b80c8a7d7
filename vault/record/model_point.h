/*
 * Coordinates as people and devices write them, as one form.  Pure.
 */
#ifndef SQ_VAULT_RECORD_MODEL_POINT_H
#define SQ_VAULT_RECORD_MODEL_POINT_H

#include "crypto/err.h"

#define MODEL_POINT_MAX 32	/* "-43.9168000,-081.3241000", with NUL */

/**
 * model_point_parse(s, out):
 * A pair of decimal degrees, latitude first ("43.9168,81.3241", with a blank
 * or a semicolon between, behind "geo:", or as ISO 6709 "+43.9168+081.3241/"),
 * or degrees, minutes and seconds with their hemisphere (43°55'00"N
 * 81°19'27"E).  ${out} gets "43.9168,81.3241": at most seven decimals, of
 * those written.  SQ_EREFUSED unless it is such a pair within 90 and 180.
 */
enum sq_err model_point_parse(const char *s, char out[MODEL_POINT_MAX]);

#endif
