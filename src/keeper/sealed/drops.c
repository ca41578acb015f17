/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of the statistics (sealed design 4.5, 6): written by who cannot read them. Each has a key of its own, wrapped to the programme's STAT
 * compartment (kind 11) and mixed with the erasure share of the present set of events, which is no dossier's; its create leaf names the
 * set as dossier and covers its key too. An event counts while its newest leaf is that create leaf: a void leaf takes it back, and no table
 * but the journal is asked.
 *
 * Until the programme is founded nobody could open an event: none is sealed then, and the act it would have counted goes on. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/random.h"
#include "base/wipe.h"
#include "keeper/people/ceremony.h"
#include "keeper/codec.h"
#include "keeper/ledger/heads.h"
#include "keeper/ledger/leaves.h"

/* --- sealing ------------------------------------------------------------------------------------------------------------------- */

/* An event rides in an act that was decided; whether this actor's acts are counted the matrix says. */
static bool drop_allowed(const struct sealing *x)
{
	const bool staff = x->who.kind == ACTOR_STAFF;
	const struct question q = { .op = OP_WRITE,
				    .class = STAT,
				    .roles = x->who.roles,
				    .active = x->who.active,
				    .owner = staff,
				    .assigned = staff,
				    .creating = x->created_n > 0,
				    .pace_left = true };

	return x->set->part_count + x->set->right_count > 0 && policy_decide(&q) == ALLOW;
}

static enum status known_before(struct service *s, struct id id, bool *known)
{
	struct leaf leaf;
	enum status status = leaf_newest_part(s, s->directory.programme.set, id, &leaf);

	*known = status == OK;
	return status == E_NOTFOUND ? OK : status;
}

static enum status drop_wrap(struct service *s, const struct cert *cert, struct seal_drop *d)
{
	const struct wrap_bind bind = { .dossier = d->id, .class = STAT, .organisation = d->organisation };
	uint8_t *wrap = arena_alloc(s->arena, AMW1_DEK);

	random_fill(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	TRY(amw1_wrap(wrap, WRAP_DROP, d->key, cert->id, cert->x25519, s->bench->ephemeral, &bind, s->bench->s.b, KEY_SIZE));
	wipe(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	d->recipient = cert->id;
	d->wrap = sv_bytes(wrap, AMW1_DEK);
	return OK;
}

static struct record_bind bind_of(struct id id, uint16_t type, uint32_t schema, struct id organisation)
{
	return (struct record_bind){
		.type = type, .record = id, .dossier = id, .origin = organisation, .version = 1, .schema = schema
	};
}

static enum status drop_blob(struct service *s, struct seal_drop *d)
{
	const struct record_bind bind = bind_of(d->id, d->type, d->schema, d->organisation);
	size_t n = amr1_size(d->plain.n);
	uint8_t *blob = arena_alloc(s->arena, n), nonce[24];

	random_fill(nonce, sizeof(nonce));
	dek_mix(&s->bench->k, &s->bench->s, s->directory.programme_share, d->id, STAT, 1, ID_ZERO);
	TRY(amr1_seal(blob, &s->bench->k, STAT, d->key, nonce, &bind, d->plain));
	hash32(d->hash, blob, n);
	d->blob = sv_bytes(blob, n);
	return OK;
}

static enum status drop_leaf(struct service *s, const struct sealing *x, struct seal_drop *d)
{
	const struct seal_part part = {
		.record = d->id, .dossier = s->directory.programme.set, .type = d->type, .class = STAT, .version = 1
	};
	struct act act = act_of(&x->who, EV_CREATE, part.dossier);

	act.class_mask = UINT32_C(1) << STAT;
	TRY(leaf_add(s, &act, d->id, d->hash, 0, &d->seq));
	return pending_add(s, &part, d->hash, d->seq);
}

enum status drops_seal(struct service *s, const struct sealing *x)
{
	const struct cert *cert = programme_cert(s);

	if (x->set->drop_count > 0 && !drop_allowed(x))
		return E_DENIED;
	for (size_t i = 0; cert != NULL && i < x->set->drop_count; i++) {
		struct seal_drop *d = &x->set->drops[i];
		bool known;

		TRY(known_before(s, d->id, &known));
		if (known)
			return E_CONFLICT;
		d->organisation = s->directory.programme.organisation;
		random_fill(s->bench->s.b, KEY_SIZE);
		d->key = dek_id(&s->bench->s, STAT, d->id, ID_ZERO);
		TRY(drop_wrap(s, cert, d));
		TRY(drop_blob(s, d));
		TRY(drop_leaf(s, x, d));
		d->sealed = true;
	}
	return OK;
}

/* --- opening ------------------------------------------------------------------------------------------------------------------- */

static bool may_count(const struct service *s, const struct who *w)
{
	const bool ours = w->kind == ACTOR_STAFF && s->directory.has_programme &&
			  id_equal(w->organisation, s->directory.programme.organisation);
	const struct question q = { .op = OP_READ,
				    .class = STAT,
				    .roles = w->roles,
				    .active = w->active,
				    .owner = ours,
				    .assigned = ours,
				    .pace_left = true };

	return policy_decide(&q) == ALLOW;
}

/* Sealed by the keeper, and not void. */
static enum status stands(struct service *s, const struct who *w, const struct stored_drop *d)
{
	struct act act = act_of(w, EV_ALARM, s->directory.programme.set);
	struct leaf leaf;
	uint8_t hash[32];
	enum status status = leaf_newest_part(s, act.dossier, d->id, &leaf);

	if (status != OK && status != E_NOTFOUND)
		return status;
	hash32(hash, d->blob.p, d->blob.n);
	if (status == OK && leaf.event == EV_CREATE && equal_ct(hash, leaf.blob, sizeof(hash)))
		return OK;
	act.class_mask = UINT32_C(1) << STAT;
	alarm_raise(s, ALARM_ROLLBACK, &act, d->id);
	return E_CRYPTO;
}

/* S into the bench. */
static enum status drop_key(struct service *s, const struct stored_drop *d)
{
	const struct wrap_bind bind = { .dossier = d->id, .class = STAT, .organisation = d->organisation };
	const struct held_secret *h = capsule_secret(&s->bench->capsule, d->recipient);
	struct id wrapped, recipient;
	uint8_t kind;
	size_t n;

	if (h == NULL || h->compartment != C_STAT)
		return E_DENIED;
	if (amw1_peek(d->wrap, &kind, &wrapped, &recipient, &n) != OK || kind != WRAP_DROP || n != KEY_SIZE ||
	    !id_equal(wrapped, d->key) || !id_equal(recipient, d->recipient) ||
	    amw1_open(s->bench->s.b, KEY_SIZE, WRAP_DROP, h->sk, &bind, d->wrap) != OK)
		return E_CRYPTO;
	return id_equal(dek_id(&s->bench->s, STAT, d->id, ID_ZERO), d->key) ? OK : E_CRYPTO;
}

static enum status drop_open(struct service *s, const struct who *w, const struct stored_drop *d, struct buf *out)
{
	const struct record_bind bind = bind_of(d->id, d->type, d->schema, d->organisation);
	size_t room = d->blob.n > AMR1_HEAD + 16 ? d->blob.n - AMR1_HEAD - 16 : 0, n = 0;
	uint8_t class, *plain = arena_alloc(s->arena, room + 1);
	enum status status = OK;
	struct id key;

	TRY(stands(s, w, d));
	TRY(drop_key(s, d));
	if (amr1_peek(d->blob, &class, &key) != OK || class != STAT || !id_equal(key, d->key))
		return E_CRYPTO;
	dek_mix(&s->bench->k, &s->bench->s, s->directory.programme_share, d->id, STAT, 1, ID_ZERO);
	status = amr1_open(plain, &n, &s->bench->k, &bind, d->blob);
	if (status == OK) {
		buf_byte(out, OK);
		put_bytes(out, sv_bytes(plain, n));
	}
	wipe(plain, room);
	return status;
}

static enum status opening_leaf(struct service *s, const struct who *w, size_t shown)
{
	struct act act = act_of(w, EV_OPEN, ID_ZERO);

	act.class_mask = UINT32_C(1) << STAT;
	return shown > 0 ? leaf_add(s, &act, ID_ZERO, NULL, (uint16_t)shown, NULL) : OK;
}

/* Who asks for events, of which there must be a programme. */
static enum status reader_asks(struct service *s, struct request *r, enum status asked, const struct who *w)
{
	r->denied_mask = UINT32_C(1) << STAT;
	TRY(asked);
	return may_count(s, w) && s->directory.has_share ? OK : E_DENIED;
}

enum status call_drops(struct service *s, struct request *r)
{
	struct stored_drop *drops;
	size_t n, shown = 0;
	struct who w;
	enum status asked = who_asks(s, r, &w);

	drops = get_drops(&r->body, s->arena, &n);
	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	TRY(reader_asks(s, r, asked, &w));
	for (size_t i = 0; i < n; i++) {
		enum status status = drop_open(s, &w, &drops[i], r->out);

		if (status == E_STORE || status == E_BUG)
			return status;
		shown += status == OK;
		if (status == OK)
			continue;
		buf_byte(r->out, (uint8_t)status);
		buf_u32(r->out, 0);
	}
	return opening_leaf(s, &w, shown);
}

/* Those whose set is not settled yet may never come to be: they are not missed when they are not stored. */
enum status call_drops_count(struct service *s, struct request *r)
{
	struct statement *q;
	enum status status;
	struct who w;
	enum status asked = who_asks(s, r, &w);

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	TRY(reader_asks(s, r, asked, &w));
	q = db_statement(s->db, SQL_DROPS_COUNT);
	bind_id(q, 1, s->directory.programme.set);
	status = statement_step(q);
	buf_u64(r->out, status == OK ? (uint64_t)column_int(q, 0) : 0);
	statement_end(q);
	return status;
}

/* --- the programme ------------------------------------------------------------------------------------------------------------- */

static enum status programme_put(struct service *s, const struct programme_row *p)
{
	struct act act = { .event = EV_CONFIGURATION, .organisation = p->organisation };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct row row = { ROW_PROGRAMME, s->instance.id, s->instance.id, SV_NONE };

	write_programme(&b, p);
	row.body = buf_view(&b);
	TRY(row_put(s, &act, &row));
	TRY(share_add(s, p->set, p->share));
	return directory_load(s);
}

/* Row and share lie in two files: where a crash left one without the other, the same call makes it whole. */
enum status call_admin_programme(struct service *s, struct request *r)
{
	const struct directory *d = &s->directory;
	struct programme_row p = { .organisation = get_id(&r->body), .set = id_new() };

	if (r->body.bad)
		return E_INPUT;
	if (!organisation_known(s, p.organisation))
		return E_NOTFOUND;
	if (d->has_programme && !id_equal(d->programme.organisation, p.organisation))
		return E_CONFLICT;
	if (d->has_programme && d->has_share)
		return OK;
	return programme_put(s, &p);
}

enum status call_admin_statistics(struct service *s, struct request *r)
{
	put_id(r->out, s->directory.has_programme ? s->directory.programme.organisation : ID_ZERO);
	buf_byte(r->out, programme_cert(s) != NULL);
	return OK;
}
