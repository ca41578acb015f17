/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second reading: the packet as its reader sees it, and what he says. He signs over the very bytes the first person signed, or sends
 * it back with a reason; either way the person stays protected. Silence changes nothing: an hour that passed is a line in the team's list. */
#include "domain/screening/room.h"

#include "domain/casefile/casefile.h"
#include "domain/statistics/statistics.h"
#include "record/once.h"

/* --- reading ----------------------------------------------------------------------------------------------------------------- */

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

static void view_of(const struct ctx *c, const struct signing *s, const struct decision_row *row, const struct record *r,
		    struct decision_view *out)
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
		.first = signing_by(s, r, EXPLOIT, SIGN_FIRST),
		.second = signing_second(s, r, EXPLOIT),
	};
	out->row.kind = decision_kind_of(record_text(r, DECISION_kind));
	out->row.state = signing_state(&out->row, &out->second);
	packet_of(r, &out->screening);
	out->may_sign = out->row.state == DECISION_PROVISIONAL && signing_asked(c, row) && !id_is_zero(out->first.user) &&
			!id_equal(out->first.user, c->who->user);
}

/* The row is clear: whoever writes the database could say that a presumption was taken back. That is a decision of its own, signed by
 * somebody else than who sent it back. */
static bool returned(const struct signing *s, const struct decision_view *d, const struct record *records, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct signed_by by = signing_by(s, &records[i], EXPLOIT, SIGN_FIRST);

		if (sv_equal(record_text(&records[i], DECISION_kind), decision_kind_word(DECISION_RETURN)) &&
		    id_equal(screening_id(record_text(&records[i], DECISION_about)), d->row.id) && !id_is_zero(by.user) &&
		    !id_equal(by.user, d->second.by.user))
			return true;
	}
	return false;
}

static void believe(const struct signing *s, struct decision_view *d, const struct record *records, size_t n)
{
	if (d->row.state != DECISION_RETURNED || returned(s, d, records, n))
		return;
	d->row.state = DECISION_SENT_BACK;
	d->row.state = signing_state(&d->row, &d->second);
}

enum status decision_list(struct ctx *c, struct id file, struct decision_view **out, size_t *n)
{
	struct decision_row *rows;
	struct record *records;
	struct signing s;
	size_t row_count, count;

	*n = 0;
	TRY(decision_rows_of(c, file, &rows, &row_count));
	TRY(record_load_dossier(c, &decision_type, file, &records, &count));
	*out = ARENA_ARRAY(c->arena, struct decision_view, row_count);
	if (count == 0)
		return OK;
	TRY(signing_load(c, file, true, &s));
	for (size_t i = 0; i < row_count; i++)
		for (size_t k = 0; k < count; k++)
			if (id_equal(rows[i].id, records[k].id))
				view_of(c, &s, &rows[i], &records[k], &(*out)[(*n)++]);
	for (size_t i = 0; i < *n; i++)
		believe(&s, &(*out)[i], records, count);
	return OK;
}

/* A lent reader opens none but his own packet. */
enum status decision_load(struct ctx *c, struct id decision, struct decision_view *out)
{
	struct record *r, *all;
	struct decision_row row;
	struct signing s;
	size_t n;
	bool own;

	TRY(decision_row_load(c, decision, &row));
	own = id_equal(row.organisation, c->who->organisation);
	TRY(record_load(c, &decision_type, decision, &r));
	TRY(signing_load(c, r->dossier, own, &s));
	view_of(c, &s, &row, r, out);
	if (!own || row.state != DECISION_RETURNED)
		return OK;
	TRY(record_load_dossier(c, &decision_type, r->dossier, &all, &n));
	believe(&s, out, all, n);
	return OK;
}

/* --- signing ----------------------------------------------------------------------------------------------------------------- */

/* What the file's own people are told; a lent reader writes nothing into it but his signature. */
static enum status tell(struct ctx *c, const struct decision_row *d, const char *step)
{
	return id_equal(d->organisation, c->who->organisation) ? case_event(c, d->dossier, step, SV_NONE, SV_NONE) : OK;
}

static enum status agreed(struct ctx *c, struct decision_row *d, const struct record *decision)
{
	d->state = DECISION_SIGNED;
	TRY(tell(c, d, "presumption_signed"));
	return stat_emit(c, &(struct stat_event){ .code = STAT_PRESUMPTION_SIGNED,
						  .at = c->now,
						  .count_id = record_text(decision, DECISION_count_id),
						  .child = record_text(decision, DECISION_minor),
						  .organisation = d->organisation });
}

static enum status sent_back(struct ctx *c, struct decision_row *d, struct id author)
{
	d->state = DECISION_SENT_BACK;
	return task_add(c, &(struct task_new){ .type = "return_presumption", .dossier = d->dossier, .assignee = author });
}

static enum status sign_begin(struct ctx *c, const struct second_reading *in, struct decision_row *d, struct record **decision,
			      struct signed_by *first)
{
	struct signing s;

	TRY(decision_row_load(c, in->decision, d));
	TRY(record_load(c, &decision_type, in->decision, decision));
	TRY(signing_load(c, (*decision)->dossier, false, &s));
	*first = signing_by(&s, *decision, EXPLOIT, SIGN_FIRST);
	if (!signing_asked(c, d) || id_equal(first->user, c->who->user))
		return ERR(c, E_DENIED, "somebody else reads it");
	if (id_is_zero(first->user))
		return ERR(c, E_STATE, "what it says now is signed by nobody");
	if (d->version != in->version)
		return ERR(c, E_STALE, "the decision changed since it was shown");
	if (d->state != DECISION_PROVISIONAL)
		return ERR(c, E_STATE, "the decision waits for no reader");
	return OK;
}

static enum status sign_in(struct ctx *c, const void *arg)
{
	const struct second_reading *in = arg;
	const struct second_said said = { in->verdict, in->reason };
	struct record *decision;
	struct signed_by first;
	struct decision_row d;
	bool agrees;

	TRY(sign_begin(c, in, &d, &decision, &first));
	TRY(signing_say(c, decision, EXPLOIT, &said, &agrees));
	if (agrees)
		TRY(agreed(c, &d, decision));
	else
		TRY(sent_back(c, &d, first.user));
	d.due_hour = 0;
	TRY(decision_row_save(c, &d));
	return task_done(c, d.dossier, "sign_presumption");
}

enum status presumption_sign(struct ctx *c, const struct second_reading *in)
{
	return once_do(c, "presumption.sign", sign_in, in, in->key);
}
