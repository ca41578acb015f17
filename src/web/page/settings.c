/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U3 My settings, a lost password, and a member's own secrets. The login name, the recovery code and the second proof are asked together;
 * which of them was wrong is never said. */
#include "domain/access/access.h"
#include "keeper/client.h"
#include "web/page/outside.h"

/* A fresh recovery code, shown once. */
static enum status code_page(struct ctx *c, const struct request *r, const char *recovery, bool lost, struct response *out)
{
	struct tpl_account_code v = { .title = lost ? MSG_RECOVER_DONE : MSG_SETTINGS_RECOVERY,
				      .says = lost ? MSG_RECOVER_DONE_SAYS : MSG_JOIN_RECOVERY_SAYS,
				      .label = MSG_JOIN_HAVE_IT,
				      .recovery = page_groups(c, recovery) };

	v.next = page_path(c, r, lost ? "/login" : "/settings");
	v.head = lost ? outside_head(c, r, MSG_RECOVER_DONE) : page_head(c, r, MSG_SETTINGS_RECOVERY, MENU_SETTINGS);
	v.foot = lost ? outside_foot(r, c->arena) : page_foot(c, r);
	render_account_code(&out->body, c->language, &v);
	return OK;
}

/* --- lost password --------------------------------------------------------------------------------------------------------------- */

struct recover_in {
	struct sv login, recovery, kind, code, password, again;
};
static const struct param recover_params[] = {
	PARAM(struct recover_in, login, P_TEXT, 63, .required = true),
	PARAM(struct recover_in, recovery, P_TEXT, 100, .required = true),
	PARAM(struct recover_in, kind, P_CODE, 8, .required = true),
	PARAM(struct recover_in, code, P_TEXT, 64),
	PARAM(struct recover_in, password, P_LONG, 1024),
	PARAM(struct recover_in, again, P_LONG, 1024),
};

static enum status recover_page(struct ctx *c, const struct request *r, unsigned code, struct response *out)
{
	static const struct page_name names[] = { { "login", MSG_ACCOUNT_LOGIN_NAME },
						  { "recovery", MSG_RECOVER_RECOVERY },
						  { "code", MSG_ACCOUNT_SECOND_CODE },
						  { "password", MSG_RECOVER_NEW },
						  { "again", MSG_JOIN_AGAIN } };
	struct tpl_account_recover v = { .csrf = csrf_text(c) };
	struct tpl_shared_field *login = field_line(c, r, "login", MSG_ACCOUNT_LOGIN_NAME, SV(""));
	struct tpl_shared_field *recovery = field_secret(c, r, "recovery", MSG_RECOVER_RECOVERY);
	struct tpl_shared_field *password = field_secret(c, r, "password", MSG_RECOVER_NEW);

	login->ltr = true;
	recovery->type = SV("text");
	password->hint = page_say(c, MSG_JOIN_PASSWORD_HINT);
	v.login = login;
	v.recovery = recovery;
	v.password = password;
	v.again = field_secret(c, r, "again", MSG_JOIN_AGAIN);
	v.step = step_fields(c, r);
	v.errors = page_errors(c, names, sizeof(names) / sizeof(names[0]));
	v.action = page_path(c, r, "/recover");
	v.to_login = page_path(c, r, "/login");
	v.head = outside_head(c, r, MSG_RECOVER_TITLE);
	v.foot = outside_foot(r, c->arena);
	out->code = code;
	render_account_recover(&out->body, c->language, &v);
	return OK;
}

static enum status recover_form(struct ctx *c, const struct request *r, struct response *out)
{
	return recover_page(c, r, 200, out);
}

static enum status refused(struct ctx *c, const struct request *r, enum status s, struct response *out)
{
	c->error.status = OK;
	if (s == E_BUSY) {
		out->retry_s = c->error.retry_s;
		(void)!ctx_input(c, "login", "login.slow", 0);
		return recover_page(c, r, 503, out);
	}
	(void)!ctx_input(c, s == E_INPUT ? "password" : "login", s == E_INPUT ? "join.weak" : "recover.wrong", 0);
	return recover_page(c, r, s == E_INPUT ? 400 : 403, out);
}

static enum status recover(struct ctx *c, const struct request *r, struct response *out)
{
	const struct recover_in *in = r->in;
	struct recovery_try t = { .login = in->login, .recovery = in->recovery, .code = in->code };
	char recovery[32];
	enum status s;

	TRY(pace(c, r, PACE_LOGIN));
	if (in->recovery.n > 0 && !recovery_sound(in->recovery))
		(void)!ctx_input(c, "recovery", "recover.form_wrong", 0);
	if (in->kind.n > 0 && !factor_named(in->kind, &t.factor))
		(void)!ctx_input(c, "code", "step.needed", 0);
	if (new_password(c, r, &t.password) != OK || c->input_count > 0)
		return recover_page(c, r, 400, out);
	s = keeper_recover(c, &t, recovery);
	if (s == E_DENIED || s == E_STATE || s == E_INPUT || s == E_BUSY)
		return refused(c, r, s, out);
	TRY(s);
	return code_page(c, r, recovery, true, out);
}

/* --- settings -------------------------------------------------------------------------------------------------------------------- */

struct settings_in {
	struct sv language, theme;
	uint32_t size;
	bool keys, shared;
};
static const struct param settings_params[] = {
	PARAM(struct settings_in, language, P_CODE, 8, .required = true),
	PARAM(struct settings_in, theme, P_CODE, 8, .required = true),
	PARAM(struct settings_in, size, P_U32, 20, .required = true),
	PARAM(struct settings_in, keys, P_FLAG, 0),
	PARAM(struct settings_in, shared, P_FLAG, 0),
};

static struct tpl_shared_field *choice(const struct ctx *c, const struct request *r, const char *name, enum message label,
				       const char *const *values, const enum message *labels, size_t n, struct sv now)
{
	struct tpl_shared_field_option *options = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, n + 1);
	struct tpl_shared_field *f;

	for (size_t i = 0; i < n; i++)
		options[i] = (struct tpl_shared_field_option){ .value = sv_of(values[i]), .label = page_say(c, labels[i]) };
	f = field_options(c, r, name, label, options, n, now);
	f->is_radio = n > 1;
	f->is_check = n == 1;
	return f;
}

static void draw_screen(struct ctx *c, const struct request *r, const struct member_settings *m, struct tpl_account_settings *v)
{
	static const char *const sizes[] = { "14", "16", "18", "20" }, *const themes[] = { "auto", "light", "dark" },
				 *const yes[] = { "1" };
	static const enum message size_labels[] = { MSG_SETTINGS_SIZE_14, MSG_SETTINGS_SIZE_16, MSG_SETTINGS_SIZE_18,
						    MSG_SETTINGS_SIZE_20 };
	static const enum message theme_labels[] = { MSG_SETTINGS_THEME_AUTO, MSG_SETTINGS_THEME_LIGHT, MSG_SETTINGS_THEME_DARK };
	static const enum message keys_label[] = { MSG_SETTINGS_KEYS_ON }, shared_label[] = { MSG_SETTINGS_SHARED_ON };

	v->language = field_language(c, r, c->language);
	v->size = choice(c, r, "size", MSG_SETTINGS_SIZE, sizes, size_labels, 4, page_number(c, m->text_size));
	v->theme = choice(c, r, "theme", MSG_SETTINGS_THEME, themes, theme_labels, 3, sv_of(themes[m->theme]));
	v->keys = choice(c, r, "keys", MSG_SETTINGS_KEYS, yes, keys_label, 1, m->keys ? SV("1") : SV(""));
	v->shared = choice(c, r, "shared", MSG_SETTINGS_SHARED, yes, shared_label, 1, m->shared ? SV("1") : SV(""));
}

/* --- my name ----------------------------------------------------------------------------------------------------------------------- */

struct name_in {
	struct sv name;
};
static const struct param name_params[] = {
	PARAM(struct name_in, name, P_TEXT, NAME_SIGNS),
};

static void draw_name(struct ctx *c, const struct request *r, struct tpl_account_settings *v)
{
	struct tpl_shared_field *name;
	struct real_names all;

	real_names_load(c, &all);
	name = field_line(c, r, "name", MSG_SETTINGS_NAME_FIELD, real_name_of(&all, c->who->user));
	name->hint = page_say(c, MSG_SETTINGS_NAME_HINT);
	name->audience = page_say(c, MSG_SETTINGS_NAME_READERS);
	v->name = name;
	v->save_name = page_path(c, r, "/settings/name");
}

static enum status settings_page(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct page_name names[] = { { "code", MSG_ACCOUNT_SECOND_CODE }, { "password", MSG_RECOVER_NEW },
						  { "again", MSG_JOIN_AGAIN },         { "size", MSG_SETTINGS_SIZE },
						  { "theme", MSG_SETTINGS_THEME },     { "language", MSG_SETTINGS_LANGUAGE },
						  { "name", MSG_SETTINGS_NAME_FIELD } };
	struct tpl_account_settings v = { .csrf = csrf_text(c) };
	struct tpl_shared_field *password = field_secret(c, r, "password", MSG_RECOVER_NEW);
	struct member_settings m;

	TRY(settings_load(c, &m));
	draw_screen(c, r, &m, &v);
	draw_name(c, r, &v);
	password->hint = page_say(c, MSG_JOIN_PASSWORD_HINT);
	v.password = password;
	v.again = field_secret(c, r, "again", MSG_JOIN_AGAIN);
	v.step = step_fields(c, r);
	v.errors = page_errors(c, names, sizeof(names) / sizeof(names[0]));
	v.save = page_path(c, r, "/settings");
	v.secrets = page_path(c, r, "/settings/secrets");
	v.head = page_head(c, r, MSG_SETTINGS_TITLE, MENU_SETTINGS);
	v.foot = page_foot(c, r);
	out->code = c->input_count > 0 ? 400 : 200;
	render_account_settings(&out->body, c->language, &v);
	return OK;
}

static bool theme_named(struct sv name, enum theme *out)
{
	static const char *const themes[] = { [THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark" };

	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++)
		if (sv_is(name, themes[i])) {
			*out = (enum theme)i;
			return true;
		}
	return false;
}

static enum status save(struct ctx *c, const struct request *r, struct response *out)
{
	const struct settings_in *in = r->in;
	struct member_settings m = { .text_size = in->size, .keys = in->keys, .shared = in->shared };
	enum language l = c->language;

	if (c->input_count == 0 && !language_parse(in->language, &l))
		(void)!ctx_input(c, "language", "error.code", 0);
	if (c->input_count == 0 && !theme_named(in->theme, &m.theme))
		(void)!ctx_input(c, "theme", "error.code", 0);
	if (c->input_count == 0 && (in->size < 14 || in->size > 20 || in->size % 2 != 0))
		(void)!ctx_input(c, "size", "error.code", 0);
	if (c->input_count > 0)
		return settings_page(c, r, out);
	TRY(settings_save(c, &m));
	TRY(member_set_language(c, l));
	response_cookie(out, "__Host-l", sv_of(languages[l].tag), 365 * 24 * 3600);
	return response_go(c, r, out, "/settings", "settings.saved");
}

static enum status rename_me(struct ctx *c, const struct request *r, struct response *out)
{
	const struct name_in *in = r->in;
	enum status s = c->input_count > 0 ? E_INPUT : name_set(c, in->name);

	if (s == E_STATE)
		s = ctx_input(c, "name", "settings.name_later", 0);
	if (s == E_INPUT) {
		c->error = (struct error){ .status = OK };
		return settings_page(c, r, out);
	}
	TRY(s);
	return response_go(c, r, out, "/settings", "settings.name_done");
}

/* --- my own secrets -------------------------------------------------------------------------------------------------------------- */

struct secrets_in {
	struct sv kind, code, password, again, act;
};
static const struct param secrets_params[] = {
	PARAM(struct secrets_in, kind, P_CODE, 8),        PARAM(struct secrets_in, code, P_TEXT, 64),
	PARAM(struct secrets_in, password, P_LONG, 1024), PARAM(struct secrets_in, again, P_LONG, 1024),
	PARAM(struct secrets_in, act, P_CODE, 16),
};

static enum status change_password(struct ctx *c, const struct request *r, struct sv password, struct response *out)
{
	enum status s = keeper_new_password(c, password);

	if (s == E_INPUT) {
		c->error = (struct error){ 0 };
		(void)!ctx_input(c, "password", "join.weak", 0);
		return settings_page(c, r, out);
	}
	TRY(s);
	return response_go(c, r, out, "/settings", "settings.password_done");
}

static enum status secrets(struct ctx *c, const struct request *r, struct response *out)
{
	const struct secrets_in *in = r->in;
	bool password = !sv_is(in->act, "recovery");
	struct sv typed = SV_NONE;
	char recovery[32];
	enum status s;

	if (c->input_count == 0 && password)
		(void)!new_password(c, r, &typed);
	if (c->input_count > 0)
		return settings_page(c, r, out);
	s = step_up(c, in->kind, in->code, out);
	if (s == E_INPUT)
		return settings_page(c, r, out);
	TRY(s);
	if (password)
		return change_password(c, r, typed, out);
	TRY(keeper_new_recovery(c, recovery));
	return code_page(c, r, recovery, false, out);
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/recover", recover_form, PUBLIC),
	ROUTE(POST, SITE_STAFF, "/recover", recover, PUBLIC, recover_params, struct recover_in, .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(GET, SITE_STAFF, "/settings", settings_page, SESSION),
	ROUTE(POST, SITE_STAFF, "/settings", save, SESSION, settings_params, struct settings_in, .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_STAFF, "/settings/name", rename_me, SESSION, name_params, struct name_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_STAFF, "/settings/secrets", secrets, SESSION, secrets_params, struct secrets_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_settings;
const struct routes page_settings = { rows, sizeof(rows) / sizeof(rows[0]) };
