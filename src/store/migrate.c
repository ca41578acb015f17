/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema moves only forward: each migration not yet applied runs once, in order, in a transaction of its own together with its
 * number. Two programs starting at once are safe: the number is read again once the write lock is held. */
#include "store/driver.h"

static enum status apply_one(struct ctx *c, const struct driver *driver, struct connection *k, const struct migration *m)
{
	int have;
	enum status s = driver->control(k, BEGIN_WRITE);

	if (s != OK)
		return ERR(c, E_STORE, "the database cannot be written");
	s = driver->version(k, &have);
	if (s == OK && have < m->number)
		s = driver->migrate(k, m->number, m->sql);
	if (s == OK)
		s = driver->control(k, COMMIT);
	if (s == OK)
		return OK;
	if (driver->in_transaction(k))
		(void)driver->control(k, ROLLBACK);
	return ERR(c, E_STORE, "a migration of the database failed");
}

enum status migrate(struct ctx *c, const struct driver *driver, struct connection *k, const struct migration_set *set)
{
	int newest = set->n ? set->rows[set->n - 1].number : 0, have;

	if (driver->version(k, &have) != OK)
		return ERR(c, E_STORE, "the database cannot be read");
	if (have > newest)
		return ERR(c, E_STORE, "the database was made by a newer version of this program");
	for (size_t i = 0; i < set->n; i++)
		if (set->rows[i].number > have)
			TRY(apply_one(c, driver, k, &set->rows[i]));
	return OK;
}
