/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data keys: opening a wrap with the actor's secrets, making a fresh generation, wrapping it to those who shall open it.
 *
 * A wrap counts only when its key id stands in the keeper's rows for this dossier and class, its recipient is a key the actor holds,
 * and what is inside hashes to that id. Recipients are found by the keeper, through certificates chained to the root. */
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "base/heap.h"
#include "base/random.h"
#include "base/wipe.h"

/* Each message has a key, and all keys of a report must go to the next desk or to a new code in one set (WIRE_KEYS_MAX). Who has the code
 * stops before the desk does. */
#define REPORTER_KEYS_MAX 3584u
#define REPORT_KEYS_MAX 4000u

static struct wrap_bind bind_of(const struct held_key *k)
{
	return (struct wrap_bind){ .dossier = k->dossier,
				   .class = (uint8_t)k->class,
				   .purpose = k->purpose,
				   .grant = k->grant,
				   .organisation = k->organisation,
				   .not_after = k->not_after };
}

/* The secret key this wrap is addressed to, if the actor has it by right. */
static const uint8_t *secret_for(struct service *s, const struct who *w, const struct dossier *d, const struct held_key *k)
{
	const struct capsule *c = &s->bench->capsule;
	const struct held_secret *h;

	if (k->kind == WRAP_DEK_REPORTER)
		return w->kind == ACTOR_REPORTER && d->has_receipt && id_equal(k->recipient, w->cert) &&
				       id_equal(d->receipt.locator, w->cert) && id_equal(d->receipt.last_key, k->key)
			       ? c->sk
			       : NULL;
	if (w->kind != ACTOR_STAFF || !id_equal(k->organisation, w->organisation))
		return NULL;
	if (k->kind == WRAP_DEK_PERSON)
		return id_equal(k->recipient, w->cert) ? c->sk : NULL;
	h = capsule_secret(c, k->recipient);
	if (k->kind != WRAP_DEK_COMPARTMENT || h == NULL || h->compartment != (uint8_t)policy_compartment_of(k->class))
		return NULL;
	return h->sk;
}

static enum status swapped(struct service *s, const struct who *w, const struct held_key *k)
{
	struct act act = act_of(w, EV_ALARM, k->dossier);

	alarm_raise(s, ALARM_KEY_SWAP, &act, k->key);
	return E_CRYPTO;
}

/* Its share is destroyed, or it should be by now. */
static bool dossier_over(const struct service *s, const struct dossier *d)
{
	return share_of(d, d->row.share) == NULL || (d->row.ends != 0 && d->row.ends <= s->now);
}

/* A wrap without a grant is the owner's own and has no end. One with a grant stands by the keeper's row of that grant: what the caller says
 * of it must be what the row says, and it must not have ended. */
static enum status grant_holds(struct service *s, const struct who *w, const struct dossier *d, const struct held_key *k)
{
	if (id_is_zero(k->grant))
		return k->not_after == 0 && k->purpose == 0 ? OK : E_DENIED;
	for (size_t i = 0; i < d->grant_n; i++) {
		const struct grant_row *g = &d->grants[i];

		if (!id_equal(g->grant, k->grant))
			continue;
		if (!id_equal(g->key, k->key) || g->class != k->class || g->purpose != k->purpose || g->not_after != k->not_after ||
		    !id_equal(g->organisation, k->organisation))
			return swapped(s, w, k);
		return id_equal(g->user, w->user) && k->kind == WRAP_DEK_PERSON && grant_live(s, g) ? OK : E_DENIED;
	}
	return E_DENIED;
}

enum status key_open(struct service *s, const struct who *w, const struct dossier *d, const struct held_key *k, struct key *out)
{
	const struct key_row *row = dossier_key(d, k->key);
	const struct wrap_bind bind = bind_of(k);
	struct id recipient, wrapped, id;
	const uint8_t *sk;
	bool erased = false;
	uint8_t kind;
	size_t n;

	if (!id_equal(k->dossier, d->row.id))
		return E_DENIED;
	if (dossier_over(s, d))
		return E_NOTFOUND;
	if (row == NULL && row_erased(s, ROW_KEY, k->key, d->row.id, &erased) == OK && erased)
		return E_NOTFOUND; /* read before it was stripped, or not swept yet */
	if (row == NULL || row->class != k->class || !id_equal(row->holder, k->holder) || row->generation != k->generation)
		return swapped(s, w, k);
	if (share_of(d, row->share) == NULL)
		return E_NOTFOUND;
	TRY(grant_holds(s, w, d, k));
	sk = secret_for(s, w, d, k);
	if (sk == NULL)
		return E_DENIED;
	if (cache_find(s, w->session, k, out))
		return OK;
	if (amw1_peek(k->wrap, &kind, &wrapped, &recipient, &n) != OK || kind != k->kind || n != KEY_SIZE ||
	    !id_equal(wrapped, k->key) || !id_equal(recipient, k->recipient) ||
	    amw1_open(out->b, KEY_SIZE, k->kind, sk, &bind, k->wrap) != OK)
		return swapped(s, w, k);
	id = dek_id(out, (uint8_t)k->class, k->dossier, k->holder);
	if (!id_equal(id, k->key))
		return swapped(s, w, k);
	cache_keep(s, w->session, k, out);
	return OK;
}

enum status key_mix(const struct dossier *d, const struct key_row *row, const struct key *s, struct key *k)
{
	const uint8_t *share = share_of(d, row->share);

	if (share == NULL)
		return E_NOTFOUND;
	dek_mix(k, s, share, d->row.id, (uint8_t)row->class, row->generation, row->holder);
	return OK;
}

/* --- making ----------------------------------------------------------------------------------------------------------------- */

static struct held_key *next_wrap(struct service *s, struct wrap_list *list)
{
	if (list->n == list->room) {
		struct held_key *more = ARENA_ARRAY(s->arena, struct held_key, list->room * 2 + 8);

		if (list->n > 0)
			memcpy(more, list->items, list->n * sizeof(*more));
		list->items = more;
		list->room = list->room * 2 + 8;
	}
	return &list->items[list->n++];
}

static enum status wrap_out(struct service *s, struct held_key *k, const uint8_t pk[32], const struct key *secret)
{
	const struct wrap_bind bind = bind_of(k);
	uint8_t *bytes = arena_alloc(s->arena, AMW1_DEK);

	random_fill(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	TRY(amw1_wrap(bytes, k->kind, k->key, k->recipient, pk, s->bench->ephemeral, &bind, secret->b, KEY_SIZE));
	wipe(s->bench->ephemeral, sizeof(s->bench->ephemeral));
	k->wrap = sv_bytes(bytes, AMW1_DEK);
	return OK;
}

static struct held_key *wrap_of(struct service *s, const struct key_row *row, struct wrap_list *wraps)
{
	struct held_key *k = next_wrap(s, wraps);

	*k = (struct held_key){
		.key = row->key, .dossier = row->dossier, .class = row->class, .holder = row->holder, .generation = row->generation
	};
	return k;
}

enum status wrap_to_compartment(struct service *s, const struct key_row *row, struct id organisation, const struct key *secret,
				struct wrap_list *wraps)
{
	const struct cert *cert = compartment_cert(s, organisation, policy_compartment_of(row->class));
	struct held_key *k;

	if (cert == NULL)
		return E_STATE; /* this organisation's keys are not founded yet */
	k = wrap_of(s, row, wraps);
	k->kind = WRAP_DEK_COMPARTMENT;
	k->recipient = cert->id;
	k->organisation = organisation;
	return wrap_out(s, k, cert->x25519, secret);
}

enum status wrap_to_reporter(struct service *s, const struct key_row *row, const struct receipt_row *receipt,
			     const struct key *secret, struct wrap_list *wraps)
{
	struct held_key *k = wrap_of(s, row, wraps);

	k->kind = WRAP_DEK_REPORTER;
	k->recipient = receipt->locator;
	return wrap_out(s, k, receipt->pk, secret);
}

static enum status wrap_to_person(struct service *s, const struct who *w, const struct key_row *row, const struct key *secret,
				  struct wrap_list *wraps)
{
	const struct member_row *m = member_by_user(s, w->user);
	struct held_key *k;

	if (m == NULL || member_cert(s, m) == NULL)
		return E_DENIED;
	k = wrap_of(s, row, wraps);
	k->kind = WRAP_DEK_PERSON;
	k->recipient = m->cert;
	k->organisation = m->organisation;
	return wrap_out(s, k, m->x25519, secret);
}

enum status wrap_to_reviewer(struct service *s, const struct key_row *row, const struct grant_row *grant, const struct key *secret,
			     struct wrap_list *wraps)
{
	const struct member_row *m = member_by_user(s, grant->user);
	struct held_key *k;

	if (m == NULL || member_cert(s, m) == NULL)
		return E_STATE;
	k = wrap_of(s, row, wraps);
	k->kind = WRAP_DEK_PERSON;
	k->purpose = grant->purpose;
	k->grant = grant->grant;
	k->not_after = grant->not_after;
	k->recipient = m->cert;
	k->organisation = m->organisation;
	return wrap_out(s, k, m->x25519, secret);
}

static uint32_t next_generation(const struct dossier *d, enum class class, struct id holder)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < d->key_n; i++)
		if (d->keys[i].class == class && id_equal(d->keys[i].holder, holder) && d->keys[i].generation > highest)
			highest = d->keys[i].generation;
	return highest + 1;
}

/* To the desk (and the fall-back desk of a danger report), to the owner's compartment otherwise, to the author for bound classes. */
static enum status wrap_to_all(struct service *s, const struct who *w, const struct dossier_row *d, const struct key_row *row,
			       struct wrap_list *wraps)
{
	const struct key *secret = &s->bench->s;

	if (policy_compartment_of(row->class) == COMPARTMENT_NONE)
		return wrap_to_person(s, w, row, secret, wraps);
	if (d->kind != DOSSIER_REPORT)
		return wrap_to_compartment(s, row, d->owner, secret, wraps);
	TRY(wrap_to_compartment(s, row, d->desk, secret, wraps));
	if (d->danger && !id_is_zero(d->fallback) && !id_equal(d->fallback, d->desk))
		return wrap_to_compartment(s, row, d->fallback, secret, wraps);
	return OK;
}

enum status key_make(struct service *s, const struct who *w, struct id dossier, enum class class, struct id holder, struct id only,
		     struct wrap_list *wraps, struct key_row *row)
{
	struct act act = act_of(w, EV_KEY, dossier);
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	const struct dossier *d;
	struct dossier_row view;

	TRY(dossier_load(s, dossier, &d));
	if (dossier_over(s, d))
		return E_NOTFOUND;
	view = d->row;
	if (view.kind == DOSSIER_REPORT && d->key_n >= (w->kind == ACTOR_REPORTER ? REPORTER_KEYS_MAX : REPORT_KEYS_MAX))
		return E_LIMIT;
	random_fill(s->bench->s.b, KEY_SIZE);
	*row = (struct key_row){ .dossier = dossier,
				 .holder = holder,
				 .class = class,
				 .generation = next_generation(d, class, holder),
				 .share = d->row.share,
				 .only = only };
	row->key = dek_id(&s->bench->s, (uint8_t) class, dossier, holder);
	act.class_mask = UINT32_C(1) << class;
	write_key(&b, row);
	TRY(dossier_put(s, &act, ROW_KEY, row->key, dossier, buf_view(&b)));
	return wrap_to_all(s, w, &view, row, wraps);
}
