/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record in hand: its values by index in the type's fields, and behind them the same as they were loaded, for the difference. Setting a
 * value marks its class changed only when it differs, so saving without a change seals nothing. */
#include "record/run.h"

struct record *record_blank(struct arena *a, const struct record_type *t)
{
	struct record *r = ARENA_NEW(a, struct record);

	r->type = t;
	r->values = ARENA_ARRAY(a, struct field_value, 2 * t->field_count);
	return r;
}

struct record *record_new(struct ctx *c, const struct record_type *t, struct id dossier)
{
	struct record *r = record_blank(c->arena, t);

	r->id = id_new();
	r->dossier = id_is_zero(dossier) ? r->id : dossier;
	for (size_t i = 0; i < t->field_count; i++)
		r->opened |= UINT32_C(1) << t->fields[i].class;
	return r;
}

size_t field_index(const struct record_type *t, uint16_t number)
{
	for (size_t i = 0; i < t->field_count; i++)
		if (t->fields[i].number == number)
			return i;
	return SIZE_MAX;
}

static const struct field_value *value_of(const struct record *r, uint16_t number)
{
	size_t i = field_index(r->type, number);

	return i == SIZE_MAX || !r->values[i].set ? NULL : &r->values[i];
}

struct sv record_text(const struct record *r, uint16_t number)
{
	const struct field_value *v = value_of(r, number);

	return v ? v->text : SV_NONE;
}

int64_t record_number(const struct record *r, uint16_t number)
{
	const struct field_value *v = value_of(r, number);

	return v ? v->number : 0;
}

bool record_has(const struct record *r, uint16_t number)
{
	return value_of(r, number) != NULL;
}

static void set(struct record *r, uint16_t number, struct field_value v)
{
	size_t i = field_index(r->type, number);
	struct field_value *old;

	if (i == SIZE_MAX)
		return;
	old = &r->values[i];
	if (old->set == v.set && old->number == v.number && sv_equal(old->text, v.text))
		return;
	*old = v;
	r->changed |= UINT32_C(1) << r->type->fields[i].class;
}

void record_set_text(struct record *r, uint16_t number, struct sv v)
{
	set(r, number, v.n ? (struct field_value){ .set = true, .text = v } : (struct field_value){ 0 });
}

void record_set_number(struct record *r, uint16_t number, int64_t v)
{
	set(r, number, (struct field_value){ .set = true, .number = v });
}

enum status record_enter(struct ctx *c, struct record *r, uint16_t number, struct sv typed)
{
	size_t i = field_index(r->type, number);
	struct field_value v;

	if (i == SIZE_MAX || (r->type->fields[i].flags & (FIELD_MACHINE | FIELD_RETIRED)))
		return ERR(c, E_BUG, "nobody types into this field");
	TRY(field_parse(c, &r->type->fields[i], typed, &v));
	set(r, number, v);
	return OK;
}

/* Stale is what this actor was shown and is no longer so: a part he can read was saved since. Another class may have moved on. */
enum status record_same_version(struct ctx *c, const struct record *r, uint64_t shown)
{
	if (shown > r->version)
		return ERR(c, E_STALE, "record changed since it was shown");
	for (size_t class = 0; class < CLASS_COUNT; class ++)
		if ((r->opened & r->present) >> class & 1 && r->part_version[class] > shown)
			return ERR(c, E_STALE, "record changed since it was shown");
	return OK;
}
