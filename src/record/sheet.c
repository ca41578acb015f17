/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between a record and the struct of texts made from the same field list. */
#include "record/sheet.h"

struct sv *sheet_at(void *facts, size_t i)
{
	return (struct sv *)facts + i;
}

const struct sv *sheet_of(const void *facts, size_t i)
{
	return (const struct sv *)facts + i;
}

static bool asked(const struct field *f, uint32_t classes)
{
	return (f->flags & (FIELD_MACHINE | FIELD_RETIRED)) == 0 && (classes == 0 || (classes >> f->class & 1) != 0);
}

enum status sheet_enter(struct ctx *c, struct record *r, uint32_t classes, const void *facts)
{
	enum status worst = OK;

	for (size_t i = 0; i < r->type->field_count; i++) {
		enum status s = asked(&r->type->fields[i], classes)
					? record_enter(c, r, r->type->fields[i].number, *sheet_of(facts, i))
					: OK;

		if (s != OK && s != E_INPUT)
			return s;
		worst = s == E_INPUT ? s : worst;
	}
	return worst;
}

void sheet_read(struct ctx *c, const struct record *r, void *facts)
{
	for (size_t i = 0; i < r->type->field_count; i++)
		*sheet_at(facts, i) = field_format(c->arena, &r->type->fields[i], &r->values[i]);
}

bool sheet_empty(const struct record_type *t, uint32_t classes, const void *facts)
{
	for (size_t i = 0; i < t->field_count; i++)
		if (asked(&t->fields[i], classes) && sv_trim(*sheet_of(facts, i)).n > 0)
			return false;
	return true;
}
