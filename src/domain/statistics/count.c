/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting. All events are opened in batches into one array without text, sorted by count id: what belongs to one report or one person lies
 * side by side. Of several events about one thing the one with the highest turn holds. The array grows with the house and is no request's
 * memory: it lies in an arena of its own, given back at once. */
#include "domain/statistics/statistics.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define MONTHS_MAX 1200
#define EVENTS_MAX 2000000

/* Which closings take a report out of which figure. */
enum { OUT_FALSE = 1, OUT_COUNT = 2 };
static const struct {
	const char *reason;
	uint8_t out;
} closings[] = { { "false_alarm", OUT_FALSE },
		 { "malicious", OUT_FALSE | OUT_COUNT },
		 { "duplicate", OUT_COUNT },
		 { "out_of_scope", OUT_COUNT } };

struct counted {
	struct id id, from;
	uint64_t turn;
	int32_t day;
	uint32_t people;
	uint8_t code, out;
};

struct counting {
	struct arena *arena;
	struct counted *events;
	size_t n, room;
};

/* --- opening ------------------------------------------------------------------------------------------------------------------- */

static uint8_t out_of(struct sv reason)
{
	for (size_t i = 0; i < sizeof(closings) / sizeof(closings[0]); i++)
		if (sv_is(reason, closings[i].reason))
			return closings[i].out;
	return 0;
}

static enum status take(struct ctx *c, struct counting *all, const struct stored_drop *d)
{
	struct record *r = record_new(c, &event_type, ID_ZERO);
	struct counted *e = &all->events[all->n];

	if (d->status != OK)
		return ERR(c, d->status == E_DENIED ? E_DENIED : E_CRYPTO, "an event does not open");
	if (d->type != event_type.number || d->schema > event_type.schema)
		return ERR(c, E_CRYPTO, "an event of a kind that is not known");
	TRY(part_decode(c, &event_type, STAT, d->plain, r->values));
	*e = (struct counted){ .code = (uint8_t)stat_code_parse(record_text(r, EVENT_code)),
			       .day = (int32_t)record_number(r, EVENT_day),
			       .turn = (uint64_t)record_number(r, EVENT_turn),
			       .people = (uint32_t)record_number(r, EVENT_people),
			       .out = out_of(record_text(r, EVENT_reason)) };
	if (!id_parse(record_text(r, EVENT_count), &e->id) || e->code == 0)
		return ERR(c, E_CRYPTO, "an event without code or count id");
	if (record_has(r, EVENT_from_report) && !id_parse(record_text(r, EVENT_from_report), &e->from))
		return ERR(c, E_CRYPTO, "an event's report has no id");
	all->n++;
	return OK;
}

/* Columns of statistics/events. */
enum { COL_ID, COL_TYPE, COL_SCHEMA, COL_ORGANISATION, COL_RECIPIENT, COL_KEY, COL_WRAP, COL_BLOB };

static enum status open_batch(struct ctx *c, struct counting *all, struct id *after, bool *more)
{
	struct value args[] = { v_id(after), v_int(DROPS_MAX) };
	struct stored_drop *drops;
	struct rows rows;

	TRY(db_query(c, QUERY_STATISTICS_EVENTS, args, 2, DROPS_MAX, &rows));
	drops = ARENA_ARRAY(c->arena, struct stored_drop, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		drops[i] = (struct stored_drop){ .id = row_id(&rows, i, COL_ID),
						 .type = (uint16_t)row_int(&rows, i, COL_TYPE),
						 .schema = (uint32_t)row_int(&rows, i, COL_SCHEMA),
						 .organisation = row_id(&rows, i, COL_ORGANISATION),
						 .recipient = row_id(&rows, i, COL_RECIPIENT),
						 .key = row_id(&rows, i, COL_KEY),
						 .wrap = row_text(&rows, i, COL_WRAP),
						 .blob = row_text(&rows, i, COL_BLOB) };
	if (rows.n > 0)
		TRY(keeper_drops_open(c, drops, rows.n));
	for (size_t i = 0; i < rows.n && all->n < all->room; i++)
		TRY(take(c, all, &drops[i]));
	if (rows.n > 0)
		*after = drops[rows.n - 1].id;
	*more = rows.n == DROPS_MAX && all->n < all->room;
	return OK;
}

static enum status open_all(struct ctx *c, struct counting *all)
{
	struct id after = ID_ZERO;
	bool more = true;

	while (more) {
		struct arena_mark mark = arena_mark(c->arena);

		TRY(open_batch(c, all, &after, &more));
		arena_rewind(c->arena, mark);
	}
	return OK;
}

/* --- one report, one person ---------------------------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;
	int by = memcmp(x->id.b, y->id.b, sizeof(x->id.b));

	if (by != 0)
		return by;
	if (x->turn != y->turn)
		return x->turn < y->turn ? -1 : 1;
	return x->day - y->day;
}

/* Events of one count id. */
struct group {
	const struct counted *e;
	size_t n;
};

static struct group group_at(const struct counting *all, size_t at)
{
	size_t end = at;

	while (end < all->n && id_equal(all->events[end].id, all->events[at].id))
		end++;
	return (struct group){ &all->events[at], end - at };
}

static struct group group_of(const struct counting *all, struct id id)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(all->events[middle].id.b, id.b, sizeof(id.b)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all->n && id_equal(all->events[low].id, id) ? group_at(all, low) : (struct group){ NULL, 0 };
}

static const struct counted *first_of(const struct group *g, enum stat_code code)
{
	const struct counted *first = NULL;

	for (size_t i = 0; i < g->n; i++)
		if (g->e[i].code == (uint8_t)code && (first == NULL || g->e[i].day < first->day))
			first = &g->e[i];
	return first;
}

/* By what a report is taken out of figures now; sorted by turn, so the last word holds. */
static uint8_t taken_out(const struct group *g)
{
	uint8_t out = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (g->e[i].code == STAT_REPORT_CLOSED)
			out = g->e[i].out;
		else if (g->e[i].code == STAT_REPORT_REOPENED)
			out = 0;
	}
	return out;
}

/* The report a file of this count id was opened from or linked to first, of those that count; NULL. */
static const struct counted *report_of(const struct counting *all, const struct group *g)
{
	const struct counted *first = NULL;

	for (size_t i = 0; i < g->n; i++) {
		struct group from = g->e[i].code == STAT_CASE && !id_is_zero(g->e[i].from) ? group_of(all, g->e[i].from)
											   : (struct group){ NULL, 0 };
		const struct counted *report = first_of(&from, STAT_REPORT);

		if (report != NULL && !(taken_out(&from) & OUT_COUNT) && (first == NULL || report->day < first->day))
			first = report;
	}
	return first;
}

static bool has_file(const struct id *with_file, size_t n, struct id report)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(with_file[middle].b, report.b, sizeof(report.b)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && id_equal(with_file[low], report);
}

/* --- months -------------------------------------------------------------------------------------------------------------------- */

static struct stat_row *month_of(struct stat_figures *f, int32_t day)
{
	struct date d = date_of((int64_t)day * DAY_MS);

	for (size_t i = 0; i < f->n; i++)
		if (f->months[i].year == d.year && f->months[i].month == d.month)
			return &f->months[i];
	f->months[f->n] = (struct stat_row){ .year = d.year, .month = d.month };
	return f->n < MONTHS_MAX ? &f->months[f->n++] : &f->months[f->n];
}

static void add(struct stat_figures *f, const struct counted *at, enum figure figure, uint32_t n)
{
	if (at == NULL)
		return;
	month_of(f, at->day)->n[figure] += n;
	f->total.n[figure] += n;
}

static void count_report(struct stat_figures *f, const struct group *g, bool file)
{
	const struct counted *report = first_of(g, STAT_REPORT);
	uint8_t out = taken_out(g);

	if (report == NULL)
		return;
	add(f, report, FIGURE_REPORTS, 1);
	if (!(out & OUT_FALSE))
		add(f, report, FIGURE_NOT_FALSE, 1);
	if (out & OUT_COUNT)
		return;
	add(f, report, FIGURE_COUNTED, 1);
	if (!file)
		add(f, report, FIGURE_PEOPLE, report->people);
}

static void count_group(struct stat_figures *f, const struct counting *all, const struct group *g, bool file)
{
	count_report(f, g, file);
	add(f, report_of(all, g), FIGURE_PERSONS, 1);
	for (size_t i = 0; i < g->n; i++)
		if (g->e[i].code == STAT_SCREENING)
			add(f, &g->e[i], FIGURE_SCREENINGS, 1);
	add(f, first_of(g, STAT_PRESUMPTION), FIGURE_PRESUMPTIONS, 1);
	add(f, first_of(g, STAT_PRESUMPTION_SIGNED), FIGURE_SIGNED, 1);
}

static int newest_first(const void *a, const void *b)
{
	const struct stat_row *x = a, *y = b;

	return x->year != y->year ? y->year - x->year : y->month - x->month;
}

static int id_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct id));
}

/* Count ids of reports a file was opened from, sorted. */
static struct id *reports_with_files(const struct counting *all, size_t *n)
{
	struct id *list = ARENA_ARRAY(all->arena, struct id, all->n + 1);

	*n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->events[i].code == STAT_CASE && !id_is_zero(all->events[i].from))
			list[(*n)++] = all->events[i].from;
	qsort(list, *n, sizeof(*list), id_order);
	return list;
}

static void count_all(struct counting *all, struct stat_figures *out)
{
	struct id *with_file;
	size_t files, at = 0;

	qsort(all->events, all->n, sizeof(*all->events), by_id);
	with_file = reports_with_files(all, &files);
	while (at < all->n) {
		struct group g = group_at(all, at);

		count_group(out, all, &g, has_file(with_file, files, g.e->id));
		at += g.n;
	}
	qsort(out->months, out->n, sizeof(*out->months), newest_first);
}

enum status stat_stored(struct ctx *c, size_t most, size_t *n)
{
	const struct value arg = v_int((int64_t)most);
	struct rows rows;

	TRY(db_query(c, QUERY_STATISTICS_EVENT_COUNT, &arg, 1, 1, &rows));
	*n = (size_t)row_int(&rows, 0, 0);
	return OK;
}

/* The journal's number is asked first: what is stored later is one more, never one less. */
enum status stat_count(struct ctx *c, struct stat_figures *out)
{
	struct counting all = { .n = 0 };
	uint64_t in_force;
	enum status s;
	size_t n;

	*out = (struct stat_figures){ .months = ARENA_ARRAY(c->arena, struct stat_row, MONTHS_MAX + 1) };
	TRY(keeper_drops_count(c, &in_force));
	TRY(stat_stored(c, EVENTS_MAX + 1, &n));
	if (n > EVENTS_MAX)
		return ERR(c, E_LIMIT, "more events than one count may open");
	all.room = n + 1000;
	all.arena = arena_new((all.room + 1) * (sizeof(struct counted) + sizeof(struct id)) + 4096);
	all.events = ARENA_ARRAY(all.arena, struct counted, all.room);
	s = open_all(c, &all);
	if (s == OK && all.n < in_force)
		s = ERR(c, E_CRYPTO, "events of the statistics are missing");
	if (s == OK)
		count_all(&all, out);
	arena_free(all.arena);
	return s;
}

/* --- what may be shown --------------------------------------------------------------------------------------------------------- */

/* A part that lies within another figure of the same month. */
static const struct {
	enum figure whole, part;
} within[] = { { FIGURE_REPORTS, FIGURE_NOT_FALSE }, { FIGURE_REPORTS, FIGURE_COUNTED }, { FIGURE_PRESUMPTIONS, FIGURE_SIGNED } };

static void hide_row(struct stat_row *row, uint32_t smallest)
{
	for (unsigned f = 0; f < FIGURE_COUNT; f++)
		if (row->n[f] > 0 && row->n[f] < smallest)
			row->hidden |= UINT32_C(1) << f;
	for (size_t i = 0; i < sizeof(within) / sizeof(within[0]); i++) {
		uint32_t whole = row->n[within[i].whole], part = row->n[within[i].part];

		if (whole > part && whole - part < smallest)
			row->hidden |= UINT32_C(1) << within[i].part;
	}
}

/* The sum gives away what is hidden in a column when that is one month's, or little in all. */
static void hide_total(struct stat_figures *f, uint32_t smallest)
{
	for (unsigned figure = 0; figure < FIGURE_COUNT; figure++) {
		uint32_t hidden = 0, months = 0;

		for (size_t i = 0; i < f->n; i++) {
			if (!(f->months[i].hidden >> figure & 1))
				continue;
			hidden += f->months[i].n[figure];
			months++;
		}
		if (months == 1 || (months > 1 && hidden < smallest))
			f->total.hidden |= UINT32_C(1) << figure;
	}
}

enum status stat_hide(struct stat_figures *f, const char *audience, int64_t *smallest)
{
	const struct code_list *rules = codes_of("publication_rules");
	const struct code *rule = rules == NULL ? NULL : code_find(rules, sv_of(audience));
	uint64_t least = 0;

	if (rule == NULL || !sv_u64(sv_of(code_extra(rules, rule, "smallest_cell")), &least))
		return E_NOTFOUND;
	for (size_t i = 0; i < f->n; i++)
		hide_row(&f->months[i], (uint32_t)least);
	hide_row(&f->total, (uint32_t)least);
	hide_total(f, (uint32_t)least);
	*smallest = (int64_t)least;
	return OK;
}
