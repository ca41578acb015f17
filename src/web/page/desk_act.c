/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The acts on a report. Each handler fills the domain's own struct, calls the one function, and says where to go on. Wrong input shows the
 * form again with what was typed; an older version shows both; the form's key absorbs a second submit.
 *
 * The report's page is one form, so each of its acts gets all of its boxes and writes its own alone. When words stand in another box the
 * page follows at once with these words in it; else the browser is sent to it. */
#include "web/page/desk.h"

#include <string.h>

#include "base/wipe.h"
#include "keeper/client.h"
#include "policy/policy.h"
#include "web/form.h"

#define ACT_PARAMS PARAM(struct desk_in, version, P_U32, UINT32_MAX), PARAM(struct desk_in, once, P_KEY16, 0)
/* Of the report's page: any of its acts may bring what stands in the boxes of the others. */
static const struct param page_params[] = {
	ACT_PARAMS,
	PARAM(struct desk_in, risk, P_CODE, 16, .codes = "risk_levels"),
	PARAM(struct desk_in, danger_now, P_FLAG, 0),
	PARAM(struct desk_in, answer, P_LONG, 4000),
	PARAM(struct desk_in, shown_state, P_CODE, 32, .codes = "shown_states"),
	PARAM(struct desk_in, text, P_LONG, 10000),
	PARAM(struct desk_in, why, P_LONG, 10000),
	PARAM(struct desk_in, organisation, P_ID, 0),
};
static const struct param assign_params[] = { ACT_PARAMS, PARAM(struct desk_in, user, P_ID, 0, .required = true) };
static const struct param redirect_params[] = { ACT_PARAMS, PARAM(struct desk_in, organisation, P_ID, 0, .required = true),
						PARAM(struct desk_in, note, P_LONG, 4000) };
static const struct param wait_params[] = { ACT_PARAMS, PARAM(struct desk_in, wait_reason, P_TEXT, 300),
					    PARAM(struct desk_in, review_at, P_TEXT, 20) };
static const struct param close_params[] = { ACT_PARAMS, PARAM(struct desk_in, closure, P_CODE, 32, .codes = "closure_reasons"),
					     PARAM(struct desk_in, text, P_LONG, 10000),
					     PARAM(struct desk_in, answer, P_LONG, 4000) };

/* Facts stand flat in a form and together in the struct. */
struct edit_in {
	uint32_t version;
	struct key16 once;
	struct sv subject, language, child, about_self, region, sectors, forms, reporter_type, people_estimate, contact_way,
		contact_hours, contact_message_ok, contact_word, contact_phone, contact_details;
};
static const struct param edit_params[] = {
	PARAM(struct edit_in, version, P_U32, UINT32_MAX),
	PARAM(struct edit_in, once, P_KEY16, 0),
	PARAM(struct edit_in, subject, P_TEXT, 60),
	PARAM(struct edit_in, language, P_CODE, 16, .codes = "languages"),
	PARAM(struct edit_in, child, P_CODE, 16),
	PARAM(struct edit_in, about_self, P_CODE, 16),
	PARAM(struct edit_in, region, P_CODE, 16, .codes = "regions"),
	PARAM(struct edit_in, sectors, P_CODES, 20, .codes = "sectors"),
	PARAM(struct edit_in, forms, P_CODES, 20, .codes = "forms_of_exploitation"),
	PARAM(struct edit_in, reporter_type, P_CODE, 32, .codes = "reporter_types"),
	PARAM(struct edit_in, people_estimate, P_TEXT, 10),
	PARAM(struct edit_in, contact_way, P_CODE, 32, .codes = "contact_ways"),
	PARAM(struct edit_in, contact_hours, P_TEXT, 200),
	PARAM(struct edit_in, contact_message_ok, P_CODE, 16),
	PARAM(struct edit_in, contact_word, P_TEXT, 60),
	PARAM(struct edit_in, contact_phone, P_TEXT, 40),
	PARAM(struct edit_in, contact_details, P_TEXT, 200),
};

/* What follows an act: the report's page with a line that says what was done; the form again; or both versions. */
struct turn {
	const char *act, *done;
	handler *form;   /* NULL: the form stands on the report's page */
	const char *own; /* on that page: the fields of this act, joined by | */
};

/* One page carries several acts, the queue several reports: each has a key of its own, made of the form's and of what it takes of it. */
static struct report_act act_of(const struct ctx *c, const struct request *r, const struct turn *t, uint32_t version,
				const struct key16 *once)
{
	struct report_act a = { .report = r->path_id, .version = version };

	form_key(c->arena, r->form, once, t->act, t->own, a.key);
	for (size_t i = 0; once->given && i < sizeof(a.key); i++)
		a.key[i] ^= r->path_id.b[i];
	return a;
}

/* A draft holds the key of the form it was typed in. That the words are sent does not hang on this: a draft too many stays. */
void desk_sent(struct ctx *c, const struct request *r)
{
	const struct error before = c->error;
	struct sv once = typed(c, r, "once");
	struct draft *list;
	size_t n = 0;

	if (c->who->drafts == 0 || once.n == 0 || keeper_drafts(c, &list, &n) != OK)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		struct form *f = ARENA_NEW(c->arena, struct form);
		const struct form_field *key;

		if (form_parse(c->arena, SV("application/x-www-form-urlencoded"), list[i].body, false, f) != OK)
			continue;
		key = form_find(f, "once");
		if (key != NULL && sv_equal(key->value, once))
			(void)!keeper_draft_drop(c, list[i].id);
	}
	c->error = before;
}

static struct report_act act(const struct ctx *c, const struct request *r, const struct turn *t)
{
	const struct desk_in *in = r->in;

	return act_of(c, r, t, in->version, &in->once);
}

static enum status form_again_page(struct ctx *c, const struct request *r, const struct turn *t, struct response *out)
{
	out->code = 400;
	c->error = (struct error){ .status = OK };
	return t->form != NULL ? t->form(c, r, out) : desk_report(c, r, r->path_id, NULL, MSG_NONE, out);
}

/* The request without the fields an act has just saved, and without its key, which has served. */
static struct request without(const struct ctx *c, const struct request *r, const char *own)
{
	struct form *f = ARENA_NEW(c->arena, struct form);
	struct request rest = *r;

	for (size_t i = 0; i < r->form->n; i++)
		if (!codes_hold(sv_of(own), r->form->fields[i].name) && !sv_is(r->form->fields[i].name, "once"))
			f->fields[f->n++] = r->form->fields[i];
	rest.form = f;
	return rest;
}

static enum status finish(struct ctx *c, const struct request *r, const struct turn *t, enum status s, struct response *out)
{
	struct request rest;

	if (s == E_INPUT)
		return form_again_page(c, r, t, out);
	if (s == E_STALE || s == E_STATE)
		return desk_stale(c, r, t->act, t->own, out);
	TRY(s);
	rest = without(c, r, t->own == NULL ? "" : t->own);
	if (t->form == NULL && desk_words_left(c, &rest)) {
		rest.done = sv_of(t->done);
		return desk_report(c, &rest, r->path_id, NULL, MSG_DESK_WORDS_LEFT, out);
	}
	desk_sent(c, r);
	return response_go(c, r, out, arena_format(c->arena, "/reports/%s", page_id(c, r->path_id).p).p, t->done);
}

static enum status take(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "take", "desk.done.taken", NULL, "" };
	const struct report_act a = act(c, r, &t);

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_take(c, &a), out);
}

static enum status triage(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "triage", "desk.done.triage", NULL, "risk|danger_now" };
	const struct desk_in *in = r->in;
	const struct report_triage a = { .act = act(c, r, &t), .risk = in->risk, .danger_now = in->danger_now };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_triage(c, &a), out);
}

static enum status assign(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "assign", "desk.done.assigned", desk_assign_form, NULL };
	const struct desk_in *in = r->in;
	const struct report_assign a = { .act = act(c, r, &t), .user = in->user };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_assign(c, &a), out);
}

/* The report is gone from this desk: back to the queue. */
static enum status redirect(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "redirect", NULL, desk_redirect_form, NULL };
	const struct desk_in *in = r->in;
	const struct report_redirect a = { .act = act(c, r, &t), .organisation = in->organisation, .note = in->note };
	enum status s = c->input_count > 0 ? E_INPUT : report_redirect(c, &a);

	if (s != OK)
		return finish(c, r, &t, s, out);
	desk_sent(c, r);
	return response_go(c, r, out, "/", "desk.done.redirected");
}

static enum status wait(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "wait", "desk.done.waiting", desk_wait_form, NULL };
	const struct desk_in *in = r->in;
	const struct report_wait a = { .act = act(c, r, &t), .wait_reason = in->wait_reason, .review_at = in->review_at };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_wait(c, &a), out);
}

static enum status resume(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "resume", "desk.done.resumed", NULL, "" };
	const struct report_act a = act(c, r, &t);

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_resume(c, &a), out);
}

static enum status answer(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "answer", "desk.done.answered", NULL, "answer|shown_state" };
	const struct desk_in *in = r->in;
	const struct report_answer a = { .act = act(c, r, &t), .answer = in->answer, .shown_state = in->shown_state };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_answer(c, &a), out);
}

static enum status note(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "note", "desk.done.noted", NULL, "text" },
				 there = { "note", "desk.done.noted_before", NULL, "text" };
	const struct desk_in *in = r->in;
	const struct report_note a = { .act = act(c, r, &t), .text = in->text };
	enum status s = c->input_count > 0 ? E_INPUT : report_note(c, &a);

	if (s != E_CONFLICT)
		return finish(c, r, &t, s, out);
	c->error = (struct error){ 0 };
	return finish(c, r, &there, OK, out);
}

static enum status close_report(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "close", "desk.done.closed", desk_close_form, NULL };
	const struct desk_in *in = r->in;
	const struct report_close a = { .act = act(c, r, &t), .closure = in->closure, .text = in->text, .answer = in->answer };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_close(c, &a), out);
}

static enum status reopen(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "reopen", "desk.done.reopened", NULL, "why" };
	const struct desk_in *in = r->in;
	const struct report_reopen a = { .act = act(c, r, &t), .text = in->why };

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_reopen(c, &a), out);
}

static enum status block(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "block", "desk.done.blocked", NULL, "organisation" };
	const struct desk_in *in = r->in;
	const struct report_block a = { .act = act(c, r, &t), .organisation = in->organisation };

	if (id_is_zero(in->organisation))
		(void)!ctx_input(c, "organisation", "error.required", 0);
	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_block(c, &a), out);
}

static enum status lock(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "lock", "desk.done.locked", NULL, "" };
	const struct report_act a = act(c, r, &t);

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_lock(c, &a), out);
}

/* The one act whose page is its answer: the code is shown once and kept nowhere. */
static enum status new_code(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "code", NULL, NULL, "" };
	const struct report_act a = act(c, r, &t);
	char code[21];
	enum status s = c->input_count > 0 ? E_INPUT : report_new_code(c, &a, code);

	if (s == E_CONFLICT) {
		c->error = (struct error){ .status = OK };
		return desk_report(c, r, r->path_id, NULL, MSG_DESK_CODE_GONE, out);
	}
	if (s != OK)
		return finish(c, r, &t, s, out);
	s = desk_report(c, r, r->path_id, code, MSG_NONE, out);
	wipe(code, sizeof(code));
	return s;
}

static enum status edit(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct turn t = { "edit", "desk.edit.done", desk_edit_form, NULL };
	const struct edit_in *in = r->in;
	const struct report_edit a = {
		.act = act_of(c, r, &t, in->version, &in->once),
		.subject = in->subject,
		.facts = { .language = in->language,
			   .child = in->child,
			   .about_self = in->about_self,
			   .region = in->region,
			   .sectors = in->sectors,
			   .forms = in->forms,
			   .reporter_type = in->reporter_type,
			   .people_estimate = in->people_estimate,
			   .contact_way = in->contact_way,
			   .contact_hours = in->contact_hours,
			   .contact_message_ok = in->contact_message_ok,
			   .contact_word = in->contact_word,
			   .contact_phone = in->contact_phone,
			   .contact_details = in->contact_details },
	};

	return finish(c, r, &t, c->input_count > 0 ? E_INPUT : report_edit(c, &a), out);
}

/* Both versions were seen and the present one stays: the page with the words that were not sent, the choice forgotten. */
static enum status keep(struct ctx *c, const struct request *r, struct response *out)
{
	const struct request rest = without(c, r, "risk|danger_now|organisation");

	return desk_report(c, &rest, r->path_id, NULL, MSG_NONE, out);
}

#define ACT(path_, run_, params_)                                                                            \
	ROUTE(POST, SITE_STAFF, "/reports/{id}/" path_, run_, MAY(REPORT, OP_READ), params_, struct desk_in, \
	      .flags = ROUTE_SHOWS_INPUT_ERRORS)
#define FORM(path_, run_) ROUTE0(GET, SITE_STAFF, "/reports/{id}/" path_, run_, MAY(REPORT, OP_READ))
static const struct route rows[] = {
	ACT("take", take, page_params),
	ACT("triage", triage, page_params),
	FORM("assign", desk_assign_form),
	ACT("assign", assign, assign_params),
	FORM("redirect", desk_redirect_form),
	ACT("redirect", redirect, redirect_params),
	FORM("wait", desk_wait_form),
	ACT("wait", wait, wait_params),
	ACT("resume", resume, page_params),
	ACT("answer", answer, page_params),
	ACT("note", note, page_params),
	FORM("close", desk_close_form),
	ACT("close", close_report, close_params),
	ACT("reopen", reopen, page_params),
	ACT("block", block, page_params),
	ACT("lock", lock, page_params),
	ACT("code", new_code, page_params),
	ACT("keep", keep, page_params),
	FORM("edit", desk_edit_form),
	ROUTE(POST, SITE_STAFF, "/reports/{id}/edit", edit, MAY(REPORT, OP_READ), edit_params, struct edit_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_desk_act;
const struct routes page_desk_act = { rows, sizeof(rows) / sizeof(rows[0]) };
