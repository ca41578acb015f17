/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One code of a list, and several joined by | in the order of the list. A code is stored as its text: lists are data that a deployment may
 * extend. What people choose must stand in the list; what is stored only has to look like a code, so that nothing becomes unreadable
 * when a list changes. */
#include "registry/type.h"

#include <string.h>

bool code_shaped(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		      s.p[i] == '_' || s.p[i] == '-' || s.p[i] == '.' || s.p[i] == '+'))
			return false;
	return s.n > 0 && s.n <= CODE_MAX;
}

/* The list of a field whose name stands in its row: missing is a mistake of ours. */
static const struct code_list *list_of(const struct field *f)
{
	return f->codes ? codes_of(f->codes) : NULL;
}

static enum status code_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	const struct code_list *list = list_of(f);

	if (!list)
		return ERR(c, E_BUG, "a field names a code list that is not there");
	if (!code_find(list, typed))
		return ctx_input(c, f->name, "error.code", 0);
	return set_text(out, typed);
}

static bool code_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	(void)f;
	if (!code_shaped(v->text))
		return false;
	item_put_text(b, v->text);
	return true;
}

static bool code_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)a, (void)f;
	return item->kind == ITEM_TEXT && code_shaped(item->s) && set_text(out, item->s) == OK;
}

const struct field_type_row type_code = { code_parse, format_text, code_encode, code_decode };

/* --- several ---------------------------------------------------------------------------------------------------------------------- */

static bool holds(struct sv joined, struct sv code)
{
	struct sv part;

	while (sv_cut(&joined, '|', &part))
		if (sv_equal(part, code))
			return true;
	return false;
}

static enum status codes_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	const struct code_list *list = list_of(f);
	struct buf b = buf_new(c->arena, typed.n, typed.n);
	struct sv rest = typed, part;
	size_t given = 0;

	if (!list)
		return ERR(c, E_BUG, "a field names a code list that is not there");
	while (sv_cut(&rest, '|', &part))
		if (++given > field_max(f))
			return ctx_input(c, f->name, "error.too_many", field_max(f));
		else if (!code_find(list, part))
			return ctx_input(c, f->name, "error.code", 0);
	for (size_t i = 0; i < list->n; i++) {
		if (!holds(typed, sv_of(list->codes[i].code)))
			continue;
		if (b.n)
			buf_byte(&b, '|');
		buf_text(&b, list->codes[i].code);
	}
	TRY(buf_ok(&b));
	return set_text(out, buf_view(&b));
}

/* Codes that look like codes, each once, not too many. */
static bool possible(const struct field *f, struct sv joined)
{
	struct sv rest = joined, part;
	size_t n = 0;

	while (sv_cut(&rest, '|', &part)) {
		if (++n > field_max(f) || !code_shaped(part))
			return false;
		if (rest.p && holds(rest, part))
			return false;
	}
	return n > 0;
}

static bool codes_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	if (!possible(f, v->text))
		return false;
	item_put_text(b, v->text);
	return true;
}

static bool codes_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)a;
	return item->kind == ITEM_TEXT && possible(f, item->s) && set_text(out, item->s) == OK;
}

const struct field_type_row type_codes = { codes_parse, format_text, codes_encode, codes_decode };
