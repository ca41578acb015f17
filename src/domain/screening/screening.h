/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SCREENING_SCREENING_H
#define DOMAIN_SCREENING_SCREENING_H

#include "domain/screening/answers.h"
#include "domain/screening/grid.h"
#include "domain/screening/types.h"
#include "domain/signing/signing.h"
#include "record/record.h"

/* Screening of a person, in her file or in a report that has none yet; decisions taken on it, and their second reading. Every function
 * decides by itself whether the act is possible (E_STATE), by this actor (E_DENIED; E_NOTFOUND for what he may not know of) and with
 * this input (E_INPUT; all wrong fields in c->inputs under the names of the members here). Results lie in c->arena.
 *
 * A grid's reading reminds of what is known and what is open. It decides nothing and is shown to nobody as a number or a verdict. */

/* --- a screening -------------------------------------------------------------------------------------------------------------- */
struct screening_view {
	struct id id, dossier; /* id zeros: not written yet */
	uint64_t version;      /* carry it in screening_save */
	bool finished;
	const struct grid *grid, *second; /* NULL: this deployment has no such grid (any more) */
	struct sv grid_version;
	struct sv minor, act; /* yes | no | unknown; empty = unknown */
	struct sv age_basis, act_source, remarks;
	struct answers answers, lit; /* lit: items of the second grid lit by hand */
	int64_t started_at, finished_at;
	struct id author, earlier;
};
/* All of a file or report, oldest first. */
enum status screening_list(struct ctx *c, struct id dossier, struct screening_view **out, size_t *n) MUST_CHECK;
enum status screening_load(struct ctx *c, struct id screening, struct screening_view *out) MUST_CHECK;
/* What the page begins with: the one under way; else a new one with this grid (empty: the first) and the answers given before. minor:
 * what is known of the age otherwise, yes | no | unknown. */
enum status screening_begin(struct ctx *c, struct id dossier, struct sv grid, struct sv minor,
			    struct screening_view *out) MUST_CHECK;

struct screening_in {
	struct id dossier, screening; /* screening zeros: a new one */
	bool report;                  /* the dossier is a report's; else a file's */
	uint32_t version;
	struct sv grid; /* of a new one */
	struct sv minor, age_basis, act, act_source, remarks;
	struct sv answer[INDICATORS_MAX]; /* by the grid's order: yes | no; anything else is not known */
	struct sv source[INDICATORS_MAX]; /* answer_sources; empty: interview */
	bool lit[INDICATORS_MAX];         /* items of the second grid */
	bool finish;                      /* it stands from now on */
	uint8_t key[16];
};
/* Under way it is written as often as one likes. An answer that stays keeps who gave it and when. E_STALE: somebody else wrote. */
enum status screening_save(struct ctx *c, const struct screening_in *in, struct id *screening) MUST_CHECK;

/* --- its reading -------------------------------------------------------------------------------------------------------------- */
struct reading {
	bool supported[DIMENSIONS_MAX]; /* what is answered yes is enough, as the grid counts */
	bool open[DIMENSIONS_MAX];      /* not yet, but what is not known could make it so */
	bool act, act_open;
	bool means, means_open, means_needed; /* a child's consent and the means do not matter */
	bool purpose, purpose_open;
	bool lit[INDICATORS_MAX]; /* of the second grid */
	bool whole;               /* all parts of the definition are supported: a presumption may be proposed */
	bool may_be_child;        /* age not known: read as a child and as an adult, the more protective counts */
	struct score score;       /* for statistics */
};
void screening_read(const struct screening_view *s, struct reading *out);

/* --- decisions ---------------------------------------------------------------------------------------------------------------- */
struct decision_view {
	struct decision_row row;
	struct sv comparison, reason, basis, denunciation, advice, told_how;
	int64_t told_at;
	struct signed_by first;          /* who took it */
	struct screening_view screening; /* the answers it was taken on, as they were */
	struct second_word second;       /* the second reading */
	bool may_sign;                   /* by this actor, now */
};
/* Decisions of a file, oldest first; row.state is put right by what is signed. */
enum status decision_list(struct ctx *c, struct id file, struct decision_view **out, size_t *n) MUST_CHECK;
/* One, as its second reader sees it: this alone. */
enum status decision_load(struct ctx *c, struct id decision, struct decision_view *out) MUST_CHECK;

struct presume {
	struct id file;
	uint32_t version; /* of the file's row */
	struct sv comparison, reason;
	struct id reviewer; /* needed where the organisation has no second reader */
	uint8_t key[16];
};
/* On the newest finished screening. In force at once; asks for the second reading and the denunciation decision. */
enum status presumption_make(struct ctx *c, const struct presume *in) MUST_CHECK;
/* Another day for a lent reader whose grant ran out; or another reader. */
struct presume_ask {
	struct id decision, reviewer;
	uint32_t version; /* of the decision's row */
	uint8_t key[16];
};
enum status presumption_ask_again(struct ctx *c, const struct presume_ask *in) MUST_CHECK;

struct second_reading {
	struct id decision;
	uint32_t version;
	struct sv verdict, reason; /* reason: needed to send back */
	uint8_t key[16];
};
enum status presumption_sign(struct ctx *c, const struct second_reading *in) MUST_CHECK;

struct presumption_return {
	struct id decision;
	uint32_t version;
	struct sv told_at, told_how, reason; /* the person is told first: when and how */
	uint8_t key[16];
};
/* The second of two people who sign that a presumption goes back; the first was its second reader. */
enum status presumption_return(struct ctx *c, const struct presumption_return *in) MUST_CHECK;

struct denunciation {
	struct id file;
	uint32_t version;
	struct sv denunciation, basis, reason, advice;
	uint8_t key[16];
};
enum status denunciation_decide(struct ctx *c, const struct denunciation *in) MUST_CHECK;

/* --- the team ----------------------------------------------------------------------------------------------------------------- */
struct load {
	struct id user;
	struct sv login;
	int64_t files, tasks, overdue;
};
/* What each case manager of the organisation carries, heaviest first. */
enum status team_load(struct ctx *c, struct load **out, size_t *n) MUST_CHECK;
struct late_task {
	struct id file;
	struct sv login; /* whose it is; empty: the supervisors' */
	struct sv type;  /* task_types */
	int64_t due;
};
/* What is overdue in the organisation, oldest first, at most 100: silence is shown, it changes nothing by itself. */
enum status team_overdue(struct ctx *c, struct late_task **out, size_t *n) MUST_CHECK;

#endif
