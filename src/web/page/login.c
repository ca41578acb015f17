/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U1 login, U2 second factor, logout. The first step gives a half session that can do nothing but the second one; its token lies in the
 * session cookie until the second step replaces it. A wrong name, a wrong password and an unknown person look the same.
 *
 * Text of a late post that the keeper could not keep rides along as two hidden fields through both steps and becomes a draft of the one
 * who logs in. */
#include "web/login.h"

#include <string.h>
#include "base/text.h"
#include "domain/access/access.h"
#include "html/html.h"
#include "keeper/client.h"
#include "web/form.h"
#include "web/page/outside.h"
#include "web/view.h"

#define PASSWORD_MAX 1024
#define LATE_MAX (1024 * 1024)
#define DEVICE_S (180 * 24 * 3600)

struct login_in {
	struct sv login, password, late_where, late_body;
};
static const struct param login_params[] = {
	PARAM(struct login_in, login, P_TEXT, 64, .required = true),
	PARAM(struct login_in, password, P_LONG, PASSWORD_MAX, .required = true),
	PARAM(struct login_in, late_where, P_TEXT, 200),
	PARAM(struct login_in, late_body, P_LONG, LATE_MAX),
};
struct second_in {
	struct sv kind, code, late_where, late_body;
};
static const struct param second_params[] = {
	PARAM(struct second_in, kind, P_CODE, 8, .required = true),
	PARAM(struct second_in, code, P_TEXT, 64),
	PARAM(struct second_in, late_where, P_TEXT, 200),
	PARAM(struct second_in, late_body, P_LONG, LATE_MAX),
};

static void carry(struct ctx *c, struct view_login *v, struct sv where, struct sv body)
{
	struct pair *pairs;

	if (body.n == 0)
		return;
	pairs = ARENA_ARRAY(c->arena, struct pair, 2);
	pairs[0] = (struct pair){ SV("late_where"), where };
	pairs[1] = (struct pair){ SV("late_body"), body };
	v->hidden = pairs;
	v->hidden_n = 2;
}

enum status login_instead(struct ctx *c, const struct request *r, const struct late *late, struct response *out)
{
	struct view_login v = { .locked = true, .drafted = late->kept };

	if (!late->kept)
		carry(c, &v, late->where, late->body);
	out->code = 401;
	out->body.n = 0;
	view_login(c, r, &v, &out->body);
	return OK;
}

static enum status show_login(struct ctx *c, const struct request *r, struct response *out)
{
	const struct view_login v = { 0 };

	view_login(c, r, &v, &out->body);
	return OK;
}

/* The password as typed: blanks at its ends belong to it. */
static enum status typed_password(struct ctx *c, const struct request *r, struct sv *out)
{
	const struct form_field *f = form_find(r->form, "password");

	if (f == NULL || f->value.n == 0 || f->value.n > PASSWORD_MAX)
		return E_DENIED;
	return text_enter(c->arena, f->value, out);
}

static enum status login_again(struct ctx *c, const struct request *r, const struct login_in *in, unsigned code, enum message m,
			       struct response *out)
{
	struct view_login v = { .login = typed(c, r, "login"), .wrong = message_text(c->language, m) };

	carry(c, &v, in->late_where, in->late_body);
	out->code = code;
	view_login(c, r, &v, &out->body);
	return OK;
}

static bool is_demo(struct ctx *c)
{
	struct instance instance = { 0 };

	return keeper_instance(c, &instance) == OK && instance.demo;
}

static enum status login(struct ctx *c, const struct request *r, struct response *out)
{
	const struct login_in *in = r->in;
	struct view_login v = { .demo = false };
	struct sv password;
	struct token half;
	enum status s;

	if (pace(c, r, PACE_LOGIN) != OK) {
		out->retry_s = c->error.retry_s;
		return login_again(c, r, in, 429, MSG_LOGIN_SLOW, out);
	}
	if (input_wrong(c, "login") != NULL || typed_password(c, r, &password) != OK)
		return login_again(c, r, in, 403, MSG_LOGIN_WRONG, out);
	s = keeper_login(c, in->login, password, r->device, &half);
	if (s == E_DENIED || s == E_INPUT)
		return login_again(c, r, in, 403, MSG_LOGIN_WRONG, out);
	if (s == E_BUSY) {
		out->retry_s = c->error.retry_s;
		return login_again(c, r, in, 503, MSG_ERROR_BUSY, out);
	}
	TRY(s);
	response_cookie(out, "__Host-s", token_text(c->arena, &half), 0);
	v.demo = is_demo(c);
	carry(c, &v, in->late_where, in->late_body);
	view_second(c, r, &v, &out->body);
	return OK;
}

static enum status show_second(struct ctx *c, const struct request *r, struct response *out)
{
	const struct view_login v = { .demo = is_demo(c) };

	view_second(c, r, &v, &out->body);
	return OK;
}

static enum status second_again(struct ctx *c, const struct request *r, const struct second_in *in, unsigned code, enum message m,
				struct response *out)
{
	struct view_login v = { .wrong = message_text(c->language, m), .demo = is_demo(c) };

	carry(c, &v, in->late_where, in->late_body);
	out->code = code;
	view_second(c, r, &v, &out->body);
	return OK;
}

/* What rode along becomes a draft; if it cannot, the person is told on the page they land on that nothing of it was kept. Who has drafts
 * from before is told of them. */
static const char *keep_late(struct ctx *c, const struct second_in *in, const struct token *full)
{
	struct actor *me = ARENA_NEW(c->arena, struct actor);

	if (keeper_session(c, full, me) != OK) {
		c->error = (struct error){ .status = OK };
		*me = *c->who;
		me->token = *full;
	}
	c->who = me;
	if (settings_begin(c) != OK)
		c->error = (struct error){ .status = OK }; /* as everybody has it */
	if (in->late_body.n == 0)
		return me->drafts > 0 ? "account.drafts.waiting" : NULL;
	return keeper_draft_save(c, full, in->late_where, in->late_body) == OK ? "account.drafted" : "error.store";
}

/* For 180 days from now: a new device's token, or the one it showed. */
static void keep_device(struct ctx *c, const struct request *r, const struct token *device, struct response *out)
{
	static const struct token none;
	const struct token *t = memcmp(device, &none, sizeof(none)) != 0 ? device : r->device;

	if (t != NULL)
		response_cookie(out, "__Host-d", token_text(c->arena, t), DEVICE_S);
}

static enum status second(struct ctx *c, const struct request *r, struct response *out)
{
	const struct second_in *in = r->in;
	uint8_t factor;
	struct token full, device;
	enum status s;

	if (pace(c, r, PACE_LOGIN) != OK) {
		out->retry_s = c->error.retry_s;
		return second_again(c, r, in, 429, MSG_LOGIN_SLOW, out);
	}
	if (c->input_count > 0 || !factor_named(in->kind, &factor))
		return second_again(c, r, in, 403, MSG_LOGIN_WRONG_CODE, out);
	s = keeper_second(c, &c->who->token, (enum factor)factor, in->code, &full, &device);
	if (s == E_STATE)
		return second_again(c, r, in, 403, MSG_LOGIN_CLOCK, out);
	if (s == E_DENIED || s == E_INPUT)
		return second_again(c, r, in, 403, MSG_LOGIN_WRONG_CODE, out);
	if (s == E_BUSY) {
		out->retry_s = c->error.retry_s;
		return second_again(c, r, in, 503, MSG_ERROR_BUSY, out);
	}
	TRY(s);
	response_cookie(out, "__Host-s", token_text(c->arena, &full), 0);
	keep_device(c, r, &device, out);
	if (factor == FACTOR_DEMO) /* a visitor goes on in the language he came in; nobody chose the account's */
		response_cookie(out, "__Host-l", sv_of(languages[c->language].tag), 0);
	return response_go(c, r, out, "/", keep_late(c, in, &full));
}

static enum status logout(struct ctx *c, const struct request *r, struct response *out)
{
	TRY(keeper_logout(c, &c->who->token));
	response_cookie_clear(out, "__Host-s");
	out->clear_site = true;
	return response_go(c, r, out, "/login", NULL);
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/login", show_login, PUBLIC),
	ROUTE(POST, SITE_STAFF, "/login", login, PUBLIC, login_params, struct login_in, .body_max = LATE_MAX,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(GET, SITE_STAFF, "/second", show_second, PUBLIC),
	ROUTE(POST, SITE_STAFF, "/second", second, PUBLIC, second_params, struct second_in, .body_max = LATE_MAX,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(POST, SITE_STAFF, "/logout", logout, SESSION),
};
extern const struct routes page_login;
const struct routes page_login = { rows, sizeof(rows) / sizeof(rows[0]) };
