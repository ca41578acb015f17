/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Known devices (sealed design 13): after a whole login from a browser a token goes into its cookie, and a hash of it and its user is kept
 * for 180 days. It opens nothing. Who brings it is slowed by his own wrong tries alone, and has places kept in the queue of logins. */
#include "keeper/people/login.h"

#include "base/clock.h"
#include "base/random.h"

#define DEVICE_MS (180 * DAY_MS)

struct id device_name(const struct token *device, struct id user)
{
	struct id name;

	KDF(name.b, sizeof(name.b), "amana.device.001", device->b, sizeof(device->b), user.b, sizeof(user.b));
	return name;
}

enum status device_known(struct service *s, struct id name, struct id user, bool *known)
{
	struct statement *q = db_statement(s->db, SQL_DEVICE_GET);
	enum status status;

	bind_id(q, 1, name);
	bind_id(q, 2, user);
	status = statement_step(q);
	*known = status == OK && column_int(q, 0) > s->now;
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

enum status device_put(struct service *s, struct id name, struct id user)
{
	struct statement *q = db_statement(s->db, SQL_DEVICE_PUT);

	s->journal.must_commit = true;
	bind_id(q, 1, name);
	bind_id(q, 2, user);
	bind_int(q, 3, s->now + DEVICE_MS);
	TRY(statement_run(q));
	q = db_statement(s->db, SQL_DEVICES_KEEP);
	bind_id(q, 1, user);
	return statement_run(q);
}

enum status device_new(struct service *s, struct id user, struct token *out)
{
	random_fill(out->b, sizeof(out->b));
	return device_put(s, device_name(out, user), user);
}

enum status devices_expire(struct service *s)
{
	struct statement *q = db_statement(s->db, SQL_DEVICES_EXPIRE);

	bind_int(q, 1, s->now);
	return statement_run(q);
}
