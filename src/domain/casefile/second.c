/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a file two people sign: its closing, and a basis that is no consent. Each is a sealed text under a key of its own, signed first by who
 * wrote it. The second person signs those very bytes or sends them back with a word. A basis is in force from the first signature, and silence
 * changes nothing; a file is closed by the second alone. Where the house has nobody else who signs, somebody of another one is let in to that
 * text for a day. */
#include "domain/casefile/act.h"

#include "base/clock.h"

/* --- beginning ---------------------------------------------------------------------------------------------------------------- */

static const char *task_of_kind(enum decision_kind k)
{
	return k == DECISION_BASIS ? "sign_basis" : "sign_closing";
}

static enum class class_of_kind(enum decision_kind k) { return k == DECISION_BASIS ? CONSENT : EXPLOIT; }

/* A house without a second signer: who has the file is reminded until somebody has signed. */
static enum status remind(struct ctx *c, const struct decision_row *d, struct id assignee)
{
	struct second_reader *readers;
	size_t n;
	bool own;

	TRY(reader_choices(c, &own, &readers, &n));
	return task_add(c, &(struct task_new){ .type = task_of_kind(d->kind),
					       .dossier = d->dossier,
					       .assignee = own ? ID_ZERO : assignee,
					       .due = d->due_hour });
}

enum status second_wanted(struct ctx *c, struct record *r, enum decision_kind kind, int64_t due, struct id assignee)
{
	const struct decision_row d = { .id = r->id,
					.dossier = r->dossier,
					.organisation = c->who->organisation,
					.kind = kind,
					.state = DECISION_PROVISIONAL,
					.due_hour = round_up(due, HOUR_MS) };

	TRY(signing_first(c, r, class_of_kind(kind)));
	TRY(decision_row_add(c, &d));
	return remind(c, &d, assignee);
}

enum status second_dropped(struct ctx *c, struct id record)
{
	struct decision_row d;

	TRY(decision_row_load(c, record, &d));
	d.state = DECISION_RETURNED;
	d.due_hour = 0;
	return decision_row_save(c, &d);
}

/* --- as the second reader sees it ------------------------------------------------------------------------------------------------ */

static enum status packet_record(struct ctx *c, const struct decision_row *d, struct record **r)
{
	if (d->kind != DECISION_BASIS && d->kind != DECISION_CLOSING)
		return ERR(c, E_NOTFOUND, "another page shows it");
	return record_load(c, d->kind == DECISION_BASIS ? &basis_type : &closing_type, d->id, r);
}

static enum status packet_read(struct ctx *c, const struct record *r, struct case_packet *out)
{
	struct decision_row *d = &out->row;
	bool own = id_equal(d->organisation, c->who->organisation);
	enum class class = class_of_kind(d->kind);
	struct signing s;

	d->dossier = r->dossier;
	TRY(signing_load(c, r->dossier, own, &s));
	out->first = signing_by(&s, r, class, SIGN_FIRST);
	out->second = signing_second(&s, r, class);
	d->state = signing_state(d, &out->second);
	out->may_sign = d->state == DECISION_PROVISIONAL && signing_asked(c, d) && !id_is_zero(out->first.user) &&
			!id_equal(out->first.user, c->who->user);
	out->may_ask = own && d->state == DECISION_PROVISIONAL && case_writes(c, class) && ctx_can(c, ROLE_CASE_MANAGER);
	return OK;
}

static enum status packet_load(struct ctx *c, struct id id, struct case_packet *out, struct record **r)
{
	*out = (struct case_packet){ .may_sign = false };
	TRY(decision_row_load(c, id, &out->row));
	TRY(packet_record(c, &out->row, r));
	TRY(packet_read(c, *r, out));
	if (out->row.kind == DECISION_BASIS) {
		sheet_read(c, *r, &out->basis);
		return OK;
	}
	out->closure = record_text(*r, CLOSING_closure);
	out->why = record_text(*r, CLOSING_closure_why);
	return OK;
}

enum status case_packet_load(struct ctx *c, struct id id, struct case_packet *out)
{
	struct record *r;

	return packet_load(c, id, out, &r);
}

/* --- the second signature ----------------------------------------------------------------------------------------------------------- */

/* What the file's own people are told; a lent reader writes nothing into it but his signature. */
static enum status tell(struct ctx *c, const struct decision_row *d, const char *step, struct sv detail, struct sv text)
{
	return id_equal(d->organisation, c->who->organisation) ? case_event(c, d->dossier, step, detail, text) : OK;
}

/* Another basis of the file may wait for its own signature: then the task stays. */
static enum status basis_signed_off(struct ctx *c, const struct decision_row *d)
{
	struct decision_row *rows;
	size_t n;

	TRY(decision_rows_of(c, d->dossier, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].kind == DECISION_BASIS && rows[i].state == DECISION_PROVISIONAL && !id_equal(rows[i].id, d->id))
			return OK;
	return task_done(c, d->dossier, "sign_basis");
}

static enum status basis_said(struct ctx *c, struct case_row *row, const struct case_packet *p, bool agrees, struct sv reason)
{
	TRY(basis_signed_off(c, &p->row));
	if (!agrees)
		TRY(task_add(c, &(struct task_new){ .type = "basis_back", .dossier = row->id, .assignee = row->assignee }));
	return tell(c, &p->row, agrees ? "basis_signed" : "basis_back", SV_NONE, agrees ? SV_NONE : reason);
}

static enum status closing_said(struct ctx *c, struct case_row *row, const struct case_packet *p, bool agrees, struct sv reason)
{
	if (agrees) {
		TRY(case_state_set_two(c, row, CASE_CLOSED));
		TRY(task_drop(c, row->id));
		return tell(c, &p->row, "closed", p->closure, SV_NONE);
	}
	TRY(task_done(c, row->id, "sign_closing"));
	TRY(task_add(c, &(struct task_new){ .type = "closing_back", .dossier = row->id, .assignee = row->assignee }));
	return tell(c, &p->row, "close_back", SV_NONE, reason);
}

enum status second_say(struct ctx *c, struct case_row *row, struct id id, const uint32_t *version, const struct second_said *said)
{
	struct case_packet p;
	struct record *r;
	bool agrees;

	TRY(packet_load(c, id, &p, &r));
	if (!signing_asked(c, &p.row) || id_equal(p.first.user, c->who->user))
		return ERR(c, E_DENIED, "a second person signs");
	if (version != NULL && p.row.version != *version)
		return ERR(c, E_STALE, "it changed since it was shown");
	if (!p.may_sign)
		return ERR(c, E_STATE, "it waits for no signature");
	if (row->version == 0)
		TRY(case_row_load(c, p.row.dossier, row));
	else if (!id_equal(row->id, p.row.dossier))
		return ERR(c, E_STATE, "it is another file's");
	TRY(signing_say(c, r, class_of_kind(p.row.kind), said, &agrees));
	p.row.state = agrees ? DECISION_SIGNED : DECISION_SENT_BACK;
	p.row.due_hour = 0;
	TRY(decision_row_save(c, &p.row));
	if (p.row.kind == DECISION_BASIS)
		TRY(basis_said(c, row, &p, agrees, said->reason));
	else
		TRY(closing_said(c, row, &p, agrees, said->reason));
	return case_row_save(c, row);
}

static enum status say_in(struct ctx *c, const void *arg)
{
	const struct case_say *in = arg;
	const struct second_said said = { in->verdict, in->reason };
	struct case_row row = { .version = 0 };

	return second_say(c, &row, in->packet, &in->version, &said);
}

enum status case_say(struct ctx *c, const struct case_say *in)
{
	return once_do(c, "case.say", say_in, in, in->key);
}

/* --- who is asked --------------------------------------------------------------------------------------------------------------------- */

static enum status ask_in(struct ctx *c, const void *arg)
{
	const struct case_ask *in = arg;
	struct case_packet p;
	struct case_row row;
	struct record *r;

	TRY(packet_load(c, in->packet, &p, &r));
	if (!p.may_ask)
		return ERR(c, p.row.state == DECISION_PROVISIONAL ? E_DENIED : E_STATE, "nobody is asked now");
	if (p.row.version != in->version)
		return ERR(c, E_STALE, "it changed since it was shown");
	TRY(case_row_load(c, p.row.dossier, &row));
	TRY(reader_ask(c, r, class_of_kind(p.row.kind), in->reviewer, &p.row.reviewer));
	TRY(decision_row_save(c, &p.row));
	return remind(c, &p.row, row.assignee);
}

enum status case_ask(struct ctx *c, const struct case_ask *in)
{
	return once_do(c, "case.ask", ask_in, in, in->key);
}
