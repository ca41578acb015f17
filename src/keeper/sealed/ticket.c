/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tickets of the public form that led to a report. A ticket serves once in two hours; for 15 minutes a repeat of the last post is
 * answered with the same code. A ticket whose report never came in force counts as unused. Locked memory, no file. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "base/wipe.h"
#include "keeper/slab.h"

#define TICKETS 16384u
#define REMEMBER_CODE_MS (15 * MINUTE_MS)
#define SINGLE_USE_MS (2 * HOUR_MS)
#define WORKING_MS (2 * MINUTE_MS)

struct tickets {
	size_t next;
	uint64_t oldest, newest; /* sets of pending tickets lie between; oldest > newest: there is none */
	struct ticket_use uses[TICKETS];
};

struct tickets *tickets_new(void)
{
	struct tickets *t = slab_new(sizeof(struct tickets));

	t->oldest = UINT64_MAX;
	return t;
}

void ticket_drop(struct ticket_use *u)
{
	wipe(u, sizeof(*u));
}

static bool over(const struct ticket_use *u, int64_t now)
{
	return now - u->at >= (u->state == TICKET_WORKING ? WORKING_MS : SINGLE_USE_MS);
}

struct ticket_use *ticket_find(struct tickets *t, const uint8_t ticket[16], int64_t now)
{
	for (size_t i = 0; i < TICKETS; i++) {
		struct ticket_use *u = &t->uses[i];

		if (u->state == TICKET_FREE || memcmp(u->ticket, ticket, sizeof(u->ticket)) != 0)
			continue;
		if (over(u, now)) {
			ticket_drop(u);
			return NULL;
		}
		if (u->state == TICKET_USED && now - u->at >= REMEMBER_CODE_MS)
			wipe(u->code, sizeof(u->code));
		return u;
	}
	return NULL;
}

/* The oldest place is taken anew. */
struct ticket_use *ticket_add(struct tickets *t, const uint8_t ticket[16], int64_t now)
{
	struct ticket_use *u = &t->uses[t->next];

	t->next = (t->next + 1) % TICKETS;
	ticket_drop(u);
	memcpy(u->ticket, ticket, sizeof(u->ticket));
	u->at = now;
	u->state = TICKET_WORKING;
	return u;
}

void ticket_pending(struct tickets *t, struct ticket_use *u, uint64_t first)
{
	u->state = TICKET_PENDING;
	u->first = first;
	t->oldest = first < t->oldest ? first : t->oldest;
	t->newest = first > t->newest ? first : t->newest;
}

/* Most sets are no public report: the table is walked for those alone whose ticket may be in it. */
void ticket_settle(struct tickets *t, uint64_t first, bool in_force)
{
	const uint64_t from = t->oldest, to = t->newest;

	if (first < from || first > to)
		return;
	t->oldest = UINT64_MAX;
	t->newest = 0;
	for (size_t i = 0; i < TICKETS; i++) {
		struct ticket_use *u = &t->uses[i];

		if (u->state != TICKET_PENDING)
			continue;
		if (u->first != first)
			ticket_pending(t, u, u->first);
		else if (in_force)
			u->state = TICKET_USED;
		else
			ticket_drop(u);
	}
}

void tickets_void_from(struct tickets *t, uint64_t first)
{
	for (size_t i = 0; i < TICKETS; i++)
		if (t->uses[i].state == TICKET_PENDING && t->uses[i].first >= first)
			ticket_drop(&t->uses[i]);
}

void tickets_abandon(struct tickets *t, const struct connection *by)
{
	for (size_t i = 0; i < TICKETS; i++)
		if (t->uses[i].state == TICKET_WORKING && t->uses[i].by == by)
			ticket_drop(&t->uses[i]);
}

void tickets_set_back(struct tickets *t, int64_t by)
{
	for (size_t i = 0; i < TICKETS; i++)
		t->uses[i].at -= by;
}

void tickets_expire(struct tickets *t, int64_t now)
{
	for (size_t i = 0; i < TICKETS; i++) {
		struct ticket_use *u = &t->uses[i];

		if (u->state != TICKET_FREE && over(u, now))
			ticket_drop(u);
		else if (u->state == TICKET_USED && now - u->at >= REMEMBER_CODE_MS)
			wipe(u->code, sizeof(u->code));
	}
}
