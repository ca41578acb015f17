/* SPDX-License-Identifier: GPL-3.0-or-later */
/* My files, or my team's: working names and numbers, no identity. Finding is by the number people read aloud. */
#include "policy/policy.h"
#include "web/page/casefile.h"

struct list_in {
	struct sv show, code;
	uint32_t page;
};
static const struct param list_params[] = {
	PARAM(struct list_in, show, P_CODE, 16),
	PARAM(struct list_in, code, P_TEXT, 20),
	PARAM(struct list_in, page, P_U32, 100000),
};

static struct sv list_path(const struct ctx *c, const struct request *r, bool closed, uint32_t page)
{
	if (page == 0)
		return page_path(c, r, closed ? "/files?show=closed" : "/files");
	return page_path(c, r, closed ? "/files?show=closed&page=%u" : "/files?page=%u", page);
}

static void draw_rows(const struct ctx *c, const struct request *r, const struct case_line *lines, size_t n,
		      struct tpl_casefile_list *v)
{
	struct tpl_casefile_list_row *rows = ARENA_ARRAY(c->arena, struct tpl_casefile_list_row, n + 1);

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_casefile_list_row){ .href = case_path(c, r, lines[i].id, ""),
							  .name = lines[i].name,
							  .code = lines[i].code,
							  .state = sv_of(case_state_label(lines[i].state, c->language)),
							  .clock = page_clock(c, lines[i].due_hour),
							  .late = lines[i].overdue,
							  .who = lines[i].assignee_login,
							  .locked = lines[i].locked };
	v->rows = rows;
	v->rows_n = n;
}

static enum status list(struct ctx *c, const struct request *r, struct response *out)
{
	const struct list_in *in = r->in;
	bool closed = sv_is(in->show, "closed"), more;
	struct tpl_casefile_list_tab tabs[] = { { list_path(c, r, false, 0), MSG_CASE_LIST_OPEN, !closed },
						{ list_path(c, r, true, 0), MSG_CASE_LIST_CLOSED, closed } };
	struct tpl_casefile_list v = { .team = ctx_can(c, ROLE_SUPERVISOR), .tabs = tabs, .tabs_n = 2, .typed = in->code };
	struct error before = c->error;
	struct case_line *lines;
	struct id file;
	size_t n;

	if (in->code.n > 0 && case_find(c, in->code, &file) == OK)
		return response_go(c, r, out, arena_format(c->arena, "/file/%s", page_id(c, file).p).p, NULL);
	c->error = before;
	TRY(case_list(c, closed ? CASES_CLOSED : CASES_OPEN, in->page, &lines, &n, &more));
	v.head = page_head(c, r, MSG_CASE_LIST_TITLE, MENU_FILES);
	v.foot = page_foot(c, r);
	v.find = page_path(c, r, "/files");
	v.wrong = in->code.n > 0 ? page_say(c, MSG_ERROR_FILE_UNKNOWN) : SV_NONE;
	if (case_may(CASE_NONE, CASE_OPEN_SCREENING, c->who->roles))
		v.open = page_path(c, r, "/files/new");
	draw_rows(c, r, lines, n, &v);
	if (in->page > 0)
		v.newer = list_path(c, r, closed, in->page - 1);
	if (more)
		v.older = list_path(c, r, closed, in->page + 1);
	render_casefile_list(&out->body, c->language, &v);
	return OK;
}

static const struct route rows[] = {
	ROUTE(GET, SITE_STAFF, "/files", list, MAY(ASSIST, OP_READ), list_params, struct list_in,
	      .flags = ROUTE_SHOWS_INPUT_ERRORS),
};
extern const struct routes page_casefile_list;
const struct routes page_casefile_list = { rows, sizeof(rows) / sizeof(rows[0]) };
