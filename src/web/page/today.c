/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is due now: where a case manager and a supervisor begin their day. Four groups and nothing else; a line says when, about whom by working
 * name, what, and has one thing to press. Nobody's identity is opened. */
#include "web/page/today.h"

#include "base/zone.h"
#include "domain/casefile/casefile.h"
#include "policy/policy.h"

#define LINES_MAX 120

enum group { NOW, TODAY, ANSWERS, WAITING, GROUP_COUNT };
struct day {
	const struct request *r;
	int64_t ends; /* the day's last moment, on the wall */
	struct tpl_today_today_line *lines[GROUP_COUNT];
	size_t n[GROUP_COUNT];
};

static void line(struct day *d, enum group g, struct tpl_today_today_line l)
{
	if (d->n[g] < LINES_MAX)
		d->lines[g][d->n[g]++] = l;
}

static enum group group_of(const struct ctx *c, const struct day *d, int64_t due)
{
	if (due <= c->now)
		return NOW;
	return due <= d->ends ? TODAY : WAITING;
}

/* --- tasks on files -------------------------------------------------------------------------------------------------------------------- */

/* Where the thing to do is done: on a page of the file, or among the decisions that wait for a second reader. */
static struct sv door_of(const struct ctx *c, const struct request *r, const char *file, const struct task_row *task)
{
	const struct sv type = task->type;
	static const struct {
		const char *type, *path;
	} doors[] = { { "risk_review", "/risk" },
		      { "screening_due", "/screening" },
		      { "denunciation_decision", "/denunciation" },
		      { "basis_back", "?tab=basis" },
		      { "sign_basis", "?tab=basis" } }; /* of a house without a second signer: she asks for one */

	if (sv_is(type, "sign_presumption") || sv_is(type, "second_reading"))
		return page_path(c, r, "/team");
	if (sv_is(type, "sign_basis") && id_is_zero(task->assignee))
		return page_path(c, r, "/team");
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++)
		if (sv_is(type, doors[i].type))
			return arena_format(c->arena, "%s%s", file, doors[i].path);
	return sv_of(file);
}

static enum status tasks_draw(struct ctx *c, struct day *d)
{
	struct task_row *tasks;
	struct id *files;
	struct sv *names;
	size_t n;

	TRY(task_mine(c, &tasks, &n));
	files = ARENA_ARRAY(c->arena, struct id, n + 1);
	names = ARENA_ARRAY(c->arena, struct sv, n + 1);
	for (size_t i = 0; i < n; i++)
		files[i] = tasks[i].dossier;
	TRY(case_names(c, files, n, names));
	for (size_t i = 0; i < n; i++) {
		const char *file = page_path(c, d->r, "/file/%s", page_id(c, files[i]).p).p;

		line(d, group_of(c, d, tasks[i].due),
		     (struct tpl_today_today_line){ .time = page_clock(c, tasks[i].due),
						    .late = tasks[i].overdue,
						    .name = names[i],
						    .href = sv_of(file),
						    .what = page_label(c, "task_types", tasks[i].type),
						    .go = door_of(c, d->r, file, &tasks[i]),
						    .act = task_action(c, tasks[i].type) });
	}
	return OK;
}

/* --- reports assigned to me -------------------------------------------------------------------------------------------------------------- */

/* One that was assigned and is no file yet is for today; one whose reporter wrote again is an answer; one on hold waits for its day. */
static void report_draw(struct ctx *c, struct day *d, const struct report_head *h)
{
	bool waits = h->state == STATE_WAITING,
	     answered = h->due_at != 0 && !waits && h->state != STATE_NEW && h->state != STATE_TRIAGE;
	enum group g = answered ? ANSWERS : waits ? group_of(c, d, h->due_at) : h->rings ? NOW : TODAY;
	struct sv path = page_path(c, d->r, "/reports/%s", page_id(c, h->id).p);

	line(d, g,
	     (struct tpl_today_today_line){ .time = h->due_at == 0 ? SV_NONE : page_clock(c, h->due_at),
					    .late = h->overdue,
					    .name = page_mark(c, h->id),
					    .href = path,
					    .what = page_say(c, answered ? MSG_TODAY_REPORT_ANSWERED
								: waits  ? MSG_TODAY_REPORT_WAITS
									 : MSG_TODAY_REPORT_ASSIGNED),
					    .risk = h->risk.n > 0 ? h->risk : SV("unknown"),
					    .risk_label = page_label(c, "risk_levels", h->risk.n > 0 ? h->risk : SV("unknown")),
					    .go = path,
					    .act = page_say(c, MSG_TODAY_OPEN) });
}

static enum status reports_draw(struct ctx *c, struct day *d)
{
	struct queue_ask mine = { QUEUE_MINE, 0 }, waiting = { QUEUE_WAITING, 0 };
	struct queue q;

	if (!policy_may(c->who->roles, REPORT, OP_READ) || !ctx_can(c, ROLE_CASE_MANAGER))
		return OK;
	TRY(queue_load(c, &mine, &q));
	for (size_t i = 0; i < q.n; i++)
		if (q.rows[i].state != STATE_WAITING)
			report_draw(c, d, &q.rows[i]);
	TRY(queue_load(c, &waiting, &q));
	for (size_t i = 0; i < q.n; i++)
		if (id_equal(q.rows[i].assignee, c->who->user))
			report_draw(c, d, &q.rows[i]);
	return OK;
}

/* --- the page ---------------------------------------------------------------------------------------------------------------------------- */

enum status today_page(struct ctx *c, const struct request *r, struct response *out)
{
	static const struct {
		const char *id;
		enum message title, none;
	} groups[GROUP_COUNT] = {
		[NOW] = { "now", MSG_TODAY_NOW, MSG_TODAY_NOW_NONE },
		[TODAY] = { "day", MSG_TODAY_DAY, MSG_TODAY_DAY_NONE },
		[ANSWERS] = { "answers", MSG_TODAY_ANSWERS, MSG_TODAY_ANSWERS_NONE },
		[WAITING] = { "waiting", MSG_TODAY_WAITING, MSG_TODAY_WAITING_NONE },
	};
	struct tpl_today_today_group drawn[GROUP_COUNT];
	struct day d = { .r = r, .ends = zone_utc((zone_local(c->now) / DAY_MS + 1) * DAY_MS) - 1 };
	struct tpl_today_today v = { .groups = drawn, .groups_n = GROUP_COUNT };
	char day[11];

	for (int g = 0; g < GROUP_COUNT; g++)
		d.lines[g] = ARENA_ARRAY(c->arena, struct tpl_today_today_line, LINES_MAX);
	TRY(reports_draw(c, &d));
	TRY(tasks_draw(c, &d));
	for (int g = 0; g < GROUP_COUNT; g++)
		drawn[g] = (struct tpl_today_today_group){ .id = sv_of(groups[g].id),
							   .title = groups[g].title,
							   .none = groups[g].none,
							   .urgent = g == NOW && d.n[g] > 0,
							   .lines = d.lines[g],
							   .lines_n = d.n[g] };
	zone_day_text(c->now, day);
	v.head = page_head(c, r, MSG_TODAY_TITLE, MENU_TODAY);
	v.foot = page_foot(c, r);
	v.day = sv_of(day);
	v.drafts = page_path(c, r, "/drafts");
	v.drafts_n = c->who->drafts;
	render_today_today(&out->body, c->language, &v);
	return OK;
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/today", today_page, MAY(ASSIST, OP_READ)),
};
extern const struct routes page_today;
const struct routes page_today = { rows, sizeof(rows) / sizeof(rows[0]) };
