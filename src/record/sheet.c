/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between a record and the struct of texts made from the same field list. */
#include "record/sheet.h"

#include "base/text.h"

#include <string.h>

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

/* --- records of a type in a dossier -------------------------------------------------------------------------------------------- */

struct sv sheet_actor(const struct ctx *c)
{
	return c->who->kind == ACTOR_STAFF ? hex(c->arena, id_view(&c->who->user)) : SV_NONE;
}

void sheet_stamp(struct ctx *c, struct record *r)
{
	for (size_t i = 0; i < r->type->field_count; i++) {
		const struct field *f = &r->type->fields[i];

		if ((f->flags & FIELD_MACHINE) == 0)
			continue;
		if (strcmp(f->name, "at") == 0)
			record_set_number(r, f->number, c->now);
		if (strcmp(f->name, "author") == 0)
			record_set_text(r, f->number, sheet_actor(c));
	}
}

enum status sheet_list(struct ctx *c, const struct record_type *t, struct id dossier, struct sheet **out, size_t *n)
{
	struct record *records;

	TRY(record_load_dossier(c, t, dossier, &records, n));
	*out = ARENA_ARRAY(c->arena, struct sheet, *n);
	for (size_t i = 0; i < *n; i++) {
		struct sheet *s = &(*out)[i];

		*s = (struct sheet){ .id = records[i].id, .version = records[i].version, .record = &records[i] };
		s->facts = ARENA_ARRAY(c->arena, struct sv, t->field_count);
		sheet_read(c, &records[i], s->facts);
	}
	return OK;
}

enum status sheet_put(struct ctx *c, const struct record_type *t, struct id dossier, struct id id, uint64_t shown,
		      const void *facts)
{
	struct record *r;

	if (id_is_zero(id)) {
		if (sheet_empty(t, 0, facts))
			return OK;
		r = record_new(c, t, dossier);
		sheet_stamp(c, r);
	} else {
		TRY(record_load(c, t, id, &r));
		if (!id_equal(r->dossier, dossier))
			return ERR(c, E_NOTFOUND, "the record lies in another dossier");
		TRY(record_same_version(c, r, shown));
	}
	TRY(sheet_enter(c, r, 0, facts));
	return record_save(c, r);
}

enum status sheet_put_only(struct ctx *c, const struct record_type *t, struct id dossier, uint64_t shown, const void *facts)
{
	struct record *records;
	size_t n;

	TRY(record_load_dossier(c, t, dossier, &records, &n));
	if (n == 0 && shown != 0)
		return ERR(c, E_NOTFOUND, "the record is not there");
	if (n > 0 && shown == 0)
		return ERR(c, E_STALE, "somebody was faster");
	return sheet_put(c, t, dossier, n > 0 ? records[0].id : ID_ZERO, shown, facts);
}
