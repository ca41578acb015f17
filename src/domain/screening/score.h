/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SCREENING_SCORE_H
#define DOMAIN_SCREENING_SCORE_H

#include "base/view.h"

/* Screening grids and their scores: pure. A grid is data (domain/screening/grid.h reads it); its rule is C, chosen by name. The
 * score helps a trained person not to forget a part of the definition. It decides nothing, ranks nobody and is never shown as a
 * number. */

enum strength { STRENGTH_NONE, STRENGTH_WEAK, STRENGTH_MEDIUM, STRENGTH_STRONG };
enum profile { PROFILE_ADULT, PROFILE_CHILD, PROFILE_COUNT };
enum age { AGE_UNKNOWN, AGE_ADULT, AGE_CHILD };
enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES }; /* unknown is the default and is not no */
enum rule { RULE_ILO2009, RULE_LIST };

#define DIMENSIONS_MAX 8
#define INDICATORS_MAX 128

struct indicator {
	struct sv code;                        /* "D1.01" */
	uint8_t dimension;                     /* index into the grid's dimensions; list grids: 0 */
	enum strength strength[PROFILE_COUNT]; /* NONE: not on that profile's list, counts for nothing */
	struct sv related;                     /* list grids: codes or dimensions of the related grid, joined by | */
	struct sv label[3];                    /* by enum language */
};
/* What a dimension speaks of: act, means and purpose make trafficking; the act is asked by itself. */
enum element { ELEMENT_MEANS, ELEMENT_PURPOSE };
struct grid {
	struct sv code, version;
	struct sv label[3]; /* by enum language */
	enum rule rule;
	const struct grid *related; /* list grids: whose answers light the items */
	struct sv dimensions[DIMENSIONS_MAX];
	struct sv dimension_label[DIMENSIONS_MAX][3];
	enum element element[DIMENSIONS_MAX];
	size_t dimension_count;
	struct indicator indicators[INDICATORS_MAX];
	size_t indicator_count;
};

/* Answers by index of the grid's indicators; those of a related grid apart. `act` = recruited, transported, harboured …, asked
 * once. */
struct screening {
	enum age age;
	enum answer act;
	enum answer answers[INDICATORS_MAX];
	enum answer related[INDICATORS_MAX];
};

enum dimension_state { DIMENSION_NEGATIVE, DIMENSION_OPEN, DIMENSION_POSITIVE };
/* In rising order of protection. */
enum result {
	RESULT_NO_INDICATION,
	RESULT_INSUFFICIENT,
	RESULT_EXPLOITED_WORKER,
	RESULT_POSSIBLE,
	RESULT_CHILD_PROTECTION,
	RESULT_PRESUMED
};
struct score {
	enum profile profile;
	enum dimension_state dimensions[DIMENSIONS_MAX];
	enum result result;
	bool ilo_strict; /* for statistics and the prosecutor's reader; protection starts at presumed */
	bool coercion;
	bool age_uncertain;
};
/* A grid with the rule ilo2009 and the dimensions D1 … D6 in this order. */
struct score score_ilo2009(const struct grid *g, const struct screening *s);

/* A list has no threshold: it says which items are lit, by hand or by a related answer. */
struct list_score {
	bool lit[INDICATORS_MAX];
	size_t count;
};
struct list_score score_list(const struct grid *g, const struct screening *s);

/* Does an answer to this indicator light the item of a list grid? */
bool item_names(const struct grid *g, size_t item, struct sv related_code);

/* Index of an indicator, or -1. */
int indicator_find(const struct grid *g, struct sv code);
const char *result_code(enum result r);
const char *dimension_state_code(enum dimension_state s);

#endif
