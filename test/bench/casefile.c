/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of people beside the running service. casefile make DIR DATA LOGIN FROM TO < password: files as a case manager opens and fills them,
 * some of them filled in one set; one line of JSON: files a second and the first file's id. casefile parts DIR DATA TOKEN FILE SCREENING PAGE: what
 * a page (file, list, today, grid) is made of, each part alone, microseconds, the median of many. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/wipe.h"
#include "domain/casefile/casefile.h"
#include "domain/screening/grid.h"
#include "domain/screening/screening.h"
#include "html/html.h"
#include "keeper/client.h"
#include "record/record.h"
#include "record/sheet.h"
#include "store/store.h"
#include "templates.h"

#define ROUNDS 101
#define TOGETHER 8 /* files whose notes are one set */
#define WORKERS 6
#define TASKS_MAX 200
#define NOTES 33 /* with the seven parts of its opening a file has 40 */

struct bench {
	struct ctx c;
	struct actor who;
	struct id file, screening;
	struct id files[CASES_PAGE];
	size_t n;
	struct id task_files[TASKS_MAX];
	size_t tasks_n;
	struct keeper *settler;
	struct store *store;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void need(const struct ctx *c, enum status s, const char *what)
{
	if (s == OK)
		return;
	fprintf(stderr, "bench: %s: %s (%s)\n", what, status_name(s), c->error.what == NULL ? "" : c->error.what);
	for (size_t i = 0; i < c->input_count; i++)
		fprintf(stderr, "bench: %s %s\n", c->inputs[i].field, c->inputs[i].key);
	exit(1);
}

static void attach(struct bench *b, const char *dir, const char *data)
{
	static const struct actor nobody;
	struct ctx *c = &b->c;
	char path[4096];

	b->who = nobody;
	*c = (struct ctx){ .arena = arena_new(64u << 20), .who = &b->who, .now = clock_now() };
	snprintf(path, sizeof path, "%s/run/keeper.sock", dir);
	need(c, keeper_connect(path, &c->keeper), "keeper");
	need(c, keeper_connect(path, &b->settler), "keeper");
	snprintf(path, sizeof path, "%s/main", dir);
	need(c, store_open(c, path, record_settle, b->settler, &b->store), "store");
	need(c, store_connect(c, b->store, &c->db), "store");
	need(c, codes_load(c, data), "code lists");
	need(c, intake_start(c, data), "rules");
	need(c, casefile_start(c, data), "rules");
	need(c, grids_start(c, data), "grids");
}

/* --- making ----------------------------------------------------------------------------------------------------------------- */

static void login(struct bench *b, const char *name)
{
	char password[256];
	ssize_t n = read(0, password, sizeof password);
	struct token half, full;

	while (n > 0 && password[n - 1] == '\n')
		n--;
	if (n <= 0)
		exit(2);
	need(&b->c, keeper_login(&b->c, sv_of(name), sv_bytes(password, (size_t)n), NULL, &half), "login");
	need(&b->c, keeper_second(&b->c, &half, FACTOR_DEMO, SV(""), &full, NULL), "login");
	need(&b->c, keeper_session(&b->c, &full, &b->who), "session");
	b->who.token = full;
}

static struct id open_one(struct ctx *c, size_t i)
{
	struct case_open in = {
		.head = { .risk = SV("high"), .language = SV("ary"), .age_bracket = SV("24-26"), .age_evidence = SV("declared") },
		.basis = { .basis = SV("informed_consent"),
			   .basis_explained = SV("la référente"),
			   .basis_language = SV("ary"),
			   .basis_way = SV("voiced"),
			   .basis_day = SV("2026-02-09") },
		.person = { .name_latin = SV("Amina El Idrissi"), .sex = SV("female"), .birth_place = SV("Azilal") },
		.reach = { .contact_way = SV("phone"), .contact_phone = SV("+212 600 000 000"), .contact_message_ok = SV("no") },
		.exploitation = { .forms = SV("domestic_servitude"),
				  .sectors = SV("domestic_work"),
				  .region = SV("MA-06"),
				  .narrative = SV("Elle travaille dans la maison depuis deux ans et n’a jamais été payée.") },
	};
	struct id file;

	in.head.working_name = arena_format(c->arena, "Amandier %zu", i);
	in.head.alert = SV("Ne pas appeler le soir.");
	need(c, case_open(c, &in, &file), "open");
	return file;
}

struct some {
	const struct id *files;
	size_t n;
};

static enum status notes_in(struct ctx *c, const void *arg)
{
	const struct some *s = arg;
	const struct note_facts facts = {
		.note_kind = SV("contact"),
		.note = SV("Elle a appelé à l’heure dite. Elle va mieux et demande quand elle pourra voir sa sœur."),
	};

	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 1; k < NOTES; k++)
			TRY(sheet_put(c, &casenote_type, s->files[i], ID_ZERO, 0, &facts));
		TRY(task_done(c, s->files[i], "first_contact"));
	}
	return OK;
}

/* One of those who work at the same time: their sets share a commit, as people's do. */
struct worker {
	struct bench b;
	size_t from, to;
	struct id first;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct ctx *c = &w->b.c;
	struct arena_mark mark = arena_mark(c->arena);
	struct id files[TOGETHER];

	for (size_t at = w->from; at < w->to; at += TOGETHER) {
		struct some s = { files, w->to - at < TOGETHER ? w->to - at : TOGETHER };

		c->now = clock_now();
		for (size_t i = 0; i < s.n; i++)
			files[i] = open_one(c, at + i);
		need(c, record_run(c, "bench.notes", notes_in, &s), "notes");
		if (at == w->from)
			w->first = files[0];
		arena_rewind(c->arena, mark);
	}
	return NULL;
}

static void make(const struct bench *b, const char *dir, size_t from, size_t to)
{
	static struct worker workers[WORKERS];
	pthread_t threads[WORKERS];
	double begin = now_us();
	char path[4096];

	snprintf(path, sizeof path, "%s/run/keeper.sock", dir);
	for (size_t i = 0; i < WORKERS; i++) {
		struct worker *w = &workers[i];

		*w = (struct worker){ .b = *b,
				      .from = from + (to - from) * i / WORKERS,
				      .to = from + (to - from) * (i + 1) / WORKERS };
		w->b.c.arena = arena_new(64u << 20);
		w->b.c.who = &w->b.who;
		need(&w->b.c, keeper_connect(path, &w->b.c.keeper), "keeper");
		need(&w->b.c, store_connect(&w->b.c, b->store, &w->b.c.db), "store");
		need(&w->b.c, pthread_create(&threads[i], NULL, work, w) == 0 ? OK : E_IO, "thread");
	}
	for (size_t i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	printf("{\"per_second\":%.1f,\"first\":\"", (double)(to - from) / (now_us() - begin) * 1e6);
	for (size_t i = 0; i < sizeof workers[0].first.b; i++)
		printf("%02x", workers[0].first.b[i]);
	printf("\"}\n");
}

/* --- the file's page ---------------------------------------------------------------------------------------------------------- */

static void file_query(struct bench *b)
{
	struct case_row row;
	struct task_row *tasks;
	size_t n;

	need(&b->c, case_row_load(&b->c, b->file, &row), "row");
	need(&b->c, task_of(&b->c, b->file, &tasks, &n), "tasks");
}

/* What its first tab shows and nothing else: head, how to reach her, the timeline, screenings. */
static enum status file_parts(struct ctx *c, const void *arg)
{
	const struct id *file = arg;
	static const struct record_type *const types[] = { &reach_type, &casenote_type, &screening_type };
	struct record *r;
	size_t n;

	TRY(record_load(c, &casefile_type, *file, &r));
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		TRY(record_load_dossier(c, types[i], *file, &r, &n));
	return OK;
}

static void file_open(struct bench *b)
{
	need(&b->c, file_parts(&b->c, &b->file), "file");
}

/* The same as a save opens it: nothing is shown, so nothing is journalled. */
static enum status file_check_in(struct ctx *c, const void *arg)
{
	TRY(file_parts(c, arg));
	return E_STATE;
}

static void file_check(struct bench *b)
{
	if (record_run(&b->c, "bench.check", file_check_in, &b->file) != E_STATE)
		need(&b->c, E_BUG, "check");
	b->c.error = (struct error){ .status = OK };
}

static const struct tpl_shared_head head = { .lang = { "fr", sizeof("fr") - 1 },
					     .dir = { "ltr", sizeof("ltr") - 1 },
					     .title = { "File", sizeof("File") - 1 },
					     .logged = true,
					     .base = { "/staff", sizeof("/staff") - 1 } };
static const struct tpl_shared_foot foot = { .demo = true };
#define HREF "/staff/file/0123456789abcdef0123456789abcdef"

static void file_draw(struct bench *b)
{
	static const struct tpl_casefile_strip strip = { .name = { "Amandier 17", sizeof("Amandier 17") - 1 },
							 .code = { "7K3Q-9ZTV", sizeof("7K3Q-9ZTV") - 1 },
							 .state = { "Ouvert, dépistage", sizeof("Ouvert, dépistage") - 1 },
							 .risk = { "high", sizeof("high") - 1 },
							 .risk_label = { "Risque élevé", sizeof("Risque élevé") - 1 },
							 .call_rule = { "On peut l’appeler", sizeof("On peut l’appeler") - 1 },
							 .phone = { "+212 600 000 000", sizeof("+212 600 000 000") - 1 } };
	struct tpl_casefile_file_item items[NOTES];
	struct tpl_casefile_file_task task = {
		.label = SV("Faire le dépistage"), .clock = SV("Reste 2 h 10"), .go = SV(HREF "/screening"), .act = SV("Commencer")
	};
	struct tpl_casefile_file v = { .head = &head,
				       .foot = &foot,
				       .strip = &strip,
				       .work = true,
				       .tasks = &task,
				       .tasks_n = 1,
				       .timeline = items,
				       .timeline_n = NOTES,
				       .note = SV(HREF "/note"),
				       .assignee = SV("marsa.desk"),
				       .opened = SV("2026-02-09 10:12"),
				       .decide = SV(HREF "/note") };
	struct buf out = buf_new(b->c.arena, 32768, 1 << 20);

	for (size_t i = 0; i < NOTES; i++)
		items[i] = (struct tpl_casefile_file_item){
			.who = SV("marsa.desk"),
			.at = SV("2026-02-09 10:12"),
			.kind = SV("Contact"),
			.body = SV("Elle a appelé à l’heure dite. Elle va mieux et demande quand elle pourra voir sa sœur.")
		};
	render_casefile_file(&out, LANG_FR, &v);
	need(&b->c, buf_ok(&out), "draw");
}

/* --- lists ---------------------------------------------------------------------------------------------------------------------- */

static void list_query(struct bench *b)
{
	struct value args[] = { v_id(&b->who.user), v_int(1), v_int(CASES_PAGE), v_int(0) };
	struct rows rows;

	need(&b->c, db_query(&b->c, QUERY_CASEFILE_LIST_MINE, args, 4, CASES_PAGE, &rows), "list");
	b->n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		b->files[i] = row_id(&rows, i, 0);
}

static void list_open(struct bench *b)
{
	struct record *records;
	size_t n, hidden;

	need(&b->c, record_load_many(&b->c, &casefile_type, b->files, b->n, UINT32_C(1) << ALERT, OPEN_LIST, &records, &n, &hidden),
	     "names");
}

static void list_draw(struct bench *b)
{
	struct tpl_casefile_list_row rows[CASES_PAGE];
	struct tpl_casefile_list v = { .head = &head,
				       .foot = &foot,
				       .rows = rows,
				       .rows_n = CASES_PAGE,
				       .open = SV("/staff/files/new"),
				       .find = SV("/staff/files") };
	struct buf out = buf_new(b->c.arena, 32768, 1 << 20);

	for (size_t i = 0; i < CASES_PAGE; i++)
		rows[i] = (struct tpl_casefile_list_row){ .href = SV(HREF),
							  .name = SV("Amandier 17"),
							  .code = SV("7K3Q-9ZTV"),
							  .state = SV("Ouvert, dépistage"),
							  .clock = SV("Reste 2 h 10"),
							  .who = SV("marsa.desk") };
	render_casefile_list(&out, LANG_FR, &v);
	need(&b->c, buf_ok(&out), "draw");
}

static void today_query(struct bench *b)
{
	struct task_row *tasks;

	need(&b->c, task_mine(&b->c, &tasks, &b->tasks_n), "tasks");
	for (size_t i = 0; i < b->tasks_n; i++)
		b->task_files[i] = tasks[i].dossier;
}

static void today_open(struct bench *b)
{
	struct record *records;
	size_t n, hidden;

	today_query(b);
	need(&b->c,
	     record_load_many(&b->c, &casefile_type, b->task_files, b->tasks_n, UINT32_C(1) << ALERT, OPEN_LIST, &records, &n,
			      &hidden),
	     "names");
}

static void today_draw(struct bench *b)
{
	struct tpl_today_today_line lines[TASKS_MAX];
	struct tpl_today_today_group group = { .id = SV("now"), .lines = lines, .lines_n = b->tasks_n };
	struct tpl_today_today v = { .head = &head, .foot = &foot, .groups = &group, .groups_n = 1, .day = SV("2026-02-09") };
	struct buf out = buf_new(b->c.arena, 32768, 1 << 20);

	for (size_t i = 0; i < b->tasks_n; i++)
		lines[i] = (struct tpl_today_today_line){ .time = SV("Reste 2 h 10"),
							  .name = SV("Amandier 17"),
							  .href = SV(HREF),
							  .what = SV("Faire le dépistage"),
							  .go = SV(HREF "/screening"),
							  .act = SV("Commencer") };
	render_today_today(&out, LANG_FR, &v);
	need(&b->c, buf_ok(&out), "draw");
}

/* --- the grid ------------------------------------------------------------------------------------------------------------------- */

static enum status grid_parts(struct ctx *c, const struct bench *b)
{
	struct record *r;

	TRY(record_load(c, &casefile_type, b->file, &r));
	return record_load(c, &screening_type, b->screening, &r);
}

static void grid_open(struct bench *b)
{
	need(&b->c, grid_parts(&b->c, b), "screening");
}

static void grid_draw(struct bench *b)
{
	static const struct tpl_shared_field field = { .id = { "minor", sizeof("minor") - 1 },
						       .name = { "minor", sizeof("minor") - 1 },
						       .is_select = true };
	const struct grid *g = grid_at(0);
	struct tpl_screening_form_ask asks[INDICATORS_MAX] = { 0 };
	struct tpl_screening_form_dimension dimension = {
		.id = SV("part-1"), .step = SV("1"), .title = SV("Tromperie"), .asks = asks
	};
	struct tpl_screening_form v = { .head = &head,
					.foot = &foot,
					.back = SV(HREF),
					.back_text = SV("Amandier 17"),
					.action = SV(HREF "/screening"),
					.minor_field = &field,
					.basis_field = &field,
					.act_field = &field,
					.act_source_field = &field,
					.remarks_field = &field,
					.dimensions = &dimension,
					.dimensions_n = 1 };
	struct buf out = buf_new(b->c.arena, 65536, 1 << 20);

	dimension.asks_n = g->indicator_count;
	for (size_t i = 0; i < g->indicator_count; i++)
		asks[i] = (struct tpl_screening_form_ask){ .n = SV("17"), .text = g->indicators[i].label[LANG_FR], .u = true };
	render_screening_form(&out, LANG_FR, &v);
	need(&b->c, buf_ok(&out), "draw");
}

static enum status grid_check_in(struct ctx *c, const void *arg)
{
	TRY(grid_parts(c, arg));
	return E_STATE;
}

static void grid_check(struct bench *b)
{
	if (record_run(&b->c, "bench.check", grid_check_in, b) != E_STATE)
		need(&b->c, E_BUG, "check");
	b->c.error = (struct error){ .status = OK };
}

/* --- measuring ------------------------------------------------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(struct bench *b, void (*run)(struct bench *))
{
	static double us[ROUNDS];
	struct arena_mark mark = arena_mark(b->c.arena);

	for (size_t i = 0; i < ROUNDS; i++) {
		double begin = now_us();

		run(b);
		us[i] = now_us() - begin;
		arena_rewind(b->c.arena, mark);
	}
	qsort(us, ROUNDS, sizeof us[0], by_value);
	return us[ROUNDS / 2];
}

static void measure(struct bench *b, const char *page)
{
	static const struct {
		const char *name;
		void (*run)(struct bench *);
	} parts[] = {
		{ "file_query", file_query }, { "file_open", file_open },   { "file_check", file_check },
		{ "file_draw", file_draw },   { "list_query", list_query }, { "list_open", list_open },
		{ "list_draw", list_draw },   { "today_open", today_open }, { "today_draw", today_draw },
		{ "grid_open", grid_open },   { "grid_draw", grid_draw },   { "grid_check", grid_check },
	};
	printf("{");
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strncmp(parts[i].name, page, strlen(page)) == 0)
			printf("\"%s\":%.1f,", parts[i].name, median(b, parts[i].run));
	printf("\"lines\":%zu}\n", b->tasks_n);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct token t;

	process_harden();
	if (argc != (argc > 1 && strcmp(argv[1], "parts") == 0 ? 8 : 7))
		return 2;
	attach(&b, argv[2], argv[3]);
	if (strcmp(argv[1], "make") == 0) {
		login(&b, argv[4]);
		make(&b, argv[2], strtoul(argv[5], NULL, 10), strtoul(argv[6], NULL, 10));
		return 0;
	}
	if (!base64url_parse(sv_of(argv[4]), t.b, sizeof t.b) || !id_parse(sv_of(argv[5]), &b.file) ||
	    !id_parse(sv_of(argv[6]), &b.screening))
		return 2;
	need(&b.c, keeper_session(&b.c, &t, &b.who), "session");
	measure(&b, argv[7]);
	return 0;
}
