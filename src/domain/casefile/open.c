/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file is opened: the dossier, who gets it, on which basis, what is known, the row, the first tasks and the report's new state are one set,
 * whole or not at all. Without a basis nothing is written. A desk writes what it knows and never reads it again; the working name and
 * the timeline begin with the case manager. */
#include "domain/casefile/act.h"

#include "domain/intake/types.h"
#include "domain/statistics/statistics.h"

#include <string.h>

struct opening {
	const struct case_open *in;
	struct id assignee, file;
	struct once once;
};

/* --- the parts -------------------------------------------------------------------------------------------------------------- */

/* A slip in the year of birth must not make an adult of a child, nor the other way round. */
static enum status ages_agree(struct ctx *c, struct sv chosen, struct sv born)
{
	if (chosen.n == 0 || sv_is(chosen, "unknown") || born.n == 0 ||
	    age_is_child(chosen, SV_NONE) == age_is_child(born, SV_NONE))
		return OK;
	return ctx_input(c, "birth_date", "error.ages_differ", 0);
}

static enum status head_put(struct ctx *c, struct record *head, const struct case_open *in, const struct record *from)
{
	uint32_t classes = UINT32_C(1) << ASSIST;
	struct sv bracket = age_bracket_of(in->person.birth_date, c->now);

	if (ctx_can(c, ROLE_CASE_MANAGER))
		classes |= UINT32_C(1) << ALERT; /* the desk's pen does not reach it */
	sheet_stamp(c, head);
	record_set_number(head, CASEFILE_opened_at, c->now);
	record_set_text(head, CASEFILE_count_id, stat_count_id(c));
	if (from != NULL) {
		record_set_text(head, CASEFILE_source_reports, refs_add(c, SV_NONE, from->id));
		record_set_text(head, CASEFILE_excluded, record_text(from, REPORT_excluded));
	}
	TRY(sheet_enter(c, head, classes, &in->head));
	TRY(ages_agree(c, record_text(head, CASEFILE_age_bracket), bracket));
	if (bracket.n > 0)
		record_set_text(head, CASEFILE_age_bracket, bracket);
	if (!record_has(head, CASEFILE_risk))
		record_set_text(head, CASEFILE_risk, SV("unknown"));
	return record_save(c, head);
}

static enum status rights_put(struct ctx *c, const struct record *head, struct id assignee, const struct record *from)
{
	struct id *excluded;
	size_t n = 0;

	TRY(change_right(c, (struct right_change){ .what = RIGHT_CREATE, .kind = DOSSIER_PERSON, .dossier = head->id }));
	if (from != NULL)
		refs_read(c, record_text(from, REPORT_excluded), &excluded, &n);
	for (size_t i = 0; i < n; i++)
		TRY(change_right(c,
				 (struct right_change){ .what = RIGHT_BLOCK, .dossier = head->id, .organisation = excluded[i] }));
	return change_right(c, (struct right_change){ .what = RIGHT_ASSIGN, .dossier = head->id, .user = assignee });
}

/* All wrong fields of all parts are noted before the first gives up. */
static enum status parts_put(struct ctx *c, struct record *head, struct id assignee, const struct case_open *in,
			     const struct record *from)
{
	enum status worst = OK, s[5];
	bool child;

	s[0] = head_put(c, head, in, from);
	child = age_is_child(record_text(head, CASEFILE_age_bracket), record_text(head, CASEFILE_age_doubt));
	s[1] = basis_put(c, head->id, assignee, child, &in->basis);
	s[2] = person_put(c, head->id, 0, &in->person);
	s[3] = reach_put(c, head->id, 0, &in->reach);
	s[4] = exploitation_put(c, head->id, ID_ZERO, 0, &in->exploitation);
	for (size_t i = 0; i < sizeof(s) / sizeof(s[0]); i++) {
		if (s[i] != OK && s[i] != E_INPUT)
			return s[i];
		worst = s[i] == E_INPUT ? E_INPUT : worst;
	}
	return worst;
}

static enum status tasks_put(struct ctx *c, const struct case_row *row)
{
	TRY(task_add(c, &(struct task_new){ .type = "first_contact", .dossier = row->id, .assignee = row->assignee }));
	return task_add(c, &(struct task_new){ .type = "screening_due", .dossier = row->id, .assignee = row->assignee });
}

/* A file came to be, or another report led to it. turn: the head's version with this. */
static enum status event_put(struct ctx *c, const struct record *head, uint64_t turn, const struct person_facts *person,
			     const struct exploitation_facts *facts, const struct record *from)
{
	bool child = age_is_child(record_text(head, CASEFILE_age_bracket), record_text(head, CASEFILE_age_doubt));

	return stat_emit(c, &(struct stat_event){ .code = STAT_CASE,
						  .at = c->now,
						  .count_id = record_text(head, CASEFILE_count_id),
						  .from_report = from == NULL ? SV_NONE : record_text(from, REPORT_count_id),
						  .turn = turn,
						  .region = facts->region,
						  .sectors = facts->sectors,
						  .forms = facts->forms,
						  .risk = record_text(head, CASEFILE_risk),
						  .child = child ? SV("yes") : SV("no"),
						  .sex = person->sex,
						  .age_bracket = record_text(head, CASEFILE_age_bracket),
						  .nationality = person->nationality });
}

/* --- the run ---------------------------------------------------------------------------------------------------------------- */

static enum status open_in(struct ctx *c, const void *arg)
{
	struct opening *o = *(struct opening *const *)arg;
	const struct case_open *in = o->in;
	struct record *head = record_new(c, &casefile_type, ID_ZERO);
	struct case_row row = { .id = head->id, .organisation = c->who->organisation, .assignee = o->assignee };
	struct report_act link = { .report = in->report, .version = in->report_version };
	struct record *from = NULL;
	char code[ID_CODE_SIZE];

	file_number_new(code);
	memcpy(row.code, code, 4);
	row.code[4] = '-';
	memcpy(row.code + 5, code + 4, 4);
	if (!id_is_zero(in->report))
		TRY(record_load(c, &report_type, in->report, &from));
	TRY(rights_put(c, head, o->assignee, from));
	TRY(parts_put(c, head, o->assignee, in, from));
	TRY(case_state_set(c, &row, CASE_OPEN_SCREENING));
	TRY(case_row_add(c, &row));
	TRY(tasks_put(c, &row));
	TRY(event_put(c, head, 1, &in->person, &in->exploitation, from));
	if (case_writes(c, THREAD))
		TRY(case_event(c, row.id, "opened", SV_NONE, SV_NONE));
	if (from != NULL)
		TRY(report_link(c, &link, o->assignee, sv_of(row.code)));
	o->file = row.id;
	o->once.result = refs_add(c, SV_NONE, row.id);
	return OK;
}

static enum status who_gets_it(struct ctx *c, const struct case_open *in, struct id *out)
{
	struct assign_choice *choices;
	size_t n;

	*out = id_is_zero(in->assignee) && ctx_can(c, ROLE_CASE_MANAGER) ? c->who->user : in->assignee;
	if (id_is_zero(*out))
		return ctx_input(c, "assignee", "error.required", 0);
	TRY(case_assign_choices(c, &choices, &n));
	for (size_t i = 0; i < n; i++)
		if (id_equal(choices[i].user, *out))
			return OK;
	return ctx_input(c, "assignee", "error.code", 0);
}

enum status case_open(struct ctx *c, const struct case_open *in, struct id *file)
{
	struct opening o = { .in = in, .once = { .key = in->key } }, *arg = &o;

	if (!case_may(CASE_NONE, CASE_OPEN_SCREENING, c->who->roles))
		return ERR(c, E_DENIED, "this role opens no files");
	TRY(who_gets_it(c, in, &o.assignee));
	TRY(once_run(c, "case.open", open_in, &arg, &o.once));
	*file = o.file;
	if (o.once.repeated && !id_parse(o.once.result, file))
		return ERR(c, E_BUG, "the stored result of a form is no id");
	return OK;
}

/* What the report says of the person is hers to correct: it is offered, not taken over. */
enum status case_open_from(struct ctx *c, struct id report, struct report_view *view, struct case_open *out)
{
	const struct report_facts *f = &view->head.facts;
	bool self;

	*out = (struct case_open){ .report = report };
	TRY(report_load(c, report, view));
	if (!report_may_link(c, &view->head))
		return ERR(c, E_STATE, "no file is opened from a report in this state");
	self = sv_is(f->about_self, "yes");
	out->report_version = (uint32_t)view->head.version;
	out->head.language = f->language;
	out->head.risk = view->head.risk;
	out->head.age_doubt = SV_NONE;
	out->exploitation.sectors = f->sectors;
	out->exploitation.forms = f->forms;
	out->exploitation.region = f->region;
	if (!self)
		return OK;
	out->reach = (struct reach_facts){ .contact_way = sv_is(f->contact_way, "mailbox") ? SV_NONE : f->contact_way,
					   .contact_phone = f->contact_phone,
					   .contact_details = f->contact_details,
					   .contact_hours = f->contact_hours,
					   .contact_word = f->contact_word,
					   .contact_message_ok = f->contact_message_ok };
	return OK;
}

/* --- linking a report to a file that is there ---------------------------------------------------------------------------------- */

/* As people write it: halves apart or not, letters in any case, O for 0, I and L for 1. */
static bool code_clean(struct sv typed, char out[ID_CODE_SIZE])
{
	size_t n = 0;

	memset(out, 0, ID_CODE_SIZE);
	for (size_t i = 0; i < typed.n; i++) {
		char ch = typed.p[i];

		if (ch == ' ' || ch == '-')
			continue;
		if (ch >= 'a' && ch <= 'z')
			ch = (char)(ch - 'a' + 'A');
		ch = ch == 'O' ? '0' : ch == 'I' || ch == 'L' ? '1' : ch;
		if (n == ID_CODE_SIZE - 1 || !((ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z')))
			return false;
		out[n++] = ch;
	}
	return n == ID_CODE_SIZE - 1;
}

enum status case_find(struct ctx *c, struct sv typed, struct id *file)
{
	char code[ID_CODE_SIZE];
	struct value key;
	struct rows rows;
	bool keep = false;

	if (!code_clean(sv_trim(typed), code))
		return ERR(c, E_NOTFOUND, "no file has such a number");
	key = v_text(sv_of(code));
	TRY(db_query(c, QUERY_CASEFILE_BY_CODE, &key, 1, 1, &rows));
	if (rows.n > 0) {
		*file = row_id(&rows, 0, 0);
		TRY(keeper_visible(c, file, 1, &keep));
	}
	return keep ? OK : ERR(c, E_NOTFOUND, "no such file");
}

/* Of several events about one person the newest holds: it says all that is known now, of the first period as at the opening. */
static enum status link_event(struct ctx *c, const struct record *head, uint64_t turn, struct id report)
{
	static const struct exploitation_facts nothing;
	struct exploitation_row *periods;
	struct person_view person;
	struct record *from;
	size_t n;

	TRY(record_load(c, &report_type, report, &from));
	TRY(person_load(c, head->id, &person));
	TRY(exploitation_list(c, head->id, &periods, &n));
	return event_put(c, head, turn, &person.facts, n > 0 ? &periods[0].facts : &nothing, from);
}

/* A case manager notes the report in her file; the desk, which cannot write there, hands the report to who has the file. */
static enum status link_in(struct ctx *c, const void *arg)
{
	const struct case_link *in = arg;
	struct case_row row;
	struct record *head;
	struct id file;
	uint64_t turn;

	TRY(case_find(c, in->file_code, &file));
	TRY(case_row_load(c, file, &row));
	if (row.state == CASE_CLOSED)
		return ctx_input(c, "file_code", "error.file_closed", 0);
	if (id_equal(row.assignee, c->who->user)) {
		TRY(head_load(c, file, &head));
		turn = head->version + 1;
		record_set_text(head, CASEFILE_source_reports,
				refs_add(c, record_text(head, CASEFILE_source_reports), in->act.report));
		TRY(record_save(c, head));
		TRY(link_event(c, head, turn, in->act.report));
		TRY(case_event(c, file, "report_linked", SV_NONE, SV_NONE));
		TRY(case_touch(c, file));
	} else if (!case_writes(c, REPORT)) {
		return ctx_input(c, "file_code", "error.file_not_yours", 0);
	} else {
		TRY(task_add(c, &(struct task_new){ .type = "report_to_read", .dossier = file, .assignee = row.assignee }));
	}
	return report_link(c, &in->act, row.assignee, sv_of(row.code));
}

enum status case_link(struct ctx *c, const struct case_link *in, struct id *file)
{
	struct error before = c->error;
	enum status found = case_find(c, in->file_code, file);

	if (found == E_NOTFOUND) {
		c->error = before;
		return ctx_input(c, "file_code", "error.file_unknown", 0);
	}
	TRY(found);
	return once_do(c, "case.link", link_in, in, in->act.key);
}

/* --- who can get one -------------------------------------------------------------------------------------------------------- */

static uint32_t load_of(const struct rows *loads, struct id user)
{
	for (size_t i = 0; i < loads->n; i++)
		if (id_equal(row_id(loads, i, 0), user))
			return (uint32_t)row_int(loads, i, 1);
	return 0;
}

static void put_by_load(struct assign_choice *a, size_t n, struct assign_choice x)
{
	for (; n > 0 && a[n - 1].load > x.load; n--)
		a[n] = a[n - 1];
	a[n] = x;
}

enum status case_assign_choices(struct ctx *c, struct assign_choice **out, size_t *n)
{
	struct value args[] = { v_id(&c->who->organisation) };
	struct member *members;
	struct rows loads;
	size_t count;

	TRY(keeper_members(c, c->who->organisation, &members, &count));
	TRY(db_query(c, QUERY_CASEFILE_LOADS, args, 1, 0, &loads));
	*out = ARENA_ARRAY(c->arena, struct assign_choice, count);
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		const struct member *m = &members[i];

		if (!m->active || !m->certified || (m->roles & ROLE_BIT(ROLE_CASE_MANAGER)) == 0)
			continue;
		put_by_load(*out, *n,
			    (struct assign_choice){ .user = m->user,
						    .login = arena_copy(c->arena, sv_of(m->login)),
						    .roles = m->roles,
						    .load = load_of(&loads, m->user),
						    .self = id_equal(m->user, c->who->user) });
		++*n;
	}
	return OK;
}
