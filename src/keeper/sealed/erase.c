/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erasure (sealed design 10, T-ERA-1, T-ERA-2). What a key opens hangs on an erasure share that lies in shred.db alone; destroyed there,
 * no old copy of anything else opens it.
 *
 * Stripping: a set gives a report a new share and seals what stays under fresh keys mixed with it. Until the set is settled both shares
 * live, each key says which one is its own, and nothing else is written in the dossier. In force: the old keys and the heads of all that
 * was not sealed anew go, each with its leaf, and the old share is due. Void: the new share is due and the rows are as they were.
 * Ending: a dossier made with a lifetime is erased by the keeper's own clock, whatever its callers do.
 *
 * A share is destroyed in three steps, since two files never commit as one: it is noted as due in the commit that decides it; it is
 * deleted and shred.db's log emptied; the note goes. A crash in between begins again with the note. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "keeper/ledger/heads.h"

#define ENDING_AT_ONCE 100
#define STRIPPED_MAX 16

/* --- shares -------------------------------------------------------------------------------------------------------------- */

enum status share_due(struct service *s, struct id dossier, uint32_t number)
{
	struct statement *q = db_statement(s->db, SQL_DUE_ADD);

	bind_id(q, 1, dossier);
	bind_int(q, 2, number);
	s->shredding = true;
	s->journal.must_commit = true;
	return statement_run(q);
}

/* Views hold shares too. */
static enum status forget_due(struct service *s)
{
	struct statement *q = db_statement(s->db, SQL_DUE_ALL);
	enum status status;

	while ((status = statement_step(q)) == OK)
		dossier_forget(s, column_id(q, 0));
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

enum status shares_shred(struct service *s)
{
	if (!s->shredding)
		return OK;
	TRY(forget_due(s));
	TRY(db_simple(s->db, SQL_SHARES_SHRED));
	TRY(db_shred_truncate(s->db));
	TRY(db_simple(s->db, SQL_DUE_CLEAR));
	s->shredding = false;
	return OK;
}

/* --- what goes with a share ---------------------------------------------------------------------------------------------- */

static struct act erase_act(struct id dossier)
{
	return (struct act){ .event = EV_ERASE, .dossier = dossier, .hour = true };
}

/* The rows of all keys mixed with this share. */
static enum status drop_keys(struct service *s, struct id dossier, uint32_t number)
{
	struct act act = erase_act(dossier);
	const struct dossier *d;
	struct id *keys;
	size_t n = 0;

	TRY(dossier_load(s, dossier, &d));
	keys = ARENA_ARRAY(s->arena, struct id, d->key_n + 1);
	for (size_t i = 0; i < d->key_n; i++)
		if (d->keys[i].share == number)
			keys[n++] = d->keys[i].key;
	for (size_t i = 0; i < n; i++)
		TRY(dossier_put(s, &act, ROW_KEY, keys[i], dossier, SV_NONE));
	return OK;
}

struct gone_part {
	struct id record;
	unsigned class;
	struct gone_part *next;
};

/* Parts in force that were written before this leaf: each has a leaf that says it is erased and not lost. */
static enum status drop_heads(struct service *s, struct id dossier, uint64_t before)
{
	struct statement *q = db_statement(s->db, SQL_HEADS_OF_DOSSIER);
	struct act act = erase_act(dossier);
	struct gone_part *list = NULL;
	enum status status;

	bind_id(q, 1, dossier);
	bind_int(q, 2, (int64_t)before);
	while ((status = statement_step(q)) == OK) {
		struct gone_part *p = ARENA_NEW(s->arena, struct gone_part);

		*p = (struct gone_part){ column_id(q, 0), (unsigned)column_int(q, 1), list };
		list = p;
	}
	statement_end(q);
	if (status != E_NOTFOUND)
		return status;
	for (const struct gone_part *p = list; p != NULL; p = p->next) {
		act.class_mask = UINT32_C(1) << p->class;
		TRY(leaf_add(s, &act, p->record, NULL, 0, NULL));
	}
	heads_forget(s, dossier);
	q = db_statement(s->db, SQL_HEADS_DROP);
	bind_id(q, 1, dossier);
	bind_int(q, 2, (int64_t)before);
	return statement_run(q);
}

static enum status unsettled(struct service *s, struct id dossier, bool *there)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_OF_DOSSIER);
	enum status status;

	bind_id(q, 1, dossier);
	status = statement_step(q);
	statement_end(q);
	*there = status == OK;
	return status == E_NOTFOUND ? OK : status;
}

/* --- stripping ----------------------------------------------------------------------------------------------------------- */

bool stripped_here(const struct sealing *x, struct id dossier)
{
	return id_among(x->stripped, x->stripped_n, dossier);
}

enum status strip_apart(struct service *s, const struct sealing *x, const struct dossier *d)
{
	bool open = false;

	for (size_t i = 0; i < d->key_n; i++)
		open = open || d->keys[i].share != d->row.share;
	if (!open || (x != NULL && stripped_here(x, d->row.id)))
		return OK;
	s->journal.clash = true;
	return E_BUSY;
}

/* Who may end a report: desk and case manager, where they read it. */
bool strip_allowed(const struct service *s, const struct sealing *x, const struct dossier *d)
{
	return (x->who.roles & (ROLE_BIT(ROLE_DESK) | ROLE_BIT(ROLE_CASE_MANAGER))) != 0 &&
	       may(s, &x->who, d, OP_READ, REPORT, false);
}

enum status strip(struct service *s, struct sealing *x, const struct dossier *d)
{
	struct act act = act_of(&x->who, EV_ERASE, d->row.id);
	struct dossier_row row = d->row;
	struct receipt_row receipt = d->receipt;
	bool had = d->has_receipt && !id_is_zero(d->receipt.last_key), others;

	if (row.kind != DOSSIER_REPORT || row.ends != 0 || created_here(x, row.id) || stripped_here(x, row.id) ||
	    x->stripped_n == sizeof(x->stripped) / sizeof(x->stripped[0]))
		return E_INPUT;
	TRY(unsettled(s, row.id, &others));
	if (others) { /* what somebody else is just writing would be sealed under the share that goes */
		s->journal.clash = true;
		return E_BUSY;
	}
	row.share++;
	TRY(dossier_row_put(s, &act, &row));
	TRY(share_add(s, row.id, row.share));
	x->stripped[x->stripped_n++] = row.id;
	receipt.last_key = ID_ZERO; /* what the code opened is erased; an answer of this set takes its place */
	return had ? receipt_put(s, &act, &receipt) : OK;
}

/* Recovery finds a set by its parts. */
enum status strips_whole(const struct sealing *x)
{
	for (size_t i = 0; i < x->stripped_n; i++) {
		bool part = false;

		for (size_t k = 0; k < x->set->part_count; k++)
			part = part || id_equal(x->set->parts[k].dossier, x->stripped[i]);
		if (!part)
			return E_INPUT;
	}
	return OK;
}

/* --- a set's fate -------------------------------------------------------------------------------------------------------- */

struct stripped {
	struct id dossier;
	uint32_t before; /* share it had; UINT32_MAX: the set made the dossier */
};
struct changed {
	struct row row;
	struct changed *next;
};

static enum status dossiers_changed(struct service *s, uint64_t first, struct changed **out)
{
	struct statement *q = db_statement(s->db, SQL_UNDO_OF);
	struct changed **last = out;
	enum status status;

	*out = NULL;
	bind_int(q, 1, (int64_t)first);
	while ((status = statement_step(q)) == OK) {
		struct changed *c;

		if (column_int(q, 1) != ROW_DOSSIER)
			continue;
		c = ARENA_NEW(s->arena, struct changed);
		c->row = (struct row){ ROW_DOSSIER, column_id(q, 2), column_id(q, 2), arena_copy(s->arena, column_bytes(q, 4)) };
		*last = c;
		last = &c->next;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* Dossiers whose rows this set made or gave a new share; the undo rows say what was before, as far as the journal agrees. */
static enum status stripped_of(struct service *s, uint64_t first, struct stripped *out, size_t *n)
{
	struct changed *list;

	*n = 0;
	TRY(dossiers_changed(s, first, &list));
	for (const struct changed *c = list; c != NULL; c = c->next) {
		struct dossier_row before = { .share = UINT32_MAX };
		bool genuine;
		size_t i = 0;

		TRY(undo_genuine(s, first, &c->row, &genuine));
		while (i < *n && !id_equal(out[i].dossier, c->row.object))
			i++;
		if (!genuine || i < *n)
			continue; /* what it was within the set */
		if (i == STRIPPED_MAX)
			return E_BUG;
		if (c->row.body.n > 0)
			TRY(read_dossier(c->row.body, &before));
		out[(*n)++] = (struct stripped){ c->row.object, before.share };
	}
	return OK;
}

enum status erase_in_force(struct service *s, uint64_t first)
{
	struct stripped list[STRIPPED_MAX];
	const struct dossier *d;
	size_t n;

	TRY(stripped_of(s, first, list, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(dossier_load(s, list[i].dossier, &d));
		if (list[i].before == UINT32_MAX || list[i].before == d->row.share)
			continue;
		TRY(drop_keys(s, list[i].dossier, list[i].before));
		TRY(drop_heads(s, list[i].dossier, first));
		TRY(share_due(s, list[i].dossier, list[i].before));
	}
	return OK;
}

static enum status drop_ending(struct service *s, struct id dossier)
{
	struct statement *q = db_statement(s->db, SQL_ENDING_DROP);

	bind_id(q, 1, dossier);
	return statement_run(q);
}

enum status erase_void(struct service *s, uint64_t first)
{
	struct stripped list[STRIPPED_MAX];
	const struct dossier *d;
	size_t n;

	TRY(stripped_of(s, first, list, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(dossier_load(s, list[i].dossier, &d));
		if (list[i].before == d->row.share)
			continue;
		TRY(share_due(s, list[i].dossier, d->row.share));
		if (list[i].before == UINT32_MAX)
			TRY(drop_ending(s, list[i].dossier));
	}
	return OK;
}

/* --- dossiers with an end of their own ----------------------------------------------------------------------------------- */

enum status ending_add(struct service *s, const struct dossier_row *row)
{
	struct statement *q = db_statement(s->db, SQL_ENDING_ADD);

	bind_id(q, 1, row->id);
	bind_int(q, 2, row->ends);
	return statement_run(q);
}

/* Those that stay open for now (a row was edited, a write is not settled) stand in nobody's way. */
static enum status end_one(struct service *s, struct id id, bool *ended)
{
	struct act act = erase_act(id);
	const struct dossier *d;
	enum status status = dossier_load(s, id, &d);
	bool open;

	*ended = status == E_NOTFOUND;
	if (status == E_NOTFOUND)
		return drop_ending(s, id);
	if (status == E_CRYPTO)
		return OK; /* a row was edited, which raised its alarm: the others end */
	TRY(status);
	if (d->row.ends == 0 || d->row.ends > s->now)
		return OK;
	TRY(unsettled(s, id, &open));
	if (open)
		return OK; /* its write is not settled: next time */
	*ended = true;
	TRY(leaf_add(s, &act, id, NULL, 0, NULL));
	TRY(share_due(s, id, d->row.share));
	TRY(drop_keys(s, id, d->row.share));
	TRY(drop_heads(s, id, INT64_MAX));
	return drop_ending(s, id);
}

struct over {
	struct id dossier;
	int64_t at;
};

/* The next ones whose time has come, after this one. */
static enum status endings(struct service *s, const struct over *after, struct over *out, size_t *n)
{
	struct statement *q = db_statement(s->db, SQL_ENDING_OVER);
	enum status status;

	*n = 0;
	bind_int(q, 1, s->now);
	bind_int(q, 2, after->at);
	bind_id(q, 3, after->dossier);
	bind_int(q, 4, ENDING_AT_ONCE);
	while ((status = statement_step(q)) == OK && *n < ENDING_AT_ONCE)
		out[(*n)++] = (struct over){ column_id(q, 0), column_int(q, 1) };
	statement_end(q);
	return status == E_NOTFOUND || status == OK ? OK : status;
}

enum status dossiers_end(struct service *s)
{
	struct over over[ENDING_AT_ONCE], after = { .at = INT64_MIN };
	size_t n = ENDING_AT_ONCE, done = 0;
	bool ended;

	while (n == ENDING_AT_ONCE && done < ENDING_AT_ONCE) {
		TRY(endings(s, &after, over, &n));
		if (n > 0)
			TRY(batch_begin(s));
		for (size_t i = 0; i < n; i++) {
			TRY(end_one(s, over[i].dossier, &ended));
			done += ended;
			after = over[i];
		}
	}
	return OK;
}
