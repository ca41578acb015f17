/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the keeper's own rows that belong to a set: a dossier is made, a report assigned, redirected, taken, blocked, locked, given
 * a new code. Each is decided by itself and has its leaf with H of the row; all are undone when the set is void. */
#include "keeper/people/admission.h"
#include "keeper/sealed/data.h"

#include <string.h>
#include "base/clock.h"
#include "keeper/codec.h"

#define LIFETIME_MAX (366u * 24) /* hours */

bool created_here(const struct sealing *x, struct id dossier)
{
	return id_among(x->created, x->created_n, dossier);
}

enum status retire(struct service *s, struct sealing *x, struct id key, struct id recipient)
{
	if (x->retired_n == x->retired_room) {
		struct retired *more = ARENA_ARRAY(s->arena, struct retired, x->retired_room * 2 + 16);

		if (x->retired_n > 0)
			memcpy(more, x->retired, x->retired_n * sizeof(*more));
		x->retired = more;
		x->retired_room = x->retired_room * 2 + 16;
	}
	x->retired[x->retired_n++] = (struct retired){ key, recipient };
	return x->retired_n <= WIRE_KEYS_MAX ? OK : E_LIMIT;
}

enum status dossier_row_put(struct service *s, const struct act *act, const struct dossier_row *row)
{
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_dossier(&b, row);
	return dossier_put(s, act, ROW_DOSSIER, row->id, row->id, buf_view(&b));
}

enum status receipt_put(struct service *s, const struct act *act, const struct receipt_row *row)
{
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_receipt(&b, row);
	return dossier_put(s, act, ROW_RECEIPT, row->locator, row->dossier, buf_view(&b));
}

static enum status link_put(struct service *s, const struct act *act, enum row_kind kind, struct id dossier, struct id other,
			    bool there)
{
	const struct link_row row = { dossier, other };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	if (there)
		write_link(&b, &row);
	return dossier_put(s, act, kind, row_object(kind, dossier, other, 0), dossier, buf_view(&b));
}

static struct act right_act(const struct sealing *x, enum event event, struct id dossier)
{
	struct act act = act_of(&x->who, event, dossier);

	act.purpose = x->set->purpose;
	return act;
}

/* --- a dossier is made ------------------------------------------------------------------------------------------------------ */

static enum class first_class(enum dossier_kind kind) {
	static const enum class classes
		[] = { [DOSSIER_PERSON] = ASSIST, [DOSSIER_REPORT] = REPORT, [DOSSIER_HOUSE] = PLACE, [DOSSIER_GROUP] = EXPLOIT };

	return classes[kind];
}

static bool excluded(const struct public_report *p, struct id organisation)
{
	return id_among(p->excluded, p->excluded_count, organisation);
}

static bool desk_fits(const struct service *s, const struct public_report *p, struct id organisation)
{
	return !id_is_zero(organisation) && !excluded(p, organisation) && compartment_cert(s, organisation, C_DESK) != NULL;
}

/* The region's desk, its fall-back, else the first desk of any route that the reporter did not exclude. */
static enum status choose_desk(const struct service *s, struct public_report *p)
{
	const struct route_row *route = route_of(s, p->region);

	p->desk = p->fallback = ID_ZERO;
	if (route != NULL && desk_fits(s, p, route->desk))
		p->desk = route->desk;
	else if (route != NULL && desk_fits(s, p, route->fallback))
		p->desk = route->fallback;
	for (size_t i = 0; i < s->directory.route_n && id_is_zero(p->desk); i++)
		if (desk_fits(s, p, s->directory.routes[i].desk))
			p->desk = s->directory.routes[i].desk;
	if (p->danger && route != NULL && desk_fits(s, p, route->fallback) && !id_equal(route->fallback, p->desk))
		p->fallback = route->fallback;
	return id_is_zero(p->desk) ? E_STATE : OK;
}

static enum status block_excluded(struct service *s, const struct sealing *x, struct id dossier)
{
	struct act act = right_act(x, EV_BLOCK, dossier);

	for (size_t i = 0; i < x->set->report->excluded_count; i++)
		TRY(link_put(s, &act, ROW_BLOCK, dossier, x->set->report->excluded[i], true));
	return OK;
}

static enum status receipt_make(struct service *s, const struct sealing *x, struct id dossier, struct id last_key)
{
	struct act act = right_act(x, EV_KEY, dossier);
	struct receipt_row row = {
		.locator = x->receipt->locator, .dossier = dossier, .last_key = last_key, .pepper = (uint16_t)s->vault->pepper_count
	};

	memcpy(row.pk, x->receipt->pk, sizeof(row.pk));
	return receipt_put(s, &act, &row);
}

static enum status create(struct service *s, struct sealing *x, const struct right_change *c)
{
	struct public_report *p = x->set->report;
	struct act act = right_act(x, EV_CREATE, c->dossier);
	struct dossier_row row = { .id = c->dossier, .creator = x->who.user, .kind = c->kind, .day = s->now - s->now % DAY_MS };
	const struct dossier *d;

	if (c->kind < DOSSIER_PERSON || c->kind > DOSSIER_GROUP || id_is_zero(c->dossier) ||
	    (p != NULL && c->kind != DOSSIER_REPORT) || (c->amount != 0 && (p != NULL || c->amount > LIFETIME_MAX)))
		return E_INPUT;
	if (p == NULL && x->who.kind != ACTOR_STAFF)
		return E_DENIED; /* it would be nobody's */
	if (dossier_load(s, c->dossier, &d) != E_NOTFOUND || x->created_n == sizeof(x->created) / sizeof(x->created[0]))
		return E_CONFLICT;
	if (p != NULL) {
		TRY(choose_desk(s, p));
		row.owner = p->desk;
		row.fallback = p->fallback;
		row.danger = p->danger;
		x->who.own = c->dossier;
	} else {
		row.owner = x->who.organisation;
	}
	row.origin = row.owner;
	row.desk = c->kind == DOSSIER_REPORT ? row.owner : ID_ZERO;
	if (c->amount != 0) {
		row.ends = s->now + (int64_t)(c->amount + 1) * HOUR_MS - 1;
		row.ends -= row.ends % HOUR_MS;
		TRY(ending_add(s, &row));
	}
	TRY(dossier_row_put(s, &act, &row));
	TRY(share_add(s, c->dossier, row.share));
	x->created[x->created_n++] = c->dossier;
	TRY(dossier_load(s, c->dossier, &d));
	if (!may(s, &x->who, d, OP_WRITE, first_class(c->kind), true))
		return E_DENIED;
	if (p == NULL)
		return OK;
	TRY(block_excluded(s, x, c->dossier));
	return receipt_make(s, x, c->dossier, ID_ZERO);
}

/* --- stage, assignment -------------------------------------------------------------------------------------------------------- */

/* Who may steer a dossier: who writes in it, and the supervisor of the organisation that has it. */
static bool steers(const struct service *s, const struct sealing *x, const struct dossier *d)
{
	enum class class = first_class(d->row.kind);
	bool creating = created_here(x, d->row.id);

	if (may(s, &x->who, d, OP_WRITE, class, creating))
		return true;
	return (x->who.roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0 && may(s, &x->who, d, OP_READ, class, creating);
}

static enum status set_stage(struct service *s, struct sealing *x, const struct dossier *d, enum report_stage stage)
{
	struct act act = right_act(x, EV_WRITE, d->row.id);
	struct dossier_row row = d->row;

	if (row.kind != DOSSIER_REPORT || stage > STAGE_ENDED)
		return E_INPUT;
	row.stage = stage;
	return dossier_row_put(s, &act, &row);
}

static enum status assign(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	struct act act = right_act(x, EV_ASSIGN, d->row.id);
	const struct member_row *m = member_by_user(s, c->user);
	struct id dossier = d->row.id;
	bool report = d->row.kind == DOSSIER_REPORT;

	if (m == NULL || !id_equal(m->organisation, x->who.organisation))
		return E_INPUT;
	if (blocked_for(d, m->user, m->organisation) || m->state != MEMBER_ACTIVE || member_cert(s, m) == NULL ||
	    !policy_may(m->roles, first_class(d->row.kind), OP_READ))
		return E_STATE;
	TRY(link_put(s, &act, ROW_ASSIGN, dossier, c->user, true));
	if (!report)
		return OK;
	TRY(dossier_load(s, dossier, &d));
	return set_stage(s, x, d, STAGE_ASSIGNED);
}

static enum status unassign(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	struct act act = right_act(x, EV_ASSIGN, d->row.id);

	if (!id_among(d->assigned, d->assigned_n, c->user))
		return E_STATE;
	return link_put(s, &act, ROW_ASSIGN, d->row.id, c->user, false);
}

/* --- redirect -------------------------------------------------------------------------------------------------------------------- */

const struct held_key *given_key(struct sealing *x, struct id dossier, struct id key)
{
	const size_t n = x->set->key_count;

	for (size_t i = 0; i < n; i++) {
		const size_t at = (x->given_at + i) % n; /* they mostly come in the order they are asked for */
		const struct held_key *k = &x->set->keys[at];

		if (id_equal(k->key, key) && id_equal(k->dossier, dossier) && k->kind != WRAP_DEK_REPORTER) {
			x->given_at = at + 1;
			return k;
		}
	}
	return NULL;
}

/* One key of the report: opened with the present desk's secret, wrapped to the next desk, the present desk's wrap retired. */
static enum status rewrap(struct service *s, struct sealing *x, const struct dossier *d, const struct key_row *row, struct id next,
			  bool has_one)
{
	const struct held_key *k = given_key(x, d->row.id, row->key);

	if (policy_compartment_of(row->class) != C_DESK)
		return OK;
	/* A key left behind would be lost to the next desk; but one made for a file that then did not come lies nowhere. */
	if (k == NULL)
		return row->class == REPORT && row->generation > 1 ? OK : E_INPUT;
	TRY(key_open(s, &x->who, d, k, &s->bench->s));
	if (!has_one)
		TRY(wrap_to_compartment(s, row, next, &s->bench->s, &x->wraps));
	return retire(s, x, k->key, k->recipient);
}

static enum status redirect(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	struct act act = right_act(x, EV_ASSIGN, d->row.id);
	struct dossier_row row = d->row;
	bool has_one = row.danger && id_equal(row.fallback, c->organisation);
	struct id assigned[64];
	size_t n = d->assigned_n < 64 ? d->assigned_n : 64;

	if (row.kind != DOSSIER_REPORT || !id_equal(row.desk, x->who.organisation))
		return E_DENIED;
	if (id_equal(c->organisation, row.desk) || blocked_for(d, ID_ZERO, c->organisation) ||
	    compartment_cert(s, c->organisation, C_DESK) == NULL)
		return E_STATE;
	for (size_t i = 0; i < d->key_n; i++)
		TRY(rewrap(s, x, d, &d->keys[i], c->organisation, has_one));
	if (n > 0)
		memcpy(assigned, d->assigned, n * sizeof(assigned[0]));
	for (size_t i = 0; i < n; i++)
		TRY(link_put(s, &act, ROW_ASSIGN, row.id, assigned[i], false));
	row.desk = row.owner = c->organisation;
	row.stage = STAGE_QUEUE;
	if (has_one)
		row.fallback = ID_ZERO;
	return dossier_row_put(s, &act, &row);
}

/* --- block, lock, code ------------------------------------------------------------------------------------------------------------ */

static enum status block(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	struct act act = right_act(x, EV_BLOCK, d->row.id);
	struct id other = id_is_zero(c->organisation) ? c->user : c->organisation;

	if (id_is_zero(other))
		return E_INPUT;
	if (id_equal(other, d->row.owner))
		return E_STATE; /* redirect first: nobody would be left to read it */
	return link_put(s, &act, ROW_BLOCK, d->row.id, other, true);
}

static enum status lock(struct service *s, struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	struct act act = right_act(x, EV_BLOCK, d->row.id);
	struct dossier_row row = d->row;

	row.locked = true;
	TRY(link_put(s, &act, ROW_NAMED, row.id, id_is_zero(c->user) ? x->who.user : c->user, true));
	return dossier_row_put(s, &act, &row);
}

/* Who was named goes with the lock: a later one names anew. */
static enum status unlock(struct service *s, struct sealing *x, const struct dossier *d)
{
	struct act act = right_act(x, EV_BLOCK, d->row.id);
	struct dossier_row row = d->row;
	const size_t n = d->named_n;
	struct id *named = ARENA_ARRAY(s->arena, struct id, n);

	if (!serves(s, x->who.organisation, x->who.roles, row.owner, ROLE_SECURITY_OFFICER))
		return E_DENIED;
	if (n > 0)
		memcpy(named, d->named, n * sizeof(named[0])); /* the list changes while it is gone through */
	for (size_t i = 0; i < n; i++)
		TRY(link_put(s, &act, ROW_NAMED, row.id, named[i], false));
	row.locked = false;
	return dossier_row_put(s, &act, &row);
}

/* The old code dies; the desk's last message is wrapped to the new one. */
static enum status new_code(struct service *s, struct sealing *x, const struct dossier *d)
{
	struct act act = right_act(x, EV_KEY, d->row.id);
	const struct receipt_row old = d->receipt, fresh = { .locator = x->receipt->locator };
	struct receipt_row to = fresh;
	struct id dossier = d->row.id;
	bool had = d->has_receipt;

	memcpy(to.pk, x->receipt->pk, sizeof(to.pk));
	if (had && !id_is_zero(old.last_key)) {
		const struct held_key *k = given_key(x, dossier, old.last_key);
		const struct key_row *row = dossier_key(d, old.last_key);

		if (k == NULL || row == NULL)
			return E_INPUT;
		TRY(key_open(s, &x->who, d, k, &s->bench->s));
		TRY(wrap_to_reporter(s, row, &to, &s->bench->s, &x->wraps));
		TRY(retire(s, x, old.last_key, old.locator));
	}
	if (had)
		TRY(dossier_put(s, &act, ROW_RECEIPT, old.locator, dossier, SV_NONE));
	return receipt_make(s, x, dossier, had ? old.last_key : ID_ZERO);
}

/* --- all of a set -------------------------------------------------------------------------------------------------------------------- */

static bool allowed(const struct service *s, const struct sealing *x, const struct dossier *d, const struct right_change *c)
{
	enum class class = first_class(d->row.kind);

	if (x->who.kind != ACTOR_STAFF || !x->who.active)
		return false; /* a code writes words, it does not steer */
	switch (c->what) {
	case RIGHT_TAKE:
	case RIGHT_LOCK:
		return may(s, &x->who, d, OP_READ, class, created_here(x, d->row.id));
	case RIGHT_UNLOCK:
		return true; /* its own test: the officer reads nothing */
	case RIGHT_NEW_CODE:
		return may(s, &x->who, d, OP_WRITE, DIALOG, created_here(x, d->row.id));
	case RIGHT_STRIP:
		return strip_allowed(s, x, d);
	case RIGHT_CREATE:
	case RIGHT_STAGE:
	case RIGHT_ASSIGN:
	case RIGHT_UNASSIGN:
	case RIGHT_REDIRECT:
	case RIGHT_BLOCK:
		return steers(s, x, d);
	case RIGHT_SIGN:
		return sign_allowed(s, x, d, c);
	case RIGHT_REVIEW:
		return review_allowed(s, x, d, c);
	}
	return false;
}

static enum status apply(struct service *s, struct sealing *x, const struct right_change *c)
{
	struct act taken = right_act(x, EV_TAKEN, c->dossier);
	const struct dossier *d;

	if (c->what == RIGHT_CREATE)
		return create(s, x, c);
	if (x->set->report != NULL)
		return E_DENIED; /* without a session a report is made and nothing else */
	if (dossier_load(s, c->dossier, &d) != OK || !allowed(s, x, d, c))
		return E_DENIED;
	TRY(strip_apart(s, x, d));
	switch (c->what) {
	case RIGHT_STAGE:
		return set_stage(s, x, d, (enum report_stage)c->amount);
	case RIGHT_ASSIGN:
		return assign(s, x, d, c);
	case RIGHT_UNASSIGN:
		return unassign(s, x, d, c);
	case RIGHT_REDIRECT:
		return redirect(s, x, d, c);
	case RIGHT_TAKE:
		return leaf_add(s, &taken, c->dossier, NULL, 0, NULL);
	case RIGHT_BLOCK:
		return block(s, x, d, c);
	case RIGHT_LOCK:
		return lock(s, x, d, c);
	case RIGHT_UNLOCK:
		return unlock(s, x, d);
	case RIGHT_NEW_CODE:
		return new_code(s, x, d);
	case RIGHT_STRIP:
		return strip(s, x, d);
	case RIGHT_SIGN:
		return sign(s, x, d, c);
	case RIGHT_REVIEW:
		return review(s, x, d, c);
	case RIGHT_CREATE:
		break;
	}
	return E_INPUT;
}

/* What needs the parts of the set: it signs or lends them, or takes the dossier away. */
static bool comes_last(enum right_kind what)
{
	return what == RIGHT_REDIRECT || what == RIGHT_SIGN || what == RIGHT_REVIEW;
}

/* A redirect comes last: what the present desk writes in the same set (why, for whom) is written while the report is still its own, and goes
 * to the next desk with all other keys. */
enum status rights_apply(struct service *s, struct request *r, struct sealing *x, bool last)
{
	for (size_t i = 0; i < x->set->right_count; i++) {
		if (comes_last(x->set->rights[i].what) != last)
			continue;
		r->denied = x->set->rights[i].dossier;
		r->denied_mask = x->set->rights[i].class != CLASS_BOUND ? UINT32_C(1) << x->set->rights[i].class : 0;
		TRY(apply(s, x, &x->set->rights[i]));
	}
	return OK;
}
