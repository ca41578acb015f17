/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SIGNING_SIGNING_H
#define DOMAIN_SIGNING_SIGNING_H

#include "domain/signing/types.h"
#include "record/record.h"

/* What two people sign: decisions, a basis that is no consent, the closing of a file. The first signature puts it in force, the second is
 * somebody else's over the same bytes. Who signed, when, and whether the text is still what was signed comes from the keeper's rows;
 * what a sealed text says of its author is shown nowhere. Which of them still wait is a clear row beside. Results lie in c->arena. */

/* --- the clear row ------------------------------------------------------------------------------------------------------------ */
enum decision_kind { DECISION_PRESUMPTION, DECISION_DENUNCIATION, DECISION_RETURN, DECISION_BASIS, DECISION_CLOSING };
struct sv decision_kind_word(enum decision_kind k); /* of decision_kinds */
enum decision_kind decision_kind_of(struct sv word);
enum decision_state {
	DECISION_MADE,        /* needs no second reader */
	DECISION_PROVISIONAL, /* in force, to be read by a second person */
	DECISION_SENT_BACK,   /* the second reader sent it back; what it protects goes on */
	DECISION_SIGNED,
	DECISION_RETURNED /* taken back */
};
struct decision_row {
	struct id id, dossier, organisation, reviewer; /* reviewer zeros: any supervisor of the organisation */
	enum decision_kind kind;
	enum decision_state state;
	int64_t due_hour;
	uint64_t version;
};
enum status decision_row_load(struct ctx *c, struct id decision, struct decision_row *out) MUST_CHECK; /* E_NOTFOUND */
/* Of a file, oldest first. */
enum status decision_rows_of(struct ctx *c, struct id file, struct decision_row **out, size_t *n) MUST_CHECK;
/* What waits for this actor's second reading, by due time. */
enum status signatures_waiting(struct ctx *c, struct decision_row **out, size_t *n) MUST_CHECK;
/* What two people of the own organisation have signed by the clear rows, newest first: for its supervisors. */
#define SIGNED_SHOWN 20
enum status signatures_given(struct ctx *c, struct decision_row **out, size_t *n) MUST_CHECK;
/* Is it this actor who is asked? */
bool signing_asked(const struct ctx *c, const struct decision_row *d);
/* Inside a run. */
enum status decision_row_add(struct ctx *c, const struct decision_row *row) MUST_CHECK;
enum status decision_row_save(struct ctx *c, const struct decision_row *row) MUST_CHECK;

/* --- who signed --------------------------------------------------------------------------------------------------------------- */
struct signed_by {
	struct id user, organisation; /* user zeros: nobody whose signature counts */
	int64_t at;
	bool changed; /* somebody did, and the text is another one now */
};
/* All signatures of a dossier this actor may know of; with what second readers said when he is of the organisation that has it. */
struct signing {
	struct signature *rows;
	size_t n;
	struct record *said;
	size_t said_n;
};
enum status signing_load(struct ctx *c, struct id dossier, bool said, struct signing *out) MUST_CHECK;
struct signed_by signing_by(const struct signing *s, const struct record *r, enum class class, uint32_t which);
/* For a list, which shows no text: as the keeper has it, without the part. */
struct signed_by signing_of(const struct signing *s, struct id record, uint32_t which);
/* The second reading of a record that stands: verdict empty = none yet, or it may not be read. Who agreed has signed the record; who
 * sent it back has signed his word. */
struct second_word {
	struct sv verdict, reason;
	struct signed_by by;
};
struct second_word signing_second(const struct signing *s, const struct record *r, enum class class);
/* What the row says, put right by what is signed. */
enum decision_state signing_state(const struct decision_row *d, const struct second_word *w);

/* --- second readers ------------------------------------------------------------------------------------------------------------- */
/* Supervisors of the own organisation but oneself; where there is none, people the host lends. */
struct second_reader {
	struct id user, organisation;
	struct sv login, house;
};
enum status reader_choices(struct ctx *c, bool *own, struct second_reader **out, size_t *n) MUST_CHECK;
/* Inside a run. Own supervisors may all read it (*reviewer zeros). A lent reader is let in for a day, to this part alone; it must have been
 * saved under a key of its own. E_INPUT on "reviewer": none of those who can be asked. */
enum status reader_ask(struct ctx *c, const struct record *r, enum class class, struct id wanted, struct id *reviewer) MUST_CHECK;

/* Inside a run: the first signature over a record saved under a key of its own. */
enum status signing_first(struct ctx *c, struct record *r, enum class class) MUST_CHECK;
/* Inside a run: what the second reader says of a record he loaded, signed by him; who agrees signs the record too. E_INPUT on "verdict",
 * "reason" (needed to send back). E_DENIED: it is his own. */
struct second_said {
	struct sv verdict, reason;
};
enum status signing_say(struct ctx *c, const struct record *over, enum class class, const struct second_said *in,
			bool *agrees) MUST_CHECK;

#endif
