/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets between seal and settle. Their number is small: as many as web has workers, more only after a crash of web and until it has told
 * what it holds. The table `pending` carries them over a restart; what it says then is believed only for leaves younger than the oldest
 * set that the last checkpoint's leaf names as open. */
#include "keeper/ledger/heads.h"

#include "base/heap.h"
#include "keeper/ledger/journal.h"
#include "keeper/ledger/leaves.h"

struct open_set {
	uint64_t first, end; /* its leaves: first .. end - 1 */
	uint64_t rows_end;   /* of one read at start the last right is not known: as far as the journal went */
	uint64_t closed;     /* number of the request that settled it + 1; 0: open */
};
struct open_sets {
	struct open_set *items;
	size_t n, room;
};

void set_opened(struct service *s, uint64_t first, uint64_t end)
{
	struct open_sets *o = s->open_sets;

	if (o->n == o->room) {
		o->items = heap_grow(o->items, o->room, o->room * 2 + 64, sizeof(*o->items));
		o->room = o->room * 2 + 64;
	}
	o->items[o->n++] = (struct open_set){ .first = first, .end = end, .rows_end = end };
}

void set_closed(struct service *s, uint64_t first)
{
	struct open_sets *o = s->open_sets;

	for (size_t i = 0; i < o->n; i++)
		if (o->items[i].first == first && o->items[i].closed == 0)
			o->items[i].closed = s->journal.requests + 1;
}

bool leaf_unsettled(const struct service *s, uint64_t seq)
{
	const struct open_sets *o = s->open_sets;

	for (size_t i = 0; i < o->n; i++)
		if (o->items[i].closed == 0 && o->items[i].first <= seq && seq < o->items[i].end)
			return true;
	return false;
}

uint64_t sets_oldest(const struct service *s)
{
	const struct open_sets *o = s->open_sets;
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; o != NULL && i < o->n; i++)
		if (o->items[i].closed == 0 && o->items[i].first < oldest)
			oldest = o->items[i].first;
	return oldest;
}

bool sets_open(const struct service *s)
{
	return sets_oldest(s) != UINT64_MAX;
}

void sets_commit(struct service *s)
{
	struct open_sets *o = s->open_sets;
	size_t kept = 0;

	if (o == NULL)
		return; /* an instance being made */
	for (size_t i = 0; i < o->n; i++)
		if (o->items[i].closed == 0)
			o->items[kept++] = o->items[i];
	o->n = kept;
}

void sets_undo(struct service *s, uint64_t from, bool all)
{
	struct open_sets *o = s->open_sets;
	size_t kept = 0;

	if (o == NULL)
		return; /* an instance being made */
	for (size_t i = 0; i < o->n; i++) {
		if (o->items[i].first >= from)
			continue;
		o->items[kept] = o->items[i];
		if (all || o->items[kept].closed == s->journal.requests + 1)
			o->items[kept].closed = 0;
		kept++;
	}
	o->n = kept;
}

struct open_sets *open_sets_new(void)
{
	return heap_new(1, sizeof(struct open_sets));
}

void open_sets_free(struct open_sets *o)
{
	if (o == NULL)
		return;
	heap_free(o->items);
	heap_free(o);
}

/* --- start --------------------------------------------------------------------------------------------------------------------- */

/* Older leaves were settled when the last checkpoint was signed. */
static enum status settled_below(struct service *s, uint64_t *floor)
{
	struct leaf leaf;
	enum status status;

	*floor = 0;
	if (s->journal.checkpoint_size == 0)
		return OK;
	status = leaf_at(s, s->journal.checkpoint_size, &leaf);
	if (status == OK && leaf.event == EV_CHECKPOINT)
		*floor = leaf.purpose <= leaf.seq ? leaf.seq - leaf.purpose : 0;
	return status == E_NOTFOUND || (status == OK && leaf.event != EV_CHECKPOINT) ? E_CRYPTO : status;
}

enum status sets_load(struct service *s)
{
	struct statement *q;
	enum status status;
	uint64_t floor;

	TRY(settled_below(s, &floor));
	q = db_statement(s->db, SQL_PENDING_SETS);
	while ((status = statement_step(q)) == OK) {
		uint64_t first = (uint64_t)column_int(q, 0), last = (uint64_t)column_int(q, 1);

		if (first < floor || last < first || last >= s->journal.tree.size)
			status = E_CRYPTO;
		if (status != OK)
			break;
		set_opened(s, first, last + 1);
		s->open_sets->items[s->open_sets->n - 1].rows_end = s->journal.tree.size;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* A set of rights alone, sealed before the last start, is in no list. */
enum status set_end(struct service *s, uint64_t first, uint64_t *end)
{
	const struct open_sets *o = s->open_sets;
	uint64_t floor;

	for (size_t i = 0; i < o->n; i++)
		if (o->items[i].first == first) {
			*end = o->items[i].rows_end;
			return OK;
		}
	TRY(settled_below(s, &floor));
	*end = first >= floor ? s->journal.tree.size : 0;
	return OK;
}
