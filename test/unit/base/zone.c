/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wall's time at fixed moments. Morocco is an hour ahead of UTC but for Ramadan: in 2024 the hour was taken back on 10 March at
 * 02:00 UTC and given again on 14 April at 02:00 UTC. */
#include "helper.h"

#include "base/zone.h"

static void shows(int64_t ms, const char *expected)
{
	char text[17];

	zone_minute_text(ms, text);
	assert_string_equal(text, expected);
}

static void reads(const char *typed, int64_t expected)
{
	int64_t ms;

	assert_true(zone_date_parse(sv_of(typed), &ms));
	assert_int_equal(ms, expected);
}

static void test_utc_until_opened(void **state)
{
	(void)state;
	shows(date_ms(2024, 7, 1, 12, 0), "2024-07-01 12:00");
	reads("2024-07-01 12:00", date_ms(2024, 7, 1, 12, 0));
}

static void test_morocco(void **state)
{
	char day[11];

	(void)state;
	assert_int_equal(zone_open(ZONE_DEFAULT), OK);
	shows(date_ms(2024, 2, 6, 20, 40), "2024-02-06 21:40");
	reads("2024-02-06 21:40", date_ms(2024, 2, 6, 20, 40));
	reads("2024-02-06T21:40", date_ms(2024, 2, 6, 20, 40));
	reads("2024-02-06", date_ms(2024, 2, 5, 23, 0)); /* the day begins at midnight on the wall */
	zone_day_text(date_ms(2024, 2, 5, 23, 0), day);
	assert_string_equal(day, "2024-02-06");
	zone_day_text(date_ms(2024, 2, 5, 23, 0) - 1, day);
	assert_string_equal(day, "2024-02-05");
}

static void test_ramadan(void **state)
{
	int64_t back = date_ms(2024, 3, 10, 2, 0), on = date_ms(2024, 4, 14, 2, 0);

	(void)state;
	assert_int_equal(zone_open(ZONE_DEFAULT), OK);
	shows(back - 1, "2024-03-10 02:59");
	shows(back, "2024-03-10 02:00");
	shows(on - 1, "2024-04-14 01:59");
	shows(on, "2024-04-14 03:00");
	reads("2024-03-15 12:00", date_ms(2024, 3, 15, 12, 0));
	reads("2024-03-10 01:59", date_ms(2024, 3, 10, 0, 59));
	reads("2024-03-10 02:30", date_ms(2024, 3, 10, 1, 30)); /* comes twice: the first */
	reads("2024-03-10 03:00", date_ms(2024, 3, 10, 3, 0));
	reads("2024-04-14 01:59", date_ms(2024, 4, 14, 1, 59));
	reads("2024-04-14 02:30", date_ms(2024, 4, 14, 2, 30)); /* left out: half an hour after the last that is */
	reads("2024-04-14 03:00", date_ms(2024, 4, 14, 2, 0));
}

/* Every quarter of an hour of six years: what is shown is read as itself, or in the doubled hour as the first of the two. */
static void there_and_back(const char *name, int64_t doubled)
{
	assert_int_equal(zone_open(name), OK);
	for (int64_t ms = date_ms(2019, 1, 1, 0, 0); ms < date_ms(2025, 1, 1, 0, 0); ms += HOUR_MS / 4) {
		int64_t back = zone_utc(zone_local(ms));

		if (back != ms && ms - back != doubled)
			fail_msg("%s: %lld is read as %lld", name, (long long)ms, (long long)back);
	}
}

static void test_there_and_back(void **state)
{
	(void)state;
	there_and_back("UTC", 0);
	there_and_back("Africa/Casablanca", HOUR_MS);
	there_and_back("Europe/Paris", HOUR_MS);
	there_and_back("Asia/Kathmandu", 0); /* 5:45 ahead */
	there_and_back("America/St_Johns", HOUR_MS);
}

static void test_names(void **state)
{
	static const char *const bad[] = {
		"", "Africa/Atlantis", "Africa", "../../../etc/passwd", "/etc/localtime", "tzdata.zi", "UTC+1", "Africa/Casablanca "
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(zone_open(bad[i]), E_NOTFOUND);
	shows(date_ms(2024, 7, 1, 12, 0), "2024-07-01 12:00"); /* none: UTC again */
	assert_int_equal(zone_open("America/New_York"), OK);
	shows(date_ms(2024, 7, 1, 12, 0), "2024-07-01 08:00");
	assert_int_equal(zone_open("UTC"), OK);
	shows(date_ms(2024, 7, 1, 12, 0), "2024-07-01 12:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utc_until_opened), cmocka_unit_test(test_morocco), cmocka_unit_test(test_ramadan),
		cmocka_unit_test(test_there_and_back),   cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
