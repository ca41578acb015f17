/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person's file. The strip says how to reach her without harm before anything else could be acted on. Below it one part at a time: what is
 * not shown is not opened. */
#include "web/page/casefile.h"

#include <string.h>

#include "domain/access/access.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/page/screening.h"

struct sv case_path(const struct ctx *c, const struct request *r, struct id file, const char *more)
{
	return page_path(c, r, "/file/%s%s", page_id(c, file).p, more);
}

/* --- what to do ------------------------------------------------------------------------------------------------------------------------ */

static void draw_tasks(const struct ctx *c, const struct request *r, const struct case_head *h, const struct task_row *tasks,
		       size_t n, struct tpl_casefile_file *v)
{
	static const struct {
		const char *type, *path;
	} doors[] = { { "risk_review", "/risk" },
		      { "screening_due", "/screening" },
		      { "contact_review", "" },
		      { "sign_basis", "?tab=basis" },
		      { "basis_back", "?tab=basis" } };
	struct tpl_casefile_file_task *rows = ARENA_ARRAY(c->arena, struct tpl_casefile_file_task, n + 1);
	bool mine = id_equal(h->row.assignee, c->who->user);

	for (size_t i = 0; i < n; i++) {
		struct tpl_casefile_file_task *t = &rows[v->tasks_n++];

		*t = (struct tpl_casefile_file_task){ .label = page_label(c, "task_types", tasks[i].type),
						      .clock = page_clock(c, tasks[i].due),
						      .late = tasks[i].overdue };
		for (size_t k = 0; mine && k < sizeof(doors) / sizeof(doors[0]); k++)
			if (sv_is(tasks[i].type, doors[k].type) && doors[k].path[0] != '\0')
				t->go = case_path(c, r, h->row.id, doors[k].path);
		if (t->go.n > 0)
			t->act = task_action(c, tasks[i].type);
	}
	v->tasks = rows;
}

/* The box that says which task a note ends: only those ended by hand. */
static struct tpl_shared_field *task_box(const struct ctx *c, const struct request *r, const struct task_row *tasks, size_t n)
{
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, n + 1);
	struct tpl_shared_field *f;
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (task_by_hand(tasks[i].type))
			o[k++] = (struct tpl_shared_field_option){ .value = tasks[i].type,
								   .label = page_label(c, "task_types", tasks[i].type) };
	if (k == 0)
		return NULL;
	f = field_options(c, r, "task", MSG_CASE_NOTE_TASK, o, k, SV_NONE);
	f->is_select = true;
	return f;
}

static struct tpl_shared_field *kind_box(const struct ctx *c, const struct request *r)
{
	const struct code_list *l = codes_of("note_kinds");
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, (l == NULL ? 0 : l->n) + 1);
	struct tpl_shared_field *f;
	size_t n = 0;

	for (size_t i = 0; l != NULL && i < l->n; i++)
		if (strcmp(l->codes[i].code, "event") != 0)
			o[n++] = (struct tpl_shared_field_option){ .value = sv_of(l->codes[i].code),
								   .label = sv_of(l->codes[i].label[c->language]) };
	f = field_options(c, r, "note_kind", MSG_FIELD_NOTE_KIND, o, n, SV("contact"));
	f->is_select = true;
	return f;
}

static struct tpl_shared_field *told_box(const struct ctx *c, const struct request *r)
{
	struct tpl_shared_field_option *o = ARENA_ARRAY(c->arena, struct tpl_shared_field_option, 1);
	struct tpl_shared_field *f;

	o[0] = (struct tpl_shared_field_option){ .value = SV("yes"), .label = page_say(c, MSG_COMMON_YES) };
	f = field_options(c, r, "told_story", MSG_FIELD_TOLD_STORY, o, 1, SV_NONE);
	f->hint = page_say(c, MSG_HINT_TOLD_STORY);
	f->is_check = true;
	return f;
}

static void draw_note(struct ctx *c, const struct request *r, const struct case_head *h, const struct task_row *tasks, size_t n,
		      struct tpl_casefile_file *v)
{
	struct tpl_casefile_file_box *boxes = ARENA_ARRAY(c->arena, struct tpl_casefile_file_box, 4);
	struct tpl_shared_field *text = field_lines(c, r, "note", MSG_FIELD_NOTE, SV_NONE), *task = task_box(c, r, tasks, n);

	text->audience = page_say(c, MSG_AUDIENCE_THREAD);
	text->readers = readers_path(c, r, READERS_FILE, h->row.id, THREAD);
	boxes[v->note_fields_n++].box = kind_box(c, r);
	boxes[v->note_fields_n++].box = text;
	boxes[v->note_fields_n++].box = told_box(c, r);
	if (task != NULL)
		boxes[v->note_fields_n++].box = task;
	v->note_fields = boxes;
	v->note = case_path(c, r, h->row.id, "/note");
	v->told = h->told;
}

/* --- what was done ----------------------------------------------------------------------------------------------------------------------- */

static struct sv detail_words(const struct ctx *c, const struct case_note *n)
{
	if (sv_is(n->step, "risk_set"))
		return page_label(c, "risk_levels", n->detail);
	if (sv_is(n->step, "close_asked") || sv_is(n->step, "closed"))
		return page_label(c, "closure_reasons", n->detail);
	return n->detail;
}

static struct sv step_words(const struct ctx *c, const struct case_note *n)
{
	struct sv label = page_label(c, "case_steps", n->step), detail = detail_words(c, n);

	return detail.n == 0 ? label : arena_format(c->arena, "%.*s · %.*s", (int)label.n, label.p, (int)detail.n, detail.p);
}

/* Newest first. */
static void draw_timeline(const struct ctx *c, const struct case_note *notes, size_t n, struct tpl_casefile_file *v)
{
	struct tpl_casefile_file_item *rows = ARENA_ARRAY(c->arena, struct tpl_casefile_file_item, n + 1);

	for (size_t i = 0; i < n; i++) {
		const struct case_note *note = &notes[n - 1 - i];

		rows[i] = (struct tpl_casefile_file_item){ .who = note->by,
							   .at = page_time(c, note->at),
							   .kind = page_label(c, "note_kinds", note->kind),
							   .told = note->told,
							   .step = note->step.n > 0 ? step_words(c, note) : SV_NONE,
							   .body = note->text };
	}
	v->timeline = rows;
	v->timeline_n = n;
}

/* --- acts -------------------------------------------------------------------------------------------------------------------------------- */

static void draw_acts(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
		      struct tpl_casefile_file *v)
{
	const struct {
		bool may;
		const char *path;
		enum message label;
	} doors[] = {
		{ may->risk, "/risk", MSG_CASE_RISK_TITLE },
		{ may->alert, "/alert", MSG_CASE_ALERT_TITLE },
		{ may->assign, "/assign", MSG_CASE_ASSIGN_TITLE },
		{ may->suspend, "/suspend", MSG_CASE_SUSPEND_TITLE },
		{ may->close_ask, "/close", MSG_CASE_CLOSE_TITLE },
	}, posts[] = {
		{ may->resume, "/resume", MSG_CASE_RESUME_GO },
		{ may->lock, "/lock", MSG_CASE_LOCK_GO },
	};
	struct tpl_casefile_file_door *d = ARENA_ARRAY(c->arena, struct tpl_casefile_file_door, 8);
	struct tpl_casefile_file_post *p = ARENA_ARRAY(c->arena, struct tpl_casefile_file_post, 4);

	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++)
		if (doors[i].may)
			d[v->doors_n++] =
				(struct tpl_casefile_file_door){ case_path(c, r, h->row.id, doors[i].path), doors[i].label };
	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++)
		if (posts[i].may)
			p[v->posts_n++] = (struct tpl_casefile_file_post){ case_path(c, r, h->row.id, posts[i].path),
									   posts[i].label, i == 1 ? MSG_CASE_LOCK_SURE : MSG_NONE };
	v->doors = d;
	v->posts = p;
}

/* Who asked to close it and who signed, by the keeper's rows. Who may not read why is told that it is asked. */
static void closing_words(struct ctx *c, const struct case_head *h, const struct case_packet *p, struct tpl_casefile_file *v)
{
	const struct sv words[] = { page_apart(c, member_login(c, p->first.user)), page_label(c, "closure_reasons", p->closure),
				    page_apart(c, page_time(c, p->first.at)), page_apart(c, member_login(c, p->second.by.user)),
				    page_apart(c, page_time(c, p->second.by.at)) };
	bool closed = h->row.state == CASE_CLOSED, two = p->row.state == DECISION_SIGNED;

	v->closing = page_fill(c, closed && two ? MSG_CASE_CLOSE_SIGNED : MSG_CASE_CLOSE_ASKED, words, 5);
	v->closing_why = p->why;
	v->closing_doubt = signing_doubt(c, &p->first, &p->second);
	if (v->closing_doubt.n > 0)
		v->closing = page_fill(c, MSG_CASE_CLOSE_WAITS, &words[1], 1);
	else if (closed && !two)
		v->closing_doubt = page_say(c, MSG_CASE_CLOSE_HALF);
	else if (p->row.state == DECISION_SENT_BACK)
		v->closing_doubt = page_fill(c, MSG_CASE_CLOSE_SENT_BACK, (struct sv[]){ words[3], words[4], p->second.reason }, 3);
	v->closing_done = closed && v->closing_doubt.n == 0;
}

/* Somebody asked to close it: a second person signs, or sends it back. */
static void draw_closing(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			 struct tpl_casefile_file *v)
{
	struct sv reason = page_label(c, "closure_reasons", h->facts.closure);
	struct error before = c->error;
	struct case_packet p;

	if (h->row.state == CASE_CLOSED && id_is_zero(h->closing))
		v->closing = page_say(c, MSG_CASE_CLOSE_HALF);
	if (id_is_zero(h->closing))
		return;
	if (policy_may(c->who->roles, EXPLOIT, OP_READ) && case_packet_load(c, h->closing, &p) == OK) {
		closing_words(c, h, &p, v);
		v->closing_page = page_path(c, r, "/signing/%s", page_id(c, h->closing).p);
		if (may->close_sign && p.may_sign) {
			v->sign = case_path(c, r, h->row.id, "/close/sign");
			v->send_back = case_path(c, r, h->row.id, "/close/back");
		}
	} else {
		c->error = before;
		v->closing = page_fill(c, MSG_CASE_CLOSE_WAITS, &reason, 1);
	}
	if (may->close_drop)
		v->drop = case_path(c, r, h->row.id, "/close/drop");
	v->closing_acts = v->sign.n > 0 || v->drop.n > 0;
}

static enum status work_tab(struct ctx *c, const struct request *r, const struct case_head *h, const struct case_may *may,
			    const struct case_note *notes, size_t n, struct tpl_casefile_file *v)
{
	struct tpl_casefile_file_source *sources = ARENA_ARRAY(c->arena, struct tpl_casefile_file_source, h->reports_n + 1);
	struct task_row *tasks;
	size_t tasks_n;

	TRY(task_of(c, h->row.id, &tasks, &tasks_n));
	v->work = true;
	v->line_readers = readers_path(c, r, READERS_FILE, h->row.id, THREAD);
	draw_tasks(c, r, h, tasks, tasks_n, v);
	if (may->note)
		draw_note(c, r, h, tasks, tasks_n, v);
	draw_timeline(c, notes, n, v);
	draw_acts(c, r, h, may, v);
	for (size_t i = 0; i < h->reports_n; i++)
		sources[i] = (struct tpl_casefile_file_source){ page_path(c, r, "/reports/%s", page_id(c, h->reports[i]).p),
								page_mark(c, h->reports[i]) };
	v->sources = sources;
	v->sources_n = h->reports_n;
	v->assignee = h->assignee_login;
	v->opened = page_time(c, h->opened_at);
	v->screening = screening_section(c, r, h->row.id, false);
	return OK;
}

/* --- the page ------------------------------------------------------------------------------------------------------------------------------ */

enum tab { TAB_WORK, TAB_PERSON, TAB_FACTS, TAB_BASIS, TAB_CHANGES, TAB_COUNT };
static const struct {
	const char *name;
	enum message label;
	enum class class; /* who cannot read it has no such tab */
} tabs[TAB_COUNT] = {
	[TAB_WORK] = { "", MSG_CASE_TAB_WORK, THREAD },
	[TAB_PERSON] = { "person", MSG_CASE_TAB_PERSON, ASSIST },
	[TAB_FACTS] = { "facts", MSG_CASE_TAB_FACTS, EXPLOIT },
	[TAB_BASIS] = { "basis", MSG_CASE_TAB_BASIS, CONSENT },
	[TAB_CHANGES] = { "changes", MSG_CASE_TAB_CHANGES, ASSIST },
};
struct tab_in {
	struct sv tab;
};
static const struct param tab_params[] = { PARAM(struct tab_in, tab, P_CODE, 16) };

static void draw_tabs(const struct ctx *c, const struct request *r, struct id file, enum tab at, struct tpl_casefile_file *v)
{
	struct tpl_casefile_file_tab *rows = ARENA_ARRAY(c->arena, struct tpl_casefile_file_tab, TAB_COUNT);

	for (int i = 0; i < TAB_COUNT; i++)
		if (policy_may(c->who->roles, tabs[i].class, OP_READ))
			rows[v->tabs_n++] = (struct tpl_casefile_file_tab){
				case_path(c, r, file, i == TAB_WORK ? "" : arena_format(c->arena, "?tab=%s", tabs[i].name).p),
				tabs[i].label, i == (int)at
			};
	v->tabs = rows;
}

static enum status draw_tab(struct ctx *c, const struct request *r, enum tab at, const struct case_head *h,
			    const struct reach_view *reach, const struct case_note *notes, size_t n, struct tpl_casefile_file *v)
{
	struct case_may may;

	case_may_read(c, h, &may);
	draw_closing(c, r, h, &may, v);
	switch (at) {
	case TAB_PERSON:
		return case_person_tab(c, r, h, &may, reach, v);
	case TAB_FACTS:
		return case_facts_tab(c, r, h, &may, v);
	case TAB_BASIS:
		return case_basis_tab(c, r, h, &may, v);
	case TAB_CHANGES:
		return case_changes_tab(c, h, v);
	case TAB_WORK:
	case TAB_COUNT:
		break;
	}
	return work_tab(c, r, h, &may, notes, n, v);
}

static enum status draw_page(struct ctx *c, const struct request *r, enum tab at, enum message warning, struct response *out)
{
	struct tpl_casefile_file v = { .csrf = csrf_text(c), .once = page_once(c, r) };
	struct tpl_shared_head *head;
	struct case_head h;
	struct reach_view reach;
	struct case_note *notes;
	size_t n;

	TRY(case_load(c, r->path_id, &h));
	TRY(reach_load(c, r->path_id, &reach));
	TRY(case_notes(c, r->path_id, &notes, &n));
	head = page_head(c, r, MSG_CASE_TITLE, MENU_FILES);
	head->here = case_path(c, r, h.row.id, ""); /* also after a post */
	v.head = head;
	v.foot = page_foot(c, r);
	v.errors = field_errors(c);
	v.warning = warning == MSG_NONE ? SV_NONE : page_say(c, warning);
	v.version = (int64_t)h.row.version;
	v.decide = case_path(c, r, h.row.id, "/note");
	v.strip = case_strip(c, r, &h, policy_may(c->who->roles, CONTACT, OP_READ) ? &reach.facts : NULL);
	case_path_draw(c, &h, notes, n, &v);
	draw_tabs(c, r, h.row.id, at, &v);
	TRY(draw_tab(c, r, at, &h, &reach, notes, n, &v));
	render_casefile_file(&out->body, c->language, &v);
	return OK;
}

enum status case_page(struct ctx *c, const struct request *r, enum message warning, struct response *out)
{
	return draw_page(c, r, TAB_WORK, warning, out);
}

static enum status show(struct ctx *c, const struct request *r, struct response *out)
{
	const struct tab_in *in = r->in;
	enum tab at = TAB_WORK;

	for (int i = 1; i < TAB_COUNT; i++)
		if (sv_is(in->tab, tabs[i].name) && policy_may(c->who->roles, tabs[i].class, OP_READ))
			at = (enum tab)i;
	return draw_page(c, r, at, MSG_NONE, out);
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/file/{id}", show, MAY(ASSIST, OP_READ), tab_params, struct tab_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_casefile;
const struct routes page_casefile = { rows, sizeof(rows) / sizeof(rows[0]) };
