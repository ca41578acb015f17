/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of one sharing class as deterministic CBOR: a map of field number to value, numbers ascending. Decoding accepts exactly what
 * encoding writes: anything else was not written by this program or not for this class, and is treated as a broken seal. */
#include "registry/type.h"

#define PART_MAX ((size_t)1 << 20)

/* Field rows stand in ascending order of numbers only by habit: take them by number, each once. */
static const struct field *next_field(const struct record_type *t, enum class class, uint16_t after)
{
	const struct field *best = NULL;

	for (size_t i = 0; i < t->field_count; i++) {
		const struct field *f = &t->fields[i];

		if (f->class == class && f->number > after && (!best || f->number < best->number))
			best = f;
	}
	return best;
}

static const struct field_value *value_of(const struct record_type *t, const struct field *f, const struct field_value *values)
{
	return &values[f - t->fields];
}

enum status part_encode(struct arena *a, const struct record_type *t, enum class class, const struct field_value *values,
			struct sv *out)
{
	struct buf b = buf_new(a, 256, PART_MAX);
	size_t n = 0;

	for (size_t i = 0; i < t->field_count; i++)
		n += t->fields[i].class == class && values[i].set;
	item_put_map(&b, n);
	for (const struct field *f = next_field(t, class, 0); f; f = next_field(t, class, f->number)) {
		if (!value_of(t, f, values)->set)
			continue;
		item_put_int(&b, f->number);
		if (!field_type_of(f)->encode(&b, f, value_of(t, f, values)))
			return E_BUG;
	}
	TRY(buf_ok(&b));
	*out = buf_view(&b);
	return OK;
}

static const struct field *field_of(const struct record_type *t, enum class class, uint64_t number)
{
	for (size_t i = 0; i < t->field_count; i++)
		if (t->fields[i].number == number && t->fields[i].class == class)
			return &t->fields[i];
	return NULL;
}

static enum status decode_pairs(struct arena *a, const struct record_type *t, enum class class, struct sv *rest, uint64_t n,
				struct field_value *values)
{
	uint64_t last = 0;

	for (uint64_t i = 0; i < n; i++) {
		struct item number, item;
		const struct field *f;

		TRY(item_get(rest, &number));
		if (number.kind != ITEM_UINT || number.n <= last)
			return E_CRYPTO;
		last = number.n;
		f = field_of(t, class, number.n);
		if (!f)
			return E_CRYPTO;
		TRY(item_get(rest, &item));
		if (!field_type_of(f)->decode(a, f, &item, &values[f - t->fields]))
			return E_CRYPTO;
	}
	return rest->n ? E_CRYPTO : OK;
}

enum status part_decode(struct ctx *c, const struct record_type *t, enum class class, struct sv cbor, struct field_value *values)
{
	struct item map;

	for (size_t i = 0; i < t->field_count; i++)
		if (t->fields[i].class == class)
			values[i] = (struct field_value){ 0 };
	if (cbor.n > PART_MAX || item_get(&cbor, &map) != OK || map.kind != ITEM_MAP || map.n > t->field_count ||
	    decode_pairs(c->arena, t, class, &cbor, map.n, values) != OK)
		return ERR(c, E_CRYPTO, "a part does not hold what its type says");
	return OK;
}
