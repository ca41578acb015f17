/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views of dossiers: all rows of one dossier read once, against all leaves that name it, and kept in a cache until one of them changes: each
 * dossier has four places there, the one read longest ago goes. The erasure share lies in the view too; it opens nothing by itself. */
#include "keeper/ledger/directory.h"

#include <string.h>
#include "base/heap.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/ledger/heads.h"

size_t dossier_places(struct id id)
{
	return ((size_t)id.b[0] | (size_t)id.b[1] << 8) % (DOSSIER_CACHE / DOSSIER_PLACES) * DOSSIER_PLACES;
}

static struct dossier **cached(struct service *s, struct id id)
{
	struct dossier **places = &s->dossiers[dossier_places(id)];

	for (size_t i = 0; i < DOSSIER_PLACES; i++)
		if (places[i] != NULL && id_equal(places[i]->row.id, id))
			return &places[i];
	return NULL;
}

static void view_free(struct dossier *d)
{
	if (d == NULL)
		return;
	heap_free(d->assigned);
	heap_free(d->blocked);
	heap_free(d->named);
	heap_free(d->keys);
	heap_free(d->grants);
	heap_free(d->signs);
	wipe(d, sizeof(*d));
	heap_free(d);
}

static enum status add_link(const struct dossier *d, struct id **list, size_t *n, struct sv body)
{
	struct link_row link;

	TRY(read_link(body, &link));
	if (!id_equal(link.dossier, d->row.id))
		return E_CRYPTO;
	*list = heap_grow(*list, *n, *n + 1, sizeof(**list));
	(*list)[(*n)++] = link.other;
	return OK;
}

static enum status add_key(struct dossier *d, struct sv body)
{
	if ((d->key_n & (d->key_n - 1)) == 0) /* room for a power of two */
		d->keys = heap_grow(d->keys, d->key_n, d->key_n > 0 ? d->key_n * 2 : 1, sizeof(*d->keys));
	TRY(read_key(body, &d->keys[d->key_n]));
	return id_equal(d->keys[d->key_n++].dossier, d->row.id) ? OK : E_CRYPTO;
}

static enum status add_receipt(struct dossier *d, struct sv body)
{
	TRY(read_receipt(body, &d->receipt));
	d->has_receipt = true;
	return id_equal(d->receipt.dossier, d->row.id) ? OK : E_CRYPTO;
}

static enum status add_grant(struct dossier *d, struct sv body)
{
	d->grants = heap_grow(d->grants, d->grant_n, d->grant_n + 1, sizeof(*d->grants));
	TRY(read_grant(body, &d->grants[d->grant_n]));
	return id_equal(d->grants[d->grant_n++].dossier, d->row.id) ? OK : E_CRYPTO;
}

static enum status add_sign(struct dossier *d, struct sv body)
{
	d->signs = heap_grow(d->signs, d->sign_n, d->sign_n + 1, sizeof(*d->signs));
	TRY(read_sign(body, &d->signs[d->sign_n]));
	return id_equal(d->signs[d->sign_n++].dossier, d->row.id) ? OK : E_CRYPTO;
}

static enum status add_head(struct dossier *d, struct sv body)
{
	const struct id id = d->row.id;

	TRY(read_dossier(body, &d->row));
	return id_equal(d->row.id, id) ? OK : E_CRYPTO;
}

static enum status take_row(struct dossier *d, enum row_kind kind, struct sv body)
{
	if (kind == ROW_DOSSIER)
		return add_head(d, body);
	if (kind == ROW_KEY)
		return add_key(d, body);
	if (kind == ROW_ASSIGN)
		return add_link(d, &d->assigned, &d->assigned_n, body);
	if (kind == ROW_BLOCK)
		return add_link(d, &d->blocked, &d->blocked_n, body);
	if (kind == ROW_NAMED)
		return add_link(d, &d->named, &d->named_n, body);
	if (kind == ROW_GRANT)
		return add_grant(d, body);
	if (kind == ROW_SIGN)
		return add_sign(d, body);
	return kind == ROW_RECEIPT ? add_receipt(d, body) : OK;
}

/* The parent a row is listed by is not under its hash: each must say itself that it belongs here. */
static enum status add_row(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct dossier *d = arg;
	struct act act = { .event = EV_ALARM, .dossier = d->row.id };
	enum status status = take_row(d, kind, body);

	if (status == E_CRYPTO && s->journal.open)
		alarm_raise(s, ALARM_ROW, &act, object);
	return status;
}

static enum status load_shares(struct service *s, struct dossier *d)
{
	struct statement *q = db_statement(s->db, SQL_SHARE_GET);
	enum status status;

	bind_id(q, 1, d->row.id);
	while ((status = statement_step(q)) == OK && d->share_n < 2) {
		struct share *share = &d->shares[d->share_n];
		struct sv bytes = column_bytes(q, 1);

		if (bytes.n != sizeof(share->bytes))
			continue;
		share->number = (uint32_t)column_int(q, 0);
		memcpy(share->bytes, bytes.p, sizeof(share->bytes));
		d->share_n++;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

enum status dossier_load(struct service *s, struct id id, const struct dossier **out)
{
	struct dossier **place = cached(s, id), *d;
	enum status status;

	if (place != NULL) {
		*out = *place;
		return OK;
	}
	d = heap_new(1, sizeof(*d));
	d->row.id = id;
	status = rows_of_dossier(s, id, add_row, d);
	if (status == OK && d->row.kind == 0)
		status = E_NOTFOUND;
	if (status == OK)
		status = load_shares(s, d);
	if (status != OK) {
		view_free(d);
		return status;
	}
	place = &s->dossiers[dossier_places(id)];
	view_free(place[DOSSIER_PLACES - 1]);
	memmove(place + 1, place, (DOSSIER_PLACES - 1) * sizeof(*place));
	*place = d;
	*out = d;
	return OK;
}

void dossier_forget(struct service *s, struct id id)
{
	struct dossier **place = cached(s, id);

	if (place == NULL)
		return;
	view_free(*place);
	*place = NULL;
}

void dossiers_forget_all(struct service *s)
{
	for (size_t i = 0; i < DOSSIER_CACHE; i++) {
		view_free(s->dossiers[i]);
		s->dossiers[i] = NULL;
	}
	heads_forget_all(s);
}

bool id_among(const struct id *list, size_t n, struct id a)
{
	for (size_t i = 0; i < n; i++)
		if (id_equal(list[i], a))
			return true;
	return false;
}

enum status dossier_put(struct service *s, const struct act *act, enum row_kind kind, struct id object, struct id dossier,
			struct sv body)
{
	const struct row row = { kind, object, dossier, body };

	dossier_forget(s, dossier);
	return row_put(s, act, &row);
}

/* A number whose share a void left to be destroyed is free at once, and the note of it must not meet the new one. */
static enum status free_number(struct service *s, struct id dossier, uint32_t number)
{
	static const enum sql steps[2] = { SQL_SHARE_DROP_DUE, SQL_DUE_DROP };

	for (int i = 0; i < 2; i++) {
		struct statement *q = db_statement(s->db, steps[i]);

		bind_id(q, 1, dossier);
		bind_int(q, 2, number);
		TRY(statement_run(q));
	}
	return OK;
}

enum status share_add(struct service *s, struct id dossier, uint32_t number)
{
	struct statement *q;
	uint8_t share[32];

	TRY(free_number(s, dossier, number));
	q = db_statement(s->db, SQL_SHARE_ADD);
	random_fill(share, sizeof(share));
	bind_id(q, 1, dossier);
	bind_int(q, 2, number);
	bind_bytes(q, 3, share, sizeof(share));
	dossier_forget(s, dossier);
	wipe(share, sizeof(share));
	return statement_run(q);
}

const uint8_t *share_of(const struct dossier *d, uint32_t number)
{
	for (size_t i = 0; i < d->share_n; i++)
		if (d->shares[i].number == number)
			return d->shares[i].bytes;
	return NULL;
}

const struct key_row *dossier_key(const struct dossier *d, struct id key)
{
	for (size_t i = 0; i < d->key_n; i++)
		if (id_equal(d->keys[i].key, key))
			return &d->keys[i];
	return NULL;
}
