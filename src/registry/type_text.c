/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of text, and text of several lines. Length counts code points, as the form says it. */
#include <string.h>

#include "base/text.h"
#include "registry/type.h"

/* Text as text_enter leaves it, within the field's length. */
static bool possible(const struct field *f, struct sv s)
{
	if (!s.n || !utf8_valid(s) || utf8_count(s) > field_max(f))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char byte = (unsigned char)s.p[i];

		if (byte == 0x7f || (byte < 0x20 && (f->type == FIELD_TEXT || (byte != '\n' && byte != '\t'))))
			return false;
	}
	return true;
}

static enum status text_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	if (f->type == FIELD_TEXT && (memchr(typed.p, '\n', typed.n) || memchr(typed.p, '\t', typed.n)))
		return ctx_input(c, f->name, "error.one_line", 0);
	if (utf8_count(typed) > field_max(f))
		return ctx_input(c, f->name, "error.too_long", field_max(f));
	return set_text(out, typed);
}

static bool text_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	if (!possible(f, v->text))
		return false;
	item_put_text(b, v->text);
	return true;
}

static bool text_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	return item->kind == ITEM_TEXT && possible(f, item->s) && set_text(out, item->s) == OK;
}

const struct field_type_row type_text = { text_parse, format_text, text_encode, text_decode };
