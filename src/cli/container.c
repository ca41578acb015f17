/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One chunk in memory, sealed when it is full; the last one is marked, so a file that was cut short does not open to its end. Everything
 * read is authenticated before it is looked at, and lengths are checked all the same. */
#include "cli/container.h"

#include "base/random.h"
#include "base/wipe.h"
#include "cli/place.h"
#include "crypto/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TYPE_BACKUP 32010
#define SEALED_CHUNK (AMF1_CHUNK + AMF1_TAG)

struct container {
	struct arena *arena;
	int fd;
	const char *part, *path; /* writing: where it lies until it is whole, and where it goes */
	struct id instance, file;
	struct key key;
	uint8_t head[AMF1_HEAD];
	uint32_t index;
	bool last;
	uint8_t *plain, *sealed;
	size_t n, at;   /* bytes in plain, and how far they were read */
	size_t ahead;   /* sealed bytes of the next chunk, read already */
	uint32_t block; /* reading: bytes left of the block */
};

static struct container *container_new(struct ctx *c)
{
	struct container *k = ARENA_NEW(c->arena, struct container);

	k->arena = c->arena;
	k->plain = arena_alloc(c->arena, AMF1_CHUNK);
	k->sealed = arena_alloc(c->arena, 2 * SEALED_CHUNK);
	k->fd = -1;
	return k;
}

static struct record_bind bind_of(const struct container *k)
{
	return (struct record_bind){ .type = TYPE_BACKUP, .record = k->file, .dossier = k->instance, .version = 1 };
}

static struct wrap_bind wrap_bind_of(const struct container *k)
{
	return (struct wrap_bind){ .dossier = k->instance };
}

static bool write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

static bool read_full(int fd, void *p, size_t n, size_t *got)
{
	char *at = p;

	for (*got = 0; *got < n;) {
		ssize_t done = read(fd, at + *got, n - *got);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		if (done == 0)
			return true;
		*got += (size_t)done;
	}
	return true;
}

/* --- writing ---------------------------------------------------------------------------------------------------------------- */

static enum status write_heads(struct container *k, const uint8_t backup_pk[32])
{
	const struct wrap_bind bind = wrap_bind_of(k);
	uint8_t wrap[AMW1_DEK], ephemeral[32], prefix[19];
	struct key s;
	enum status status;

	random_fill(s.b, sizeof(s.b));
	random_fill(ephemeral, sizeof(ephemeral));
	random_fill(prefix, sizeof(prefix));
	amf1_key(&k->key, &s, k->file);
	status = amf1_head(k->head, CLASS_BOUND, k->file, k->file, prefix);
	if (status == OK)
		status = amw1_wrap(wrap, WRAP_BACKUP, k->file, k->instance, backup_pk, ephemeral, &bind, s.b, sizeof(s.b));
	wipe(&s, sizeof(s));
	wipe(ephemeral, sizeof(ephemeral));
	TRY(status);
	return write_all(k->fd, wrap, sizeof(wrap)) && write_all(k->fd, k->head, sizeof(k->head)) ? OK : E_IO;
}

enum status container_create(struct ctx *c, const char *path, struct id instance, const uint8_t backup_pk[32],
			     struct container **out)
{
	struct container *k = container_new(c);

	k->path = path;
	k->part = arena_format(c->arena, "%s.part", path).p;
	k->instance = instance;
	k->file = id_new();
	if (access(path, F_OK) == 0)
		return E_CONFLICT;
	k->fd = open(k->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (k->fd < 0) {
		k->part = NULL; /* nobody else's is removed */
		return errno == EEXIST ? E_STATE : E_IO;
	}
	*out = k;
	return write_heads(k, backup_pk);
}

static enum status seal_chunk(struct container *k, bool last)
{
	const struct record_bind bind = bind_of(k);

	TRY(amf1_seal_chunk(k->sealed, &k->key, k->head, &bind, k->index++, last, sv_bytes((const char *)k->plain, k->n)));
	if (!write_all(k->fd, k->sealed, k->n + AMF1_TAG))
		return E_IO;
	k->n = 0;
	return OK;
}

/* A full chunk is sealed when more comes: only then it is known not to be the last. */
static enum status put(struct container *k, const void *p, size_t n)
{
	const uint8_t *at = p;

	while (n > 0) {
		size_t some = AMF1_CHUNK - k->n < n ? AMF1_CHUNK - k->n : n;

		if (some == 0) {
			TRY(seal_chunk(k, false));
			continue;
		}
		memcpy(k->plain + k->n, at, some);
		k->n += some;
		at += some;
		n -= some;
	}
	return OK;
}

static enum status put_number(struct container *k, uint32_t v, size_t bytes)
{
	const uint8_t le[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	return put(k, le, bytes);
}

enum status container_entry(struct container *k, const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > ENTRY_NAME_MAX)
		return E_BUG;
	TRY(put_number(k, 1, 1));
	TRY(put_number(k, (uint32_t)n, 2));
	return put(k, name, n);
}

enum status container_put(struct container *k, struct sv bytes)
{
	while (bytes.n > 0) {
		uint32_t some = bytes.n > AMF1_CHUNK ? AMF1_CHUNK : (uint32_t)bytes.n;

		TRY(put_number(k, some, 4));
		TRY(put(k, bytes.p, some));
		bytes.p += some;
		bytes.n -= some;
	}
	return OK;
}

enum status container_end_entry(struct container *k)
{
	return put_number(k, 0, 4);
}

/* The name of the file is on the disk only when its folder is. Some file systems cannot be asked. */
static bool settled(struct container *k)
{
	const char *slash = strrchr(k->path, '/');
	const char *folder = slash == NULL ? "." : arena_text(k->arena, sv_bytes(k->path, (size_t)(slash - k->path) + 1));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (fd >= 0)
		(void)close(fd);
	return done;
}

enum status container_finish(struct container *k)
{
	TRY(put_number(k, 0, 1));
	TRY(seal_chunk(k, true));
	if (fsync(k->fd) != 0)
		return E_IO;
	TRY(place_move(k->part, k->path));
	k->part = NULL;
	if (settled(k))
		return OK;
	(void)unlink(k->path);
	return E_IO;
}

/* --- reading ---------------------------------------------------------------------------------------------------------------- */

enum status container_open(struct ctx *c, const char *path, const uint8_t backup_sk[32], struct container **out)
{
	struct container *k = container_new(c);
	uint8_t heads[AMW1_DEK + AMF1_HEAD], kind, class;
	struct sv wrap = sv_bytes((const char *)heads, AMW1_DEK);
	struct wrap_bind bind;
	struct id id;
	struct key s;
	size_t got, payload;

	k->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	*out = k;
	if (k->fd < 0 || !read_full(k->fd, heads, sizeof(heads), &got))
		return E_IO;
	if (got != sizeof(heads))
		return E_CRYPTO;
	TRY(amw1_peek(wrap, &kind, &k->file, &k->instance, &payload));
	memcpy(k->head, heads + AMW1_DEK, sizeof(k->head));
	TRY(amf1_head_read(sv_bytes((const char *)k->head, sizeof(k->head)), &class, &id, &id));
	if (kind != WRAP_BACKUP || payload != sizeof(s.b) || class != CLASS_BOUND || !id_equal(id, k->file))
		return E_CRYPTO;
	bind = wrap_bind_of(k);
	TRY(amw1_open(s.b, sizeof(s.b), WRAP_BACKUP, backup_sk, &bind, wrap));
	amf1_key(&k->key, &s, k->file);
	wipe(&s, sizeof(s));
	return read_full(k->fd, k->sealed, SEALED_CHUNK, &k->ahead) ? OK : E_IO;
}

/* The chunk read ahead becomes plain; it is the last when nothing follows. */
static enum status open_chunk(struct container *k)
{
	const struct record_bind bind = bind_of(k);
	size_t have = k->ahead, next;

	if (k->last || have < AMF1_TAG)
		return E_CRYPTO;
	if (!read_full(k->fd, k->sealed + SEALED_CHUNK, SEALED_CHUNK, &next))
		return E_IO;
	k->last = next == 0;
	TRY(amf1_open_chunk(k->plain, &k->key, k->head, &bind, k->index++, k->last, sv_bytes((const char *)k->sealed, have)));
	k->n = have - AMF1_TAG;
	k->at = 0;
	memcpy(k->sealed, k->sealed + SEALED_CHUNK, next);
	k->ahead = next;
	return OK;
}

/* At most `most` of the bytes that come next: at least one. */
static enum status take(struct container *k, size_t most, struct sv *out)
{
	while (k->at == k->n)
		TRY(open_chunk(k));
	*out = sv_bytes((const char *)k->plain + k->at, k->n - k->at < most ? k->n - k->at : most);
	k->at += out->n;
	return OK;
}

static enum status take_into(struct container *k, void *to, size_t n)
{
	uint8_t *at = to;
	struct sv some;

	while (n > 0) {
		TRY(take(k, n, &some));
		memcpy(at, some.p, some.n);
		at += some.n;
		n -= some.n;
	}
	return OK;
}

static enum status take_number(struct container *k, size_t bytes, uint32_t *v)
{
	uint8_t le[4] = { 0 };

	TRY(take_into(k, le, bytes));
	*v = (uint32_t)le[0] | (uint32_t)le[1] << 8 | (uint32_t)le[2] << 16 | (uint32_t)le[3] << 24;
	return OK;
}

enum status container_next(struct container *k, char name[ENTRY_NAME_MAX + 1], bool *end)
{
	uint32_t mark, n;

	TRY(take_number(k, 1, &mark));
	*end = mark == 0;
	if (mark == 0)
		return k->last && k->at == k->n ? OK : E_CRYPTO;
	TRY(take_number(k, 2, &n));
	if (mark != 1 || n == 0 || n > ENTRY_NAME_MAX)
		return E_CRYPTO;
	name[n] = 0;
	return take_into(k, name, n);
}

enum status container_take(struct container *k, struct sv *bytes)
{
	*bytes = SV_NONE;
	if (k->block == 0)
		TRY(take_number(k, 4, &k->block));
	if (k->block == 0)
		return OK;
	TRY(take(k, k->block, bytes));
	k->block -= (uint32_t)bytes->n;
	return OK;
}

void container_close(struct container *k)
{
	if (k == NULL)
		return;
	if (k->fd >= 0)
		(void)close(k->fd);
	if (k->part != NULL)
		(void)unlink(k->part);
	wipe(&k->key, sizeof(k->key));
}
