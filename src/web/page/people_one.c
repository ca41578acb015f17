/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A1 Members, one of them: what an administrator, an officer, a colleague who is asked and any colleague may do with this account. Forms the
 * keeper would refuse are not shown. */
#include "web/page/people.h"
#include "base/text.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "web/route.h"

struct one {
	struct people all;
	const struct colleague *p;
};

static enum status load_one(struct ctx *c, struct id user, struct one *x)
{
	struct member_row m;

	TRY(member_load(c, user, &m));
	TRY(keeper_people(c, m.organisation, &x->all));
	for (size_t i = 0; i < x->all.colleague_count; i++)
		if (id_equal(x->all.colleagues[i].user, user)) {
			x->p = &x->all.colleagues[i];
			return OK;
		}
	return ERR(c, E_NOTFOUND, "no such member");
}

static struct sv act_path(const struct ctx *c, const struct request *r, const struct one *x, const char *act)
{
	return page_path(c, r, "/people/%s/%s", page_id(c, x->p->user).p, act);
}

static bool may_thaw(const struct ctx *c, const struct one *x)
{
	return (x->all.officer || x->all.admin || ctx_can(c, ROLE_SUPERVISOR)) && x->p->state == COLLEAGUE_FROZEN &&
	       !id_equal(x->p->thaw_by, c->who->user) && !page_held(c);
}

/* News that stand until an officer has read them. */
static void offer_news(const struct ctx *c, const struct request *r, const struct one *x, struct tpl_people_one *v)
{
	if (!x->all.officer)
		return;
	if (x->p->recovered != 0 && !(page_held(c) && id_equal(x->p->user, c->who->user))) {
		v->seen = act_path(c, r, x, "seen");
		v->recovered = page_time(c, x->p->recovered);
	}
	if (x->p->unknown != 0) {
		v->unknown_seen = act_path(c, r, x, "seen");
		v->unknown = page_time(c, x->p->unknown);
	}
}

/* What was read goes back with the answer, a code a field. */
static struct tpl_people_one_role *role_rows(const struct ctx *c, uint32_t roles, size_t *n)
{
	struct tpl_people_one_role *rows = ARENA_ARRAY(c->arena, struct tpl_people_one_role, ROLE_COUNT + 1);
	struct sv codes = roles_codes(c, roles), one;

	while (codes.n > 0 && sv_cut(&codes, '|', &one))
		rows[(*n)++].code = one;
	return rows;
}

static void offer_certify(struct ctx *c, const struct request *r, const struct one *x, struct tpl_people_one *v)
{
	const struct colleague *p = x->p;

	if (!x->all.officer || !x->all.founded || p->state != COLLEAGUE_ACTIVE || (p->certified && p->proposed == 0) ||
	    (p->proposed != 0 && id_equal(p->user, c->who->user)))
		return;
	v->word_from = arena_copy(c->arena, member_login(c, p->word_by));
	v->word_waits = p->word_needed && id_is_zero(p->word_by);
	if (v->word_waits || page_held(c))
		return;
	v->certify = act_path(c, r, x, "certify");
	v->asked_roles = role_rows(c, p->proposed != 0 ? p->proposed : p->roles, &v->asked_roles_n);
	v->certify_label = p->proposed != 0 ? MSG_PEOPLE_CERTIFY_ROLES : MSG_PEOPLE_CERTIFY;
	v->step = x->all.stepped_up ? NULL : step_fields(c, r);
}

/* A colleague whose keys the person would get. */
static void offer_word(struct ctx *c, const struct request *r, const struct one *x, struct tpl_people_one *v)
{
	if (!x->p->word_asked)
		return;
	v->asked = roles_label(c, x->p->proposed != 0 ? x->p->proposed : x->p->roles);
	v->asked_roles = role_rows(c, x->p->proposed != 0 ? x->p->proposed : x->p->roles, &v->asked_roles_n);
	v->asked_new = !x->p->certified;
	v->know_not = act_path(c, r, x, "doubt");
	if (page_held(c))
		return;
	v->know = act_path(c, r, x, "vouch");
	v->step = x->all.stepped_up ? NULL : step_fields(c, r);
}

static void offer_acts(struct ctx *c, const struct request *r, const struct one *x, struct tpl_people_one *v)
{
	const struct colleague *p = x->p;

	offer_news(c, r, x, v);
	offer_certify(c, r, x, v);
	offer_word(c, r, x, v);
	if (may_thaw(c, x)) {
		v->thaw = act_path(c, r, x, "thaw");
		v->thaw_asked = !id_is_zero(p->thaw_by);
	}
	if (p->state == COLLEAGUE_ACTIVE)
		v->freeze = act_path(c, r, x, "freeze");
	if (x->all.admin && p->state != COLLEAGUE_LEFT && !page_held(c)) {
		v->change = act_path(c, r, x, "roles");
		v->choice = field_roles(c, r, p->proposed != 0 ? p->proposed : p->roles);
	}
	if (x->all.officer && p->state != COLLEAGUE_LEFT && !id_equal(p->user, c->who->user))
		v->end = act_path(c, r, x, "end");
}

static enum status one_page(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct page_name names[] = { { "roles", MSG_PEOPLE_ROLES }, { "code", MSG_STEP_TITLE } };
	struct one x;
	struct tpl_people_one v = { .csrf = csrf_text(c) };
	struct real_names known;

	TRY(load_one(c, r->path_id, &x));
	real_names_load(c, &known);
	v.name = real_name_of(&known, x.p->user);
	v.login = people_login(c, x.p->login);
	v.roles = roles_label(c, x.p->roles);
	v.state = people_state(x.p);
	v.proposed = x.p->proposed == 0 ? SV_NONE : roles_label(c, x.p->proposed);
	if (x.all.officer || x.p->word_asked || id_equal(x.p->user, c->who->user))
		v.fingerprint = arena_copy(c->arena, sv_of(x.p->fingerprint));
	v.errors = page_errors(c, names, sizeof(names) / sizeof(names[0]));
	offer_acts(c, r, &x, &v);
	v.back = people_path(c, r, x.p->organisation);
	v.head = page_head(c, r, MSG_PEOPLE_ONE, MENU_PEOPLE);
	v.foot = page_foot(c, r);
	out->code = c->input_count > 0 ? 400 : 200;
	render_people_one(&out->body, c->language, &v);
	return OK;
}

/* The directory's copy follows what the keeper did. */
static enum status copy_one(struct ctx *c, struct id user)
{
	struct member_row m;
	struct one x;

	TRY(member_load(c, user, &m));
	if (id_equal(user, c->who->user))
		return OK; /* one's own session may be over */
	TRY(load_one(c, user, &x));
	m.roles = x.p->roles;
	m.active = x.p->state == COLLEAGUE_ACTIVE;
	return member_copy(c, &m);
}

static enum status done(struct ctx *c, const struct request *r, struct response *out, const char *key)
{
	struct member_row m;

	TRY(copy_one(c, r->path_id));
	TRY(member_load(c, r->path_id, &m));
	return response_go(c, r, out, people_place(c, m.organisation), key);
}

/* One act; what is no more possible is said on the member's page. */
static enum status act(struct ctx *c, const struct request *r, enum colleague_act what, uint32_t amount, const char *key,
		       struct response *out)
{
	enum status s = keeper_colleague_act(c, what, r->path_id, amount);

	if ((s == E_STATE && !page_held(c)) || s == E_CONFLICT) {
		c->error = (struct error){ 0 };
		return response_go(c, r, out, arena_format(c->arena, "/people/%s", page_id(c, r->path_id).p).p, "people.not_now");
	}
	TRY(s);
	return done(c, r, out, key);
}

struct step_in {
	struct sv kind, code;
	bool sure;
};
static const struct param end_params[] = {
	PARAM(struct step_in, kind, P_CODE, 8),
	PARAM(struct step_in, code, P_TEXT, 64),
	PARAM(struct step_in, sure, P_FLAG, 0),
};

/* A session that stepped up a moment ago needs no code. */
static enum status prove(struct ctx *c, const struct request *r, const struct step_in *in, struct response *out)
{
	struct one x;

	if (c->input_count > 0)
		return E_INPUT;
	TRY(load_one(c, r->path_id, &x));
	return x.all.stepped_up ? OK : step_up(c, in->kind, in->code, out);
}

struct word_in {
	struct sv kind, code, roles;
};
static const struct param word_params[] = {
	PARAM(struct word_in, kind, P_CODE, 8),
	PARAM(struct word_in, code, P_TEXT, 64),
	PARAM(struct word_in, roles, P_CODES, 0, .codes = "access_matrix", .required = true),
};

/* The roles are those the colleague read: when they changed since, the word is not taken. */
static enum status know(struct ctx *c, const struct request *r, struct response *out)
{
	const struct word_in *in = r->in;
	const struct step_in step = { in->kind, in->code, false };
	enum status s = prove(c, r, &step, out);

	if (s == E_INPUT)
		return one_page(c, r, out);
	TRY(s);
	return act(c, r, COLLEAGUE_VOUCH, roles_of_codes(in->roles), "people.known", out);
}

static const struct param certify_params[] = {
	PARAM(struct word_in, kind, P_CODE, 8),
	PARAM(struct word_in, code, P_TEXT, 64),
	PARAM(struct word_in, roles, P_CODES, 0, .codes = "access_matrix"),
};

/* As a word: over the roles the officer read. */
static enum status certify(struct ctx *c, const struct request *r, struct response *out)
{
	const struct word_in *in = r->in;
	const struct step_in step = { in->kind, in->code, false };
	enum status s = prove(c, r, &step, out);

	if (s == E_INPUT)
		return one_page(c, r, out);
	TRY(s);
	return act(c, r, COLLEAGUE_CERTIFY, roles_of_codes(in->roles), "people.certified", out);
}

static enum status know_not(struct ctx *c, const struct request *r, struct response *out)
{
	return act(c, r, COLLEAGUE_DOUBT, 0, "people.known_not", out);
}

static enum status end_page(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct page_name names[] = { { "code", MSG_STEP_TITLE } };
	struct tpl_people_end v = { .csrf = csrf_text(c) };
	struct one x;

	TRY(load_one(c, r->path_id, &x));
	v.login = people_login(c, x.p->login);
	v.step = x.all.stepped_up ? NULL : step_fields(c, r);
	v.errors = page_errors(c, names, 1);
	v.action = act_path(c, r, &x, "end");
	v.back = page_path(c, r, "/people/%s", page_id(c, x.p->user).p);
	v.head = page_head(c, r, MSG_PEOPLE_END, MENU_PEOPLE);
	v.foot = page_foot(c, r);
	out->code = c->input_count > 0 ? 400 : 200;
	render_people_end(&out->body, c->language, &v);
	return OK;
}

static enum status end(struct ctx *c, const struct request *r, struct response *out)
{
	const struct step_in *in = r->in;
	enum status s;

	if (!in->sure)
		return end_page(c, r, out);
	s = prove(c, r, in, out);
	if (s == E_INPUT)
		return end_page(c, r, out);
	TRY(s);
	return act(c, r, COLLEAGUE_END, 0, "people.ended", out);
}

struct roles_in {
	struct sv roles;
};
static const struct param roles_params[] = {
	PARAM(struct roles_in, roles, P_CODES, 0, .codes = "access_matrix", .required = true),
};

static enum status propose(struct ctx *c, const struct request *r, struct response *out)
{
	const struct roles_in *in = r->in;
	uint32_t roles = roles_of_codes(in->roles);

	if (roles != 0 && (!policy_roles_together(roles) || roles >= ROLE_BIT(ROLE_SYSTEM_OPERATOR)))
		(void)!ctx_input(c, "roles", "people.roles_wrong", 0);
	if (c->input_count > 0)
		return one_page(c, r, out);
	return act(c, r, COLLEAGUE_PROPOSE, roles, "people.proposed", out);
}

static enum status freeze(struct ctx *c, const struct request *r, struct response *out)
{
	if (!id_equal(r->path_id, c->who->user))
		return act(c, r, COLLEAGUE_FREEZE, 0, "people.frozen", out);
	TRY(keeper_colleague_act(c, COLLEAGUE_FREEZE, r->path_id, 0));
	return response_go(c, r, out, "/login", NULL);
}

static enum status thaw(struct ctx *c, const struct request *r, struct response *out)
{
	enum status s = keeper_colleague_act(c, COLLEAGUE_THAW, r->path_id, 0);
	struct one x;

	if (s == E_STATE && !page_held(c)) {
		c->error = (struct error){ 0 };
		return response_go(c, r, out, arena_format(c->arena, "/people/%s", page_id(c, r->path_id).p).p, "people.thaw_says");
	}
	TRY(s);
	TRY(load_one(c, r->path_id, &x));
	return done(c, r, out, x.p->state == COLLEAGUE_FROZEN ? "people.thaw_first" : "people.thawed");
}

struct seen_in {
	bool unknown;
};
static const struct param seen_params[] = {
	PARAM(struct seen_in, unknown, P_FLAG, 0),
};

static enum status seen(struct ctx *c, const struct request *r, struct response *out)
{
	const struct seen_in *in = r->in;

	return act(c, r, COLLEAGUE_SEEN, in->unknown, "people.seen_done", out);
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/people/{id}", one_page, SESSION),
	ROUTE(POST, SITE_STAFF, "/people/{id}/certify", certify, SESSION, certify_params, struct word_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_STAFF, "/people/{id}/vouch", know, SESSION, word_params, struct word_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(POST, SITE_STAFF, "/people/{id}/doubt", know_not, SESSION),
	ROUTE(POST, SITE_STAFF, "/people/{id}/roles", propose, SESSION, roles_params, struct roles_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(POST, SITE_STAFF, "/people/{id}/freeze", freeze, SESSION),
	ROUTE0(POST, SITE_STAFF, "/people/{id}/thaw", thaw, SESSION),
	ROUTE(POST, SITE_STAFF, "/people/{id}/end", end, SESSION, end_params, struct step_in, .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_STAFF, "/people/{id}/seen", seen, SESSION, seen_params, struct seen_in),
};
extern const struct routes page_people_one;
const struct routes page_people_one = { rows, sizeof(rows) / sizeof(rows[0]) };
