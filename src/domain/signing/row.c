/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clear row of what two people sign: which is due for a second reading, by whom, until when. */
#include "domain/signing/signing.h"

static const char *const kinds[] = {
	[DECISION_PRESUMPTION] = "presumption", [DECISION_DENUNCIATION] = "denunciation",
	[DECISION_RETURN] = "return",           [DECISION_BASIS] = "basis",
	[DECISION_CLOSING] = "closing",
};
static const char *const states[] = {
	[DECISION_MADE] = "made",     [DECISION_PROVISIONAL] = "provisional", [DECISION_SENT_BACK] = "sent_back",
	[DECISION_SIGNED] = "signed", [DECISION_RETURNED] = "returned",
};

static unsigned word_find(const char *const *words, unsigned n, struct sv word)
{
	unsigned i = 0;

	while (i + 1 < n && !sv_is(word, words[i]))
		i++;
	return i;
}

struct sv decision_kind_word(enum decision_kind k)
{
	return sv_of(kinds[k]);
}

enum decision_kind decision_kind_of(struct sv word)
{
	return (enum decision_kind)word_find(kinds, sizeof(kinds) / sizeof(kinds[0]), word);
}

/* Columns of the queries that give rows of decision. */
enum { COL_ID, COL_DOSSIER, COL_ORGANISATION, COL_KIND, COL_STATE, COL_REVIEWER, COL_DUE, COL_VERSION };

static enum status rows_read(struct ctx *c, enum query q, const struct value *args, size_t n, struct decision_row **out,
			     size_t *count)
{
	struct rows rows;

	TRY(db_query(c, q, args, n, 200, &rows));
	*out = ARENA_ARRAY(c->arena, struct decision_row, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = (struct decision_row){
			.id = row_id(&rows, i, COL_ID),
			.dossier = row_id(&rows, i, COL_DOSSIER),
			.organisation = row_id(&rows, i, COL_ORGANISATION),
			.reviewer = row_id(&rows, i, COL_REVIEWER),
			.kind = decision_kind_of(row_text(&rows, i, COL_KIND)),
			.state = (enum decision_state)word_find(states, sizeof(states) / sizeof(states[0]),
								row_text(&rows, i, COL_STATE)),
			.due_hour = row_int(&rows, i, COL_DUE),
			.version = (uint64_t)row_int(&rows, i, COL_VERSION),
		};
	*count = rows.n;
	return OK;
}

enum status decision_row_load(struct ctx *c, struct id decision, struct decision_row *out)
{
	const struct value key = v_id(&decision);
	struct decision_row *rows;
	size_t n;

	TRY(rows_read(c, QUERY_SCREENING_DECISION, &key, 1, &rows, &n));
	if (n == 0)
		return ERR(c, E_NOTFOUND, "no such decision");
	*out = rows[0];
	return OK;
}

enum status decision_rows_of(struct ctx *c, struct id file, struct decision_row **out, size_t *n)
{
	const struct value key = v_id(&file);

	return rows_read(c, QUERY_SCREENING_DECISIONS, &key, 1, out, n);
}

enum status decision_row_add(struct ctx *c, const struct decision_row *row)
{
	const struct value args[] = { v_id(&row->id),
				      v_id(&row->dossier),
				      v_id(&row->organisation),
				      v_text(sv_of(kinds[row->kind])),
				      v_text(sv_of(states[row->state])),
				      v_id(&row->reviewer),
				      row->due_hour == 0 ? v_null() : v_int(row->due_hour) };

	return change_write(c, QUERY_SCREENING_DECISION_ADD, args, sizeof(args) / sizeof(args[0]), 1, E_CONFLICT);
}

enum status decision_row_save(struct ctx *c, const struct decision_row *row)
{
	const struct value args[] = { v_id(&row->id), v_int((int64_t)row->version), v_text(sv_of(states[row->state])),
				      v_id(&row->reviewer), row->due_hour == 0 ? v_null() : v_int(row->due_hour) };

	return change_write(c, QUERY_SCREENING_DECISION_SET, args, sizeof(args) / sizeof(args[0]), 1, E_BUSY);
}

enum status signatures_waiting(struct ctx *c, struct decision_row **out, size_t *n)
{
	struct id nobody = ID_ZERO;
	const struct value args[] = { v_id(&c->who->user), v_id(&c->who->organisation), v_int(ctx_can(c, ROLE_SUPERVISOR) ? 1 : 0),
				      v_id(&nobody) };

	return rows_read(c, QUERY_SCREENING_WAITING, args, sizeof(args) / sizeof(args[0]), out, n);
}

enum status signatures_given(struct ctx *c, struct decision_row **out, size_t *n)
{
	const struct value args[] = { v_id(&c->who->organisation), v_int(SIGNED_SHOWN) };

	if (!ctx_can(c, ROLE_SUPERVISOR))
		return ERR(c, E_DENIED, "a team is looked at by its supervisors");
	return rows_read(c, QUERY_SCREENING_SIGNED, args, 2, out, n);
}
