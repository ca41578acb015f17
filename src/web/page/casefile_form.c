/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages that ask before an act on a file. Each opens the part it shows and no other; after wrong input it shows what was typed. */
#include "web/page/casefile.h"

#include <string.h>

#include "policy/policy.h"
#include "registry/registry.h"

#define CLASS(c) (UINT32_C(1) << (c))

struct asking {
	const struct request *r;
	struct case_head head;
	struct case_may may;
	struct sheet_form form;
};

static enum status denied(struct ctx *c)
{
	return ERR(c, E_STATE, "this act is not open to the member now");
}

static void begin(struct ctx *c, struct asking *a, enum message title, const char *act)
{
	struct id file = a->head.row.id;

	a->form = form_new(c, a->r, title, case_path(c, a->r, file, ""), case_path(c, a->r, file, act));
	a->form.view->version = (int64_t)a->head.row.version;
	a->form.view->back_to = a->head.name;
	if (a->head.name.n > 0)
		a->form.view->back_to = page_fill(c, MSG_CASE_BACK_TO, &a->head.name, 1);
}

/* --- facts --------------------------------------------------------------------------------------------------------------------------- */

/* A section whose boxes are of one class of this file. */
static void class_section(struct ctx *c, struct asking *a, enum class class)
{
	form_section(c, &a->form, MSG_NONE, case_audience(class), false);
	form_readers(&a->form, readers_path(c, a->r, READERS_FILE, a->head.row.id, class));
}

static enum status ask_person(struct ctx *c, struct asking *a)
{
	struct person_view p;

	if (!a->may.identity)
		return denied(c);
	TRY(person_load(c, a->head.row.id, &p));
	begin(c, a, MSG_CASE_CARD_PERSON, "/person");
	a->form.view->version = (int64_t)p.version;
	class_section(c, a, IDENT);
	form_fields(c, a->r, &a->form, &person_type, 0, &p.facts);
	return OK;
}

static enum status ask_reach(struct ctx *c, struct asking *a)
{
	struct reach_view p;

	if (!a->may.contact)
		return denied(c);
	TRY(reach_load(c, a->head.row.id, &p));
	begin(c, a, MSG_CASE_CARD_REACH, "/reach");
	a->form.view->version = (int64_t)p.version;
	a->form.view->lead = page_say(c, MSG_CASE_REACH_LEAD);
	class_section(c, a, CONTACT);
	form_fields(c, a->r, &a->form, &reach_type, 0, &p.facts);
	return OK;
}

static enum status ask_head(struct ctx *c, struct asking *a, bool may, enum class class, enum message title, const char *act)
{
	if (!may)
		return denied(c);
	begin(c, a, title, act);
	a->form.view->version = (int64_t)a->head.record_version;
	class_section(c, a, class);
	if (class == ASSIST) /* the risk has its own act */
		form_some(c, a->r, &a->form, &casefile_type, "language|interpreter|age_bracket|age_evidence|age_doubt",
			  &a->head.facts);
	else
		form_fields(c, a->r, &a->form, &casefile_type, CLASS(class), &a->head.facts);
	return OK;
}

static enum status ask_edit(struct ctx *c, struct asking *a)
{
	return ask_head(c, a, a->may.edit, ASSIST, MSG_CASE_CARD_ASSIST, "/edit");
}

static enum status ask_alert(struct ctx *c, struct asking *a)
{
	return ask_head(c, a, a->may.alert, ALERT, MSG_CASE_ALERT_TITLE, "/alert");
}

struct row_in {
	struct id row;
};

/* Which period: of the address, or of what was posted. */
static struct id row_of(const struct ctx *c, const struct request *r)
{
	struct id row = ID_ZERO;
	struct sv came = typed(c, r, "row");

	if (came.n > 0 && !id_parse(came, &row))
		row = ID_ZERO;
	return row;
}

static enum status ask_facts(struct ctx *c, struct asking *a)
{
	static const struct exploitation_facts nothing;
	const struct exploitation_facts *facts = &nothing;
	struct id row = row_of(c, a->r);
	struct exploitation_row *rows;
	uint64_t version = 0;
	size_t n = 0;

	if (!a->may.facts)
		return denied(c);
	if (!id_is_zero(row))
		TRY(exploitation_list(c, a->head.row.id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (id_equal(rows[i].id, row)) {
			facts = &rows[i].facts;
			version = rows[i].version;
		}
	if (version == 0 && !id_is_zero(row))
		return ERR(c, E_NOTFOUND, "no such period in this file");
	begin(c, a, MSG_CASE_CARD_FACTS, "/facts");
	a->form.view->version = (int64_t)version;
	a->form.view->row = version > 0 ? page_id(c, row) : SV_NONE;
	a->form.view->lead = page_say(c, MSG_CASE_FACTS_LEAD);
	class_section(c, a, EXPLOIT);
	form_fields(c, a->r, &a->form, &exploitation_type, 0, facts);
	return OK;
}

void draw_basis(struct ctx *c, const struct request *r, struct sheet_form *f, const struct basis_facts *now, bool child)
{
	form_some(c, r, f, &basis_type, "basis|basis_day|basis_explained|basis_language|basis_way|basis_interpreter", now);
	form_section(c, f, MSG_CASE_BASIS_SOME, case_audience(CONSENT), !child);
	form_some(c, r, f, &basis_type, "child_view|guardian|basis_reason", now);
}

static enum status ask_basis(struct ctx *c, struct asking *a)
{
	static const struct basis_facts nothing;

	if (!a->may.basis)
		return denied(c);
	begin(c, a, MSG_CASE_BASIS_ADD, "/basis");
	a->form.view->lead = page_say(c, MSG_CASE_BASIS_LEAD);
	class_section(c, a, CONSENT);
	draw_basis(c, a->r, &a->form, &nothing, a->head.child);
	form_readers(&a->form, readers_path(c, a->r, READERS_FILE, a->head.row.id, CONSENT));
	return OK;
}

/* --- steps --------------------------------------------------------------------------------------------------------------------------- */

static void why_and_day(struct ctx *c, struct asking *a, enum message why, bool day)
{
	struct tpl_shared_field *box = field_lines(c, a->r, "why", why, SV_NONE), *review;

	box->audience = page_say(c, MSG_AUDIENCE_THREAD);
	box->readers = readers_path(c, a->r, READERS_FILE, a->head.row.id, THREAD);
	if (day) {
		review = field_line(c, a->r, "review_at", MSG_FIELD_REVIEW_AT, SV_NONE);
		review->type = SV("date");
		form_box(&a->form, review);
	}
	form_box(&a->form, box);
}

static enum status ask_risk(struct ctx *c, struct asking *a)
{
	if (!a->may.risk)
		return denied(c);
	begin(c, a, MSG_CASE_RISK_TITLE, "/risk");
	a->form.view->lead = page_say(c, MSG_CASE_RISK_LEAD);
	class_section(c, a, ASSIST);
	form_box(&a->form, field_radios(c, a->r, "risk", MSG_FIELD_RISK, "risk_levels", a->head.facts.risk));
	why_and_day(c, a, MSG_CASE_RISK_WHY, true);
	return OK;
}

static enum status ask_suspend(struct ctx *c, struct asking *a)
{
	if (!a->may.suspend)
		return denied(c);
	begin(c, a, MSG_CASE_SUSPEND_TITLE, "/suspend");
	a->form.view->lead = page_say(c, MSG_CASE_SUSPEND_LEAD);
	form_section(c, &a->form, MSG_NONE, MSG_NONE, false);
	why_and_day(c, a, MSG_CASE_SUSPEND_WHY, true);
	return OK;
}

/* Reasons of closure_reasons.csv that may close a file in its present state. */
static struct tpl_shared_field *closures(const struct ctx *c, const struct request *r, enum case_state state)
{
	const struct code_list *l = codes_of("closure_reasons");
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, (l == NULL ? 0 : l->n) + 1);
	struct tpl_shared_field *f;
	size_t n = 0;

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		const char *from = code_extra(l, &l->codes[i], "from_states");

		if (from != NULL && codes_hold(sv_of(from), case_state_code(state)))
			o[n++] = (struct tpl_shared_field_option){ .value = sv_of(l->codes[i].code),
								   .label = sv_of(l->codes[i].label[c->language]) };
	}
	f = field_options(c, r, "closure", MSG_FIELD_CLOSURE, o, n, SV_NONE);
	f->is_radio = true;
	return f;
}

static enum status ask_close(struct ctx *c, struct asking *a)
{
	if (!a->may.close_ask)
		return denied(c);
	begin(c, a, MSG_CASE_CLOSE_TITLE, "/close");
	a->form.view->lead = page_say(c, MSG_CASE_CLOSE_LEAD);
	a->form.view->save = page_say(c, MSG_CASE_CLOSE_ASK);
	class_section(c, a, ASSIST);
	form_box(&a->form, closures(c, a->r, a->head.row.state));
	why_and_day(c, a, MSG_CASE_CLOSE_WHY, false);
	return OK;
}

static enum status ask_close_back(struct ctx *c, struct asking *a)
{
	if (!a->may.close_sign)
		return denied(c);
	begin(c, a, MSG_CASE_CLOSE_BACK, "/close/back");
	form_section(c, &a->form, MSG_NONE, MSG_NONE, false);
	why_and_day(c, a, MSG_CASE_CLOSE_BACK_WHY, false);
	return OK;
}

struct tpl_shared_field *case_people(struct ctx *c, const struct request *r, const char *name, struct sv now)
{
	struct tpl_shared_field_option *o;
	struct tpl_shared_field *f;
	struct assign_choice *list;
	size_t n;

	if (case_assign_choices(c, &list, &n) != OK)
		n = 0;
	o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct sv open = message_plural(c->language, MSG_CASE_PEOPLE_LOAD, list[i].load),
			  count = page_number(c, list[i].load);

		open = page_put(c, open, &count, 1);
		o[i] = (struct tpl_shared_field_option){ .value = page_id(c, list[i].user),
							 .label = arena_format(c->arena, "%.*s (%.*s)", (int)list[i].login.n,
									       list[i].login.p, (int)open.n, open.p) };
	}
	f = field_options(c, r, name, MSG_FIELD_ASSIGNEE, o, n, n == 1 && now.n == 0 ? o[0].value : now);
	f->is_radio = true;
	return f;
}

static enum status ask_assign(struct ctx *c, struct asking *a)
{
	if (!a->may.assign)
		return denied(c);
	begin(c, a, MSG_CASE_ASSIGN_TITLE, "/assign");
	form_section(c, &a->form, MSG_NONE, MSG_NONE, false);
	form_box(&a->form, case_people(c, a->r, "user", page_id(c, a->head.row.assignee)));
	return OK;
}

/* --- all of them ------------------------------------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	enum status (*ask)(struct ctx *c, struct asking *a);
} forms[] = {
	{ "person", ask_person }, { "reach", ask_reach },     { "edit", ask_edit },     { "alert", ask_alert },
	{ "facts", ask_facts },   { "basis", ask_basis },     { "risk", ask_risk },     { "suspend", ask_suspend },
	{ "close", ask_close },   { "back", ask_close_back }, { "assign", ask_assign },
};

enum status case_form(struct ctx *c, const struct request *r, struct sv which, struct response *out)
{
	struct asking a = { .r = r };

	TRY(case_load(c, r->path_id, &a.head));
	case_may_read(c, &a.head, &a.may);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!sv_is(which, forms[i].name))
			continue;
		TRY(forms[i].ask(c, &a));
		if (c->error.status == E_STALE) {
			c->error = (struct error){ .status = OK };
			a.form.view->warn = page_say(c, MSG_CASE_STALE);
		}
		render_casefile_form(&out->body, c->language, a.form.view);
		return OK;
	}
	return ERR(c, E_NOTFOUND, "no such form");
}

#define FORM(name_)                                                                                   \
	static enum status form_##name_(struct ctx *c, const struct request *r, struct response *out) \
	{                                                                                             \
		return case_form(c, r, SV(#name_), out);                                              \
	}
FORM(person)
FORM(reach)
FORM(edit)
FORM(alert)
FORM(facts)
FORM(basis)
FORM(risk)
FORM(suspend)
FORM(close)
FORM(back)
FORM(assign)

static const struct param row_params[] = { PARAM(struct row_in, row, P_ID, 0) };
#define ASKS(path_, run_) ROUTE0(GET, SITE_STAFF, "/file/{id}/" path_, run_, MAY(ASSIST, OP_READ))
static const struct route rows[] = {
	ASKS("person", form_person),
	ASKS("reach", form_reach),
	ASKS("edit", form_edit),
	ASKS("alert", form_alert),
	ROUTE(GET, SITE_STAFF, "/file/{id}/facts", form_facts, MAY(EXPLOIT, OP_READ), row_params, struct row_in),
	ASKS("basis", form_basis),
	ASKS("risk", form_risk),
	ASKS("suspend", form_suspend),
	ASKS("close", form_close),
	ASKS("close/back", form_back),
	ASKS("assign", form_assign),
};
extern const struct routes page_casefile_form;
const struct routes page_casefile_form = { rows, sizeof(rows) / sizeof(rows[0]) };
