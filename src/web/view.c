/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling the templates of the frame's own pages. Nobody is logged in on them: no names, no menu. */
#include "web/view.h"

#include "templates.h"
#include "web/server.h"

static struct sv join(const struct ctx *c, const char *base, const char *path)
{
	return arena_format(c->arena, "%s%s", base, path);
}

static void fill_head(const struct ctx *c, const char *base, struct sv title, bool wrong, struct tpl_shared_head *h)
{
	*h = (struct tpl_shared_head){
		.lang = sv_of(languages[c->language].tag),
		.dir = languages[c->language].rtl ? SV("rtl") : SV("ltr"),
		.title = title,
		.wrong = wrong,
		.base = sv_of(base),
		.help = join(c, base, "/help"),
		.language = join(c, base, "/language"),
		.lock = join(c, base, "/logout"),
		.here = SV("/login"),
		.fr = c->language == LANG_FR,
		.ar = c->language == LANG_AR,
		.en = c->language == LANG_EN,
	};
}

static void fill_public_head(const struct ctx *c, struct sv self, bool wrong, struct tpl_shared_public_head *h)
{
	*h = (struct tpl_shared_public_head){
		.lang = sv_of(languages[c->language].tag),
		.dir = languages[c->language].rtl ? SV("rtl") : SV("ltr"),
		.wrong = wrong,
		.fr = c->language == LANG_FR,
		.ar = c->language == LANG_AR,
		.en = c->language == LANG_EN,
	};
	(void)self;
}

static void public_error(const struct ctx *c, const struct view_error *e, struct buf *b)
{
	struct tpl_shared_public_head head;
	const struct tpl_shared_public_foot foot = { .exit_to = sv_of(e->exit_to), .demo = e->demo };
	struct tpl_shared_public_error page = {
		.head = &head, .foot = &foot, .says = e->says, .detail = e->detail, .self = sv_of(e->back)
	};
	struct tpl_shared_public_error_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_shared_public_error_pair, e->hidden_n + 1);

	fill_public_head(c, page.self, true, &head);
	for (size_t i = 0; i < e->hidden_n; i++)
		pairs[i] = (struct tpl_shared_public_error_pair){ .name = e->hidden[i].name, .value = e->hidden[i].value };
	page.hidden = pairs;
	page.hidden_n = e->hidden_n;
	render_shared_public_error(b, c->language, &page);
}

void view_error(const struct ctx *c, const struct view_error *e, struct buf *b)
{
	struct tpl_shared_head head;
	const struct tpl_shared_foot foot = { .demo = e->demo };
	struct tpl_shared_error page = { .head = &head, .foot = &foot, .says = e->says, .detail = e->detail };

	if (e->site == SITE_PUBLIC) {
		public_error(c, e, b);
		return;
	}
	fill_head(c, e->base, message_text(c->language, MSG_ERROR_TITLE), false, &head);
	page.back = sv_of(e->back);
	page.again = sv_of(e->again);
	render_shared_error(b, c->language, &page);
}

/* The summary that stands above a form with one wrong field. */
static void fill_errors(struct sv text, struct sv link, struct tpl_shared_errors_row *row, struct tpl_shared_errors *out)
{
	*row = (struct tpl_shared_errors_row){ .link = link, .text = text };
	*out = (struct tpl_shared_errors){ .rows = row, .rows_n = text.n > 0 ? 1 : 0 };
}

void view_login(const struct ctx *c, const struct request *r, const struct view_login *v, struct buf *b)
{
	struct tpl_shared_head head;
	const struct tpl_shared_foot foot = { .demo = r->web->demo };
	struct tpl_shared_errors_row row;
	struct tpl_shared_errors errors;
	struct tpl_account_login_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_account_login_pair, v->hidden_n + 1);
	struct tpl_account_login page = { .head = &head,
					  .foot = &foot,
					  .errors = v->wrong.n > 0 ? &errors : NULL,
					  .action = join(c, r->base, "/login"),
					  .recover = join(c, r->base, "/recover"),
					  .join = join(c, r->base, "/join"),
					  .login = v->login,
					  .drafted = v->drafted,
					  .locked = v->locked,
					  .hidden = pairs,
					  .hidden_n = v->hidden_n };

	for (size_t i = 0; i < v->hidden_n; i++)
		pairs[i] = (struct tpl_account_login_pair){ .name = v->hidden[i].name, .value = v->hidden[i].value };
	fill_errors(v->wrong, SV("#login"), &row, &errors);
	fill_head(c, r->base, message_text(c->language, MSG_ACCOUNT_LOGIN_TITLE), v->wrong.n > 0, &head);
	render_account_login(b, c->language, &page);
}

void view_second(const struct ctx *c, const struct request *r, const struct view_login *v, struct buf *b)
{
	struct tpl_shared_head head;
	const struct tpl_shared_foot foot = { .demo = r->web->demo };
	struct tpl_shared_errors_row row;
	struct tpl_shared_errors errors;
	struct tpl_account_second_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_account_second_pair, v->hidden_n + 1);
	struct tpl_account_second page = { .head = &head,
					   .foot = &foot,
					   .errors = v->wrong.n > 0 ? &errors : NULL,
					   .action = join(c, r->base, "/second"),
					   .demo = v->demo,
					   .hidden = pairs,
					   .hidden_n = v->hidden_n };

	for (size_t i = 0; i < v->hidden_n; i++)
		pairs[i] = (struct tpl_account_second_pair){ .name = v->hidden[i].name, .value = v->hidden[i].value };
	fill_errors(v->wrong, SV("#code"), &row, &errors);
	fill_head(c, r->base, message_text(c->language, MSG_ACCOUNT_SECOND_TITLE), v->wrong.n > 0, &head);
	head.here = SV("/second");
	render_account_second(b, c->language, &page);
}

void view_neutral(const struct ctx *c, struct buf *b)
{
	const struct tpl_shared_neutral page = {
		.lang = sv_of(languages[c->language].tag),
		.dir = languages[c->language].rtl ? SV("rtl") : SV("ltr"),
	};

	render_shared_neutral(b, c->language, &page);
}
