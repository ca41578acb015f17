/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On what a file is kept. Consent says who explained it, in which language, how it was given and when; a child's file says what the child
 * thinks; any other basis says why, and two people sign it: it holds at once, and its column `second` is the delay of the second signature.
 * Which basis is which stands in consent_bases.csv. */
#include "domain/casefile/act.h"

#include "base/zone.h"

#include <string.h>

static const char *column_of(struct sv basis, const char *column)
{
	const struct code_list *l = codes_of("consent_bases");
	const struct code *row = l == NULL ? NULL : code_find(l, basis);
	const char *value = row == NULL ? NULL : code_extra(l, row, column);

	return value == NULL ? "" : value;
}

static bool basis_has(struct sv basis, const char *column)
{
	return strcmp(column_of(basis, column), "1") == 0;
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

enum status basis_put(struct ctx *c, struct id file, struct id assignee, bool child, const struct basis_facts *f)
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
	enum status entered, given, past;
	const char *second;

	sheet_stamp(c, r);
	entered = sheet_enter(c, r, 0, f);
	given = f->basis.n == 0 ? OK : all_given(c, needed, sizeof(needed) / sizeof(needed[0]));
	if (child && consent && !view) /* a child alone cannot consent, nor anybody who may be one */
		given = ctx_input(c, "basis", "error.child_basis", 0);
	past = day_past(c, r); /* all of them are said at once */
	TRY(entered);
	TRY(given);
	TRY(past);
	second = column_of(f->basis, "second");
	if (second[0] == '\0')
		return record_save(c, r);
	return second_wanted(c, r, DECISION_BASIS, c->now + deadline_ms(second), assignee);
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
	TRY(basis_put(c, row.id, row.assignee,
		      age_is_child(record_text(head, CASEFILE_age_bracket), record_text(head, CASEFILE_age_doubt)), &in->facts));
	TRY(task_done(c, row.id, "basis_back"));
	TRY(case_event(c, row.id, "basis_added", SV_NONE, SV_NONE));
	return case_touch(c, row.id);
}

enum status case_basis_add(struct ctx *c, const struct case_basis_new *in)
{
	return once_do(c, "case.basis", basis_in, in, in->act.key);
}

/* What two people sign: who did, and when the second signature is due. */
static void read_signed(const struct signing *s, const struct sheet *sheet, const struct decision_row *rows, size_t n,
			struct case_basis *b)
{
	struct decision_row d = { .kind = DECISION_BASIS, .state = DECISION_PROVISIONAL };

	b->two = column_of(b->facts.basis, "second")[0] != '\0';
	if (!b->two)
		return;
	b->first = signing_by(s, sheet->record, CONSENT, SIGN_FIRST);
	b->second = signing_second(s, sheet->record, CONSENT);
	b->state = signing_state(&d, &b->second);
	for (size_t i = 0; i < n; i++)
		if (id_equal(rows[i].id, b->id))
			b->due_hour = rows[i].due_hour;
}

enum status case_basis(struct ctx *c, struct id file, struct case_basis **out, size_t *n)
{
	struct decision_row *rows;
	struct signing signing;
	struct sheet *s;
	size_t rows_n;

	TRY(sheet_list(c, &basis_type, file, &s, n));
	TRY(signing_load(c, file, true, &signing));
	TRY(decision_rows_of(c, file, &rows, &rows_n));
	*out = ARENA_ARRAY(c->arena, struct case_basis, *n);
	for (size_t i = 0; i < *n; i++) {
		struct id by;

		(*out)[i] = (struct case_basis){ .id = s[i].id,
						 .version = s[i].version,
						 .facts = *(const struct basis_facts *)s[i].facts,
						 .at = record_number(s[i].record, BASIS_at) };
		if (id_parse(record_text(s[i].record, BASIS_author), &by))
			(*out)[i].by = member_login(c, by);
		read_signed(&signing, &s[i], rows, rows_n, &(*out)[i]);
	}
	return OK;
}
