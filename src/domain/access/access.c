/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory: organisations and members as they lie in clear. Reading for choices and for "by whom"; writing by ceremonies
 * only. */
#include "domain/access/access.h"

#include "store/store.h"

#define ORGANISATIONS_MAX 500
#define MEMBERS_MAX 1000

/* Columns of the organisation queries, in this order. */
enum { ORG_ID, ORG_CODE, ORG_NAME, ORG_TYPE = ORG_NAME + LANGUAGE_COUNT, ORG_REGION, ORG_ACCEPTS, ORG_PHONE, ORG_DESK };

static void organisation_read(struct ctx *c, const struct rows *rows, size_t i, struct organisation *out)
{
	out->id = row_id(rows, i, ORG_ID);
	out->code = row_text(rows, i, ORG_CODE);
	out->name = row_text(rows, i, ORG_NAME + (size_t)c->language);
	out->type = row_text(rows, i, ORG_TYPE);
	out->region = row_text(rows, i, ORG_REGION);
	out->accepts = row_text(rows, i, ORG_ACCEPTS);
	out->phone = row_text(rows, i, ORG_PHONE);
	out->desk = row_int(rows, i, ORG_DESK) != 0;
}

enum status organisation_list(struct ctx *c, struct organisation **out, size_t *n)
{
	struct rows rows;

	TRY(db_query(c, QUERY_ACCESS_ORGANISATIONS, NULL, 0, ORGANISATIONS_MAX, &rows));
	*out = ARENA_ARRAY(c->arena, struct organisation, rows.n);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		organisation_read(c, &rows, i, &(*out)[i]);
	return OK;
}

static enum status organisation_one(struct ctx *c, enum query q, struct value key, struct organisation *out)
{
	struct rows rows;

	TRY(db_query(c, q, &key, 1, 1, &rows));
	if (rows.n == 0)
		return ERR(c, E_NOTFOUND, "no such organisation");
	organisation_read(c, &rows, 0, out);
	return OK;
}

enum status organisation_load(struct ctx *c, struct id id, struct organisation *out)
{
	return organisation_one(c, QUERY_ACCESS_ORGANISATION, v_id(&id), out);
}

enum status organisation_find(struct ctx *c, struct sv code, struct organisation *out)
{
	return organisation_one(c, QUERY_ACCESS_ORGANISATION_BY_CODE, v_text(code), out);
}

/* --- members ---------------------------------------------------------------------------------------------------------------- */

enum { MEMBER_ID, MEMBER_ORGANISATION, MEMBER_LOGIN, MEMBER_ROLES, MEMBER_LANGUAGE, MEMBER_ACTIVE };

static void member_read(const struct rows *rows, size_t i, struct member_row *out)
{
	out->user = row_id(rows, i, MEMBER_ID);
	out->organisation = row_id(rows, i, MEMBER_ORGANISATION);
	out->login = row_text(rows, i, MEMBER_LOGIN);
	out->roles = (uint32_t)row_int(rows, i, MEMBER_ROLES);
	out->active = row_int(rows, i, MEMBER_ACTIVE) != 0;
	if (!language_parse(row_text(rows, i, MEMBER_LANGUAGE), &out->language))
		out->language = LANG_FR;
}

enum status member_list(struct ctx *c, struct id organisation, struct member_row **out, size_t *n)
{
	struct id of = id_is_zero(organisation) ? c->who->organisation : organisation;
	struct value args[] = { v_id(&of) };
	struct rows rows;

	TRY(db_query(c, QUERY_ACCESS_MEMBERS, args, 1, MEMBERS_MAX, &rows));
	*out = ARENA_ARRAY(c->arena, struct member_row, rows.n);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		member_read(&rows, i, &(*out)[i]);
	return OK;
}

/* OK with *found false when there is none. */
static enum status member_look_up(struct ctx *c, struct id user, struct member_row *out, bool *found)
{
	struct value args[] = { v_id(&user) };
	struct rows rows;

	TRY(db_query(c, QUERY_ACCESS_MEMBER, args, 1, 1, &rows));
	*found = rows.n > 0;
	if (*found)
		member_read(&rows, 0, out);
	return OK;
}

enum status member_load(struct ctx *c, struct id user, struct member_row *out)
{
	bool found;

	TRY(member_look_up(c, user, out, &found));
	return found ? OK : ERR(c, E_NOTFOUND, "no such member");
}

enum status member_find(struct ctx *c, struct sv login, struct member_row *out)
{
	struct value args[] = { v_text(login) };
	struct rows rows;

	TRY(db_query(c, QUERY_ACCESS_MEMBER_BY_LOGIN, args, 1, 1, &rows));
	if (rows.n == 0)
		return ERR(c, E_NOTFOUND, "no such member");
	member_read(&rows, 0, out);
	return OK;
}

struct sv member_login(struct ctx *c, struct id user)
{
	struct error before = c->error;
	struct member_row m;
	bool found;

	if (id_is_zero(user) || member_look_up(c, user, &m, &found) != OK || !found) {
		c->error = before;
		return SV("");
	}
	return m.login;
}

/* --- writing ---------------------------------------------------------------------------------------------------------------- */

/* One statement by itself: no part, no right, so nothing for the keeper. */
static enum status write_one(struct ctx *c, enum query q, const struct value *args, size_t n)
{
	struct write w = { q, args, n, 1, E_NOTFOUND };
	struct write_set set = { .writes = &w, .n = 1 };

	return store_apply(c, &set);
}

enum status member_set_language(struct ctx *c, enum language l)
{
	struct value args[] = { v_id(&c->who->user), v_text(sv_of(languages[l].tag)) };

	return write_one(c, QUERY_ACCESS_MEMBER_LANGUAGE, args, 2);
}

/* What was not said is an empty text, not a NULL. */
static struct value said(struct sv s)
{
	return v_text(s.p == NULL ? SV("") : s);
}

enum status organisation_add(struct ctx *c, const struct new_directory_entry *e)
{
	struct value args[] = {
		v_id(&e->id),  said(e->code),   said(e->name[LANG_FR]), said(e->name[LANG_AR]), said(e->name[LANG_EN]),
		said(e->type), said(e->region), said(e->accepts),       said(e->phone),         v_int(e->desk),
	};

	return write_one(c, QUERY_ACCESS_ORGANISATION_ADD, args, sizeof(args) / sizeof(args[0]));
}

enum status member_add(struct ctx *c, const struct member_row *m)
{
	struct value args[] = {
		v_id(&m->user),
		v_id(&m->organisation),
		v_text(m->login),
		v_int(m->roles),
		v_text(sv_of(languages[m->language].tag)),
		v_int(m->active),
	};

	return write_one(c, QUERY_ACCESS_MEMBER_ADD, args, sizeof(args) / sizeof(args[0]));
}
