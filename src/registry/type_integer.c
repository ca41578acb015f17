/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole number from 0 to the field's greatest. */
#include "registry/type.h"

static bool possible(const struct field *f, int64_t n)
{
	return n >= 0 && n <= (int64_t)field_max(f);
}

static enum status integer_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	uint64_t n;

	if (!sv_u64(ascii_digits(c->arena, typed), &n) || n > field_max(f))
		return ctx_input(c, f->name, "error.number", field_max(f));
	*out = (struct field_value){ .set = true, .number = (int64_t)n };
	return OK;
}

static struct sv integer_format(struct arena *a, const struct field *f, const struct field_value *v)
{
	(void)f;
	return arena_format(a, "%lld", (long long)v->number);
}

static bool integer_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	if (!possible(f, v->number))
		return false;
	item_put_int(b, v->number);
	return true;
}

static bool integer_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	(void)a;
	*out = (struct field_value){ .set = true };
	return item_int(item, &out->number) && possible(f, out->number);
}

const struct field_type_row type_integer = { integer_parse, integer_format, integer_encode, integer_decode };
