/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On what a file is kept. Consent says who explained it, in which language, how it was given and when; a child's file says what the child
 * thinks; any other basis says why. Which basis is which stands in consent_bases.csv. */
#include "domain/casefile/act.h"

#include "base/zone.h"

#include <string.h>

static bool basis_has(struct sv basis, const char *column)
{
	const struct code_list *l = codes_of("consent_bases");
	const struct code *row = l == NULL ? NULL : code_find(l, basis);
	const char *value = row == NULL ? NULL : code_extra(l, row, column);

	return value != NULL && strcmp(value, "1") == 0;
}

struct needed {
	const char *field;
	struct sv text;
	bool asked;
};

/* Every missing one is noted. */
static enum status all_given(struct ctx *c, const struct needed *list, size_t n)
{
	enum status s = OK;

	for (size_t i = 0; i < n; i++)
		if (list[i].asked && sv_trim(list[i].text).n == 0)
			s = ctx_input(c, list[i].field, "error.required", 0);
	return s;
}

static enum status day_past(struct ctx *c, const struct record *r)
{
	struct sv day = record_text(r, BASIS_basis_day);
	char today[11];

	if (day.n == 0)
		return OK;
	zone_day_text(c->now, today);
	if (day.p[0] == '~')
		day = (struct sv){ day.p + 1, day.n - 1 };
	return sv_compare(day, (struct sv){ today, day.n }) > 0 ? ctx_input(c, "basis_day", "error.future", 0) : OK;
}

enum status basis_put(struct ctx *c, struct id file, bool child, const struct basis_facts *f)
{
	bool consent = basis_has(f->basis, "consent"), view = basis_has(f->basis, "child_view");
	const struct needed needed[] = {
		{ "basis_explained", f->basis_explained, consent },
		{ "basis_language", f->basis_language, consent },
		{ "basis_way", f->basis_way, consent },
		{ "basis_day", f->basis_day, true },
		{ "guardian", f->guardian, basis_has(f->basis, "guardian") },
		{ "child_view", f->child_view, view },
		{ "basis_reason", f->basis_reason, f->basis.n > 0 && !consent },
	};
	struct record *r = record_new(c, &basis_type, file);
	enum status entered, given;

	sheet_stamp(c, r);
	entered = sheet_enter(c, r, 0, f);
	given = f->basis.n == 0 ? OK : all_given(c, needed, sizeof(needed) / sizeof(needed[0]));
	if (child && consent && !view) /* a child alone cannot consent, nor anybody who may be one */
		given = ctx_input(c, "basis", "error.child_basis", 0);
	TRY(entered);
	TRY(given);
	TRY(day_past(c, r));
	return record_save(c, r);
}

static enum status basis_in(struct ctx *c, const void *arg)
{
	const struct case_basis_new *in = arg;
	struct case_row row;
	struct record *head;

	TRY(case_row_load(c, in->act.file, &row));
	TRY(head_load(c, row.id, &head));
	if (row.state == CASE_CLOSED)
		return ERR(c, E_STATE, "the file is closed");
	TRY(basis_put(c, row.id, age_is_child(record_text(head, CASEFILE_age_bracket), record_text(head, CASEFILE_age_doubt)),
		      &in->facts));
	TRY(case_event(c, row.id, "basis_added", SV_NONE, SV_NONE));
	return case_touch(c, row.id);
}

enum status case_basis_add(struct ctx *c, const struct case_basis_new *in)
{
	return once_do(c, "case.basis", basis_in, in, in->act.key);
}

enum status case_basis(struct ctx *c, struct id file, struct case_basis **out, size_t *n)
{
	struct sheet *s;

	TRY(sheet_list(c, &basis_type, file, &s, n));
	*out = ARENA_ARRAY(c->arena, struct case_basis, *n);
	for (size_t i = 0; i < *n; i++) {
		struct id by;

		(*out)[i] = (struct case_basis){ .id = s[i].id,
						 .version = s[i].version,
						 .facts = *(const struct basis_facts *)s[i].facts,
						 .at = record_number(s[i].record, BASIS_at) };
		if (id_parse(record_text(s[i].record, BASIS_author), &by))
			(*out)[i].by = member_login(c, by);
	}
	return OK;
}
