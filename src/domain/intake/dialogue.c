/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talking: the desk answers, writes notes, makes a code; the reporter reads the last answer and writes again. An answer is
 * sealed under a key of its own, wrapped to the reporter; the keeper ends the older one's. What the reporter sees is this
 * answer and its state, nothing else: no act on the report changes it. */
#include "domain/intake/act.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

/* One more message on the row; a clock given starts where none runs. */
static enum status row_message(struct ctx *c, struct id report, int64_t due, bool open)
{
	struct value args[] = { v_id(&report), due == 0 ? v_null() : v_int(due), v_int(open) };

	return change_write(c, QUERY_INTAKE_REPORT_MESSAGE, args, 3, 1, E_NOTFOUND);
}

static enum status text_required(struct ctx *c, const char *field, struct sv text)
{
	return sv_trim(text).n == 0 ? ctx_input(c, field, "error.required", 0) : OK;
}

/* --- the desk --------------------------------------------------------------------------------------------------------------- */

enum status answer_put(struct ctx *c, struct id report, struct sv answer, struct sv shown_state)
{
	struct record *r = record_new(c, &message_type, report);
	enum status text = OK, state = OK;

	record_set_number(r, MESSAGE_answered_at, c->now);
	if (may_write(c, REPORT) && answer.n > 0) {
		record_set_text(r, MESSAGE_kind, message_kind_code(MESSAGE_ANSWER));
		record_set_number(r, MESSAGE_at, c->now);
		record_set_text(r, MESSAGE_author, ids_text(c, &c->who->user, 1));
	}
	text = record_enter(c, r, MESSAGE_answer, answer);
	if (shown_state.n == 0)
		state = ctx_input(c, "shown_state", "error.required", 0);
	else
		state = record_enter(c, r, MESSAGE_shown_state, shown_state);
	TRY(text);
	TRY(state);
	return record_save_fresh(c, r);
}

/* Going back in the browser brings the page anew with the words that were sent still in their box. What the same member said last, in the
 * same words and a moment ago, is not said again. */
#define MOMENT_MS (10 * MINUTE_MS)
struct last {
	struct sv note, answer, shown_state;
};

static void last_read(struct ctx *c, const struct record *r, struct last *out)
{
	bool team = record_has(r, MESSAGE_team_kind), answer = record_has(r, MESSAGE_shown_state);
	struct sv kind = record_text(r, team ? MESSAGE_team_kind : MESSAGE_kind);
	int64_t at = record_number(r, answer ? MESSAGE_answered_at : team ? MESSAGE_team_at : MESSAGE_at);
	bool fresh = at <= c->now && c->now - at < MOMENT_MS;
	bool mine = sv_equal(record_text(r, team ? MESSAGE_team_author : MESSAGE_author), ids_text(c, &c->who->user, 1));

	if (answer) {
		out->answer = fresh ? record_text(r, MESSAGE_answer) : SV_NONE;
		out->shown_state = record_text(r, MESSAGE_shown_state);
	} else if (sv_is(kind, "note")) {
		out->note = fresh && mine ? record_text(r, team ? MESSAGE_team_text : MESSAGE_text) : SV_NONE;
	} else if (sv_is(kind, "reply")) {
		out->answer = SV_NONE; /* the reporter came in between: the same words are new words */
	}
}

static enum status last_said(struct ctx *c, struct id report, struct last *out)
{
	struct record *records;
	size_t n;

	*out = (struct last){ .note = SV_NONE };
	TRY(record_load_dossier(c, &message_type, report, &records, &n));
	for (size_t i = 0; i < n; i++)
		last_read(c, &records[i], out);
	return OK;
}

/* Is this what was said, as it would be stored? */
static bool same_words(struct ctx *c, struct sv typed, struct sv said)
{
	struct record *r = record_new(c, &message_type, ID_ZERO);

	return said.n > 0 && utf8_count(typed) <= utf8_count(said) + 64 && record_enter(c, r, MESSAGE_text, typed) == OK &&
	       sv_equal(record_text(r, MESSAGE_text), said);
}

static enum status answer_in(struct ctx *c, const void *arg)
{
	const struct report_answer *in = arg;
	struct report_row row;
	struct record *head;
	struct last last;
	enum status given;

	TRY(act_begin(c, &in->act, &row, &head));
	if (!may_write(c, DIALOG))
		return ERR(c, E_DENIED, "this role answers nobody");
	if (!sv_is(record_text(head, REPORT_has_code), "yes"))
		return ERR(c, E_STATE, "the reporter has no code: an answer would reach nobody");
	given = text_required(c, "answer", in->answer);
	TRY(last_said(c, row.id, &last));
	if (sv_equal(last.shown_state, in->shown_state) && same_words(c, in->answer, last.answer))
		return OK;
	TRY(answer_put(c, row.id, in->answer, in->shown_state));
	TRY(given);
	row.messages++;
	if (state_ended(row.state)) { /* the reporter had written again: that is done now */
		row.open = false;
		row.due_hour = 0;
	}
	return row_save(c, &row);
}

enum status report_answer(struct ctx *c, const struct report_answer *in)
{
	return once_do(c, "report.answer", answer_in, in, in->act.key);
}

static enum status note_in(struct ctx *c, const void *arg)
{
	const struct report_note *in = arg;
	struct report_row row;
	struct last last;

	TRY(text_required(c, "text", in->text));
	TRY(row_load(c, in->act.report, &row));
	TRY(last_said(c, row.id, &last));
	if (same_words(c, in->text, last.note))
		return ERR(c, E_CONFLICT, "the same words were noted a moment ago: they stand once");
	TRY(message_put(c, row.id, &(struct said){ .kind = MESSAGE_NOTE, .text = in->text }));
	return row_message(c, row.id, 0, false);
}

enum status report_note(struct ctx *c, const struct report_note *in)
{
	return once_do(c, "report.note", note_in, in, in->act.key);
}

static enum status new_code_in(struct ctx *c, const void *arg)
{
	const struct report_act *in = arg;
	struct report_row row;
	struct record *head;

	TRY(act_begin(c, in, &row, &head));
	if (sv_is(record_text(head, REPORT_has_code), "yes"))
		return ERR(c, E_STATE, "the report has a code already");
	record_set_text(head, REPORT_has_code, SV("yes"));
	TRY(record_save(c, head));
	TRY(change_keys(c, row.id));
	TRY(act_right(c, RIGHT_NEW_CODE, row.id, ID_ZERO, 0));
	TRY(act_event(c, row.id, "code_made", SV_NONE));
	return row_save(c, &row);
}

enum status report_new_code(struct ctx *c, const struct report_act *in, char code[21])
{
	struct once key = { .key = in->key, .result = SV("done") };
	const char *made;

	memset(code, 0, 21);
	TRY(once_run(c, "report.code", new_code_in, in, &key));
	made = key.repeated ? NULL : record_new_code(c);
	if (key.repeated)
		return ERR(c, E_CONFLICT, "the code was shown once and cannot be shown again");
	if (made == NULL || strlen(made) != 20)
		return ERR(c, E_BUG, "the keeper made no code");
	memcpy(code, made, 20);
	c->changes = NULL; /* the set has served: nobody asks it for the code again */
	return OK;
}

/* --- the reporter ----------------------------------------------------------------------------------------------------------- */

enum status mailbox_load(struct ctx *c, struct mailbox *out)
{
	struct record *records;
	size_t n;

	*out = (struct mailbox){ .shown_state = SV("received") };
	if (c->who->kind != ACTOR_REPORTER)
		return ERR(c, E_DENIED, "a mailbox opens by its code");
	TRY(record_load_dossier(c, &message_type, c->who->dossier, &records, &n));
	for (size_t i = 0; i < n; i++) {
		if (!record_has(&records[i], MESSAGE_shown_state))
			continue;
		out->shown_state = record_text(&records[i], MESSAGE_shown_state);
		out->answer = record_text(&records[i], MESSAGE_answer);
		out->answered_at = record_number(&records[i], MESSAGE_answered_at);
	}
	return OK;
}

/* New information: a report that has ended is something to do again, and a look at it is due. */
static enum status reply_in(struct ctx *c, const void *arg)
{
	const struct mailbox_reply *in = arg;

	TRY(text_required(c, "text", in->text));
	TRY(message_put(c, c->who->dossier, &(struct said){ .kind = MESSAGE_REPLY, .text = in->text }));
	return row_message(c, c->who->dossier, clock_first_look(c->now, false, false), true);
}

enum status mailbox_reply(struct ctx *c, const struct mailbox_reply *in)
{
	if (c->who->kind != ACTOR_REPORTER)
		return ERR(c, E_DENIED, "a mailbox opens by its code");
	return once_do(c, "mailbox.reply", reply_in, in, in->key);
}
