/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages that ask before an act on a report, and the page that shows two versions when somebody was faster. Each loads the report: its
 * reading is journalled, and a form is shown only for an act the member has in the report's present state. */
#include "web/page/desk.h"

#include <stddef.h>
#include <string.h>

#include "registry/registry.h"

#define HIDDEN_MAX 128

static struct sv back_path(const struct ctx *c, const struct request *r)
{
	return page_path(c, r, "/reports/%s", page_id(c, r->path_id).p);
}

static struct sv act_path(const struct ctx *c, const struct request *r, const char *act)
{
	return page_path(c, r, "/reports/%s/%s", page_id(c, r->path_id).p, act);
}

/* The report, if the member may do this now. */
static enum status load_for(struct ctx *c, const struct request *r, size_t may_offset, struct report_view *w)
{
	TRY(report_load(c, r->path_id, w));
	if (!*(const bool *)(const void *)((const char *)&w->may + may_offset))
		return ERR(c, E_STATE, "this act is not open to the member now");
	return OK;
}
#define LOAD_FOR(c, r, act, w) load_for(c, r, offsetof(struct report_may, act), w)

/* --- assign, redirect ------------------------------------------------------------------------------------------------------------------ */

static struct sv roles_text(const struct ctx *c, uint32_t roles)
{
	static const struct {
		enum role role;
		enum message label;
	} names[] = {
		{ ROLE_OPERATOR, MSG_ROLE_OPERATOR },
		{ ROLE_DESK, MSG_ROLE_DESK },
		{ ROLE_CASE_MANAGER, MSG_ROLE_CASE_MANAGER },
		{ ROLE_SUPERVISOR, MSG_ROLE_SUPERVISOR },
	};
	struct buf b = buf_new(c->arena, 64, 1024);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((roles & ROLE_BIT(names[i].role)) == 0)
			continue;
		if (b.n > 0)
			buf_text(&b, " · ");
		buf_sv(&b, page_say(c, names[i].label));
	}
	return buf_view(&b);
}

enum status desk_assign_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct report_view w;
	struct assign_choice *list;
	size_t n;
	struct tpl_desk_assign_row *rows;
	struct tpl_desk_assign v = { .back = back_path(c, r),
				     .action = act_path(c, r, "assign"),
				     .csrf = csrf_text(c),
				     .once = page_once(c, r),
				     .mark = page_mark(c, r->path_id) };

	TRY(LOAD_FOR(c, r, assign, &w));
	TRY(report_assign_choices(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_desk_assign_row, n + 1);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_desk_assign_row){
			.value = page_id(c, list[i].user),
			.login = list[i].login,
			.roles = roles_text(c, list[i].roles),
			.count = list[i].load,
			.most = list[n - 1].load + 1,
			.self = list[i].self,
			.on = sv_equal(typed(c, r, "user"), page_id(c, list[i].user)),
		};
	v.head = page_head(c, r, MSG_DESK_ASSIGN_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	v.errors = desk_errors(c, NULL, 0);
	v.version = (int64_t)w.head.version;
	v.place = page_label(c, "regions", w.head.facts.region);
	v.rows = rows;
	v.rows_n = n;
	render_desk_assign(&out->body, c->language, &v);
	return OK;
}

enum status desk_redirect_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct report_view w;
	struct redirect_choice *list;
	size_t n;
	struct tpl_desk_redirect_organisation *rows;
	struct tpl_shared_field *note = field_lines(c, r, "note", MSG_DESK_REDIRECT_NOTE, SV_NONE);
	struct tpl_desk_redirect v = { .back = back_path(c, r),
				       .action = act_path(c, r, "redirect"),
				       .csrf = csrf_text(c),
				       .once = page_once(c, r),
				       .mark = page_mark(c, r->path_id),
				       .note_field = note };

	TRY(LOAD_FOR(c, r, redirect, &w));
	TRY(report_redirect_choices(c, r->path_id, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_desk_redirect_organisation, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct organisation *o = &list[i].organisation;

		rows[i] = (struct tpl_desk_redirect_organisation){
			.value = page_id(c, o->id),
			.name = o->name,
			.place = page_label(c, "regions", o->region),
			.profile = page_labels(c, "accepted_profiles", o->accepts),
			.near = list[i].near,
			.on = sv_equal(typed(c, r, "organisation"), page_id(c, o->id)),
		};
	}
	note->audience = page_say(c, MSG_AUDIENCE_NEXT_DESK);
	v.head = page_head(c, r, MSG_DESK_REDIRECT_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	v.errors = desk_errors(c, NULL, 0);
	v.version = (int64_t)w.head.version;
	v.place = page_label(c, "regions", w.head.facts.region);
	v.organisations = rows;
	v.organisations_n = n;
	render_desk_redirect(&out->body, c->language, &v);
	return OK;
}

/* --- wait, close, edit ------------------------------------------------------------------------------------------------------------------- */

enum status desk_wait_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct report_view w;
	struct tpl_shared_field *until = field_line(c, r, "review_at", MSG_DESK_WAIT_UNTIL, SV_NONE);
	struct tpl_shared_field *reason = field_line(c, r, "wait_reason", MSG_DESK_WAIT_REASON, SV_NONE);
	struct tpl_desk_wait v = { .back = back_path(c, r),
				   .action = act_path(c, r, "wait"),
				   .csrf = csrf_text(c),
				   .once = page_once(c, r),
				   .mark = page_mark(c, r->path_id),
				   .reason_field = reason,
				   .until_field = until };

	TRY(LOAD_FOR(c, r, wait, &w));
	until->type = SV("date");
	reason->audience = page_say(c, MSG_AUDIENCE_DESK);
	reason->readers = desk_readers(c, r, r->path_id, AUDIENCE_DESK);
	v.head = page_head(c, r, MSG_DESK_WAIT_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	v.errors = desk_errors(c, NULL, 0);
	v.version = (int64_t)w.head.version;
	render_desk_wait(&out->body, c->language, &v);
	return OK;
}

/* Reasons of closure_reasons.csv whose column applies_to names reports. */
struct tpl_shared_field *desk_closures(const struct ctx *c, const struct request *r)
{
	const struct code_list *l = codes_of("closure_reasons");
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, (l == NULL ? 0 : l->n) + 1);
	struct tpl_shared_field *f;
	size_t n = 0;

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		const char *to = code_extra(l, &l->codes[i], "applies_to");

		if (to != NULL && codes_hold(sv_of(to), SV("report")))
			o[n++] = (struct tpl_shared_field_option){ .value = sv_of(l->codes[i].code),
								   .label = sv_of(l->codes[i].label[c->language]) };
	}
	f = field_options(c, r, "closure", MSG_DESK_CLOSE_REASON, o, n, SV_NONE);
	f->is_radio = true;
	return f;
}

enum status desk_close_form(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct page_name own[] = { { "text", MSG_DESK_CLOSE_NOTE }, { "answer", MSG_DESK_CLOSE_ANSWER } };
	struct report_view w;
	struct tpl_shared_field *note = field_lines(c, r, "text", MSG_DESK_CLOSE_NOTE, SV_NONE);
	struct tpl_shared_field *answer = field_lines(c, r, "answer", MSG_DESK_CLOSE_ANSWER, SV_NONE);
	struct tpl_desk_close v = { .back = back_path(c, r),
				    .action = act_path(c, r, "close"),
				    .csrf = csrf_text(c),
				    .once = page_once(c, r),
				    .mark = page_mark(c, r->path_id),
				    .reason_field = desk_closures(c, r),
				    .alarm = page_label(c, "closure_reasons", SV("false_alarm")),
				    .malice = page_label(c, "closure_reasons", SV("malicious")),
				    .note_field = note,
				    .answer_field = answer };

	TRY(LOAD_FOR(c, r, close, &w));
	v.answers = w.may.answer;
	answer->hint = page_say(c, MSG_DESK_CLOSE_ANSWER_HINT);
	answer->audience = page_say(c, MSG_AUDIENCE_REPORTER);
	answer->readers = desk_readers(c, r, r->path_id, AUDIENCE_REPORTER);
	note->readers = desk_readers(c, r, r->path_id, w.note_audience);
	note->audience = page_say(c, w.note_audience == AUDIENCE_TEAM ? MSG_AUDIENCE_TEAM : MSG_AUDIENCE_DESK);
	v.head = page_head(c, r, MSG_DESK_CLOSE_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	v.errors = desk_errors(c, own, 2);
	v.version = (int64_t)w.head.version;
	render_desk_close(&out->body, c->language, &v);
	return OK;
}

enum status desk_edit_form(struct ctx *c, const struct request *r, struct response *out)
{
	struct report_view w;
	const struct report_facts *f = &w.head.facts;
	struct tpl_desk_edit v = { .back = back_path(c, r),
				   .action = act_path(c, r, "edit"),
				   .csrf = csrf_text(c),
				   .once = page_once(c, r),
				   .mark = page_mark(c, r->path_id) };

	TRY(LOAD_FOR(c, r, edit, &w));
	v.head = page_head(c, r, MSG_DESK_EDIT_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	v.errors = desk_errors(c, NULL, 0);
	v.version = (int64_t)w.head.version;
	v.subject = field_line(c, r, "subject", MSG_FIELD_SUBJECT, w.head.subject);
	v.language = field_select(c, r, "language", MSG_FIELD_LANGUAGE, "languages", f->language);
	v.relation = field_select(c, r, "reporter_type", MSG_FIELD_REPORTER_TYPE, "reporter_types", f->reporter_type);
	v.self = desk_about(c, r, f->about_self);
	v.region = field_select(c, r, "region", MSG_FIELD_REGION, "regions", f->region);
	v.child = field_yes_no(c, r, "child", MSG_FIELD_CHILD, f->child);
	v.people = field_line(c, r, "people_estimate", MSG_FIELD_PEOPLE_ESTIMATE, f->people_estimate);
	v.forms = field_checks(c, r, "forms", MSG_FIELD_FORMS, "forms_of_exploitation", f->forms);
	v.sectors = field_checks(c, r, "sectors", MSG_FIELD_SECTORS, "sectors", f->sectors);
	v.way = field_select(c, r, "contact_way", MSG_FIELD_CONTACT_WAY, "contact_ways", f->contact_way);
	v.phone = field_line(c, r, "contact_phone", MSG_FIELD_CONTACT_PHONE, f->contact_phone);
	v.details = field_line(c, r, "contact_details", MSG_FIELD_CONTACT_DETAILS, f->contact_details);
	v.hours = field_line(c, r, "contact_hours", MSG_FIELD_CONTACT_HOURS, f->contact_hours);
	v.word = field_line(c, r, "contact_word", MSG_FIELD_CONTACT_WORD, f->contact_word);
	v.message = field_yes_no(c, r, "contact_message_ok", MSG_FIELD_CONTACT_MESSAGE_OK, f->contact_message_ok);
	render_desk_edit(&out->body, c->language, &v);
	return OK;
}

/* --- two versions -------------------------------------------------------------------------------------------------------------------------- */

#define FACT(name_, list_)                                                                                \
	{                                                                                                 \
#name_, list_, offsetof(struct report_head, facts) + offsetof(struct report_facts, name_) \
	}
static const struct {
	const char *name, *list;
	size_t offset;
} shown[] = {
	{ "risk", "risk_levels", offsetof(struct report_head, risk) },
	{ "user", NULL, offsetof(struct report_head, assignee_login) },
	{ "closure", "closure_reasons", offsetof(struct report_head, closure) },
	{ "wait_reason", NULL, offsetof(struct report_head, wait_reason) },
	{ "subject", NULL, offsetof(struct report_head, subject) },
	FACT(language, "languages"),
	FACT(child, NULL),
	FACT(about_self, NULL),
	FACT(region, "regions"),
	FACT(sectors, "sectors"),
	FACT(forms, "forms_of_exploitation"),
	FACT(reporter_type, "reporter_types"),
	FACT(people_estimate, NULL),
	FACT(contact_way, "contact_ways"),
	FACT(contact_phone, NULL),
	FACT(contact_details, NULL),
	FACT(contact_hours, NULL),
	FACT(contact_word, NULL),
	FACT(contact_message_ok, NULL),
};

static struct sv now_of(const struct ctx *c, const struct report_head *h, const char *name, const char **list)
{
	struct sv value = SV_NONE;

	*list = strcmp(name, "shown_state") == 0 ? "shown_states" : NULL;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (strcmp(shown[i].name, name) == 0) {
			value = *(const struct sv *)(const void *)((const char *)h + shown[i].offset);
			*list = shown[i].list;
		}
	return *list != NULL ? page_labels(c, *list, value) : value;
}

static struct sv yours_of(struct ctx *c, const struct request *r, const char *name, const char *list)
{
	struct sv value = typed_all(c, r, name);
	struct organisation o;
	struct id id;

	if (list != NULL)
		return page_labels(c, list, value);
	if (strcmp(name, "user") == 0 && id_parse(value, &id))
		return member_login(c, id);
	if (strcmp(name, "organisation") == 0 && id_parse(value, &id) && organisation_load(c, id, &o) == OK)
		return o.name;
	return value;
}

/* The values of a field ride along, so that the act can be sent once more. */
static void draw_hidden(const struct ctx *c, const struct request *r, const char *name, struct tpl_desk_stale_pair *pairs,
			struct tpl_desk_stale *v)
{
	struct sv one;

	for (size_t k = 0; v->hidden_n < HIDDEN_MAX && (one = typed_at(c, r, name, k)).p != NULL; k++)
		pairs[v->hidden_n++] = (struct tpl_desk_stale_pair){ sv_of(name), one };
}

static void draw_rows(struct ctx *c, const struct request *r, const struct report_head *h, const char *own,
		      struct tpl_desk_stale *v)
{
	struct tpl_desk_stale_row *rows = ARENA_ARRAY(c->arena, struct tpl_desk_stale_row, desk_names_n + 2);
	struct tpl_desk_stale_pair *pairs = ARENA_ARRAY(c->arena, struct tpl_desk_stale_pair, HIDDEN_MAX);

	rows[v->rows_n++] = (struct tpl_desk_stale_row){ .label = page_say(c, MSG_DESK_COL_STATE),
							 .now = sv_of(state_label(h->state, c->language)) };
	for (size_t i = 0; i < desk_names_n; i++) {
		const char *name = desk_names[i].field, *list;
		struct sv now = now_of(c, h, name, &list), yours;

		if (typed(c, r, name).p == NULL)
			continue;
		draw_hidden(c, r, name, pairs, v);
		if (own != NULL && !codes_hold(sv_of(own), sv_of(name)))
			continue;
		yours = yours_of(c, r, name, list);
		rows[v->rows_n++] =
			(struct tpl_desk_stale_row){ page_say(c, desk_names[i].label), now, yours, !sv_equal(now, yours) };
	}
	v->rows = rows;
	v->hidden = pairs;
}

/* Who changed it last, and when. */
static void draw_last(const struct ctx *c, const struct report_view *w, struct tpl_desk_stale *v)
{
	for (size_t i = w->messages_n; i-- > 0;)
		if (w->messages[i].kind == MESSAGE_EVENT) {
			v->who = w->messages[i].by;
			v->at = page_time(c, w->messages[i].at);
			return;
		}
}

enum status desk_stale(struct ctx *c, const struct request *r, const char *act, const char *own, struct response *out)
{
	struct report_view w;
	struct tpl_desk_stale v = { .back = back_path(c, r),
				    .action = act_path(c, r, act),
				    .draft = act_path(c, r, own == NULL ? act : "note"),
				    .keep = own == NULL ? SV_NONE : act_path(c, r, "keep"),
				    .csrf = csrf_text(c),
				    .once = page_once(c, r),
				    .can_again = c->error.status == E_STALE };

	c->error = (struct error){ .status = OK };
	TRY(report_load(c, r->path_id, &w));
	v.head = page_head(c, r, MSG_DESK_STALE_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	v.version = (int64_t)w.head.version;
	draw_rows(c, r, &w.head, own, &v);
	draw_last(c, &w, &v);
	out->code = 409;
	render_desk_stale(&out->body, c->language, &v);
	return OK;
}
