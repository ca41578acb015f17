/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking a decision: the record, its first signature, the state of the file, what others have to do now, and the event for the figures,
 * all in one set. The record carries the answers it was taken on, under a key of its own: a second reader opens this and nothing else. */
#include "domain/screening/room.h"

#include "base/zone.h"
#include "domain/casefile/casefile.h"
#include "domain/statistics/statistics.h"
#include "record/once.h"

#define BEFORE_MAX (366 * DAY_MS)

/* --- the record -------------------------------------------------------------------------------------------------------------- */

/* Field for field, what the decision was taken on. */
static void put_answers(struct record *to, const struct record *from)
{
	static const struct {
		uint16_t to, from;
	} pairs[] = {
		{ DECISION_grid, SCREENING_grid },
		{ DECISION_grid_version, SCREENING_grid_version },
		{ DECISION_minor, SCREENING_minor },
		{ DECISION_age_basis, SCREENING_age_basis },
		{ DECISION_act, SCREENING_act },
		{ DECISION_act_source, SCREENING_act_source },
		{ DECISION_answers, SCREENING_answers },
		{ DECISION_second_grid, SCREENING_second_grid },
		{ DECISION_second_version, SCREENING_second_version },
		{ DECISION_second_answers, SCREENING_second_answers },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		record_set_text(to, pairs[i].to, record_text(from, pairs[i].from));
}

static struct record *decision_new(struct ctx *c, struct id file, enum decision_kind kind, struct sv count_id)
{
	struct record *r = record_new(c, &decision_type, file);

	record_set_text(r, DECISION_kind, decision_kind_word(kind));
	record_set_text(r, DECISION_count_id, count_id);
	return r;
}

/* Enter a field that must be said; notes what is wrong and goes on, so that all is shown at once. */
static enum status needed(struct ctx *c, struct record *r, uint16_t number, const char *name, struct sv typed, enum status *worst)
{
	enum status s = sv_trim(typed).n == 0 ? ctx_input(c, name, "error.required", 0) : record_enter(c, r, number, typed);

	if (s == E_INPUT)
		*worst = s;
	return s == E_INPUT ? OK : s;
}

/* --- presumption ------------------------------------------------------------------------------------------------------------- */

/* Danger to life, a child or who may be one: a day; else three. */
static int64_t reading_due(struct ctx *c, const struct record *head, const struct record *screening)
{
	bool child = age_is_child(record_text(head, CASEFILE_age_bracket), record_text(head, CASEFILE_age_doubt)) ||
		     !sv_is(record_text(screening, SCREENING_minor), "no");
	bool life = sv_is(record_text(head, CASEFILE_risk), "immediate");

	return round_up(c->now + deadline_ms(child || life ? "signature_urgent" : "second_review"), HOUR_MS);
}

static enum status newest_record(struct ctx *c, struct id file, struct record **out)
{
	struct screening_view view;

	TRY(screening_newest(c, file, &view));
	return record_load(c, &screening_type, view.id, out);
}

/* What others have to do now. */
static enum status presumption_tasks(struct ctx *c, const struct decision_row *d)
{
	const struct task_new sign = {
		.type = "sign_presumption", .dossier = d->dossier, .assignee = d->reviewer, .due = d->due_hour
	};
	const struct task_new report = { .type = "denunciation_decision", .dossier = d->dossier, .assignee = c->who->user };

	TRY(task_done(c, d->dossier, "screening_due"));
	TRY(task_add(c, &sign));
	return task_add(c, &report);
}

static enum status presume_in(struct ctx *c, const void *arg)
{
	const struct presume *in = arg;
	const struct case_act act = { .file = in->file, .version = in->version };
	struct record *head, *screening, *r;
	struct decision_row d = { .kind = DECISION_PRESUMPTION,
				  .state = DECISION_PROVISIONAL,
				  .organisation = c->who->organisation };
	enum status worst = OK, reader;
	struct case_row row;

	TRY(case_act_begin(c, &act, &row, &head));
	TRY(case_state_set(c, &row, CASE_PRESUMED));
	TRY(newest_record(c, row.id, &screening));
	r = decision_new(c, row.id, DECISION_PRESUMPTION, record_text(head, CASEFILE_count_id));
	TRY(needed(c, r, DECISION_comparison, "comparison", in->comparison, &worst));
	TRY(needed(c, r, DECISION_reason, "reason", in->reason, &worst));
	record_set_text(r, DECISION_screening, screening_hex(c, screening->id));
	put_answers(r, screening);
	TRY(worst);
	TRY(signing_first(c, r, EXPLOIT));
	reader = reader_ask(c, r, EXPLOIT, in->reviewer, &d.reviewer);
	TRY(reader);
	d.id = r->id;
	d.dossier = row.id;
	d.due_hour = reading_due(c, head, screening);
	TRY(decision_row_add(c, &d));
	TRY(case_row_save(c, &row));
	TRY(case_event(c, row.id, "presumed", SV_NONE, SV_NONE));
	TRY(presumption_tasks(c, &d));
	return stat_emit(c, &(struct stat_event){ .code = STAT_PRESUMPTION,
						  .at = c->now,
						  .count_id = record_text(head, CASEFILE_count_id),
						  .child = record_text(screening, SCREENING_minor) });
}

enum status presumption_make(struct ctx *c, const struct presume *in)
{
	return once_do(c, "presumption.make", presume_in, in, in->key);
}

static enum status again_in(struct ctx *c, const void *arg)
{
	const struct presume_ask *in = arg;
	struct decision_row d;
	struct record *r;

	TRY(decision_row_load(c, in->decision, &d));
	TRY(record_load(c, &decision_type, d.id, &r));
	if (!id_equal(d.organisation, c->who->organisation))
		return ERR(c, E_DENIED, "a lent reader names no other");
	if (d.version != in->version)
		return ERR(c, E_STALE, "the decision changed since it was shown");
	if (d.state != DECISION_PROVISIONAL)
		return ERR(c, E_STATE, "the decision needs no reader");
	TRY(reader_ask(c, r, EXPLOIT, in->reviewer, &d.reviewer));
	TRY(decision_row_save(c, &d));
	return task_add(c, &(struct task_new){
				   .type = "sign_presumption", .dossier = d.dossier, .assignee = d.reviewer, .due = d.due_hour });
}

enum status presumption_ask_again(struct ctx *c, const struct presume_ask *in)
{
	return once_do(c, "presumption.ask", again_in, in, in->key);
}

/* --- the way back ------------------------------------------------------------------------------------------------------------ */

static enum status enter_told(struct ctx *c, struct record *r, const struct presumption_return *in, enum status *worst)
{
	int64_t told = 0;

	TRY(needed(c, r, DECISION_told_how, "told_how", in->told_how, worst));
	TRY(needed(c, r, DECISION_reason, "reason", in->reason, worst));
	if (!zone_date_parse(in->told_at, &told))
		*worst = ctx_input(c, "told_at", in->told_at.n == 0 ? "error.required" : "error.date", 0);
	else if (told > c->now || told < c->now - BEFORE_MAX)
		*worst = ctx_input(c, "told_at", "error.not_future", 0);
	record_set_number(r, DECISION_told_at, told);
	return OK;
}

/* The decision, sent back by a second reader who is somebody else, and its file. */
static enum status return_begin(struct ctx *c, const struct presumption_return *in, struct decision_row *d,
				struct record **decision, struct case_row *row)
{
	struct decision_view view;

	TRY(decision_row_load(c, in->decision, d));
	TRY(record_load(c, &decision_type, d->id, decision));
	if (d->version != in->version)
		return ERR(c, E_STALE, "the decision changed since it was shown");
	if (d->state != DECISION_SENT_BACK)
		return ERR(c, E_STATE, "no second reader sent it back");
	TRY(decision_load(c, in->decision, &view));
	if (!sv_is(view.second.verdict, "back"))
		return ERR(c, E_STATE, "the row says sent back and no signature does");
	if (id_equal(view.second.by.user, c->who->user))
		return ERR(c, E_DENIED, "two people sign the return");
	TRY(case_row_load(c, d->dossier, row));
	return case_state_set_two(c, row, CASE_OPEN_SCREENING);
}

static enum status return_in(struct ctx *c, const void *arg)
{
	const struct presumption_return *in = arg;
	struct decision_row d, made = { .kind = DECISION_RETURN, .organisation = c->who->organisation };
	struct record *decision, *r;
	enum status worst = OK;
	struct case_row row;

	TRY(return_begin(c, in, &d, &decision, &row));
	r = decision_new(c, d.dossier, DECISION_RETURN, record_text(decision, DECISION_count_id));
	TRY(enter_told(c, r, in, &worst));
	TRY(worst);
	record_set_text(r, DECISION_about, screening_hex(c, d.id));
	TRY(signing_first(c, r, EXPLOIT));
	made.id = r->id;
	made.dossier = d.dossier;
	d.state = DECISION_RETURNED;
	TRY(decision_row_add(c, &made));
	TRY(decision_row_save(c, &d));
	TRY(case_row_save(c, &row));
	TRY(case_event(c, row.id, "presumption_back", SV_NONE, SV_NONE));
	TRY(task_done(c, d.dossier, "return_presumption"));
	TRY(task_add(c, &(struct task_new){ .type = "screening_due", .dossier = d.dossier, .assignee = row.assignee }));
	return stat_emit(c, &(struct stat_event){ .code = STAT_PRESUMPTION_RETURNED,
						  .at = c->now,
						  .count_id = record_text(decision, DECISION_count_id) });
}

enum status presumption_return(struct ctx *c, const struct presumption_return *in)
{
	return once_do(c, "presumption.return", return_in, in, in->key);
}

/* --- denunciation ------------------------------------------------------------------------------------------------------------ */

static enum status denounce_in(struct ctx *c, const void *arg)
{
	const struct denunciation *in = arg;
	const struct case_act act = { .file = in->file, .version = in->version };
	struct decision_row d = { .kind = DECISION_DENUNCIATION, .organisation = c->who->organisation };
	struct record *head, *r;
	enum status worst = OK;
	struct case_row row;

	TRY(case_act_begin(c, &act, &row, &head));
	if (row.state == CASE_CLOSED)
		return ERR(c, E_STATE, "the file is closed");
	r = decision_new(c, row.id, DECISION_DENUNCIATION, record_text(head, CASEFILE_count_id));
	TRY(needed(c, r, DECISION_denunciation, "denunciation", in->denunciation, &worst));
	TRY(needed(c, r, DECISION_basis, "basis", in->basis, &worst));
	TRY(needed(c, r, DECISION_reason, "reason", in->reason, &worst));
	if (record_enter(c, r, DECISION_advice, in->advice) != OK)
		worst = E_INPUT;
	TRY(worst);
	TRY(signing_first(c, r, EXPLOIT));
	d.id = r->id;
	d.dossier = row.id;
	TRY(decision_row_add(c, &d));
	TRY(case_row_save(c, &row));
	TRY(case_event(c, row.id, "denunciation", SV_NONE, SV_NONE));
	return task_done(c, row.id, "denunciation_decision");
}

enum status denunciation_decide(struct ctx *c, const struct denunciation *in)
{
	return once_do(c, "denunciation.decide", denounce_in, in, in->key);
}
