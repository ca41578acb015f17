/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing the person of a file. What a field is stands in the .def files; here is only what they mean together. */
#include "domain/person/person.h"

#include "base/clock.h"
#include "base/zone.h"

#include <string.h>

/* --- records ---------------------------------------------------------------------------------------------------------------- */

enum status person_load(struct ctx *c, struct id dossier, struct person_view *out)
{
	struct sheet *s;
	size_t n;

	*out = (struct person_view){ .version = 0 };
	TRY(sheet_list(c, &person_type, dossier, &s, &n));
	if (n > 0)
		*out = (struct person_view){ s[0].id, s[0].version, *(const struct person_facts *)s[0].facts };
	return OK;
}

enum status reach_load(struct ctx *c, struct id dossier, struct reach_view *out)
{
	struct sheet *s;
	size_t n;

	*out = (struct reach_view){ .version = 0 };
	TRY(sheet_list(c, &reach_type, dossier, &s, &n));
	if (n > 0)
		*out = (struct reach_view){ s[0].id, s[0].version, *(const struct reach_facts *)s[0].facts };
	return OK;
}

enum status exploitation_list(struct ctx *c, struct id dossier, struct exploitation_row **out, size_t *n)
{
	struct sheet *s;

	TRY(sheet_list(c, &exploitation_type, dossier, &s, n));
	*out = ARENA_ARRAY(c->arena, struct exploitation_row, *n);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct exploitation_row){ s[i].id, s[i].version, *(const struct exploitation_facts *)s[i].facts };
	return OK;
}

/* --- what facts mean together ------------------------------------------------------------------------------------------------- */

/* Without the sign that says "about". */
static struct sv date_part(struct sv date)
{
	return date.n > 0 && date.p[0] == '~' ? (struct sv){ date.p + 1, date.n - 1 } : date;
}

/* The last day a partial date can mean, as day number; 0 for a text that is no date. */
static int64_t latest(struct sv date)
{
	static const int last[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t part[3] = { 0 };
	struct sv word;

	date = date_part(date);
	for (size_t i = 0; i < 3 && date.n > 0 && sv_cut(&date, '-', &word); i++)
		if (!sv_u64(word, &part[i]))
			return 0;
	if (part[0] == 0 || part[1] > 12 || part[2] > 31)
		return 0;
	if (part[1] == 0)
		part[1] = 12;
	if (part[2] == 0)
		part[2] = (uint64_t)last[part[1] - 1];
	return date_ms((int)part[0], (int)part[1], (int)part[2], 0, 0);
}

/* Whole years between two days. */
static int64_t years(int64_t from, int64_t to)
{
	struct date a = date_of(from), b = date_of(to);
	bool before = b.month < a.month || (b.month == a.month && b.day < a.day);

	return b.year - a.year - (before ? 1 : 0);
}

struct sv age_bracket_of(struct sv birth_date, int64_t now)
{
	const struct code_list *l = codes_of("age_brackets");
	int64_t born = latest(birth_date), age = born == 0 ? -1 : years(born, zone_local(now));

	if (birth_date.n > 0 && born != 0 && born > now)
		age = 0; /* the year alone was given, and it is this one */
	for (size_t i = 0; l != NULL && age >= 0 && i < l->n; i++) {
		const char *min = code_extra(l, &l->codes[i], "min"), *max = code_extra(l, &l->codes[i], "max");
		uint64_t from, to;

		if (min != NULL && max != NULL && sv_u64(sv_of(min), &from) && sv_u64(sv_of(max), &to) && age >= (int64_t)from &&
		    age <= (int64_t)to)
			return sv_of(l->codes[i].code);
	}
	return SV_NONE;
}

bool age_is_child(struct sv bracket, struct sv doubt)
{
	const struct code_list *l = codes_of("age_brackets");
	const struct code *row = l == NULL || bracket.n == 0 ? NULL : code_find(l, bracket);
	const char *majority = row == NULL ? NULL : code_extra(l, row, "majority");

	return sv_is(doubt, "yes") || (majority != NULL && strcmp(majority, "adult") != 0);
}

static enum person_call call_of(const struct reach_facts *f)
{
	if (f->contact_way.n == 0)
		return PERSON_CALL_NOT_ASKED;
	if (sv_is(f->contact_way, "none"))
		return PERSON_CALL_NO;
	if (!sv_is(f->contact_way, "phone"))
		return PERSON_CALL_OTHER_WAY;
	return f->contact_phone.n > 0 ? PERSON_CALL_YES : PERSON_CALL_NO_NUMBER;
}

void person_contact(const struct reach_facts *f, struct person_contact *out)
{
	enum person_call call = call_of(f);
	bool wanted = call == PERSON_CALL_YES || call == PERSON_CALL_OTHER_WAY;

	*out = (struct person_contact){ .call = call,
					.may_call = call == PERSON_CALL_YES,
					.way = f->contact_way,
					.hours = f->contact_hours,
					.word = f->contact_word,
					.never = f->contact_never };
	out->may_leave_message = out->may_call && sv_is(f->contact_message_ok, "yes");
	if (call == PERSON_CALL_YES || sv_is(f->contact_way, "messaging"))
		out->phone = f->contact_phone;
	if (wanted)
		out->details = f->contact_details;
}

/* --- inside a run ----------------------------------------------------------------------------------------------------------- */

/* Nobody is born, and nothing was done, after today. */
static enum status not_later(struct ctx *c, const char *field, struct sv date)
{
	struct field_value v;
	const struct field f = { .name = field, .type = FIELD_PARTIAL_DATE };
	char today[11];

	if (date.n == 0 || field_parse(c, &f, date, &v) != OK)
		return OK; /* said by the field itself */
	zone_day_text(c->now, today);
	v.text = date_part(v.text);
	return sv_compare(v.text, (struct sv){ today, v.text.n }) > 0 ? ctx_input(c, field, "error.future", 0) : OK;
}

/* A slip of the hand in a year makes an age nobody reaches. */
static enum status not_older(struct ctx *c, struct sv birth_date)
{
	enum { OLDEST = 120 };
	struct field_value v;
	const struct field f = { .name = "birth_date", .type = FIELD_PARTIAL_DATE };

	if (birth_date.n == 0 || field_parse(c, &f, birth_date, &v) != OK)
		return OK;
	return years(latest(v.text), zone_local(c->now)) > OLDEST ? ctx_input(c, "birth_date", "error.too_old", OLDEST) : OK;
}

/* What ended did not end before it began: the last day each can mean, as far as both are as exact. */
static enum status in_order(struct ctx *c, struct sv from, struct sv to)
{
	struct field_value a, b;
	const struct field f = { .name = "to_date", .type = FIELD_PARTIAL_DATE };
	struct sv first, last;
	size_t n;

	if (from.n == 0 || to.n == 0 || field_parse(c, &f, from, &a) != OK || field_parse(c, &f, to, &b) != OK)
		return OK;
	first = date_part(a.text);
	last = date_part(b.text);
	n = first.n < last.n ? first.n : last.n;
	return sv_compare((struct sv){ last.p, n }, (struct sv){ first.p, n }) < 0
		       ? ctx_input(c, "to_date", "error.before_start", 0)
		       : OK;
}

enum status person_put(struct ctx *c, struct id dossier, uint64_t version, const struct person_facts *f)
{
	TRY(sheet_put_only(c, &person_type, dossier, version, f));
	TRY(not_later(c, "birth_date", f->birth_date));
	return not_older(c, f->birth_date);
}

enum status reach_put(struct ctx *c, struct id dossier, uint64_t version, const struct reach_facts *f)
{
	return sheet_put_only(c, &reach_type, dossier, version, f);
}

enum status exploitation_put(struct ctx *c, struct id dossier, struct id row, uint64_t version, const struct exploitation_facts *f)
{
	TRY(sheet_put(c, &exploitation_type, dossier, row, version, f));
	TRY(not_later(c, "from_date", f->from_date));
	TRY(not_later(c, "to_date", f->to_date));
	return in_order(c, f->from_date, f->to_date);
}
