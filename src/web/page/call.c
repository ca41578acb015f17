/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H1, the telephone console, and H2, what the desk heard in this shift. One page takes a call, a letter, a message or a visit. A kind of
 * contact that becomes no report keeps only kind, language and words, and these for the shift alone. */
#include "web/page/call.h"

#include <string.h>

#include "domain/intake/intake.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/form.h"
#include "web/page/desk.h"
#include "web/page/public.h"

struct call_in {
	struct key16 once;
	bool sure, another;
	struct sv quick, kind, channel, received_at, language, risk, text, child, region, forms, reporter_type, people_estimate,
		contact_way, contact_hours, contact_message_ok, contact_word, contact_phone, contact_details;
};
static const struct param call_params[] = {
	PARAM(struct call_in, once, P_KEY16, 0),
	PARAM(struct call_in, sure, P_FLAG, 0),
	PARAM(struct call_in, another, P_FLAG, 0),
	PARAM(struct call_in, quick, P_CODE, 32, .codes = "contact_kinds"),
	PARAM(struct call_in, kind, P_CODE, 32, .codes = "contact_kinds"),
	PARAM(struct call_in, channel, P_CODE, 32, .codes = "report_channels"),
	PARAM(struct call_in, received_at, P_TEXT, 20),
	PARAM(struct call_in, language, P_CODE, 16, .codes = "languages"),
	PARAM(struct call_in, risk, P_CODE, 16, .codes = "risk_levels"),
	PARAM(struct call_in, text, P_LONG, 10000),
	PARAM(struct call_in, child, P_CODE, 16),
	PARAM(struct call_in, region, P_CODE, 16, .codes = "regions"),
	PARAM(struct call_in, forms, P_CODES, 20, .codes = "forms_of_exploitation"),
	PARAM(struct call_in, reporter_type, P_CODE, 32, .codes = "reporter_types"),
	PARAM(struct call_in, people_estimate, P_TEXT, 10),
	PARAM(struct call_in, contact_way, P_CODE, 32, .codes = "contact_ways"),
	PARAM(struct call_in, contact_hours, P_TEXT, 200),
	PARAM(struct call_in, contact_message_ok, P_CODE, 16),
	PARAM(struct call_in, contact_word, P_TEXT, 60),
	PARAM(struct call_in, contact_phone, P_TEXT, 40),
	PARAM(struct call_in, contact_details, P_TEXT, 200),
};
struct saved_in {
	struct id report;
};
static const struct param saved_params[] = { PARAM(struct saved_in, report, P_ID, 0) };

static const struct page_name names[] = {
	{ "text", MSG_CALL_STATEMENT },
	{ "channel", MSG_FIELD_CHANNEL },
	{ "received_at", MSG_CALL_RECEIVED },
	{ "kind", MSG_CALL_KIND },
	{ "people_estimate", MSG_CALL_PEOPLE },
	{ "child", MSG_CALL_CHILD },
	{ "contact_message_ok", MSG_CALL_MESSAGE_OK },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* --- the page ------------------------------------------------------------------------------------------------------------------------ */

/* By what way it came: the public form brings its own reports. */
static struct tpl_shared_field *channels(const struct ctx *c, const struct request *r)
{
	struct tpl_shared_field *f = field_select(c, r, "channel", MSG_FIELD_CHANNEL, "report_channels", SV("hotline"));
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, f->options_n + 1);
	size_t n = 0;

	for (size_t i = 0; i < f->options_n; i++)
		if (!sv_is(f->options[i].value, "web"))
			o[n++] = f->options[i];
	f->options = o;
	f->options_n = n;
	return f;
}

static void draw_fields(const struct ctx *c, const struct request *r, struct tpl_call_console *v)
{
	struct tpl_shared_field *words = field_lines(c, r, "text", MSG_CALL_STATEMENT, SV_NONE);
	struct tpl_shared_field *received = field_line(c, r, "received_at", MSG_CALL_RECEIVED, SV_NONE);
	struct tpl_shared_field *risk = field_radios(c, r, "risk", MSG_FIELD_RISK, "risk_levels", SV("unknown"));

	words->audience = page_say(c, MSG_AUDIENCE_DESK);
	words->rows = 8;
	received->ltr = true;
	risk->key = SV("F2");
	v->channel = channels(c, r);
	v->received = received;
	v->language = field_select(c, r, "language", MSG_FIELD_LANGUAGE, "languages", SV_NONE);
	v->risk = risk;
	v->relation = field_select(c, r, "reporter_type", MSG_FIELD_REPORTER_TYPE, "reporter_types", SV_NONE);
	v->child = field_yes_no(c, r, "child", MSG_CALL_CHILD, SV_NONE);
	v->people = field_line(c, r, "people_estimate", MSG_CALL_PEOPLE, SV_NONE);
	v->region = field_select(c, r, "region", MSG_FIELD_REGION, "regions", SV_NONE);
	v->kind = field_select(c, r, "kind", MSG_CALL_KIND, "contact_kinds", SV("potential_case"));
	v->words = words;
	v->forms = field_checks(c, r, "forms", MSG_FIELD_FORMS, "forms_of_exploitation", SV_NONE);
}

static void draw_contact(const struct ctx *c, const struct request *r, struct tpl_call_console *v)
{
	v->way = field_select(c, r, "contact_way", MSG_FIELD_CONTACT_WAY, "contact_ways", SV_NONE);
	v->phone = field_line(c, r, "contact_phone", MSG_FIELD_CONTACT_PHONE, SV_NONE);
	v->details = field_line(c, r, "contact_details", MSG_FIELD_CONTACT_DETAILS, SV_NONE);
	v->hours = field_line(c, r, "contact_hours", MSG_FIELD_CONTACT_HOURS, SV_NONE);
	v->word = field_line(c, r, "contact_word", MSG_FIELD_CONTACT_WORD, SV_NONE);
	v->message = field_yes_no(c, r, "contact_message_ok", MSG_CALL_MESSAGE_OK, SV_NONE);
}

/* asks: kind of a quick key that was pressed though something is typed. said: these words made the report a moment ago. */
struct state {
	bool saved, said;
	struct id report;
	struct sv asks;
};

static enum status draw(struct ctx *c, const struct request *r, const struct state *at, struct response *out)
{
	struct tpl_shared_head *head = page_head(c, r, MSG_CALL_TITLE, MENU_CALL);
	struct tpl_call_console v = { .head = head,
				      .foot = page_foot(c, r),
				      .errors = desk_errors(c, names, NAMES),
				      .action = page_path(c, r, "/call"),
				      .shift = page_path(c, r, "/shift"),
				      .csrf = csrf_text(c),
				      .once = at->saved ? once_text(c) : page_once(c, r),
				      .saved = at->saved,
				      .quick = at->asks,
				      .quick_label = page_label(c, "contact_kinds", at->asks),
				      .numbers = public_numbers(c) };

	head->calling = true;
	if (at->saved) {
		head->flash = SV_NONE; /* said in the page, with the way to the report */
		if (!id_is_zero(at->report))
			v.saved_at = page_path(c, r, "/reports/%s", page_id(c, at->report).p);
	}
	if (at->said)
		v.said_at = page_path(c, r, "/reports/%s", page_id(c, at->report).p);
	draw_fields(c, r, &v);
	draw_contact(c, r, &v);
	render_call_console(&out->body, c->language, &v);
	return OK;
}

enum status call_page(struct ctx *c, const struct request *r, struct response *out)
{
	return draw(c, r, &(struct state){ .saved = false }, out);
}

static enum status blank(struct ctx *c, const struct request *r, struct response *out)
{
	const struct saved_in *in = r->in;

	return draw(c, r, &(struct state){ .saved = sv_is(r->done, "call.saved"), .report = in->report }, out);
}

/* --- saving ----------------------------------------------------------------------------------------------------------------------------- */

static bool becomes_report(struct sv kind)
{
	const struct code_list *l = codes_of("contact_kinds");
	const struct code *code = l == NULL ? NULL : code_find(l, kind);
	const char *becomes = code == NULL ? NULL : code_extra(l, code, "becomes_report");

	return becomes != NULL && strcmp(becomes, "1") == 0;
}

/* Without script a page gone back to is made anew, with a new key; the words in it are the old ones. */
#define MOMENT_MS (10 * MINUTE_MS)
static void words_key(struct ctx *c, const struct request *r, int64_t moment, uint8_t key[16])
{
	struct key16 session = { .given = true };

	memcpy(session.b, c->who->csrf, sizeof(session.b));
	form_key(c->arena, r->form, &session, arena_format(c->arena, "call at %lld", (long long)moment).p, NULL, key);
}

/* said: nothing was saved, the words made the report a moment ago. */
static enum status save_report(struct ctx *c, const struct request *r, const uint8_t key[16], struct id *report, bool *said)
{
	const struct call_in *in = r->in;
	struct staff_form f = {
		.facts = { .language = in->language,
			   .child = in->child,
			   .about_self = sv_is(in->reporter_type, "self") ? SV("yes") : SV_NONE,
			   .region = in->region,
			   .forms = in->forms,
			   .reporter_type = in->reporter_type,
			   .people_estimate = in->people_estimate,
			   .contact_way = in->contact_way,
			   .contact_hours = in->contact_hours,
			   .contact_message_ok = in->contact_message_ok,
			   .contact_word = in->contact_word,
			   .contact_phone = in->contact_phone,
			   .contact_details = in->contact_details },
		.channel = in->channel.n > 0 ? in->channel : SV("hotline"),
		.risk = in->risk,
		.danger_now = sv_is(in->risk, "immediate"),
		.text = in->text,
		.received_at = in->received_at,
	};

	memcpy(f.key, key, sizeof(f.key));
	for (int i = 0; i < 2 && sv_trim(in->text).n > 0 && !in->another; i++)
		words_key(c, r, c->now / MOMENT_MS - i, f.same[i]);
	*said = report_said(c, &f, report);
	return *said ? OK : report_new_staff(c, &f, report);
}

/* Is anything typed that a quick key would not make a report of, or drop? */
static bool filled(const struct call_in *in)
{
	const struct sv typed_words[] = { in->text,          in->region,          in->forms,
					  in->reporter_type, in->people_estimate, in->contact_phone,
					  in->contact_hours, in->contact_word,    in->contact_details,
					  in->contact_way };

	for (size_t i = 0; i < sizeof(typed_words) / sizeof(typed_words[0]); i++)
		if (sv_trim(typed_words[i]).n > 0)
			return true;
	return false;
}

static enum status save(struct ctx *c, const struct request *r, struct response *out)
{
	const struct call_in *in = r->in;
	struct contact_form contact = { .kind = in->quick.n > 0 ? in->quick : in->kind,
					.language = in->language,
					.text = in->text };
	struct id report = ID_ZERO;
	bool said = false;
	enum status s;

	form_key(c->arena, r->form, &in->once, "call", NULL, contact.key);
	if (in->quick.n > 0 && filled(in) && !in->sure)
		return draw(c, r, &(struct state){ .asks = in->quick }, out);
	if (c->input_count > 0)
		s = E_INPUT;
	else
		s = becomes_report(contact.kind) ? save_report(c, r, contact.key, &report, &said) : contact_new(c, &contact);
	if (s == E_INPUT) {
		out->code = 400;
		c->error = (struct error){ .status = OK };
		return call_page(c, r, out);
	}
	TRY(s);
	if (said)
		return draw(c, r, &(struct state){ .said = true, .report = report }, out);
	desk_sent(c, r);
	if (id_is_zero(report))
		return response_go(c, r, out, "/call", "call.saved");
	return response_go(c, r, out, arena_format(c->arena, "/call?report=%s", page_id(c, report).p).p, "call.saved");
}

/* --- the shift --------------------------------------------------------------------------------------------------------------------------- */

static enum status shift(struct ctx *c, const struct request *r, struct response *out)
{
	struct contact_row *list;
	size_t n;
	struct tpl_call_shift_row *rows;
	struct tpl_call_shift v = { .new_call = page_path(c, r, "/call") };

	TRY(contact_list(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_call_shift_row, n + 1);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_call_shift_row){ .day = page_time(c, list[i].at),
						       .kind = page_label(c, "contact_kinds", list[i].kind),
						       .language = page_label(c, "languages", list[i].language),
						       .by = list[i].by,
						       .words = list[i].text };
	v.head = page_head(c, r, MSG_CALL_SHIFT_TITLE, MENU_SHIFT);
	v.foot = page_foot(c, r);
	v.rows = rows;
	v.rows_n = n;
	render_call_shift(&out->body, c->language, &v);
	return OK;
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/call", blank, MAY(REPORT, OP_WRITE), saved_params, struct saved_in),
	ROUTE(POST, SITE_STAFF, "/call", save, MAY(REPORT, OP_WRITE), call_params, struct call_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE0(GET, SITE_STAFF, "/shift", shift, MAY(REPORT, OP_WRITE)),
};
extern const struct routes page_call;
const struct routes page_call = { rows, sizeof(rows) / sizeof(rows[0]) };
