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

bool may_part(const struct service *s, const struct who *w, const struct dossier *d, enum op op, enum class class, struct id record,
	      bool creating)
{
	const bool desk = desk_of(w, d), reporter = w->kind == ACTOR_REPORTER,
		   granted = w->kind == ACTOR_STAFF && lent(s, w, d, op, class, record);
	const struct question q = {
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

	return policy_decide(&q) == ALLOW;
}

/* Whose task it is to lift a lock, at home or as a host, knows that it is there; he opens nothing. */
static bool lifts(const struct service *s, const struct who *w, const struct dossier *d)
{
	return d->row.locked && serves(s, w->organisation, w->roles, d->row.owner, ROLE_SECURITY_OFFICER);
}

bool visible(const struct service *s, const struct who *w, const struct dossier *d)
{
	if (blocked_for(d, w->user, w->organisation) ||
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
