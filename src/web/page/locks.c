/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The security officer's page: reports that are locked, by the mark people know them by, and the one thing the officer does about them. Nothing
 * of a report is opened here; each lock and each lifting is in the journal. */
#include <string.h>

#include "policy/policy.h"
#include "web/page/desk.h"

struct lift_in {
	uint32_t version;
	struct key16 once;
};
static const struct param lift_params[] = {
	PARAM(struct lift_in, version, P_U32, UINT32_MAX),
	PARAM(struct lift_in, once, P_KEY16, 0),
};

/* Named where it is not the officer's own. */
static struct sv whose(struct ctx *c, struct id organisation)
{
	struct organisation o;

	return id_equal(organisation, c->who->organisation) || organisation_load(c, organisation, &o) != OK ? SV_NONE : o.name;
}

static enum status locks(struct ctx *c, const struct request *r, struct response *out)
{
	struct report_head *list;
	size_t n;
	struct tpl_desk_locks_row *rows;
	struct tpl_desk_locks v = { .csrf = csrf_text(c), .once = once_text(c) };

	TRY(report_locks(c, &list, &n));
	rows = ARENA_ARRAY(c->arena, struct tpl_desk_locks_row, n + 1);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct tpl_desk_locks_row){
			.mark = page_mark(c, list[i].id),
			.whose = whose(c, list[i].organisation),
			.state = desk_state(c, &list[i]),
			.assignee = list[i].assignee_login,
			.version = (int64_t)list[i].version,
			.lift = page_path(c, r, "/locks/%s/lift", page_id(c, list[i].id).p),
		};
	v.head = page_head(c, r, MSG_LOCKS_TITLE, MENU_LOCKS);
	v.foot = page_foot(c, r);
	v.rows = rows;
	v.rows_n = n;
	render_desk_locks(&out->body, c->language, &v);
	return OK;
}

/* Somebody decided in between, or lifted it: the list as it is now says so by itself. */
static enum status lift(struct ctx *c, const struct request *r, struct response *out)
{
	const struct lift_in *in = r->in;
	struct report_act act = { .report = r->path_id, .version = in->version };
	enum status s;

	memcpy(act.key, in->once.b, sizeof(act.key));
	for (size_t i = 0; i < sizeof(act.key); i++)
		act.key[i] ^= r->path_id.b[i]; /* one page, one key, many rows */
	s = report_lift(c, &act);
	if (s == E_STATE || s == E_STALE) {
		c->error = (struct error){ .status = OK };
		return response_go(c, r, out, "/locks", "locks.changed");
	}
	TRY(s);
	return response_go(c, r, out, "/locks", "locks.done");
}

static const struct route rows[] = {
	ROUTE0(GET, SITE_STAFF, "/locks", locks, MAY(JDETAIL, OP_READ)),
	ROUTE(POST, SITE_STAFF, "/locks/{id}/lift", lift, MAY(JDETAIL, OP_READ), lift_params, struct lift_in),
};
extern const struct routes page_locks;
const struct routes page_locks = { rows, sizeof(rows) / sizeof(rows[0]) };
