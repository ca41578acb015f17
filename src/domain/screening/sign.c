/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reading: the packet as its reader sees it, and what he says. He signs over the very bytes the first person signed, or sends
 * it back with a reason; either way the person stays protected. Silence changes nothing: an hour that passed is a line in the team's list. */
#include "domain/screening/room.h"

#include "domain/casefile/casefile.h"
#include "domain/statistics/statistics.h"
#include "record/once.h"

/* --- reading ----------------------------------------------------------------------------------------------------------------- */

static bool asked(const struct ctx *c, const struct decision_row *d)
{
	if (!id_is_zero(d->reviewer))
		return id_equal(d->reviewer, c->who->user);
	return ctx_can(c, ROLE_SUPERVISOR) && id_equal(d->organisation, c->who->organisation);
}

static void packet_of(const struct record *r, struct screening_view *out)
{
	*out = (struct screening_view){
		.id = screening_id(record_text(r, DECISION_screening)),
		.dossier = r->dossier,
		.finished = true,
		.grid = grid_of(record_text(r, DECISION_grid)),
		.second = grid_of(record_text(r, DECISION_second_grid)),
		.grid_version = record_text(r, DECISION_grid_version),
		.minor = record_text(r, DECISION_minor),
		.act = record_text(r, DECISION_act),
		.age_basis = record_text(r, DECISION_age_basis),
		.act_source = record_text(r, DECISION_act_source),
	};
	(void)answers_read(record_text(r, DECISION_answers), &out->answers);
	(void)answers_read(record_text(r, DECISION_second_answers), &out->lit);
}

static void view_of(const struct ctx *c, const struct decision_row *row, const struct record *r, struct decision_view *out)
{
	*out = (struct decision_view){
		.row = *row,
		.comparison = record_text(r, DECISION_comparison),
		.reason = record_text(r, DECISION_reason),
		.basis = record_text(r, DECISION_basis),
		.denunciation = record_text(r, DECISION_denunciation),
		.advice = record_text(r, DECISION_advice),
		.told_how = record_text(r, DECISION_told_how),
		.told_at = record_number(r, DECISION_told_at),
		.at = record_number(r, DECISION_at),
		.author = screening_id(record_text(r, DECISION_author)),
	};
	packet_of(r, &out->screening);
	out->may_sign = row->state == DECISION_PROVISIONAL && asked(c, row) && !id_equal(out->author, c->who->user);
}

/* The row is clear: whoever writes the database could say signed. It is believed with the signature only. */
static void believe(struct decision_view *d)
{
	if ((d->row.state == DECISION_SIGNED && !sv_is(d->signature.verdict, "agree")) ||
	    (d->row.state == DECISION_SENT_BACK && !sv_is(d->signature.verdict, "back")))
		d->row.state = DECISION_PROVISIONAL;
}

/* The newest signature over each; a lent reader opens none but his own packet. */
static enum status signatures_of(struct ctx *c, struct id file, struct decision_view *all, size_t n)
{
	struct record *records;
	size_t count;

	TRY(record_load_dossier(c, &signature_type, file, &records, &count));
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < n; i++)
			if (id_equal(screening_id(record_text(&records[k], SIGNATURE_object)), all[i].row.id))
				all[i].signature = (struct signature_view){
					.verdict = record_text(&records[k], SIGNATURE_verdict),
					.reason = record_text(&records[k], SIGNATURE_reason),
					.author = screening_id(record_text(&records[k], SIGNATURE_author)),
					.at = record_number(&records[k], SIGNATURE_at),
				};
	for (size_t i = 0; i < n; i++)
		believe(&all[i]);
	return OK;
}

enum status decision_list(struct ctx *c, struct id file, struct decision_view **out, size_t *n)
{
	const struct value key = v_id(&file);
	struct decision_row *rows;
	struct record *records;
	size_t row_count, count;

	TRY(decision_rows(c, QUERY_SCREENING_DECISIONS, &key, 1, &rows, &row_count));
	TRY(record_load_dossier(c, &decision_type, file, &records, &count));
	*out = ARENA_ARRAY(c->arena, struct decision_view, row_count);
	*n = 0;
	for (size_t i = 0; i < row_count; i++)
		for (size_t k = 0; k < count; k++)
			if (id_equal(rows[i].id, records[k].id))
				view_of(c, &rows[i], &records[k], &(*out)[(*n)++]);
	return *n == 0 ? OK : signatures_of(c, file, *out, *n);
}

enum status decision_load(struct ctx *c, struct id decision, struct decision_view *out)
{
	struct decision_row row;
	struct record *r;

	TRY(decision_row_load(c, decision, &row));
	TRY(record_load(c, &decision_type, decision, &r));
	view_of(c, &row, r, out);
	if (!id_equal(row.organisation, c->who->organisation))
		return OK;
	return signatures_of(c, row.dossier, out, 1);
}

/* --- signing ----------------------------------------------------------------------------------------------------------------- */

static enum status enter_verdict(struct ctx *c, const struct second_reading *in, struct record *r)
{
	enum status verdict = record_enter(c, r, SIGNATURE_verdict, in->verdict), reason = OK;
	bool back = sv_is(record_text(r, SIGNATURE_verdict), "back");

	if (verdict == OK && back && sv_trim(in->reason).n == 0)
		reason = ctx_input(c, "reason", "error.required", 0);
	else
		reason = record_enter(c, r, SIGNATURE_reason, in->reason);
	TRY(verdict);
	return reason;
}

/* What the file's own people are told; a lent reader writes nothing into it but his signature. */
static enum status tell(struct ctx *c, const struct decision_row *d, const char *step)
{
	return id_equal(d->organisation, c->who->organisation) ? case_event(c, d->dossier, step, SV_NONE, SV_NONE) : OK;
}

static enum status agreed(struct ctx *c, struct decision_row *d, const struct record *decision)
{
	TRY(record_sign(c, decision, EXPLOIT, SIGN_SECOND));
	d->state = DECISION_SIGNED;
	TRY(tell(c, d, "presumption_signed"));
	return stat_emit(c, &(struct stat_event){ .code = STAT_PRESUMPTION_SIGNED,
						  .at = c->now,
						  .count_id = record_text(decision, DECISION_count_id),
						  .child = record_text(decision, DECISION_minor),
						  .organisation = d->organisation });
}

static enum status sent_back(struct ctx *c, struct decision_row *d, const struct record *decision)
{
	d->state = DECISION_SENT_BACK;
	return task_add(c, &(struct task_new){ .type = "return_presumption",
					       .dossier = d->dossier,
					       .assignee = screening_id(record_text(decision, DECISION_author)) });
}

static enum status sign_begin(struct ctx *c, const struct second_reading *in, struct decision_row *d, struct record **decision)
{
	TRY(decision_row_load(c, in->decision, d));
	TRY(record_load(c, &decision_type, in->decision, decision));
	if (!asked(c, d) || id_equal(screening_id(record_text(*decision, DECISION_author)), c->who->user))
		return ERR(c, E_DENIED, "somebody else reads it");
	if (d->version != in->version)
		return ERR(c, E_STALE, "the decision changed since it was shown");
	if (d->state != DECISION_PROVISIONAL)
		return ERR(c, E_STATE, "the decision waits for no reader");
	return OK;
}

static enum status sign_in(struct ctx *c, const void *arg)
{
	const struct second_reading *in = arg;
	struct record *decision, *r;
	struct decision_row d;

	TRY(sign_begin(c, in, &d, &decision));
	r = record_new(c, &signature_type, d.dossier);
	record_set_text(r, SIGNATURE_object, screening_hex(c, d.id));
	record_set_text(r, SIGNATURE_author, screening_hex(c, c->who->user));
	record_set_number(r, SIGNATURE_at, c->now);
	TRY(enter_verdict(c, in, r));
	TRY(record_save_signature(c, r, d.id));
	if (sv_is(record_text(r, SIGNATURE_verdict), "agree"))
		TRY(agreed(c, &d, decision));
	else
		TRY(sent_back(c, &d, decision));
	d.due_hour = 0;
	TRY(decision_row_save(c, &d));
	return task_done(c, d.dossier, "sign_presumption");
}

enum status presumption_sign(struct ctx *c, const struct second_reading *in)
{
	return once_do(c, "presumption.sign", sign_in, in, in->key);
}
