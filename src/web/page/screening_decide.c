/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions: proposing a presumption, whether the offence is reported, the packet of the second reader with what he says, and the way back.
 * The packet's page draws from the decision alone, so a lent reader sees what the file's own people see of it, and nothing else. */
#include "web/page/screening.h"

#include "policy/policy.h"
#include "web/form.h"
#include "web/page/desk.h"

struct decide_in {
	uint32_t version;
	struct key16 once;
	struct id reviewer;
	struct sv comparison, reason, denunciation, basis, advice, verdict, told_at, told_how;
};
#define OWN PARAM(struct decide_in, version, P_U32, UINT32_MAX), PARAM(struct decide_in, once, P_KEY16, 0)
static const struct param presume_params[] = {
	OWN,
	PARAM(struct decide_in, reviewer, P_ID, 0),
	PARAM(struct decide_in, comparison, P_CODE, 0, .codes = "comparisons"),
	PARAM(struct decide_in, reason, P_LONG, 4000),
};
static const struct param denounce_params[] = {
	OWN,
	PARAM(struct decide_in, denunciation, P_CODE, 0, .codes = "denunciation_choices"),
	PARAM(struct decide_in, basis, P_TEXT, 300),
	PARAM(struct decide_in, reason, P_LONG, 4000),
	PARAM(struct decide_in, advice, P_LONG, 4000),
};
static const struct param sign_params[] = {
	OWN,
	PARAM(struct decide_in, verdict, P_CODE, 0, .codes = "verdicts"),
	PARAM(struct decide_in, reason, P_LONG, 2000),
};
static const struct param return_params[] = {
	OWN,
	PARAM(struct decide_in, told_at, P_TEXT, 20),
	PARAM(struct decide_in, told_how, P_TEXT, 300),
	PARAM(struct decide_in, reason, P_LONG, 4000),
};
static const struct param ask_params[] = { OWN, PARAM(struct decide_in, reviewer, P_ID, 0) };

static const struct page_name names[] = {
	{ "comparison", MSG_SCREENING_COMPARE },   { "reason", MSG_SCREENING_REASON },
	{ "reviewer", MSG_SCREENING_READER },      { "denunciation", MSG_SCREENING_DENOUNCE_CHOICE },
	{ "basis", MSG_SCREENING_DENOUNCE_BASIS }, { "advice", MSG_SCREENING_DENOUNCE_ADVICE },
	{ "verdict", MSG_SCREENING_VERDICT },      { "told_at", MSG_SCREENING_TOLD_AT },
	{ "told_how", MSG_SCREENING_TOLD_HOW },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* --- fields ------------------------------------------------------------------------------------------------------------------ */

/* Lent readers by organisation; NULL where the own organisation has one. */
const struct tpl_shared_field *screening_reader_field(struct ctx *c, const struct request *r, bool *own, bool *nobody)
{
	struct tpl_shared_field_option *options;
	struct second_reader *readers;
	struct tpl_shared_field *f;
	size_t n;

	*own = *nobody = false;
	if (reader_choices(c, own, &readers, &n) != OK || *own)
		return NULL;
	*nobody = n == 0;
	if (n == 0)
		return NULL;
	options = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, n);
	for (size_t i = 0; i < n; i++)
		options[i] = (struct tpl_shared_field_option){
			.value = page_id(c, readers[i].user),
			.label = page_put(c, SV("{0} · {1}"), (struct sv[]){ readers[i].login, readers[i].house }, 2),
		};
	f = field_options(c, r, "reviewer", MSG_SCREENING_READER, options, n, n == 1 ? options[0].value : SV_NONE);
	f->is_radio = true;
	f->hint = page_say(c, MSG_SCREENING_READER_HINT);
	return f;
}

/* Who has the packet alone is not told who else reads the file. */
static struct sv readers(const struct ctx *c, const struct request *r, struct id file)
{
	return id_is_zero(file) ? SV_NONE : readers_path(c, r, READERS_FILE, file, EXPLOIT);
}

/* Beside every box stands who will read it. */
struct tpl_shared_field *screening_reason_field(struct ctx *c, const struct request *r, enum message label, enum message hint,
						enum message audience, struct id file)
{
	struct tpl_shared_field *f = field_lines(c, r, "reason", label, SV_NONE);

	if (hint != MSG_NONE)
		f->hint = page_say(c, hint);
	f->audience = page_say(c, audience);
	f->readers = readers(c, r, file);
	return f;
}

/* --- presumption ------------------------------------------------------------------------------------------------------------- */

static enum status newest(struct ctx *c, struct id file, struct screening_view *out)
{
	struct screening_view *all;
	size_t n;

	TRY(screening_list(c, file, &all, &n));
	while (n > 0 && !all[n - 1].finished)
		n--;
	if (n == 0)
		return ERR(c, E_STATE, "there is no finished screening");
	*out = all[n - 1];
	return OK;
}

static enum status presume_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_screening_decide v = { .csrf = csrf_text(c), .once = page_once(c, r) };
	struct screening_place place;
	struct screening_view s;

	TRY(screening_place(c, r, r->path_id, false, &place));
	if (!case_may(place.head.row.state, CASE_PRESUMED, c->who->roles))
		return ERR(c, E_STATE, "not possible in the file's state");
	TRY(newest(c, r->path_id, &s));
	v.head = page_head(c, r, MSG_SCREENING_DECIDE, MENU_FILES);
	v.foot = page_foot(c, r);
	v.errors = page_errors(c, names, NAMES);
	v.reading = screening_reading(c, &s, true);
	v.law = screening_law(c, &s);
	v.back = screening_path(c, r, &place, "screening/end");
	v.back_text = place.name;
	v.action = screening_path(c, r, &place, "presumption");
	v.version = (int64_t)place.head.row.version;
	v.compare_field = field_radios(c, r, "comparison", MSG_SCREENING_COMPARE, "comparisons", SV_NONE);
	v.reason_field =
		screening_reason_field(c, r, MSG_SCREENING_REASON, MSG_SCREENING_REASON_HINT, MSG_SCREENING_SEEN_READER, place.id);
	v.reader_field = screening_reader_field(c, r, &v.own_readers, &v.no_reader);
	render_screening_decide(&out->body, c->language, &v);
	return OK;
}

/* The form again when something was wrong; else to the page the act leads to. */
static enum status finish(struct ctx *c, const struct request *r, enum status s, handler *again, const char *path, const char *done,
			  struct response *out)
{
	if (s == E_INPUT) {
		c->error = (struct error){ .status = OK };
		out->code = 422;
		return again(c, r, out);
	}
	TRY(s);
	desk_sent(c, r);
	return response_go(c, r, out, path, done);
}

static const char *file_path(const struct ctx *c, const struct request *r)
{
	return arena_format(c->arena, "/file/%s", page_id(c, r->path_id).p).p;
}

static enum status presume(struct ctx *c, const struct request *r, struct response *out)
{
	const struct decide_in *f = r->in;
	struct presume in = {
		.file = r->path_id, .version = f->version, .comparison = f->comparison, .reason = f->reason, .reviewer = f->reviewer
	};

	form_key(c->arena, r->form, &f->once, "presumption", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : presumption_make(c, &in), presume_form, file_path(c, r),
		      "screening.done_decided", out);
}

/* --- denunciation ------------------------------------------------------------------------------------------------------------ */

static enum status denounce_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_screening_denounce v = { .csrf = csrf_text(c), .once = page_once(c, r) };
	struct screening_place place;
	struct tpl_shared_field *advice;

	TRY(screening_place(c, r, r->path_id, false, &place));
	v.head = page_head(c, r, MSG_SCREENING_DENOUNCE, MENU_FILES);
	v.foot = page_foot(c, r);
	v.errors = page_errors(c, names, NAMES);
	v.back = place.back;
	v.back_text = place.name;
	v.action = screening_path(c, r, &place, "denunciation");
	v.version = (int64_t)place.head.row.version;
	v.choice_field = field_radios(c, r, "denunciation", MSG_SCREENING_DENOUNCE_CHOICE, "denunciation_choices", SV_NONE);
	v.basis_field = field_line(c, r, "basis", MSG_SCREENING_DENOUNCE_BASIS, SV_NONE);
	v.reason_field = screening_reason_field(c, r, MSG_SCREENING_REASON, MSG_NONE, MSG_SCREENING_SEEN, place.id);
	advice = field_lines(c, r, "advice", MSG_SCREENING_DENOUNCE_ADVICE, SV_NONE);
	advice->audience = page_say(c, MSG_SCREENING_SEEN);
	advice->readers = readers(c, r, place.id);
	v.advice_field = advice;
	render_screening_denounce(&out->body, c->language, &v);
	return OK;
}

static enum status denounce(struct ctx *c, const struct request *r, struct response *out)
{
	const struct decide_in *f = r->in;
	struct denunciation in = { .file = r->path_id,
				   .version = f->version,
				   .denunciation = f->denunciation,
				   .basis = f->basis,
				   .reason = f->reason,
				   .advice = f->advice };

	form_key(c->arena, r->form, &f->once, "denunciation", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : denunciation_decide(c, &in), denounce_form, file_path(c, r),
		      "screening.done_denounced", out);
}

/* --- the packet -------------------------------------------------------------------------------------------------------------- */

/* Plainly, when what is shown is not what was signed. */
struct sv signing_doubt(const struct ctx *c, const struct signed_by *first, const struct second_word *second)
{
	if (first->changed || second->by.changed)
		return page_say(c, MSG_SIGNING_CHANGED);
	return id_is_zero(first->user) ? page_say(c, MSG_SIGNING_NOBODY) : SV_NONE;
}

static void draw_said(struct ctx *c, const struct decision_view *d, struct tpl_screening_packet *v)
{
	struct real_names known;

	real_names_load(c, &known);
	v->compare = page_label(c, "comparisons", d->comparison);
	v->reason = d->reason;
	if (d->row.kind == DECISION_DENUNCIATION)
		v->compare = page_put(c, SV("{0} · {1}"),
				      (struct sv[]){ page_label(c, "denunciation_choices", d->denunciation), d->basis }, 2);
	if (d->row.kind == DECISION_RETURN)
		v->compare = page_put(c, SV("{0} · {1}"), (struct sv[]){ page_time(c, d->told_at), d->told_how }, 2);
	if (d->advice.n > 0)
		v->reason = page_put(c, SV("{0}\n\n{1}"), (struct sv[]){ d->reason, d->advice }, 2);
	v->unsigned_text = signing_doubt(c, &d->first, &d->second);
	if (!id_is_zero(d->first.user)) {
		v->by = real_name_signed(c, &known, d->first.user);
		v->at = page_time(c, d->first.at);
	}
	if (id_is_zero(d->second.by.user))
		return;
	v->verdict = page_label(c, "verdicts", d->second.verdict);
	v->why = d->second.reason;
	v->reader = real_name_signed(c, &known, d->second.by.user);
	v->read_at = page_time(c, d->second.by.at);
}

static void draw_acts(struct ctx *c, const struct request *r, const struct decision_view *d, bool own,
		      struct tpl_screening_packet *v)
{
	const char *id = page_id(c, d->row.id).p;
	bool writes = own && policy_may(c->who->roles, EXPLOIT, OP_WRITE), has_own, nobody;

	if (d->may_sign) {
		v->sign = page_path(c, r, "/decision/%s/sign", id);
		v->verdict_field = field_radios(c, r, "verdict", MSG_SCREENING_VERDICT, "verdicts", SV_NONE);
		v->why_field = screening_reason_field(c, r, MSG_SCREENING_WHY, MSG_NONE, MSG_SCREENING_SEEN_READER,
						      own ? d->row.dossier : ID_ZERO);
	}
	if (writes && d->row.state == DECISION_SENT_BACK) {
		struct tpl_shared_field *told = field_line(c, r, "told_at", MSG_SCREENING_TOLD_AT, page_time(c, c->now));

		told->hint = page_say(c, MSG_SCREENING_TOLD_AT_HINT);
		told->ltr = true;
		v->told_field = told;
		v->bring_back = page_path(c, r, "/decision/%s/return", id);
		v->how_field = field_line(c, r, "told_how", MSG_SCREENING_TOLD_HOW, SV_NONE);
		v->because_field = screening_reason_field(c, r, MSG_SCREENING_REASON, MSG_NONE, MSG_SCREENING_SEEN, d->row.dossier);
	}
	if (writes && d->row.state == DECISION_PROVISIONAL) {
		v->reader_field = screening_reader_field(c, r, &has_own, &nobody);
		v->ask = v->reader_field == NULL ? SV_NONE : page_path(c, r, "/decision/%s/ask", id);
	}
}

static struct sv title_of(const struct ctx *c, const struct decision_view *d)
{
	if (d->row.kind != DECISION_PRESUMPTION)
		return page_label(c, "decision_kinds", decision_kind_word(d->row.kind));
	return page_say(c, d->may_sign ? MSG_SCREENING_PACKET : MSG_SCREENING_PACKET_OWN);
}

/* What is read here opens from the decision alone; of the file, only its own people are told the name. */
static enum status packet(struct ctx *c, const struct request *r, struct response *out)
{
	struct tpl_screening_packet v = { .csrf = csrf_text(c), .once = page_once(c, r) };
	struct decision_view d;
	bool own;

	TRY(decision_load(c, r->path_id, &d));
	own = id_equal(d.row.organisation, c->who->organisation);
	v.head = page_head(c, r, MSG_SCREENING_PACKET_OWN, own ? MENU_FILES : MENU_TEAM);
	v.foot = page_foot(c, r);
	v.errors = page_errors(c, names, NAMES);
	v.title = title_of(c, &d);
	v.state = page_say(c, decision_state_words(d.row.state));
	v.clock = page_clock(c, d.row.due_hour);
	v.late = d.row.due_hour > 0 && d.row.due_hour < c->now;
	v.lent = !own;
	v.version = (int64_t)d.row.version;
	v.back = page_path(c, r, "/team");
	v.back_text = page_say(c, MSG_TEAM_TITLE);
	if (own) {
		struct sv name;

		TRY(case_names(c, &d.row.dossier, 1, &name));
		v.back = page_path(c, r, "/file/%s", page_id(c, d.row.dossier).p);
		v.back_text = name;
	}
	if (d.row.kind == DECISION_PRESUMPTION) {
		v.reading = screening_reading(c, &d.screening, false);
		v.law = screening_law(c, &d.screening);
	}
	draw_said(c, &d, &v);
	draw_acts(c, r, &d, own, &v);
	render_screening_packet(&out->body, c->language, &v);
	return OK;
}

static enum status sign(struct ctx *c, const struct request *r, struct response *out)
{
	const struct decide_in *f = r->in;
	struct second_reading in = { .decision = r->path_id, .version = f->version, .verdict = f->verdict, .reason = f->reason };

	form_key(c->arena, r->form, &f->once, "sign", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : presumption_sign(c, &in), packet, "/team", "screening.done_signed", out);
}

static const char *decision_path(const struct ctx *c, const struct request *r)
{
	return arena_format(c->arena, "/decision/%s", page_id(c, r->path_id).p).p;
}

static enum status bring_back(struct ctx *c, const struct request *r, struct response *out)
{
	const struct decide_in *f = r->in;
	struct presumption_return in = {
		.decision = r->path_id, .version = f->version, .told_at = f->told_at, .told_how = f->told_how, .reason = f->reason
	};

	form_key(c->arena, r->form, &f->once, "return", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : presumption_return(c, &in), packet, decision_path(c, r),
		      "screening.done_returned", out);
}

static enum status ask(struct ctx *c, const struct request *r, struct response *out)
{
	const struct decide_in *f = r->in;
	struct presume_ask in = { .decision = r->path_id, .version = f->version, .reviewer = f->reviewer };

	form_key(c->arena, r->form, &f->once, "ask", NULL, in.key);
	return finish(c, r, c->input_count > 0 ? E_INPUT : presumption_ask_again(c, &in), packet, decision_path(c, r),
		      "screening.done_asked", out);
}

#define SHOWS .flags = ROUTE_SHOWS_INPUT_ERRORS
static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/file/{id}/presumption", presume_form, MAY(EXPLOIT, OP_WRITE)),
	ROUTE(POST, SITE_STAFF, "/file/{id}/presumption", presume, MAY(EXPLOIT, OP_WRITE), presume_params, struct decide_in, SHOWS),
	ROUTE0(GET, SITE_STAFF, "/file/{id}/denunciation", denounce_form, MAY(EXPLOIT, OP_WRITE)),
	ROUTE(POST, SITE_STAFF, "/file/{id}/denunciation", denounce, MAY(EXPLOIT, OP_WRITE), denounce_params, struct decide_in,
	      SHOWS),
	ROUTE0(GET, SITE_STAFF, "/decision/{id}", packet, MAY(EXPLOIT, OP_READ)),
	ROUTE(POST, SITE_STAFF, "/decision/{id}/sign", sign, MAY(EXPLOIT, OP_SIGN), sign_params, struct decide_in, SHOWS),
	ROUTE(POST, SITE_STAFF, "/decision/{id}/return", bring_back, MAY(EXPLOIT, OP_WRITE), return_params, struct decide_in,
	      SHOWS),
	ROUTE(POST, SITE_STAFF, "/decision/{id}/ask", ask, MAY(EXPLOIT, OP_WRITE), ask_params, struct decide_in, SHOWS),
};
const struct routes page_screening_decide = { rows, sizeof(rows) / sizeof(rows[0]) };
