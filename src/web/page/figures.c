/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of the programme, for its M&E people: a plain table by month, three months at a time. Counted anew each time it is asked for; what
 * is too small to be shown inside the mechanism is not. Where so many events are sealed that counting takes its time, the page asks first: it
 * is where these people land after a login. */
#include "domain/statistics/statistics.h"

#include "policy/policy.h"
#include "registry/registry.h"
#include "web/page/page.h"

#define AUDIENCE "coordination"
#define AT_ONCE 3
#define UNASKED 5000 /* events: a third of a second */

struct figures_in {
	uint32_t page;
	bool count;
};
static const struct param figures_params[] = {
	PARAM(struct figures_in, page, P_U32, 1000),
	PARAM(struct figures_in, count, P_FLAG, 0),
};
static const enum message names[FIGURE_COUNT] = {
	[FIGURE_REPORTS] = MSG_FIGURES_REPORTS,
	[FIGURE_NOT_FALSE] = MSG_FIGURES_NOT_FALSE,
	[FIGURE_COUNTED] = MSG_FIGURES_COUNTED,
	[FIGURE_PERSONS] = MSG_FIGURES_PERSONS,
	[FIGURE_PEOPLE] = MSG_FIGURES_PEOPLE,
	[FIGURE_SCREENINGS] = MSG_FIGURES_SCREENINGS,
	[FIGURE_PRESUMPTIONS] = MSG_FIGURES_PRESUMPTIONS,
	[FIGURE_SIGNED] = MSG_FIGURES_SIGNED,
};

/* The month that stands at this place of the page; NULL when there are no more. */
static const struct stat_row *month_at(const struct stat_figures *f, uint32_t page, size_t place)
{
	size_t at = (size_t)page * AT_ONCE + place;

	return at < f->n ? &f->months[at] : NULL;
}

static struct sv month_name(const struct ctx *c, const struct stat_row *row)
{
	return row == NULL ? SV_NONE : arena_format(c->arena, "%04d-%02d", row->year, row->month);
}

static struct sv cell(const struct ctx *c, const struct stat_row *row, unsigned figure)
{
	if (row == NULL)
		return SV_NONE;
	return row->hidden >> figure & 1 ? page_say(c, MSG_FIGURES_HIDDEN) : page_number(c, row->n[figure]);
}

static void draw_rows(const struct ctx *c, const struct stat_figures *f, uint32_t page, struct tpl_figures_figures *v)
{
	struct tpl_figures_figures_row *rows = ARENA_ARRAY(c->arena, struct tpl_figures_figures_row, FIGURE_COUNT);

	for (unsigned i = 0; i < FIGURE_COUNT; i++)
		rows[i] = (struct tpl_figures_figures_row){ names[i], cell(c, &f->total, i), cell(c, month_at(f, page, 0), i),
							    cell(c, month_at(f, page, 1), i), cell(c, month_at(f, page, 2), i) };
	v->rows = rows;
	v->rows_n = FIGURE_COUNT;
	v->first = month_name(c, month_at(f, page, 0));
	v->second = month_name(c, month_at(f, page, 1));
	v->third = month_name(c, month_at(f, page, 2));
}

static enum status draw_figures(struct ctx *c, const struct request *r, uint32_t page, struct tpl_figures_figures *v)
{
	struct stat_figures f;

	TRY(stat_count(c, &f));
	TRY(stat_hide(&f, AUDIENCE, &v->smallest));
	if (month_at(&f, page, 0) != NULL)
		draw_rows(c, &f, page, v);
	else if (page > 0)
		return ERR(c, E_NOTFOUND, "no such months");
	if (page > 0)
		v->newer = page_path(c, r, "/figures?page=%u&count=1", page - 1);
	if (month_at(&f, page + 1, 0) != NULL)
		v->older = page_path(c, r, "/figures?page=%u&count=1", page + 1);
	return OK;
}

static enum status figures(struct ctx *c, const struct request *r, struct response *out)
{
	const struct figures_in *in = r->in;
	struct tpl_figures_figures v = { .head = page_head(c, r, MSG_FIGURES_TITLE, MENU_FIGURES), .foot = page_foot(c, r) };
	size_t stored;

	TRY(stat_stored(c, UNASKED + 1, &stored));
	if (stored > UNASKED && !in->count) {
		v.many = UNASKED;
		v.ask = page_path(c, r, "/figures?count=1");
	} else {
		TRY(draw_figures(c, r, in->page, &v));
	}
	render_figures_figures(&out->body, c->language, &v);
	return OK;
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/figures", figures, MAY(STAT, OP_READ), figures_params, struct figures_in),
};
extern const struct routes page_figures;
const struct routes page_figures = { rows, sizeof(rows) / sizeof(rows[0]) };
