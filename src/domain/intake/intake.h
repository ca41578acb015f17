/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_INTAKE_INTAKE_H
#define DOMAIN_INTAKE_INTAKE_H

#include "base/context.h"
#include "domain/access/access.h"

/* Reports from arrival to answer, and contacts that are none: what the public form, the telephone console, the queue, the
 * report page, the mailbox, the command line and the tests all call. Every function decides by itself whether the act is
 * possible in the report's state (E_STATE), by this actor (E_DENIED, or E_NOTFOUND for a report he may not know of) and with
 * this input (E_INPUT; all wrong fields in c->inputs under the names of the members here). Results lie in c->arena.
 *
 * An act carries the version shown (E_STALE when somebody decided in between) and the form's key: a second submit of the same
 * form does nothing and answers like the first. A key of zeros = no form (tests, import). */

/* --- words ------------------------------------------------------------------------------------------------------------------ */
/* The states of data/codes/states.csv, entity report. `restricted` is a lock, `redirected` ends the report for the desk that
 * passed it on. */
enum report_state {
	STATE_NONE,
	STATE_NEW,
	STATE_TRIAGE,
	STATE_ASSIGNED,
	STATE_WAITING,
	STATE_LINKED,
	STATE_REDIRECTED,
	STATE_CLOSED,
	STATE_COUNT
};
struct sv state_code(enum report_state s);
enum report_state state_parse(struct sv code);                 /* STATE_NONE when unknown */
const char *state_label(enum report_state s, enum language l); /* of states.csv */
bool state_ended(enum report_state s);

/* Who will read an item: said beside every box and on every line. */
enum audience {
	AUDIENCE_DESK,    /* the desk, and who works on this report */
	AUDIENCE_TEAM,    /* case managers and supervisor */
	AUDIENCE_REPORTER /* the desk and the person with the code */
};

/* What a report says of its case, as typed: codes, codes joined by |, yes|no|unknown, digits. Empty = not said. All members are
 * optional and have the names of the fields. */
struct report_facts {
	struct sv language;       /* languages; what the person speaks */
	struct sv child;          /* yes | no | unknown */
	struct sv about_self;     /* yes = the reporter is the person */
	struct sv region;         /* regions; empty = not known */
	struct sv sectors, forms; /* sectors, forms_of_exploitation */
	struct sv reporter_type;  /* reporter_types */
	struct sv people_estimate;
	struct sv contact_way; /* contact_ways: none, mailbox, phone, messaging, email, through_person */
	struct sv contact_hours, contact_message_ok, contact_word, contact_phone;
	struct sv contact_details; /* an e-mail address, or through whom */
};

/* Reads the allowed changes of state (data_dir/codes/transitions.csv): once at start, after codes_load, before threads and
 * sandbox. */
enum status intake_start(struct ctx *c, const char *data_dir) MUST_CHECK;

/* --- arrival ---------------------------------------------------------------------------------------------------------------- */
struct public_form {
	struct report_facts facts;
	bool danger_now;
	struct sv text;     /* the one answer that is required */
	struct sv excluded; /* organisation ids (32 hex) joined by | that must not read it */
	uint8_t ticket[16]; /* of the form ticket: a repeat within 15 minutes gives the same code */
};
struct public_receipt {
	char code[21]; /* 20 digits; wipe after the page is made */
	bool repeated;
};
/* The web form, nobody logged in. E_INPUT: text missing or too long …; E_LIMIT, E_BUSY from the keeper. */
enum status report_new_public(struct ctx *c, const struct public_form *in, struct public_receipt *out) MUST_CHECK;

struct staff_form {
	struct report_facts facts;
	struct sv channel;     /* report_channels; required, not web */
	struct sv risk;        /* risk_levels; empty or unknown leaves it new */
	bool danger_now;       /* starts the 1-hour clock and rings; risk becomes immediate */
	struct sv text;        /* required */
	struct sv subject;     /* empty = the text's beginning, 60 signs */
	struct sv received_at; /* letters: "2024-02-06 21:40"; empty = now; not in the future */
	struct sv excluded;
	uint8_t key[16];
	/* of the words alone, in this span of time and in the one before; zeros = none. A form that browsers make anew has another key: what the
	 * same member said a moment ago is the report it made then. Nobody else can make these: a secret of the session is in them. */
	uint8_t same[2][16];
};
/* Did the same words make a report a moment ago, from another form? It may be the same call or another one of the same few words: who typed
 * them says which, before they are absorbed. */
bool report_said(struct ctx *c, const struct staff_form *in, struct id *report);
/* A call, letter, message or walk-in typed by a member into the own desk's queue. */
enum status report_new_staff(struct ctx *c, const struct staff_form *in, struct id *report) MUST_CHECK;

/* Import of a log, line by line: `check` says all that is wrong with a line and writes nothing; `import` writes at most
 * IMPORT_SET_MAX lines as one set, whole or not at all. The key of a line is a digest of its reference in the log: what was
 * imported once is passed over. */
#define IMPORT_SET_MAX 8
enum status report_check(struct ctx *c, const struct staff_form *in) MUST_CHECK;
enum status report_import(struct ctx *c, const struct staff_form *rows, size_t n, size_t *added) MUST_CHECK;

struct contact_form {
	struct sv kind; /* contact_kinds whose becomes_report is 0; required */
	struct sv language;
	struct sv text; /* optional; gone after the shift */
	uint8_t key[16];
};
enum status contact_new(struct ctx *c, const struct contact_form *in) MUST_CHECK;
struct contact_row {
	struct id id;
	struct sv kind, language, text, by;
	int64_t at;
	bool mine;
};
/* Contacts of the own desk that are still there, newest first, at most 200. */
enum status contact_list(struct ctx *c, struct contact_row **out, size_t *n) MUST_CHECK;
/* Key-less: texts older than the shift (12 hours) are deleted; kind, day and desk stay. For a timer. */
enum status contact_sweep(struct ctx *c, size_t *gone) MUST_CHECK;

/* --- one report as lists and its page show it ------------------------------------------------------------------------------- */
struct report_head {
	/* the row */
	struct id id;
	uint64_t version;       /* carry it in every act */
	struct id organisation; /* whose desk has it */
	enum report_state state;
	bool rings; /* danger, and nobody has it */
	bool locked;
	struct id assignee; /* who has it or works on it; zeros */
	struct sv assignee_login;
	int64_t due_at; /* 0 = no clock runs */
	bool overdue;
	bool due_now; /* danger that somebody has, in the hour it is due: overdue says more than is known */
	uint32_t messages;
	/* opened */
	struct report_facts facts;
	struct sv channel, risk, subject, closure;
	struct sv wait_reason; /* waiting: only in report_load; due_at is then the review */
	bool danger_now, has_code;
	int64_t received_at;
	int64_t stripped_at; /* names and story were erased then; 0 = they are there */
	uint32_t people_estimate;
	struct id *excluded;
	size_t excluded_n;
	struct sv by; /* login of who typed it in; empty for the web form; only in report_load */
};

/* --- the queue -------------------------------------------------------------------------------------------------------------- */
enum queue_filter { QUEUE_OPEN, QUEUE_MINE, QUEUE_WAITING, QUEUE_CLOSED, QUEUE_FILTER_COUNT };
#define QUEUE_PAGE 50
struct queue_ask {
	enum queue_filter filter;
	uint32_t page; /* from 0 */
};
struct queue {
	struct report_head *rows; /* what rings first, then by due clock; closed: newest first */
	size_t n;
	uint32_t page;
	bool more;     /* another page follows */
	size_t hidden; /* rows of this page that did not open */
	/* Of the first 500 open reports this actor may see; `over` says that there are more. */
	size_t count[QUEUE_FILTER_COUNT]; /* open, mine, waiting (closed is not counted) */
	size_t ringing, overdue;
	bool over;
};
/* For operators: what is new or in triage, until it is assigned. Desk and supervisor: all of their desk. Case managers: what is assigned to
 * them. */
enum status queue_load(struct ctx *c, const struct queue_ask *ask, struct queue *out) MUST_CHECK;

/* --- one report ------------------------------------------------------------------------------------------------------------- */
enum message_kind { MESSAGE_STATEMENT, MESSAGE_REPLY, MESSAGE_ANSWER, MESSAGE_NOTE, MESSAGE_EVENT };
struct report_message {
	struct id id;
	enum message_kind kind;
	enum audience audience;
	int64_t at;
	struct sv by;          /* login; empty = the reporter */
	struct sv text;        /* events: the reason given; may be empty */
	struct sv step;        /* events: report_steps */
	struct sv risk;        /* the first look: risk_levels */
	struct sv about;       /* events: to whom it was assigned (login), to which organisation it went (name) */
	struct sv closure;     /* closing: closure_reasons */
	struct sv shown_state; /* answers: the state the reporter sees since */
};
struct report_file {
	struct id id;
	struct sv name, mime, by;
	uint64_t size;
	int64_t at;
};
struct report_change {
	int64_t at;
	struct sv by;
	const char *field;
	struct sv before, after;
};

/* May the desk telephone? An act that breaks the reporter's wish is absent, and the page says why. */
enum call_rule {
	CALL_ALLOWED,
	CALL_NOT_ASKED, /* nothing was said of a call: silence is not consent */
	CALL_REFUSED,   /* no contact at all */
	CALL_MAILBOX_ONLY,
	CALL_OTHER_WAY, /* messaging, e-mail or through a person only */
	CALL_NO_NUMBER
};
struct safe_contact {
	enum call_rule call;
	bool may_call, may_leave_message;
	struct sv way, hours, word, details;
	struct sv phone; /* empty unless may_call or the way is messaging */
};
/* Which acts this actor has now. What is false is not shown. */
struct report_may {
	bool triage, take, assign, redirect, wait, resume, answer, note, close, reopen, edit, block, new_code, lock, add_file,
		open_file;
	bool answer_needs_code; /* an answer would reach nobody before somebody makes a code */
};
struct report_view {
	struct report_head head;
	struct safe_contact contact;
	struct report_may may;
	struct sv shown_state;           /* what the reporter sees now; "received" until the desk says otherwise */
	enum audience note_audience;     /* who will read a note of this actor */
	struct report_message *messages; /* oldest first */
	size_t messages_n;
	struct report_file *files;
	size_t files_n;
	struct report_change *changes; /* of the head, oldest first */
	size_t changes_n;
};
/* Opens the whole report; journalled. E_NOTFOUND also when it may not be known. */
enum status report_load(struct ctx *c, struct id id, struct report_view *out) MUST_CHECK;

/* --- acts ------------------------------------------------------------------------------------------------------------------- */
struct report_act {
	struct id report;
	uint32_t version;
	uint8_t key[16];
};

/* First look: sets the risk. immediate rings at the desk (unless taken by this actor). Again in triage or assigned: the risk
 * changes. */
struct report_triage {
	struct report_act act;
	struct sv risk;
	bool danger_now;
};
enum status report_triage(struct ctx *c, const struct report_triage *in) MUST_CHECK;
/* "I have it": the ring ends, the report shows who has it; where the risk is known this is the first look. E_STATE when somebody
 * was faster (their name: reload). No version needed. */
enum status report_take(struct ctx *c, const struct report_act *in) MUST_CHECK;
/* What the desk learnt: replaces the facts and the subject. */
struct report_edit {
	struct report_act act;
	struct report_facts facts;
	struct sv subject;
};
enum status report_edit(struct ctx *c, const struct report_edit *in) MUST_CHECK;

struct assign_choice {
	struct id user;
	struct sv login;
	uint32_t roles;
	uint32_t load; /* open reports */
	bool self;
};
/* Who can carry a report on to its end, least loaded first. */
enum status report_assign_choices(struct ctx *c, struct assign_choice **out, size_t *n) MUST_CHECK;
struct report_assign {
	struct report_act act;
	struct id user;
};
enum status report_assign(struct ctx *c, const struct report_assign *in) MUST_CHECK;

/* Desks it could go to: never the own, never an excluded one. near: same region as the report. */
struct redirect_choice {
	struct organisation organisation;
	bool near;
};
enum status report_redirect_choices(struct ctx *c, struct id report, struct redirect_choice **out,
				    size_t *n) MUST_CHECK; /* near first */
struct report_redirect {
	struct report_act act;
	struct id organisation;
	struct sv note; /* for the next desk; may be empty */
};
/* The own desk cannot open it any more; the other one finds it new, with a fresh first-look clock. */
enum status report_redirect(struct ctx *c, const struct report_redirect *in) MUST_CHECK;

struct report_wait {
	struct report_act act;
	struct sv wait_reason, review_at; /* "2024-07-20" or with an hour; in the future, within a year */
};
enum status report_wait(struct ctx *c, const struct report_wait *in) MUST_CHECK;
enum status report_resume(struct ctx *c, const struct report_act *in) MUST_CHECK;

/* To the mailbox, which is always safe. shown_state: shown_states, what the reporter sees from now on. */
struct report_answer {
	struct report_act act;
	struct sv answer, shown_state;
};
enum status report_answer(struct ctx *c, const struct report_answer *in) MUST_CHECK; /* E_STATE: no code was ever made */
struct report_note {
	struct report_act act;
	struct sv text;
};
/* Never stale. E_CONFLICT: the actor's last note of the last ten minutes says the same; it stands once. */
enum status report_note(struct ctx *c, const struct report_note *in) MUST_CHECK;

struct report_close {
	struct report_act act;
	struct sv closure; /* closure_reasons, applies_to report */
	struct sv text;    /* kept for the desk; with a reason that strips nothing of it is */
	struct sv answer;  /* optional: a last word to the person with the code; E_STATE when there is none */
};
/* Reasons after which nobody's name may stay (false_alarm, malicious): closing erases all but the coded facts, for good. */
bool closure_strips(struct sv closure);
enum status report_close(struct ctx *c, const struct report_close *in) MUST_CHECK;
struct report_reopen {
	struct report_act act;
	struct sv text;
};
enum status report_reopen(struct ctx *c, const struct report_reopen *in) MUST_CHECK;
struct report_block {
	struct report_act act;
	struct id organisation;
};
enum status report_block(struct ctx *c, const struct report_block *in) MUST_CHECK;
/* A code for a report that staff typed. Shown once; a repeated submit gives E_CONFLICT, for the code cannot be shown again. */
enum status report_new_code(struct ctx *c, const struct report_act *in, char code[21]) MUST_CHECK;
/* Restricted to the actor and who it is assigned to; only the security officer lifts it. */
enum status report_lock(struct ctx *c, const struct report_act *in) MUST_CHECK;
/* For the security officer: the locked reports of the own organisation and of those it is the host of, rows alone, for he opens none
 * (no field behind "opened" is filled). Of the newest 1000 locks. */
enum status report_locks(struct ctx *c, struct report_head **out, size_t *n) MUST_CHECK;
/* Who may see it is again as before the lock. E_DENIED but for the security officer, E_NOTFOUND for another organisation's. */
enum status report_lift(struct ctx *c, const struct report_act *in) MUST_CHECK;

/* --- becoming a file (domain/casefile) ---------------------------------------------------------------------------------------- */
/* Could this actor open a person's file from the report now, or link it to one? */
bool report_may_link(const struct ctx *c, const struct report_head *h);
/* Inside a run: the report goes to `linked` and, when the desk does it, to who has the file; its timeline says the file's number. A report
 * can be linked several times: several people. */
enum status report_link(struct ctx *c, const struct report_act *act, struct id assignee, struct sv code) MUST_CHECK;

/* --- files ------------------------------------------------------------------------------------------------------------------ */
#define FILE_BYTES_MAX (10u << 20)
struct file_form {
	struct report_act act;
	struct sv name, mime, content;
	uint8_t sha256[32];
};
/* By staff, or by the reporter of the mailbox (act.report is then ignored). The type was decided by the media process. */
enum status file_add(struct ctx *c, const struct file_form *in) MUST_CHECK;
struct file_content {
	struct id report;
	struct sv name, mime, content;
};
enum status file_read(struct ctx *c, struct id file, struct file_content *out) MUST_CHECK;

/* --- mailbox: the actor is the reporter of one report ----------------------------------------------------------------------- */
struct mailbox {
	struct sv shown_state; /* shown_states; "received" until the desk says otherwise */
	struct sv answer;      /* the desk's last message; empty */
	int64_t answered_at;
};
enum status mailbox_load(struct ctx *c, struct mailbox *out) MUST_CHECK;
struct mailbox_reply {
	struct sv text;
	uint8_t key[16];
};
enum status mailbox_reply(struct ctx *c, const struct mailbox_reply *in) MUST_CHECK;

/* --- for rooms whose records lie in a report -------------------------------------------------------------------------------- */
/* Is it with somebody who works on it? E_STATE when not; E_NOTFOUND. */
enum status report_worked_on(struct ctx *c, struct id report) MUST_CHECK;

#endif
