/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screening while it is worked on: one record, written again until it is finished. Each save compares every answer with the one that
 * stands: what stays keeps who gave it and when. A finished one is never written again; a second look begins with its answers in a new
 * row. The grid's reading is kept for statistics at the end. */
#include "domain/screening/room.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/casefile/casefile.h"
#include "domain/intake/intake.h"
#include "domain/intake/types.h"
#include "domain/statistics/statistics.h"
#include "record/once.h"

/* --- ids as text -------------------- */

struct sv screening_hex(struct ctx *c, struct id id)
{
	return id_is_zero(id) ? SV_NONE : hex(c->arena, id_view(&id));
}

struct id screening_id(struct sv text)
{
	struct id none = ID_ZERO, id;

	return id_parse(text, &id) ? id : none;
}

/* --- from the record --------------------------------------------------------------------------------------------------------- */

void screening_view_of(const struct record *r, struct screening_view *out)
{
	*out = (struct screening_view){
		.id = r->id,
		.dossier = r->dossier,
		.version = r->version,
		.finished = record_has(r, SCREENING_finished_at),
		.grid = grid_of(record_text(r, SCREENING_grid)),
		.second = grid_of(record_text(r, SCREENING_second_grid)),
		.grid_version = record_text(r, SCREENING_grid_version),
		.minor = record_text(r, SCREENING_minor),
		.act = record_text(r, SCREENING_act),
		.age_basis = record_text(r, SCREENING_age_basis),
		.act_source = record_text(r, SCREENING_act_source),
		.remarks = record_text(r, SCREENING_remarks),
		.started_at = record_number(r, SCREENING_started_at),
		.finished_at = record_number(r, SCREENING_finished_at),
		.author = screening_id(record_text(r, SCREENING_author)),
		.earlier = screening_id(record_text(r, SCREENING_earlier)),
	};
	(void)answers_read(record_text(r, SCREENING_answers), &out->answers);
	(void)answers_read(record_text(r, SCREENING_second_answers), &out->lit);
}

enum status screening_list(struct ctx *c, struct id dossier, struct screening_view **out, size_t *n)
{
	struct record *records;

	TRY(record_load_dossier(c, &screening_type, dossier, &records, n));
	*out = ARENA_ARRAY(c->arena, struct screening_view, *n);
	for (size_t i = 0; i < *n; i++)
		screening_view_of(&records[i], &(*out)[i]);
	return OK;
}

enum status screening_load(struct ctx *c, struct id screening, struct screening_view *out)
{
	struct record *r;

	TRY(record_load(c, &screening_type, screening, &r));
	screening_view_of(r, out);
	return OK;
}

enum status screening_newest(struct ctx *c, struct id dossier, struct screening_view *out)
{
	struct screening_view *all;
	size_t n;

	TRY(screening_list(c, dossier, &all, &n));
	while (n > 0 && !all[n - 1].finished)
		n--;
	if (n == 0)
		return ERR(c, E_STATE, "there is no finished screening");
	*out = all[n - 1];
	return OK;
}

/* --- beginning --------------------------------------------------------------------------------------------------------------- */

/* The grid read beside this one: the first list that refers to it. */
static const struct grid *second_of(const struct grid *g)
{
	for (size_t i = 0; i < grid_count(); i++)
		if (grid_at(i)->related == g)
			return grid_at(i);
	for (size_t i = 0; i < grid_count(); i++)
		if (grid_at(i)->related != NULL && sv_equal(grid_at(i)->related->code, g->code))
			return grid_at(i);
	return NULL;
}

/* With the same grid all answers come along; what is known of age and act always does. */
static void begin_from(const struct screening_view *earlier, struct screening_view *out)
{
	const struct grid *grid = out->grid;

	out->earlier = earlier->id;
	out->minor = earlier->minor;
	out->age_basis = earlier->age_basis;
	out->act = earlier->act;
	out->act_source = earlier->act_source;
	if (earlier->grid != grid)
		return;
	out->answers = earlier->answers;
	if (earlier->second == out->second)
		out->lit = earlier->lit;
}

enum status screening_begin(struct ctx *c, struct id dossier, struct sv grid, struct sv minor, struct screening_view *out)
{
	struct screening_view *all;
	size_t n;

	TRY(screening_list(c, dossier, &all, &n));
	if (n > 0 && !all[n - 1].finished) {
		*out = all[n - 1];
		return OK;
	}
	*out = (struct screening_view){ .dossier = dossier, .minor = minor, .grid = grid.n == 0 ? grid_at(0) : grid_of(grid) };
	if (out->grid == NULL)
		return ERR(c, E_NOTFOUND, "no grid of this code");
	out->grid_version = out->grid->version;
	out->second = second_of(out->grid);
	if (n > 0)
		begin_from(&all[n - 1], out);
	return OK;
}

/* --- reading ----------------------------------------------------------------------------------------------------------------- */

static enum answer answer_of(struct sv word)
{
	return sv_is(word, "yes") ? ANSWER_YES : sv_is(word, "no") ? ANSWER_NO : ANSWER_UNKNOWN;
}

static void read_elements(const struct screening_view *s, struct reading *out)
{
	enum answer act = answer_of(s->act);

	for (size_t d = 0; d < s->grid->dimension_count; d++) {
		bool purpose = s->grid->element[d] == ELEMENT_PURPOSE;

		out->supported[d] = out->score.dimensions[d] == DIMENSION_POSITIVE;
		out->open[d] = out->score.dimensions[d] == DIMENSION_OPEN;
		*(purpose ? &out->purpose : &out->means) |= out->supported[d];
		*(purpose ? &out->purpose_open : &out->means_open) |= out->open[d];
	}
	out->act = act == ANSWER_YES;
	out->act_open = act == ANSWER_UNKNOWN;
	out->purpose_open &= !out->purpose;
	out->means_open &= !out->means;
	out->means_needed = out->score.profile == PROFILE_ADULT;
	out->may_be_child = out->score.age_uncertain;
	out->whole = out->score.result == RESULT_PRESUMED;
}

void screening_read(const struct screening_view *s, struct reading *out)
{
	enum answer minor = answer_of(s->minor);
	struct screening in = { .age = minor == ANSWER_YES  ? AGE_CHILD
				       : minor == ANSWER_NO ? AGE_ADULT
							    : AGE_UNKNOWN,
				.act = answer_of(s->act) };

	*out = (struct reading){ .means_needed = true };
	if (s->grid == NULL)
		return;
	answers_place(&s->answers, s->grid, in.answers);
	if (s->grid->rule == RULE_ILO2009) {
		out->score = score_ilo2009(s->grid, &in);
		read_elements(s, out);
	}
	if (s->second != NULL) {
		struct screening beside = { .age = in.age };
		struct list_score list;

		answers_place(&s->lit, s->second, beside.answers);
		for (size_t i = 0; i < INDICATORS_MAX; i++)
			beside.related[i] = in.answers[i];
		list = score_list(s->second, &beside);
		for (size_t i = 0; i < INDICATORS_MAX; i++)
			out->lit[i] = list.lit[i];
	}
}

/* --- writing ----------------------------------------------------------------------------------------------------------------- */

/* One answer into the new set: as it stood when nothing of it changed, else as given now by this actor. */
static bool put_answer(struct ctx *c, const struct answers *before, struct sv code, enum answer answer, enum source source,
		       struct answers *out)
{
	const struct given *was = answers_find(before, code);

	if (answer == ANSWER_UNKNOWN)
		return true;
	if (was != NULL && was->answer == answer && was->source == source)
		return answers_add(out, code, answer, source, before->authors[was->author], was->minute);
	return answers_add(out, code, answer, source, c->who->user, c->now / MINUTE_MS);
}

static enum status take_answers(struct ctx *c, const struct screening_in *in, const struct grid *g, const struct answers *before,
				struct answers *out)
{
	*out = (struct answers){ .n = 0 };
	for (size_t i = 0; i < g->indicator_count; i++) {
		enum source source = SOURCE_INTERVIEW;

		if (in->source[i].n > 0 && !source_parse(in->source[i], &source))
			return ctx_input(c, "source", "error.code", 0);
		if (!put_answer(c, before, g->indicators[i].code, answer_of(in->answer[i]), source, out))
			return ERR(c, E_LIMIT, "too many people answered one screening");
	}
	return OK;
}

/* Items of the second grid: by hand alone; those that answers light are never written. */
static enum status take_lit(struct ctx *c, const struct screening_in *in, const struct grid *g, const struct answers *before,
			    struct answers *out)
{
	*out = (struct answers){ .n = 0 };
	for (size_t i = 0; g != NULL && i < g->indicator_count; i++)
		if (!put_answer(c, before, g->indicators[i].code, in->lit[i] ? ANSWER_YES : ANSWER_UNKNOWN, SOURCE_OBSERVATION,
				out))
			return ERR(c, E_LIMIT, "too many people answered one screening");
	return OK;
}

static enum status enter(struct ctx *c, struct record *r, uint16_t number, struct sv typed, enum status *worst)
{
	enum status s = record_enter(c, r, number, typed);

	if (s != OK && s != E_INPUT)
		return s;
	if (s != OK)
		*worst = s;
	return OK;
}

static enum status enter_facts(struct ctx *c, struct record *r, const struct screening_in *in)
{
	enum status worst = OK;

	TRY(enter(c, r, SCREENING_minor, in->minor, &worst));
	TRY(enter(c, r, SCREENING_age_basis, in->age_basis, &worst));
	TRY(enter(c, r, SCREENING_act, in->act, &worst));
	TRY(enter(c, r, SCREENING_act_source, in->act_source, &worst));
	TRY(enter(c, r, SCREENING_remarks, in->remarks, &worst));
	return worst;
}

static void set_word(struct record *r, uint16_t number, bool yes)
{
	record_set_text(r, number, yes ? SV("yes") : SV("no"));
}

/* What the grid reads at the end, for statistics. */
static void keep_result(struct ctx *c, struct record *r)
{
	struct screening_view now;
	struct reading reading;

	screening_view_of(r, &now);
	screening_read(&now, &reading);
	record_set_number(r, SCREENING_finished_at, c->now);
	if (now.grid == NULL || now.grid->rule != RULE_ILO2009)
		return;
	record_set_text(r, SCREENING_result, sv_of(result_code(reading.score.result)));
	set_word(r, SCREENING_ilo_strict, reading.score.ilo_strict);
	set_word(r, SCREENING_coercion, reading.score.coercion);
	set_word(r, SCREENING_age_uncertain, reading.score.age_uncertain);
}

static void new_head(struct ctx *c, struct record *r, const struct screening_view *begun)
{
	record_set_text(r, SCREENING_grid, begun->grid->code);
	record_set_text(r, SCREENING_grid_version, begun->grid->version);
	if (begun->second != NULL) {
		record_set_text(r, SCREENING_second_grid, begun->second->code);
		record_set_text(r, SCREENING_second_version, begun->second->version);
	}
	record_set_text(r, SCREENING_earlier, screening_hex(c, begun->earlier));
	record_set_text(r, SCREENING_author, screening_hex(c, c->who->user));
	record_set_number(r, SCREENING_started_at, c->now);
}

/* The record to write and what stood before. A new one is stale when another was begun in between. */
static enum status record_begin(struct ctx *c, const struct screening_in *in, struct record **r, struct screening_view *before)
{
	if (!id_is_zero(in->screening)) {
		TRY(record_load(c, &screening_type, in->screening, r));
		if (!id_equal((*r)->dossier, in->dossier))
			return ERR(c, E_NOTFOUND, "no such screening here");
		screening_view_of(*r, before);
		if (before->finished)
			return ERR(c, E_STATE, "a finished screening is not written again");
		return record_same_version(c, *r, in->version);
	}
	TRY(screening_begin(c, in->dossier, in->grid, SV_NONE, before));
	if (!id_is_zero(before->id))
		return ERR(c, E_STALE, "a screening was begun since this was shown");
	*r = record_new(c, &screening_type, in->dossier);
	new_head(c, *r, before);
	return OK;
}

/* The file or report must be one that is worked on. */
static enum status dossier_open(struct ctx *c, const struct screening_in *in)
{
	struct case_row row;

	if (in->report)
		return report_worked_on(c, in->dossier);
	TRY(case_row_load(c, in->dossier, &row));
	if (row.state == CASE_CLOSED || row.state == CASE_SUSPENDED)
		return ERR(c, E_STATE, "the file is closed or on hold");
	return OK;
}

/* The count id of the file or report, so that one person is counted once. */
static enum status count_id(struct ctx *c, const struct screening_in *in, struct sv *out)
{
	struct record *head;

	TRY(record_load(c, in->report ? &report_type : &casefile_type, in->dossier, &head));
	*out = in->report ? record_text(head, REPORT_count_id) : record_text(head, CASEFILE_count_id);
	return OK;
}

static enum status finished(struct ctx *c, const struct screening_in *in, const struct record *r)
{
	struct stat_event e = { .code = STAT_SCREENING, .at = c->now, .child = record_text(r, SCREENING_minor) };

	TRY(count_id(c, in, &e.count_id));
	TRY(stat_emit(c, &e));
	if (in->report)
		return OK;
	TRY(case_event(c, in->dossier, "screened", SV_NONE, SV_NONE));
	return task_done(c, in->dossier, "screening_due");
}

struct saving {
	const struct screening_in *in;
	struct once *once;
};

static enum status save_in(struct ctx *c, const void *arg)
{
	const struct saving *s = arg;
	const struct screening_in *in = s->in;
	struct answers answers, lit;
	struct screening_view before;
	struct record *r;
	enum status facts;

	TRY(dossier_open(c, in));
	TRY(record_begin(c, in, &r, &before));
	if (before.grid == NULL)
		return ERR(c, E_STATE, "this deployment has the grid no more");
	facts = enter_facts(c, r, in);
	TRY(take_answers(c, in, before.grid, &before.answers, &answers));
	TRY(take_lit(c, in, before.second, &before.lit, &lit));
	TRY(facts);
	record_set_text(r, SCREENING_answers, answers_text(c->arena, &answers));
	record_set_text(r, SCREENING_second_answers, answers_text(c->arena, &lit));
	if (in->finish)
		keep_result(c, r);
	s->once->result = screening_hex(c, r->id);
	TRY(record_save(c, r));
	return in->finish ? finished(c, in, r) : OK;
}

enum status screening_save(struct ctx *c, const struct screening_in *in, struct id *screening)
{
	struct once once = { .key = in->key };
	struct saving s = { in, &once };

	TRY(once_run(c, "screening.save", save_in, &s, &once));
	return id_parse(once.result, screening) ? OK : ERR(c, E_BUG, "a save without its screening");
}
