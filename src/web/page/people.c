/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A1 Members: the people of an organisation as its administrator, its officer and their colleagues see them. What each may do is the
 * keeper's to decide; here the forms that would be refused are not shown. Officer and administrator of a host switch between the
 * organisations they serve. */
#include <string.h>

#include "base/text.h"
#include "domain/access/access.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/page/people.h"
#include "web/route.h"

struct sv people_login(const struct ctx *c, const char *login)
{
	return arena_copy(c->arena, sv_of(login));
}

bool people_waits(const struct colleague *p)
{
	return p->state == COLLEAGUE_ACTIVE && !p->certified;
}

enum message people_state(const struct colleague *p)
{
	if (p->state == COLLEAGUE_LEFT)
		return MSG_PEOPLE_STATE_LEFT;
	if (p->state == COLLEAGUE_FROZEN)
		return MSG_PEOPLE_STATE_FROZEN;
	if (!p->certified)
		return MSG_PEOPLE_STATE_WAITING;
	return p->holds_keys || policy_compartments(p->roles) == 0 ? MSG_PEOPLE_STATE_ACTIVE : MSG_PEOPLE_STATE_KEYS;
}

static struct id organisation_asked(const struct ctx *c, struct id of)
{
	return id_is_zero(of) ? c->who->organisation : of;
}

struct sv people_path(const struct ctx *c, const struct request *r, struct id organisation)
{
	if (id_equal(organisation, c->who->organisation))
		return page_path(c, r, "/people");
	return page_path(c, r, "/people?of=%s", page_id(c, organisation).p);
}

/* Without the base, for response_go. */
const char *people_place(const struct ctx *c, struct id organisation)
{
	if (id_equal(organisation, c->who->organisation))
		return "/people";
	return arena_format(c->arena, "/people?of=%s", page_id(c, organisation).p).p;
}

/* --- the list ---------------------------------------------------------------------------------------------------------------- */

struct list_in {
	struct id of;
};
static const struct param list_params[] = {
	PARAM(struct list_in, of, P_ID, 0),
};

static enum status draw_others(struct ctx *c, const struct request *r, struct id organisation, struct tpl_people_list *v)
{
	struct agreement *hosted;
	struct tpl_people_list_other *rows;
	struct organisation o;
	size_t n;

	TRY(keeper_hosts(c, c->who->organisation, &hosted, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_people_list_other, n + 1);
	v->others = rows;
	for (size_t i = 0; i < n; i++) {
		if (!id_equal(hosted[i].host, c->who->organisation) || (hosted[i].roles & c->who->roles) == 0)
			continue;
		TRY(organisation_load(c, hosted[i].organisation, &o));
		rows[++v->others_n] = (struct tpl_people_list_other){ .href = people_path(c, r, o.id),
								      .name = o.name,
								      .current = id_equal(o.id, organisation) };
	}
	if (v->others_n == 0)
		return OK;
	TRY(organisation_load(c, c->who->organisation, &o));
	rows[0] = (struct tpl_people_list_other){ .href = people_path(c, r, o.id),
						  .name = o.name,
						  .current = id_equal(o.id, organisation) };
	v->others_n++;
	return OK;
}

/* What the actor has to do with a member; MSG_NONE = nothing. */
static enum message news_of(const struct colleague *p, const struct people *all)
{
	if (p->word_asked)
		return MSG_PEOPLE_NEWS_WORD;
	if (all->officer && p->unknown != 0)
		return MSG_PEOPLE_NEWS_UNKNOWN;
	if (all->officer && p->word_needed && id_is_zero(p->word_by))
		return MSG_PEOPLE_NEWS_WORD_WAITS;
	if (all->officer && people_waits(p))
		return MSG_PEOPLE_STATE_WAITING;
	if (all->officer && p->proposed != 0)
		return MSG_PEOPLE_NEWS_ROLES;
	if (all->officer && p->recovered != 0)
		return MSG_PEOPLE_NEWS_RECOVERED;
	return p->state == COLLEAGUE_FROZEN && !id_is_zero(p->thaw_by) ? MSG_PEOPLE_NEWS_THAW : MSG_NONE;
}

/* By login, whatever the order they came in. */
static void sort_people(struct people *all)
{
	for (size_t i = 1; i < all->colleague_count; i++) {
		struct colleague one = all->colleagues[i];
		size_t at = i;

		for (; at > 0 && strcmp(all->colleagues[at - 1].login, one.login) > 0; at--)
			all->colleagues[at] = all->colleagues[at - 1];
		all->colleagues[at] = one;
	}
}

static void draw_people(struct ctx *c, const struct request *r, const struct people *all, const struct real_names *names,
			struct tpl_people_list *v)
{
	struct tpl_people_list_wait *waiting = ARENA_ARRAY(c->arena, struct tpl_people_list_wait, all->colleague_count + 1);
	struct tpl_people_list_row *rows = ARENA_ARRAY(c->arena, struct tpl_people_list_row, all->colleague_count + 1);

	for (size_t i = 0; i < all->colleague_count; i++) {
		const struct colleague *p = &all->colleagues[i];
		struct sv href = page_path(c, r, "/people/%s", page_id(c, p->user).p);
		enum message news = news_of(p, all), state = people_state(p);

		rows[i] = (struct tpl_people_list_row){ .href = href,
							.login = people_login(c, p->login),
							.name = real_name_of(names, p->user),
							.roles = roles_label(c, p->roles),
							.state = state,
							.late = state == MSG_PEOPLE_STATE_FROZEN };
		if (news != MSG_NONE)
			waiting[v->waiting_n++] = (struct tpl_people_list_wait){
				.href = href, .login = rows[i].login, .roles = rows[i].roles, .news = news
			};
	}
	v->rows = rows;
	v->rows_n = all->colleague_count;
	v->waiting = waiting;
}

static void draw_invitations(struct ctx *c, const struct request *r, const struct people *all, struct tpl_people_list *v)
{
	struct tpl_people_list_invitation *rows =
		ARENA_ARRAY(c->arena, struct tpl_people_list_invitation, all->invitation_count + 1);

	for (size_t i = 0; i < all->invitation_count; i++) {
		const struct invitation *one = &all->invitations[i];

		rows[i] = (struct tpl_people_list_invitation){
			.login = people_login(c, one->login),
			.roles = roles_label(c, one->roles),
			.until = page_time(c, one->until),
			.state = one->state == INVITATION_OVER    ? MSG_PEOPLE_STATE_OVER
				 : one->state == INVITATION_BEGUN ? MSG_PEOPLE_STATE_BEGUN
								  : MSG_PEOPLE_STATE_OPEN,
			.end = all->admin ? page_path(c, r, "/people/invite/%s/end", page_id(c, one->id).p) : SV_NONE,
		};
	}
	v->invitations = rows;
	v->invitations_n = all->invitation_count;
}

/* The officer of an organisation that is not signed yet sees what the root has to sign. */
static enum status draw_founding(struct ctx *c, struct id organisation, const struct people *all, struct tpl_people_list *v)
{
	char print[40];
	enum status s;

	if (!all->officer || all->founded)
		return OK;
	s = keeper_identity(c, organisation, &v->request, print);
	if (s == OK)
		v->fingerprint = arena_copy(c->arena, sv_of(print));
	else
		v->unready = true;
	if (s != OK && s != E_NOTFOUND)
		return s;
	c->error = (struct error){ 0 };
	return OK;
}

static enum status list(struct ctx *c, const struct request *r, struct response *out)
{
	const struct list_in *in = r->in;
	struct id organisation = organisation_asked(c, in->of);
	struct tpl_people_list v = { .csrf = csrf_text(c) };
	struct people all;
	struct real_names names;

	TRY(keeper_people(c, organisation, &all));
	real_names_load(c, &names);
	TRY(draw_others(c, r, organisation, &v));
	TRY(draw_founding(c, organisation, &all, &v));
	sort_people(&all);
	draw_people(c, r, &all, &names, &v);
	draw_invitations(c, r, &all, &v);
	v.acts = all.officer || v.waiting_n > 0;
	v.hosted = !id_equal(organisation, c->who->organisation);
	v.asked = !all.officer && !all.admin;
	if (all.admin && !page_held(c))
		v.invite = v.hosted ? page_path(c, r, "/people/invite?of=%s", page_id(c, organisation).p)
				    : page_path(c, r, "/people/invite");
	v.head = page_head(c, r, MSG_PEOPLE_TITLE, MENU_PEOPLE);
	v.foot = page_foot(c, r);
	render_people_list(&out->body, c->language, &v);
	return OK;
}

/* --- inviting ------------------------------------------------------------------------------------------------------------------ */

struct invite_in {
	struct id of;
	struct sv login, roles, language;
};
static const struct param invite_params[] = {
	PARAM(struct invite_in, of, P_ID, 0),
	PARAM(struct invite_in, login, P_TEXT, 63, .required = true),
	PARAM(struct invite_in, roles, P_CODES, 0, .codes = "access_matrix", .required = true),
	PARAM(struct invite_in, language, P_CODE, 8, .required = true),
};

/* The roles people hold, not those of sessions by code or of the machine. */
struct tpl_shared_field *field_roles(const struct ctx *c, const struct request *r, uint32_t now)
{
	const struct code_list *l = codes_of("access_matrix");
	struct tpl_shared_field_option *options = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, ROLE_COUNT + 1);
	struct tpl_shared_field *f;
	size_t n = 0;

	for (size_t i = 0; l != NULL && i < l->n; i++)
		if (l->codes[i].number - 1u < ROLE_SYSTEM_OPERATOR)
			options[n++] = (struct tpl_shared_field_option){ .value = sv_of(l->codes[i].code),
									 .label = sv_of(l->codes[i].label[c->language]) };
	f = field_options(c, r, "roles", MSG_PEOPLE_ROLES, options, n, r->method == M_POST ? SV_NONE : roles_codes(c, now));
	f->is_check = true;
	f->hint = page_say(c, MSG_PEOPLE_INVITE_ROLES_HINT);
	return f;
}

static enum status invite_page(struct ctx *c, const struct request *r, struct id organisation, struct response *out)
{
	static const struct page_name names[] = { { "login", MSG_PEOPLE_NAME },
						  { "roles", MSG_PEOPLE_ROLES },
						  { "language", MSG_PEOPLE_INVITE_LANGUAGE } };
	struct organisation o;
	struct tpl_people_invite v = { .csrf = csrf_text(c), .of = page_id(c, organisation) };
	struct tpl_shared_field *login, *language;

	TRY(organisation_load(c, organisation, &o));
	login = field_line(c, r, "login", MSG_PEOPLE_NAME, arena_format(c->arena, "%.*s.", (int)o.code.n, o.code.p));
	login->ltr = true;
	login->hint = page_say(c, MSG_PEOPLE_INVITE_LOGIN_HINT);
	language = field_language(c, r, c->language);
	language->label = page_say(c, MSG_PEOPLE_INVITE_LANGUAGE);
	v.name = o.name;
	v.login = login;
	v.roles = field_roles(c, r, 0);
	v.language = language;
	v.errors = page_errors(c, names, sizeof(names) / sizeof(names[0]));
	v.action = page_path(c, r, "/people/invite");
	v.back = people_path(c, r, organisation);
	v.head = page_head(c, r, MSG_PEOPLE_INVITE_TITLE, MENU_PEOPLE);
	v.foot = page_foot(c, r);
	out->code = c->input_count > 0 ? 400 : 200;
	render_people_invite(&out->body, c->language, &v);
	return OK;
}

static enum status invite_form(struct ctx *c, const struct request *r, struct response *out)
{
	const struct list_in *in = r->in;
	struct people all;

	TRY(keeper_people(c, organisation_asked(c, in->of), &all));
	if (!all.admin)
		return ERR(c, E_DENIED, "only an administrator invites");
	return invite_page(c, r, organisation_asked(c, in->of), out);
}

/* The address somebody outside opens: the host as it was asked for. */
static struct sv ticket_address(const struct ctx *c, const struct request *r, const struct join_ticket *t)
{
	return arena_format(c->arena, "%s%.*s%s/join/%.*s", host_is_loopback(host_name(r->host)) ? "http://" : "https://",
			    (int)r->host.n, r->host.p, r->base, 32, hex(c->arena, sv_bytes(t->b, sizeof(t->b))).p);
}

static enum status ticket_page(struct ctx *c, const struct request *r, const struct invitation *i, const struct join_ticket *t,
			       struct response *out)
{
	struct organisation o;
	struct tpl_people_ticket v = { .login = people_login(c, i->login), .roles = roles_label(c, i->roles) };

	TRY(organisation_load(c, i->organisation, &o));
	v.name = o.name;
	v.until = page_time(c, i->until);
	v.address = ticket_address(c, r, t);
	v.ticket = join_ticket_text(c->arena, t);
	v.back = people_path(c, r, i->organisation);
	v.head = page_head(c, r, MSG_PEOPLE_TICKET_TITLE, MENU_PEOPLE);
	v.foot = page_foot(c, r);
	render_people_ticket(&out->body, c->language, &v);
	return OK;
}

static bool login_shaped(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.' || s.p[i] == '-' ||
		      s.p[i] == '_'))
			return false;
	return s.n > 0;
}

/* A login begins with the short name of the house, so that nobody who tries names learns of people elsewhere. */
static enum status check_house(struct ctx *c, struct id organisation, struct sv login)
{
	struct organisation o;

	TRY(organisation_load(c, organisation, &o));
	if (login.n <= o.code.n + 1 || !sv_starts(login, o.code) || login.p[o.code.n] != '.')
		(void)!ctx_input(c, "login", "people.invite.login_house", 0);
	return OK;
}

static enum status invite(struct ctx *c, const struct request *r, struct response *out)
{
	const struct invite_in *in = r->in;
	struct invitation i = { .organisation = organisation_asked(c, in->of), .roles = roles_of_codes(in->roles) };
	struct join_ticket ticket;
	enum status s;

	if (in->language.n > 0 && !language_parse(in->language, &i.language))
		(void)!ctx_input(c, "language", "error.code", 0);
	if (in->login.n > 0 && !login_shaped(in->login))
		(void)!ctx_input(c, "login", "people.invite.login_wrong", 0);
	else if (in->login.n > 0)
		TRY(check_house(c, i.organisation, in->login));
	if (i.roles != 0 && (!policy_roles_together(i.roles) || i.roles >= ROLE_BIT(ROLE_SYSTEM_OPERATOR)))
		(void)!ctx_input(c, "roles", "people.roles_wrong", 0);
	if (c->input_count > 0)
		return invite_page(c, r, i.organisation, out);
	memcpy(i.login, in->login.p, in->login.n);
	s = keeper_invite(c, &i, &ticket);
	if (s == E_CONFLICT) {
		(void)!ctx_input(c, "login", "people.invite.taken", 0);
		return invite_page(c, r, i.organisation, out);
	}
	TRY(s);
	return ticket_page(c, r, &i, &ticket, out);
}

static enum status invite_end(struct ctx *c, const struct request *r, struct response *out)
{
	TRY(keeper_invite_end(c, r->path_id));
	return response_go(c, r, out, "/people", "people.withdrawn");
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/people", list, SESSION, list_params, struct list_in),
	ROUTE(GET, SITE_STAFF, "/people/invite", invite_form, SESSION, list_params, struct list_in),
	ROUTE(POST, SITE_STAFF, "/people/invite", invite, SESSION, invite_params, struct invite_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(POST, SITE_STAFF, "/people/invite/{id}/end", invite_end, SESSION),
};
extern const struct routes page_people;
const struct routes page_people = { rows, sizeof(rows) / sizeof(rows[0]) };
