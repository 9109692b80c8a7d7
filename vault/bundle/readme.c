/*
 * One fixed text.  A string literal may be 4,095 bytes long at most in C17, so
 * the text is a structure of several; of char arrays alone, it has no gaps.
 * Commands stand once for all languages, in one line each, however long: they
 * are there to be copied.
 */
#include "vault/bundle/readme.h"
#include "vault/bundle/readme_en.h"
#include "vault/bundle/readme_more.h"

#define PARTS(X) \
	X(head, README_HEAD) \
	X(en_what, README_EN_WHAT) \
	X(en_steps, README_EN_STEPS) \
	X(en_more, README_EN_MORE) \
	X(en_care, README_EN_CARE) \
	X(keys, README_KEYS) \
	X(on_linux, README_LINUX) \
	X(on_mac, README_MAC) \
	X(on_windows, README_WINDOWS) \
	X(ru_what, README_RU_WHAT) \
	X(ru_steps, README_RU_STEPS) \
	X(ru_more, README_RU_MORE) \
	X(ru_care, README_RU_CARE) \
	X(kk_what, README_KK_WHAT) \
	X(kk_steps, README_KK_STEPS) \
	X(kk_more, README_KK_MORE) \
	X(kk_care, README_KK_CARE) \
	X(zh, README_ZH) \
	X(zh_more, README_ZH_MORE) \
	X(zh_care, README_ZH_CARE) \
	X(ug_what, README_UG_WHAT) \
	X(ug_steps, README_UG_STEPS) \
	X(ug_more, README_UG_MORE) \
	X(ug_care, README_UG_CARE)

#define MEMBER(name, text) char name[sizeof(text) - 1];
#define VALUE(name, text) text,
#define LENGTH(name, text) + sizeof(text) - 1

static const struct {
	PARTS(MEMBER)
} whole = { PARTS(VALUE) };

_Static_assert(sizeof(whole) == 0 PARTS(LENGTH), "no gaps");

/* see readme.h */
const char *
readme_text(size_t *ret_n)
{
	*ret_n = sizeof(whole);
	return (const char *)&whole;
}
