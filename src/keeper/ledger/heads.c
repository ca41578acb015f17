/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts of a dossier are in force. The rows of `head` are quick to write and easy to forge; so all leaves of the dossier's parts are
 * read once, the newest standing and settled write of each part is found, and a head row that is not that one opens nothing. What the
 * journal has and the table has not is kept too: a part that was taken away is missed. */
#include "keeper/ledger/heads.h"

#include <string.h>
#include "base/heap.h"
#include "keeper/ledger/directory.h"
#include "keeper/ledger/journal.h"
#include "keeper/ledger/leaves.h"

/* A leaf that says what a part is from then on. */
struct write {
	struct id record;
	enum class class;
	uint64_t seq;
	uint8_t hash[32];
	bool create, gone; /* gone: voided or erased */
};
struct writes {
	struct write *items;
	size_t n, room;
};

static enum class class_of(uint32_t mask) {
	unsigned class = 0;

	while (mask > 1){ mask >>= 1; class ++; }
return (enum class) class;
}

static void add_write(struct service *s, struct writes *w, const struct leaf *leaf)
{
	if (w->n == w->room) {
		struct write *more = ARENA_ARRAY(s->arena, struct write, w->room * 2 + 32);

		if (w->n > 0)
			memcpy(more, w->items, w->n * sizeof(*more));
		w->items = more;
		w->room = w->room * 2 + 32;
	}
	w->items[w->n] = (struct write){
		.record = leaf->object, .class = class_of(leaf->class_mask), .seq = leaf->seq, .create = leaf->event == EV_CREATE
	};
	memcpy(w->items[w->n++].hash, leaf->blob, 32);
}

/* A void takes back the newest write of that hash, an erasure all that was there. Leaves of one object lie side by side. */
static void take_back(struct writes *w, const struct leaf *leaf)
{
	enum class class = class_of(leaf->class_mask);

	for (size_t i = w->n; i-- > 0 && id_equal(w->items[i].record, leaf->object);) {
		struct write *one = &w->items[i];

		if (one->class != class || one->gone)
			continue;
		if (leaf->event == EV_ERASE) {
			one->gone = true;
		} else if (memcmp(one->hash, leaf->blob, sizeof(one->hash)) == 0) {
			one->gone = true;
			return;
		}
	}
}

static enum status read_writes(struct service *s, struct id dossier, struct writes *w)
{
	struct statement *q = db_statement(s->db, SQL_LEAVES_PARTS);
	enum status status, taken = OK;
	struct leaf leaf;

	bind_id(q, 1, dossier);
	while ((status = statement_step(q)) == OK) {
		taken = leaf_take(s, q, &leaf);
		if (taken != OK)
			break;
		if (leaf.class_mask == 0)
			continue;
		if (leaf.event == EV_VOID || leaf.event == EV_ERASE)
			take_back(w, &leaf);
		else
			add_write(s, w, &leaf);
	}
	statement_end(q);
	TRY(taken);
	return status == E_NOTFOUND ? OK : status;
}

static int order(struct id a, enum class x, struct id b, enum class y)
{
	int by = memcmp(a.b, b.b, sizeof(a.b));

	return by != 0 ? by : (int)x - (int)y;
}

/* The newest standing, settled write of a part; NULL when there is none, or when it is a file, which has no head. */
static const struct write *standing(const struct service *s, const struct write *w, size_t n, enum class class)
{
	const struct write *newest = NULL;
	bool part = false;

	for (size_t i = 0; i < n; i++) {
		if (w[i].class != class)
			continue;
		part = part || w[i].create;
		if (!w[i].gone && !leaf_unsettled(s, w[i].seq))
			newest = &w[i];
	}
	return part ? newest : NULL;
}

/* What the journal says, by record and class. */
static void expected_of(const struct service *s, const struct writes *w, struct heads *h)
{
	h->room = w->n;
	h->items = w->n > 0 ? heap_new(w->n, sizeof(*h->items)) : NULL;
	for (size_t at = 0, end; at < w->n; at = end) {
		uint32_t mask = 0;

		for (end = at; end < w->n && id_equal(w->items[end].record, w->items[at].record); end++)
			mask |= UINT32_C(1) << w->items[end].class;
		for (unsigned c = 0; c < CLASS_COUNT; c++) {
			const struct write *one = mask & UINT32_C(1) << c ? standing(s, w->items + at, end - at, (enum class)c)
									  : NULL;
			struct head *to = &h->items[h->n];

			if (one == NULL)
				continue;
			*to = (struct head){ .record = one->record, .class = one->class, .leaf = one->seq };
			memcpy(to->hash, one->hash, sizeof(to->hash));
			h->n++;
		}
	}
}

static void wrong_head(struct service *s, struct id dossier, struct id record, enum class class)
{
	struct act act = { .event = EV_ALARM, .dossier = dossier, .class_mask = UINT32_C(1) << class };

	if (s->journal.open)
		alarm_raise(s, ALARM_ROW, &act, record);
}

/* The row beside what it must be: type and version are its own, the rest is compared. */
static bool take_row(struct head *h, struct statement *q)
{
	struct sv hash = column_bytes(q, 4);

	if (hash.n != sizeof(h->hash) || memcmp(hash.p, h->hash, sizeof(h->hash)) != 0 || (uint64_t)column_int(q, 5) != h->leaf)
		return false;
	h->type = (uint16_t)column_int(q, 1);
	h->version = (uint64_t)column_int(q, 3);
	return true;
}

static enum status read_rows(struct service *s, struct heads *h)
{
	struct statement *q = db_statement(s->db, SQL_HEADS_STATE);
	enum status status;

	bind_id(q, 1, h->dossier);
	while ((status = statement_step(q)) == OK) {
		enum class class = (enum class)column_int(q, 2);
		struct id record = column_id(q, 0);
		struct head *one = (struct head *)(uintptr_t)head_find(h, record, class);

		if (one == NULL && (unsigned)class < CLASS_COUNT)
			wrong_head(s, h->dossier, record, class);
		else if (one != NULL)
			(void)take_row(one, q);
	}
	statement_end(q);
	for (size_t i = 0; i < h->n; i++)
		if (h->items[i].type == 0)
			wrong_head(s, h->dossier, h->items[i].record, h->items[i].class);
	return status == E_NOTFOUND ? OK : status;
}

const struct head *head_find(const struct heads *h, struct id record, enum class class)
{
	size_t low = 0, high = h->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int by = order(h->items[middle].record, h->items[middle].class, record, class);

		if (by == 0)
			return &h->items[middle];
		if (by < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* --- cache --------------------------------------------------------------------------------------------------------------------- */

static struct heads **cached(struct service *s, struct id dossier)
{
	struct heads **places = &s->heads[dossier_places(dossier)];

	for (size_t i = 0; i < DOSSIER_PLACES; i++)
		if (places[i] != NULL && id_equal(places[i]->dossier, dossier))
			return &places[i];
	return NULL;
}

static void heads_free(struct heads *h)
{
	if (h == NULL)
		return;
	heap_free(h->items);
	heap_free(h);
}

enum status heads_of(struct service *s, struct id dossier, const struct heads **out)
{
	struct heads **place = cached(s, dossier), *h;
	struct writes w = { .n = 0 };
	enum status status;

	if (place != NULL) {
		*out = *place;
		return OK;
	}
	TRY(read_writes(s, dossier, &w));
	h = heap_new(1, sizeof(*h));
	h->dossier = dossier;
	expected_of(s, &w, h);
	status = read_rows(s, h);
	if (status != OK) {
		heads_free(h);
		return status;
	}
	place = &s->heads[dossier_places(dossier)];
	heads_free(place[DOSSIER_PLACES - 1]);
	memmove(place + 1, place, (DOSSIER_PLACES - 1) * sizeof(*place));
	*out = *place = h;
	return OK;
}

void heads_forget(struct service *s, struct id dossier)
{
	struct heads **place = cached(s, dossier);

	if (place == NULL)
		return;
	heads_free(*place);
	*place = NULL;
}

/* A save costs no walk over all that was ever written in the dossier. */
void heads_put(struct service *s, struct id dossier, const struct head *head)
{
	struct heads **place = cached(s, dossier), *h;
	struct head *at;
	size_t i = 0;

	if (place == NULL)
		return;
	h = *place;
	s->journal.heads_changed = s->journal.requests;
	at = (struct head *)(uintptr_t)head_find(h, head->record, head->class);
	if (at != NULL) {
		if (at->leaf < head->leaf)
			*at = *head;
		return;
	}
	if (h->n == h->room) {
		h->items = heap_grow(h->items, h->room, h->room * 2 + 8, sizeof(*h->items));
		h->room = h->room * 2 + 8;
	}
	while (i < h->n && order(h->items[i].record, h->items[i].class, head->record, head->class) < 0)
		i++;
	memmove(&h->items[i + 1], &h->items[i], (h->n - i) * sizeof(*h->items));
	h->items[i] = *head;
	h->n++;
}

void heads_undo(struct service *s)
{
	if (s->journal.heads_changed == s->journal.requests)
		heads_forget_all(s);
}

void heads_forget_all(struct service *s)
{
	for (size_t i = 0; i < DOSSIER_CACHE; i++) {
		heads_free(s->heads[i]);
		s->heads[i] = NULL;
	}
}
