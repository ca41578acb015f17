/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the keeper's state: secrets, database, journal, and the checks of start: MACs of the leaves since the last checkpoint, every
 * slot, factor, wrapped secret, certificate, role and route against its newest leaf. Anything wrong stops the start. */
#include "keeper/process/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/people/argon.h"
#include "keeper/sealed/data.h"
#include "keeper/ledger/heads.h"
#include "keeper/slab.h"
#include "keeper/people/weak.h"

#define ARENA_MAX ((size_t)2 << 30) /* addresses only: each of 512 connections may bring and take a megabyte in one batch */

enum status secret_read_file(const char *dir, const char *name, uint8_t *out, size_t room, size_t *n)
{
	char path[4096];
	int fd, length = snprintf(path, sizeof(path), "%s/%s", dir, name);
	ssize_t got;

	if (length < 0 || (size_t)length >= sizeof(path))
		return E_IO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? E_NOTFOUND : E_IO;
	got = read(fd, out, room);
	close(fd);
	*n = got > 0 ? (size_t)got : 0;
	return got > 0 ? OK : E_IO;
}

enum status secret_write_file(const char *dir, const char *name, const uint8_t *p, size_t n)
{
	char path[4096];
	int fd, length = snprintf(path, sizeof(path), "%s/%s", dir, name);
	bool good;

	if (length < 0 || (size_t)length >= sizeof(path))
		return E_IO;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? E_CONFLICT : E_IO;
	good = write(fd, p, n) == (ssize_t)n && fsync(fd) == 0;
	return close(fd) == 0 && good ? OK : E_IO;
}

/* From its beginning: the descriptor is shared with keepers before us. */
static enum status read_inherited(int fd, uint8_t *out, size_t room, size_t *n)
{
	ssize_t got = pread(fd, out, room, 0);

	close(fd);
	*n = got > 0 ? (size_t)got : 0;
	return got > 0 ? OK : E_IO;
}

/* A credential of the service manager counts more than a file of the instance. */
static enum status read_secret_file(struct service *s, int fd, const char *name, uint8_t *out, size_t room, size_t *n,
				    bool *on_disk)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	*on_disk = false;
	if (fd > 0)
		return read_inherited(fd, out, room, n);
	*on_disk = credentials == NULL || secret_read_file(credentials, name, out, room, n) != OK;
	return *on_disk ? secret_read_file(s->dir, name, out, room, n) : OK;
}

enum status secrets_load(struct service *s)
{
	struct vault *v = s->vault;
	size_t n;
	bool on_disk;

	TRY(read_secret_file(s, s->pepper_fd, "pepper", v->pepper[0], sizeof(v->pepper), &n, &s->pepper_on_disk));
	if (n == 0 || n % SECRET_SIZE != 0)
		return E_IO;
	v->pepper_count = n / SECRET_SIZE;
	TRY(read_secret_file(s, s->secret_fd, "secret", v->instance_secret, SECRET_SIZE, &n, &on_disk));
	random_fill(v->node, sizeof(v->node));
	return n == SECRET_SIZE ? OK : E_IO;
}

void derive_secrets(struct service *s)
{
	struct vault *v = s->vault;

	KDF(v->journal_key, 32, "amana.jrn.key.01", v->instance_secret, 32, s->instance.id.b, 16);
	KDF(v->checkpoint_seed, 32, "amana.log.sign.1", v->instance_secret, 32, s->instance.id.b, 16);
}

static enum status load_instance(struct service *s)
{
	struct statement *q = db_statement(s->db, SQL_ROW_GET);
	enum status status;

	bind_int(q, 1, ROW_INSTANCE);
	bind_id(q, 2, ID_ZERO);
	status = statement_step(q);
	if (status == OK)
		status = read_instance(column_bytes(q, 0), &s->instance);
	statement_end(q);
	return status;
}

static enum status look(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	return OK; /* rows_kind has compared it with its leaf */
}

static enum status start_checks(struct service *s)
{
	static const enum row_kind kinds[] = { ROW_INSTANCE, ROW_SLOT, ROW_FACTOR, ROW_SECRET };

	TRY(journal_start(s));
	TRY(sets_load(s));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		TRY(rows_kind(s, kinds[i], look, NULL));
	return directory_load(s);
}

static enum status open_all(struct service *s, const char *data_dir)
{
	int n = snprintf(s->dir, sizeof(s->dir), "%s/keeper", data_dir);

	if (n < 0 || (size_t)n >= sizeof(s->dir))
		return E_IO;
	s->arena = arena_new(ARENA_MAX);
	s->vault = slab_new(sizeof(*s->vault));
	s->bench = slab_new(sizeof(*s->bench));
	s->dossiers = heap_new(DOSSIER_CACHE, sizeof(struct dossier *));
	s->heads = heap_new(DOSSIER_CACHE, sizeof(struct heads *));
	s->open_sets = open_sets_new();
	s->words = words_load();
	s->sessions = sessions_new();
	s->tickets = tickets_new();
	s->uploads = uploads_new();
	s->throttle = throttle_new();
	s->now = clock_now();
	TRY(secrets_load(s));
	TRY(db_file_open(s->dir, DB_SERVE, &s->db));
	TRY(load_instance(s));
	derive_secrets(s);
	TRY(start_checks(s));
	s->shredding = true; /* what a crash left over */
	if (shares_shred(s) == E_STORE)
		return E_STORE;
	s->full = !reserve_there(s->dir) && reserve_make(s->dir) != OK;
	arena_reset(s->arena);
	return OK;
}

enum status service_open(struct service *s, const char *data_dir)
{
	enum status status = open_all(s, data_dir);

	if (status == E_CRYPTO)
		LOG_NOTE(LOG_ALARM, "a row or leaf of keeper.db is not what the journal says: not started");
	else if (status != OK)
		LOG_NOTE(LOG_KEEPER, "the keeper's files cannot be opened");
	return status;
}

void service_close(struct service *s)
{
	if (s->dossiers != NULL)
		dossiers_forget_all(s);
	heap_free(s->dossiers);
	heap_free(s->heads);
	open_sets_free(s->open_sets);
	words_free(s->words);
	directory_free(s);
	sessions_free(s->sessions);
	slab_free(s->tickets);
	heap_free(s->uploads);
	heap_free(s->throttle);
	db_file_close(s->db);
	slab_free(s->bench);
	slab_free(s->vault);
	arena_free(s->arena);
}
