/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/view.h"

/* Times are milliseconds since 1970 UTC. A request reads the clock once (ctx.now). */
int64_t clock_now(void);       /* wall clock, ms */
int64_t clock_monotonic(void); /* ms, for waiting only */
#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* Civil date in UTC (proleptic Gregorian). */
struct date {
	int year, month, day, hour, minute, second;
	int weekday; /* 1 Monday .. 7 Sunday */
};
struct date date_of(int64_t ms);
int64_t date_ms(int year, int month, int day, int hour, int minute);
/* "2026-W47": ISO 8601 week, the finest date a clear column may keep for a creation. out holds 9 bytes. */
void week_of(int64_t ms, char out[9]);
/* "2026-11-21" / "2026-11-21 14:05"; out holds 11 / 17 bytes. */
void day_text(int64_t ms, char out[11]);
void minute_text(int64_t ms, char out[17]);
/* Parse "2024-02-06" or "2024-02-06 21:40" or "2024-02-06T21:40" (UTC). */
bool date_parse(struct sv s, int64_t *ms);
int64_t round_up(int64_t ms, int64_t step); /* next multiple of step at or after ms */

#endif
