/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a file begins: from a report, or for somebody who came by herself. The basis stands first, since without it there is no file; what may
 * wait is folded. A desk fills the same page and chooses who gets the file. */
#include "web/page/casefile.h"

#include "base/zone.h"
#include "policy/policy.h"
#include "web/form.h"
#include "web/page/desk.h"

static bool opens(const struct ctx *c)
{
	return case_may(CASE_NONE, CASE_OPEN_SCREENING, c->who->roles);
}

static struct sv back_of(const struct ctx *c, const struct request *r, struct id report)
{
	return id_is_zero(report) ? page_path(c, r, "/files") : page_path(c, r, "/reports/%s", page_id(c, report).p);
}

static void draw(struct ctx *c, const struct request *r, const struct case_open *from, bool child, struct sheet_form *f)
{
	bool manager = ctx_can(c, ROLE_CASE_MANAGER);

	form_section(c, f, MSG_CASE_OPEN_BASIS, case_audience(CONSENT), false);
	draw_basis(c, r, f, &from->basis, child);
	form_section(c, f, MSG_CASE_OPEN_WHO, manager ? case_audience(ALERT) : case_audience(ASSIST), false);
	if (manager)
		form_some(c, r, f, &casefile_type, "working_name", &from->head);
	form_some(c, r, f, &casefile_type, "language|interpreter|age_bracket|age_doubt|age_evidence|risk", &from->head);
	if (!manager)
		form_box(f, case_people(c, r, "assignee", SV_NONE));
	form_section(c, f, MSG_CASE_CARD_REACH, case_audience(CONTACT), false);
	form_fields(c, r, f, &reach_type, 0, &from->reach);
	form_section(c, f, MSG_CASE_CARD_PERSON, case_audience(IDENT), true);
	form_fields(c, r, f, &person_type, 0, &from->person);
	form_section(c, f, MSG_CASE_CARD_FACTS, case_audience(EXPLOIT), true);
	form_fields(c, r, f, &exploitation_type, 0, &from->exploitation);
}

static enum status show(struct ctx *c, const struct request *r, struct id report, struct response *out)
{
	struct case_open from = { .report = report };
	struct report_view *view = ARENA_NEW(c->arena, struct report_view);
	struct sv back = back_of(c, r, report), mark;
	struct sheet_form f;
	char today[11];

	if (!opens(c))
		return ERR(c, E_NOTFOUND, "this role opens no files");
	if (!id_is_zero(report))
		TRY(case_open_from(c, report, view, &from));
	zone_day_text(c->now, today);
	from.basis.basis_day = arena_copy(c->arena, sv_of(today));
	f = form_new(c, r, MSG_CASE_OPEN_TITLE, back,
		     id_is_zero(report) ? page_path(c, r, "/files/new")
					: page_path(c, r, "/reports/%s/open", page_id(c, report).p));
	mark = page_mark(c, report);
	f.view->back_to = id_is_zero(report) ? page_say(c, MSG_CASE_LIST_BACK) : page_fill(c, MSG_DESK_REPORT_BACK_TO, &mark, 1);
	f.view->version = from.report_version;
	f.view->lead = page_say(c, MSG_CASE_OPEN_LEAD);
	f.view->save = page_say(c, MSG_CASE_OPEN_SAVE);
	if (c->error.status == E_STALE) {
		c->error = (struct error){ .status = OK };
		f.view->warn = page_say(c, MSG_CASE_STALE);
	}
	draw(c, r, &from, sv_is(view->head.facts.child, "yes"), &f);
	render_casefile_form(&out->body, c->language, f.view);
	return OK;
}

static enum status save(struct ctx *c, const struct request *r, struct id report, struct response *out)
{
	const struct case_in *in = r->in;
	struct case_open a = { .report = report,
			       .report_version = in->version,
			       .assignee = in->assignee,
			       .head = in->head,
			       .basis = in->basis,
			       .person = in->person,
			       .reach = in->reach,
			       .exploitation = in->exploitation };
	enum status s = E_INPUT;
	struct id file;

	form_key(c->arena, r->form, &in->once, "open", NULL, a.key);
	if (c->input_count == 0)
		s = case_open(c, &a, &file);
	if (s == E_INPUT || s == E_STALE) {
		out->code = s == E_INPUT ? 400 : 409;
		if (s == E_INPUT)
			c->error = (struct error){ .status = OK };
		return show(c, r, report, out);
	}
	TRY(s);
	desk_sent(c, r);
	if (!ctx_can(c, ROLE_CASE_MANAGER)) /* who gives it away does not read it */
		return response_go(c, r, out,
				   id_is_zero(report) ? "/" : arena_format(c->arena, "/reports/%s", page_id(c, report).p).p,
				   "case.done.opened_for");
	return response_go(c, r, out, arena_format(c->arena, "/file/%s", page_id(c, file).p).p, "case.done.opened");
}

static enum status form_report(struct ctx *c, const struct request *r, struct response *out)
{
	return show(c, r, r->path_id, out);
}

static enum status form_walk_in(struct ctx *c, const struct request *r, struct response *out)
{
	return show(c, r, ID_ZERO, out);
}

static enum status save_report(struct ctx *c, const struct request *r, struct response *out)
{
	return save(c, r, r->path_id, out);
}

static enum status save_walk_in(struct ctx *c, const struct request *r, struct response *out)
{
	return save(c, r, ID_ZERO, out);
}

enum status open_form(struct ctx *c, const struct request *r, struct id report, struct response *out)
{
	return show(c, r, report, out);
}

/* --- link ----------------------------------------------------------------------------------------------------------------------------- */

static enum status link_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct report_view *w = ARENA_NEW(c->arena, struct report_view);
	struct sv mark = page_mark(c, r->path_id);
	struct tpl_shared_field *code = field_line(c, r, "file_code", MSG_FIELD_FILE_CODE, SV_NONE);
	struct sheet_form f;

	TRY(report_load(c, r->path_id, w));
	if (!report_may_link(c, &w->head))
		return ERR(c, E_STATE, "this report is not linked now");
	f = form_new(c, r, MSG_CASE_LINK_TITLE, back_of(c, r, r->path_id),
		     page_path(c, r, "/reports/%s/link", page_id(c, r->path_id).p));
	f.view->back_to = page_fill(c, MSG_DESK_REPORT_BACK_TO, &mark, 1);
	f.view->version = (int64_t)w->head.version;
	f.view->lead = page_say(c, MSG_CASE_LINK_LEAD);
	f.view->save = page_say(c, MSG_CASE_LINK_SAVE);
	if (c->error.status == E_STALE) {
		c->error = (struct error){ .status = OK };
		f.view->warn = page_say(c, MSG_CASE_STALE);
	}
	code->ltr = true;
	code->hint = page_say(c, MSG_HINT_FILE_CODE);
	form_section(c, &f, MSG_NONE, MSG_NONE, false);
	form_box(&f, code);
	render_casefile_form(&out->body, c->language, f.view);
	return OK;
}

static enum status link_save(struct ctx *c, const struct request *r, struct response *out)
{
	const struct case_in *in = r->in;
	struct case_link a = { .act = { .report = r->path_id, .version = in->version }, .file_code = in->file_code };
	enum status s = E_INPUT;
	struct id file;

	form_key(c->arena, r->form, &in->once, "link", NULL, a.act.key);
	if (c->input_count == 0)
		s = case_link(c, &a, &file);
	if (s == E_INPUT || s == E_STALE) {
		out->code = s == E_INPUT ? 400 : 409;
		if (s == E_INPUT)
			c->error = (struct error){ .status = OK };
		return link_form(c, r, out);
	}
	TRY(s);
	desk_sent(c, r);
	return response_go(c, r, out, arena_format(c->arena, "/reports/%s", page_id(c, r->path_id).p).p, "case.done.linked");
}

static const struct param open_params[] = { CASE_PARAMS,
					    PARAM(struct case_in, assignee, P_ID, 0),
					    FACT(head, casefile, working_name, P_TEXT),
					    ASSIST_FACTS,
					    FACT(head, casefile, risk, P_CODE),
					    BASIS_FACTS,
					    PERSON_FACTS,
					    REACH_FACTS,
					    EXPLOITATION_FACTS };
static const struct param link_params[] = { CASE_PARAMS, PARAM(struct case_in, file_code, P_TEXT, 20) };

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/files/new", form_walk_in, MAY(EXPLOIT, OP_WRITE)),
	ROUTE(POST, SITE_STAFF, "/files/new", save_walk_in, MAY(EXPLOIT, OP_WRITE), open_params, struct case_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS, .body_max = 256 << 10),
	ROUTE0(GET, SITE_STAFF, "/reports/{id}/open", form_report, MAY(REPORT, OP_READ)),
	ROUTE(POST, SITE_STAFF, "/reports/{id}/open", save_report, MAY(REPORT, OP_READ), open_params, struct case_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS, .body_max = 256 << 10),
	ROUTE0(GET, SITE_STAFF, "/reports/{id}/link", link_form, MAY(REPORT, OP_READ)),
	ROUTE(POST, SITE_STAFF, "/reports/{id}/link", link_save, MAY(REPORT, OP_READ), link_params, struct case_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_open_file;
const struct routes page_open_file = { rows, sizeof(rows) / sizeof(rows[0]) };
