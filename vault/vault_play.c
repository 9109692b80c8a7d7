/*
 * Showing an attachment without a plain file: the viewer gets a sealed file in
 * memory, or, of what is too large for that, a pipe.  And what other programs
 * may still be started at all.  See vault_media.h, viewer.h.
 */
#include "vault/fsio.h"
#include "vault/probe.h"
#include "vault/vault_int.h"
#include "vault/viewer.h"

/* see vault.h */
void
vault_shut(const char *const *path, size_t n, struct sandbox *ret)
{
	char run[PROBE_PATH_MAX];

	probe_program(run);
	sandbox_close(path, n, run, ret);
}

/* see vault.h */
enum sq_err
vault_viewer(const char *player, struct viewer **ret, struct why *why)
{
	return viewer_new(fsio_start(), player, ret, why);
}

/* see vault.h */
void
vault_viewer_free(struct viewer *w)
{
	viewer_free(w);
}

/* see vault_media.h */
enum sq_err
vault_play(struct vault *v, struct viewer *w, const char *ref,
    bool *ret_well, struct why *why)
{
	struct why cut = { "" };
	uint64_t size;
	bool stream;
	enum sq_err e, end;

	if ((e = vault_media_size(v, ref, &size, why)) != SQ_OK)
		return e;
	stream = size / 1024 >= vault_memory_kib() / 2;
	if ((e = viewer_begin(w, stream, why)) != SQ_OK)
		return e;
	e = vault_cat(v, ref, 0, UINT64_MAX, viewer_give, w, &cut);
	/* closed before the end was shown: that is no mishap */
	if (e == SQ_EREFUSED)
		e = SQ_OK;
	end = viewer_end(w, e == SQ_OK, ret_well, why);
	return e == SQ_OK ? end : err_why(why, e, "%s", cut.text);
}
