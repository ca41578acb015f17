/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yes, no, unknown: what was answered. Not asked is unset. */
#include "registry/type.h"

static const char *const words[] = { "no", "yes", "unknown" }; /* by stored number */
#define WORDS (sizeof words / sizeof *words)

static size_t number_of(struct sv word)
{
	size_t i = 0;

	while (i < WORDS && !sv_is(word, words[i]))
		i++;
	return i;
}

static enum status yesno_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	size_t n = number_of(typed);

	if (n == WORDS)
		return ctx_input(c, f->name, "error.code", 0);
	return set_text(out, sv_of(words[n]));
}

static bool yesno_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	size_t n = number_of(v->text);

	(void)f;
	if (n == WORDS)
		return false;
	item_put_int(b, (int64_t)n);
	return true;
}

static bool yesno_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)a, (void)f;
	return item->kind == ITEM_UINT && item->n < WORDS && set_text(out, sv_of(words[item->n])) == OK;
}

const struct field_type_row type_yesno = { yesno_parse, format_text, yesno_encode, yesno_decode };
