/*
 * The attachments of a bundle on their way into the store, and what is noted
 * of each entry.  See vault_merge_int.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/thread.h"
#include "vault/vault_merge_int.h"

/* --- sealing what is read ------------------------------------------------ */

/* Seals what comes through the pipe; to its end, also after a failure. */
static void *
seal(void *arg)
{
	struct importer *m = arg;
	struct import_file *f = &m->file[m->n_file];
	uint8_t room[4096];
	size_t n = 1;

	m->put_e = blob_put(&m->bs, m->in, NULL, NULL, &f->info, &m->put_why);
	while (n > 0 && fsio_in_read(m->in, room, sizeof(room), &n) == SQ_OK)
		;
	secret_wipe(room, sizeof(room));
	return NULL;
}

static enum sq_err
start(struct importer *m)
{
	int ends[2];
	enum sq_err e;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_why(m->why, SQ_EIO, "there is no pipe to be had");
	m->fd = ends[1];
	m->put_why.text[0] = '\0';
	if ((e = fsio_in_take(ends[0], &m->in)) != SQ_OK) {
		fsio_close(ends[1]);
		return e;
	}
	if ((e = thread_start(&m->thread, seal, m)) == SQ_OK) {
		m->running = true;
		return SQ_OK;
	}
	fsio_close(ends[1]);
	fsio_in_close(m->in);
	return e;
}

/* The end of what is sealed, or of the attempt. */
static enum sq_err
stop(struct importer *m)
{
	if (!m->running)
		return SQ_OK;
	fsio_close(m->fd);
	(void)pthread_join(m->thread, NULL);
	fsio_in_close(m->in);
	m->running = false;
	if (m->put_e != SQ_OK)
		return err_why(m->why, m->put_e, "%s", m->put_why.text);
	m->file[m->n_file].put = true;
	m->n_file++;
	return SQ_OK;
}

/* Is the content here, or did it come with an earlier item? */
static enum sq_err
find_twin(struct importer *m, const uint8_t sha256[DIGEST_LEN],
    struct blob_info *ret)
{
	for (size_t i = 0; i < m->n_file; i++)
		if (memcmp(m->file[i].info.sha256, sha256, DIGEST_LEN) == 0) {
			*ret = m->file[i].info;
			return SQ_OK;
		}
	return vault_object_by_content(m->v, sha256, false, ret, m->why);
}

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_begin(void *arg, uint64_t number,
    const uint8_t root[ENTRY_ROOT], const uint8_t sha256[DIGEST_LEN],
    uint64_t size, bool *ret_wanted)
{
	struct importer *m = arg;
	struct import_file *f;
	uint64_t index;
	void *p;
	enum sq_err e;

	(void)number;
	(void)size;
	*ret_wanted = false;
	if ((e = log_index_of(m->v->lg, root, &index)) != SQ_ENOENT)
		return e;
	p = realloc(m->file, (m->n_file + 1) * sizeof(*m->file));
	if (p == NULL)
		return SQ_ENOMEM;
	m->file = p;
	f = &m->file[m->n_file];
	memset(f, 0, sizeof(*f));
	memcpy(f->root, root, ENTRY_ROOT);
	if ((e = find_twin(m, sha256, &f->info)) == SQ_OK)
		m->n_file++;
	if (e != SQ_ENOENT)
		return e;
	*ret_wanted = true;
	return start(m);
}

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_data(void *arg, const uint8_t *p, size_t n)
{
	struct importer *m = arg;

	return fsio_fd_write(&m->fd, p, n);
}

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_end(void *arg)
{
	return stop(arg);
}

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_settle(struct importer *m)
{
	struct blob_info *info;
	size_t n = 0;
	enum sq_err e = SQ_OK;

	if ((info = calloc(m->n_file + 1, sizeof(*info))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < m->n_file; i++)
		if (m->file[i].put)
			info[n++] = m->file[i].info;
	if (n > 0)
		e = blob_settle(&m->bs, info, n, m->why);
	free(info);
	return e;
}

/* --- what is noted ------------------------------------------------------- */

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_note(struct importer *m, const struct verify_taken_item *it,
    const uint8_t id[LOG_RECORD_ID])
{
	struct bytes_buf b = { 0 };
	char *s;
	void *p;
	enum sq_err e;

	m->ret->entries++;
	bytes_putf(&b, "%llu ", (unsigned long long)it->index);
	bytes_put_hex(&b, it->root, ENTRY_ROOT);
	for (size_t i = 0; it->proven && i < it->proof.n; i++) {
		bytes_put_u8(&b, i == 0 ? ' ' : ',');
		bytes_put_b64(&b, it->proof.hash[i], MERKLE_LEN, true);
	}
	if (it->proven && it->proof.n == 0)
		bytes_puts(&b, " -");
	if ((s = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	e = model_inputs_add(&m->lines, "merged", NULL, s);
	free(s);
	for (size_t i = 0; i < m->n_id && e == SQ_OK; i++)
		if (memcmp(m->id[i], id, LOG_RECORD_ID) == 0)
			return SQ_OK;
	if (e != SQ_OK || (p = realloc(m->id, (m->n_id + 1) *
	    sizeof(*m->id))) == NULL)
		return e != SQ_OK ? e : SQ_ENOMEM;
	m->id = p;
	memcpy(m->id[m->n_id++], id, LOG_RECORD_ID);
	return SQ_OK;
}

/* The media record that an attachment came with. */
static enum sq_err
bind_one(struct importer *m, struct import_file *f)
{
	struct entry en = { 0 };
	struct blob_info old;
	uint8_t root[ENTRY_ROOT], id[LOG_RECORD_ID];
	char *s = NULL, ref[MODEL_ID_HEX];
	uint64_t index;
	bool fresh = f->put;
	enum sq_err e;

	/* its record stayed out: so does the file */
	if ((e = log_index_of(m->v->lg, f->root, &index)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_OK : e;
	if ((e = log_get(m->v->lg, index, &en, root, m->why)) != SQ_OK)
		return e;
	s = entry_str(&en, "_record");
	entry_free(&en);
	if (s == NULL || bytes_unhex(id, sizeof(id), s) != SQ_OK)
		e = SQ_EDAMAGE;
	free(s);
	if (e != SQ_OK || (e = vault_object_of_media(m->v, id, &old, m->why)) ==
	    SQ_OK || e != SQ_ENOENT)
		return e;
	if ((e = record_ref(&m->v->cx, id, ref)) != SQ_OK ||
	    (e = vault_bound_add(m->v, ref, &f->info, fresh, m->why)) !=
	    SQ_OK)
		return e;
	f->bound = true;
	m->ret->files++;
	if (fresh) {
		m->v->state.objects++;
		m->v->state.bytes += object_file_len(f->info.size);
	}
	return SQ_OK;
}

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_bind(struct importer *m)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < m->n_file && e == SQ_OK; i++)
		e = bind_one(m, &m->file[i]);
	return e;
}

/* see vault_merge_int.h */
enum sq_err
vault_merge_int_conflicts(struct importer *m)
{
	struct vault_merged *r = m->ret;
	struct record_heads h;
	char ref[MODEL_ID_HEX];
	enum sq_err e = SQ_OK;

	if ((r->conflict = calloc(m->n_id + 1, sizeof(*r->conflict))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < m->n_id && e == SQ_OK; i++) {
		if ((e = record_heads(&m->v->cx, m->id[i], &h, m->why)) !=
		    SQ_OK)
			break;
		if (h.n > 1 && (e = record_ref(&m->v->cx, m->id[i], ref)) ==
		    SQ_OK)
			(void)snprintf(r->conflict[r->conflicts++],
			    MODEL_REF_MAX, "%.31s", ref);
		record_heads_free(&h);
	}
	return e;
}

/* Does something that was bound hold this object too? */
static bool
is_bound(const struct importer *m, const struct import_file *f)
{
	for (size_t i = 0; m->saved && i < m->n_file; i++)
		if (m->file[i].bound && memcmp(m->file[i].info.id, f->info.id,
		    OBJECT_ID) == 0)
			return true;
	return false;
}

/* see vault_merge_int.h */
void
vault_merge_int_free(struct importer *m)
{
	(void)stop(m);
	/* where a commit may have been, an entry may speak of them */
	for (size_t i = 0; i < m->n_file && !m->v->stopped; i++)
		if (m->file[i].put && !is_bound(m, &m->file[i]))
			blob_drop(&m->bs, m->file[i].info.id);
	model_inputs_free(&m->lines);
	free(m->file);
	free(m->id);
}
