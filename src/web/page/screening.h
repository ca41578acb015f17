/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEB_PAGE_SCREENING_H
#define WEB_PAGE_SCREENING_H

#include "domain/casefile/casefile.h"
#include "domain/screening/screening.h"
#include "web/page/page.h"

/* Pages of screening and decisions (interface design C3): screening.c the grid, screening_end.c what it says, screening_decide.c decisions
 * and their second reading, team.c the supervisor's page (S1). */

/* "Screening and decisions" on the page of a file or report: what there is, and what may be done now. NULL: this actor has no part in it,
 * or there is nothing and nothing to begin. */
const struct tpl_screening_section *screening_section(struct ctx *c, const struct request *r, struct id dossier, bool report);

/* Where a screening lies: a file or a report, opened for this actor. */
struct screening_place {
	struct id id;
	bool report;
	struct sv name;  /* working name, number or mark */
	struct sv minor; /* what is known of the age there */
	struct sv back;  /* path of its page */
	struct case_head head;
};
enum status screening_place(struct ctx *c, const struct request *r, struct id dossier, bool report,
			    struct screening_place *out) MUST_CHECK;
struct sv screening_path(const struct ctx *c, const struct request *r, const struct screening_place *p, const char *more);

/* What the answers support, in words. remarks: of the file's own people alone. */
struct tpl_screening_reading *screening_reading(struct ctx *c, const struct screening_view *s, bool remarks);
const struct tpl_screening_law *screening_law(struct ctx *c, const struct screening_view *s);
struct sv screening_grid_label(const struct ctx *c, const struct grid *g);
struct sv screening_label(const struct ctx *c, const struct indicator *in);

enum message decision_state_words(enum decision_state s);
/* Lent readers by organisation; NULL where the own organisation has one, or there is nobody. */
const struct tpl_shared_field *screening_reader_field(struct ctx *c, const struct request *r, bool *own, bool *nobody);
/* file zeros: who has the packet alone is not told who else reads the file. */
struct tpl_shared_field *screening_reason_field(struct ctx *c, const struct request *r, enum message label, enum message hint,
						enum message audience, struct id file);
/* What to say when a text is not what was signed; empty when it is. */
struct sv signing_doubt(const struct ctx *c, const struct signed_by *first, const struct second_word *second);

#endif
