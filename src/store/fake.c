/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fault driver: every call of every connection passes here, is counted, and one of them can be told to fail. A scenario repeated with
 * the first, second, n-th call failing must never leave half a save behind. Counting costs one atomic addition a call. */
#include "base/heap.h"
#include "store/driver.h"

struct connection {
	struct fault *fault;
	struct connection *real;
};

static bool fails(struct fault *f)
{
	return ++f->calls == f->fail_at;
}

static enum status fake_open(void *env, const char *path, enum connection_use use, struct connection **out)
{
	struct fault *f = env;
	struct connection *k, *real;

	if (fails(f))
		return E_STORE;
	TRY(f->real->open(NULL, path, use, &real));
	k = heap_new(1, sizeof *k);
	*k = (struct connection){ f, real };
	*out = k;
	return OK;
}

static void fake_close(struct connection *k)
{
	if (!k)
		return;
	k->fault->real->close(k->real);
	heap_free(k);
}

static enum status fake_query(struct connection *k, enum query q, const struct value *args, size_t n, row_fn *row, void *arg)
{
	return fails(k->fault) ? E_STORE : k->fault->real->query(k->real, q, args, n, row, arg);
}

static enum status fake_write(struct connection *k, enum query q, const struct value *args, size_t n, int64_t *changes)
{
	return fails(k->fault) ? E_STORE : k->fault->real->write(k->real, q, args, n, changes);
}

static enum status fake_control(struct connection *k, enum control what)
{
	bool fail = fails(k->fault);

	if (what == COMMIT && k->fault->fail_commits)
		return E_UNCERTAIN;
	if (!fail || what == ROLLBACK || what == ROLLBACK_TO || what == END_READ)
		return k->fault->real->control(k->real, what);
	if (what == COMMIT && k->fault->real->control(k->real, COMMIT) == OK)
		return E_UNCERTAIN;
	return E_STORE;
}

static bool fake_in_transaction(struct connection *k)
{
	return k->fault->real->in_transaction(k->real);
}

static enum status fake_version(struct connection *k, int *number)
{
	return fails(k->fault) ? E_STORE : k->fault->real->version(k->real, number);
}

static enum status fake_migrate(struct connection *k, int number, const char *sql)
{
	return fails(k->fault) ? E_STORE : k->fault->real->migrate(k->real, number, sql);
}

static enum status fake_shape(struct connection *k, enum query q, struct shape *out)
{
	return k->fault->real->shape(k->real, q, out);
}

const struct driver fake_driver = {
	.open = fake_open,
	.close = fake_close,
	.query = fake_query,
	.write = fake_write,
	.control = fake_control,
	.in_transaction = fake_in_transaction,
	.version = fake_version,
	.migrate = fake_migrate,
	.shape = fake_shape,
};
