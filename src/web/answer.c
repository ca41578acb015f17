/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What handlers call. */
#include <string.h>

#include "base/random.h"
#include "base/text.h"
#include "web/form.h"
#include "web/server.h"

enum status response_go(struct ctx *c, const struct request *r, struct response *out, const char *path, const char *flash_key)
{
	out->code = 303;
	out->body.n = 0;
	out->type = NULL;
	if (flash_key == NULL)
		out->location = arena_format(c->arena, "%s%s", r->base, path).p;
	else
		out->location =
			arena_format(c->arena, "%s%s%cdone=%s", r->base, path, strchr(path, '?') == NULL ? '?' : '&', flash_key).p;
	return OK;
}

static void add_cookie(struct response *out, struct cookie k)
{
	if (out->cookie_count < sizeof(out->cookies) / sizeof(out->cookies[0]))
		out->cookies[out->cookie_count++] = k;
}

void response_cookie(struct response *out, const char *name, struct sv value, int64_t max_age_s)
{
	add_cookie(out, (struct cookie){ .name = name, .value = value, .max_age_s = max_age_s });
}

void response_cookie_clear(struct response *out, const char *name)
{
	add_cookie(out, (struct cookie){ .name = name, .clear = true });
}

struct sv token_text(struct arena *a, const struct token *t)
{
	return base64url(a, sv_bytes(t->b, sizeof(t->b)));
}

struct sv once_text(const struct ctx *c)
{
	uint8_t key[16];

	random_fill(key, sizeof(key));
	return hex(c->arena, sv_bytes(key, sizeof(key)));
}

struct sv ticket_text(const struct ctx *c, const struct request *r)
{
	uint8_t ticket[TICKET_SIZE];

	ticket_make(&r->web->tickets, c->now, ticket);
	return base64url(c->arena, sv_bytes(ticket, sizeof(ticket)));
}

/* Bytes that are no text come back without what cannot be shown: each wrong byte becomes a question mark. */
static struct sv shown(struct arena *a, struct sv s)
{
	struct buf b;
	struct sv text;

	if (text_enter(a, s, &text) == OK)
		return text;
	b = buf_new(a, s.n + 1, s.n + 1);
	for (size_t i = 0; i < s.n;) {
		size_t n = 1;

		while (n < 4 && i + n < s.n && ((unsigned char)s.p[i + n] & 0xc0) == 0x80)
			n++;
		if (utf8_valid((struct sv){ s.p + i, n }) && ((unsigned char)s.p[i] >= ' ' || s.p[i] == '\n' || s.p[i] == '\t')) {
			buf_put(&b, s.p + i, n);
			i += n;
		} else {
			if (s.p[i] != '\r')
				buf_byte(&b, '?');
			i++;
		}
	}
	return buf_view(&b);
}

struct sv typed_at(const struct ctx *c, const struct request *r, const char *field, size_t n)
{
	if (r->form == NULL)
		return SV_NONE;
	for (size_t i = 0; i < r->form->n; i++) {
		const struct form_field *f = &r->form->fields[i];

		if (!sv_is(f->name, field) || n-- > 0)
			continue;
		return f->file ? shown(c->arena, f->file_name) : shown(c->arena, f->value);
	}
	return SV_NONE;
}

struct sv typed_all(const struct ctx *c, const struct request *r, const char *field)
{
	struct buf b = buf_new(c->arena, 64, 1 << 16);
	struct sv one;

	for (size_t i = 0; (one = typed_at(c, r, field, i)).p != NULL; i++) {
		if (b.n > 0)
			buf_byte(&b, '|');
		buf_sv(&b, one);
	}
	return buf_view(&b);
}

struct sv typed(const struct ctx *c, const struct request *r, const char *field)
{
	return typed_at(c, r, field, 0);
}

const struct input_error *input_wrong(const struct ctx *c, const char *field)
{
	for (size_t i = 0; i < c->input_count; i++)
		if (strcmp(c->inputs[i].field, field) == 0)
			return &c->inputs[i];
	return NULL;
}

enum status form_again(struct ctx *c, struct sv body, const struct route *route, const void **in)
{
	static const char *const own[] = { "csrf", "ticket", "once" };
	struct form *form = ARENA_NEW(c->arena, struct form);
	void *to = arena_alloc(c->arena, route->in_size + 1);
	enum status s;

	if (form_parse(c->arena, SV("application/x-www-form-urlencoded"), body, false, form) != OK)
		return ERR(c, E_INPUT, "a stored draft is no form");
	s = form_bind(c, form, route->params, route->param_count, own, sizeof(own) / sizeof(own[0]), to);
	*in = to;
	c->input_count = 0;
	return s == E_INPUT ? OK : s;
}

enum status pace(struct ctx *c, const struct request *r, enum pace_kind kind)
{
	uint32_t retry_s = 0;

	if (limits_take(r->web->limits, kind, r->net, c->now, &retry_s))
		return OK;
	c->error.retry_s = retry_s;
	return ERR(c, E_LIMIT, "too many tries from one network");
}
