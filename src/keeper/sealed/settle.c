/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a set. In force: its parts become heads, what was kept for undoing goes. Void: a leaf for each part and each row set
 * back. At start the same from what the main database really holds (the protocol of measured §6). */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/log.h"
#include "keeper/codec.h"
#include "keeper/ledger/heads.h"
#include "keeper/ledger/journal.h"
#include "keeper/ledger/leaves.h"

#define PENDING_AT_ONCE 5000

struct pending {
	uint64_t seq, first;
	struct id record, dossier;
	uint16_t type;
	enum class class;
	uint64_t version;
	uint8_t hash[32];
	struct pending *next;
};

static enum status pending_rows(struct service *s, uint64_t first, struct pending **out)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_OF_SET);
	struct pending **last = out;
	enum status status;

	*out = NULL;
	bind_int(q, 1, (int64_t)first);
	while ((status = statement_step(q)) == OK) {
		struct pending *p = ARENA_NEW(s->arena, struct pending);
		struct sv hash = column_bytes(q, 6);

		p->seq = (uint64_t)column_int(q, 0);
		p->first = first;
		p->record = column_id(q, 1);
		p->type = (uint16_t)column_int(q, 2);
		p->class = (enum class)column_int(q, 3);
		p->dossier = column_id(q, 4);
		p->version = (uint64_t)column_int(q, 5);
		if (hash.n == sizeof(p->hash))
			memcpy(p->hash, hash.p, sizeof(p->hash));
		*last = p;
		last = &p->next;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* The table says what the set wrote; the leaf it names must say the same. */
static enum status written(struct service *s, const struct pending *p, bool *so)
{
	struct leaf leaf;
	enum status status = leaf_at(s, p->seq, &leaf);
	uint64_t end;

	*so = false;
	if (status != OK)
		return status == E_NOTFOUND || status == E_CRYPTO ? OK : status;
	TRY(set_end(s, p->first, &end));
	*so = p->seq >= p->first && p->seq < end && (unsigned)p->class < CLASS_COUNT && leaf.event != EV_VOID &&
	      leaf.event != EV_ERASE && leaf.flags == 0 && leaf.class_mask == UINT32_C(1) << p->class &&
	      id_equal(leaf.object, p->record) && id_equal(leaf.dossier, p->dossier) &&
	      memcmp(leaf.blob, p->hash, sizeof(p->hash)) == 0;
	return OK;
}

/* Put there by somebody else, a void of it would take a part back that stands: it counts for nothing. */
static enum status pendings_of(struct service *s, uint64_t first, struct pending **out)
{
	struct pending **at = out;

	TRY(pending_rows(s, first, out));
	while (*at != NULL) {
		const struct act act = { .event = EV_ALARM, .dossier = (*at)->dossier };
		bool so;

		TRY(written(s, *at, &so));
		if (!so)
			alarm_raise(s, ALARM_ROW, &act, (*at)->record);
		if (so)
			at = &(*at)->next;
		else
			*at = (*at)->next;
	}
	return OK;
}

static enum status drop(struct service *s, enum sql which, uint64_t first)
{
	struct statement *q = db_statement(s->db, which);

	bind_int(q, 1, (int64_t)first);
	return statement_run(q);
}

static enum status make_head(struct service *s, const struct pending *p)
{
	struct statement *q = db_statement(s->db, SQL_HEAD_PUT);
	struct head head = { .record = p->record, .class = p->class, .type = p->type, .version = p->version, .leaf = p->seq };

	s->recent[s->recent_at++ % RECENT] = (struct recent){ p->record, p->class, s->now };
	memcpy(head.hash, p->hash, sizeof(head.hash));
	heads_put(s, p->dossier, &head);
	bind_id(q, 1, p->record);
	bind_int(q, 2, p->type);
	bind_int(q, 3, (int64_t)p->class);
	bind_id(q, 4, p->dossier);
	bind_int(q, 5, (int64_t)p->version);
	bind_bytes(q, 6, p->hash, sizeof(p->hash));
	bind_int(q, 7, (int64_t)p->seq);
	TRY(statement_run(q));
	q = db_statement(s->db, SQL_PENDING_DROP_BELOW);
	bind_id(q, 1, p->record);
	bind_int(q, 2, (int64_t)p->class);
	bind_int(q, 3, (int64_t)p->seq);
	return statement_run(q);
}

static enum status set_in_force(struct service *s, uint64_t first)
{
	struct pending *list;

	set_closed(s, first);
	TRY(pendings_of(s, first, &list));
	for (const struct pending *p = list; p != NULL; p = p->next)
		TRY(make_head(s, p));
	TRY(erase_in_force(s, first));
	ticket_settle(s->tickets, first, true);
	return drop(s, SQL_UNDO_DROP, first);
}

static enum status void_leaf(struct service *s, const struct pending *p)
{
	struct act act = { .event = EV_VOID, .dossier = p->dossier, .class_mask = UINT32_C(1) << p->class, .hour = true };

	return leaf_add(s, &act, p->record, p->hash, 0, NULL);
}

static enum status set_void(struct service *s, uint64_t first)
{
	struct pending *list;

	set_closed(s, first);
	TRY(pendings_of(s, first, &list));
	for (const struct pending *p = list; p != NULL; p = p->next)
		TRY(void_leaf(s, p));
	TRY(drop(s, SQL_PENDING_DROP_SET, first));
	TRY(erase_void(s, first));
	TRY(rows_undo(s, first));
	dossiers_forget_all(s);
	ticket_settle(s->tickets, first, false);
	return drop(s, SQL_UNDO_DROP, first);
}

static enum status settle_one(struct service *s, uint64_t first, bool in_force)
{
	return in_force ? set_in_force(s, first) : set_void(s, first);
}

enum status call_settle(struct service *s, struct request *r)
{
	size_t n = get_count(&r->body, 512);

	for (size_t i = 0; i < n; i++) {
		uint64_t first = get_u64(&r->body);
		bool in_force = get_u8(&r->body) != 0;

		if (r->body.bad)
			return E_INPUT;
		TRY(settle_one(s, first, in_force));
		if (s->riding_n < sizeof(s->riding) / sizeof(s->riding[0]))
			s->riding[s->riding_n++] = (struct settled){ first, in_force };
	}
	s->settled++;
	return OK;
}

enum status settle_again(struct service *s)
{
	for (size_t i = 0; i < s->riding_n; i++)
		TRY(settle_one(s, s->riding[i].first_seq, s->riding[i].in_force));
	return OK;
}

/* --- recovery at start ----------------------------------------------------------------------------------------------------------- */

enum status call_pending(struct service *s, struct request *r)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_ALL);
	struct pending_part *list = ARENA_ARRAY(s->arena, struct pending_part, PENDING_AT_ONCE);
	enum status status;
	size_t n = 0;

	bind_int(q, 1, PENDING_AT_ONCE);
	while ((status = statement_step(q)) == OK && n < PENDING_AT_ONCE) {
		struct sv hash = column_bytes(q, 6);
		struct pending_part *p = &list[n++];

		p->seq = (uint64_t)column_int(q, 0);
		p->record = column_id(q, 2);
		p->type = (uint16_t)column_int(q, 3);
		p->class = (enum class)column_int(q, 4);
		p->version = (uint64_t)column_int(q, 5);
		if (hash.n == sizeof(p->hash))
			memcpy(p->hash, hash.p, sizeof(p->hash));
	}
	statement_end(q);
	if (status != E_NOTFOUND && status != OK)
		return status;
	put_pending(r->out, list, n);
	return OK;
}

/* Which sets are concerned, and did the main database commit them? A set commits as one: one part of it that is stored is enough, one
 * that is not and was not replaced either makes it void. Replaced is a part by a newer stored write on top of it, of a higher version;
 * a write of the same version was made beside it, and only one of the two can have been committed. */
struct fate {
	uint64_t first;
	bool stored, lost;
};

static void judge(struct fate *f, const struct pending_part *parts, size_t n, const struct pending *p)
{
	bool replaced = false;

	for (size_t i = 0; i < n; i++) {
		if (!parts[i].stored || !id_equal(parts[i].record, p->record) || parts[i].class != p->class)
			continue;
		f->stored = f->stored || parts[i].seq == p->seq;
		replaced = replaced || (parts[i].seq >= p->seq && parts[i].version > p->version) || parts[i].seq == p->seq;
	}
	f->lost = f->lost || !replaced;
}

static bool in_force(const struct fate *f)
{
	return f->stored || !f->lost;
}

static enum status sets_of(struct service *s, const struct pending_part *parts, size_t n, struct fate **out, size_t *sets)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_ALL);
	enum status status;

	*out = ARENA_ARRAY(s->arena, struct fate, n + 1);
	*sets = 0;
	bind_int(q, 1, PENDING_AT_ONCE);
	while ((status = statement_step(q)) == OK) {
		struct pending p = { .seq = (uint64_t)column_int(q, 0),
				     .first = (uint64_t)column_int(q, 1),
				     .record = column_id(q, 2),
				     .class = (enum class)column_int(q, 4),
				     .version = (uint64_t)column_int(q, 5) };
		size_t at = 0;

		while (at < *sets && (*out)[at].first != p.first)
			at++;
		if (at == *sets && *sets == n)
			continue; /* came after the list was given out */
		(*out)[at].first = p.first;
		judge(&(*out)[at], parts, n, &p);
		*sets += at == *sets;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* Sets that changed rights alone have nothing in the main database to look for: the keeper's own rows are the truth, they stand. */
static enum status rights_stand(struct service *s)
{
	enum status status = OK;

	while (status == OK) { /* the list is read anew after each: one statement at a time */
		struct statement *q = db_statement(s->db, SQL_UNDO_SETS);
		uint64_t first;

		status = statement_step(q);
		first = status == OK ? (uint64_t)column_int(q, 0) : 0;
		statement_end(q);
		if (status == OK)
			status = set_in_force(s, first);
	}
	return status == E_NOTFOUND ? OK : status;
}

enum status call_reconcile(struct service *s, struct request *r)
{
	struct fate *fates;
	size_t n, sets;
	struct pending_part *parts = get_pending(&r->body, s->arena, &n);
	int64_t stand = 0;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	TRY(sets_of(s, parts, n, &fates, &sets));
	for (size_t i = 0; i < sets; i++) {
		TRY(in_force(&fates[i]) ? set_in_force(s, fates[i].first) : set_void(s, fates[i].first));
		stand += in_force(&fates[i]);
	}
	s->journal.must_commit = true;
	log_event(LOG_RECOVERY, OK, stand, (int64_t)sets - stand, 0, 0);
	return n < PENDING_AT_ONCE ? rights_stand(s) : OK;
}
