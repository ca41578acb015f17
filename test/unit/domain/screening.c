/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screening as people do it: answers in and out, the same reading after a save, a second one beside the first, the presumption with its two
 * signatures and its way back, and what is left of a screening that lay in a false alarm. */
#include "intake_kit.h"

#include <jansson.h>

#include "base/random.h"
#include "base/text.h"
#include "domain/casefile/casefile.h"
#include "domain/screening/screening.h"

#define DESK_C (&kit.road.desk)
#define CASE_C (&kit.road.second)
#define LEADS (&kit.supervisor)
#define OTHER (&kit.road.other)
#define MANAGER kit.road.noor.people[CASE_MANAGER].user
#define WELL(c, call)                                                                                            \
	do {                                                                                                     \
		enum status well = (call);                                                                       \
		if (well != OK)                                                                                  \
			fail_msg("%s: %s %s", status_name(well), (c)->error.what == NULL ? "" : (c)->error.what, \
				 (c)->input_count > 0 ? (c)->inputs[0].field : "");                              \
	} while (0)

/* --- hands ------------------------------------------------------------------------------------------------------------------- */

static struct id report_at_work(const char *text)
{
	struct id id = typed_in(DESK_C, text, "high");
	struct report_assign in = { act_on(DESK_C, id), MANAGER };

	WELL(DESK_C, report_assign(DESK_C, &in));
	return id;
}

static struct id file_open(const char *name)
{
	struct case_open in = { .head = { .working_name = sv_of(name) },
				.basis = { .basis = SV("informed_consent"),
					   .basis_explained = SV("the case manager"),
					   .basis_way = SV("voiced"),
					   .basis_language = SV("ary"),
					   .basis_day = SV("2026-02-09") } };
	struct id file;

	WELL(CASE_C, case_open(CASE_C, &in, &file));
	return file;
}

static void answer(struct screening_in *in, const struct grid *g, const char *code, const char *word, const char *source)
{
	int at = indicator_find(g, sv_of(code));

	assert_true(at >= 0);
	in->answer[at] = sv_of(word);
	in->source[at] = sv_of(source);
}

/* The domestic worker of the first story. */
static const char *const first_story[] = { "D1.01", "D1.02", "D3.01", "D3.03", "D3.06", "D4.01", "D4.02",
					   "D4.04", "D5.01", "D5.03", "D6.01", "D6.02", "D6.03" };

static struct screening_in full(struct id dossier, bool report)
{
	struct screening_in in = { .dossier = dossier,
				   .report = report,
				   .minor = SV("no"),
				   .age_basis = SV("declared"),
				   .act = SV("yes"),
				   .act_source = SV("interview"),
				   .finish = true };

	for (size_t i = 0; i < sizeof(first_story) / sizeof(first_story[0]); i++)
		answer(&in, grid_at(0), first_story[i], "yes", "interview");
	return in;
}

static struct screening_view seen(struct ctx *c, struct id screening)
{
	struct screening_view v;

	WELL(c, screening_load(c, screening, &v));
	return v;
}

static struct id screened(struct id file)
{
	struct screening_in in = full(file, false);
	struct id id;

	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	return id;
}

static uint32_t row_version(struct id file)
{
	struct case_row row;

	WELL(CASE_C, case_row_load(CASE_C, file, &row));
	return (uint32_t)row.version;
}

static enum case_state state_of(struct id file)
{
	struct case_row row;

	WELL(CASE_C, case_row_load(CASE_C, file, &row));
	return row.state;
}

static struct presume propose(struct id file)
{
	return (struct presume){ .file = file,
				 .version = row_version(file),
				 .comparison = SV("same"),
				 .reason = SV("Locked in, papers taken, never paid.") };
}

static struct decision_view newest(struct ctx *c, struct id file)
{
	struct decision_view *all;
	size_t n;

	WELL(c, decision_list(c, file, &all, &n));
	assert_true(n > 0);
	return all[n - 1];
}

static struct id presumed(const char *name)
{
	struct id file = file_open(name);
	struct presume in;

	(void)screened(file);
	in = propose(file);
	WELL(CASE_C, presumption_make(CASE_C, &in));
	return file;
}

static struct second_reading reading_of(const struct decision_view *d, const char *verdict, const char *reason)
{
	return (struct second_reading){
		.decision = d->row.id, .version = (uint32_t)d->row.version, .verdict = sv_of(verdict), .reason = sv_of(reason)
	};
}

static bool has_task(struct ctx *c, struct id file, const char *type)
{
	struct task_row *tasks;
	size_t n;

	WELL(c, task_of(c, file, &tasks, &n));
	for (size_t i = 0; i < n; i++)
		if (sv_is(tasks[i].type, type))
			return true;
	return false;
}

/* --- screening --------------------------------------------------------------------------------------------------------------- */

static const char *age_word(json_t *input)
{
	const char *age = json_string_value(json_object_get(input, "age"));

	return strcmp(age, "child") == 0 ? "yes" : strcmp(age, "adult") == 0 ? "no" : "unknown";
}

static void fill(struct screening_in *in, json_t *input, const char *key, const char *word)
{
	json_t *codes = json_object_get(input, key);

	for (size_t i = 0; i < json_array_size(codes); i++)
		answer(in, grid_at(0), json_string_value(json_array_get(codes, i)), word, "report");
}

static void check(const struct reading *got, json_t *expected, const char *id)
{
	static const char *const parts[] = { "D1", "D2", "D3", "D4", "D5", "D6" };
	json_t *dimensions = json_object_get(expected, "dimensions");

	if (strcmp(result_code(got->score.result), json_string_value(json_object_get(expected, "result"))) != 0)
		fail_msg("%s: %s", id, result_code(got->score.result));
	assert_int_equal(got->score.ilo_strict, json_is_true(json_object_get(expected, "ilo_strict")));
	assert_int_equal(got->score.coercion, json_is_true(json_object_get(expected, "coercion")));
	assert_int_equal(got->score.age_uncertain, json_is_true(json_object_get(expected, "age_uncertain")));
	for (size_t d = 0; d < 6; d++)
		assert_string_equal(dimension_state_code(got->score.dimensions[d]),
				    json_string_value(json_object_get(dimensions, parts[d])));
}

/* All sixteen, through the form's struct, the sealed record and back. */
static void test_vectors_survive_the_record(void **state)
{
	json_t *file = json_load_file(VECTORS, 0, NULL), *vectors = json_object_get(file, "vectors");

	assert_int_equal(json_array_size(vectors), 16);
	for (size_t i = 0; i < json_array_size(vectors); i++) {
		json_t *vector = json_array_get(vectors, i), *input = json_object_get(vector, "input");
		bool unknown = strcmp(json_string_value(json_object_get(input, "default")), "unknown") == 0;
		struct screening_in in = { .report = true, .finish = true };
		struct screening_view v;
		struct reading reading;
		struct id id;

		(void)intake_between(NULL);
		in.dossier = report_at_work("vectors");
		in.minor = sv_of(age_word(input));
		in.act = sv_of(json_string_value(json_object_get(input, "act")));
		for (size_t k = 0; k < INDICATORS_MAX; k++)
			in.answer[k] = unknown ? SV_NONE : SV("no");
		fill(&in, input, "yes", "yes");
		fill(&in, input, "no", "no");
		fill(&in, input, "unknown", "unknown");
		WELL(CASE_C, screening_save(CASE_C, &in, &id));
		v = seen(CASE_C, id);
		assert_true(v.finished);
		screening_read(&v, &reading);
		check(&reading, json_object_get(vector, "expected"), json_string_value(json_object_get(vector, "id")));
	}
	json_decref(file);
}

/* An answer that stays keeps who gave it and when; one that changed is the one who changed it. */
static void test_answers_keep_who_and_when(void **state)
{
	struct id report = report_at_work("who and when"), id;
	struct screening_in in = full(report, true);
	const struct given *kept, *changed;
	struct screening_view v;
	int64_t first;

	in.finish = false;
	CASE_C->now = date_ms(2026, 3, 14, 9, 0);
	first = CASE_C->now / MINUTE_MS;
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	v = seen(CASE_C, id);
	assert_false(v.finished);
	in.screening = id;
	in.version = (uint32_t)v.version;
	CASE_C->now += HOUR_MS;
	answer(&in, v.grid, "D4.01", "yes", "document");
	answer(&in, v.grid, "D1.01", "unknown", "");
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	v = seen(CASE_C, id);
	kept = answers_find(&v.answers, SV("D4.02"));
	changed = answers_find(&v.answers, SV("D4.01"));
	assert_int_equal(kept->minute, first);
	assert_int_equal(changed->minute, first + 60);
	assert_int_equal(changed->source, SOURCE_DOCUMENT);
	assert_null(answers_find(&v.answers, SV("D1.01")));
	assert_true(id_equal(v.answers.authors[kept->author], MANAGER));
}

static void test_finished_one_stands_and_a_second_is_a_new_row(void **state)
{
	struct id report = report_at_work("two screenings"), first, second;
	struct screening_in in = full(report, true);
	struct screening_view v, *all;
	size_t n;

	WELL(CASE_C, screening_save(CASE_C, &in, &first));
	v = seen(CASE_C, first);
	in.screening = first;
	in.version = (uint32_t)v.version;
	assert_int_equal(screening_save(CASE_C, &in, &second), E_STATE);
	FORGET(CASE_C);
	WELL(CASE_C, screening_begin(CASE_C, report, SV_NONE, SV_NONE, &v));
	assert_true(id_is_zero(v.id) && id_equal(v.earlier, first));
	assert_int_equal(v.answers.n, sizeof(first_story) / sizeof(first_story[0]));
	in.screening = ID_ZERO;
	in.version = 0;
	answer(&in, v.grid, "D4.01", "no", "interview");
	WELL(CASE_C, screening_save(CASE_C, &in, &second));
	assert_false(id_equal(first, second));
	WELL(CASE_C, screening_list(CASE_C, report, &all, &n));
	assert_int_equal(n, 2);
	assert_int_equal(answers_find(&all[0].answers, SV("D4.01"))->answer, ANSWER_YES);
	assert_int_equal(answers_find(&all[1].answers, SV("D4.01"))->answer, ANSWER_NO);
}

static void test_stale_and_double_screening(void **state)
{
	struct id report = report_at_work("stale"), id, again;
	struct screening_in in = full(report, true);
	struct screening_view *all;
	size_t n;

	in.finish = false;
	random_fill(in.key, sizeof(in.key));
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	WELL(CASE_C, screening_save(CASE_C, &in, &again)); /* the same form a second time */
	assert_true(id_equal(id, again));
	random_fill(in.key, sizeof(in.key));
	assert_int_equal(screening_save(CASE_C, &in, &again), E_STALE); /* one was begun since */
	FORGET(CASE_C);
	in.screening = id;
	in.version = (uint32_t)seen(CASE_C, id).version;
	answer(&in, grid_at(0), "D4.01", "no", "interview");
	WELL(CASE_C, screening_save(CASE_C, &in, &again));
	random_fill(in.key, sizeof(in.key));
	assert_int_equal(screening_save(CASE_C, &in, &again), E_STALE); /* shown before that */
	FORGET(CASE_C);
	WELL(CASE_C, screening_list(CASE_C, report, &all, &n));
	assert_int_equal(n, 1);
}

static void test_who_may_not_screen(void **state)
{
	struct id report = report_at_work("not everybody"), id;
	struct screening_in in = full(report, true);

	assert_int_not_equal(screening_save(DESK_C, &in, &id),
			     OK); /* the desk's pen reaches it in the act that opens a file alone */
	assert_int_not_equal(screening_save(LEADS, &in, &id), OK);
	assert_int_not_equal(screening_save(OTHER, &in, &id), OK);
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	assert_int_equal(screening_load(OTHER, id, &(struct screening_view){ .version = 0 }), E_NOTFOUND);
	assert_int_equal(screening_load(DESK_C, id, &(struct screening_view){ .version = 0 }), E_NOTFOUND);
	in.dossier = typed_in(DESK_C, "nobody works on it", "low");
	assert_int_equal(screening_save(CASE_C, &in, &id), E_STATE);
}

static void test_second_grid_is_lit_by_answers_or_by_hand(void **state)
{
	struct id report = report_at_work("eleven"), id;
	struct screening_in in = { .dossier = report, .report = true, .finish = true };
	struct screening_view v;
	struct reading reading;

	answer(&in, grid_at(0), "D5.01", "yes", "document"); /* papers kept: item 7 */
	in.lit[10] = true;                                   /* overtime, by hand */
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	v = seen(CASE_C, id);
	assert_non_null(v.second);
	screening_read(&v, &reading);
	for (size_t i = 0; i < v.second->indicator_count; i++)
		assert_int_equal(reading.lit[i], i == 6 || i == 10);
	assert_int_equal(v.lit.n, 1);
}

/* The list alone is a grid too; the child's reading needs no means. */
static void test_any_grid_and_the_child(void **state)
{
	struct id report = report_at_work("list"), id;
	struct screening_in in = { .dossier = report, .report = true, .grid = SV("fl11"), .finish = true };
	struct screening_view v;
	struct reading reading;

	in.answer[0] = SV("yes");
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	v = seen(CASE_C, id);
	assert_true(sv_is(v.grid->code, "fl11") && v.answers.n == 1);
	in = (struct screening_in){
		.dossier = report_at_work("child"), .report = true, .minor = SV("yes"), .act = SV("yes"), .finish = true
	};
	answer(&in, grid_at(0), "D4.01", "yes", "interview");
	answer(&in, grid_at(0), "D4.02", "yes", "interview");
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	v = seen(CASE_C, id);
	screening_read(&v, &reading);
	assert_true(reading.whole && reading.purpose && !reading.means && !reading.means_needed);
}

/* --- presumption ------------------------------------------------------------------------------------------------------------- */

static void test_presumption_is_in_force_and_read_by_a_second(void **state)
{
	struct id file = presumed("Warda");
	struct decision_view d = newest(CASE_C, file);
	struct second_reading in;
	struct decision_row *waiting;
	size_t n;

	assert_int_equal(state_of(file), CASE_PRESUMED);
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	assert_true(sv_is(d.comparison, "same") && d.screening.answers.n == 13);
	assert_true(has_task(CASE_C, file, "sign_presumption") && has_task(CASE_C, file, "denunciation_decision"));
	assert_false(has_task(CASE_C, file, "screening_due"));
	in = reading_of(&d, "agree", "");
	assert_int_equal(presumption_sign(CASE_C, &in), E_DENIED); /* the same person twice */
	FORGET(CASE_C);
	WELL(LEADS, signatures_waiting(LEADS, &waiting, &n));
	assert_true(n > 0);
	d = newest(LEADS, file);
	assert_true(d.may_sign);
	WELL(LEADS, presumption_sign(LEADS, &in));
	d = newest(CASE_C, file);
	assert_int_equal(d.row.state, DECISION_SIGNED);
	assert_true(sv_is(d.second.verdict, "agree"));
	assert_true(id_equal(d.first.user, MANAGER) && id_equal(d.second.by.user, kit.road.noor.people[SUPERVISOR].user));
	assert_true(d.first.at > 0 && d.second.by.at >= d.first.at && !d.first.changed && !d.second.by.changed);
	assert_int_equal(state_of(file), CASE_PRESUMED);
	assert_false(has_task(CASE_C, file, "sign_presumption"));
	in.version = (uint32_t)d.row.version;
	assert_int_equal(presumption_sign(LEADS, &in), E_STATE); /* signed is signed */
}

static void test_presumption_needs_screening_reason_and_comparison(void **state)
{
	struct id file = file_open("Nour");
	struct presume in = propose(file);

	assert_int_equal(presumption_make(CASE_C, &in), E_STATE);
	FORGET(CASE_C);
	(void)screened(file);
	in = propose(file);
	in.reason = SV(" ");
	in.comparison = SV_NONE;
	assert_int_equal(presumption_make(CASE_C, &in), E_INPUT);
	has_input(CASE_C, "reason", "error.required");
	has_input(CASE_C, "comparison", "error.required");
	FORGET(CASE_C);
	assert_int_equal(state_of(file), CASE_OPEN_SCREENING);
	in = propose(file);
	assert_int_not_equal(presumption_make(LEADS, &in), OK); /* the supervisor reads it, she does not take it */
	FORGET(LEADS);
	assert_int_not_equal(presumption_make(OTHER, &in), OK);
}

static void test_stale_and_double_presumption(void **state)
{
	struct id file = file_open("Hiba");
	struct decision_view *all;
	struct presume in;
	size_t n;

	(void)screened(file);
	in = propose(file);
	in.version--;
	assert_int_equal(presumption_make(CASE_C, &in), E_STALE);
	FORGET(CASE_C);
	in.version++;
	random_fill(in.key, sizeof(in.key));
	WELL(CASE_C, presumption_make(CASE_C, &in));
	WELL(CASE_C, presumption_make(CASE_C, &in));
	WELL(CASE_C, decision_list(CASE_C, file, &all, &n));
	assert_int_equal(n, 1);
}

/* The clear row as somebody with the database in hand writes it. */
static void row_says(const struct decision_view *d, const char *state)
{
	const struct id nobody = ID_ZERO;
	const struct value args[] = { v_id(&d->row.id), v_int((int64_t)d->row.version), v_text(sv_of(state)), v_id(&nobody),
				      v_null() };
	struct write w = { QUERY_SCREENING_DECISION_SET, args, sizeof(args) / sizeof(args[0]), 1, E_NOTFOUND };
	struct write_set set = { .writes = &w, .n = 1 };

	WELL(CASE_C, store_apply(CASE_C, &set));
}

static void test_T_ACC_5_a_row_alone_signs_nothing(void **state)
{
	struct id file = presumed("Naima");
	struct decision_view d = newest(CASE_C, file);
	struct presumption_return in = { .told_how = SV("At the office"), .reason = SV("Because."), .told_at = SV("2026-11-23") };

	row_says(&d, "signed");
	d = newest(CASE_C, file);
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	row_says(&d, "sent_back");
	d = newest(CASE_C, file);
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	in.decision = d.row.id;
	in.version = (uint32_t)d.row.version;
	assert_int_equal(presumption_return(CASE_C, &in), E_STATE); /* nobody sent it back */
	FORGET(CASE_C);
	assert_int_equal(state_of(file), CASE_PRESUMED);
}

/* What a web that lies can write in somebody's session: texts of his, of which nobody has signed a word. */
struct lie {
	struct id over, file;
	const char *verdict; /* NULL: a decision */
};

static enum status lie_in(struct ctx *c, const void *arg)
{
	const struct lie *lie = arg;
	struct record *r = record_new(c, lie->verdict == NULL ? &decision_type : &signature_type, lie->file);
	struct decision_row d = {
		.id = r->id, .dossier = lie->file, .organisation = c->who->organisation, .state = DECISION_SIGNED
	};

	if (lie->verdict != NULL) {
		record_set_text(r, SIGNATURE_object, hex(c->arena, id_view(&lie->over)));
		record_set_text(r, SIGNATURE_verdict, sv_of(lie->verdict));
		record_set_text(r, SIGNATURE_reason, SV("I never said that."));
		return record_save_signature(c, r, lie->over);
	}
	record_set_text(r, DECISION_kind, SV("presumption"));
	record_set_text(r, DECISION_reason, SV("By somebody, signed by everybody."));
	TRY(record_save_fresh(c, r));
	return decision_row_add(c, &d);
}

static void test_T_ACC_5_a_text_alone_signs_nothing(void **state)
{
	struct id file = presumed("Rkia");
	struct decision_view d = newest(LEADS, file);
	struct lie agree = { d.row.id, file, "agree" }, back = { d.row.id, file, "back" }, whole = { ID_ZERO, file, NULL };
	struct second_reading in;

	WELL(LEADS, record_run(LEADS, "lie.agree", lie_in, &agree));
	row_says(&d, "signed");
	d = newest(CASE_C, file);
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	assert_true(id_is_zero(d.second.by.user) && d.second.verdict.n == 0);
	WELL(LEADS, record_run(LEADS, "lie.back", lie_in, &back));
	row_says(&d, "sent_back");
	d = newest(CASE_C, file);
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	row_says(&d, "returned");
	assert_int_equal(newest(CASE_C, file).row.state, DECISION_PROVISIONAL);
	WELL(CASE_C, decision_load(CASE_C, d.row.id, &d));
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	row_says(&d, "made");
	assert_int_equal(newest(CASE_C, file).row.state, DECISION_PROVISIONAL);

	WELL(CASE_C, record_run(CASE_C, "lie.whole", lie_in, &whole));
	d = newest(LEADS, file);
	assert_int_equal(d.row.state, DECISION_PROVISIONAL);
	assert_true(id_is_zero(d.first.user) && !d.may_sign);
	row_says(&d, "provisional");
	in = reading_of(&d, "agree", "");
	in.version++;
	assert_int_equal(presumption_sign(LEADS, &in), E_STATE); /* nobody signed it first */
}

static enum status change_in(struct ctx *c, const void *arg)
{
	struct record *r;

	TRY(record_load(c, &decision_type, *(const struct id *)arg, &r));
	record_set_text(r, DECISION_reason, SV("In other words."));
	return record_save(c, r);
}

static void test_T_ACC_5_what_is_signed_is_not_rewritten(void **state)
{
	struct id file = presumed("Ghita");
	struct decision_view d = newest(LEADS, file);
	struct second_reading in = reading_of(&d, "agree", "");

	assert_int_equal(record_run(CASE_C, "change", change_in, &d.row.id), E_DENIED);
	FORGET(CASE_C);
	WELL(LEADS, presumption_sign(LEADS, &in));
	assert_int_equal(record_run(CASE_C, "change", change_in, &d.row.id), E_DENIED);
	FORGET(CASE_C);
	d = newest(CASE_C, file);
	assert_true(sv_is(d.reason, "Locked in, papers taken, never paid.") && d.row.state == DECISION_SIGNED);
}

/* A signature is worth what it is over: this part, this version, as it is in force. */
static void test_T_ACC_5_a_signature_counts_for_what_it_names(void **state)
{
	struct record r = { .id = id_new(), .part_version = { [EXPLOIT] = 2 } };
	struct signature g = {
		.record = r.id, .user = id_new(), .class = EXPLOIT, .which = SIGN_FIRST, .stands = true, .version = 2
	};
	struct signing s = { .rows = &g, .n = 1 };
	struct signed_by by = signing_by(&s, &r, EXPLOIT, SIGN_FIRST);

	assert_true(id_equal(by.user, g.user) && !by.changed);
	assert_true(id_is_zero(signing_by(&s, &r, EXPLOIT, SIGN_SECOND).user));
	assert_true(id_is_zero(signing_by(&s, &r, CONSENT, SIGN_FIRST).user));
	g.version = 1;
	by = signing_by(&s, &r, EXPLOIT, SIGN_FIRST);
	assert_true(id_is_zero(by.user) && by.changed);
	g.version = 2;
	g.stands = false;
	by = signing_by(&s, &r, EXPLOIT, SIGN_FIRST);
	assert_true(id_is_zero(by.user) && by.changed);
	r.id = id_new();
	assert_false(signing_by(&s, &r, EXPLOIT, SIGN_FIRST).changed);
}

static void test_the_way_back_takes_two_and_telling(void **state)
{
	struct id file = presumed("Zahra");
	struct decision_view d = newest(LEADS, file);
	struct second_reading back = reading_of(&d, "back", "");
	struct presumption_return in;

	assert_int_equal(presumption_sign(LEADS, &back), E_INPUT);
	has_input(LEADS, "reason", "error.required");
	FORGET(LEADS);
	back = reading_of(&d, "back", "The second interview is missing.");
	WELL(LEADS, presumption_sign(LEADS, &back));
	d = newest(CASE_C, file);
	assert_int_equal(d.row.state, DECISION_SENT_BACK);
	assert_true(sv_is(d.second.reason, "The second interview is missing."));
	assert_true(id_equal(d.second.by.user, kit.road.noor.people[SUPERVISOR].user));
	assert_int_equal(state_of(file), CASE_PRESUMED); /* she stays protected */
	assert_true(has_task(CASE_C, file, "return_presumption"));
	in = (struct presumption_return){ .decision = d.row.id, .version = (uint32_t)d.row.version };
	assert_int_not_equal(presumption_return(LEADS, &in), OK);
	FORGET(LEADS);
	assert_int_equal(presumption_return(CASE_C, &in), E_INPUT); /* she is told first */
	has_input(CASE_C, "told_at", "error.required");
	has_input(CASE_C, "told_how", "error.required");
	FORGET(CASE_C);
	in.told_at = SV("2200-01-01");
	in.told_how = SV("At the office, with her sister");
	in.reason = SV("We speak again on Monday.");
	assert_int_equal(presumption_return(CASE_C, &in), E_INPUT);
	FORGET(CASE_C);
	CASE_C->now = date_ms(2026, 11, 23, 12, 0);
	in.told_at = SV("2026-11-23");
	WELL(CASE_C, presumption_return(CASE_C, &in));
	assert_int_equal(state_of(file), CASE_OPEN_SCREENING);
	d = newest(CASE_C, file);
	assert_int_equal(d.row.kind, DECISION_RETURN);
	assert_true(sv_is(d.told_how, "At the office, with her sister"));
	(void)screened(file); /* and it begins again */
	assert_int_equal(state_of(file), CASE_OPEN_SCREENING);
}

static void test_denunciation_is_decided(void **state)
{
	struct id file = presumed("Salma");
	struct denunciation in = { .file = file, .version = row_version(file), .denunciation = SV("offence_only") };

	assert_int_equal(denunciation_decide(CASE_C, &in), E_INPUT);
	has_input(CASE_C, "basis", "error.required");
	has_input(CASE_C, "reason", "error.required");
	FORGET(CASE_C);
	in.basis = SV("art. 448-7");
	in.reason = SV("The place is known, she is not named.");
	in.advice = SV("Lawyer, 2026-02-01: the offence alone.");
	WELL(CASE_C, denunciation_decide(CASE_C, &in));
	assert_true(sv_is(newest(CASE_C, file).denunciation, "offence_only"));
	assert_false(has_task(CASE_C, file, "denunciation_decision"));
}

/* --- a report without a person's file ---------------------------------------------------------------------------------------- */

/* On the disk: parts of a record, and keys of its dossier under which facts could have been sealed. */
static size_t parts_of(struct id record)
{
	const struct value key = v_id(&record);
	struct rows rows;

	WELL(CASE_C, db_query(CASE_C, QUERY_RECORD_PARTS_OF_RECORD, &key, 1, 0, &rows));
	return rows.n;
}

static size_t facts_keys_of(struct id dossier)
{
	const struct value key = v_id(&dossier);
	struct rows rows, wraps;
	size_t found = 0;

	WELL(CASE_C, db_query(CASE_C, QUERY_RECORD_DOSSIER, &key, 1, 0, &rows));
	assert_int_equal(rows.n, 1);
	const struct value args[] = { v_int(row_int(&rows, 0, 0)), v_id(&CASE_C->who->organisation),
				      v_id(&CASE_C->who->recipient) };
	WELL(CASE_C, db_query(CASE_C, QUERY_RECORD_WRAPS, args, 3, 0, &wraps));
	for (size_t i = 0; i < wraps.n; i++)
		found += row_int(&wraps, i, 0) == EXPLOIT;
	return found;
}

/* The ninth story: checked, nothing found, closed as a false alarm. No word of the screening stays, no key, no name. */
static void test_false_alarm_leaves_no_screening(void **state)
{
	struct id report = report_at_work("neighbours quarrel over a place to park"), id;
	struct screening_in in = { .dossier = report, .report = true, .minor = SV("no"), .act = SV("no"), .finish = true };
	struct report_close close = { .closure = SV("false_alarm"), .text = SV("All in order.") };
	struct screening_view *all, v;
	size_t n;

	for (size_t i = 0; i < INDICATORS_MAX; i++)
		in.answer[i] = SV("no");
	in.remarks = SV("Rachida has her own telephone");
	WELL(CASE_C, screening_save(CASE_C, &in, &id));
	assert_int_equal(parts_of(id), 1);
	assert_int_equal(facts_keys_of(report), 1);
	close.act = act_on(CASE_C, report);
	WELL(CASE_C, report_close(CASE_C, &close));
	WELL(CASE_C, screening_list(CASE_C, report, &all, &n));
	assert_int_equal(n, 0);
	assert_int_equal(parts_of(id), 0);
	assert_int_equal(facts_keys_of(report), 0);
	assert_int_equal(screening_load(CASE_C, id, &v), E_NOTFOUND);
	FORGET(CASE_C);
	in.key[0] = 1;
	assert_int_equal(screening_save(CASE_C, &in, &id), E_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_vectors_survive_the_record, intake_between),
		cmocka_unit_test_setup(test_answers_keep_who_and_when, intake_between),
		cmocka_unit_test_setup(test_finished_one_stands_and_a_second_is_a_new_row, intake_between),
		cmocka_unit_test_setup(test_stale_and_double_screening, intake_between),
		cmocka_unit_test_setup(test_who_may_not_screen, intake_between),
		cmocka_unit_test_setup(test_second_grid_is_lit_by_answers_or_by_hand, intake_between),
		cmocka_unit_test_setup(test_any_grid_and_the_child, intake_between),
		cmocka_unit_test_setup(test_presumption_is_in_force_and_read_by_a_second, intake_between),
		cmocka_unit_test_setup(test_presumption_needs_screening_reason_and_comparison, intake_between),
		cmocka_unit_test_setup(test_stale_and_double_presumption, intake_between),
		cmocka_unit_test_setup(test_T_ACC_5_a_row_alone_signs_nothing, intake_between),
		cmocka_unit_test_setup(test_T_ACC_5_a_text_alone_signs_nothing, intake_between),
		cmocka_unit_test_setup(test_T_ACC_5_what_is_signed_is_not_rewritten, intake_between),
		cmocka_unit_test_setup(test_T_ACC_5_a_signature_counts_for_what_it_names, intake_between),
		cmocka_unit_test_setup(test_the_way_back_takes_two_and_telling, intake_between),
		cmocka_unit_test_setup(test_denunciation_is_decided, intake_between),
		cmocka_unit_test_setup(test_false_alarm_leaves_no_screening, intake_between),
	};

	return cmocka_run_group_tests_name("screening", tests, intake_setup, intake_teardown);
}
