/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_SCREENING_ANSWERS_H
#define DOMAIN_SCREENING_ANSWERS_H

#include "base/arena.h"
#include "base/id.h"
#include "domain/screening/score.h"

/* Answers as one text: who answered, then one line an answer. "Not known" is the default and is not written.
 *
 *	by 32 hex digits               once for each person, in the order of their first answer
 *	D1.01 y i 0 28446720           indicator, y|n, source (i r d o), number of the person, minutes since 1970
 *
 * There is one way to write a set of answers, and what is not written so is refused whole. */

enum source { SOURCE_INTERVIEW, SOURCE_REPORT, SOURCE_DOCUMENT, SOURCE_OBSERVATION, SOURCE_COUNT };
struct sv source_code(enum source s); /* of answer_sources */
bool source_parse(struct sv code, enum source *out);

#define AUTHORS_MAX 20
struct given {
	struct sv code; /* indicator, at most 12 bytes of A-Z a-z 0-9 . - */
	enum answer answer;
	enum source source;
	uint8_t author;
	int64_t minute;
};
struct answers {
	struct given list[INDICATORS_MAX];
	size_t n;
	struct id authors[AUTHORS_MAX];
	size_t author_count;
};
/* Views point into `text`. False: not exactly such a text; *out is then empty. */
bool answers_read(struct sv text, struct answers *out);
struct sv answers_text(struct arena *a, const struct answers *in);
const struct given *answers_find(const struct answers *in, struct sv code); /* NULL: not known */
/* False when there is no room for one more answer or person. */
bool answers_add(struct answers *to, struct sv code, enum answer answer, enum source source, struct id by, int64_t minute);
/* By the grid's own order, for the score; codes the grid does not have (any more) count for nothing. */
void answers_place(const struct answers *in, const struct grid *g, enum answer out[INDICATORS_MAX]);

#endif
