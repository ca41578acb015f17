/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clear row of a file with its version, its states, and what every act on a file has in common. */
#include "domain/casefile/act.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/zone.h"
#include "policy/policy.h"
#include "registry/transitions.h"

#include <string.h>

#define REVIEW_MAX (366 * DAY_MS)
#define REFS_MAX 20

/* --- states ----------------------------------------------------------------------------------------------------------------- */

/* The clock a state starts, by its row of deadlines.csv; what has none is timed by its tasks. */
static const struct {
	const char *code, *deadline;
} states[CASE_STATE_COUNT] = {
	[CASE_OPEN_SCREENING] = { "open_screening", "screening" },
	[CASE_PRESUMED] = { "presumed", "care_plan" },
	[CASE_RECOVERY] = { "recovery", "recovery_period" },
	[CASE_CARE] = { "care", NULL },
	[CASE_REINTEGRATION] = { "reintegration", NULL },
	[CASE_RETURN] = { "return", NULL },
	[CASE_FOLLOW_UP] = { "follow_up", "follow_up" },
	[CASE_SUSPENDED] = { "suspended", NULL },
	[CASE_CLOSED] = { "closed", NULL },
};
static struct transitions transitions;

struct sv case_state_code(enum case_state s)
{
	return s > CASE_NONE && s < CASE_STATE_COUNT ? sv_of(states[s].code) : SV_NONE;
}

enum case_state case_state_parse(struct sv code)
{
	for (size_t i = 1; i < CASE_STATE_COUNT; i++)
		if (sv_is(code, states[i].code))
			return (enum case_state)i;
	return CASE_NONE;
}

const char *case_state_label(enum case_state s, enum language l)
{
	return s == CASE_NONE ? "" : code_label("states.case", case_state_code(s), l);
}

enum status casefile_start(struct ctx *c, const char *data_dir)
{
	return transitions_read(c, data_dir, "case", &transitions);
}

bool case_may(enum case_state from, enum case_state to, uint32_t roles)
{
	return transition_may(&transitions, case_state_code(from), case_state_code(to), roles, false);
}

bool case_may_two(enum case_state from, enum case_state to, uint32_t roles)
{
	return transition_may(&transitions, case_state_code(from), case_state_code(to), roles, true);
}

static void state_enter(const struct ctx *c, struct case_row *row, enum case_state to)
{
	row->state = to;
	row->due_hour = states[to].deadline == NULL ? 0 : round_up(c->now + deadline_ms(states[to].deadline), HOUR_MS);
}

static enum status state_change(struct ctx *c, struct case_row *row, enum case_state to, bool two)
{
	if (!transition_may(&transitions, case_state_code(row->state), case_state_code(to), c->who->roles, two)) {
		if (transition_possible(&transitions, case_state_code(row->state), case_state_code(to)))
			return ERR(c, E_DENIED, "another role decides this");
		return ERR(c, E_STATE, "not possible in the file's state");
	}
	state_enter(c, row, to);
	return OK;
}

enum status case_state_set(struct ctx *c, struct case_row *row, enum case_state to)
{
	return state_change(c, row, to, false);
}

enum status case_state_set_two(struct ctx *c, struct case_row *row, enum case_state to)
{
	return state_change(c, row, to, true);
}

/* --- the row ---------------------------------------------------------------------------------------------------------------- */

/* Columns of queries that give rows of casefile, in this order. */
enum { COL_ID, COL_ORGANISATION, COL_ASSIGNEE, COL_CODE, COL_STATE, COL_DUE, COL_LOCKED, COL_VERSION };

void case_row_read(const struct rows *rows, size_t i, struct case_row *out)
{
	struct sv code = row_text(rows, i, COL_CODE);

	*out = (struct case_row){ .id = row_id(rows, i, COL_ID),
				  .organisation = row_id(rows, i, COL_ORGANISATION),
				  .assignee = row_id(rows, i, COL_ASSIGNEE),
				  .state = case_state_parse(row_text(rows, i, COL_STATE)),
				  .due_hour = row_int(rows, i, COL_DUE),
				  .locked = row_int(rows, i, COL_LOCKED) != 0,
				  .version = (uint64_t)row_int(rows, i, COL_VERSION) };
	if (code.n == ID_CODE_SIZE - 1) { /* shown in two halves */
		memcpy(out->code, code.p, 4);
		out->code[4] = '-';
		memcpy(out->code + 5, code.p + 4, 4);
	}
}

enum status case_row_load(struct ctx *c, struct id file, struct case_row *out)
{
	struct value args[] = { v_id(&file) };
	struct rows rows;

	TRY(db_query(c, QUERY_CASEFILE_ROW, args, 1, 1, &rows));
	if (rows.n == 0)
		return ERR(c, E_NOTFOUND, "no such file");
	case_row_read(&rows, 0, out);
	return OK;
}

static struct value due_or_null(int64_t ms)
{
	return ms == 0 ? v_null() : v_int(ms);
}

enum status case_row_add(struct ctx *c, const struct case_row *row)
{
	char week[9], day[11], code[ID_CODE_SIZE] = { 0 };

	week_of(c->now, week);
	zone_day_text(c->now, day);
	memcpy(code, row->code, 4);
	memcpy(code + 4, row->code + 5, 4);
	struct value args[] = {
		v_id(&row->id),       v_text(sv_of(code)), v_id(&row->organisation), v_text(case_state_code(row->state)),
		v_id(&row->assignee), v_text(sv_of(week)), v_text(sv_of(day)),       due_or_null(row->due_hour),
	};

	return change_write(c, QUERY_CASEFILE_ADD, args, sizeof(args) / sizeof(args[0]), 1, E_CONFLICT);
}

enum status case_row_save(struct ctx *c, const struct case_row *row)
{
	char day[11];

	zone_day_text(c->now, day);
	struct value args[] = {
		v_id(&row->id),
		v_int((int64_t)row->version),
		v_text(case_state_code(row->state)),
		v_int(row->state != CASE_CLOSED),
		v_id(&row->assignee),
		due_or_null(row->due_hour),
		v_int(row->locked),
		v_text(sv_of(day)),
	};

	return change_write(c, QUERY_CASEFILE_SET, args, sizeof(args) / sizeof(args[0]), 1, E_BUSY);
}

enum status case_touch(struct ctx *c, struct id file)
{
	char day[11];

	zone_day_text(c->now, day);
	struct value args[] = { v_id(&file), v_text(sv_of(day)) };

	return change_write(c, QUERY_CASEFILE_TOUCH, args, 2, 1, E_NOTFOUND);
}

/* --- deciding --------------------------------------------------------------------------------------------------------------- */

enum status head_load(struct ctx *c, struct id file, struct record **head)
{
	return record_load(c, &casefile_type, file, head);
}

enum status case_act_begin(struct ctx *c, const struct case_act *act, struct case_row *row, struct record **head)
{
	TRY(case_row_load(c, act->file, row));
	if (head != NULL) /* before anything is said of it: who may not know of it is told that it is not there */
		TRY(head_load(c, act->file, head));
	return row->version == act->version ? OK : ERR(c, E_STALE, "the file changed since it was shown");
}

enum status case_event(struct ctx *c, struct id file, const char *step, struct sv detail, struct sv text)
{
	struct record *r = record_new(c, &casenote_type, file);

	record_set_text(r, CASENOTE_note_kind, SV("event"));
	record_set_text(r, CASENOTE_step, sv_of(step));
	record_set_text(r, CASENOTE_detail, detail);
	sheet_stamp(c, r);
	TRY(record_enter(c, r, CASENOTE_note, text));
	return record_save(c, r);
}

bool case_writes(const struct ctx *c, enum class class)
{
	return policy_may(c->who->roles, class, OP_WRITE);
}

enum status text_given(struct ctx *c, const char *field, struct sv text, size_t max)
{
	if (sv_trim(text).n == 0)
		return ctx_input(c, field, "error.required", 0);
	return utf8_count(text) > max ? ctx_input(c, field, "error.too_long", (int64_t)max) : OK;
}

enum status review_read(struct ctx *c, struct sv typed, const char *deadline, int64_t *out)
{
	*out = c->now + deadline_ms(deadline);
	if (sv_trim(typed).n == 0)
		return OK;
	if (!zone_date_parse(sv_trim(typed), out))
		return ctx_input(c, "review_at", "error.date", 0);
	return *out <= c->now || *out > c->now + REVIEW_MAX ? ctx_input(c, "review_at", "error.within_year", 0) : OK;
}

/* --- references ------------------------------------------------------------------------------------------------------------- */

void refs_read(struct ctx *c, struct sv text, struct id **out, size_t *n)
{
	struct sv word;

	*out = ARENA_ARRAY(c->arena, struct id, REFS_MAX);
	*n = 0;
	while (text.n > 0 && *n < REFS_MAX && sv_cut(&text, '|', &word))
		if (id_parse(word, &(*out)[*n]))
			++*n;
}

struct sv refs_add(struct ctx *c, struct sv before, struct id id)
{
	struct sv one = hex(c->arena, id_view(&id));
	struct id *ids;
	size_t n;

	refs_read(c, before, &ids, &n);
	for (size_t i = 0; i < n; i++)
		if (id_equal(ids[i], id))
			return before;
	if (n == 0)
		return one;
	return n == REFS_MAX ? before : arena_format(c->arena, "%.*s|%.*s", (int)before.n, before.p, (int)one.n, one.p);
}
