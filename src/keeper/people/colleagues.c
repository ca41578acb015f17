/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the people of an organisation, its administrator and its officer do to one another: certify, propose and certify other roles, say that
 * they know somebody or do not, freeze (one), unfreeze (two), end access. Every act is a row with its leaf; what gives somebody rights or
 * ends them for good asks the second factor again. */
#include "keeper/people/admission.h"

#include "keeper/codec.h"
#include "keeper/people/ceremony.h"

struct act_on {
	struct viewer by;
	struct member_row m;
	uint32_t amount;
};

static enum status member_change(struct service *s, struct id actor, enum event event, const struct member_row *m)
{
	struct act act = { .event = event, .actor = actor, .organisation = m->organisation };
	struct row row = { ROW_MEMBER, m->user, m->organisation, SV_NONE };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));

	write_member(&b, m);
	row.body = buf_view(&b);
	return row_put(s, &act, &row);
}

enum status member_freeze(struct service *s, struct id actor, struct member_row *m, bool frozen)
{
	enum status status;

	m->state = frozen ? MEMBER_FROZEN : MEMBER_ACTIVE;
	TRY(member_change(s, actor, EV_FREEZE, m));
	/* What was agreed to before this freeze is not agreed to after it; one that somebody edited is good for nothing and holds no freeze up. */
	status = proposal_drop(s, actor, m, PROPOSAL_THAW);
	if (status != OK && (status != E_CRYPTO || !frozen))
		return status;
	if (!frozen)
		return OK;
	sessions_end_user(s->sessions, m->user, s->now);
	return vouches_drop(s, m);
}

enum status roles_certify(struct service *s, const struct member_row *by, struct member_row *m, const struct proposal_row *proposed)
{
	if (proposed == NULL && member_cert(s, m) != NULL)
		return E_CONFLICT;
	if (proposed != NULL) {
		m->roles = proposed->roles;
		TRY(member_change(s, by->user, EV_CERTIFY, m));
	}
	TRY(member_certify(s, by, m, proposed));
	TRY(proposal_drop(s, by->user, m, PROPOSAL_ROLES));
	TRY(proposal_drop(s, by->user, m, PROPOSAL_VOUCH));
	if (proposed != NULL) {
		TRY(vouches_drop(s, m));
		sessions_end_user(s->sessions, m->user, s->now); /* a new token after a change of roles */
	}
	TRY(secrets_drop(s, m, false));
	return work_off(s, by);
}

/* amount: the roles the officer read on his page; whoever proposes may have changed them since. */
static enum status certify(struct service *s, struct act_on *x)
{
	struct proposal_row p;

	if (!x->by.officer || !stepped_up(s, x->by.w.session))
		return E_DENIED;
	if (x->m.state != MEMBER_ACTIVE)
		return E_STATE;
	TRY(proposal_of(s, x->m.user, PROPOSAL_ROLES, &p));
	if (x->amount != 0 && x->amount != (p.roles != 0 ? p.roles : x->m.roles))
		return E_STATE;
	if (p.roles != 0 && id_equal(x->m.user, x->by.m.user))
		return E_DENIED; /* officer and administrator may be one person: he gives himself no other role */
	return roles_certify(s, &x->by.m, &x->m, p.roles == 0 ? NULL : &p);
}

/* Roles as they are take the proposal back. Whoever gave a word gave it for what was proposed before. */
static enum status propose(struct service *s, struct act_on *x)
{
	struct id by = x->by.m.user;
	const struct proposal_row p = { x->m.user, x->m.organisation, by, PROPOSAL_ROLES, x->amount, { 0 } };

	if (!x->by.admin || !x->by.w.active)
		return E_DENIED;
	TRY(rights_free(s, by));
	if (x->m.state == MEMBER_LEFT)
		return E_STATE;
	if (!roles_sound(x->amount))
		return E_INPUT;
	TRY(proposal_drop(s, by, &x->m, PROPOSAL_VOUCH));
	return proposal_put(s, by, &p, x->amount != x->m.roles);
}

/* What waits for the officer about this member, asked of a colleague who holds some of it. E_STATE: nothing, or no word is needed. */
static enum status asked_of(struct service *s, const struct act_on *x, struct proposal_row *p)
{
	struct admitting a = { &x->m, x->m.roles, ID_ZERO, NULL };
	struct word word;

	if (!x->by.w.active)
		return E_DENIED;
	TRY(proposal_of(s, x->m.user, PROPOSAL_ROLES, p));
	if (p->roles != 0) {
		a.roles = p->roles;
		a.proposed = p;
	}
	if (!may_vouch(s, &a, &x->by.m))
		return E_DENIED;
	if (x->m.state != MEMBER_ACTIVE || (p->roles == 0 && member_cert(s, &x->m) != NULL))
		return E_STATE;
	TRY(word_of_any(s, a, &word));
	return word.needed ? OK : E_STATE;
}

/* amount: the roles the colleague read on his page. */
static enum status vouch(struct service *s, struct act_on *x)
{
	struct proposal_row p;

	TRY(asked_of(s, x, &p));
	if (!stepped_up(s, x->by.w.session))
		return E_DENIED;
	TRY(rights_free(s, x->by.m.user));
	if (x->amount != (p.roles != 0 ? p.roles : x->m.roles))
		return E_STATE;
	return vouch_put(s, &x->by.m, &x->m, x->amount);
}

/* Nobody knows him: who is new is frozen, a colleague's other roles are not to be; the officer is told. */
static enum status doubt(struct service *s, struct act_on *x)
{
	struct id by = x->by.m.user;
	const struct notice_row n = { x->m.user, x->m.organisation, s->now, NOTICE_UNKNOWN, false, by };
	struct proposal_row p;

	TRY(asked_of(s, x, &p));
	TRY(proposal_drop(s, by, &x->m, PROPOSAL_VOUCH));
	TRY(proposal_drop(s, by, &x->m, PROPOSAL_ROLES));
	TRY(notice_put(s, by, &n));
	return member_cert(s, &x->m) == NULL ? member_freeze(s, by, &x->m, true) : OK;
}

static enum status end_access(struct service *s, struct act_on *x)
{
	struct act act = { .event = EV_REVOKE, .actor = x->by.m.user, .organisation = x->m.organisation };
	struct row row = { ROW_CERT, x->m.cert, x->m.organisation, SV_NONE };
	struct cert_row cert = { .revoked = true };
	uint8_t space[ROW_BODY_MAX];
	struct buf b = buf_over(space, sizeof(space));
	struct sv body;

	if (!x->by.officer || !x->by.w.active || !stepped_up(s, x->by.w.session))
		return E_DENIED; /* an administrator may invite an officer: before he is certified he ends nobody's access */
	if (x->m.state == MEMBER_LEFT || id_equal(x->m.user, x->by.m.user))
		return E_STATE;
	x->m.state = MEMBER_LEFT;
	TRY(member_change(s, x->by.m.user, EV_REVOKE, &x->m));
	TRY(vouches_drop(s, &x->m));
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
	if (!x->by.w.active)
		return E_DENIED;
	return x->m.state == MEMBER_ACTIVE ? member_freeze(s, x->by.m.user, &x->m, true) : E_STATE;
}

bool may_thaw(const struct service *s, const struct member_row *m, struct id organisation)
{
	return m->state == MEMBER_ACTIVE && member_cert(s, m) != NULL &&
	       (serves(s, m->organisation, m->roles, organisation, ROLE_SECURITY_OFFICER) ||
		serves(s, m->organisation, m->roles, organisation, ROLE_ORG_ADMIN) ||
		(id_equal(m->organisation, organisation) && (m->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0));
}

/* Two different people, one of them an officer; the other an officer, an administrator or a supervisor; never the frozen one. */
static enum status thaw(struct service *s, struct act_on *x)
{
	struct id by = x->by.m.user;
	const struct proposal_row ask = { x->m.user, x->m.organisation, by, PROPOSAL_THAW, 0, { 0 } };
	const struct member_row *first;
	struct proposal_row p;
	bool officers;

	if (!may_thaw(s, &x->by.m, x->m.organisation))
		return E_DENIED;
	if (x->m.state != MEMBER_FROZEN)
		return E_STATE;
	TRY(rights_free(s, by));
	TRY(proposal_of(s, x->m.user, PROPOSAL_THAW, &p));
	first = member_by_user(s, p.by);
	if (first == NULL || !may_thaw(s, first, x->m.organisation) || id_equal(first->user, by))
		return proposal_put(s, by, &ask, true);
	officers = x->by.officer || serves(s, first->organisation, first->roles, x->m.organisation, ROLE_SECURITY_OFFICER);
	if (!officers)
		return E_STATE;
	return member_freeze(s, by, &x->m, false);
}

/* amount: which news. Who came in by a recovery does not take the news of it from the others' page. */
static enum status seen(struct service *s, struct act_on *x)
{
	struct notice_row n;

	if (!x->by.officer || !x->by.w.active)
		return E_DENIED;
	if (x->amount > NOTICE_UNKNOWN)
		return E_INPUT;
	if (id_equal(x->m.user, x->by.m.user))
		TRY(rights_free(s, x->m.user));
	TRY(notice_of(s, x->m.user, (enum notice)x->amount, &n));
	if (id_is_zero(n.user) || n.seen)
		return E_NOTFOUND;
	n.seen = true;
	return notice_put(s, x->by.m.user, &n);
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
	case COLLEAGUE_VOUCH:
		return vouch(s, x);
	case COLLEAGUE_DOUBT:
		return doubt(s, x);
	}
	return E_INPUT;
}

enum status call_colleague_act(struct service *s, struct request *r)
{
	enum colleague_act what = (enum colleague_act)get_u8(&r->body);
	struct id user = get_id(&r->body);
	struct act_on x = { .amount = get_u32(&r->body) };
	const struct member_row *m = member_by_user(s, user);
	enum status status;

	if (r->body.bad)
		return E_INPUT;
	status = viewer_of(s, r, m != NULL ? m->organisation : ID_ZERO, &x.by);
	if (status != OK && (status != E_DENIED || !x.by.w.active))
		return status;
	m = member_by_user(s, user);
	if (status != OK || m == NULL || m->state == MEMBER_NEW)
		return E_NOTFOUND;
	x.m = *m;
	TRY(act_on(s, what, &x));
	return directory_load(s);
}

/* The administrator's proposal of the same roles counts, if there is one. */
static enum status roles_by_console(struct service *s, struct request *r, const struct member_row *by, struct member_row *m,
				    uint32_t roles)
{
	struct admitting a = { m, roles, by->user, NULL };
	struct proposal_row p;
	struct word word;

	TRY(proposal_of(s, m->user, PROPOSAL_ROLES, &p));
	if (p.roles != roles)
		p = (struct proposal_row){ m->user, m->organisation, ID_ZERO, PROPOSAL_ROLES, roles, { 0 } };
	if (roles != m->roles)
		a.proposed = &p;
	TRY(rights_free(s, by->user));
	TRY(word_of(s, &a, &word));
	buf_byte(r->out, word.needed && id_is_zero(word.from));
	if (!word.needed || !id_is_zero(word.from))
		return roles_certify(s, by, m, a.proposed);
	TRY(proposal_drop(s, by->user, m, PROPOSAL_VOUCH));
	return proposal_put(s, by->user, &p, a.proposed != NULL);
}

/* The command line: other roles, with the officer's password. Without the word they need they are proposed. */
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
	return roles_by_console(s, r, &by_copy, &copy, roles);
}
