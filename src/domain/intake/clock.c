/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clocks of a report. Delays are data (deadlines.csv, risk_levels.csv). What lies in clear is rounded to the full hour, for
 * danger to the quarter until somebody has it: the finest a row may say of when something came. Danger is rounded down, so that
 * nobody is told of more time than the rule gives; everything else up. */
#include "domain/intake/act.h"

#include "base/clock.h"

#define QUARTER_MS (15 * MINUTE_MS)
#define RING_GRID_MS (5 * MINUTE_MS)
#define HOURS_WHEN_MISSING 1 /* a list without the row: the strictest */

static int64_t round_down(int64_t ms, int64_t step)
{
	return round_up(ms - step + 1, step);
}

static int64_t hours_of(const char *list, struct sv code, const char *column)
{
	const struct code_list *l = codes_of(list);
	const struct code *row = l == NULL ? NULL : code_find(l, code);
	const char *text = row == NULL ? NULL : code_extra(l, row, column);
	uint64_t hours;

	if (text == NULL || !sv_u64(sv_of(text), &hours) || hours > 24 * 366)
		return HOURS_WHEN_MISSING;
	return (int64_t)hours;
}

static int64_t deadline(const char *code)
{
	return hours_of("deadlines", sv_of(code), "default_value");
}

int64_t clock_first_look(int64_t now, bool danger, bool child)
{
	if (danger)
		return round_down(now + deadline("immediate_danger") * HOUR_MS, QUARTER_MS);
	return round_up(now + deadline(child ? "child_report" : "report_first_look") * HOUR_MS, HOUR_MS);
}

int64_t clock_by_risk(int64_t now, struct sv risk, bool child)
{
	int64_t due, child_due;

	if (sv_is(risk, "immediate"))
		return clock_first_look(now, true, child);
	due = round_up(now + hours_of("risk_levels", risk, "first_action_hours_default") * HOUR_MS, HOUR_MS);
	child_due = clock_first_look(now, false, true);
	return child && child_due < due ? child_due : due;
}

int64_t clock_ring(int64_t now)
{
	return round_up(now, RING_GRID_MS);
}

int64_t clock_taken(int64_t due_hour)
{
	return due_hour == 0 ? 0 : round_down(due_hour, HOUR_MS);
}
