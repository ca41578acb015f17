/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people of an organisation as its members, its administrator and its officer see them, and what these do to one another: certify,
 * propose and certify other roles, freeze (one), unfreeze (two), end access. Every act is a row with its leaf; what gives somebody rights
 * or ends them for good asks the second factor again. */
#include "keeper/people/admission.h"

#include <string.h>
#include "base/wipe.h"
#include "keeper/people/ceremony.h"
#include "keeper/codec.h"

/* --- the list -------------------------------------------------------------------------------------------------------------- */

void put_fingerprint(struct buf *b, const struct member_row *m)
{
	uint8_t keys[64], digest[32];

	memcpy(keys, m->x25519, 32);
	memcpy(keys + 32, m->ed25519, 32);
	hash32(digest, keys, sizeof(keys));
	buf_put(b, digest, 16);
}

static enum status proposal_of(struct service *s, struct id user, enum proposal what, struct proposal_row *out)
{
	struct sv body;
	enum status status = row_get(s, ROW_PROPOSAL, row_object(ROW_PROPOSAL, user, ID_ZERO, (uint8_t)what), &body);

	if (status == OK)
		return read_proposal(body, out);
	*out = (struct proposal_row){ .user = ID_ZERO };
	return status == E_NOTFOUND ? OK : status;
}

static enum status put_colleague(struct service *s, struct buf *b, const struct member_row *m)
{
	struct proposal_row roles, thaw;
	struct notice_row notice = { .at = 0 };
	struct sv body;

	TRY(proposal_of(s, m->user, PROPOSAL_ROLES, &roles));
	TRY(proposal_of(s, m->user, PROPOSAL_THAW, &thaw));
	if (row_get(s, ROW_NOTICE, row_object(ROW_NOTICE, m->user, ID_ZERO, 0), &body) == OK)
		TRY(read_notice(body, &notice));
	put_id(b, m->user);
	put_id(b, m->organisation);
	buf_u32(b, m->roles);
	buf_u32(b, roles.roles);
	buf_byte(b, (uint8_t)m->state);
	buf_byte(b, (uint8_t)((member_cert(s, m) != NULL) | secrets_complete(s, m) << 1));
	put_id(b, thaw.by);
	buf_u64(b, (uint64_t)notice.at);
	buf_put(b, m->login, sizeof(m->login));
	put_fingerprint(b, m);
	return OK;
}

struct invitations {
	struct buf *out;
	uint32_t n;
};

static enum status put_one_invitation(struct service *s, void *arg, enum row_kind kind, struct id object, struct sv body)
{
	struct invitations *list = arg;
	struct invite_row i;

	if (kind != ROW_INVITE)
		return OK;
	TRY(read_invite(body, &i));
	if (i.state > INVITE_BEGUN)
		return OK;
	put_invitation(s, list->out, &i);
	list->n++;
	return OK;
}

static enum status put_invitations(struct service *s, struct request *r, struct id organisation)
{
	struct buf all = buf_new(s->arena, 1024, 1 << 20);
	struct invitations list = { &all, 0 };

	TRY(rows_of(s, organisation, put_one_invitation, &list));
	TRY(buf_ok(&all));
	buf_u32(r->out, list.n);
	buf_sv(r->out, buf_view(&all));
	return OK;
}

static enum status put_persons(struct service *s, struct request *r, struct id organisation)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s->directory.member_n; i++)
		n += id_equal(s->directory.members[i].organisation, organisation) && s->directory.members[i].state != MEMBER_NEW;
	buf_u32(r->out, n);
	for (size_t i = 0; i < s->directory.member_n; i++) {
		const struct member_row m = s->directory.members[i];

		if (id_equal(m.organisation, organisation) && m.state != MEMBER_NEW)
			TRY(put_colleague(s, r->out, &m));
	}
	return OK;
}

/* Colleagues see each other, so that anybody can freeze an account; invitations and the root's request are for those who act. */
enum status call_people(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);
	bool admin, officer;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	admin = serves(s, w.organisation, w.roles, organisation, ROLE_ORG_ADMIN);
	officer = serves(s, w.organisation, w.roles, organisation, ROLE_SECURITY_OFFICER);
	if (w.kind != ACTOR_STAFF || (!admin && !officer && (!w.active || !id_equal(w.organisation, organisation))))
		return E_DENIED;
	buf_byte(r->out, (uint8_t)(admin | officer << 1 | stepped_up(s, w.session) << 2 |
				   (organisation_cert(s, organisation) != NULL) << 3));
	TRY(put_persons(s, r, organisation));
	if (admin || officer)
		return put_invitations(s, r, organisation);
	buf_u32(r->out, 0);
	return OK;
}

enum status call_identity(struct service *s, struct request *r)
{
	struct id organisation = get_id(&r->body);
	const struct member_row *m;
	struct member_row copy;
	struct who w;

	if (r->body.bad)
		return E_INPUT;
	TRY(who_asks(s, r, &w));
	m = member_by_user(s, w.user);
	if (m == NULL || !serves(s, w.organisation, w.roles, organisation, ROLE_SECURITY_OFFICER))
		return E_DENIED;
	copy = *m;
	return identity_request(s, r, &copy, organisation);
}

/* --- acts ------------------------------------------------------------------------------------------------------------------ */

struct act_on {
	struct who w;
	struct member_row by, m;
	bool admin, officer;
	uint32_t amount;
};

static enum status proposal_put(struct service *s, const struct act_on *x, enum proposal what, uint32_t roles, bool there)
{
	const struct proposal_row p = { x->m.user, x->m.organisation, x->by.user, (uint8_t)what, roles };
	struct act act = { .event = EV_CONFIGURATION, .actor = x->by.user, .organisation = x->m.organisation };
	struct row row = { ROW_PROPOSAL, row_object(ROW_PROPOSAL, x->m.user, ID_ZERO, (uint8_t)what), x->m.organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	if (there) {
		write_proposal(&b, &p);
		row.body = buf_view(&b);
	}
	return row_put(s, &act, &row);
}

static enum status member_change(struct service *s, const struct act_on *x, enum event event, const struct member_row *m)
{
	struct act act = { .event = event, .actor = x->by.user, .organisation = m->organisation };
	struct row row = { ROW_MEMBER, m->user, m->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_member(&b, m);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

enum status roles_certify(struct service *s, const struct member_row *by, struct member_row *m, uint32_t roles)
{
	struct act_on x = { .by = *by, .m = *m };

	if (roles == 0 && member_cert(s, m) != NULL)
		return E_CONFLICT;
	if (roles != 0) {
		m->roles = roles;
		TRY(member_change(s, &x, EV_CERTIFY, m));
		TRY(proposal_put(s, &x, PROPOSAL_ROLES, 0, false));
		sessions_end_user(s->sessions, m->user, s->now); /* a new token after a change of roles */
	}
	TRY(member_certify(s, by, m));
	TRY(secrets_drop(s, m, false));
	return work_off(s, by);
}

static enum status certify(struct service *s, struct act_on *x)
{
	struct proposal_row p;

	if (!x->officer || !stepped_up(s, x->w.session))
		return E_DENIED;
	if (x->m.state != MEMBER_ACTIVE)
		return E_STATE;
	TRY(proposal_of(s, x->m.user, PROPOSAL_ROLES, &p));
	if (p.roles != 0 && id_equal(x->m.user, x->by.user))
		return E_DENIED; /* officer and administrator may be one person: he gives himself no other role */
	return roles_certify(s, &x->by, &x->m, p.roles == x->m.roles ? 0 : p.roles);
}

static enum status propose(struct service *s, struct act_on *x)
{
	if (!x->admin || !x->w.active)
		return E_DENIED;
	if (x->m.state == MEMBER_LEFT)
		return E_STATE;
	if (!roles_sound(x->amount))
		return E_INPUT;
	return proposal_put(s, x, PROPOSAL_ROLES, x->amount, x->amount != x->m.roles);
}

static enum status end_access(struct service *s, struct act_on *x)
{
	struct act act = { .event = EV_REVOKE, .actor = x->by.user, .organisation = x->m.organisation };
	struct row row = { ROW_CERT, x->m.cert, x->m.organisation, SV_NONE };
	struct cert_row cert = { .revoked = true };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct sv body;

	if (!x->officer || !x->w.active || !stepped_up(s, x->w.session))
		return E_DENIED; /* an administrator may invite an officer: before he is certified he ends nobody's access */
	if (x->m.state == MEMBER_LEFT || id_equal(x->m.user, x->by.user))
		return E_STATE;
	x->m.state = MEMBER_LEFT;
	TRY(member_change(s, x, EV_REVOKE, &x->m));
	if (row_get(s, ROW_CERT, x->m.cert, &body) == OK) {
		TRY(read_cert(body, &cert));
		cert.revoked = true;
		write_cert(&b, &cert);
		row.body = buf_view(&b);
		TRY(row_put(s, &act, &row));
	}
	sessions_end_user(s->sessions, x->m.user, s->now);
	return secrets_drop(s, &x->m, true);
}

static enum status freeze(struct service *s, struct act_on *x)
{
	if (!x->w.active)
		return E_DENIED;
	if (x->m.state != MEMBER_ACTIVE)
		return E_STATE;
	x->m.state = MEMBER_FROZEN;
	TRY(member_change(s, x, EV_FREEZE, &x->m));
	sessions_end_user(s->sessions, x->m.user, s->now);
	return OK;
}

/* Two different people, one of them an officer; the other an officer, an administrator or a supervisor; never the frozen one. */
static enum status thaw(struct service *s, struct act_on *x)
{
	const struct member_row *first;
	struct proposal_row p;
	bool officers;

	if (!x->officer && !x->admin && (x->by.roles & ROLE_BIT(ROLE_SUPERVISOR)) == 0)
		return E_DENIED;
	if (x->m.state != MEMBER_FROZEN || !x->w.active)
		return E_STATE;
	TRY(proposal_of(s, x->m.user, PROPOSAL_THAW, &p));
	first = member_by_user(s, p.by);
	if (first == NULL || first->state != MEMBER_ACTIVE || id_equal(first->user, x->by.user))
		return proposal_put(s, x, PROPOSAL_THAW, 0, true);
	officers = x->officer || serves(s, first->organisation, first->roles, x->m.organisation, ROLE_SECURITY_OFFICER);
	if (!officers)
		return E_STATE;
	TRY(proposal_put(s, x, PROPOSAL_THAW, 0, false));
	x->m.state = MEMBER_ACTIVE;
	return member_change(s, x, EV_FREEZE, &x->m);
}

static enum status seen(struct service *s, struct act_on *x)
{
	struct act act = { .event = EV_CONFIGURATION, .actor = x->by.user, .organisation = x->m.organisation };
	const struct row gone = { ROW_NOTICE, row_object(ROW_NOTICE, x->m.user, ID_ZERO, 0), x->m.organisation, SV_NONE };
	struct sv body;

	if (!x->officer || !x->w.active)
		return E_DENIED;
	TRY(row_get(s, ROW_NOTICE, gone.object, &body));
	return row_put(s, &act, &gone);
}

static enum status act_on(struct service *s, enum colleague_act what, struct act_on *x)
{
	switch (what) {
	case COLLEAGUE_CERTIFY:
		return certify(s, x);
	case COLLEAGUE_PROPOSE:
		return propose(s, x);
	case COLLEAGUE_END:
		return end_access(s, x);
	case COLLEAGUE_FREEZE:
		return freeze(s, x);
	case COLLEAGUE_THAW:
		return thaw(s, x);
	case COLLEAGUE_SEEN:
		return seen(s, x);
	}
	return E_INPUT;
}

enum status call_colleague_act(struct service *s, struct request *r)
{
	enum colleague_act what = (enum colleague_act)get_u8(&r->body);
	struct id user = get_id(&r->body);
	const struct member_row *m, *by;
	struct act_on x = { .amount = get_u32(&r->body) };

	if (r->body.bad)
		return E_INPUT;
	TRY(who_asks(s, r, &x.w));
	m = member_by_user(s, user);
	by = x.w.kind == ACTOR_STAFF ? member_by_user(s, x.w.user) : NULL;
	if (m == NULL || by == NULL || m->state == MEMBER_NEW)
		return E_NOTFOUND;
	x.m = *m;
	x.by = *by;
	x.admin = serves(s, by->organisation, by->roles, m->organisation, ROLE_ORG_ADMIN);
	x.officer = serves(s, by->organisation, by->roles, m->organisation, ROLE_SECURITY_OFFICER);
	if (!x.admin && !x.officer && (!x.w.active || !id_equal(by->organisation, m->organisation)))
		return E_NOTFOUND;
	TRY(act_on(s, what, &x));
	return directory_load(s);
}

/* The command line: other roles, with the officer's password. */
enum status call_admin_roles(struct service *s, struct request *r)
{
	struct sv login = get_bytes_view(&r->body, 63), password = get_bytes_view(&r->body, PASSWORD_MAX);
	struct id user = get_id(&r->body);
	uint32_t roles = get_u32(&r->body);
	const struct member_row *m, *by;
	struct member_row copy, by_copy;

	if (r->body.bad || !roles_sound(roles))
		return E_INPUT;
	TRY(password_check(s, r, login, password, &by));
	if (r->wait)
		return OK;
	m = member_by_user(s, user);
	if (m == NULL || !serves(s, by->organisation, by->roles, m->organisation, ROLE_SECURITY_OFFICER))
		return E_DENIED;
	if (m->state == MEMBER_LEFT || m->state == MEMBER_NEW)
		return E_STATE;
	copy = *m;
	by_copy = *by;
	return roles_certify(s, &by_copy, &copy, roles);
}
