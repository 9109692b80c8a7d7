#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/fsio_int.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* see fsio.h */
enum sq_err
fsio_memory_new(int *ret_fd, struct why *why)
{
	int fd = memfd_create("attachment", MFD_CLOEXEC | MFD_ALLOW_SEALING |
	    MFD_NOEXEC_SEAL);

	/* an older kernel does not know that it should not be executed */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("attachment", MFD_CLOEXEC |
		    MFD_ALLOW_SEALING);
	if (fd < 0)
		return fsio_fail(why, "make", "a file in memory");
	*ret_fd = fd;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_memory_seal(int fd, struct why *why)
{
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK |
	    F_SEAL_SEAL) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return fsio_fail(why, "seal", "a file in memory");
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_fd_write(void *arg, const uint8_t *p, size_t n)
{
	const int *fd = arg;

	if (fsio_put(*fd, p, n))
		return SQ_OK;
	return errno == EPIPE ? SQ_EREFUSED : errno == ENOSPC ? SQ_ENOSPC :
	    SQ_EIO;
}
