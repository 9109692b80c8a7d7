/*
 * Showing an attachment without a plain file: the viewer gets a sealed file in
 * memory, or, of what is too large for that, a pipe.  See vault.h.
 */
#include <fcntl.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/vault_int.h"
#include "vault/viewer.h"

/* A file in memory: whole and authenticated before the viewer starts. */
static enum sq_err
show_whole(struct vault *v, const char *ref, const char *player,
    bool *ret_well, struct why *why)
{
	int fd = -1;
	pid_t pid;
	enum sq_err e;

	if ((e = fsio_memory_new(&fd, why)) != SQ_OK ||
	    (e = vault_cat(v, ref, 0, UINT64_MAX, fsio_fd_write, &fd,
	    why)) != SQ_OK || (e = fsio_memory_seal(fd, why)) != SQ_OK)
		goto out;
	if ((e = viewer_start(player, fsio_start(), fd, false, &pid,
	    why)) == SQ_OK)
		*ret_well = viewer_wait(pid);
out:
	fsio_close(fd);
	return e;
}

/* A pipe: each chunk is authenticated before the viewer sees it. */
static enum sq_err
show_stream(struct vault *v, const char *ref, const char *player,
    bool *ret_well, struct why *why)
{
	struct why w = { "" };
	int ends[2];
	pid_t pid;
	enum sq_err e;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_why(why, SQ_EIO, "there is no pipe to be had");
	e = viewer_start(player, fsio_start(), ends[0], true, &pid, why);
	fsio_close(ends[0]);
	if (e == SQ_OK)
		e = vault_cat(v, ref, 0, UINT64_MAX, fsio_fd_write, &ends[1],
		    &w);
	else
		pid = -1;
	fsio_close(ends[1]);
	if (pid < 0)
		return e;
	*ret_well = viewer_wait(pid);
	/* closed before the end was shown: that is no mishap */
	if (e == SQ_EREFUSED)
		return SQ_OK;
	return e == SQ_OK ? e : err_why(why, e, "%s", w.text);
}

/* see vault.h */
enum sq_err
vault_play(struct vault *v, const char *ref, const char *player,
    bool *ret_well, struct why *why)
{
	uint64_t size;
	enum sq_err e;

	if ((e = vault_media_size(v, ref, &size, why)) != SQ_OK)
		return e;
	if (size / 1024 < vault_memory_kib() / 2)
		return show_whole(v, ref, player, ret_well, why);
	return show_stream(v, ref, player, ret_well, why);
}
