/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue. What rings stands on top of every list, since it cannot wait for the right filter. */
#include "policy/policy.h"
#include "web/page/desk.h"
#include "web/page/today.h"

struct queue_in {
	struct sv filter;
	uint32_t page;
};
static const struct param queue_params[] = {
	PARAM(struct queue_in, filter, P_CODE, 16),
	PARAM(struct queue_in, page, P_U32, 100000),
};
static const struct {
	const char *name;
	enum message label;
} filters[QUEUE_FILTER_COUNT] = {
	[QUEUE_OPEN] = { "open", MSG_DESK_TAB_OPEN },
	[QUEUE_MINE] = { "mine", MSG_DESK_TAB_MINE },
	[QUEUE_WAITING] = { "waiting", MSG_DESK_TAB_WAITING },
	[QUEUE_CLOSED] = { "closed", MSG_DESK_TAB_CLOSED },
};

static struct sv queue_path(const struct ctx *c, const struct request *r, enum queue_filter f, uint32_t page)
{
	const char *queue = page_queue_path(c, r).p;

	if (page == 0)
		return f == QUEUE_OPEN ? sv_of(queue) : arena_format(c->arena, "%s?filter=%s", queue, filters[f].name);
	return arena_format(c->arena, "%s?filter=%s&page=%u", queue, filters[f].name, page);
}

static struct sv subject_of(const struct ctx *c, const struct report_head *h)
{
	return h->subject.n > 0 ? h->subject : page_say(c, MSG_DESK_NO_SUBJECT);
}

static void draw_rings(const struct ctx *c, const struct request *r, const struct queue *q, struct tpl_desk_queue *v)
{
	struct tpl_desk_queue_ring *rings = ARENA_ARRAY(c->arena, struct tpl_desk_queue_ring, q->n + 1);
	struct sv count = page_number(c, (int64_t)q->ringing);

	for (size_t i = 0; i < q->n; i++) {
		const struct report_head *h = &q->rows[i];
		struct sv id = page_id(c, h->id);

		if (!h->rings)
			continue;
		rings[v->rings_n++] = (struct tpl_desk_queue_ring){
			.take = page_path(c, r, "/reports/%s/take", id.p),
			.open = page_path(c, r, "/reports/%s", id.p),
			.risk = desk_risk(h),
			.risk_label = page_label(c, "risk_levels", desk_risk(h)),
			.clock = desk_clock(c, h),
			.late = h->overdue,
			.place = page_label(c, "regions", h->facts.region),
			.subject = subject_of(c, h),
		};
	}
	v->rings = rings;
	if (q->ringing > 0) {
		v->say = message_plural(c->language, MSG_DESK_QUEUE_SAY, (int64_t)q->ringing);
		v->say = page_put(c, v->say, &count, 1);
	}
}

static void draw_rows(const struct ctx *c, const struct request *r, const struct queue *q, struct tpl_desk_queue *v)
{
	struct tpl_desk_queue_row *rows = ARENA_ARRAY(c->arena, struct tpl_desk_queue_row, q->n + 1);

	for (size_t i = 0; i < q->n; i++) {
		const struct report_head *h = &q->rows[i];

		rows[i] = (struct tpl_desk_queue_row){
			.href = page_path(c, r, "/reports/%s", page_id(c, h->id).p),
			.clock = h->due_at == 0 ? page_say(c, MSG_DESK_CLOCK_NONE) : desk_clock(c, h),
			.late = h->overdue,
			.risk = desk_risk(h),
			.risk_label = page_label(c, "risk_levels", desk_risk(h)),
			.channel = page_label(c, "report_channels", h->channel),
			.language = page_label(c, "languages", h->facts.language),
			.place = page_label(c, "regions", h->facts.region),
			.subject = subject_of(c, h),
			.state = desk_state(c, h),
			.assignee = h->assignee_login,
		};
	}
	v->rows = rows;
	v->rows_n = q->n;
	v->first = (int64_t)q->page * QUEUE_PAGE + 1;
	v->last = v->first + (int64_t)q->n - 1;
}

static void draw_tabs(const struct ctx *c, const struct request *r, const struct queue *q, enum queue_filter at,
		      struct tpl_desk_queue *v)
{
	struct tpl_desk_queue_tab *tabs = ARENA_ARRAY(c->arena, struct tpl_desk_queue_tab, QUEUE_FILTER_COUNT);

	for (int f = 0; f < QUEUE_FILTER_COUNT; f++)
		tabs[f] = (struct tpl_desk_queue_tab){ .href = queue_path(c, r, (enum queue_filter)f, 0),
						       .label = filters[f].label,
						       .count = (int64_t)q->count[f],
						       .counted = f != QUEUE_CLOSED,
						       .current = f == (int)at };
	v->tabs = tabs;
	v->tabs_n = QUEUE_FILTER_COUNT;
}

static enum queue_filter filter_of(struct sv name)
{
	for (int f = 0; f < QUEUE_FILTER_COUNT; f++)
		if (sv_is(name, filters[f].name))
			return (enum queue_filter)f;
	return QUEUE_OPEN;
}

static enum status queue_page(struct ctx *c, const struct request *r, struct response *out)
{
	const struct queue_in *in = r->in;
	struct queue_ask ask = { filter_of(in->filter), in->page };
	struct queue q, first;
	struct tpl_desk_queue v = { .csrf = csrf_text(c), .once = once_text(c) };

	TRY(queue_load(c, &ask, &q));
	first = q;
	if (q.ringing > 0 && (ask.filter != QUEUE_OPEN || ask.page > 0))
		TRY(queue_load(c, &(struct queue_ask){ QUEUE_OPEN, 0 }, &first));
	v.head = page_head(c, r, MSG_DESK_QUEUE_TITLE, MENU_QUEUE);
	v.foot = page_foot(c, r);
	if (policy_may(c->who->roles, REPORT, OP_WRITE))
		v.write = page_path(c, r, "/call");
	draw_rings(c, r, &first, &v);
	draw_tabs(c, r, &q, ask.filter, &v);
	draw_rows(c, r, &q, &v);
	v.hidden_count = (int64_t)q.hidden;
	v.over = q.over;
	if (q.page > 0)
		v.newer = queue_path(c, r, ask.filter, q.page - 1);
	if (q.more)
		v.older = queue_path(c, r, ask.filter, q.page + 1);
	render_desk_queue(&out->body, c->language, &v);
	return OK;
}

/* Who works with other things than reports lands on his own page; what was to be said is said there. */
static enum status home(struct ctx *c, const struct request *r, struct response *out)
{
	const struct queue_in *in = r->in;
	const char *own = ctx_can(c, ROLE_SECURITY_OFFICER) || ctx_can(c, ROLE_ORG_ADMIN) ? "/people"
			  : policy_may(c->who->roles, STAT, OP_READ)                      ? "/figures"
											  : "/help";

	if (!policy_may(c->who->roles, REPORT, OP_READ))
		return response_go(c, r, out, own, r->done.n > 0 ? arena_text(c->arena, r->done) : NULL);
	return page_begins_today(c) && in->filter.n == 0 && in->page == 0 ? today_page(c, r, out) : queue_page(c, r, out);
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/reports", queue_page, MAY(REPORT, OP_READ), queue_params, struct queue_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
	ROUTE(GET, SITE_STAFF, "/", home, SESSION, queue_params, struct queue_in, .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_queue;
const struct routes page_queue = { rows, sizeof(rows) / sizeof(rows[0]) };
