/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an invitation to a member: the ticket, a password, the recovery code on paper, the second proof, both proved. Nobody is logged in;
 * between password and proof a session of half an hour that can do nothing else lies in the session cookie. Recovery code, time secret and
 * sheet are on pages that are never stored, and nowhere else. */
#include <qrencode.h>
#include <string.h>

#include "base/text.h"
#include "domain/access/access.h"
#include "keeper/client.h"
#include "web/page/outside.h"

struct ticket_in {
	struct sv ticket;
};
static const struct param ticket_params[] = {
	PARAM(struct ticket_in, ticket, P_TEXT, 100, .required = true),
};
struct password_in {
	struct sv password, again;
};
static const struct param password_params[] = {
	PARAM(struct password_in, password, P_LONG, 1024),
	PARAM(struct password_in, again, P_LONG, 1024),
};

/* --- the ticket ---------------------------------------------------------------------------------------------------------------- */

static enum message problem_of(enum invitation_state s)
{
	switch (s) {
	case INVITATION_OPEN:
	case INVITATION_BEGUN:
		return MSG_NONE;
	case INVITATION_USED:
		return MSG_JOIN_USED;
	case INVITATION_ENDED:
		return MSG_JOIN_WITHDRAWN;
	case INVITATION_OVER:
		break;
	}
	return MSG_JOIN_OVER;
}

/* A page that says something, with the box for another ticket. */
static enum status ask_page(struct ctx *c, const struct request *r, enum message says, unsigned code, struct response *out)
{
	static const struct page_name names[] = { { "ticket", MSG_JOIN_TYPE } };
	struct tpl_account_join v = { .csrf = csrf_text(c), .says = says };
	struct tpl_shared_field *ticket = field_line(c, r, "ticket", MSG_JOIN_TYPE, SV(""));

	ticket->ltr = true;
	ticket->hint = page_say(c, MSG_JOIN_TYPE_HINT);
	v.ticket = ticket;
	v.enter = page_path(c, r, "/join");
	v.errors = page_errors(c, names, 1);
	v.to_login = page_path(c, r, "/login");
	v.head = outside_head(c, r, MSG_JOIN_TITLE);
	v.foot = outside_foot(r, c->arena);
	out->code = code;
	render_account_join(&out->body, c->language, &v);
	return OK;
}

static enum status ask(struct ctx *c, const struct request *r, struct response *out)
{
	return ask_page(c, r, MSG_NONE, 200, out);
}

static enum status typed_ticket(struct ctx *c, const struct request *r, struct response *out)
{
	const struct ticket_in *in = r->in;
	struct join_ticket t;

	if (c->input_count == 0 && !join_ticket_read(c->arena, in->ticket, &t))
		(void)!ctx_input(c, "ticket", "join.unknown", 0);
	if (c->input_count > 0)
		return ask_page(c, r, MSG_NONE, 400, out);
	return response_go(c, r, out, arena_format(c->arena, "/join/%.*s", 32, hex(c->arena, sv_bytes(t.b, sizeof(t.b))).p).p,
			   NULL);
}

/* The ticket in the address. *says: why it serves no more, the page with that text was drawn. */
static enum status look(struct ctx *c, const struct request *r, struct join_ticket *t, struct invitation *i, enum message *says)
{
	enum status s;

	memcpy(t->b, r->path_id.b, sizeof(t->b));
	TRY(pace(c, r, PACE_LOGIN));
	s = keeper_join_look(c, t, i);
	*says = s == E_NOTFOUND ? MSG_JOIN_UNKNOWN : problem_of(i->state);
	if (s != E_NOTFOUND)
		return s;
	c->error = (struct error){ 0 };
	return OK;
}

static enum status invitation_page(struct ctx *c, const struct request *r, const struct invitation *i, struct response *out)
{
	static const struct page_name names[] = { { "password", MSG_JOIN_PASSWORD }, { "again", MSG_JOIN_AGAIN } };
	struct organisation o;
	struct tpl_account_join v = { .csrf = csrf_text(c),
				      .by = arena_copy(c->arena, sv_of(i->by)),
				      .login = arena_copy(c->arena, sv_of(i->login)),
				      .roles = roles_label(c, i->roles),
				      .until = page_time(c, i->until) };
	struct tpl_shared_field *password = field_secret(c, r, "password", MSG_JOIN_PASSWORD);

	TRY(organisation_load(c, i->organisation, &o));
	password->hint = page_say(c, MSG_JOIN_PASSWORD_HINT);
	v.name = o.name;
	v.password = password;
	v.again = field_secret(c, r, "again", MSG_JOIN_AGAIN);
	v.errors = page_errors(c, names, sizeof(names) / sizeof(names[0]));
	v.action = page_path(c, r, "/join/%s", page_id(c, r->path_id).p);
	v.to_login = page_path(c, r, "/login");
	v.head = outside_head(c, r, MSG_JOIN_TITLE);
	v.foot = outside_foot(r, c->arena);
	out->code = c->input_count > 0 ? 400 : 200;
	render_account_join(&out->body, c->language, &v);
	return OK;
}

static enum status read_invitation(struct ctx *c, const struct request *r, struct response *out)
{
	struct join_ticket t;
	struct invitation i = { .state = INVITATION_OVER };
	enum message says;

	TRY(look(c, r, &t, &i, &says));
	return says == MSG_NONE ? invitation_page(c, r, &i, out) : ask_page(c, r, says, says == MSG_JOIN_UNKNOWN ? 404 : 410, out);
}

/* --- password, recovery code ---------------------------------------------------------------------------------------------------- */

static enum status code_page(struct ctx *c, const struct request *r, const char *recovery, struct response *out)
{
	struct tpl_account_code v = { .title = MSG_JOIN_STEP2,
				      .says = MSG_JOIN_RECOVERY_SAYS,
				      .label = MSG_JOIN_HAVE_IT,
				      .next = page_path(c, r, "/join/prove"),
				      .recovery = page_groups(c, recovery) };

	v.head = outside_head(c, r, MSG_JOIN_STEP2);
	v.foot = outside_foot(r, c->arena);
	render_account_code(&out->body, c->language, &v);
	return OK;
}

static enum status begin(struct ctx *c, const struct request *r, struct response *out)
{
	struct join_ticket t;
	struct invitation i = { .state = INVITATION_OVER };
	enum message says;
	struct sv password;
	struct token half;
	char recovery[32];
	enum status s;

	TRY(look(c, r, &t, &i, &says));
	if (says != MSG_NONE)
		return ask_page(c, r, says, says == MSG_JOIN_UNKNOWN ? 404 : 410, out);
	if (new_password(c, r, &password) != OK)
		return invitation_page(c, r, &i, out);
	s = keeper_join(c, &t, password, &half, recovery);
	if (s == E_INPUT) {
		(void)!ctx_input(c, "password", "join.weak", 0);
		return invitation_page(c, r, &i, out);
	}
	if (s == E_STATE || s == E_CONFLICT) {
		c->error = (struct error){ 0 };
		return ask_page(c, r, MSG_JOIN_USED, 410, out);
	}
	TRY(s);
	response_cookie(out, "__Host-s", token_text(c->arena, &half), 0);
	return code_page(c, r, recovery, out);
}

/* --- the second proof ---------------------------------------------------------------------------------------------------------- */

/* The drawing as one path: a row of dark modules is one rectangle. Four modules of quiet around. */
static enum status draw_qr(struct ctx *c, struct sv text, struct tpl_account_prove *v)
{
	struct buf b = buf_new(c->arena, 8192, 65536);
	QRcode *q = QRcode_encodeString8bit(arena_text(c->arena, text), 0, QR_ECLEVEL_M);

	if (q == NULL)
		return ERR(c, E_BUG, "no drawing for a text of this length");
	for (int y = 0; y < q->width; y++)
		for (int x = 0, n; x < q->width; x += n) {
			const unsigned char *row = q->data + y * q->width;

			for (n = 0; x + n < q->width && (row[x + n] & 1) == (row[x] & 1); n++)
				;
			if ((row[x] & 1) != 0)
				buf_format(&b, "M%d %dh%dv1h-%dz", x + 4, y + 4, n, n);
		}
	v->size = q->width + 8;
	QRcode_free(q);
	v->drawing = buf_view(&b);
	return buf_ok(&b);
}

static enum status prove_page(struct ctx *c, const struct request *r, const struct factors *f, struct response *out)
{
	static const struct page_name names[] = { { "recovery", MSG_JOIN_RECOVERY }, { "code", MSG_ACCOUNT_SECOND_CODE } };
	struct tpl_account_prove_one *codes = ARENA_ARRAY(c->arena, struct tpl_account_prove_one, FACTOR_SHEET_CODES);
	struct tpl_account_prove v = { .csrf = csrf_text(c), .codes = codes, .codes_n = FACTOR_SHEET_CODES };
	struct tpl_shared_field *recovery = field_secret(c, r, "recovery", MSG_JOIN_RECOVERY);
	struct sv secret = base32(c->arena, sv_bytes(f->totp, sizeof(f->totp)));

	TRY(draw_qr(c,
		    arena_format(c->arena, "otpauth://totp/amana:%s?secret=%.*s&issuer=amana", f->login, (int)secret.n, secret.p),
		    &v));
	for (size_t i = 0; i < FACTOR_SHEET_CODES; i++)
		codes[i].code = arena_copy(c->arena, sv_of(f->sheet[i]));
	recovery->type = SV("text");
	v.recovery = recovery;
	v.secret = secret;
	v.step = step_fields(c, r);
	v.errors = page_errors(c, names, sizeof(names) / sizeof(names[0]));
	v.action = page_path(c, r, "/join/prove");
	v.head = outside_head(c, r, MSG_JOIN_STEP3);
	v.foot = outside_foot(r, c->arena);
	out->code = c->input_count > 0 ? 400 : 200;
	render_account_prove(&out->body, c->language, &v);
	return OK;
}

/* The half session has run out, or another beginning took its place. */
static enum status gone(struct ctx *c, const struct request *r, struct response *out)
{
	c->error = (struct error){ 0 };
	c->input_count = 0;
	return ask_page(c, r, MSG_JOIN_GONE, 403, out);
}

static enum status show_proof(struct ctx *c, const struct request *r, struct response *out)
{
	struct factors f;
	enum status s = keeper_join_factors(c, &c->who->token, &f);

	if (s == E_DENIED)
		return gone(c, r, out);
	TRY(s);
	return prove_page(c, r, &f, out);
}

struct prove_in {
	struct sv recovery, kind, code;
};
static const struct param prove_params[] = {
	PARAM(struct prove_in, recovery, P_TEXT, 100, .required = true),
	PARAM(struct prove_in, kind, P_CODE, 8, .required = true),
	PARAM(struct prove_in, code, P_TEXT, 64),
};

static enum status joined_page(struct ctx *c, const struct request *r, const struct joined *j, struct response *out)
{
	struct tpl_account_joined v = { .to_login = page_path(c, r, "/login"),
					.fingerprint = arena_copy(c->arena, sv_of(j->fingerprint)),
					.officer = (j->roles & ROLE_BIT(ROLE_SECURITY_OFFICER)) != 0 };

	response_cookie_clear(out, "__Host-s");
	v.head = outside_head(c, r, MSG_JOIN_DONE);
	v.foot = outside_foot(r, c->arena);
	render_account_joined(&out->body, c->language, &v);
	return OK;
}

static enum status prove(struct ctx *c, const struct request *r, struct response *out)
{
	const struct prove_in *in = r->in;
	struct factors f;
	struct joined j = { .roles = 0 };
	uint8_t factor = 0;
	enum status s = keeper_join_factors(c, &c->who->token, &f);

	if (s == E_DENIED)
		return gone(c, r, out);
	TRY(s);
	if (!factor_named(in->kind, &factor))
		(void)!ctx_input(c, "code", "step.needed", 0);
	if (c->input_count > 0)
		return prove_page(c, r, &f, out);
	s = keeper_join_prove(c, &c->who->token, in->recovery, factor, in->code, &j);
	if (s == E_INPUT || s == E_DENIED || s == E_STATE) {
		c->error = (struct error){ 0 };
		(void)!ctx_input(c, s == E_INPUT ? "recovery" : "code",
				 s == E_INPUT   ? "join.recovery_wrong"
				 : s == E_STATE ? "login.clock"
						: "step.wrong",
				 0);
		return prove_page(c, r, &f, out);
	}
	TRY(s);
	TRY(member_copy(c, &(struct member_row){ .user = j.user,
						 .organisation = j.organisation,
						 .login = arena_copy(c->arena, sv_of(f.login)),
						 .roles = j.roles,
						 .language = j.language,
						 .active = true }));
	return joined_page(c, r, &j, out);
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/join", ask, PUBLIC),
	ROUTE(POST, SITE_STAFF, "/join", typed_ticket, PUBLIC, ticket_params, struct ticket_in, .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(GET, SITE_STAFF, "/join/prove", show_proof, PUBLIC),
	ROUTE(POST, SITE_STAFF, "/join/prove", prove, PUBLIC, prove_params, struct prove_in, .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(GET, SITE_STAFF, "/join/{id}", read_invitation, PUBLIC),
	ROUTE(POST, SITE_STAFF, "/join/{id}", begin, PUBLIC, password_params, struct password_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_join;
const struct routes page_join = { rows, sizeof(rows) / sizeof(rows[0]) };
