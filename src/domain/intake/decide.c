/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a report goes and when it ends: to another desk, on hold, closed, open again, kept from somebody. Each act leaves an
 * event that says who did it and why. */
#include "domain/intake/act.h"

#include "base/text.h"
#include "base/zone.h"

#define REVIEW_MAX (366 * DAY_MS)

/* --- another desk ----------------------------------------------------------------------------------------------------------- */

static bool among(struct sv ids, struct id id)
{
	struct sv word, text;
	char digits[33];

	id_hex(id, digits);
	text = sv_of(digits);
	while (ids.n > 0 && sv_cut(&ids, '|', &word))
		if (sv_equal(word, text))
			return true;
	return false;
}

/* Desks of the report's own region, or all others, put behind what is there. */
static void add_choices(const struct ctx *c, const struct record *head, const struct organisation *all, size_t count, bool near,
			struct redirect_choice *out, size_t *n)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].desk && sv_equal(all[i].region, record_text(head, REPORT_region)) == near &&
		    !id_equal(all[i].id, c->who->organisation) && !among(record_text(head, REPORT_excluded), all[i].id))
			out[(*n)++] = (struct redirect_choice){ all[i], near };
}

enum status report_redirect_choices(struct ctx *c, struct id report, struct redirect_choice **out, size_t *n)
{
	struct organisation *all;
	struct record *head;
	size_t count;

	TRY(record_load(c, &report_type, report, &head));
	TRY(organisation_list(c, &all, &count));
	*out = ARENA_ARRAY(c->arena, struct redirect_choice, count);
	*n = 0;
	add_choices(c, head, all, count, true, *out, n);
	add_choices(c, head, all, count, false, *out, n);
	return OK;
}

/* The receiving desk must be a desk, another one, and not one the reporter named. */
static enum status redirect_allowed(struct ctx *c, const struct record *head, struct id to)
{
	struct organisation o;

	if (organisation_load(c, to, &o) != OK || !o.desk || id_equal(to, c->who->organisation))
		return ctx_input(c, "organisation", "error.code", 0);
	if (among(record_text(head, REPORT_excluded), to))
		return ctx_input(c, "organisation", "error.excluded", 0);
	return OK;
}

static enum status redirect_in(struct ctx *c, const void *arg)
{
	const struct report_redirect *in = arg;
	struct report_row row;
	struct record *head;
	bool danger;

	TRY(act_begin(c, &in->act, &row, &head));
	TRY(act_state(c, &row, STATE_REDIRECTED));
	TRY(redirect_allowed(c, head, in->organisation));
	danger = sv_is(record_text(head, REPORT_risk), "immediate");
	record_set_text(head, REPORT_passed_on_by, ids_add(c, record_text(head, REPORT_passed_on_by), c->who->organisation));
	TRY(record_save(c, head));
	TRY(message_put(c, row.id,
			&(struct said){ .kind = MESSAGE_EVENT, .step = "passed_on", .text = in->note, .about = in->organisation }));
	TRY(change_keys(c, row.id));
	TRY(change_right(c, (struct right_change){ .what = RIGHT_REDIRECT, .dossier = row.id, .organisation = in->organisation }));
	row.organisation = in->organisation; /* redirected ends it here; there it is new */
	row.fallback = row.assignee = ID_ZERO;
	row.state = STATE_NEW;
	row.open = true;
	row.urgent = danger;
	row.ring_at = danger ? clock_ring(c->now) : 0;
	row.due_hour = clock_first_look(c->now, danger, head_child(head));
	return row_save(c, &row);
}

enum status report_redirect(struct ctx *c, const struct report_redirect *in)
{
	return once_do(c, "report.redirect", redirect_in, in, in->act.key);
}

/* --- waiting ---------------------------------------------------------------------------------------------------------------- */

static enum status wait_in(struct ctx *c, const void *arg)
{
	const struct report_wait *in = arg;
	struct report_row row;
	enum status reason = sv_trim(in->wait_reason).n == 0 ? ctx_input(c, "wait_reason", "error.required", 0) : OK, date = OK;
	int64_t review = 0;

	if (utf8_count(in->wait_reason) > 300)
		reason = ctx_input(c, "wait_reason", "error.too_long", 300);
	if (!zone_date_parse(in->review_at, &review))
		date = ctx_input(c, "review_at", "error.date", 0);
	else if (review <= c->now || review > c->now + REVIEW_MAX)
		date = ctx_input(c, "review_at", "error.within_year", 0);
	TRY(act_begin(c, &in->act, &row, NULL));
	TRY(act_state(c, &row, STATE_WAITING));
	TRY(reason);
	TRY(date);
	row.due_hour = round_up(review, HOUR_MS); /* the clock stands still; the review date rings */
	TRY(act_event(c, row.id, "waiting", in->wait_reason));
	return row_save(c, &row);
}

enum status report_wait(struct ctx *c, const struct report_wait *in)
{
	return once_do(c, "report.wait", wait_in, in, in->act.key);
}

static enum status resume_in(struct ctx *c, const void *arg)
{
	const struct report_act *in = arg;
	struct report_row row;

	TRY(act_begin(c, in, &row, NULL));
	if (row.state != STATE_WAITING)
		return ERR(c, E_STATE, "the report is not waiting");
	TRY(act_state(c, &row, STATE_ASSIGNED));
	row.due_hour = 0;
	TRY(act_event(c, row.id, "resumed", SV_NONE));
	return row_save(c, &row);
}

enum status report_resume(struct ctx *c, const struct report_act *in)
{
	return once_do(c, "report.resume", resume_in, in, in->key);
}

/* --- ending and beginning again --------------------------------------------------------------------------------------------- */

static enum status closure_check(struct ctx *c, struct sv closure)
{
	const struct code_list *l = codes_of("closure_reasons");
	const struct code *code = l == NULL ? NULL : code_find(l, closure);
	struct sv applies = code == NULL ? SV_NONE : sv_of(code_extra(l, code, "applies_to")), word;

	while (applies.n > 0 && sv_cut(&applies, '|', &word))
		if (sv_is(word, "report"))
			return OK;
	return ctx_input(c, "closure", closure.n == 0 ? "error.required" : "error.code", 0);
}

/* A last word goes out in the same act. */
static enum status last_word(struct ctx *c, struct report_row *row, const struct record *head, struct sv answer)
{
	if (answer.n == 0)
		return OK;
	if (!may_write(c, DIALOG))
		return ERR(c, E_DENIED, "this role answers nobody");
	if (!sv_is(record_text(head, REPORT_has_code), "yes"))
		return ERR(c, E_STATE, "the reporter has no code: an answer would reach nobody");
	row->messages++;
	return answer_put(c, row->id, answer, SV("ended"));
}

static enum status head_close(struct ctx *c, struct report_row *row, struct record *head, const struct report_close *in)
{
	bool strips = closure_strips(in->closure);

	if (may_write(c, REPORT) || strips)
		record_set_text(head, REPORT_closure, in->closure);
	if (strips) {
		row->messages = 0;
		return report_strip(c, head, sv_trim(in->answer).n > 0);
	}
	return record_save(c, head);
}

static enum status close_in(struct ctx *c, const void *arg)
{
	const struct report_close *in = arg;
	struct report_row row;
	struct record *head = NULL, *read;
	bool writes = may_write(c, REPORT), strips = closure_strips(in->closure);
	struct sv answer = sv_trim(in->answer);

	TRY(act_begin(c, &in->act, &row, writes || strips || answer.n > 0 ? &head : NULL));
	if (row.state == STATE_TRIAGE)
		row.assignee = ID_ZERO; /* who took it; from now on an assignee is somebody the keeper lets in */
	TRY(act_state(c, &row, STATE_CLOSED));
	TRY(closure_check(c, in->closure));
	if (writes)
		TRY(act_right(c, RIGHT_STAGE, row.id, ID_ZERO, STAGE_ENDED));
	read = head;
	if (head == NULL)
		TRY(record_load(c, &report_type, row.id, &read));
	TRY(report_counts(c, STAT_REPORT_CLOSED, read, row.version, in->closure));
	if (head != NULL) {
		TRY(head_close(c, &row, head, in));
		TRY(last_word(c, &row, head, answer));
	}
	row.urgent = false;
	row.ring_at = row.due_hour = 0;
	TRY(message_put(
		c, row.id,
		&(struct said){
			.kind = MESSAGE_EVENT, .step = "closed", .text = strips ? SV_NONE : in->text, .closure = in->closure }));
	return row_save(c, &row);
}

enum status report_close(struct ctx *c, const struct report_close *in)
{
	return once_do(c, "report.close", close_in, in, in->act.key);
}

/* The old reason is kept: its event stays, and the head's history. */
static enum status reopen_in(struct ctx *c, const void *arg)
{
	const struct report_reopen *in = arg;
	struct report_row row;
	struct record *head;

	TRY(act_begin(c, &in->act, &row, &head));
	if (row.state != STATE_CLOSED)
		return ERR(c, E_STATE, "the report is not closed");
	TRY(act_state(c, &row, STATE_TRIAGE));
	record_set_text(head, REPORT_closure, SV_NONE);
	TRY(record_save(c, head));
	TRY(report_counts(c, STAT_REPORT_REOPENED, head, row.version, SV_NONE));
	TRY(act_right(c, RIGHT_STAGE, row.id, ID_ZERO, STAGE_QUEUE));
	if (!id_is_zero(row.assignee))
		TRY(act_right(c, RIGHT_UNASSIGN, row.id, row.assignee, 0));
	row.assignee = ID_ZERO;
	row.due_hour = clock_by_risk(c->now, record_text(head, REPORT_risk), head_child(head));
	TRY(act_event(c, row.id, "reopened", in->text));
	return row_save(c, &row);
}

enum status report_reopen(struct ctx *c, const struct report_reopen *in)
{
	return once_do(c, "report.reopen", reopen_in, in, in->act.key);
}

/* --- keeping away ----------------------------------------------------------------------------------------------------------- */

static enum status block_in(struct ctx *c, const void *arg)
{
	const struct report_block *in = arg;
	struct report_row row;
	struct record *head;
	struct organisation o;
	struct sv before;

	TRY(act_begin(c, &in->act, &row, &head));
	if (organisation_load(c, in->organisation, &o) != OK || id_equal(in->organisation, row.organisation))
		return ctx_input(c, "organisation", "error.code", 0);
	before = record_text(head, REPORT_excluded);
	if (!among(before, in->organisation))
		record_set_text(head, REPORT_excluded, ids_add(c, before, in->organisation));
	TRY(record_save(c, head));
	TRY(change_right(c, (struct right_change){ .what = RIGHT_BLOCK, .dossier = row.id, .organisation = in->organisation }));
	if (id_equal(row.fallback, in->organisation))
		row.fallback = ID_ZERO;
	TRY(message_put(c, row.id, &(struct said){ .kind = MESSAGE_EVENT, .step = "blocked", .about = in->organisation }));
	return row_save(c, &row);
}

enum status report_block(struct ctx *c, const struct report_block *in)
{
	return once_do(c, "report.block", block_in, in, in->act.key);
}
