/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A telephone number as typed: people group digits in their own way. Only what a number can hold is accepted. */
#include "registry/type.h"

#define DIGITS_MIN 2 /* short emergency numbers */

static bool possible(const struct field *f, struct sv s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (ch >= '0' && ch <= '9')
			digits++;
		else if (ch != ' ' && ch != '-' && ch != '.' && ch != '/' && ch != '(' && ch != ')' && (ch != '+' || digits))
			return false;
	}
	return digits >= DIGITS_MIN && s.n <= field_max(f);
}

static enum status phone_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	struct sv text = ascii_digits(c->arena, typed);

	if (text.n > field_max(f))
		return ctx_input(c, f->name, "error.too_long", field_max(f));
	if (!possible(f, text))
		return ctx_input(c, f->name, "error.phone", 0);
	return set_text(out, text);
}

static bool phone_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	if (!possible(f, v->text))
		return false;
	item_put_text(b, v->text);
	return true;
}

static bool phone_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)a;
	return item->kind == ITEM_TEXT && possible(f, item->s) && set_text(out, item->s) == OK;
}

const struct field_type_row type_phone = { phone_parse, format_text, phone_encode, phone_decode };
