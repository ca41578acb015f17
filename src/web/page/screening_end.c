/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the answers support, part by part, and what is open. No number, no verdict: words of the law, the answers that speak for them, and
 * what could still be asked. */
#include "web/page/screening.h"

#include "domain/intake/intake.h"
#include "policy/policy.h"

/* --- words ------------------------------------------------------------------------------------------------------------------- */

struct sv screening_grid_label(const struct ctx *c, const struct grid *g)
{
	return g == NULL ? SV_NONE : g->label[c->language];
}

struct sv screening_label(const struct ctx *c, const struct indicator *in)
{
	return in->label[c->language];
}

static struct sv state_words(const struct ctx *c, bool supported, bool open)
{
	return page_say(c, supported ? MSG_SCREENING_SUPPORTED : open ? MSG_SCREENING_OPEN : MSG_SCREENING_NOT_SUPPORTED);
}

static struct sv age_words(const struct ctx *c, const struct screening_view *s)
{
	struct sv words = page_say(c, sv_is(s->minor, "yes")  ? MSG_SCREENING_AGE_CHILD
				      : sv_is(s->minor, "no") ? MSG_SCREENING_AGE_ADULT
							      : MSG_SCREENING_AGE_UNKNOWN);

	if (s->age_basis.n == 0)
		return words;
	return page_put(c, SV("{0} · {1}"), (struct sv[]){ words, page_label(c, "age_evidence", s->age_basis) }, 2);
}

static struct sv act_words(const struct ctx *c, struct sv act)
{
	return page_say(c, sv_is(act, "yes")  ? MSG_SCREENING_ACT_YES
			   : sv_is(act, "no") ? MSG_SCREENING_ACT_NO
					      : MSG_SCREENING_ACT_UNKNOWN);
}

/* --- parts ------------------------------------------------------------------------------------------------------------------- */

static void draw_dimension(struct ctx *c, const struct screening_view *s, const struct reading *reading, size_t k,
			   struct tpl_screening_reading_dimension *out)
{
	const struct grid *g = s->grid;
	struct tpl_screening_reading_yes *yes = ARENA_ARRAY(c->arena, struct tpl_screening_reading_yes, g->indicator_count);
	struct tpl_screening_reading_ask *ask = ARENA_ARRAY(c->arena, struct tpl_screening_reading_ask, g->indicator_count);

	*out = (struct tpl_screening_reading_dimension){ .yes = yes, .ask = ask };
	for (size_t i = 0; i < g->indicator_count; i++) {
		const struct indicator *in = &g->indicators[i];
		const struct given *given = answers_find(&s->answers, in->code);

		if (in->dimension != k)
			continue;
		if (given != NULL && given->answer == ANSWER_YES)
			yes[out->yes_n++] =
				(struct tpl_screening_reading_yes){ screening_label(c, in),
								    page_label(c, "answer_sources", source_code(given->source)) };
		else if (given == NULL && reading->open[k] && in->strength[reading->score.profile] != STRENGTH_NONE)
			ask[out->ask_n++] = (struct tpl_screening_reading_ask){ screening_label(c, in) };
	}
	out->title = g->dimension_label[k][c->language];
	out->state = state_words(c, reading->supported[k], reading->open[k]);
	out->open = false;
}

static void draw_element(struct ctx *c, const struct screening_view *s, const struct reading *reading, enum element element,
			 struct tpl_screening_reading_element *out)
{
	const struct grid *g = s->grid;
	struct tpl_screening_reading_dimension *list =
		ARENA_ARRAY(c->arena, struct tpl_screening_reading_dimension, g->dimension_count);
	bool purpose = element == ELEMENT_PURPOSE;

	*out = (struct tpl_screening_reading_element){
		.title = page_say(c, purpose ? MSG_SCREENING_ELEMENT_PURPOSE : MSG_SCREENING_ELEMENT_MEANS),
		.state = state_words(c, purpose ? reading->purpose : reading->means,
				     purpose ? reading->purpose_open : reading->means_open),
		.open = purpose ? reading->purpose_open : reading->means_open,
		.skipped = !purpose && !reading->means_needed,
		.dimensions = list,
	};
	if (out->skipped && !reading->means) {
		out->state = page_say(c, MSG_SCREENING_NOT_NEEDED);
		out->open = false;
	}
	for (size_t k = 0; k < g->dimension_count; k++) {
		struct tpl_screening_reading_dimension d;

		if (g->element[k] != element)
			continue;
		draw_dimension(c, s, reading, k, &d);
		if (d.yes_n > 0 || (d.ask_n > 0 && !out->skipped))
			list[out->dimensions_n++] = d;
	}
}

/* A list has no parts: what is lit is all it says. */
static void draw_lit(struct ctx *c, const struct screening_view *s, const struct reading *reading, struct tpl_screening_reading *v)
{
	const struct grid *g = s->second;
	struct tpl_screening_reading_lit *lit;

	if (g == NULL)
		return;
	lit = ARENA_ARRAY(c->arena, struct tpl_screening_reading_lit, g->indicator_count);
	for (size_t i = 0; i < g->indicator_count; i++)
		if (reading->lit[i])
			lit[v->lit_n++] = (struct tpl_screening_reading_lit){ screening_label(c, &g->indicators[i]) };
	v->lit = lit;
	v->second = screening_grid_label(c, g);
}

/* The answers of a grid without parts, as if they were lit. */
static void draw_list(struct ctx *c, const struct screening_view *s, struct tpl_screening_reading *v)
{
	const struct grid *g = s->grid;
	struct tpl_screening_reading_lit *lit = ARENA_ARRAY(c->arena, struct tpl_screening_reading_lit, g->indicator_count);

	for (size_t i = 0; i < g->indicator_count; i++) {
		const struct given *given = answers_find(&s->answers, g->indicators[i].code);

		if (given != NULL && given->answer == ANSWER_YES)
			lit[v->lit_n++] = (struct tpl_screening_reading_lit){ screening_label(c, &g->indicators[i]) };
	}
	v->lit = lit;
	v->second = screening_grid_label(c, g);
}

struct tpl_screening_reading *screening_reading(struct ctx *c, const struct screening_view *s, bool remarks)
{
	struct tpl_screening_reading *v = ARENA_NEW(c->arena, struct tpl_screening_reading);
	struct tpl_screening_reading_element *elements = ARENA_ARRAY(c->arena, struct tpl_screening_reading_element, 2);
	struct reading reading;

	screening_read(s, &reading);
	*v = (struct tpl_screening_reading){
		.grid = screening_grid_label(c, s->grid),
		.by = id_is_zero(s->author) ? SV_NONE : member_login(c, s->author),
		.at = page_time(c, s->finished_at),
		.age = age_words(c, s),
		.uncertain = reading.may_be_child,
		.act = act_words(c, s->act),
		.act_source = page_label(c, "answer_sources", s->act_source),
		.elements = elements,
		.remarks = remarks ? s->remarks : SV_NONE,
	};
	if (s->grid == NULL)
		return v;
	if (s->grid->dimension_count == 0) {
		draw_list(c, s, v);
		return v;
	}
	draw_element(c, s, &reading, ELEMENT_MEANS, &elements[0]);
	draw_element(c, s, &reading, ELEMENT_PURPOSE, &elements[1]);
	v->elements_n = 2;
	draw_lit(c, s, &reading, v);
	return v;
}

const struct tpl_screening_law *screening_law(struct ctx *c, const struct screening_view *s)
{
	struct tpl_screening_law *v = ARENA_NEW(c->arena, struct tpl_screening_law);
	struct reading reading;

	screening_read(s, &reading);
	v->child = !reading.means_needed;
	return v;
}

static struct sv proposal(const struct ctx *c, const struct screening_view *s, bool report)
{
	struct reading reading;

	screening_read(s, &reading);
	if (reading.whole && report)
		return page_say(c, MSG_SCREENING_PROPOSAL_REPORT);
	if (reading.whole)
		return page_say(c, reading.means_needed ? MSG_SCREENING_PROPOSAL_WHOLE : MSG_SCREENING_PROPOSAL_CHILD);
	if (reading.act_open || reading.purpose_open || (reading.means_needed && reading.means_open))
		return page_say(c, MSG_SCREENING_PROPOSAL_OPEN);
	return page_say(c, MSG_SCREENING_PROPOSAL_NONE);
}

/* --- pages ------------------------------------------------------------------------------------------------------------------- */

static void draw_older(struct ctx *c, const struct request *r, const struct screening_view *all, size_t n, struct id shown,
		       struct tpl_screening_end *v)
{
	struct tpl_screening_end_row *rows = ARENA_ARRAY(c->arena, struct tpl_screening_end_row, n);

	for (size_t i = n; i-- > 0;)
		if (all[i].finished && !id_equal(all[i].id, shown))
			rows[v->older_n++] = (struct tpl_screening_end_row){
				.href = page_path(c, r, "/screening/%s", page_id(c, all[i].id).p),
				.at = page_time(c, all[i].finished_at),
				.by = member_login(c, all[i].author),
			};
	v->older = rows;
}

/* newest: what may be done next is offered beside it. */
static enum status draw_end(struct ctx *c, const struct request *r, const struct screening_place *p, const struct screening_view *s,
			    bool newest, struct response *out)
{
	bool writes = policy_may(c->who->roles, EXPLOIT, OP_WRITE);
	struct screening_view *all;
	struct tpl_screening_end v = {
		.head = page_head(c, r, MSG_SCREENING_END, p->report ? MENU_QUEUE : MENU_FILES),
		.foot = page_foot(c, r),
		.reading = screening_reading(c, s, true),
		.law = screening_law(c, s),
		.back = p->back,
		.back_text = p->name,
		.proposal = proposal(c, s, p->report),
	};
	size_t n;

	if (newest && writes)
		v.new_one = screening_path(c, r, p, "screening?again=1");
	if (newest && !p->report && case_may(p->head.row.state, CASE_PRESUMED, c->who->roles))
		v.decide = screening_path(c, r, p, "presumption");
	TRY(screening_list(c, p->id, &all, &n));
	draw_older(c, r, all, n, s->id, &v);
	render_screening_end(&out->body, c->language, &v);
	return OK;
}

static enum status end(struct ctx *c, const struct request *r, bool report, struct response *out)
{
	struct screening_place place;
	struct screening_view *all;
	size_t n;

	TRY(screening_place(c, r, r->path_id, report, &place));
	TRY(screening_list(c, r->path_id, &all, &n));
	while (n > 0 && !all[n - 1].finished)
		n--;
	if (n == 0)
		return ERR(c, E_NOTFOUND, "there is no finished screening");
	return draw_end(c, r, &place, &all[n - 1], true, out);
}

static enum status end_file(struct ctx *c, const struct request *r, struct response *out)
{
	return end(c, r, false, out);
}

static enum status end_report(struct ctx *c, const struct request *r, struct response *out)
{
	return end(c, r, true, out);
}

/* An older one, as it stood. */
static enum status one(struct ctx *c, const struct request *r, struct response *out)
{
	struct screening_place place;
	struct screening_view s;
	struct case_row row;
	bool report;

	TRY(screening_load(c, r->path_id, &s));
	if (!s.finished)
		return ERR(c, E_NOTFOUND, "the screening is still under way");
	report = case_row_load(c, s.dossier, &row) == E_NOTFOUND;
	c->error = (struct error){ .status = OK };
	TRY(screening_place(c, r, s.dossier, report, &place));
	return draw_end(c, r, &place, &s, false, out);
}

/* --- the section on other pages ---------------------------------------------------------------------------------------------- */

enum message decision_state_words(enum decision_state s)
{
	static const enum message words[] = {
		[DECISION_MADE] = MSG_SCREENING_STATE_MADE,           [DECISION_PROVISIONAL] = MSG_SCREENING_STATE_PROVISIONAL,
		[DECISION_SENT_BACK] = MSG_SCREENING_STATE_SENT_BACK, [DECISION_SIGNED] = MSG_SCREENING_STATE_SIGNED,
		[DECISION_RETURNED] = MSG_SCREENING_STATE_RETURNED,
	};

	return words[s];
}

static void section_screenings(struct ctx *c, const struct request *r, const struct screening_place *p, bool writes,
			       struct tpl_screening_section *v, struct tpl_screening_section_row *rows)
{
	struct screening_view *all;
	size_t n;

	if (screening_list(c, p->id, &all, &n) != OK)
		return;
	for (size_t i = 0; i < n; i++)
		rows[v->rows_n++] = (struct tpl_screening_section_row){
			.href = all[i].finished ? page_path(c, r, "/screening/%s", page_id(c, all[i].id).p) : SV_NONE,
			.what = page_say(c, MSG_SCREENING_TITLE),
			.state = page_say(c, all[i].finished ? MSG_SCREENING_STATE_FINISHED : MSG_SCREENING_STATE_UNDER_WAY),
			.at = page_time(c, all[i].finished ? all[i].finished_at : all[i].started_at),
		};
	v->label = n == 0 ? MSG_SCREENING_START : all[n - 1].finished ? MSG_SCREENING_LOOK : MSG_SCREENING_GO_ON;
	if (writes)
		v->screen = screening_path(c, r, p, "screening");
	else if (n > 0 && all[n - 1].finished)
		v->screen = screening_path(c, r, p, "screening/end");
}

static void section_decisions(struct ctx *c, const struct request *r, const struct screening_place *p,
			      struct tpl_screening_section *v, struct tpl_screening_section_row *rows)
{
	struct decision_view *all;
	size_t n;

	if (p->report || decision_list(c, p->id, &all, &n) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct decision_row *d = &all[i].row;
		bool waits = d->due_hour > 0;

		rows[v->rows_n++] = (struct tpl_screening_section_row){
			.href = page_path(c, r, "/decision/%s", page_id(c, d->id).p),
			.what = page_label(c, "decision_kinds", decision_kind_word(d->kind)),
			.state = page_say(c, decision_state_words(d->state)),
			.at = waits ? page_clock(c, d->due_hour) : page_time(c, all[i].first.at),
			.late = waits && d->due_hour < c->now,
		};
	}
}

#define SECTION_ROWS 400

const struct tpl_screening_section *screening_section(struct ctx *c, const struct request *r, struct id dossier, bool report)
{
	struct tpl_screening_section *v = ARENA_NEW(c->arena, struct tpl_screening_section);
	struct tpl_screening_section_row *rows = ARENA_ARRAY(c->arena, struct tpl_screening_section_row, SECTION_ROWS);
	struct screening_place p = { .id = dossier, .report = report };
	bool writes = policy_may(c->who->roles, EXPLOIT, OP_WRITE) && ctx_can(c, ROLE_CASE_MANAGER);
	struct error before = c->error;
	struct case_row row;

	if (!policy_may(c->who->roles, EXPLOIT, OP_READ))
		return NULL;
	v->rows = rows;
	v->label = MSG_SCREENING_START;
	if (report)
		writes = writes && report_worked_on(c, dossier) == OK;
	else if (case_row_load(c, dossier, &row) == OK) {
		v->presume = case_may(row.state, CASE_PRESUMED, c->who->roles) ? screening_path(c, r, &p, "presumption") : SV_NONE;
		v->denounce = writes && row.state != CASE_CLOSED && row.state != CASE_OPEN_SCREENING
				      ? screening_path(c, r, &p, "denunciation")
				      : SV_NONE;
		writes = writes && row.state != CASE_CLOSED && row.state != CASE_SUSPENDED;
	}
	section_screenings(c, r, &p, writes, v, rows);
	if (v->label != MSG_SCREENING_LOOK)
		v->presume = SV_NONE;
	section_decisions(c, r, &p, v, rows);
	c->error = before;
	return v->rows_n > 0 || v->screen.n > 0 ? v : NULL;
}

static const struct route rows_end[] = {
	ROUTE0(GET, SITE_STAFF, "/file/{id}/screening/end", end_file, MAY(EXPLOIT, OP_READ)),
	ROUTE0(GET, SITE_STAFF, "/reports/{id}/screening/end", end_report, MAY(EXPLOIT, OP_READ)),
	ROUTE0(GET, SITE_STAFF, "/screening/{id}", one, MAY(EXPLOIT, OP_READ)),
};
const struct routes page_screening_end = { rows_end, sizeof(rows_end) / sizeof(rows_end[0]) };
