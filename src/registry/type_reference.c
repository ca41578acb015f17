/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The id of something else, and several. In hand 32 hex digits, joined by |; stored as raw bytes, 16 each. */
#include "registry/type.h"

#include <string.h>

#define HEX 32

/* Ids written in hex, joined by |, into raw bytes. How many, or 0 when one is no id or there are more than `most`. */
static size_t to_raw(struct arena *a, struct sv joined, size_t most, struct sv *raw)
{
	uint8_t *p = arena_alloc(a, (joined.n / HEX + 1) * sizeof(struct id));
	struct sv part;
	size_t n = 0;

	while (sv_cut(&joined, '|', &part)) {
		struct id id;

		if (n == most || !id_parse(part, &id))
			return 0;
		memcpy(p + n++ * sizeof id.b, id.b, sizeof id.b);
	}
	*raw = sv_bytes(p, n * sizeof(struct id));
	return n;
}

static struct sv to_hex(struct arena *a, struct sv raw)
{
	struct buf b = buf_new(a, raw.n * 2 + raw.n / 16, raw.n * 2 + raw.n / 16);

	for (size_t i = 0; i < raw.n; i += 16) {
		if (i)
			buf_byte(&b, '|');
		buf_hex(&b, raw.p + i, 16);
	}
	return buf_view(&b);
}

static size_t most(const struct field *f)
{
	return f->type == FIELD_REFERENCE ? 1 : field_max(f);
}

static enum status reference_parse(struct ctx *c, const struct field *f, struct sv typed, struct field_value *out)
{
	struct sv raw;

	if (typed.n > most(f) * (HEX + 1) - 1 && f->type == FIELD_REFERENCES)
		return ctx_input(c, f->name, "error.too_many", (int64_t)most(f));
	if (!to_raw(c->arena, typed, most(f), &raw))
		return ctx_input(c, f->name, "error.code", 0);
	return set_text(out, typed);
}

static bool reference_encode(struct buf *b, const struct field *f, const struct field_value *v)
{
	struct sv raw;

	if (!to_raw(b->arena, v->text, most(f), &raw))
		return false;
	item_put_bytes(b, raw);
	return true;
}

static bool reference_decode(struct arena *a, const struct field *f, const struct item *item, struct field_value *out)
{
	if (item->kind != ITEM_BYTES || item->s.n == 0 || item->s.n % 16 != 0 || item->s.n / 16 > most(f))
		return false;
	return set_text(out, to_hex(a, item->s)) == OK;
}

const struct field_type_row type_reference = { reference_parse, format_text, reference_encode, reference_decode };
const struct field_type_row type_references = { reference_parse, format_text, reference_encode, reference_decode };
