/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening. For each part: the keeper's own row of the dossier, the decision, the key, the state the part must be in, then the seal. One
 * leaf for a list with its count, one for each dossier opened; it is durable before any plaintext leaves. A list shows one record of a
 * dossier: whoever calls by that name what opens a dossier has its leaf all the same. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/wipe.h"
#include "keeper/codec.h"
#include "keeper/ledger/heads.h"
#include "keeper/ledger/leaves.h"

#define HISTORY 0x8000
#define SHOWN_MAX (1u << 20)

/* A dossier of which something was shown. */
struct shown {
	struct id id, record;
	uint32_t mask;
	uint16_t parts;
	bool several; /* records */
};
struct opening {
	struct who who;
	struct open_request q;
	uint32_t denied_mask;
	struct id denied;
	size_t plain;
	struct shown *dossiers;
	size_t dossier_n;
};

/* --- is this the part in force? -------------------------------------------------------------------------------------------- */

struct state {
	uint64_t version;
	uint8_t hash[32];
	struct id dossier;
	uint16_t type;
};

static bool fits(const struct state *st, const struct sealed_part *p, const uint8_t hash[32])
{
	if (!id_equal(st->dossier, p->dossier) || st->type != (p->type & ~HISTORY))
		return false;
	if (p->type & HISTORY)
		return p->version <= st->version;
	return p->version == st->version && equal_ct(hash, st->hash, sizeof(st->hash));
}

static enum status fits_head(struct service *s, const struct sealed_part *p, const uint8_t hash[32], bool *fit)
{
	const struct heads *h;
	const struct head *head;

	TRY(heads_of(s, p->dossier, &h));
	head = head_find(h, p->record, p->class);
	if (head != NULL && head->type != 0) {
		struct state st = { .version = head->version, .dossier = h->dossier, .type = head->type };

		memcpy(st.hash, head->hash, sizeof(st.hash));
		*fit = fits(&st, p, hash);
	}
	return OK;
}

/* A row of a write not settled yet counts when its set is open and its leaf says the same. */
static enum status read_pending(struct service *s, struct statement *q, struct state *out, bool *counts)
{
	struct sv hash = column_bytes(q, 1);
	struct leaf leaf;

	*out = (struct state){ .version = (uint64_t)column_int(q, 0),
			       .dossier = column_id(q, 2),
			       .type = (uint16_t)column_int(q, 3) };
	*counts = hash.n == sizeof(out->hash) && leaf_unsettled(s, (uint64_t)column_int(q, 4));
	if (!*counts)
		return OK;
	memcpy(out->hash, hash.p, sizeof(out->hash));
	TRY(leaf_at(s, (uint64_t)column_int(q, 4), &leaf));
	*counts = memcmp(leaf.blob, out->hash, sizeof(out->hash)) == 0 && id_equal(leaf.dossier, out->dossier);
	return OK;
}

static enum status fits_pending(struct service *s, const struct sealed_part *p, const uint8_t hash[32], bool *fit)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_OF_PART);
	enum status status, read = OK;

	bind_id(q, 1, p->record);
	bind_int(q, 2, (int64_t)p->class);
	while ((status = statement_step(q)) == OK && !*fit && read == OK) {
		struct state st;
		bool counts = false;

		read = read_pending(s, q, &st, &counts);
		*fit = read == OK && counts && fits(&st, p, hash);
	}
	statement_end(q);
	return status == OK || status == E_NOTFOUND ? read : status;
}

/* Head, or any write not settled yet. */
static enum status in_force(struct service *s, const struct sealed_part *p)
{
	uint8_t hash[32] = { 0 };
	bool fit = false;

	if (!(p->type & HISTORY))
		hash32(hash, p->blob.p, p->blob.n);
	TRY(fits_head(s, p, hash, &fit));
	if (!fit && sets_open(s))
		TRY(fits_pending(s, p, hash, &fit));
	return fit ? OK : E_CRYPTO;
}

/* Read just before a save that is in force by now: refused like any old state, but no alarm; the caller reads again. */
static bool just_replaced(const struct service *s, struct id record, enum class class)
{
	for (size_t i = 0; i < RECENT; i++)
		if (s->recent[i].class == class && id_equal(s->recent[i].record, record) && s->now - s->recent[i].at < RECENT_MS)
			return true;
	return false;
}

static enum status check_state(struct service *s, const struct opening *o, const struct sealed_part *p)
{
	struct act act = act_of(&o->who, EV_ALARM, p->dossier);
	enum status status = in_force(s, p);

	if (status == E_CRYPTO && !just_replaced(s, p->record, p->class)) {
		act.class_mask = UINT32_C(1) << p->class;
		alarm_raise(s, ALARM_ROLLBACK, &act, p->record);
	}
	return status;
}

/* --- one part ---------------------------------------------------------------------------------------------------------------- */

static enum status unseal(struct service *s, const struct opening *o, const struct dossier *d, const struct held_key *k,
			  const struct sealed_part *p, struct buf *out)
{
	const struct record_bind bind = { .type = p->type,
					  .record = p->record,
					  .dossier = p->dossier,
					  .origin = d->row.origin,
					  .version = p->version,
					  .schema = p->schema };
	const struct key_row *row = dossier_key(d, k->key);
	size_t at = out->n, room = p->blob.n > AMR1_HEAD + 16 ? p->blob.n - AMR1_HEAD - 16 : 0, n = 0;
	uint8_t class;
	struct id key;

	if (amr1_peek(p->blob, &class, &key) != OK || class != p->class || !id_equal(key, k->key))
		return E_CRYPTO;
	TRY(key_mix(d, row, &s->bench->s, &s->bench->k));
	buf_zeros(out, 4 + room);
	if (out->overflow || o->plain + room > SHOWN_MAX)
		return E_LIMIT;
	if (amr1_open((uint8_t *)out->p + at + 4, &n, &s->bench->k, &bind, p->blob) != OK) {
		out->n = at;
		return E_CRYPTO;
	}
	out->p[at] = (char)(n & 0xff);
	out->p[at + 1] = (char)(n >> 8 & 0xff);
	out->p[at + 2] = (char)(n >> 16 & 0xff);
	out->p[at + 3] = (char)(n >> 24 & 0xff);
	wipe(out->p + at + 4 + n, room - n);
	out->n = at + 4 + n;
	return OK;
}

static enum status open_part(struct service *s, struct opening *o, const struct sealed_part *p, struct buf *out)
{
	const struct held_key *k = &o->q.keys[p->key];
	const struct dossier *d;

	if (dossier_load(s, p->dossier, &d) != OK || !may_part(s, &o->who, d, OP_READ, p->class, p->record, false) ||
	    k->class != p->class || !id_equal(k->dossier, p->dossier))
		return E_DENIED;
	TRY(key_open(s, &o->who, d, k, &s->bench->s));
	TRY(check_state(s, o, p));
	return unseal(s, o, d, k, p, out);
}

/* Parts of one dossier mostly come one after the other. */
static struct shown *shown_of(struct opening *o, struct id dossier)
{
	for (size_t i = o->dossier_n; i-- > 0;)
		if (id_equal(o->dossiers[i].id, dossier))
			return &o->dossiers[i];
	o->dossiers[o->dossier_n] = (struct shown){ .id = dossier };
	return &o->dossiers[o->dossier_n++];
}

static void note(struct opening *o, const struct sealed_part *p, enum status status)
{
	struct shown *d;

	if (status == E_DENIED) {
		o->denied_mask |= UINT32_C(1) << p->class;
		o->denied = p->dossier;
		return;
	}
	if (status != OK)
		return;
	d = shown_of(o, p->dossier);
	d->several = d->several || (d->parts > 0 && !id_equal(d->record, p->record));
	d->record = p->record;
	d->mask |= UINT32_C(1) << p->class;
	d->parts++;
}

/* --- is something missing? ------------------------------------------------------------------------------------------------- */

static bool opened_in(const struct opening *o, struct id dossier)
{
	for (size_t i = 0; i < o->dossier_n; i++)
		if (id_equal(o->dossiers[i].id, dossier))
			return true;
	return false;
}

static bool brought(const struct open_request *q, struct id record, enum class class)
{
	for (size_t i = 0; i < q->part_count; i++)
		if (q->parts[i].class == class && id_equal(q->parts[i].record, record))
			return true;
	return false;
}

/* Parts of a record that are in force and that the actor may read, but that the caller did not bring: somebody took them away. */
static enum status missing_of(struct service *s, const struct opening *o, const struct sealed_part *p)
{
	struct act act = act_of(&o->who, EV_ALARM, p->dossier);
	const struct heads *h;
	const struct dossier *d;

	TRY(heads_of(s, p->dossier, &h));
	TRY(dossier_load(s, p->dossier, &d));
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		if (head_find(h, p->record, (enum class)c) != NULL && !brought(&o->q, p->record, (enum class)c) &&
		    may_part(s, &o->who, d, OP_READ, (enum class)c, p->record, false))
			act.class_mask |= UINT32_C(1) << c;
	if (act.class_mask != 0)
		alarm_raise(s, ALARM_MISSING, &act, p->record);
	return OK;
}

/* What is in force of this type beside the records the caller has. A part of a save that came a moment ago may be missing to who read
 * just before; while a set that strips the dossier is open its main rows are gone and its heads are not. */
static enum status missing_records(struct service *s, const struct opening *o, const struct whole *w)
{
	struct act act = act_of(&o->who, EV_ALARM, w->dossier);
	struct id first = ID_ZERO;
	const struct dossier *d;
	const struct heads *h;
	bool *there;

	if (dossier_load(s, w->dossier, &d) != OK || strip_apart(s, NULL, d) != OK)
		return OK;
	TRY(heads_of(s, w->dossier, &h));
	there = ARENA_ARRAY(s->arena, bool, h->n + 1);
	for (size_t i = 0; i < w->record_count; i++)
		for (unsigned c = 0; c < CLASS_COUNT; c++) {
			const struct head *one = head_find(h, w->records[i], (enum class)c);

			if (one != NULL)
				there[one - h->items] = true;
		}
	for (size_t i = 0; i < h->n; i++) {
		const struct head *one = &h->items[i];

		if (there[i] || one->type != w->type || just_replaced(s, one->record, one->class) ||
		    !may(s, &o->who, d, OP_READ, one->class, false))
			continue;
		first = one->record;
		act.class_mask |= UINT32_C(1) << one->class;
	}
	if (act.class_mask != 0)
		alarm_raise(s, ALARM_MISSING, &act, first);
	return OK;
}

static enum status look_for_missing(struct service *s, const struct opening *o)
{
	struct id before = ID_ZERO;

	if (o->q.how != OPEN_DOSSIER)
		return OK;
	for (size_t i = 0; i < o->q.part_count; i++) {
		const struct sealed_part *p = &o->q.parts[i];

		if ((p->type & HISTORY) || id_equal(p->record, before) || !opened_in(o, p->dossier))
			continue;
		before = p->record;
		TRY(missing_of(s, o, p));
	}
	return o->q.is_whole ? missing_records(s, o, &o->q.whole) : OK;
}

/* --- leaves ------------------------------------------------------------------------------------------------------------------ */

static enum status opening_leaf(struct service *s, const struct opening *o, const struct shown *d)
{
	struct act act = act_of(&o->who, EV_OPEN, d->id);

	act.class_mask = d->mask;
	return leaf_add(s, &act, d->id, NULL, d->parts, NULL);
}

/* One leaf for what a list shows: which dossiers, by the hash of their ids as they came; the one itself where it is one. */
static enum status list_leaf(struct service *s, const struct opening *o)
{
	struct buf ids = buf_new(s->arena, o->dossier_n * 16 + 1, o->dossier_n * 16 + 1);
	struct act act = act_of(&o->who, EV_OPEN, ID_ZERO);
	struct shown all = { .parts = 0 };
	struct leaf leaf;
	size_t n = 0;

	for (size_t i = 0; i < o->dossier_n; i++) {
		const struct shown *d = &o->dossiers[i];

		if (d->several)
			continue;
		all.id = d->id;
		all.mask |= d->mask;
		all.parts = (uint16_t)(all.parts + d->parts);
		put_id(&ids, d->id);
		n++;
	}
	if (n < 2)
		return n == 0 ? OK : opening_leaf(s, o, &all);
	act.class_mask = all.mask;
	leaf_from(s, &act, &leaf);
	leaf.purpose |= (uint32_t)all.parts << 16;
	hash32(leaf.detail, ids.p, ids.n);
	return leaf_write(s, &leaf);
}

static enum status opening_leaves(struct service *s, const struct opening *o)
{
	bool list = o->q.how != OPEN_DOSSIER;

	if (o->denied_mask != 0)
		TRY(denied_leaf(s, &o->who, o->denied, o->denied_mask));
	for (size_t i = 0; i < o->dossier_n; i++)
		if (!list || o->dossiers[i].several)
			TRY(opening_leaf(s, o, &o->dossiers[i]));
	return list ? list_leaf(s, o) : OK;
}

enum status call_open(struct service *s, struct request *r)
{
	struct opening o = { .plain = 0 };
	enum status asked = who_asks(s, r, &o.who);

	get_open_request(&r->body, s->arena, &o.q);
	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	o.dossiers = ARENA_ARRAY(s->arena, struct shown, o.q.part_count + 1);
	r->denied = o.q.part_count > 0 ? o.q.parts[0].dossier : ID_ZERO;
	TRY(asked);
	for (size_t i = 0; i < o.q.part_count; i++) {
		const struct sealed_part *p = &o.q.parts[i];
		size_t at = r->out->n;
		enum status status;

		buf_byte(r->out, OK);
		status = open_part(s, &o, p, r->out);
		if (status == E_STORE || status == E_BUG)
			return status;
		note(&o, p, status);
		if (status == OK) {
			o.plain += r->out->n - at;
			continue;
		}
		r->out->n = at;
		buf_byte(r->out, (uint8_t)status);
		buf_u32(r->out, 0);
	}
	TRY(look_for_missing(s, &o));
	return opening_leaves(s, &o);
}
