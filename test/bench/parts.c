/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts DIR TOKEN REPORT: what a page is made of, each part alone, in a process of its own beside the running service: the query of the rows
 * shown, the query of all a page counts over its tabs (500 open rows at most) and which of them may be seen, opening (keeper with its durable
 * leaf; loading parts and wraps), the clear rows of what is shown, drawing. One line of JSON, microseconds each, the median of many. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/wipe.h"
#include "domain/intake/intake.h"
#include "domain/intake/types.h"
#include "html/html.h"
#include "keeper/client.h"
#include "record/record.h"
#include "store/store.h"
#include "templates.h"

#define ROUNDS 201
#define COUNTED 500 /* the window of queue_load */

struct bench {
	struct ctx c;
	struct actor who;
	struct id report;
	struct id ids[QUEUE_PAGE], counted[COUNTED];
	size_t n, counted_n;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void need(enum status s, const char *what)
{
	if (s == OK)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, status_name(s));
	exit(1);
}

static void query(struct bench *b)
{
	struct value args[] = { v_id(&b->who.organisation), v_int(QUEUE_PAGE) };
	struct rows rows;

	need(db_query(&b->c, QUERY_INTAKE_QUEUE_DESK, args, 2, QUEUE_PAGE, &rows), "query");
	b->n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		b->ids[i] = row_id(&rows, i, 0);
}

static void window(struct bench *b)
{
	struct value args[] = { v_id(&b->who.organisation), v_int(COUNTED + 1) };
	struct rows rows;

	need(db_query(&b->c, QUERY_INTAKE_QUEUE_DESK, args, 2, COUNTED + 1, &rows), "window");
	b->counted_n = rows.n < COUNTED ? rows.n : COUNTED;
	for (size_t i = 0; i < b->counted_n; i++)
		b->counted[i] = row_id(&rows, i, 0);
}

static void visible(struct bench *b)
{
	bool keep[COUNTED];

	need(keeper_visible(&b->c, b->counted, b->counted_n, keep), "visible");
}

static void read_rows(struct bench *b)
{
	struct rows row;

	need(db_begin_read(&b->c), "snapshot");
	for (size_t i = 0; i < b->n; i++) {
		const struct value arg = v_id(&b->ids[i]);

		need(db_query(&b->c, QUERY_INTAKE_REPORT, &arg, 1, 1, &row), "row");
	}
	db_end_read(&b->c);
}

static void open_list(struct bench *b)
{
	struct record *records;
	size_t n, hidden;

	need(record_load_many(&b->c, &report_type, b->ids, b->n, UINT32_C(1) << REPORT, OPEN_LIST, &records, &n, &hidden), "list");
}

static void open_report(struct bench *b)
{
	struct report_view view;

	need(report_load(&b->c, b->report, &view), "report");
}

static void draw(struct bench *b)
{
	static const struct tpl_shared_head head = {
		.lang = { "fr", 2 }, .dir = { "ltr", 3 }, .title = { "File", 4 }, .logged = true, .base = { "/staff", 6 }
	};
	static const struct tpl_shared_foot foot = { .demo = true };
	struct tpl_desk_queue_row rows[QUEUE_PAGE];
	struct tpl_desk_queue v = {
		.head = &head, .foot = &foot, .rows = rows, .rows_n = QUEUE_PAGE, .write = SV("/staff/call"), .first = 1, .last = 50
	};
	struct buf out = buf_new(b->c.arena, 32768, 1 << 20);

	for (size_t i = 0; i < QUEUE_PAGE; i++)
		rows[i] =
			(struct tpl_desk_queue_row){ .href = SV("/staff/reports/0123456789abcdef0123456789abcdef"),
						     .clock = SV("Reste 2 h 10"),
						     .risk = SV("high"),
						     .risk_label = SV("Risque élevé"),
						     .channel = SV("Formulaire en ligne"),
						     .language = SV("français"),
						     .place = SV("Casablanca-Settat"),
						     .subject = SV("Une jeune femme ne sort jamais de l’appartement du troisième"),
						     .state = SV("Reçu"),
						     .assignee = SV("dar-tadamoun.desk") };
	render_desk_queue(&out, LANG_FR, &v);
	need(buf_ok(&out), "draw");
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(struct bench *b, void (*run)(struct bench *))
{
	static double us[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		double begin = now_us();

		run(b);
		us[i] = now_us() - begin;
		arena_reset(b->c.arena);
	}
	qsort(us, ROUNDS, sizeof us[0], by_value);
	return us[ROUNDS / 2];
}

static void attach(struct bench *b, const char *dir, struct sv token, const char *data)
{
	struct actor nobody = { 0 };
	struct store *store;
	char path[4096];
	struct token t;

	b->c = (struct ctx){ .arena = arena_new(32u << 20), .who = &nobody, .now = clock_now() };
	snprintf(path, sizeof path, "%s/run/keeper.sock", dir);
	need(keeper_connect(path, &b->c.keeper), "keeper");
	snprintf(path, sizeof path, "%s/main", dir);
	need(store_open(&b->c, path, NULL, NULL, &store), "store");
	need(store_connect(&b->c, store, &b->c.db), "store");
	need(codes_load(&b->c, data), "code lists");
	need(intake_start(&b->c, data), "rules");
	if (!base64url_parse(token, t.b, sizeof t.b))
		need(E_INPUT, "token");
	need(keeper_session(&b->c, &t, &b->who), "session");
	b->c.who = &b->who;
}

int main(int argc, char **argv)
{
	struct bench b = { .n = 0 };
	double q, w, v, o, l, d, r;

	process_harden();
	if (argc != 5 || !id_parse(sv_of(argv[3]), &b.report))
		return 2;
	attach(&b, argv[1], sv_of(argv[2]), argv[4]);
	q = median(&b, query);
	w = median(&b, window);
	v = median(&b, visible);
	o = median(&b, open_list);
	l = median(&b, read_rows);
	d = median(&b, draw);
	r = median(&b, open_report);
	printf("{\"query_us\":%.1f,\"window_us\":%.1f,\"visible_us\":%.1f,\"open_us\":%.1f,\"lines_us\":%.1f,\"draw_us\":%.1f,\"report_us\":%.1f,"
	       "\"rows\":%zu,\"counted\":%zu}\n",
	       q, w, v, o, l, d, r, b.n, b.counted_n);
	return 0;
}
