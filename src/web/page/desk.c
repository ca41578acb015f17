/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One report: safe contact before anything else that could be acted on, then what is known and said beside what can be done. The page is
 * one form, whose buttons name the act: what stands in another box comes along and is shown again, with script and without. */
#include "domain/casefile/casefile.h"
#include "web/page/desk.h"

#include <string.h>

#include "base/clock.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/page/screening.h"

const struct page_name desk_names[] = {
	{ "risk", MSG_FIELD_RISK },
	{ "user", MSG_DESK_ASSIGN_PERSON },
	{ "organisation", MSG_DESK_REDIRECT_ORGANISATION },
	{ "note", MSG_DESK_REDIRECT_NOTE },
	{ "wait_reason", MSG_DESK_WAIT_REASON },
	{ "review_at", MSG_DESK_WAIT_UNTIL },
	{ "answer", MSG_DESK_ANSWER_TEXT },
	{ "shown_state", MSG_DESK_ANSWER_STATE },
	{ "text", MSG_DESK_NOTE_TEXT },
	{ "why", MSG_DESK_REOPEN_WHY },
	{ "closure", MSG_DESK_CLOSE_REASON },
	{ "subject", MSG_FIELD_SUBJECT },
	{ "language", MSG_FIELD_LANGUAGE },
	{ "child", MSG_FIELD_CHILD },
	{ "about_self", MSG_FIELD_ABOUT_SELF },
	{ "region", MSG_FIELD_REGION },
	{ "sectors", MSG_FIELD_SECTORS },
	{ "forms", MSG_FIELD_FORMS },
	{ "reporter_type", MSG_FIELD_REPORTER_TYPE },
	{ "people_estimate", MSG_FIELD_PEOPLE_ESTIMATE },
	{ "contact_way", MSG_FIELD_CONTACT_WAY },
	{ "contact_phone", MSG_FIELD_CONTACT_PHONE },
	{ "contact_details", MSG_FIELD_CONTACT_DETAILS },
	{ "contact_hours", MSG_FIELD_CONTACT_HOURS },
	{ "contact_word", MSG_FIELD_CONTACT_WORD },
	{ "contact_message_ok", MSG_FIELD_CONTACT_MESSAGE_OK },
};
const size_t desk_names_n = sizeof(desk_names) / sizeof(desk_names[0]);

/* What stands first is found first. */
const struct tpl_shared_errors *desk_errors(const struct ctx *c, const struct page_name *own, size_t own_n)
{
	struct page_name *all = ARENA_ARRAY(c->arena, struct page_name, own_n + desk_names_n);

	for (size_t i = 0; i < own_n; i++)
		all[i] = own[i];
	memcpy(all + own_n, desk_names, sizeof(desk_names));
	return page_errors(c, all, own_n + desk_names_n);
}

struct sv desk_clock(const struct ctx *c, const struct report_head *h)
{
	bool danger = sv_is(h->risk, "immediate") && (h->state == STATE_NEW || h->state == STATE_TRIAGE);
	int64_t hour = c->now + HOUR_MS; /* no more than the rule gives, though the machine's clock was set back */

	if (h->due_now)
		return page_say(c, MSG_DESK_CLOCK_NOW);
	return page_clock(c, danger && h->due_at > hour ? hour : h->due_at);
}

struct sv desk_about_text(const struct ctx *c, struct sv value)
{
	if (sv_is(value, "yes"))
		return page_say(c, MSG_DESK_ABOUT_SELF);
	return sv_is(value, "no") ? page_say(c, MSG_DESK_ABOUT_OTHER) : SV_NONE;
}

struct tpl_shared_field *desk_about(const struct ctx *c, const struct request *r, struct sv now)
{
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, 3);
	struct tpl_shared_field *f;

	o[0] = (struct tpl_shared_field_option){ .value = SV("yes"), .label = page_say(c, MSG_DESK_ABOUT_SELF) };
	o[1] = (struct tpl_shared_field_option){ .value = SV("no"), .label = page_say(c, MSG_DESK_ABOUT_OTHER) };
	o[2] = (struct tpl_shared_field_option){ .value = SV("unknown"), .label = page_say(c, MSG_COMMON_NOT_KNOWN) };
	f = field_options(c, r, "about_self", MSG_FIELD_ABOUT_SELF, o, 3, now);
	f->is_select = true;
	return f;
}

struct sv desk_state(const struct ctx *c, const struct report_head *h)
{
	return sv_of(state_label(h->state, c->language));
}

struct sv desk_risk(const struct report_head *h)
{
	return h->risk.n > 0 ? h->risk : SV("unknown");
}

/* --- one report: what is known ----------------------------------------------------------------------------------------------------------- */

struct facts_list {
	const struct ctx *c;
	struct tpl_desk_report_fact *rows;
	size_t n;
};

static void fact(struct facts_list *f, enum message label, struct sv value)
{
	if (value.n > 0)
		f->rows[f->n++] = (struct tpl_desk_report_fact){ page_say(f->c, label), value };
}

static struct sv yes_no(const struct ctx *c, struct sv value)
{
	if (sv_is(value, "yes"))
		return page_say(c, MSG_COMMON_YES);
	return sv_is(value, "no") ? page_say(c, MSG_COMMON_NO) : SV_NONE;
}

static struct sv names_of(struct ctx *c, const struct id *ids, size_t n)
{
	struct buf b = buf_new(c->arena, 64, 4096);

	for (size_t i = 0; i < n; i++) {
		struct organisation o;

		if (organisation_load(c, ids[i], &o) != OK)
			continue;
		if (b.n > 0)
			buf_text(&b, " · ");
		buf_sv(&b, o.name);
	}
	return buf_view(&b);
}

static void draw_facts(struct ctx *c, const struct report_head *h, struct tpl_desk_report *v)
{
	const struct report_facts *f = &h->facts;
	struct facts_list l = { c, ARENA_ARRAY(c->arena, struct tpl_desk_report_fact, 20), 0 };

	fact(&l, MSG_FIELD_SUBJECT, h->subject);
	fact(&l, MSG_FIELD_RECEIVED_AT, page_time(c, h->received_at));
	fact(&l, MSG_FIELD_CHANNEL, page_label(c, "report_channels", h->channel));
	fact(&l, MSG_FIELD_BY, h->by);
	fact(&l, h->state == STATE_NEW || h->state == STATE_TRIAGE ? MSG_FIELD_TAKEN_BY : MSG_FIELD_ASSIGNEE, h->assignee_login);
	fact(&l, MSG_FIELD_DANGER_NOW, h->danger_now ? page_say(c, MSG_COMMON_YES) : SV_NONE);
	fact(&l, MSG_FIELD_REGION, page_label(c, "regions", f->region));
	fact(&l, MSG_FIELD_LANGUAGE, page_label(c, "languages", f->language));
	fact(&l, MSG_FIELD_REPORTER_TYPE, page_label(c, "reporter_types", f->reporter_type));
	fact(&l, MSG_FIELD_ABOUT_SELF, desk_about_text(c, f->about_self));
	fact(&l, MSG_FIELD_CHILD, yes_no(c, f->child));
	fact(&l, MSG_FIELD_PEOPLE_ESTIMATE, f->people_estimate);
	fact(&l, MSG_FIELD_FORMS, page_labels(c, "forms_of_exploitation", f->forms));
	fact(&l, MSG_FIELD_SECTORS, page_labels(c, "sectors", f->sectors));
	fact(&l, MSG_FIELD_EXCLUDED, names_of(c, h->excluded, h->excluded_n));
	fact(&l, MSG_FIELD_WAIT_REASON, h->wait_reason);
	if (h->state == STATE_WAITING)
		fact(&l, MSG_FIELD_REVIEW_AT, page_time(c, h->due_at));
	fact(&l, MSG_FIELD_CLOSURE, page_label(c, "closure_reasons", h->closure));
	v->facts = l.rows;
	v->facts_n = l.n;
}

static void draw_contact(const struct ctx *c, const struct safe_contact *s, struct tpl_desk_report *v)
{
	static const enum message says[] = {
		[CALL_ALLOWED] = MSG_DESK_SAFE_ALLOWED,     [CALL_NOT_ASKED] = MSG_DESK_SAFE_NOT_ASKED,
		[CALL_REFUSED] = MSG_DESK_SAFE_REFUSED,     [CALL_MAILBOX_ONLY] = MSG_DESK_SAFE_MAILBOX,
		[CALL_OTHER_WAY] = MSG_DESK_SAFE_OTHER_WAY, [CALL_NO_NUMBER] = MSG_DESK_SAFE_NO_NUMBER,
	};

	v->contact_no = !s->may_call;
	v->contact_rule = page_say(c, says[s->call]);
	if (s->call == CALL_ALLOWED || s->call == CALL_OTHER_WAY) {
		v->contact_ways = page_label(c, "contact_ways", s->way);
		v->contact_phone = s->phone;
		v->contact_details = s->details;
	}
	v->contact_hours = s->hours;
	v->contact_word = s->word;
	v->contact_message = s->may_leave_message;
}

struct sv desk_readers(const struct ctx *c, const struct request *r, struct id report, enum audience a)
{
	return readers_path(c, r, READERS_REPORT, report, a == AUDIENCE_REPORTER ? DIALOG : REPORT);
}

static struct sv audience_of(const struct ctx *c, enum audience a)
{
	static const enum message of[] = { [AUDIENCE_DESK] = MSG_AUDIENCE_DESK,
					   [AUDIENCE_TEAM] = MSG_AUDIENCE_TEAM,
					   [AUDIENCE_REPORTER] = MSG_AUDIENCE_REPORTER };

	return page_say(c, of[a]);
}

/* A step has no words of its own: what was done, how urgent, to whom, why. */
static struct sv step_words(const struct ctx *c, const struct report_message *m)
{
	const struct sv parts[] = { page_label(c, "report_steps", m->step), page_label(c, "risk_levels", m->risk), m->about,
				    page_label(c, "closure_reasons", m->closure), m->text };
	struct buf b = buf_new(c->arena, 128, 1 << 16);

	for (size_t i = 0; i < 5; i++) {
		if (parts[i].n == 0)
			continue;
		if (b.n > 0)
			buf_text(&b, i == 4 ? "\n" : " · ");
		buf_sv(&b, parts[i]);
	}
	return buf_view(&b);
}

static void draw_said(const struct ctx *c, const struct request *r, const struct report_view *w, struct tpl_desk_report *v)
{
	struct tpl_desk_report_item *rows = ARENA_ARRAY(c->arena, struct tpl_desk_report_item, w->messages_n + 1);

	for (size_t i = 0; i < w->messages_n; i++) {
		const struct report_message *m = &w->messages[i];

		rows[i] = (struct tpl_desk_report_item){
			.who = m->by.n > 0 ? m->by : page_say(c, MSG_DESK_REPORT_REPORTER),
			.audience = audience_of(c, m->audience),
			.readers = desk_readers(c, r, w->head.id, m->audience),
			.at = page_time(c, m->at),
			.body = m->kind == MESSAGE_EVENT ? step_words(c, m) : m->text,
			.mine = m->kind == MESSAGE_ANSWER,
			.internal = m->kind == MESSAGE_NOTE,
			.shown = page_label(c, "shown_states", m->shown_state),
		};
	}
	v->said = rows;
	v->said_n = w->messages_n;
}

static void draw_files(const struct ctx *c, const struct request *r, const struct report_view *w, struct tpl_desk_report *v)
{
	struct tpl_desk_report_file *files = ARENA_ARRAY(c->arena, struct tpl_desk_report_file, w->files_n + 1);

	for (size_t i = 0; i < w->files_n; i++)
		files[i] = (struct tpl_desk_report_file){
			.href = page_path(c, r, "/files/%s", page_id(c, w->files[i].id).p),
			.name = w->files[i].name,
			.size = arena_format(c->arena, "%llu kB", (unsigned long long)((w->files[i].size + 1023) / 1024)),
		};
	v->files = files;
	v->files_n = w->files_n;
}

/* --- one report: what can be done ------------------------------------------------------------------------------------------------------------ */

static struct sv act_path(const struct ctx *c, const struct request *r, struct id report, bool may, const char *act)
{
	return may ? page_path(c, r, "/reports/%s/%s", page_id(c, report).p, act) : SV_NONE;
}

static struct tpl_shared_field *organisations_field(struct ctx *c, const struct request *r)
{
	struct organisation *list;
	size_t n, k = 0;
	struct tpl_shared_field_option *o;
	struct tpl_shared_field *f;

	if (organisation_list(c, &list, &n) != OK)
		n = 0;
	o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, n + 1);
	for (size_t i = 0; i < n; i++)
		if (list[i].desk && !id_equal(list[i].id, c->who->organisation))
			o[k++] = (struct tpl_shared_field_option){ .value = page_id(c, list[i].id), .label = list[i].name };
	f = field_options(c, r, "organisation", MSG_DESK_BLOCK_FIELD, o, k, SV_NONE);
	f->is_select = true;
	return f;
}

/* The files a report became part of, for those who may know of them. */
static void draw_opened(struct ctx *c, const struct request *r, const struct report_view *w, struct tpl_desk_report *v)
{
	struct tpl_desk_report_opened *rows = ARENA_ARRAY(c->arena, struct tpl_desk_report_opened, w->messages_n + 1);
	const struct error before = c->error;

	for (size_t i = 0; i < w->messages_n && policy_may(c->who->roles, ASSIST, OP_READ); i++) {
		struct id file;

		if (sv_is(w->messages[i].step, "linked") && case_find(c, w->messages[i].text, &file) == OK)
			rows[v->opened_files_n++] =
				(struct tpl_desk_report_opened){ page_path(c, r, "/file/%s", page_id(c, file).p),
								 w->messages[i].text };
		c->error = before;
	}
	v->opened_files = rows;
}

static void draw_paths(const struct ctx *c, const struct request *r, const struct report_view *w, struct tpl_desk_report *v)
{
	const struct report_may *m = &w->may;
	struct id id = w->head.id;

	v->take = act_path(c, r, id, m->take && w->head.rings, "take");
	v->triage = act_path(c, r, id, m->triage, "triage");
	v->weigh = m->triage && !m->assign && !m->close &&
		   sv_is(desk_risk(&w->head), "unknown"); /* the next step is the first one */
	v->assign = act_path(c, r, id, m->assign, "assign");
	v->redirect = act_path(c, r, id, m->redirect, "redirect");
	v->wait = act_path(c, r, id, m->wait, "wait");
	v->resume = act_path(c, r, id, m->resume, "resume");
	v->answer = act_path(c, r, id, m->answer && !m->answer_needs_code, "answer");
	v->note = act_path(c, r, id, m->note, "note");
	v->close = act_path(c, r, id, m->close, "close");
	v->reopen = act_path(c, r, id, m->reopen, "reopen");
	v->edit = act_path(c, r, id, m->edit, "edit");
	v->block = act_path(c, r, id, m->block, "block");
	v->new_code = act_path(c, r, id, m->new_code, "code");
	v->lock = act_path(c, r, id, m->lock, "lock");
	v->open_file = act_path(c, r, id, m->open_file, "open");
	v->link_file = act_path(c, r, id, m->open_file, "link");
	v->decides = m->assign || m->redirect || m->wait || m->close || m->open_file;
	v->answer_needs_code = m->answer_needs_code && m->new_code;
	v->answer_asks_code = m->answer_needs_code && !m->new_code;
}

static void draw_fields(struct ctx *c, const struct request *r, const struct report_view *w, struct tpl_desk_report *v)
{
	struct tpl_shared_field *answer = field_lines(c, r, "answer", MSG_DESK_ANSWER_TEXT, SV_NONE);
	struct tpl_shared_field *note = field_lines(c, r, "text", MSG_DESK_NOTE_TEXT, SV_NONE);
	struct tpl_shared_field *reopen = field_lines(c, r, "why", MSG_DESK_REOPEN_WHY, SV_NONE);

	answer->hint = page_say(c, MSG_DESK_ANSWER_HINT);
	answer->audience = page_say(c, MSG_AUDIENCE_REPORTER);
	answer->readers = desk_readers(c, r, w->head.id, AUDIENCE_REPORTER);
	note->audience = audience_of(c, w->note_audience);
	note->readers = desk_readers(c, r, w->head.id, w->note_audience);
	v->triage_field = field_radios(c, r, "risk", MSG_FIELD_RISK, "risk_levels", desk_risk(&w->head));
	v->answer_field = answer;
	v->state_field = field_select(c, r, "shown_state", MSG_DESK_ANSWER_STATE, "shown_states", w->shown_state);
	v->note_field = note;
	v->reopen_field = reopen;
	v->block_field = organisations_field(c, r);
}

bool desk_words_left(const struct ctx *c, const struct request *r)
{
	return sv_trim(typed(c, r, "answer")).n > 0 || sv_trim(typed(c, r, "text")).n > 0 || sv_trim(typed(c, r, "why")).n > 0;
}

static void draw_code(const char *code, struct tpl_desk_report_group groups[5], struct tpl_desk_report *v)
{
	if (code == NULL || strlen(code) != 20)
		return;
	for (size_t i = 0; i < 5; i++)
		groups[i].digits = (struct sv){ code + 4 * i, 4 };
	v->code = groups;
	v->code_n = 5;
}

enum status desk_report(struct ctx *c, const struct request *r, struct id report, const char *code, enum message warning,
			struct response *out)
{
	struct report_view w;
	struct tpl_desk_report_group groups[5];
	struct tpl_shared_head *head;
	struct tpl_desk_report v = {
		.back = page_queue_path(c, r), .csrf = csrf_text(c), .once = page_once(c, r), .mark = page_mark(c, report)
	};

	TRY(report_load(c, report, &w));
	head = page_head(c, r, MSG_DESK_QUEUE_TITLE, MENU_QUEUE);
	head->here = page_path(c, r, "/reports/%s", page_id(c, report).p); /* also after a post */
	v.head = head;
	v.foot = page_foot(c, r);
	v.errors = desk_errors(c, NULL, 0);
	v.draft = act_path(c, r, report, true, "note");
	v.carried = r->method == M_POST && desk_words_left(c, r);
	v.version = (int64_t)w.head.version;
	v.state = desk_state(c, &w.head);
	v.risk = desk_risk(&w.head);
	v.risk_label = page_label(c, "risk_levels", v.risk);
	v.clock = desk_clock(c, &w.head);
	v.late = w.head.overdue;
	v.locked = w.head.locked;
	v.stripped = w.head.stripped_at != 0 ? page_time(c, w.head.stripped_at) : SV_NONE;
	v.warning = warning == MSG_NONE ? SV_NONE : page_say(c, warning);
	draw_contact(c, &w.contact, &v);
	draw_facts(c, &w.head, &v);
	draw_said(c, r, &w, &v);
	draw_files(c, r, &w, &v);
	v.screening = screening_section(c, r, report, true);
	draw_paths(c, r, &w, &v);
	draw_opened(c, r, &w, &v);
	draw_fields(c, r, &w, &v);
	draw_code(code, groups, &v);
	render_desk_report(&out->body, c->language, &v);
	return OK;
}

static enum status report_page(struct ctx *c, const struct request *r, struct response *out)
{
	return desk_report(c, r, r->path_id, NULL, MSG_NONE, out);
}

/* --- files ---------------------------------------------------------------------------------------------------------------------------------- */

/* Always a download: nothing a stranger sent is shown within our pages. */
static enum status file_page(struct ctx *c, const struct request *r, struct response *out)
{
	struct file_content f;

	TRY(file_read(c, r->path_id, &f));
	out->type = arena_text(c->arena, f.mime);
	out->disposition = arena_format(c->arena, "attachment; filename=\"%s\"", page_id(c, r->path_id).p).p;
	out->body = buf_new(c->arena, f.content.n + 1, f.content.n + 1);
	buf_sv(&out->body, f.content);
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/reports/{id}", report_page, MAY(REPORT, OP_READ)),
	ROUTE0(GET, SITE_STAFF, "/files/{id}", file_page, MAY(REPORT, OP_READ), .flags = ROUTE_FILE),
};
extern const struct routes page_desk;
const struct routes page_desk = { rows, sizeof(rows) / sizeof(rows[0]) };
