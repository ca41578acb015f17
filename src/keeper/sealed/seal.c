/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealing, step two of a save: rights first, then each part: decision, version, key, seal, leaf, pending row. The set's leaves stand
 * side by side; it is settled as one. Where a fresh code is needed (public report, new code) the Argon2id job runs first, beside the
 * loop, and the request is worked on when it is done. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/log.h"
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/codec.h"
#include "keeper/ledger/heads.h"

/* --- versions ---------------------------------------------------------------------------------------------------------------- */

static enum status newest_version(struct service *s, const struct seal_part *p, enum sql table, bool *there, uint64_t *version)
{
	struct statement *q = db_statement(s->db, table);
	enum status status;

	bind_id(q, 1, p->record);
	bind_int(q, 2, (int64_t)p->class);
	while ((status = statement_step(q)) == OK) {
		uint64_t v = (uint64_t)column_int(q, 0);

		if (!id_equal(column_id(q, 2), p->dossier) || column_int(q, 3) != (int64_t)p->type)
			*version = UINT64_MAX; /* another record's id */
		else if (*version < v)
			*version = v;
		*there = true;
	}
	statement_end(q);
	return status == E_NOTFOUND ? OK : status;
}

/* A first part must be the first in force; a later one must follow one. A write that is not settled may turn out void, so it never
 * stands in the way. */
static enum status check_version(struct service *s, const struct seal_part *p)
{
	bool head = false, pending = false;
	uint64_t in_force = 0, unsettled = 0;

	TRY(newest_version(s, p, SQL_HEAD_GET, &head, &in_force));
	if (p->first)
		return head ? E_STALE : OK;
	if (head)
		return in_force == UINT64_MAX ? E_DENIED : p->version > in_force ? OK : E_STALE;
	TRY(newest_version(s, p, SQL_PENDING_OF_PART, &pending, &unsettled));
	return !pending ? E_STATE : unsettled == UINT64_MAX ? E_DENIED : OK;
}

/* --- keys ---------------------------------------------------------------------------------------------------------------------- */

/* The desk's newest message is the one the code opens: its key is wrapped to the reporter, the one before is retired. */
static enum status to_reporter(struct service *s, struct sealing *x, const struct key_row *row)
{
	struct act act = act_of(&x->who, EV_KEY, row->dossier);
	struct receipt_row receipt;
	const struct dossier *d;

	TRY(dossier_load(s, row->dossier, &d));
	if (row->class != DIALOG || !d->has_receipt || x->who.kind != ACTOR_STAFF)
		return OK;
	receipt = d->receipt;
	TRY(wrap_to_reporter(s, row, &receipt, &s->bench->s, &x->wraps));
	if (!id_is_zero(receipt.last_key))
		TRY(retire(s, x, receipt.last_key, receipt.locator));
	receipt.last_key = row->key;
	return receipt_put(s, &act, &receipt);
}

bool seals(const struct key_row *key, struct id record)
{
	return id_is_zero(key->only) || id_equal(key->only, record);
}

/* Fresh keys of the classes people sign seal one record and no other: such a key can be lent. */
static struct id only_for(const struct seal_part *p)
{
	return p->fresh_key && people_sign(p->class) ? p->record : ID_ZERO;
}

static enum status made_key(struct service *s, struct sealing *x, const struct seal_part *p, struct key_row *row)
{
	size_t i = x->made_n;

	TRY(key_make(s, &x->who, p->dossier, p->class, p->holder, only_for(p), &x->wraps, row));
	TRY(to_reporter(s, x, row));
	if (i == sizeof(x->made) / sizeof(x->made[0]))
		return OK;
	x->made[i].own = p->fresh_key;
	x->made[i].dossier = p->dossier;
	x->made[i].holder = p->holder;
	x->made[i].class = p->class;
	x->made[i].key = row->key;
	s->bench->made[i] = s->bench->s;
	x->made_n++;
	return OK;
}

/* S into the bench: of the key given, unless that is another record's own, of one made earlier in this set, or of a fresh one. */
static enum status choose_key(struct service *s, struct sealing *x, const struct seal_part *p, struct key_row *row)
{
	const struct dossier *d;
	enum status status;

	TRY(dossier_load(s, p->dossier, &d));
	if (p->key != NULL && !p->fresh_key) {
		if (p->key->class != p->class || !id_equal(p->key->holder, p->holder))
			return E_DENIED;
		status = key_open(s, &x->who, d, p->key, &s->bench->s);
		if (status != OK) /* the wrap was read before the dossier was stripped: read it again */
			return status == E_NOTFOUND && share_of(d, d->row.share) != NULL ? E_STALE : status;
		*row = *dossier_key(d, p->key->key);
		if (row->share != d->row.share)
			return E_INPUT;
		if (seals(row, p->record))
			return OK;
	}
	for (size_t i = 0; i < x->made_n && !p->fresh_key; i++) {
		if (x->made[i].own || x->made[i].class != p->class || !id_equal(x->made[i].dossier, p->dossier) ||
		    !id_equal(x->made[i].holder, p->holder))
			continue;
		s->bench->s = s->bench->made[i];
		*row = *dossier_key(d, x->made[i].key);
		return OK;
	}
	return made_key(s, x, p, row);
}

/* --- one part ------------------------------------------------------------------------------------------------------------------ */

/* AMR1 written in place into the answer. */
static enum status seal_blob(struct service *s, const struct seal_part *p, const struct key_row *key, struct id origin,
			     uint16_t type, struct sv plain, struct buf *out, struct sv *blob)
{
	const struct record_bind bind = { .type = type,
					  .record = p->record,
					  .dossier = p->dossier,
					  .origin = origin,
					  .version = p->version,
					  .schema = p->schema };
	size_t n = amr1_size(plain.n), at;
	uint8_t nonce[24];

	if (plain.n > AMR1_MAX_PLAIN)
		return E_LIMIT;
	random_fill(nonce, sizeof(nonce));
	buf_u32(out, (uint32_t)n);
	at = out->n;
	buf_zeros(out, n);
	TRY(buf_ok(out));
	TRY(amr1_seal((uint8_t *)out->p + at, &s->bench->k, (uint8_t)p->class, key->key, nonce, &bind, plain));
	*blob = sv_bytes(out->p + at, n);
	return OK;
}

enum status pending_add(struct service *s, const struct seal_part *p, const uint8_t hash[32], uint64_t seq)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_ADD);

	bind_int(q, 1, (int64_t)seq);
	bind_int(q, 2, (int64_t)s->journal.first);
	bind_id(q, 3, p->record);
	bind_int(q, 4, p->type);
	bind_int(q, 5, (int64_t)p->class);
	bind_id(q, 6, p->dossier);
	bind_int(q, 7, (int64_t)p->version);
	bind_bytes(q, 8, hash, 32);
	return statement_run(q);
}

static enum status part_leaf(struct service *s, const struct sealing *x, const struct seal_part *p, const uint8_t hash[32],
			     uint64_t *seq)
{
	struct act act = act_of(&x->who, p->first ? EV_CREATE : x->set->event, p->dossier);

	act.class_mask = UINT32_C(1) << p->class;
	act.purpose = x->set->purpose;
	TRY(leaf_add(s, &act, p->record, hash, 0, seq));
	return pending_add(s, p, hash, *seq);
}

/* Who strips a report writes what stays of its head, also where his role reads heads only. */
static bool may_seal(const struct service *s, const struct sealing *x, const struct dossier *d, const struct seal_part *p)
{
	if (p->signature || p->type == RECORD_SIGNATURE)
		return p->signature && signature_allowed(s, x, d, p); /* nobody writes one for another */
	if (may(s, &x->who, d, OP_WRITE, p->class, created_here(x, p->dossier)))
		return true;
	return p->class == REPORT && id_equal(p->record, p->dossier) && stripped_here(x, p->dossier);
}

static enum status seal_part(struct service *s, struct sealing *x, struct seal_part *p, struct buf *out)
{
	const struct dossier *d;
	struct key_row key;
	struct id origin;
	struct sv blob;
	size_t head;

	if (dossier_load(s, p->dossier, &d) != OK || !may_seal(s, x, d, p) || is_signed(d, p->record, p->class))
		return E_DENIED;
	TRY(strip_apart(s, x, d));
	TRY(upload_recorded(s, &x->who, p));
	TRY(dossier_load(s, p->dossier, &d));
	origin = d->row.origin;
	TRY(check_version(s, p));
	TRY(choose_key(s, x, p, &key));
	TRY(dossier_load(s, p->dossier, &d));
	TRY(key_mix(d, &key, &s->bench->s, &s->bench->k));
	put_id(out, origin);
	put_id(out, key.key);
	head = out->n;
	buf_zeros(out, 40);
	TRY(seal_blob(s, p, &key, origin, p->type, p->plain, out, &blob));
	hash32(p->hash, blob.p, blob.n);
	p->key_id = key.key;
	if (p->history.p != NULL)
		TRY(seal_blob(s, p, &key, origin, (uint16_t)(p->type | 0x8000), p->history, out, &blob));
	else
		buf_u32(out, 0);
	TRY(part_leaf(s, x, p, p->hash, &p->seq));
	TRY(buf_ok(out));
	memcpy(out->p + head, p->hash, sizeof(p->hash));
	for (unsigned i = 0; i < 8; i++)
		out->p[head + 32 + i] = (char)(p->seq >> (8 * i) & 0xff);
	return OK;
}

static enum status seal_all(struct service *s, struct request *r, struct sealing *x)
{
	struct seal_set *set = x->set;

	s->journal.in_set = true;
	s->journal.first = s->journal.tree.size;
	s->journal.undo_n = 0;
	TRY(rights_apply(s, r, x, false));
	buf_u32(r->out, (uint32_t)set->part_count);
	for (size_t i = 0; i < set->part_count; i++) {
		r->denied = set->parts[i].dossier;
		r->denied_mask = UINT32_C(1) << set->parts[i].class;
		TRY(seal_part(s, x, &set->parts[i], r->out));
	}
	TRY(rights_apply(s, r, x, true));
	TRY(strips_whole(x));
	TRY(drops_seal(s, x));
	set->wraps = x->wraps.items;
	set->wrap_count = x->wraps.n;
	set->retired = x->retired;
	set->retired_count = x->retired_n;
	set->first_seq = s->journal.first;
	set->seq_count = (uint32_t)(s->journal.tree.size - s->journal.first);
	return OK;
}

/* --- codes ---------------------------------------------------------------------------------------------------------------------- */

static bool needs_code(const struct seal_set *set)
{
	for (size_t i = 0; i < set->right_count; i++)
		if (set->rights[i].what == RIGHT_NEW_CODE)
			return true;
	return set->report != NULL;
}

static enum status queue_code(struct service *s, struct request *r)
{
	struct job *j = argon_reserve(s->argon, QUEUE_CODE, 0);

	if (j == NULL) {
		r->retry_s = argon_wait_s(s->argon);
		return E_BUSY;
	}
	j->kind = JOB_RECEIPT;
	j->owner = r->from;
	code_new(j->secret);
	j->secret_n = CODE_DIGITS;
	memcpy(j->salt, s->instance.salt, sizeof(j->salt));
	memcpy(j->pepper[0], s->vault->pepper[s->vault->pepper_count - 1], 32);
	j->pepper_count = 1;
	r->job = j;
	r->wait = true;
	return OK;
}

static void answer_repeated(struct request *r, struct seal_set *set, const struct ticket_use *u)
{
	memcpy(set->report->code, u->code, sizeof(set->report->code));
	set->report->repeated = true;
	buf_u32(r->out, 0);
	put_seal_answer_tail(r->out, set);
}

/* First call of a public report: a ticket seen before is answered or waited for; a fresh one starts its job. */
static enum status begin_report(struct service *s, struct request *r, struct seal_set *set)
{
	struct ticket_use *u = ticket_find(s->tickets, set->report->ticket, s->now);

	if (u != NULL && u->state != TICKET_USED) {
		r->park = !r->late;
		r->retry_s = 1;
		return r->late ? E_BUSY : OK;
	}
	if (u != NULL && u->code[0] == 0)
		return E_STATE;
	if (u != NULL) {
		answer_repeated(r, set, u);
		return OK;
	}
	TRY(queue_code(s, r));
	ticket_add(s->tickets, set->report->ticket, s->now)->by = r->from;
	return OK;
}

static enum status finish_report(struct service *s, struct request *r, struct sealing *x)
{
	struct public_report *p = x->set->report;
	struct ticket_use *u = ticket_find(s->tickets, p->ticket, s->now);
	enum status status = r->job->status;

	x->who = (struct who){ .kind = ACTOR_REPORTER, .roles = ROLE_BIT(ROLE_REPORTER), .active = true };
	r->asked = x->who;
	if (status == OK)
		status = seal_all(s, r, x);
	if (status != OK) {
		if (u != NULL)
			ticket_drop(u);
		return status;
	}
	memcpy(p->code, r->job->secret, CODE_DIGITS);
	if (u != NULL) {
		ticket_pending(s->tickets, u, x->set->first_seq);
		memcpy(u->code, p->code, sizeof(u->code));
	}
	put_seal_answer_tail(r->out, x->set);
	return OK;
}

static enum status seal_for(struct service *s, struct request *r, struct sealing *x)
{
	if (r->job != NULL)
		TRY(r->job->status);
	TRY(who_asks(s, r, &x->who));
	TRY(seal_all(s, r, x));
	for (size_t i = 0; i < x->set->right_count; i++)
		if (x->set->rights[i].what == RIGHT_NEW_CODE)
			memcpy(x->set->new_code, r->job->secret, CODE_DIGITS);
	put_seal_answer_tail(r->out, x->set);
	wipe(x->set->new_code, sizeof(x->set->new_code));
	return OK;
}

static bool sound_event(enum event e)
{
	return e == EV_WRITE || e == EV_CREATE || e == EV_CONSENT || e == EV_WITHDRAW || e == EV_REFERRAL || e == EV_REQUEST ||
	       e == EV_SIGN || e == EV_LINK || e == EV_DEMAND;
}

enum status call_seal(struct service *s, struct request *r)
{
	struct seal_set set = { .event = EV_WRITE };
	struct sealing x = { .set = &set, .receipt = r->job != NULL ? &r->job->receipts[0] : NULL };
	struct who w;
	enum status status;

	get_seal_request(&r->body, s->arena, &set);
	if (r->body.bad || r->body.n != 0 || !sound_event(set.event))
		return E_INPUT;
	if (s->full)
		return E_STORE;
	if (held(s)) {
		r->park = !r->late;
		r->retry_s = 1;
		return r->late ? E_BUSY : OK;
	}
	if (set.report != NULL && r->job == NULL)
		return begin_report(s, r, &set);
	if (set.report == NULL && needs_code(&set) && r->job == NULL) {
		TRY(who_is(s, &r->token, &w, true));
		return queue_code(s, r);
	}
	status = set.report != NULL ? finish_report(s, r, &x) : seal_for(s, r, &x);
	if (status == OK)
		set_opened(s, set.first_seq, set.first_seq + set.seq_count);
	s->journal.in_set = false;
	return status;
}
