/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The acts on a file. Wrong input shows the form again with what was typed; facts somebody changed meanwhile are shown beside what was typed;
 * the form's key absorbs a second submit. */
#include "web/page/casefile.h"

#include "policy/policy.h"
#include "web/form.h"
#include "web/page/desk.h"

/* own: the fields that make it the same deed, joined by |, or NULL for all of the form. */
static struct case_act keyed(const struct ctx *c, const struct request *r, const char *name, const char *own)
{
	const struct case_in *in = r->in;
	struct case_act act = { .file = r->path_id, .version = in->version };

	form_key(c->arena, r->form, &in->once, name, own, act.key);
	for (size_t i = 0; in->once.given && i < sizeof(act.key); i++)
		act.key[i] ^= r->path_id.b[i];
	return act;
}

struct case_act case_act_of(const struct ctx *c, const struct request *r, const char *name)
{
	return keyed(c, r, name, NULL);
}

/* What follows an act. */
struct turn {
	const char *form; /* the page that asked, by case_form's name; NULL: the file's page */
	const char *done, *tab;
	const struct record_type *type; /* facts it writes: shown beside what is there now when it came too late */
};

/* The facts as they stand now, of the type a form writes. */
static enum status facts_now(struct ctx *c, const struct request *r, const struct record_type *t, const void **facts,
			     uint64_t *version)
{
	const struct case_in *in = r->in;
	struct sheet *s;
	size_t n, at = 0;

	TRY(sheet_list(c, t, r->path_id, &s, &n));
	for (size_t i = 0; i < n; i++)
		if (id_equal(s[i].id, in->row))
			at = i;
	if (n == 0)
		return ERR(c, E_NOTFOUND, "nothing is there any more");
	*facts = s[at].facts;
	*version = s[at].version;
	return OK;
}

static enum status finish(struct ctx *c, const struct request *r, const struct turn *t, enum status s, struct response *out)
{
	struct sv back = case_path(c, r, r->path_id, "");
	const void *facts;
	uint64_t version;

	if (s == E_INPUT) {
		out->code = 400;
		c->error = (struct error){ .status = OK };
		return t->form == NULL ? case_page(c, r, MSG_NONE, out) : case_form(c, r, sv_of(t->form), out);
	}
	if (s == E_STALE && t->type != NULL) {
		TRY(facts_now(c, r, t->type, &facts, &version));
		return sheet_stale(c, r, t->type, facts, version, back, out);
	}
	if (s == E_STALE || s == E_STATE) {
		out->code = 409;
		if (s == E_STALE && t->form != NULL)
			return case_form(c, r, sv_of(t->form), out); /* with the version of now, and why */
		c->error = (struct error){ .status = OK };
		return case_page(c, r, MSG_CASE_STALE, out);
	}
	TRY(s);
	desk_sent(c, r);
	return response_go(c, r, out, arena_format(c->arena, "/file/%s%s", page_id(c, r->path_id).p, t->tab).p, t->done);
}

/* --- facts -------------------------------------------------------------------------------------------------------------------------------- */

static enum status person(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "person", "case.done.saved", "?tab=person", &person_type };
	const struct case_in *in = r->in;
	const struct case_person_edit a = { case_act_of(c, r, "person"), in->person };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_person_edit(c, &a), out);
}

static enum status reach(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "reach", "case.done.saved", "?tab=person", &reach_type };
	const struct case_in *in = r->in;
	const struct case_reach_edit a = { case_act_of(c, r, "reach"), in->reach };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_reach_edit(c, &a), out);
}

static enum status edit(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "edit", "case.done.saved", "?tab=person", &casefile_type };
	const struct case_in *in = r->in;
	struct case_edit a = { case_act_of(c, r, "edit"), ASSIST, in->head };
	struct case_head now;

	TRY(case_load(c, r->path_id, &now));
	a.facts.risk = now.facts.risk; /* it has its own act */
	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_edit(c, &a), out);
}

static enum status alert(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "alert", "case.done.alert", "", &casefile_type };
	const struct case_in *in = r->in;
	const struct case_edit a = { case_act_of(c, r, "alert"), ALERT, in->head };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_edit(c, &a), out);
}

static enum status facts(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "facts", "case.done.facts", "?tab=facts", &exploitation_type };
	const struct case_in *in = r->in;
	const struct case_exploitation_edit a = { case_act_of(c, r, "facts"), in->row, in->exploitation };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_exploitation_edit(c, &a), out);
}

static enum status basis(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "basis", "case.done.saved", "?tab=basis", NULL };
	const struct case_in *in = r->in;
	static const char own[] =
		"basis|basis_explained|basis_language|basis_interpreter|basis_way|basis_day|basis_reason|guardian|child_view";
	const struct case_basis_new a = { keyed(c, r, "basis", own), in->basis };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_basis_add(c, &a), out);
}

static enum status note(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { NULL, "case.done.note", "", NULL };
	const struct case_in *in = r->in;
	/* Added, not changed: sent once more from a page gone back to, with a version that has grown meanwhile, it is the same note. */
	static const char own[] = "note_kind|note|told_story|task";
	const struct case_note_new a = { keyed(c, r, "note", own), in->note.note_kind, in->note.note, in->note.told_story,
					 in->task };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_note_add(c, &a), out);
}

/* --- steps -------------------------------------------------------------------------------------------------------------------------------- */

static enum status risk(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "risk", "case.done.risk", "", NULL };
	const struct case_in *in = r->in;
	const struct case_risk a = { case_act_of(c, r, "risk"), in->head.risk, in->review_at, in->why };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_risk(c, &a), out);
}

static enum status suspend(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "suspend", "case.done.suspended", "", NULL };
	const struct case_in *in = r->in;
	const struct case_suspend a = { case_act_of(c, r, "suspend"), in->why, in->review_at };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_suspend(c, &a), out);
}

static enum status assign(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "assign", "case.done.assigned", "", NULL };
	const struct case_in *in = r->in;
	const struct case_assign a = { case_act_of(c, r, "assign"), in->user };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_assign(c, &a), out);
}

static enum status close_ask(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "close", "case.done.close_asked", "", NULL };
	const struct case_in *in = r->in;
	const struct case_close a = { case_act_of(c, r, "close"), in->closure, in->why };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_close_ask(c, &a), out);
}

static enum status close_back(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "back", "case.done.close_back", "", NULL };
	const struct case_in *in = r->in;
	const struct case_close a = { .act = case_act_of(c, r, "back"), .why = in->why };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_close_back(c, &a), out);
}

/* Acts that say nothing but that they are done. */
#define BARE(name_, done_)                                                                            \
	static enum status bare_##name_(struct ctx *c, const struct request *r, struct response *out) \
	{                                                                                             \
		static const struct turn t = { NULL, done_, "", NULL };                               \
		const struct case_act a = case_act_of(c, r, #name_);                                  \
                                                                                                      \
		return finish(c, r, &t, c->input_count > 0 ? E_INPUT : case_##name_(c, &a), out);     \
	}
BARE(resume, "case.done.resumed")
BARE(lock, "case.done.locked")
BARE(close_sign, "case.done.closed")
BARE(close_drop, "case.done.close_dropped")

static const struct param person_params[] = { CASE_PARAMS, PERSON_FACTS };
static const struct param reach_params[] = { CASE_PARAMS, REACH_FACTS };
static const struct param edit_params[] = { CASE_PARAMS, ASSIST_FACTS };
static const struct param alert_params[] = { CASE_PARAMS, ALERT_FACTS };
static const struct param facts_params[] = { CASE_PARAMS, PARAM(struct case_in, row, P_ID, 0), EXPLOITATION_FACTS };
static const struct param basis_params[] = { CASE_PARAMS, BASIS_FACTS };
static const struct param note_params[] = { CASE_PARAMS, FACT(note, note, note_kind, P_CODE), FACT(note, note, note, P_LONG),
					    FACT(note, note, told_story, P_CODE), PARAM(struct case_in, task, P_CODE, 32) };
static const struct param step_params[] = { CASE_PARAMS,
					    FACT(head, casefile, risk, P_CODE),
					    PARAM(struct case_in, user, P_ID, 0),
					    PARAM(struct case_in, closure, P_CODE, 32),
					    PARAM(struct case_in, review_at, P_TEXT, 20),
					    PARAM(struct case_in, why, P_LONG, 4000) };

#define ACT(path_, run_, params_)                                                                         \
	ROUTE(POST, SITE_STAFF, "/file/{id}/" path_, run_, MAY(ASSIST, OP_READ), params_, struct case_in, \
	      .flags = ROUTE_SHOWS_INPUT_ERRORS)
static const struct route rows[] = {
	ACT("person", person, person_params),
	ACT("reach", reach, reach_params),
	ACT("edit", edit, edit_params),
	ACT("alert", alert, alert_params),
	ACT("facts", facts, facts_params),
	ACT("basis", basis, basis_params),
	ACT("note", note, note_params),
	ACT("risk", risk, step_params),
	ACT("suspend", suspend, step_params),
	ACT("assign", assign, step_params),
	ACT("close", close_ask, step_params),
	ACT("close/back", close_back, step_params),
	ACT("close/sign", bare_close_sign, step_params),
	ACT("close/drop", bare_close_drop, step_params),
	ACT("resume", bare_resume, step_params),
	ACT("lock", bare_lock, step_params),
};
extern const struct routes page_casefile_act;
const struct routes page_casefile_act = { rows, sizeof(rows) / sizeof(rows[0]) };
