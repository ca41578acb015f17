/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures and reviews (sealed design 11). A signature is a row that names who, which part and the hash of what was signed; its `sign`
 * leaf carries H of that row. The hash is the keeper's own: of the part in force, of one whose write is not settled yet, or of one sealed
 * in this very set. The first signature makes an act provisional, the second is another user's over the same bytes. What is signed is not
 * changed any more: who thinks otherwise writes another record. Whoever may read a part is told who signed it and whether it still is what
 * was signed; what its text says of that is its author's word.
 *
 * A review lends one part to one person of another organisation for a day at most: a grant row with its end, and the part's key wrapped to
 * him in person. The key must be one that seals this record alone, so that what is lent opens nothing else. */
#include "keeper/people/admission.h"
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "keeper/codec.h"
#include "keeper/ledger/heads.h"
#include "keeper/ledger/leaves.h"

#define PURPOSE_CASE_RECORD 1 /* number of consent_purposes.csv */

/* --- which bytes --------------------------------------------------------------------------------------------------------------- */

struct seal_part *part_here(const struct sealing *x, struct id record, enum class class)
{
	for (size_t i = 0; i < x->set->part_count; i++)
		if (x->set->parts[i].class == class && id_equal(x->set->parts[i].record, record))
			return &x->set->parts[i];
	return NULL;
}

struct signed_state {
	uint8_t hash[32];
	unsigned found; /* how many different ones */
};

static void note_state(struct signed_state *st, const uint8_t hash[32])
{
	if (st->found > 0 && memcmp(st->hash, hash, sizeof(st->hash)) == 0)
		return;
	memcpy(st->hash, hash, sizeof(st->hash));
	st->found++;
}

/* A write whose set is open and whose leaf says the same. */
static enum status note_pending(struct service *s, struct signed_state *st, struct statement *q, const struct right_change *c)
{
	struct sv hash = column_bytes(q, 1);
	uint64_t seq = (uint64_t)column_int(q, 4);
	struct leaf leaf;

	if ((uint64_t)column_int(q, 0) != c->version || hash.n != 32 || !leaf_unsettled(s, seq))
		return OK;
	TRY(leaf_at(s, seq, &leaf));
	if (memcmp(leaf.blob, hash.p, hash.n) == 0 && id_equal(leaf.dossier, c->dossier))
		note_state(st, leaf.blob);
	return OK;
}

static enum status pending_states(struct service *s, const struct right_change *c, struct signed_state *st)
{
	struct statement *q = db_statement(s->db, SQL_PENDING_OF_PART);
	enum status status, noted = OK;

	bind_id(q, 1, c->object);
	bind_int(q, 2, (int64_t)c->class);
	while (noted == OK && (status = statement_step(q)) == OK)
		noted = note_pending(s, st, q, c);
	statement_end(q);
	TRY(noted);
	return status == E_NOTFOUND ? OK : status;
}

/* The part in force, or a write of it that is not settled yet. */
static enum status states_of(struct service *s, const struct right_change *c, struct signed_state *st)
{
	const struct heads *h;
	const struct head *head;

	TRY(heads_of(s, c->dossier, &h));
	head = head_find(h, c->object, c->class);
	if (head != NULL && head->type != 0 && head->version == c->version)
		note_state(st, head->hash);
	return sets_open(s) ? pending_states(s, c, st) : OK;
}

/* Two of one version: one of them will be void, the settle says which. */
static enum status stored_state(struct service *s, const struct right_change *c, uint8_t hash[32])
{
	struct signed_state st = { .found = 0 };

	TRY(states_of(s, c, &st));
	memcpy(hash, st.hash, sizeof(st.hash));
	s->journal.clash = s->journal.clash || st.found > 1;
	return st.found == 1 ? OK : st.found == 0 ? E_STALE : E_BUSY;
}

static enum status state_signed(struct service *s, const struct sealing *x, const struct right_change *c, uint8_t hash[32])
{
	const struct seal_part *p = part_here(x, c->object, c->class);

	if (p == NULL)
		return stored_state(s, c, hash);
	if (!id_equal(p->dossier, c->dossier) || p->version != c->version)
		return E_STALE;
	memcpy(hash, p->hash, sizeof(p->hash));
	return OK;
}

/* --- signing ------------------------------------------------------------------------------------------------------------------- */

bool is_signed(const struct dossier *d, struct id record, enum class class)
{
	for (size_t i = 0; i < d->sign_n; i++)
		if (d->signs[i].class == class && id_equal(d->signs[i].record, record))
			return true;
	return false;
}

static const struct sign_row *signature_of(const struct dossier *d, const struct right_change *c, uint32_t which)
{
	for (size_t i = 0; i < d->sign_n; i++)
		if (d->signs[i].which == which && d->signs[i].class == c->class && id_equal(d->signs[i].record, c->object))
			return &d->signs[i];
	return NULL;
}

static enum status sign_put(struct service *s, const struct sealing *x, const struct right_change *c, uint32_t which,
			    const uint8_t hash[32])
{
	struct act act = act_of(&x->who, EV_SIGN, c->dossier);
	struct sign_row row = { .dossier = c->dossier,
				.record = c->object,
				.class = c->class,
				.which = (uint8_t)which,
				.user = x->who.user,
				.organisation = x->who.organisation,
				.version = c->version,
				.at = s->now };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	act.class_mask = UINT32_C(1) << c->class;
	act.purpose = x->set->purpose;
	memcpy(row.hash, hash, sizeof(row.hash));
	write_sign(&b, &row);
	return dossier_put(s, &act, ROW_SIGN, sign_object(c->object, c->class, which), c->dossier, buf_view(&b));
}

static enum status sign_first(struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c,
			      const uint8_t hash[32])
{
	return signature_of(d, c, SIGN_FIRST) != NULL ? E_STATE : sign_put(s, x, c, SIGN_FIRST, hash);
}

static enum status sign_second(struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c,
			       const uint8_t hash[32])
{
	const struct sign_row *first = signature_of(d, c, SIGN_FIRST);

	if (first == NULL || signature_of(d, c, SIGN_SECOND) != NULL)
		return E_STATE;
	if (id_equal(first->user, x->who.user))
		return E_DENIED;
	if (!equal_ct(first->hash, hash, sizeof(first->hash)))
		return E_STALE;
	return sign_put(s, x, c, SIGN_SECOND, hash);
}

bool sign_allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	const struct seal_part *own = part_here(x, c->object, c->class);

	if (!people_sign(c->class))
		return false;
	if (c->amount == SIGN_SECOND)
		return may_part(s, &x->who, d, OP_SIGN, c->class, c->object, false);
	return c->amount == SIGN_FIRST && (may_part(s, &x->who, d, OP_WRITE, c->class, c->object, created_here(x, d->row.id)) ||
					   (own != NULL && own->signature));
}

enum status sign(struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	uint8_t hash[32];

	TRY(state_signed(s, x, c, hash));
	return c->amount == SIGN_FIRST ? sign_first(s, x, d, c, hash) : sign_second(s, x, d, c, hash);
}

/* A part that is itself a signature: who may sign the record it is about makes it, without a right to write. */
bool signature_allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct seal_part *p)
{
	return p->type == RECORD_SIGNATURE && p->first && p->fresh_key && people_sign(p->class) && !id_equal(p->record, p->signs) &&
	       may_part(s, &x->who, d, OP_SIGN, p->class, p->signs, false);
}

/* --- who signed ---------------------------------------------------------------------------------------------------------------- */

static enum status put_signature(struct service *s, const struct sign_row *row, struct buf *out)
{
	const struct right_change c = {
		.dossier = row->dossier, .object = row->record, .class = row->class, .version = row->version
	};
	struct signed_state st = { .found = 0 };

	TRY(states_of(s, &c, &st));
	put_id(out, row->record);
	buf_byte(out, (uint8_t)row->class);
	buf_byte(out, row->which);
	put_id(out, row->user);
	put_id(out, row->organisation);
	buf_u64(out, (uint64_t)row->at);
	buf_u64(out, row->version);
	buf_byte(out, st.found == 1 && memcmp(st.hash, row->hash, sizeof(st.hash)) == 0);
	return buf_ok(out);
}

/* Of parts he may read; of a dossier he may not know of as of one that has none. */
enum status call_signatures(struct service *s, struct request *r)
{
	struct id dossier = get_id(&r->body);
	size_t at = r->out->n, n = 0;
	const struct dossier *d;
	struct who w;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	TRY(who_is(s, &r->token, &w, true));
	buf_u32(r->out, 0);
	if (!w.active || dossier_load(s, dossier, &d) != OK)
		return OK;
	for (size_t i = 0; i < d->sign_n; i++) {
		if (!may_part(s, &w, d, OP_READ, d->signs[i].class, d->signs[i].record, false))
			continue;
		if (n++ == SIGNATURES_MAX)
			return E_LIMIT;
		TRY(put_signature(s, &d->signs[i], r->out));
	}
	for (unsigned i = 0; i < 4; i++)
		r->out->p[at + i] = (char)(n >> (8 * i) & 0xff);
	return OK;
}

/* --- review -------------------------------------------------------------------------------------------------------------------- */

bool review_allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	if (!id_equal(d->row.owner, x->who.organisation))
		return false;
	return may(s, &x->who, d, OP_WRITE, c->class, created_here(x, d->row.id)) || may(s, &x->who, d, OP_SIGN, c->class, false);
}

/* The newest key that seals this record alone. */
static const struct key_row *own_key(const struct dossier *d, const struct right_change *c)
{
	const struct key_row *best = NULL;

	for (size_t i = 0; i < d->key_n; i++)
		if (d->keys[i].class == c->class && id_equal(d->keys[i].only, c->object) &&
		    (best == NULL || d->keys[i].generation > best->generation))
			best = &d->keys[i];
	return best;
}

static enum status review_secret(struct service *s, struct sealing *x, const struct dossier *d, const struct key_row *row)
{
	const struct held_key *k;

	for (size_t i = 0; i < x->made_n; i++)
		if (id_equal(x->made[i].key, row->key)) {
			s->bench->s = s->bench->made[i];
			return OK;
		}
	k = given_key(x, d->row.id, row->key);
	return k == NULL ? E_INPUT : key_open(s, &x->who, d, k, &s->bench->s);
}

static enum status grant_put(struct service *s, const struct sealing *x, const struct grant_row *row)
{
	struct act act = act_of(&x->who, EV_GRANT, row->dossier);
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	act.class_mask = UINT32_C(1) << row->class;
	act.purpose = row->purpose;
	write_grant(&b, row);
	return dossier_put(s, &act, ROW_GRANT, row->grant, row->dossier, buf_view(&b));
}

enum status review(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	const struct member_row *m = member_by_user(s, c->user);
	const struct key_row *own = own_key(d, c);
	struct grant_row grant = { .grant = id_new(),
				   .dossier = c->dossier,
				   .record = c->object,
				   .class = c->class,
				   .ops = OP_READ | OP_SIGN,
				   .purpose = PURPOSE_CASE_RECORD,
				   .user = c->user,
				   .not_after = (uint64_t)(s->now / SECOND_MS) + (uint64_t)c->amount * 3600 };
	struct key_row key;

	TRY(rights_free(s, x->who.user));
	if (id_is_zero(c->object) || c->amount < 1 || c->amount > REVIEW_HOURS_MAX || own == NULL || m == NULL ||
	    id_equal(m->organisation, d->row.owner))
		return E_INPUT;
	if (m->state != MEMBER_ACTIVE || member_cert(s, m) == NULL || !policy_may(m->roles, c->class, OP_SIGN) ||
	    blocked_for(d, m->user, m->organisation))
		return E_STATE;
	key = *own;
	grant.organisation = m->organisation;
	grant.key = key.key;
	TRY(review_secret(s, x, d, &key));
	TRY(grant_put(s, x, &grant));
	return wrap_to_reviewer(s, &key, &grant, &s->bench->s, &x->wraps);
}
