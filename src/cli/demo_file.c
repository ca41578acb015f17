/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What case managers and supervisors of the demo do once a report is with them: a file on a recorded basis, screening, presumption, second
 * reading. Every step goes the way of the web, under the session of who does it. */
#include "cli/demo_file.h"

#include "domain/casefile/casefile.h"
#include "domain/screening/screening.h"

/* Consent, voiced in the language of the report; for a child her best interests and what she said. */
static void basis_of(const struct demo_step *step, struct basis_facts *out)
{
	*out = (struct basis_facts){ .basis = sv_of(step->word), .basis_day = SV("2024-02-09"), .basis_language = SV("ary") };
	if (sv_is(out->basis, "informed_consent")) {
		out->basis_explained = SV("la référente");
		out->basis_way = SV("voiced");
		return;
	}
	out->basis_reason = SV("Elle ne peut pas rentrer : ses parents ont reçu une avance.");
	out->child_view = SV("« Je veux voir ma sœur, pas retourner dans cette maison. »");
}

enum status demo_file_open(struct ctx *c, const struct demo_step *step, struct id report, struct id *file)
{
	struct report_view view;
	struct case_open in;

	TRY(case_open_from(c, report, &view, &in));
	in.head.working_name = sv_of(step->text);
	basis_of(step, &in.basis);
	return case_open(c, &in, file);
}

/* word: under 18, yes | no | unknown. text: codes that were answered yes; none = all of it asked and answered no. */
enum status demo_screen(struct ctx *c, const struct demo_step *step, struct id dossier, bool report)
{
	struct screening_in in = { .dossier = dossier,
				   .report = report,
				   .minor = sv_of(step->word),
				   .act = step->text == NULL ? SV("no") : SV("yes"),
				   .act_source = SV("interview"),
				   .finish = true };
	struct sv rest = step->text == NULL ? SV_NONE : sv_of(step->text), code;
	const struct grid *g = grid_at(0);
	struct id unused;

	for (size_t i = 0; step->text == NULL && i < g->indicator_count; i++)
		in.answer[i] = SV("no");
	while (rest.n > 0 && sv_cut(&rest, ' ', &code)) {
		int at = indicator_find(g, code);

		if (at < 0)
			return ERR(c, E_BUG, "the grid has no such indicator");
		in.answer[at] = SV("yes");
		in.source[at] = SV("interview");
	}
	return screening_save(c, &in, &unused);
}

/* text: the reason. Where the house has no second reader, the first it may borrow is asked. */
enum status demo_presume(struct ctx *c, const struct demo_step *step, struct id file)
{
	struct presume in = { .file = file, .comparison = SV("same"), .reason = sv_of(step->text) };
	struct second_reader *readers;
	struct case_row row;
	size_t n;
	bool own;

	TRY(case_row_load(c, file, &row));
	in.version = (uint32_t)row.version;
	TRY(reader_choices(c, &own, &readers, &n));
	if (!own && n > 0)
		in.reviewer = readers[0].user;
	return presumption_make(c, &in);
}

enum status demo_sign(struct ctx *c, const struct demo_step *step, struct id file)
{
	struct decision_row *list;
	size_t n;

	TRY(signatures_waiting(c, &list, &n));
	for (size_t i = 0; i < n; i++)
		if (id_equal(list[i].dossier, file) && list[i].kind == DECISION_PRESUMPTION)
			return presumption_sign(c, &(struct second_reading){ .decision = list[i].id,
									     .version = (uint32_t)list[i].version,
									     .verdict = sv_of(step->word),
									     .reason = step->text == NULL ? SV_NONE
													  : sv_of(step->text) });
	return ERR(c, E_NOTFOUND, "nothing waits for this signature");
}
