/*
 * Foreign test vectors: found under $SHARED (default ../shared), read as JSON,
 * never copied.  For unit tests only; include after cmocka.h.
 */
#ifndef SQ_TESTS_VEC_H
#define SQ_TESTS_VEC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"

#define VEC_UNUSED __attribute__((unused))

/* Some bytes and their number. */
struct vec {
	uint8_t *p;
	size_t n;
};

/* The path of a file under shared/vectors, in static memory. */
VEC_UNUSED static const char *
vec_path(const char *name)
{
	static char path[1024];
	const char *shared = getenv("SHARED");

	(void)snprintf(path, sizeof(path), "%s/vectors/%s",
	    shared != NULL ? shared : "../shared", name);
	return path;
}

/*
 * Say what a foreign vector states and what we found, for make conformance
 * (docs/CONFORMANCE.md); silent otherwise.  No tabs or line breaks in any.
 */
VEC_UNUSED static void
vec_said(const char *suite, const char *name, const char *stated,
    const char *ours)
{
	if (getenv("CONFORMANCE") != NULL)
		print_message("vector\t%s\t%s\t%s\t%s\n", suite, name,
		    stated, ours);
}

/* The same of something that is accepted or rejected. */
VEC_UNUSED static void
vec_took(const char *suite, const char *name, bool stated, bool ours)
{
	vec_said(suite, name, stated ? "accepted" : "rejected", ours ?
	    "accepted" : "rejected");
}

/* The same of test number ${id} of a file. */
VEC_UNUSED static void
vec_took_id(const char *suite, const char *file, uint64_t id, bool stated,
    bool ours)
{
	char name[256];

	(void)snprintf(name, sizeof(name), "%s#%llu", file,
	    (unsigned long long)id);
	vec_took(suite, name, stated, ours);
}

/* Skip the running test where the vectors are absent. */
VEC_UNUSED static void
vec_need(const char *name)
{
	FILE *f = fopen(vec_path(name), "r");

	if (f == NULL) {
		print_message("skipped: no %s\n", vec_path(name));
		skip();
	}
	fclose(f);
}

/* A JSON file; large integers become reals.  Skips where absent. */
VEC_UNUSED static json_t *
vec_json(const char *name)
{
	json_error_t err;
	json_t *j;

	vec_need(name);
	j = json_load_file(vec_path(name), JSON_DECODE_INT_AS_REAL, &err);
	if (j == NULL)
		fail_msg("%s: %s", name, err.text);
	return j;
}

/* Hexadecimal text of any length; free with vec_free. */
VEC_UNUSED static struct vec
vec_unhex(const char *hex)
{
	struct vec v = { NULL, strlen(hex) / 2 };

	v.p = malloc(v.n + 1);
	assert_non_null(v.p);
	assert_int_equal(bytes_unhex(v.p, v.n, hex), SQ_OK);
	return v;
}

/* The hexadecimal member of an object. */
VEC_UNUSED static struct vec
vec_hex(const json_t *o, const char *member)
{
	const char *s = json_string_value(json_object_get(o, member));

	assert_non_null(s);
	return vec_unhex(s);
}

VEC_UNUSED static void
vec_free(struct vec *v)
{
	free(v->p);
	v->p = NULL;
}

/* A non-negative number; beyond 64 bits it is the largest. */
VEC_UNUSED static uint64_t
vec_u64(const json_t *o, const char *member)
{
	double d = json_number_value(json_object_get(o, member));

	return d >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)d;
}

/* True if the member is the string given. */
VEC_UNUSED static bool
vec_is(const json_t *o, const char *member, const char *value)
{
	const char *s = json_string_value(json_object_get(o, member));

	assert_non_null(s);
	return strcmp(s, value) == 0;
}

/* A secret with these bytes. */
VEC_UNUSED static struct secret *
vec_secret(const void *p, size_t n)
{
	struct secret *s = NULL;

	assert_int_equal(secret_copy(p, n, &s), SQ_OK);
	return s;
}

/* A secret of n bytes, all of the value v. */
VEC_UNUSED static struct secret *
vec_fill(uint8_t v, size_t n)
{
	struct secret *s = NULL;

	assert_int_equal(secret_new(n, &s), SQ_OK);
	memset(secret_bytes(s), v, n);
	return s;
}

/* Group setup: libsodium must be ready before anything else. */
VEC_UNUSED static int
vec_setup(void **state)
{
	(void)state;
	return secret_init() == SQ_OK ? 0 : -1;
}

#endif
