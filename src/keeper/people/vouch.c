/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The word of a third colleague (doc/adr/0018). Whoever holds an organisation's keys wraps them to every certified member whose roles have
 * them. So that nobody makes such a member alone, two people of the house answer for each: the one who brought him (or proposed the roles)
 * and the officer; or, where these are one person, strangers to the house or the machine's console, a third who holds what he would get
 * and has said that he knows him. Exempt while nobody else there holds anything. */
#include "keeper/people/admission.h"

#include <string.h>
#include "policy/policy.h"

#define SERVING (ROLE_BIT(ROLE_ORG_ADMIN) | ROLE_BIT(ROLE_SECURITY_OFFICER))

enum status proposal_of(struct service *s, struct id user, enum proposal what, struct proposal_row *out)
{
	struct sv body;
	enum status status = row_get(s, ROW_PROPOSAL, row_object(ROW_PROPOSAL, user, ID_ZERO, (uint8_t)what), &body);

	if (status == OK)
		return read_proposal(body, out);
	*out = (struct proposal_row){ .user = ID_ZERO };
	return status == E_NOTFOUND ? OK : status;
}

enum status proposal_put(struct service *s, struct id actor, const struct proposal_row *p, bool there)
{
	struct act act = { .event = EV_CONFIGURATION, .actor = actor, .organisation = p->organisation };
	struct row row = { ROW_PROPOSAL, row_object(ROW_PROPOSAL, p->user, ID_ZERO, p->what), p->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	if (there) {
		write_proposal(&b, p);
		row.body = buf_view(&b);
	}
	return row_put(s, &act, &row);
}

enum status proposal_drop(struct service *s, struct id actor, const struct member_row *m, enum proposal what)
{
	struct proposal_row p;

	TRY(proposal_of(s, m->user, what, &p));
	return id_is_zero(p.user) ? OK : proposal_put(s, actor, &p, false);
}

/* --- who must answer ------------------------------------------------------------------------------------------------------- */

/* What is new with a certificate over these roles; all of it for somebody who never had one. Who invites or certifies others gets, through
 * them, at everything. */
static uint32_t gained(const struct service *s, const struct member_row *m, uint32_t roles)
{
	const struct cert *cert = genuine_cert(s, m->cert);
	uint32_t before = cert == NULL ? 0 : cert->roles;

	return (roles & ~before & SERVING) != 0 ? UINT32_MAX : policy_compartments(roles) & ~policy_compartments(before);
}

/* Another of the house, beside the certifier, who holds something of it. A frozen one counts, or freezing would be the way around; so does one whose certificate
 * is out of time. */
static bool held_by(const struct service *s, const struct member_row *h, const struct admitting *a, uint32_t what)
{
	return id_equal(h->organisation, a->m->organisation) && !id_equal(h->user, a->m->user) && !id_equal(h->user, a->by) &&
	       (h->state == MEMBER_ACTIVE || h->state == MEMBER_FROZEN) && genuine_cert(s, h->cert) != NULL &&
	       (policy_compartments(h->roles) & what) != 0;
}

static bool anybody_holds(const struct service *s, const struct admitting *a, uint32_t what)
{
	for (size_t i = 0; i < s->directory.member_n; i++)
		if (held_by(s, &s->directory.members[i], a, what))
			return true;
	return false;
}

/* Of what nobody there holds yet anybody knows who holds something; else one puppet would get it unasked and know the next. */
static uint32_t asked_about(const struct service *s, const struct admitting *a)
{
	uint32_t what = gained(s, a->m, a->roles);

	return what != 0 && !anybody_holds(s, a, what) ? UINT32_MAX : what;
}

/* A colleague at work beside the certifier. */
static bool stands_between(const struct service *s, const struct admitting *a, struct id who)
{
	const struct member_row *m = id_is_zero(who) ? NULL : member_by_user(s, who);

	return m != NULL && id_equal(m->organisation, a->m->organisation) && m->state == MEMBER_ACTIVE &&
	       member_cert(s, m) != NULL && !id_equal(who, a->by) && !id_equal(who, a->m->user);
}

static bool two_answer(const struct service *s, const struct admitting *a)
{
	bool admitted = genuine_cert(s, a->m->cert) != NULL;

	if (admitted || a->proposed != NULL)
		return a->proposed != NULL && stands_between(s, a, a->proposed->by) && (admitted || stands_between(s, a, a->m->by));
	return stands_between(s, a, a->m->by);
}

bool may_vouch(const struct service *s, const struct admitting *a, const struct member_row *who)
{
	return held_by(s, who, a, asked_about(s, a)) && who->state == MEMBER_ACTIVE && member_cert(s, who) != NULL;
}

static bool vouch_good(const struct service *s, const struct admitting *a, const struct proposal_row *p)
{
	const struct member_row *who = member_by_user(s, p->by);
	uint8_t keys[16];

	member_print(keys, a->m);
	return who != NULL && p->roles == a->roles && memcmp(p->keys, keys, sizeof(keys)) == 0 && may_vouch(s, a, who);
}

enum status word_of(struct service *s, const struct admitting *a, struct word *out)
{
	uint32_t what = asked_about(s, a);
	struct proposal_row p;

	*out = (struct word){ .needed = what != 0 && anybody_holds(s, a, what) && !two_answer(s, a) };
	if (!out->needed)
		return OK;
	TRY(proposal_of(s, a->m->user, PROPOSAL_VOUCH, &p));
	if (!id_is_zero(p.user) && vouch_good(s, a, &p))
		out->from = p.by;
	return OK;
}

enum status word_of_any(struct service *s, struct admitting a, struct word *out)
{
	*out = (struct word){ .needed = false };
	for (size_t i = 0; i < s->directory.member_n && !out->needed; i++) {
		const struct member_row *by = &s->directory.members[i];

		if (by->state != MEMBER_ACTIVE || member_cert(s, by) == NULL ||
		    !serves(s, by->organisation, by->roles, a.m->organisation, ROLE_SECURITY_OFFICER))
			continue;
		a.by = by->user;
		TRY(word_of(s, &a, out));
	}
	return OK;
}

/* --- giving it, taking it back ---------------------------------------------------------------------------------------------- */

enum status vouch_put(struct service *s, const struct member_row *by, const struct member_row *m, uint32_t roles)
{
	struct proposal_row p = { m->user, m->organisation, by->user, PROPOSAL_VOUCH, roles, { 0 } };

	member_print(p.keys, m);
	return proposal_put(s, by->user, &p, true);
}

/* A word that somebody edited is good for nothing and stands in the way of no freeze. */
enum status vouches_drop(struct service *s, const struct member_row *by)
{
	for (size_t i = 0; i < s->directory.member_n; i++) {
		struct proposal_row p;
		enum status status = proposal_of(s, s->directory.members[i].user, PROPOSAL_VOUCH, &p);

		if (status == OK && !id_is_zero(p.user) && id_equal(p.by, by->user))
			status = proposal_put(s, ID_ZERO, &p, false);
		if (status != OK && status != E_CRYPTO)
			return status;
	}
	return OK;
}
