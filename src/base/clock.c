/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time in UTC milliseconds and its civil form. Own arithmetic on the proleptic Gregorian calendar (days counted from 1 March of year
 * 0, whose 400-year cycles are equal), because libc's needs state and locale. Weeks are ISO 8601: week 1 holds the first Thursday. */
#include "base/clock.h"

#include <time.h>

#define DAYS_400_YEARS INT64_C(146097)
#define DAYS_TO_1970 INT64_C(719468) /* from 0000-03-01 */

static int64_t read_clock(clockid_t which)
{
	struct timespec t;

	if (clock_gettime(which, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return a % b < 0 ? q - 1 : q;
}

/* Days since 1970-01-01. */
static int64_t days_from(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t cycle = floor_div(y, 400), of_cycle = y - cycle * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return cycle * DAYS_400_YEARS + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + day_of_year - DAYS_TO_1970;
}

static void civil_from(int64_t days, struct date *d)
{
	int64_t n = days + DAYS_TO_1970, cycle = floor_div(n, DAYS_400_YEARS), of_cycle = n - cycle * DAYS_400_YEARS;
	int64_t year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
	int64_t day_of_year = of_cycle - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153;

	d->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	d->month = (int)(month < 10 ? month + 3 : month - 9);
	d->year = (int)(cycle * 400 + year + (d->month <= 2));
	d->weekday = (int)(days + 3 - 7 * floor_div(days + 3, 7)) + 1; /* 1970-01-01 was a Thursday */
}

struct date date_of(int64_t ms)
{
	int64_t days = floor_div(ms, DAY_MS), rest = ms - days * DAY_MS;
	struct date d = { 0 };

	civil_from(days, &d);
	d.hour = (int)(rest / HOUR_MS);
	d.minute = (int)(rest / MINUTE_MS % 60);
	d.second = (int)(rest / SECOND_MS % 60);
	return d;
}

int64_t date_ms(int year, int month, int day, int hour, int minute)
{
	return days_from(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

/* v in exactly `width` digits; what does not fit is cut from the left (years past 9999). */
static char *put_digits(char *out, int v, int width)
{
	unsigned left = v < 0 ? 0 : (unsigned)v;

	for (int i = width - 1; i >= 0; i--) {
		out[i] = (char)('0' + left % 10);
		left /= 10;
	}
	return out + width;
}

void week_of(int64_t ms, char out[9])
{
	int64_t day = floor_div(ms, DAY_MS);
	struct date d = date_of(ms), thursday = date_of((day + 4 - d.weekday) * DAY_MS);
	int64_t day_of_year = day + 4 - d.weekday - days_from(thursday.year, 1, 1);

	out = put_digits(out, thursday.year, 4);
	*out++ = '-';
	*out++ = 'W';
	out = put_digits(out, (int)(day_of_year / 7) + 1, 2);
	*out = 0;
}

static char *put_day(char *out, const struct date *d)
{
	out = put_digits(out, d->year, 4);
	*out++ = '-';
	out = put_digits(out, d->month, 2);
	*out++ = '-';
	out = put_digits(out, d->day, 2);
	*out = 0;
	return out;
}

void day_text(int64_t ms, char out[11])
{
	struct date d = date_of(ms);

	(void)put_day(out, &d);
}

void minute_text(int64_t ms, char out[17])
{
	struct date d = date_of(ms);
	char *p = put_day(out, &d);

	*p++ = ' ';
	p = put_digits(p, d.hour, 2);
	*p++ = ':';
	p = put_digits(p, d.minute, 2);
	*p = 0;
}

/* Exactly `width` digits at the start of *s, which moves behind them. */
static bool take_digits(struct sv *s, size_t width, int *out)
{
	uint64_t v;

	if (s->n < width || !sv_u64((struct sv){ s->p, width }, &v))
		return false;
	s->p += width;
	s->n -= width;
	*out = (int)v;
	return true;
}

static bool take_char(struct sv *s, char a, char b)
{
	if (!s->n || (s->p[0] != a && s->p[0] != b))
		return false;
	s->p++;
	s->n--;
	return true;
}

bool date_parse(struct sv s, int64_t *ms)
{
	int year, month, day, hour = 0, minute = 0;
	struct date back;

	if (!take_digits(&s, 4, &year) || !take_char(&s, '-', '-') || !take_digits(&s, 2, &month) || !take_char(&s, '-', '-') ||
	    !take_digits(&s, 2, &day))
		return false;
	if (s.n &&
	    (!take_char(&s, ' ', 'T') || !take_digits(&s, 2, &hour) || !take_char(&s, ':', ':') || !take_digits(&s, 2, &minute)))
		return false;
	if (s.n || year < 1 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59)
		return false;
	*ms = date_ms(year, month, day, hour, minute);
	back = date_of(*ms);
	return back.month == month && back.day == day;
}

int64_t round_up(int64_t ms, int64_t step)
{
	int64_t down = floor_div(ms, step) * step;

	return down == ms ? ms : down + step;
}
