/*
 * Argon2id at its least cost, whatever is asked for: LD_PRELOAD=$B/cheap.so,
 * for scripts that open a vault many thousand times.  A vault made with it
 * opens with it alone.  Nothing else differs from the real program.
 */
#include <argon2.h>
#include <dlfcn.h>
#include <stdlib.h>

int
argon2_ctx(argon2_context *ctx, argon2_type type)
{
	int (*real)(argon2_context *, argon2_type);

	*(void **)&real = dlsym(RTLD_NEXT, "argon2_ctx");
	if (real == NULL)
		abort();
	ctx->t_cost = 1;
	ctx->m_cost = 8 * ctx->lanes;
	ctx->threads = 1;
	return real(ctx, type);
}
