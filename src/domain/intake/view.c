/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One report as its page shows it: head, safe contact, what was said, files, changes, and which acts are possible now. What may
 * not be done is not offered; the page says why where the reason is the reporter's own wish. */
#include "domain/intake/act.h"

#include "policy/policy.h"

/* --- safe contact ----------------------------------------------------------------------------------------------------------- */

static enum call_rule call_rule(const struct report_facts *f)
{
	if (f->contact_way.n == 0)
		return CALL_NOT_ASKED;
	if (sv_is(f->contact_way, "none"))
		return CALL_REFUSED;
	if (sv_is(f->contact_way, "mailbox"))
		return CALL_MAILBOX_ONLY;
	if (!sv_is(f->contact_way, "phone"))
		return CALL_OTHER_WAY;
	return f->contact_phone.n > 0 ? CALL_ALLOWED : CALL_NO_NUMBER;
}

static void safe_contact(const struct report_facts *f, struct safe_contact *out)
{
	out->call = call_rule(f);
	out->may_call = out->call == CALL_ALLOWED;
	out->may_leave_message = out->may_call && sv_is(f->contact_message_ok, "yes");
	out->way = f->contact_way;
	out->hours = f->contact_hours;
	out->word = f->contact_word;
	out->details = out->call == CALL_OTHER_WAY ? f->contact_details : SV_NONE;
	out->phone = out->may_call || sv_is(f->contact_way, "messaging") ? f->contact_phone : SV_NONE;
}

/* --- acts ------------------------------------------------------------------------------------------------------------------- */

static void may_read(const struct ctx *c, const struct report_head *h, struct report_may *may)
{
	uint32_t roles = c->who->roles;
	bool first = h->state == STATE_NEW || h->state == STATE_TRIAGE, ended = state_ended(h->state);
	bool writes = may_write(c, REPORT) && (first || ctx_can(c, ROLE_DESK)); /* an operator's pen reaches the queue only */
	bool decides = ctx_can(c, ROLE_DESK);

	may->triage = writes && !ended;
	may->edit = writes && !ended;
	may->add_file = writes;
	may->take = writes && first && (h->rings || id_is_zero(h->assignee));
	may->assign = state_may(h->state, STATE_ASSIGNED, roles) ? h->state == STATE_TRIAGE : decides && h->state == STATE_ASSIGNED;
	may->redirect = state_may(h->state, STATE_REDIRECTED, roles);
	may->wait = state_may(h->state, STATE_WAITING, roles);
	may->resume = h->state == STATE_WAITING && state_may(STATE_WAITING, STATE_ASSIGNED, roles);
	may->close = !ended && state_may(h->state, STATE_CLOSED, roles);
	may->reopen = h->state == STATE_CLOSED && state_may(STATE_CLOSED, STATE_TRIAGE, roles);
	may->note = writes || (!may_write(c, REPORT) && may_write(c, THREAD));
	may->answer = may_write(c, DIALOG) && (first || decides || ctx_can(c, ROLE_CASE_MANAGER)) && h->has_code;
	may->answer_needs_code = may_write(c, DIALOG) && !h->has_code;
	may->new_code = writes && !h->has_code;
	may->block = writes;
	may->open_file = report_may_link(c, h);
	may->lock = !h->locked && policy_may(roles, REPORT, OP_READ);
}

/* --- what was said ---------------------------------------------------------------------------------------------------------- */

static struct sv login_of(struct ctx *c, struct sv hex)
{
	struct id id;

	return id_parse(hex, &id) ? member_login(c, id) : SV("");
}

/* An event is about a member or an organisation; ids of both are random, so one lookup or the other answers. */
static struct sv about_name(struct ctx *c, struct sv hex)
{
	struct error before = c->error;
	struct organisation o;
	struct sv login;
	struct id id;

	if (!id_parse(hex, &id))
		return SV_NONE;
	login = member_login(c, id);
	if (login.n > 0)
		return login;
	if (organisation_load(c, id, &o) == OK)
		return o.name;
	c->error = before;
	return SV_NONE;
}

static void message_for_desk(struct ctx *c, const struct record *r, struct report_message *out)
{
	out->kind = message_kind_parse(record_text(r, MESSAGE_kind));
	out->at = record_number(r, MESSAGE_at);
	out->by = login_of(c, record_text(r, MESSAGE_author));
	out->text = record_text(r, MESSAGE_text);
	out->step = record_text(r, MESSAGE_step);
	out->closure = record_text(r, MESSAGE_closure);
	out->risk = record_text(r, MESSAGE_risk);
	out->about = about_name(c, record_text(r, MESSAGE_about));
}

static void message_for_team(struct ctx *c, const struct record *r, struct report_message *out)
{
	out->audience = AUDIENCE_TEAM;
	out->kind = message_kind_parse(record_text(r, MESSAGE_team_kind));
	out->at = record_number(r, MESSAGE_team_at);
	out->by = login_of(c, record_text(r, MESSAGE_team_author));
	out->text = record_text(r, MESSAGE_team_text);
	out->step = record_text(r, MESSAGE_team_step);
	out->closure = record_text(r, MESSAGE_team_closure);
}

static void message_read(struct ctx *c, const struct record *r, struct report_message *out)
{
	out->id = r->id;
	out->audience = AUDIENCE_DESK;
	if (record_has(r, MESSAGE_team_kind))
		message_for_team(c, r, out);
	else
		message_for_desk(c, r, out);
	if (!record_has(r, MESSAGE_shown_state))
		return;
	out->kind = MESSAGE_ANSWER;
	out->audience = AUDIENCE_REPORTER;
	out->text = record_text(r, MESSAGE_answer);
	out->shown_state = record_text(r, MESSAGE_shown_state);
	out->at = record_number(r, MESSAGE_answered_at);
}

static enum status messages_load(struct ctx *c, struct report_view *v)
{
	struct record *records;
	size_t count;

	TRY(record_load_dossier(c, &message_type, v->head.id, &records, &count));
	v->messages = ARENA_ARRAY(c->arena, struct report_message, count);
	for (size_t i = 0; i < count; i++) {
		struct report_message *m = &v->messages[v->messages_n];

		message_read(c, &records[i], m);
		if (m->shown_state.n > 0)
			v->shown_state = m->shown_state;
		if (m->kind == MESSAGE_EVENT && sv_is(m->step, "waiting") && v->head.state == STATE_WAITING)
			v->head.wait_reason = m->text;
		v->messages_n += m->kind != MESSAGE_ANSWER || m->text.n > 0; /* a state without words was left by stripping */
	}
	return OK;
}

static enum status files_load(struct ctx *c, struct report_view *v)
{
	struct record *records;

	TRY(record_load_dossier(c, &file_type, v->head.id, &records, &v->files_n));
	v->files = ARENA_ARRAY(c->arena, struct report_file, v->files_n);
	for (size_t i = 0; i < v->files_n; i++)
		v->files[i] = (struct report_file){
			.id = records[i].id,
			.name = record_text(&records[i], FILE_name),
			.mime = record_text(&records[i], FILE_mime),
			.by = login_of(c, record_text(&records[i], FILE_author)),
			.size = (uint64_t)record_number(&records[i], FILE_size),
			.at = record_number(&records[i], FILE_at),
		};
	return OK;
}

static enum status changes_load(struct ctx *c, const struct record *head, struct report_view *v)
{
	struct change *changes;

	TRY(record_history(c, head, &changes, &v->changes_n));
	v->changes = ARENA_ARRAY(c->arena, struct report_change, v->changes_n);
	for (size_t i = 0; i < v->changes_n; i++) {
		size_t k = field_index(&report_type, changes[i].field);

		v->changes[i] = (struct report_change){
			.at = changes[i].at,
			.by = member_login(c, changes[i].by),
			.field = report_type.fields[k].name,
			.before = changes[i].before,
			.after = changes[i].after,
		};
	}
	return OK;
}

enum status report_load(struct ctx *c, struct id id, struct report_view *out)
{
	struct report_row row;
	struct record *head;

	*out = (struct report_view){ .note_audience = message_audience(c), .shown_state = SV("received") };
	TRY(row_load(c, id, &row));
	TRY(record_load(c, &report_type, id, &head));
	head_read(c, &row, head, &out->head);
	out->head.by = login_of(c, record_text(head, REPORT_author));
	safe_contact(&out->head.facts, &out->contact);
	may_read(c, &out->head, &out->may);
	TRY(messages_load(c, out));
	TRY(files_load(c, out));
	return changes_load(c, head, out);
}
