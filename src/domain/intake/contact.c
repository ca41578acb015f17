/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts that are no report. Counting needs kind, day and desk, which lie in clear; what was said serves the shift and is
 * gone after it: the keeper erases the dossier by its own clock, whatever happens here. The rows, which nobody opens any more,
 * are swept an hour later. */
#include "domain/intake/act.h"

#include "base/clock.h"

#define SHIFT_HOURS 12
#define SWEEP_MS ((SHIFT_HOURS + 1) * HOUR_MS) /* by then the keeper has erased it */
#define CONTACTS_SHOWN 200
#define SWEEP_MAX 100

static enum status kind_check(struct ctx *c, struct sv kind)
{
	const struct code_list *l = codes_of("contact_kinds");
	const struct code *code = l == NULL ? NULL : code_find(l, kind);

	if (kind.n == 0)
		return ctx_input(c, "kind", "error.required", 0);
	if (code == NULL || !sv_is(sv_of(code_extra(l, code, "becomes_report")), "0"))
		return ctx_input(c, "kind", "error.code", 0);
	return OK;
}

static enum status contact_in(struct ctx *c, const void *arg)
{
	const struct contact_form *in = arg;
	struct record *r = record_new(c, &contact_type, ID_ZERO);
	enum status kind = kind_check(c, in->kind), text = record_enter(c, r, CONTACT_text, in->text);
	enum status language = record_enter(c, r, CONTACT_language, in->language);
	char day[11];

	TRY(kind);
	TRY(text);
	TRY(language);
	record_set_number(r, CONTACT_at, c->now);
	record_set_text(r, CONTACT_author, ids_text(c, &c->who->user, 1));
	day_text(c->now, day);
	struct value args[] = { v_id(&r->id), v_id(&c->who->organisation), v_text(in->kind), v_text(sv_of(day)),
				v_int(round_up(c->now + SWEEP_MS, HOUR_MS)) };
	TRY(change_right(
		c, (struct right_change){ .what = RIGHT_CREATE, .kind = DOSSIER_REPORT, .dossier = r->id, .amount = SHIFT_HOURS }));
	TRY(record_save(c, r));
	return change_write(c, QUERY_INTAKE_CONTACT_ADD, args, 5, 1, E_CONFLICT);
}

enum status contact_new(struct ctx *c, const struct contact_form *in)
{
	if (!may_write(c, REPORT))
		return ERR(c, E_DENIED, "this role takes no calls");
	return once_do(c, "contact.new", contact_in, in, in->key);
}

static void contact_read(struct ctx *c, const struct record *r, struct contact_row *out)
{
	struct id author;

	out->language = record_text(r, CONTACT_language);
	out->text = record_text(r, CONTACT_text);
	out->at = record_number(r, CONTACT_at);
	if (!id_parse(record_text(r, CONTACT_author), &author))
		return;
	out->mine = id_equal(author, c->who->user);
	out->by = member_login(c, author);
}

enum status contact_list(struct ctx *c, struct contact_row **out, size_t *n)
{
	struct value args[] = { v_id(&c->who->organisation), v_int(CONTACTS_SHOWN) };
	struct record *records;
	size_t opened = 0, hidden, k = 0;
	struct rows rows;
	struct id *ids;

	*n = 0;
	TRY(db_query(c, QUERY_INTAKE_CONTACTS, args, 2, CONTACTS_SHOWN, &rows));
	ids = ARENA_ARRAY(c->arena, struct id, rows.n);
	*out = ARENA_ARRAY(c->arena, struct contact_row, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = row_id(&rows, i, 0);
	if (rows.n > 0)
		TRY(record_load_many(c, &contact_type, ids, rows.n, UINT32_C(1) << REPORT, OPEN_LIST, &records, &opened, &hidden));
	for (size_t i = 0; i < rows.n && k < opened; i++)
		if (id_equal(records[k].id, ids[i])) {
			(*out)[*n] = (struct contact_row){ .id = ids[i], .kind = row_text(&rows, i, 1) };
			contact_read(c, &records[k++], &(*out)[(*n)++]);
		}
	return OK;
}

/* --- after the shift -------------------------------------------------------------------------------------------------------- */

static enum status sweep_one(struct ctx *c, struct id id)
{
	struct value args[] = { v_id(&id) };
	struct write writes[] = {
		{ QUERY_INTAKE_CONTACT_SWEPT, args, 1, 1, E_STATE },
		{ QUERY_INTAKE_CONTACT_DROP_WRAP, args, 1, -1, OK },
		{ QUERY_INTAKE_CONTACT_DROP_HISTORY, args, 1, -1, OK },
		{ QUERY_INTAKE_CONTACT_DROP_PART, args, 1, -1, OK },
	};
	struct write_set set = { .writes = writes, .n = sizeof(writes) / sizeof(writes[0]) };

	return store_apply(c, &set);
}

enum status contact_sweep(struct ctx *c, size_t *gone)
{
	struct value args[] = { v_int(c->now), v_int(SWEEP_MAX) };
	struct rows rows;

	*gone = 0;
	TRY(db_query(c, QUERY_INTAKE_CONTACTS_OVER, args, 2, SWEEP_MAX, &rows));
	for (size_t i = 0; i < rows.n; i++, ++*gone)
		TRY(sweep_one(c, row_id(&rows, i, 0)));
	return OK;
}
