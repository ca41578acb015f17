/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages before a login share with those that change secrets. */
#include "web/page/outside.h"

#include "base/text.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/form.h"
#include "web/server.h"

#define SECRET_MAX 1024

struct tpl_shared_head *outside_head(const struct ctx *c, const struct request *r, enum message title)
{
	struct tpl_shared_head *h = ARENA_NEW(c->arena, struct tpl_shared_head);

	*h = (struct tpl_shared_head){
		.lang = sv_of(languages[c->language].tag),
		.dir = languages[c->language].rtl ? SV("rtl") : SV("ltr"),
		.title = page_say(c, title),
		.wrong = c->input_count > 0,
		.base = sv_of(r->base),
		.help = page_path(c, r, "/help"),
		.language = page_path(c, r, "/language"),
		.lock = page_path(c, r, "/logout"),
		.here = arena_format(c->arena, "%s%.*s", r->base, (int)r->path.n, r->path.p),
		.fr = c->language == LANG_FR,
		.ar = c->language == LANG_AR,
		.en = c->language == LANG_EN,
	};
	return h;
}

const struct tpl_shared_foot *outside_foot(const struct request *r, struct arena *a)
{
	struct tpl_shared_foot *f = ARENA_NEW(a, struct tpl_shared_foot);

	f->demo = r->web->demo;
	return f;
}

/* --- secrets ----------------------------------------------------------------------------------------------------------------- */

struct tpl_shared_field *field_secret(const struct ctx *c, const struct request *r, const char *name, enum message label)
{
	struct tpl_shared_field *f = field_line(c, r, name, label, SV(""));

	f->type = SV("password");
	f->value = SV("");
	f->ltr = true;
	return f;
}

static enum status secret_typed(struct ctx *c, const struct request *r, const char *name, struct sv *out)
{
	const struct form_field *f = form_find(r->form, name);

	*out = SV_NONE;
	if (f == NULL || f->value.n == 0)
		return ctx_input(c, name, "error.required", 0);
	if (f->cut || f->value.n > SECRET_MAX)
		return ctx_input(c, name, "error.too_long", SECRET_MAX);
	return text_enter(c->arena, f->value, out) == OK ? OK : ctx_input(c, name, "error.encoding", 0);
}

enum status new_password(struct ctx *c, const struct request *r, struct sv *out)
{
	struct sv again;

	TRY(secret_typed(c, r, "password", out));
	TRY(secret_typed(c, r, "again", &again));
	if (utf8_count(*out) < 12)
		return ctx_input(c, "password", "join.weak", 0);
	return sv_equal(*out, again) ? OK : ctx_input(c, "again", "join.differ", 0);
}

/* --- second factor ------------------------------------------------------------------------------------------------------------- */

bool factor_named(struct sv kind, uint8_t *out)
{
	if (sv_is(kind, "totp"))
		*out = FACTOR_TOTP;
	else if (sv_is(kind, "sheet"))
		*out = FACTOR_SHEET;
	else if (sv_is(kind, "demo"))
		*out = FACTOR_DEMO;
	else
		return false;
	return true;
}

const struct tpl_shared_step *step_fields(const struct ctx *c, const struct request *r)
{
	struct tpl_shared_step *s = ARENA_NEW(c->arena, struct tpl_shared_step);

	s->demo = r->web->demo;
	s->error = page_wrong(c, "code");
	return s;
}

struct sv page_groups(const struct ctx *c, const char *code)
{
	struct buf b = buf_new(c->arena, 64, 128);

	for (size_t i = 0; code[i] != 0; i++) {
		if (i > 0 && i % 5 == 0)
			buf_byte(&b, '-');
		buf_byte(&b, (uint8_t)code[i]);
	}
	return buf_view(&b);
}

enum status step_up(struct ctx *c, struct sv kind, struct sv code, struct response *out)
{
	struct actor *me = ARENA_NEW(c->arena, struct actor);
	struct token fresh;
	uint8_t factor;
	enum status s;

	if (!factor_named(kind, &factor) || (factor != FACTOR_DEMO && code.n == 0))
		return ctx_input(c, "code", "step.needed", 0);
	s = keeper_step_up(c, factor, code, &fresh);
	if (s == E_DENIED || s == E_STATE) {
		c->error = (struct error){ 0 };
		return ctx_input(c, "code", s == E_STATE ? "login.clock" : "step.wrong", 0);
	}
	TRY(s);
	*me = *c->who;
	me->token = fresh;
	c->who = me;
	response_cookie(out, "__Host-s", token_text(c->arena, &fresh), 0);
	return OK;
}

/* --- roles ------------------------------------------------------------------------------------------------------------------- */

/* Rows of the matrix that people can hold, by their number. */
static const struct code *role_code(unsigned role)
{
	const struct code_list *l = codes_of("access_matrix");

	for (size_t i = 0; l != NULL && i < l->n; i++)
		if ((unsigned)l->codes[i].number == role + 1)
			return &l->codes[i];
	return NULL;
}

struct sv roles_label(const struct ctx *c, uint32_t roles)
{
	struct buf b = buf_new(c->arena, 128, 4096);

	for (unsigned role = 0; role < ROLE_PERSON; role++) {
		const struct code *code = (roles & ROLE_BIT(role)) != 0 ? role_code(role) : NULL;

		if (code == NULL)
			continue;
		buf_text(&b, b.n > 0 ? " · " : "");
		buf_text(&b, code->label[c->language]);
	}
	return buf_view(&b);
}

struct sv roles_codes(const struct ctx *c, uint32_t roles)
{
	struct buf b = buf_new(c->arena, 128, 4096);

	for (unsigned role = 0; role < ROLE_PERSON; role++) {
		const struct code *code = (roles & ROLE_BIT(role)) != 0 ? role_code(role) : NULL;

		if (code != NULL)
			buf_format(&b, "%s%s", b.n > 0 ? "|" : "", code->code);
	}
	return buf_view(&b);
}

uint32_t roles_of_codes(struct sv codes)
{
	const struct code_list *l = codes_of("access_matrix");
	uint32_t roles = 0;
	struct sv one;

	while (l != NULL && codes.n > 0 && sv_cut(&codes, '|', &one)) {
		const struct code *code = code_find(l, one);

		if (code != NULL)
			roles |= ROLE_BIT(code->number - 1);
	}
	return roles;
}

struct tpl_shared_field *field_language(const struct ctx *c, const struct request *r, enum language now)
{
	struct tpl_shared_field_option *options = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, LANGUAGE_COUNT + 1);
	static const char *const names[] = { [LANG_FR] = "Français", [LANG_AR] = "العربية", [LANG_EN] = "English" };
	struct tpl_shared_field *f;

	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		options[i] = (struct tpl_shared_field_option){ .value = sv_of(languages[i].tag), .label = sv_of(names[i]) };
	f = field_options(c, r, "language", MSG_SETTINGS_LANGUAGE, options, LANGUAGE_COUNT, sv_of(languages[now].tag));
	f->is_radio = true;
	return f;
}
