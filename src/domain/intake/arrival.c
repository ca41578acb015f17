/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report arrives: from the public form, from a member who typed it, from a log that is imported. One function writes it,
 * whatever the way: a head, the statement as its first message, the clear row. The public report's desk is chosen by the keeper
 * while the set is sealed: the row reads it from the dossier the set makes. */
#include "domain/intake/act.h"

#include "base/text.h"
#include "base/zone.h"

#include <string.h>

struct arrival {
	const struct report_facts *facts;
	struct sv channel, risk, text, subject;
	bool danger, has_code;
	int64_t received_at;
	const struct id *excluded;
	size_t excluded_n;
};

static bool is_child(const struct report_facts *f)
{
	return sv_is(f->child, "yes");
}

static enum status head_write(struct ctx *c, const struct arrival *a, struct record **out)
{
	struct record *r = record_new(c, &report_type, ID_ZERO);
	enum status facts, channel, risk, subject;

	record_set_text(r, REPORT_danger_now, a->danger ? SV("yes") : SV("no"));
	record_set_text(r, REPORT_has_code, a->has_code ? SV("yes") : SV("no"));
	record_set_text(r, REPORT_excluded, a->excluded_n == 0 ? SV_NONE : ids_text(c, a->excluded, a->excluded_n));
	record_set_number(r, REPORT_received_at, a->received_at);
	record_set_text(r, REPORT_count_id, stat_count_id(c));
	record_set_text(r, REPORT_author, c->who->kind == ACTOR_STAFF ? ids_text(c, &c->who->user, 1) : SV_NONE);
	facts = facts_enter(c, r, a->facts);
	channel = record_enter(c, r, REPORT_channel, a->channel);
	risk = record_enter(c, r, REPORT_risk, a->risk);
	subject = record_enter(c, r, REPORT_subject, a->subject.n > 0 ? a->subject : subject_of(c, a->text));
	TRY(facts);
	TRY(channel);
	TRY(risk);
	TRY(subject);
	*out = r;
	TRY(change_right(c, (struct right_change){ .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = r->id }));
	return record_save(c, r);
}

/* The statement, as given. */
static enum status statement_write(struct ctx *c, const struct arrival *a, struct id report)
{
	return message_put(c, report, &(struct said){ .kind = MESSAGE_STATEMENT, .text = a->text });
}

static enum status row_write(struct ctx *c, const struct arrival *a, const struct record *head)
{
	bool seen = a->risk.n > 0 && !sv_is(a->risk, "unknown") && c->who->kind == ACTOR_STAFF;
	int64_t due = seen ? clock_by_risk(c->now, a->risk, is_child(a->facts))
			   : clock_first_look(c->now, a->danger, is_child(a->facts));
	static const struct id nobody;
	char week[9];

	week_of(c->now, week);
	struct value args[] = {
		v_id(&head->id),
		v_text(state_code(seen ? STATE_TRIAGE : STATE_NEW)),
		v_text(sv_of(week)),
		v_int(1),
		a->danger ? v_int(1) : v_null(),
		v_int(due),
		a->danger ? v_int(clock_ring(c->now)) : v_null(),
		v_id(&nobody),
		v_id(&nobody),
		v_int(REPORT),
	};

	return change_write(c, QUERY_INTAKE_REPORT_ADD, args, sizeof(args) / sizeof(args[0]), 1, E_CONFLICT);
}

static enum status text_check(struct ctx *c, struct sv text)
{
	if (sv_trim(text).n == 0)
		return ctx_input(c, "text", "error.required", 0);
	return record_enter(c, record_new(c, &message_type, ID_ZERO), MESSAGE_text, text);
}

static enum status arrive(struct ctx *c, const struct arrival *a, struct id *id)
{
	enum status text = text_check(c, a->text);
	struct record *head;

	TRY(head_write(c, a, &head));
	TRY(text);
	for (size_t i = 0; i < a->excluded_n && c->who->kind == ACTOR_STAFF; i++)
		TRY(change_right(
			c, (struct right_change){ .what = RIGHT_BLOCK, .dossier = head->id, .organisation = a->excluded[i] }));
	TRY(statement_write(c, a, head->id));
	TRY(row_write(c, a, head));
	TRY(report_counts(c, STAT_REPORT, head, 1, SV_NONE));
	*id = head->id;
	return OK;
}

/* --- the public form -------------------------------------------------------------------------------------------------------- */

struct public_run {
	const struct public_form *in;
	struct public_report *report;
};

static enum status public_in(struct ctx *c, const void *arg)
{
	const struct public_run *run = arg;
	const struct public_form *in = run->in;
	struct arrival a = {
		.facts = &in->facts,
		.channel = SV("web"),
		.risk = in->danger_now ? SV("immediate") : SV("unknown"),
		.text = in->text,
		.danger = in->danger_now,
		.has_code = true,
		.received_at = c->now,
		.excluded = run->report->excluded,
		.excluded_n = run->report->excluded_count,
	};
	struct id id;

	change_public(c, run->report);
	return arrive(c, &a, &id);
}

static uint8_t region_number(struct sv code)
{
	const struct code_list *l = codes_of("regions");
	const struct code *region = l == NULL ? NULL : code_find(l, code);

	return region == NULL ? 0 : (uint8_t)region->number;
}

enum status report_new_public(struct ctx *c, const struct public_form *in, struct public_receipt *out)
{
	struct public_report *report = ARENA_NEW(c->arena, struct public_report);
	struct public_run run = { in, report };
	struct id *excluded;
	enum status s;

	TRY(ids_enter(c, "excluded", in->excluded, &excluded, &report->excluded_count));
	report->excluded = excluded;
	report->region = region_number(in->facts.region);
	report->danger = in->danger_now;
	memcpy(report->ticket, in->ticket, sizeof(report->ticket));
	s = record_run(c, "report.public", public_in, &run);
	memcpy(out->code, report->code, sizeof(out->code));
	out->repeated = report->repeated;
	return s;
}

/* --- typed by staff --------------------------------------------------------------------------------------------------------- */

struct staff_run {
	const struct staff_form *in;
	const struct id *excluded;
	size_t excluded_n;
	int64_t received_at;
	struct id id; /* out */
	struct once key;
};

static enum status staff_write(struct ctx *c, struct staff_run *run)
{
	const struct staff_form *in = run->in;
	bool danger = in->danger_now || sv_is(in->risk, "immediate");
	struct arrival a = {
		.facts = &in->facts,
		.channel = in->channel,
		.risk = danger            ? SV("immediate")
			: in->risk.n == 0 ? SV("unknown")
					  : in->risk,
		.text = in->text,
		.subject = in->subject,
		.danger = danger,
		.received_at = run->received_at,
		.excluded = run->excluded,
		.excluded_n = run->excluded_n,
	};

	return arrive(c, &a, &run->id);
}

static bool key_given(const uint8_t key[16])
{
	static const uint8_t zeros[16];

	return memcmp(key, zeros, sizeof(zeros)) != 0;
}

/* The form's key leads to the report it made; its words' own key too. */
static enum status staff_in(struct ctx *c, const void *arg)
{
	struct staff_run *run = *(struct staff_run *const *)arg;
	struct value args[] = { v_blob(sv_bytes(run->in->same[0], 16)), v_null(), v_int(c->now / DAY_MS) };

	TRY(staff_write(c, run));
	run->key.result = hex(c->arena, id_view(&run->id));
	args[1] = v_text(run->key.result);
	return key_given(run->in->same[0]) ? change_write(c, QUERY_RECORD_ONCE_ADD, args, 3, 1, E_CONFLICT) : OK;
}

/* The report that the same words made a moment ago. Forgets the error of asking. */
static bool said_before(struct ctx *c, const struct staff_form *in, struct id *report)
{
	const struct error before = c->error;
	struct sv result;

	for (size_t i = 0; i < 2; i++)
		if (key_given(in->same[i]) && once_result(c, in->same[i], &result) == OK && id_parse(result, report)) {
			c->error = (struct error){ .status = OK };
			return true;
		}
	c->error = before;
	return false;
}

bool report_said(struct ctx *c, const struct staff_form *in, struct id *report)
{
	const struct error before = c->error;
	struct sv result;
	bool this_form = key_given(in->key) && once_result(c, in->key, &result) == OK;

	c->error = before;
	return !this_form && said_before(c, in, report);
}

/* What needs no record to be judged. All of it is noted, not the first alone. */
static enum status staff_check(struct ctx *c, const struct staff_form *in, struct staff_run *run)
{
	enum status s = OK;
	struct id *excluded = NULL;

	if (!may_write(c, REPORT))
		return ERR(c, E_DENIED, "this role types no reports");
	run->in = in;
	run->received_at = c->now;
	if (in->received_at.n > 0 && !zone_date_parse(in->received_at, &run->received_at))
		s = ctx_input(c, "received_at", "error.date", 0);
	else if (run->received_at > c->now)
		s = ctx_input(c, "received_at", "error.future", 0);
	if (sv_is(in->channel, "web"))
		s = ctx_input(c, "channel", "error.code", 0);
	if (ids_enter(c, "excluded", in->excluded, &excluded, &run->excluded_n) != OK)
		s = E_INPUT;
	run->excluded = excluded;
	return s;
}

enum status report_new_staff(struct ctx *c, const struct staff_form *in, struct id *report)
{
	struct staff_run run = { .key = { .key = in->key } }, *arg = &run;
	enum status s;

	TRY(staff_check(c, in, &run));
	if (said_before(c, in, report))
		return OK;
	s = once_run(c, "report.staff", staff_in, &arg, &run.key);
	if (s == E_CONFLICT && said_before(c, in, report))
		return OK; /* both at once */
	TRY(s);
	*report = run.id;
	if (run.key.repeated && !id_parse(run.key.result, report))
		return ERR(c, E_BUG, "the stored result of a form is no id");
	return OK;
}

/* --- imported --------------------------------------------------------------------------------------------------------------- */

enum status report_check(struct ctx *c, const struct staff_form *in)
{
	struct staff_run run = { .key = { .key = NULL } };
	struct record *head = record_new(c, &report_type, ID_ZERO);
	enum status s = staff_check(c, in, &run);

	if (s == E_DENIED)
		return s;
	s = text_check(c, in->text) != OK ? E_INPUT : s;
	s = facts_enter(c, head, &in->facts) != OK ? E_INPUT : s;
	s = record_enter(c, head, REPORT_channel, in->channel) != OK ? E_INPUT : s;
	s = record_enter(c, head, REPORT_risk, in->risk) != OK ? E_INPUT : s;
	s = record_enter(c, head, REPORT_subject, in->subject) != OK ? E_INPUT : s;
	return s;
}

struct import_run {
	struct staff_run *runs;
	const bool *known;
	size_t n;
};

static enum status import_in(struct ctx *c, const void *arg)
{
	const struct import_run *run = arg;

	for (size_t i = 0; i < run->n; i++) {
		struct value line[] = { v_blob(sv_bytes(run->runs[i].in->key, 16)) };

		if (run->known[i])
			continue;
		TRY(staff_write(c, &run->runs[i]));
		TRY(change_write(c, QUERY_INTAKE_IMPORT_LINE, line, 1, 1, E_CONFLICT));
	}
	return OK;
}

static enum status import_known(struct ctx *c, const uint8_t key[16], bool *known)
{
	struct value args[] = { v_blob(sv_bytes(key, 16)) };
	struct rows rows;

	TRY(db_query(c, QUERY_INTAKE_IMPORT_KNOWN, args, 1, 1, &rows));
	*known = rows.n > 0;
	return OK;
}

enum status report_import(struct ctx *c, const struct staff_form *rows, size_t n, size_t *added)
{
	struct staff_run *runs = ARENA_ARRAY(c->arena, struct staff_run, n);
	bool *known = ARENA_ARRAY(c->arena, bool, n);
	struct import_run run = { runs, known, n };

	*added = 0;
	if (n > IMPORT_SET_MAX)
		return ERR(c, E_BUG, "more lines than one set takes");
	for (size_t i = 0; i < n; i++) {
		TRY(import_known(c, rows[i].key, &known[i]));
		TRY(staff_check(c, &rows[i], &runs[i]));
		*added += !known[i];
	}
	return *added == 0 ? OK : record_run(c, "report.import", import_in, &run);
}
