/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each member wants the screen, the copies of what the keeper says of members, and who signs second. */
#include "domain/access/access.h"

#include "keeper/client.h"
#include "policy/policy.h"
#include "store/store.h"

static const char *const themes[] = { [THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark" };

enum status settings_load(struct ctx *c, struct member_settings *out)
{
	struct value args[] = { v_id(&c->who->user) };
	struct rows rows;

	*out = (struct member_settings){ .text_size = 16, .keys = true };
	TRY(db_query(c, QUERY_ACCESS_SETTINGS, args, 1, 1, &rows));
	if (rows.n == 0)
		return OK;
	out->text_size = (uint32_t)row_int(&rows, 0, 0);
	out->keys = row_int(&rows, 0, 1) != 0;
	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++)
		if (sv_is(row_text(&rows, 0, 2), themes[i]))
			out->theme = (enum theme)i;
	out->shared = row_int(&rows, 0, 3) != 0;
	return OK;
}

static enum status write_one(struct ctx *c, enum query q, const struct value *args, size_t n)
{
	struct write w = { q, args, n, 1, E_NOTFOUND };
	struct write_set set = { .writes = &w, .n = 1 };

	return store_apply(c, &set);
}

enum status settings_save(struct ctx *c, const struct member_settings *m)
{
	struct value args[] = { v_id(&c->who->user), v_int(m->text_size), v_int(m->keys), v_text(sv_of(themes[m->theme])),
				v_int(m->shared) };

	if (m->text_size != 14 && m->text_size != 16 && m->text_size != 18 && m->text_size != 20)
		return ERR(c, E_INPUT, "a text size there is not");
	TRY(write_one(c, QUERY_ACCESS_SETTINGS_SET, args, sizeof(args) / sizeof(args[0])));
	return keeper_shared_desk(c, &c->who->token, m->shared);
}

enum status settings_begin(struct ctx *c)
{
	struct member_settings m;

	TRY(settings_load(c, &m));
	return m.shared ? keeper_shared_desk(c, &c->who->token, true) : OK;
}

enum status member_copy(struct ctx *c, const struct member_row *m)
{
	struct value args[] = { v_id(&m->user),
				v_id(&m->organisation),
				v_text(m->login),
				v_int(m->roles),
				v_text(sv_of(languages[m->language].tag)),
				v_int(m->active) };

	return write_one(c, QUERY_ACCESS_MEMBER_COPY, args, sizeof(args) / sizeof(args[0]));
}

/* --- real names ------------------------------------------------------------------------------------------------------------ */

void real_names_load(struct ctx *c, struct real_names *out)
{
	const struct error before = c->error;

	if (keeper_names(c, &out->items, &out->n) != OK)
		*out = (struct real_names){ NULL, 0 };
	c->error = before;
}

struct sv real_name_of(const struct real_names *all, struct id user)
{
	for (size_t i = 0; i < all->n; i++)
		if (id_equal(all->items[i].user, user))
			return all->items[i].name;
	return SV_NONE;
}

struct sv real_name_signed(struct ctx *c, const struct real_names *all, struct id user)
{
	struct sv name = real_name_of(all, user), login = member_login(c, user);

	if (name.n == 0)
		return login;
	return arena_format(c->arena, "%.*s (%.*s)", (int)name.n, name.p, (int)login.n, login.p);
}

enum status name_set(struct ctx *c, struct sv name)
{
	struct sv trimmed = sv_trim(name);

	if (trimmed.n > MEMBER_NAME_MAX)
		return ctx_input(c, "name", "error.too_long", NAME_SIGNS);
	return keeper_name_set(c, trimmed);
}

/* --- second signatures ----------------------------------------------------------------------------------------------------- */

static size_t signers_among(const struct member_row *all, size_t n, struct id exclude, struct member_row *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i].active && policy_may(all[i].roles, EXPLOIT, OP_SIGN) && !id_equal(all[i].user, exclude))
			out[kept++] = all[i];
	return kept;
}

static enum status signers_of(struct ctx *c, struct id organisation, struct id exclude, struct member_row **out, size_t *n)
{
	struct member_row *all;
	size_t all_n;

	TRY(member_list(c, organisation, &all, &all_n));
	*out = ARENA_ARRAY(c->arena, struct member_row, all_n + 1);
	*n = signers_among(all, all_n, exclude, *out);
	return OK;
}

enum status second_signers(struct ctx *c, struct id organisation, struct id exclude_user, struct member_row **out, size_t *n)
{
	struct agreement *hosts;
	size_t host_n;

	TRY(signers_of(c, organisation, exclude_user, out, n));
	if (*n > 0)
		return OK;
	TRY(keeper_hosts(c, organisation, &hosts, &host_n));
	for (size_t i = 0; i < host_n && *n == 0; i++)
		if (hosts[i].signs && id_equal(hosts[i].organisation, organisation))
			TRY(signers_of(c, hosts[i].host, exclude_user, out, n));
	return OK;
}
