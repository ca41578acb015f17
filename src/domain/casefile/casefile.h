/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_CASEFILE_CASEFILE_H
#define DOMAIN_CASEFILE_CASEFILE_H

#include "domain/casefile/types.h"
#include "domain/intake/intake.h"
#include "domain/person/person.h"
#include "domain/signing/signing.h"
#include "domain/task/task.h"

/* The file of a person from its opening: on a recorded basis or not at all. A file is one dossier (its id is the file's). Records in
 * it: casefile (5: the head), basis (6), note (9); person and exploitation (domain/person); screening and decisions
 * (domain/screening). Beside it one clear row (table casefile). Every function decides by itself whether the act is possible in the
 * file's state (E_STATE), by this actor (E_DENIED, E_NOTFOUND for a file he may not know of) and with this input (E_INPUT; all
 * wrong fields in c->inputs under the names of the .def files). Results lie in c->arena. */

/* --- states ----------------------------------------------------------------------------------------------------------------- */
/* Of states.csv, entity case; who may change them stands in transitions.csv. */
enum case_state {
	CASE_NONE,
	CASE_OPEN_SCREENING,
	CASE_PRESUMED,
	CASE_RECOVERY,
	CASE_CARE,
	CASE_REINTEGRATION,
	CASE_RETURN,
	CASE_FOLLOW_UP,
	CASE_SUSPENDED,
	CASE_CLOSED,
	CASE_STATE_COUNT
};
struct sv case_state_code(enum case_state s);
enum case_state case_state_parse(struct sv code); /* CASE_NONE when unknown */
const char *case_state_label(enum case_state s, enum language l);
/* Reads the allowed changes (data_dir/codes/transitions.csv): once at start, beside intake_start. */
enum status casefile_start(struct ctx *c, const char *data_dir) MUST_CHECK;
/* May these roles change a file so by themselves; by two people (the second being a supervisor)? */
bool case_may(enum case_state from, enum case_state to, uint32_t roles);
bool case_may_two(enum case_state from, enum case_state to, uint32_t roles);

/* --- the clear row, for rooms whose acts change a file ------------------------------------------------------------------------ */
#define CASE_CODE_SIZE 10 /* "7K3Q-9ZTV" and a zero */
struct case_row {
	struct id id, organisation, assignee;
	char code[CASE_CODE_SIZE];
	enum case_state state;
	int64_t due_hour; /* the clock of the present step; 0 = none runs */
	bool locked;
	uint64_t version;
};
/* What an act on a file carries: the version of what the form showed (the row, or the record the act writes) and the form's key. A
 * key of zeros = no form. */
struct case_act {
	struct id file;
	uint32_t version;
	uint8_t key[16];
};
enum status case_row_load(struct ctx *c, struct id file, struct case_row *out) MUST_CHECK; /* E_NOTFOUND */
/* Inside a run: row and head for a decision on what was shown; E_STALE when the row has another version, E_NOTFOUND when the head
 * does not open. head NULL: the row alone, for an act that brings a part or right of its own. */
enum status case_act_begin(struct ctx *c, const struct case_act *act, struct case_row *row, struct record **head) MUST_CHECK;
/* A change of state the actor may make, with the clock of the new state; E_STATE, E_DENIED. The row is not written yet. */
enum status case_state_set(struct ctx *c, struct case_row *row, enum case_state to) MUST_CHECK;
/* The same for a change that two people sign: the caller has both signatures. */
enum status case_state_set_two(struct ctx *c, struct case_row *row, enum case_state to) MUST_CHECK;
/* Inside a run: write the row back; when it changed since it was loaded the run prepares again. */
enum status case_row_save(struct ctx *c, const struct case_row *row) MUST_CHECK;
/* Inside a run: a line of the timeline that says what was done (case_steps). detail: one line, may be empty. */
enum status case_event(struct ctx *c, struct id file, const char *step, struct sv detail, struct sv text) MUST_CHECK;

/* --- opening ---------------------------------------------------------------------------------------------------------------- */
struct case_open {
	struct id report;           /* zeros: a walk-in without a report */
	uint32_t report_version;    /* as it was shown */
	struct id assignee;         /* zeros: the actor himself, who must be a case manager */
	struct casefile_facts head; /* risk, language, age, working name */
	struct basis_facts basis;
	struct person_facts person;
	struct reach_facts reach;
	struct exploitation_facts exploitation;
	uint8_t key[16];
};
/* Opens a file on a recorded basis; the report goes to `linked`. Whom the reporter excluded cannot get it. */
enum status case_open(struct ctx *c, const struct case_open *in, struct id *file) MUST_CHECK;
/* What the form begins with: what the report says already. Opens the report. */
enum status case_open_from(struct ctx *c, struct id report, struct report_view *view, struct case_open *out) MUST_CHECK;
/* Case managers it can go to, least loaded first. */
enum status case_assign_choices(struct ctx *c, struct assign_choice **out, size_t *n) MUST_CHECK;
/* Link a report to a file that is there, by its number as people write it. E_INPUT on "file_code" for one that may not be known. */
struct case_link {
	struct report_act act;
	struct sv file_code;
};
enum status case_link(struct ctx *c, const struct case_link *in, struct id *file) MUST_CHECK;
/* The file with this number, if the actor may know of it. E_NOTFOUND. */
enum status case_find(struct ctx *c, struct sv code, struct id *file) MUST_CHECK;

/* --- one file as its page shows it -------------------------------------------------------------------------------------------- */
struct case_head {
	struct case_row row;
	uint64_t record_version; /* of the head record: carry it in case_edit */
	uint32_t opened;         /* classes of the head that opened */
	struct casefile_facts facts;
	struct sv name; /* working name, else the number */
	struct sv assignee_login;
	bool child; /* doubt = child */
	int64_t opened_at, risk_review, review_at;
	uint32_t told;      /* how often she told her story */
	struct id closing;  /* asked for, or done: case_packet_load; zeros */
	struct id *reports; /* it came from */
	size_t reports_n;
};
/* Head and row; journalled. E_NOTFOUND also when it may not be known. */
enum status case_load(struct ctx *c, struct id file, struct case_head *out) MUST_CHECK;

struct case_note {
	struct id id;
	int64_t at;
	struct sv by;   /* login */
	struct sv kind; /* note_kinds; "event" for what was done */
	struct sv text, step, detail;
	bool told;
};
enum status case_notes(struct ctx *c, struct id file, struct case_note **out, size_t *n) MUST_CHECK; /* oldest first */
struct case_basis {
	struct id id;
	uint64_t version;
	struct basis_facts facts;
	int64_t at;
	struct sv by;
	bool two; /* no consent: two people sign; what follows is set then. In force whatever its state */
	struct signed_by first;
	struct second_word second;
	enum decision_state state;
	int64_t due_hour; /* of the second signature; 0 = none is waited for */
};
enum status case_basis(struct ctx *c, struct id file, struct case_basis **out, size_t *n) MUST_CHECK;
struct case_change {
	int64_t at;
	struct sv by;
	enum class class;
	const struct field *field;
	struct sv before, after;
};
/* All that changed in head, person and facts, newest first. Opens all of it. */
enum status case_changes(struct ctx *c, struct id file, struct case_change **out, size_t *n) MUST_CHECK;

/* Which acts this actor has now. What is false is not shown. */
struct case_may {
	bool note, edit, identity, contact, facts, alert, risk, suspend, resume, assign, close_ask, close_drop, close_sign, lock,
		basis;
};
void case_may_read(const struct ctx *c, const struct case_head *h, struct case_may *may);

/* --- lists ------------------------------------------------------------------------------------------------------------------ */
struct case_line {
	struct id id;
	struct sv code, name; /* working name, else the number */
	enum case_state state;
	struct sv assignee_login;
	int64_t due_hour;
	bool locked, overdue;
};
enum case_list_kind { CASES_OPEN, CASES_CLOSED };
/* Case manager: his files; supervisor: his team's. By clock. Opens ALERT alone. */
#define CASES_PAGE 50
enum status case_list(struct ctx *c, enum case_list_kind kind, uint32_t page, struct case_line **out, size_t *n,
		      bool *more) MUST_CHECK;
/* Working names (else numbers) of these files, in order, for lists of other rooms; opens ALERT alone. */
enum status case_names(struct ctx *c, const struct id *files, size_t n, struct sv *names) MUST_CHECK;

/* --- acts ------------------------------------------------------------------------------------------------------------------- */
struct case_note_new {
	struct case_act act;
	struct sv note_kind, note, told_story;
	struct sv task; /* type of a task this does; may be empty */
};
enum status case_note_add(struct ctx *c, const struct case_note_new *in) MUST_CHECK; /* never stale */
/* The head's facts of one class: ALERT (working name, alert) or ASSIST (language, age …). act.version: of the head record. */
struct case_edit {
	struct case_act act;
	enum class class;
	struct casefile_facts facts;
};
enum status case_edit(struct ctx *c, const struct case_edit *in) MUST_CHECK;
/* Who she is: a birth date sets the age bracket. How to reach her. act.version: of the record, 0 when there was none. */
struct case_person_edit {
	struct case_act act;
	struct person_facts facts;
};
enum status case_person_edit(struct ctx *c, const struct case_person_edit *in) MUST_CHECK;
struct case_reach_edit {
	struct case_act act;
	struct reach_facts facts;
};
enum status case_reach_edit(struct ctx *c, const struct case_reach_edit *in) MUST_CHECK;
struct case_exploitation_edit {
	struct case_act act; /* version of the row; 0 for a new one */
	struct id row;       /* zeros: one more */
	struct exploitation_facts facts;
};
enum status case_exploitation_edit(struct ctx *c, const struct case_exploitation_edit *in) MUST_CHECK;
struct case_basis_new {
	struct case_act act;
	struct basis_facts facts;
};
enum status case_basis_add(struct ctx *c, const struct case_basis_new *in) MUST_CHECK; /* the earlier ones stay */
/* Risk with its next review: a task; empty review_at = by deadlines.csv. Version of the row, as in all that follow. */
struct case_risk {
	struct case_act act;
	struct sv risk, review_at, why;
};
enum status case_risk(struct ctx *c, const struct case_risk *in) MUST_CHECK;
struct case_suspend {
	struct case_act act;
	struct sv why, review_at;
};
enum status case_suspend(struct ctx *c, const struct case_suspend *in) MUST_CHECK;
enum status case_resume(struct ctx *c,
			const struct case_act *in) MUST_CHECK; /* to where it was suspended from, see transitions.csv */
struct case_assign {
	struct case_act act;
	struct id user;
};
enum status case_assign(struct ctx *c, const struct case_assign *in) MUST_CHECK; /* by the supervisor */
/* Closing takes two people: the case manager asks with a reason and signs that, the supervisor signs it too (or sends it back with a word). */
struct case_close {
	struct case_act act;
	struct sv closure, why;
};
enum status case_close_ask(struct ctx *c, const struct case_close *in) MUST_CHECK;
enum status case_close_drop(struct ctx *c, const struct case_act *in) MUST_CHECK; /* by the case manager: not after all */
enum status case_close_sign(struct ctx *c, const struct case_act *in) MUST_CHECK;
enum status case_close_back(struct ctx *c, const struct case_close *in) MUST_CHECK; /* why alone */
/* A closing or a basis that is no consent, as its second reader sees it: this alone. */
struct case_packet {
	struct decision_row row; /* its state put right by what is signed */
	struct sv closure, why;  /* of a closing */
	struct basis_facts basis;
	struct signed_by first;
	struct second_word second;
	bool may_sign, may_ask; /* by this actor, now */
};
enum status case_packet_load(struct ctx *c, struct id id, struct case_packet *out) MUST_CHECK;
struct case_say {
	struct id packet;
	uint32_t version;          /* of the packet's row */
	struct sv verdict, reason; /* verdicts; reason: needed to send back */
	uint8_t key[16];
};
enum status case_say(struct ctx *c, const struct case_say *in) MUST_CHECK;
/* Who shall sign second where the house has nobody else: for a day; again when the day went by. */
struct case_ask {
	struct id packet, reviewer;
	uint32_t version;
	uint8_t key[16];
};
enum status case_ask(struct ctx *c, const struct case_ask *in) MUST_CHECK;
enum status case_lock(struct ctx *c, const struct case_act *in) MUST_CHECK; /* to the actor and who has the file */

#endif
