/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper's side of the decision: every value of the question comes from its own rows, none from the caller. */
#include "keeper/people/admission.h"
#include "keeper/sealed/data.h"

#include "base/clock.h"

bool desk_of(const struct who *w, const struct dossier *d)
{
	if (d->row.kind != DOSSIER_REPORT || id_is_zero(w->organisation))
		return false;
	return id_equal(d->row.desk, w->organisation) || (d->row.danger && id_equal(d->row.fallback, w->organisation));
}

bool blocked_for(const struct dossier *d, struct id user, struct id organisation)
{
	return (!id_is_zero(user) && id_among(d->blocked, d->blocked_n, user)) ||
	       (!id_is_zero(organisation) && id_among(d->blocked, d->blocked_n, organisation));
}

static bool made_today_by(const struct service *s, const struct who *w, const struct dossier *d)
{
	return !id_is_zero(w->user) && id_equal(d->row.creator, w->user) && s->now - d->row.day < DAY_MS;
}

/* Lent to this person, for this part and this act, and not ended. */
static bool lent(const struct service *s, const struct who *w, const struct dossier *d, enum op op, enum class class,
		 struct id record)
{
	for (size_t i = 0; i < d->grant_n; i++) {
		const struct grant_row *g = &d->grants[i];

		if (!id_is_zero(w->user) && id_equal(g->user, w->user) && id_equal(g->organisation, w->organisation) &&
		    g->class == class && id_equal(g->record, record) && (g->ops & (unsigned)op) != 0 && grant_live(s, g))
			return true;
	}
	return false;
}

bool grant_live(const struct service *s, const struct grant_row *g)
{
	return s->now < (int64_t)g->not_after * SECOND_MS;
}

bool may(const struct service *s, const struct who *w, const struct dossier *d, enum op op, enum class class, bool creating)
{
	return may_part(s, w, d, op, class, ID_ZERO, creating);
}

static struct question question_of(const struct service *s, const struct who *w, const struct dossier *d, enum op op,
				   enum class class, struct id record, bool creating)
{
	const bool desk = desk_of(w, d), reporter = w->kind == ACTOR_REPORTER,
		   granted = w->kind == ACTOR_STAFF && lent(s, w, d, op, class, record);
	return (struct question){
		.op = op,
		.class = class,
		.roles = w->roles,
		.active = w->active,
		.owner = !reporter && (desk || (!id_is_zero(w->organisation) && id_equal(d->row.owner, w->organisation))),
		.granted = granted,
		.bound_wrap = granted, /* a grant to a person is one wrap, made for him */
		.assigned = !reporter && (granted || id_among(d->assigned, d->assigned_n, w->user)),
		.in_queue = (desk && d->row.stage == STAGE_QUEUE) || made_today_by(s, w, d),
		.desk_of = desk,
		.creating = creating,
		.blocked = blocked_for(d, w->user, w->organisation),
		.locked = d->row.locked,
		/* A lock must not show in the mailbox: it changes nothing there (sealed design 7). */
		.named = reporter || id_among(d->named, d->named_n, w->user),
		.pace_left = true,
		.own_dossier = reporter && id_equal(w->own, d->row.id),
	};
}

bool may_part(const struct service *s, const struct who *w, const struct dossier *d, enum op op, enum class class, struct id record,
	      bool creating)
{
	const struct question q = question_of(s, w, d, op, class, record, creating);

	return policy_decide(&q) == ALLOW;
}

/* Does the question still come out well with one role alone? */
static uint32_t roles_that_do(const struct question *q)
{
	struct question one = *q;
	uint32_t roles = 0;

	for (unsigned r = 0; r < ROLE_COUNT; r++) {
		one.roles = q->roles & ROLE_BIT(r);
		if (one.roles != 0 && policy_decide(&one) == ALLOW)
			roles |= one.roles;
	}
	return roles;
}

static uint32_t enough(const struct question *q, bool fact, uint32_t why)
{
	return fact && policy_decide(q) == ALLOW ? why : 0;
}

uint32_t rests_on(const struct service *s, const struct who *w, const struct dossier *d, enum class class, struct id record,
		  uint32_t *roles)
{
	const struct question all = question_of(s, w, d, OP_READ, class, record, false);
	const bool queue = all.desk_of && d->row.stage == STAGE_QUEUE, reporter = w->kind == ACTOR_REPORTER;
	struct question bare = all, follows, lent_to, at_desk, queued;

	bare.assigned = bare.granted = bare.bound_wrap = bare.desk_of = bare.in_queue = false;
	follows = lent_to = at_desk = queued = bare;
	follows.assigned = at_desk.desk_of = queued.in_queue = true;
	lent_to.assigned = lent_to.granted = lent_to.bound_wrap = true;
	*roles = roles_that_do(&all);
	return (all.locked && !reporter ? WHY_NAMED : 0) | enough(&bare, true, reporter ? WHY_CODE : WHY_TEAM) |
	       enough(&follows, all.assigned && !all.granted, WHY_ASSIGNED) | enough(&lent_to, all.granted, WHY_LENT) |
	       enough(&at_desk, all.desk_of, WHY_DESK) | enough(&queued, all.in_queue, queue ? WHY_QUEUE : WHY_TODAY);
}

/* Whose task it is to lift a lock, at home or as a host, knows that it is there; he opens nothing. */
static bool lifts(const struct service *s, const struct who *w, const struct dossier *d)
{
	return d->row.locked && serves(s, w->organisation, w->roles, d->row.owner, ROLE_SECURITY_OFFICER);
}

bool visible(const struct service *s, const struct who *w, const struct dossier *d)
{
	if (!w->active || blocked_for(d, w->user, w->organisation) ||
	    (d->row.locked && !id_among(d->named, d->named_n, w->user) && !lifts(s, w, d)))
		return false;
	if (w->kind == ACTOR_REPORTER)
		return id_equal(w->own, d->row.id);
	return desk_of(w, d) || id_equal(d->row.owner, w->organisation) || id_among(d->assigned, d->assigned_n, w->user) ||
	       lifts(s, w, d);
}

struct act act_of(const struct who *w, enum event event, struct id dossier)
{
	return (struct act){ .event = event,
			     .actor = w->user,
			     .organisation = w->organisation,
			     .dossier = dossier,
			     .hour = w->kind != ACTOR_STAFF };
}

enum status denied_leaf(struct service *s, const struct who *w, struct id dossier, uint32_t class_mask)
{
	struct act act = act_of(w, EV_DENIED, dossier);

	act.class_mask = class_mask;
	return leaf_add(s, &act, dossier, NULL, 0, NULL);
}
