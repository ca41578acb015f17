/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid: every part on one page, one part at a time on a phone. Without script each step is a save; with script it is kept as a draft
 * besides. "Not known" is chosen until somebody says otherwise, and the source of an answer is asked once there is one. */
#include "web/page/screening.h"

#include "domain/intake/intake.h"
#include "policy/policy.h"
#include "web/form.h"
#include "web/page/desk.h"

#include <string.h>

#define ROW1(i)                                                                                                   \
	PARAM(struct screening_form, answer[i], P_TEXT, 10), PARAM(struct screening_form, source[i], P_TEXT, 20), \
		PARAM(struct screening_form, lit[i], P_FLAG, 0)
#define ROW8(a, b, d, e, f, g, h, i) ROW1(a), ROW1(b), ROW1(d), ROW1(e), ROW1(f), ROW1(g), ROW1(h), ROW1(i)
#define FORM_INDICATORS 88

struct screening_form {
	uint32_t version;
	struct key16 once;
	struct id screening;
	struct sv go, step, grid, minor, age_basis, act, act_source, remarks;
	struct sv answer[FORM_INDICATORS], source[FORM_INDICATORS];
	bool lit[FORM_INDICATORS];
};
static const struct param form_params[] = {
	PARAM(struct screening_form, version, P_U32, UINT32_MAX),
	PARAM(struct screening_form, once, P_KEY16, 0),
	PARAM(struct screening_form, screening, P_ID, 0),
	PARAM(struct screening_form, go, P_TEXT, 8),
	PARAM(struct screening_form, step, P_TEXT, 8),
	PARAM(struct screening_form, grid, P_TEXT, 40),
	PARAM(struct screening_form, minor, P_TEXT, 20),
	PARAM(struct screening_form, age_basis, P_CODE, 0, .codes = "age_evidence"),
	PARAM(struct screening_form, act, P_TEXT, 20),
	PARAM(struct screening_form, act_source, P_CODE, 0, .codes = "answer_sources"),
	PARAM(struct screening_form, remarks, P_LONG, 4000),
	ROW8(0, 1, 2, 3, 4, 5, 6, 7),
	ROW8(8, 9, 10, 11, 12, 13, 14, 15),
	ROW8(16, 17, 18, 19, 20, 21, 22, 23),
	ROW8(24, 25, 26, 27, 28, 29, 30, 31),
	ROW8(32, 33, 34, 35, 36, 37, 38, 39),
	ROW8(40, 41, 42, 43, 44, 45, 46, 47),
	ROW8(48, 49, 50, 51, 52, 53, 54, 55),
	ROW8(56, 57, 58, 59, 60, 61, 62, 63),
	ROW8(64, 65, 66, 67, 68, 69, 70, 71),
	ROW8(72, 73, 74, 75, 76, 77, 78, 79),
	ROW8(80, 81, 82, 83, 84, 85, 86, 87),
};
static const struct page_name names[] = {
	{ "minor", MSG_SCREENING_MINOR },           { "age_basis", MSG_SCREENING_AGE_BASIS }, { "act", MSG_SCREENING_ACT },
	{ "act_source", MSG_SCREENING_ACT_SOURCE }, { "remarks", MSG_SCREENING_REMARKS },
};

/* --- the place --------------------------------------------------------------------------------------------------------------- */

static struct sv minor_of(const struct case_head *h)
{
	if (h->facts.age_bracket.n == 0 || sv_is(h->facts.age_doubt, "yes"))
		return SV_NONE;
	return h->child ? SV("yes") : SV("no");
}

enum status screening_place(struct ctx *c, const struct request *r, struct id dossier, bool report, struct screening_place *out)
{
	struct report_view view;

	*out = (struct screening_place){ .id = dossier, .report = report };
	if (report) {
		TRY(report_load(c, dossier, &view));
		out->name = page_mark(c, dossier);
		out->minor = view.head.facts.child;
		out->back = page_path(c, r, "/reports/%s", page_id(c, dossier).p);
		return OK;
	}
	TRY(case_load(c, dossier, &out->head));
	out->name = out->head.name;
	out->minor = minor_of(&out->head);
	out->back = page_path(c, r, "/file/%s", page_id(c, dossier).p);
	return OK;
}

struct sv screening_path(const struct ctx *c, const struct request *r, const struct screening_place *p, const char *more)
{
	return page_path(c, r, "/%s/%s/%s", p->report ? "reports" : "file", page_id(c, p->id).p, more);
}

/* --- the form ---------------------------------------------------------------------------------------------------------------- */

/* The field's name with its number: "answer[12]". */
static const char *numbered(const struct ctx *c, const char *field, size_t i)
{
	return arena_format(c->arena, "%s[%zu]", field, i).p;
}

struct drawing {
	struct ctx *c;
	const struct request *r;
	const struct screening_view *s;
	struct sv at; /* the step shown on a phone */
	bool came;    /* typed values are shown */
};

static struct sv now_or(const struct drawing *d, const char *field, size_t i, struct sv stored)
{
	struct sv came = d->came ? typed(d->c, d->r, numbered(d->c, field, i)) : SV_NONE;

	return came.p != NULL ? came : stored;
}

static bool draw_ask(const struct drawing *d, size_t i, struct tpl_screening_form_ask *out)
{
	const struct indicator *in = &d->s->grid->indicators[i];
	const struct given *given = answers_find(&d->s->answers, in->code);
	struct sv stored = given == NULL ? SV_NONE : given->answer == ANSWER_YES ? SV("yes") : SV("no");
	struct sv answer = now_or(d, "answer", i, stored);
	struct sv source = now_or(d, "source", i, given == NULL ? SV_NONE : source_code(given->source));

	*out = (struct tpl_screening_form_ask){
		.n = page_number(d->c, (int64_t)i),
		.text = screening_label(d->c, in),
		.y = sv_is(answer, "yes"),
		.no_ = sv_is(answer, "no"),
		.report_ = sv_is(source, "report"),
		.document_ = sv_is(source, "document"),
		.observation_ = sv_is(source, "observation"),
	};
	out->u = !out->y && !out->no_;
	return !out->u;
}

static struct sv done_words(const struct ctx *c, size_t answered, size_t all)
{
	struct sv args[] = { page_number(c, (int64_t)answered), page_number(c, (int64_t)all) };

	return answered == 0 ? page_fill(c, MSG_SCREENING_DONE_NONE, &args[1], 1) : page_fill(c, MSG_SCREENING_DONE, args, 2);
}

/* Does this profile's list have the indicator? An age not known has both. */
static bool on_list(const struct screening_view *s, const struct indicator *in)
{
	if (s->grid->rule == RULE_LIST)
		return true;
	if (sv_is(s->minor, "yes"))
		return in->strength[PROFILE_CHILD] != STRENGTH_NONE;
	if (sv_is(s->minor, "no"))
		return in->strength[PROFILE_ADULT] != STRENGTH_NONE;
	return in->strength[PROFILE_CHILD] != STRENGTH_NONE || in->strength[PROFILE_ADULT] != STRENGTH_NONE;
}

static void draw_dimension(const struct drawing *d, size_t k, struct tpl_screening_form_dimension *out)
{
	const struct grid *g = d->s->grid;
	struct tpl_screening_form_ask *asks = ARENA_ARRAY(d->c->arena, struct tpl_screening_form_ask, g->indicator_count);
	bool means = k < g->dimension_count && g->element[k] == ELEMENT_MEANS;
	size_t answered = 0;

	*out = (struct tpl_screening_form_dimension){ .asks = asks };
	for (size_t i = 0; i < g->indicator_count; i++)
		if ((g->dimension_count == 0 || g->indicators[i].dimension == k) && on_list(d->s, &g->indicators[i]))
			answered += draw_ask(d, i, &asks[out->asks_n++]);
	out->id = arena_format(d->c->arena, "part-%zu", k + 1);
	out->step = page_number(d->c, (int64_t)k + 1);
	out->back_to = page_number(d->c, (int64_t)k);
	out->next = page_number(d->c, (int64_t)k + 2);
	out->title = g->dimension_count == 0 ? screening_grid_label(d->c, g) : g->dimension_label[k][d->c->language];
	if (g->dimension_count > 0)
		out->element = page_say(d->c, means ? MSG_SCREENING_ELEMENT_MEANS : MSG_SCREENING_ELEMENT_PURPOSE);
	out->done = done_words(d->c, answered, out->asks_n);
	out->skipped = means && sv_is(d->s->minor, "yes");
	out->folded = out->skipped && answered == 0;
}

static void draw_steps(const struct drawing *d, struct tpl_screening_form *v)
{
	struct tpl_screening_form_step *steps = ARENA_ARRAY(d->c->arena, struct tpl_screening_form_step, v->dimensions_n + 2);
	bool chosen = false;

	for (size_t i = 0; i < v->dimensions_n + 2; i++) {
		struct sv id = page_number(d->c, (int64_t)i);

		steps[i] = (struct tpl_screening_form_step){
			.id = id,
			.n = page_number(d->c, (int64_t)i + 1),
			.label = i == 0                ? page_say(d->c, MSG_SCREENING_BEGIN)
				 : i > v->dimensions_n ? page_say(d->c, MSG_SCREENING_END_STEP)
						       : v->dimensions[i - 1].title,
			.on = sv_equal(d->at, id),
		};
		chosen = chosen || steps[i].on;
	}
	steps[0].on = steps[0].on || !chosen;
	v->steps = steps;
	v->steps_n = v->dimensions_n + 2;
	v->second_step = page_number(d->c, (int64_t)v->dimensions_n + 1);
	v->second_back = page_number(d->c, (int64_t)v->dimensions_n);
}

static void draw_items(const struct drawing *d, struct tpl_screening_form *v)
{
	const struct grid *g = d->s->second;
	struct tpl_screening_form_item *items;
	struct reading reading;

	if (g == NULL)
		return;
	screening_read(d->s, &reading);
	items = ARENA_ARRAY(d->c->arena, struct tpl_screening_form_item, g->indicator_count);
	for (size_t i = 0; i < g->indicator_count; i++) {
		bool stored = answers_find(&d->s->lit, g->indicators[i].code) != NULL;
		bool on = d->came ? typed(d->c, d->r, numbered(d->c, "lit", i)).p != NULL : stored;

		items[i] = (struct tpl_screening_form_item){ .n = page_number(d->c, (int64_t)i),
							     .text = screening_label(d->c, &g->indicators[i]),
							     .on = on,
							     .lit = reading.lit[i] && !stored };
	}
	v->items = items;
	v->items_n = g->indicator_count;
	v->second = screening_grid_label(d->c, g);
}

static void draw_begin(const struct drawing *d, struct tpl_screening_form *v)
{
	struct ctx *c = d->c;
	struct tpl_shared_field *remarks;

	v->minor_field = field_yes_no(c, d->r, "minor", MSG_SCREENING_MINOR, d->s->minor);
	v->basis_field = field_select(c, d->r, "age_basis", MSG_SCREENING_AGE_BASIS, "age_evidence", d->s->age_basis);
	v->act_field = field_yes_no(c, d->r, "act", MSG_SCREENING_ACT, d->s->act);
	v->act_source_field = field_select(c, d->r, "act_source", MSG_SCREENING_ACT_SOURCE, "answer_sources", d->s->act_source);
	remarks = field_lines(c, d->r, "remarks", MSG_SCREENING_REMARKS, d->s->remarks);
	remarks->hint = page_say(c, MSG_SCREENING_REMARKS_HINT);
	v->remarks_field = remarks;
}

/* A choice of grid only where nothing is written yet. */
static void draw_grids(const struct drawing *d, struct tpl_screening_form *v)
{
	struct tpl_screening_form_choice *choices = ARENA_ARRAY(d->c->arena, struct tpl_screening_form_choice, grid_count());

	v->grid = d->s->grid->code;
	v->grid_label = screening_grid_label(d->c, d->s->grid);
	if (!id_is_zero(d->s->id))
		return;
	v->grids = choices;
	for (size_t i = 0; i < grid_count(); i++)
		choices[v->grids_n++] = (struct tpl_screening_form_choice){ grid_at(i)->code,
									    screening_grid_label(d->c, grid_at(i)),
									    grid_at(i) == d->s->grid };
	if (v->grids_n < 2 || d->s->answers.n > 0)
		v->grids_n = 0;
}

static enum status draw_form(const struct drawing *d, const struct screening_place *p, struct response *out)
{
	struct ctx *c = d->c;
	size_t n = d->s->grid->dimension_count == 0 ? 1 : d->s->grid->dimension_count;
	struct tpl_screening_form_dimension *dimensions = ARENA_ARRAY(c->arena, struct tpl_screening_form_dimension, n);
	struct screening_view earlier;
	struct tpl_screening_form v = {
		.head = page_head(c, d->r, MSG_SCREENING_TITLE, p->report ? MENU_QUEUE : MENU_FILES),
		.foot = page_foot(c, d->r),
		.errors = page_errors(c, names, sizeof(names) / sizeof(names[0])),
		.back = p->back,
		.back_text = p->name,
		.action = screening_path(c, d->r, p, "screening"),
		.csrf = csrf_text(c),
		.once = page_once(c, d->r),
		.version = (int64_t)d->s->version,
		.screening = id_is_zero(d->s->id) ? SV_NONE : page_id(c, d->s->id),
		.said = page_say(c, p->report ? MSG_SCREENING_SEEN_REPORT : MSG_SCREENING_SEEN),
		.readers = readers_path(c, d->r, p->report ? READERS_REPORT : READERS_FILE, p->id, EXPLOIT),
		.dimensions = dimensions,
	};

	if (id_is_zero(d->s->id) && !id_is_zero(d->s->earlier) && screening_load(c, d->s->earlier, &earlier) == OK) {
		struct sv at = page_time(c, earlier.finished_at);

		v.again = page_fill(c, MSG_SCREENING_AGAIN, &at, 1);
	}
	for (size_t k = 0; k < n; k++) {
		draw_dimension(d, k, &dimensions[v.dimensions_n]);
		v.dimensions_n += dimensions[v.dimensions_n].asks_n > 0;
	}
	draw_begin(d, &v);
	draw_grids(d, &v);
	draw_steps(d, &v);
	draw_items(d, &v);
	render_screening_form(&out->body, c->language, &v);
	return OK;
}

/* --- handlers ---------------------------------------------------------------------------------------------------------------- */

struct shown_params {
	struct sv step, grid;
	bool again;
};
static const struct param shown_fields[] = {
	PARAM(struct shown_params, step, P_TEXT, 8),
	PARAM(struct shown_params, grid, P_TEXT, 40),
	PARAM(struct shown_params, again, P_FLAG, 0),
};

/* Is the newest one finished, and no new one wanted? Then its end is what there is to see. */
static bool to_the_end(const struct screening_view *s, const struct shown_params *in)
{
	return id_is_zero(s->id) && !id_is_zero(s->earlier) && !in->again;
}

static enum status show(struct ctx *c, const struct request *r, bool report, struct response *out)
{
	const struct shown_params *in = r->in;
	struct screening_place place;
	struct screening_view s;

	TRY(screening_place(c, r, r->path_id, report, &place));
	TRY(screening_begin(c, r->path_id, in->grid, place.minor, &s));
	if (s.grid == NULL)
		return ERR(c, E_STATE, "this deployment has the grid no more");
	if (to_the_end(&s, in))
		return response_go(
			c, r, out,
			arena_format(c->arena, "/%s/%s/screening/end", report ? "reports" : "file", page_id(c, r->path_id).p).p,
			NULL);
	return draw_form(&(struct drawing){ c, r, &s, in->step, false }, &place, out);
}

static enum status show_file(struct ctx *c, const struct request *r, struct response *out)
{
	return show(c, r, false, out);
}

static enum status show_report(struct ctx *c, const struct request *r, struct response *out)
{
	return show(c, r, true, out);
}

static void input_of(const struct ctx *c, const struct request *r, bool report, struct screening_in *in)
{
	const struct screening_form *f = r->in;

	*in = (struct screening_in){ .dossier = r->path_id,
				     .screening = f->screening,
				     .report = report,
				     .version = f->version,
				     .grid = f->grid,
				     .minor = f->minor,
				     .age_basis = f->age_basis,
				     .act = f->act,
				     .act_source = f->act_source,
				     .remarks = f->remarks,
				     .finish = sv_is(f->go, "end") };
	for (size_t i = 0; i < FORM_INDICATORS; i++) {
		in->answer[i] = f->answer[i];
		in->source[i] = f->source[i];
		in->lit[i] = f->lit[i];
	}
	form_key(c->arena, r->form, &f->once, "screening", NULL, in->key);
}

/* The form once more, with what was typed: something was wrong, or somebody saved in between. */
static enum status form_again_shown(struct ctx *c, const struct request *r, bool report, bool stale, struct response *out)
{
	const struct screening_form *f = r->in;
	struct screening_place place;
	struct screening_view s;

	c->error = (struct error){ .status = OK };
	TRY(screening_place(c, r, r->path_id, report, &place));
	TRY(screening_begin(c, r->path_id, f->grid, place.minor, &s));
	if (s.grid == NULL)
		return ERR(c, E_STATE, "this deployment has the grid no more");
	if (stale)
		(void)!ctx_input(c, "step", "screening.stale", 0);
	out->code = stale ? 409 : 422;
	return draw_form(&(struct drawing){ c, r, &s, f->step, true }, &place, out);
}

static enum status save(struct ctx *c, const struct request *r, bool report, struct response *out)
{
	const struct screening_form *f = r->in;
	const char *where = report ? "reports" : "file";
	struct screening_in in;
	struct id written;
	enum status s;

	input_of(c, r, report, &in);
	s = c->input_count > 0 ? E_INPUT : screening_save(c, &in, &written);
	if (s == E_INPUT || s == E_STALE)
		return form_again_shown(c, r, report, s == E_STALE, out);
	TRY(s);
	desk_sent(c, r);
	if (in.finish)
		return response_go(c, r, out, arena_format(c->arena, "/%s/%s/screening/end", where, page_id(c, r->path_id).p).p,
				   "screening.done_finished");
	return response_go(c, r, out,
			   arena_format(c->arena, "/%s/%s/screening?step=%.*s", where, page_id(c, r->path_id).p,
					(int)(sv_is(f->go, "stay") ? f->step : f->go).n, (sv_is(f->go, "stay") ? f->step : f->go).p)
				   .p,
			   "screening.done_saved");
}

static enum status save_file(struct ctx *c, const struct request *r, struct response *out)
{
	return save(c, r, false, out);
}

static enum status save_report(struct ctx *c, const struct request *r, struct response *out)
{
	return save(c, r, true, out);
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/file/{id}/screening", show_file, MAY(EXPLOIT, OP_WRITE), shown_fields, struct shown_params),
	ROUTE(GET, SITE_STAFF, "/reports/{id}/screening", show_report, MAY(EXPLOIT, OP_WRITE), shown_fields, struct shown_params),
	ROUTE(POST, SITE_STAFF, "/file/{id}/screening", save_file, MAY(EXPLOIT, OP_WRITE), form_params, struct screening_form,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(POST, SITE_STAFF, "/reports/{id}/screening", save_report, MAY(EXPLOIT, OP_WRITE), form_params, struct screening_form,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
const struct routes page_screening = { rows, sizeof(rows) / sizeof(rows[0]) };
