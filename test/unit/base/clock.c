/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and weeks against libc's own calendar, day by day over 430 years, and the edges by hand. */
#include "helper.h"

#include <time.h>

#include "base/clock.h"

static void check_day(int64_t day)
{
	time_t t = (time_t)(day * 86400 + 45296); /* 12:34:56 */
	int64_t ms = (int64_t)t * 1000 + 789;
	char week[9], expected[32], text[17];
	struct date d = date_of(ms);
	struct tm tm;

	assert_non_null(gmtime_r(&t, &tm));
	assert_int_equal(d.year, tm.tm_year + 1900);
	assert_int_equal(d.month, tm.tm_mon + 1);
	assert_int_equal(d.day, tm.tm_mday);
	assert_int_equal(d.weekday, tm.tm_wday ? tm.tm_wday : 7);
	assert_int_equal(d.hour * 10000 + d.minute * 100 + d.second, 123456);
	week_of(ms, week);
	strftime(expected, sizeof expected, "%G-W%V", &tm);
	assert_string_equal(week, expected);
	minute_text(ms, text);
	strftime(expected, sizeof expected, "%Y-%m-%d %H:%M", &tm);
	assert_string_equal(text, expected);
	assert_int_equal(date_ms(d.year, d.month, d.day, d.hour, d.minute), ms - 56789);
}

static void test_every_day(void **state)
{
	(void)state;
	for (int64_t day = -26000; day < 131500; day++)
		check_day(day);
	check_day(-354285); /* 1000-01-01; libc does not pad shorter years */
	check_day(2932896); /* 9999-12-31 */
}

static void test_week_edges(void **state)
{
	static const struct {
		int year, month, day;
		const char *week;
	} table[] = {
		{ 2005, 1, 1, "2004-W53" },   { 2005, 1, 2, "2004-W53" },   { 2005, 1, 3, "2005-W01" },
		{ 2005, 12, 31, "2005-W52" }, { 2007, 1, 1, "2007-W01" },   { 2007, 12, 30, "2007-W52" },
		{ 2007, 12, 31, "2008-W01" }, { 2008, 12, 28, "2008-W52" }, { 2008, 12, 29, "2009-W01" },
		{ 2009, 12, 31, "2009-W53" }, { 2010, 1, 3, "2009-W53" },   { 2010, 1, 4, "2010-W01" },
		{ 2020, 12, 31, "2020-W53" }, { 2021, 1, 3, "2020-W53" },   { 2026, 11, 21, "2026-W47" },
		{ 1970, 1, 1, "1970-W01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int64_t start = date_ms(table[i].year, table[i].month, table[i].day, 0, 0);
		char week[9];

		week_of(start, week);
		assert_string_equal(week, table[i].week);
		week_of(start + DAY_MS - 1, week);
		assert_string_equal(week, table[i].week);
	}
}

static void test_date_parse(void **state)
{
	static const char *const bad[] = {
		"",
		"2024",
		"2024-02",
		"2024-2-06",
		"2024-02-30",
		"2023-02-29",
		"1900-02-29",
		"2024-04-31",
		"2024-13-01",
		"2024-00-10",
		"2024-01-00",
		"0000-01-01",
		"2024-02-06 ",
		"2024-02-06 24:00",
		"2024-02-06 21:60",
		"2024-02-06 21:4",
		"2024-02-06 21:40:00",
		"2024-02-06x21:40",
		"2024/02/06",
		" 2024-02-06",
		"-024-02-06",
		"+024-02-06",
		"2024-02-06Z",
	};
	int64_t ms;
	char text[17];

	(void)state;
	assert_true(date_parse(SV("2024-02-06"), &ms));
	assert_int_equal(ms, INT64_C(1707177600000));
	assert_true(date_parse(SV("2024-02-06 21:40"), &ms));
	assert_int_equal(ms, INT64_C(1707255600000));
	assert_true(date_parse(SV("2024-02-06T21:40"), &ms));
	minute_text(ms, text);
	assert_string_equal(text, "2024-02-06 21:40");
	day_text(ms, text);
	assert_string_equal(text, "2024-02-06");
	assert_true(date_parse(SV("2000-02-29"), &ms));
	assert_true(date_parse(SV("1950-12-31"), &ms));
	assert_true(ms < 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(date_parse(sv_of(bad[i]), &ms));
}

static void test_round_up(void **state)
{
	(void)state;
	assert_int_equal(round_up(0, HOUR_MS), 0);
	assert_int_equal(round_up(1, HOUR_MS), HOUR_MS);
	assert_int_equal(round_up(HOUR_MS, HOUR_MS), HOUR_MS);
	assert_int_equal(round_up(HOUR_MS + 1, 15 * MINUTE_MS), HOUR_MS + 15 * MINUTE_MS);
	assert_int_equal(round_up(-1, HOUR_MS), 0);
	assert_int_equal(round_up(-HOUR_MS, HOUR_MS), -HOUR_MS);
}

static void test_clocks_run(void **state)
{
	int64_t before = clock_monotonic(), seconds = (int64_t)time(NULL);

	(void)state;
	assert_true(before > 0);
	assert_true(clock_now() / 1000 >= seconds);
	assert_true(clock_monotonic() >= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day), cmocka_unit_test(test_week_edges), cmocka_unit_test(test_date_parse),
		cmocka_unit_test(test_round_up),  cmocka_unit_test(test_clocks_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
