/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status → code, message, log. E_DENIED and E_NOTFOUND are the same page: nobody learns from an answer that a record exists. */
#include "web/error.h"

#include <string.h>

#include "base/text.h"
#include "html/html.h"
#include "web/form.h"
#include "web/view.h"

static const struct error_row rows[STATUS_COUNT] = {
	[OK] = { 200, "error.bug", false },
	[E_INPUT] = { 400, "error.input", false },
	[E_DENIED] = { 404, "error.notfound", false },
	[E_NOTFOUND] = { 404, "error.notfound", false },
	[E_STALE] = { 409, "error.stale", false },
	[E_STATE] = { 409, "error.state", false },
	[E_CONFLICT] = { 409, "error.conflict", false },
	[E_LIMIT] = { 429, "error.limit", false },
	[E_BUSY] = { 503, "error.busy", false },
	[E_UNCERTAIN] = { 503, "error.uncertain", true },
	[E_STORE] = { 503, "error.store", true },
	[E_CRYPTO] = { 500, "error.crypto", true },
	[E_IO] = { 503, "error.io", true },
	[E_BUG] = { 500, "error.bug", true },
};

const struct error_row *error_row(enum status s)
{
	return &rows[(unsigned)s < STATUS_COUNT ? s : E_BUG];
}

/* Does the reader ask for JSON and not for a page? */
static bool wants_json(struct sv accept)
{
	static const char json[] = "application/problem+json", plain[] = "application/json";

	return accept.n > 0 && memmem(accept.p, accept.n, "text/html", 9) == NULL &&
	       (memmem(accept.p, accept.n, json, sizeof(json) - 1) != NULL ||
		memmem(accept.p, accept.n, plain, sizeof(plain) - 1) != NULL);
}

static struct sv message_of(struct ctx *c, const char *key, int64_t limit)
{
	struct buf b = buf_new(c->arena, 256, 4096);
	struct sv text = message_text(c->language, message_find(key));

	for (size_t i = 0; i < text.n; i++) {
		if (i + 3 <= text.n && memcmp(text.p + i, "{0}", 3) == 0) {
			buf_decimal(&b, limit);
			i += 2;
		} else {
			buf_byte(&b, (uint8_t)text.p[i]);
		}
	}
	return buf_view(&b);
}

/* Everything written here is a constant of ours or a catalogue text; of the latter quote and backslash are escaped. */
static void json_text(struct buf *b, struct sv s)
{
	buf_byte(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_byte(b, '\\');
		buf_byte(b, (uint8_t)s.p[i]);
	}
	buf_byte(b, '"');
}

static void problem(struct ctx *c, const struct error_says *says, struct sv title, struct buf *b)
{
	buf_text(b, "{\"type\":\"about:blank\",\"status\":");
	buf_decimal(b, says->code);
	buf_text(b, ",\"code\":");
	json_text(b, sv_of(says->key));
	buf_text(b, ",\"title\":");
	json_text(b, title);
	buf_text(b, ",\"fields\":[");
	for (size_t i = 0; i < c->input_count; i++) {
		buf_text(b, i > 0 ? ",{\"field\":" : "{\"field\":");
		json_text(b, sv_of(c->inputs[i].field));
		buf_text(b, ",\"code\":");
		json_text(b, sv_of(c->inputs[i].key));
		buf_text(b, ",\"limit\":");
		buf_decimal(b, c->inputs[i].limit);
		buf_text(b, "}");
	}
	buf_text(b, "]}\n");
}

/* "name: what is wrong" for each wrong field, names as the form has them. */
static struct sv details(struct ctx *c)
{
	struct buf b = buf_new(c->arena, 256, 16384);

	for (size_t i = 0; i < c->input_count; i++) {
		if (i > 0)
			buf_text(&b, " · ");
		buf_text(&b, c->inputs[i].field);
		buf_text(&b, ": ");
		buf_sv(&b, message_of(c, c->inputs[i].key, c->inputs[i].limit));
	}
	return buf_view(&b);
}

/* On the public form a failed post must not cost what was typed: the fields ride along, with the ticket, so that sending again is the
 * same report. */
static void carry(struct ctx *c, const struct form *f, struct view_error *e)
{
	struct pair *pairs;

	if (f == NULL || e->site != SITE_PUBLIC)
		return;
	pairs = ARENA_ARRAY(c->arena, struct pair, f->n + 1);
	for (size_t i = 0; i < f->n; i++)
		if (!f->fields[i].file && utf8_valid(f->fields[i].value) && utf8_valid(f->fields[i].name))
			pairs[e->hidden_n++] = (struct pair){ f->fields[i].name, f->fields[i].value };
	e->hidden = pairs;
}

/* The site's start; of the public form in the language of its address. */
static const char *start_of(struct ctx *c, const struct exchange *x)
{
	enum language l;

	if (x->site == SITE_PUBLIC && x->path.n > 1 && language_parse((struct sv){ x->path.p + 1, x->path.n - 1 }, &l))
		return arena_text(c->arena, x->path);
	return arena_format(c->arena, "%s/", x->base).p;
}

void error_page(struct ctx *c, const struct exchange *x, const struct form *typed_form, const struct error_says *says,
		struct response *out)
{
	struct sv title = message_of(c, says->key, says->limit);
	struct view_error e = {
		.site = x->site, .base = x->base, .says = title, .detail = details(c), .exit_to = says->exit_to, .demo = says->demo
	};

	out->code = says->code;
	out->body = buf_new(c->arena, 16384, 4 * 1024 * 1024);
	if (wants_json(x->header[HEADER_ACCEPT])) {
		out->type = "application/problem+json";
		problem(c, says, title, &out->body);
		return;
	}
	out->type = "text/html; charset=utf-8";
	out->pad = x->site == SITE_PUBLIC;
	e.back = start_of(c, x);
	carry(c, typed_form, &e);
	view_error(c, &e, &out->body);
}
