/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A basis that is no consent, or the closing of a file, before its second signature and after: drawn from that one sealed text, so that somebody
 * of another organisation who is asked sees what the file's own people see of it, and nothing else. */
#include "web/page/screening.h"

#include "domain/access/access.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/form.h"
#include "web/page/sheet.h"

struct signing_in {
	uint32_t version;
	struct key16 once;
	struct id reviewer;
	struct sv verdict, reason;
};
#define OWN PARAM(struct signing_in, version, P_U32, UINT32_MAX), PARAM(struct signing_in, once, P_KEY16, 0)
static const struct param sign_params[] = {
	OWN,
	PARAM(struct signing_in, verdict, P_CODE, 0, .codes = "verdicts"),
	PARAM(struct signing_in, reason, P_LONG, 2000),
};
static const struct param ask_params[] = { OWN, PARAM(struct signing_in, reviewer, P_ID, 0) };
static const struct page_name names[] = {
	{ "verdict", MSG_SCREENING_VERDICT },
	{ "reason", MSG_SCREENING_WHY },
	{ "reviewer", MSG_SCREENING_READER },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static void fact(struct tpl_signing_packet *v, struct tpl_signing_packet_fact *rows, struct sv label, struct sv value)
{
	if (value.n > 0)
		rows[v->rows_n++] = (struct tpl_signing_packet_fact){ label, value };
}

/* What is signed, word for word. */
static void draw_facts(struct ctx *c, const struct case_packet *p, struct tpl_signing_packet *v)
{
	const struct record_type *t = &basis_type;
	struct tpl_signing_packet_fact *rows = ARENA_ARRAY(c->arena, struct tpl_signing_packet_fact, t->field_count + 2);

	if (p->row.kind == DECISION_CLOSING) {
		fact(v, rows, page_say(c, MSG_FIELD_CLOSURE), page_label(c, "closure_reasons", p->closure));
		fact(v, rows, page_say(c, MSG_CASE_CLOSE_WHY), p->why);
	} else {
		for (size_t i = 0; i < t->field_count; i++)
			if ((t->fields[i].flags & FIELD_MACHINE) == 0)
				fact(v, rows, field_label(c, t->fields[i].name),
				     field_words(c, &t->fields[i], *sheet_of(&p->basis, i)));
	}
	v->rows = rows;
}

static void draw_signed(struct ctx *c, const struct case_packet *p, struct tpl_signing_packet *v)
{
	v->doubt = signing_doubt(c, &p->first, &p->second);
	if (!id_is_zero(p->first.user)) {
		v->by = member_login(c, p->first.user);
		v->at = page_time(c, p->first.at);
	}
	if (id_is_zero(p->second.by.user))
		return;
	v->verdict = page_label(c, "verdicts", p->second.verdict);
	v->why = p->second.reason;
	v->reader = member_login(c, p->second.by.user);
	v->read_at = page_time(c, p->second.by.at);
}

static bool own_house(const struct ctx *c, const struct case_packet *p)
{
	return id_equal(p->row.organisation, c->who->organisation);
}

static void draw_acts(struct ctx *c, const struct request *r, const struct case_packet *p, struct tpl_signing_packet *v)
{
	const char *id = page_id(c, p->row.id).p;
	bool own, nobody;

	if (p->may_sign) {
		v->sign = page_path(c, r, "/signing/%s/sign", id);
		v->verdict_field = field_radios(c, r, "verdict", MSG_SCREENING_VERDICT, "verdicts", SV_NONE);
		v->why_field = screening_reason_field(c, r, MSG_SCREENING_WHY, MSG_NONE, MSG_SCREENING_SEEN_READER,
						      own_house(c, p) ? p->row.dossier : ID_ZERO);
	}
	if (!p->may_ask)
		return;
	v->reader_field = screening_reader_field(c, r, &own, &nobody);
	v->ask = v->reader_field == NULL ? SV_NONE : page_path(c, r, "/signing/%s/ask", id);
	v->nobody = nobody;
}

static enum message state_words(const struct decision_row *d)
{
	switch (d->state) {
	case DECISION_SENT_BACK:
		return MSG_SIGNING_STATE_BACK;
	case DECISION_RETURNED:
		return MSG_SIGNING_STATE_DROPPED;
	case DECISION_PROVISIONAL:
		return d->kind == DECISION_BASIS ? MSG_SCREENING_STATE_PROVISIONAL : MSG_SIGNING_STATE_WAITS;
	case DECISION_MADE:
	case DECISION_SIGNED:
		break;
	}
	return MSG_SCREENING_STATE_SIGNED;
}

static enum status packet(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_signing_packet v = { .csrf = csrf_text(c), .once = page_once(c, r) };
	struct case_packet p;
	bool own, basis;

	TRY(case_packet_load(c, r->path_id, &p));
	own = own_house(c, &p);
	basis = p.row.kind == DECISION_BASIS;
	v.head = page_head(c, r, MSG_SIGNING_TITLE, own ? MENU_NONE : MENU_TEAM);
	v.foot = page_foot(c, r);
	v.errors = page_errors(c, names, NAMES);
	v.title = page_label(c, "decision_kinds", decision_kind_word(p.row.kind));
	v.lead = page_say(c, basis ? MSG_SIGNING_BASIS_LEAD : MSG_SIGNING_CLOSING_LEAD);
	v.state = page_say(c, state_words(&p.row));
	v.clock = page_clock(c, p.row.due_hour);
	v.late = p.row.due_hour > 0 && p.row.due_hour < c->now;
	v.lent = !own;
	v.version = (int64_t)p.row.version;
	v.back = page_path(c, r, "/team");
	v.back_text = page_say(c, MSG_TEAM_TITLE);
	if (own) {
		struct sv name;

		TRY(case_names(c, &p.row.dossier, 1, &name));
		v.back = page_path(c, r, "/file/%s", page_id(c, p.row.dossier).p);
		v.back_text = name;
	}
	draw_facts(c, &p, &v);
	draw_signed(c, &p, &v);
	draw_acts(c, r, &p, &v);
	render_signing_packet(&out->body, c->language, &v);
	return OK;
}

/* The page again when something was wrong. */
static enum status finish(struct ctx *c, const struct request *r, enum status s, const char *path, const char *done,
			  struct response *out)
{
	if (s == E_INPUT) {
		c->error = (struct error){ .status = OK };
		out->code = 422;
		return packet(c, r, out);
	}
	TRY(s);
	return response_go(c, r, out, path, done);
}

static enum status sign(struct ctx *c, const struct request *r, struct response *out)
{
	const struct signing_in *f = r->in;
	struct case_say in = { .packet = r->path_id, .version = f->version, .verdict = f->verdict, .reason = f->reason };

	form_key(c->arena, r->form, &f->once, "say", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : case_say(c, &in), "/team", "screening.done_signed", out);
}

static enum status ask(struct ctx *c, const struct request *r, struct response *out)
{
	const struct signing_in *f = r->in;
	struct case_ask in = { .packet = r->path_id, .version = f->version, .reviewer = f->reviewer };

	form_key(c->arena, r->form, &f->once, "ask", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : case_ask(c, &in),
		      arena_format(c->arena, "/signing/%s", page_id(c, r->path_id).p).p, "screening.done_asked", out);
}

#define SHOWS .flags = ROUTE_SHOWS_INPUT_ERRORS
static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/signing/{id}", packet, MAY(EXPLOIT, OP_READ)),
	ROUTE(POST, SITE_STAFF, "/signing/{id}/sign", sign, MAY(EXPLOIT, OP_SIGN), sign_params, struct signing_in, SHOWS),
	ROUTE(POST, SITE_STAFF, "/signing/{id}/ask", ask, MAY(EXPLOIT, OP_WRITE), ask_params, struct signing_in, SHOWS),
};
extern const struct routes page_signing;
const struct routes page_signing = { rows, sizeof(rows) / sizeof(rows[0]) };
