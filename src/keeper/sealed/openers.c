/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Why can X see this" (interface design U5): every active member goes through the question that decides an opening, class by class, and what
 * the answer rests on is found with the same question. Told are the classes that who asks reads or writes himself. Nothing is opened; that it
 * was asked is one leaf. */
#include "keeper/people/admission.h"
#include "keeper/sealed/data.h"

#include "base/clock.h"
#include "keeper/codec.h"

struct telling {
	const struct dossier *d;
	struct buf *out;
	uint32_t classes, n;
	bool cut;
};

static uint32_t classes_of(const struct service *s, const struct who *w, const struct dossier *d)
{
	uint32_t mask = 0;

	for (unsigned c = 1; c < CLASS_COUNT; c++)
		if (may(s, w, d, OP_READ, (enum class)c, false) || may(s, w, d, OP_WRITE, (enum class)c, false))
			mask |= UINT32_C(1) << c;
	return mask;
}

/* m NULL: whoever has the code. */
static void tell(struct service *s, struct telling *t, const struct who *w, const struct member_row *m, enum class class,
		 const struct grant_row *lent)
{
	const struct id record = lent == NULL ? ID_ZERO : lent->record;
	static const char nobody[sizeof(m->login)];
	uint32_t roles, why;

	if (!may_part(s, w, t->d, OP_READ, class, record, false))
		return;
	if (t->n == OPENERS_MAX) {
		t->cut = true;
		return;
	}
	t->n++;
	why = rests_on(s, w, t->d, class, record, &roles);
	put_id(t->out, w->user);
	put_id(t->out, w->organisation);
	buf_byte(t->out, (uint8_t) class);
	buf_u32(t->out, roles);
	buf_u32(t->out, why);
	buf_byte(t->out, (uint8_t)(may_part(s, w, t->d, OP_WRITE, class, record, false) |
				   may_part(s, w, t->d, OP_SIGN, class, record, false) << 1 |
				   (m == NULL || lent != NULL || secrets_complete(s, m)) << 2));
	put_id(t->out, record);
	buf_u64(t->out, lent == NULL ? 0 : lent->not_after * SECOND_MS);
	buf_put(t->out, m == NULL ? nobody : m->login, sizeof(m->login));
}

/* The whole class, else what was lent of it. */
static void tell_member(struct service *s, struct telling *t, const struct member_row *m)
{
	const struct who w = who_member(s, m);

	for (unsigned c = 1; c < CLASS_COUNT; c++) {
		const uint32_t before = t->n;

		if ((t->classes >> c & 1) == 0)
			continue;
		tell(s, t, &w, m, (enum class)c, NULL);
		for (size_t i = 0; t->n == before && i < t->d->grant_n; i++)
			if (id_equal(t->d->grants[i].user, m->user) && t->d->grants[i].class == (enum class)c)
				tell(s, t, &w, m, (enum class)c, &t->d->grants[i]);
	}
}

static void tell_code(struct service *s, struct telling *t)
{
	const struct who w = who_has_code(t->d);

	for (unsigned c = 1; c < CLASS_COUNT; c++)
		if ((t->classes >> c & 1) != 0)
			tell(s, t, &w, NULL, (enum class)c, NULL);
}

enum status call_openers(struct service *s, struct request *r)
{
	struct id dossier = get_id(&r->body);
	struct buf all = buf_new(s->arena, 4096, 1 << 19);
	struct telling t = { .out = &all };
	struct who w;
	struct act act;

	if (r->body.bad || r->body.n != 0)
		return E_INPUT;
	r->denied = dossier;
	TRY(who_asks(s, r, &w));
	if (w.kind != ACTOR_STAFF || !w.active || dossier_load(s, dossier, &t.d) != OK || !visible(s, &w, t.d))
		return E_DENIED;
	t.classes = classes_of(s, &w, t.d);
	if (t.classes == 0)
		return E_DENIED;
	for (size_t i = 0; i < s->directory.member_n; i++)
		tell_member(s, &t, &s->directory.members[i]);
	if (t.d->has_receipt)
		tell_code(s, &t);
	TRY(buf_ok(&all));
	buf_byte(r->out, (uint8_t)(t.d->row.locked | t.cut << 1));
	buf_u32(r->out, t.classes);
	buf_u32(r->out, t.n);
	buf_sv(r->out, buf_view(&all));
	act = act_of(&w, EV_SEARCH, dossier);
	act.class_mask = t.classes;
	return leaf_add(s, &act, dossier, NULL, (uint16_t)t.n, NULL);
}
