/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people copy by hand: the reporter's code, recovery codes, base32 groups; and the padding table. */
#include "sample.h"

static void test_T_INT_5_damm_catches_digits_and_swaps(void **state)
{
	char code[CODE_DIGITS + 1], out[CODE_DIGITS + 1];

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		code_new(code);
		assert_int_equal(strlen(code), CODE_DIGITS);
		assert_int_equal(code_read(sv_of(code), out), OK);
		assert_string_equal(code, out);
		for (size_t i = 0; i < CODE_DIGITS; i++) {
			char held = code[i];

			for (char d = '0'; d <= '9'; d++) {
				code[i] = d;
				assert_int_equal(code_read(sv_of(code), out), d == held ? OK : E_INPUT);
			}
			code[i] = held;
			if (i + 1 < CODE_DIGITS && code[i] != code[i + 1]) {
				code[i] = code[i + 1];
				code[i + 1] = held;
				assert_int_equal(code_read(sv_of(code), out), E_INPUT);
				code[i + 1] = code[i];
				code[i] = held;
			}
		}
	}
}

/* All rows and columns of the table, not only those random codes meet: two digits and their check digit. */
static void test_T_INT_5_damm_whole_table(void **state)
{
	(void)state;
	for (char a = '0'; a <= '9'; a++)
		for (char b = '0'; b <= '9'; b++) {
			char row[3] = { a, b, 0 }, swapped[3] = { b, a, 0 };

			row[2] = damm_digit(row, 2);
			assert_int_equal(damm_digit(row, 3), '0');
			if (a != b)
				assert_int_not_equal(damm_digit(swapped, 2), row[2]);
			for (char c = '0'; c <= '9'; c++) {
				char wrong[2] = { a, c };

				if (c != b)
					assert_int_not_equal(damm_digit(wrong, 2), row[2]);
			}
		}
}

static void test_T_INT_5_code_as_typed(void **state)
{
	static const char *const good[] = {
		"12345678901234567891",
		"1234 5678 9012 3456 7891",
		"1234-5678-9012-3456-7891",
		" 12345678901234567891\n",
		"١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩١",
		"۱۲۳۴ ۵۶۷۸ ۹۰۱۲ ۳۴۵۶ ۷۸۹۱",
		"1234\u00a05678\u20119012\u202f3456\u20137891",
		"\u200e12345678901234567891\u200f",
		"\u20661234 5678 9012 3456 7891\u2069",
	};
	static const char *const bad[] = {
		"",
		"1234567890123456789",
		"123456789012345678911",
		"12345678901234567892",
		"1234567890123456789l",
		"12345678901234567891x",
		"1234.5678.9012.3456.7891",
		"12345678901234567891\xff",
		"\xd9",
		"１２３４５６７８９０１２３４５６７８９１",
	};
	char out[CODE_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(code_read(sv_of(good[i]), out), OK);
		assert_string_equal(out, "12345678901234567891");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(code_read(sv_of(bad[i]), out), E_INPUT);
		assert_int_equal(out[0], 0);
	}
}

static void test_pin_is_six_digits(void **state)
{
	uint8_t salt[16] = { 0 }, pepper[32] = { 0 };
	struct receipt r;

	(void)state;
	assert_int_equal(receipt_derive_pin(&r, "12345678901234567891", SV("27182"), salt, pepper), E_INPUT);
	assert_int_equal(receipt_derive_pin(&r, "12345678901234567891", SV("2718281"), salt, pepper), E_INPUT);
	assert_int_equal(receipt_derive_pin(&r, "12345678901234567891", SV("27182x"), salt, pepper), E_INPUT);
}

static void test_recovery_codes(void **state)
{
	uint8_t code[16], back[16], zeros[16] = { 0 };
	char text[RECOVERY_SYMBOLS + 2], typed[64];

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		recovery_new(code, text);
		assert_int_equal(strlen(text), RECOVERY_SYMBOLS + 1);
		assert_int_equal(code[15] & 7, 0);
		assert_int_equal(recovery_read(sv_of(text), back), OK);
		assert_memory_equal(code, back, 16);
		for (size_t i = 0; i < RECOVERY_SYMBOLS; i++) { /* any one symbol wrong is caught */
			char held = text[i];

			text[i] = held == '7' ? '8' : '7';
			assert_int_equal(recovery_read(sv_of(text), back), E_INPUT);
			assert_memory_equal(back, zeros, 16);
			text[i] = held;
		}
		text[RECOVERY_SYMBOLS] = text[RECOVERY_SYMBOLS] == '0' ? '1' : '0';
		assert_int_equal(recovery_read(sv_of(text), back), E_INPUT);
	}
	assert_int_equal(recovery_read(SV("ooog4-or4om-3oe2o-9i85g-r38eL q"), back), OK);
	assert_hex(back, 16, "000102030405060708090a0b0c0d0e08");
	memcpy(typed, "000G40R40M30E209185GR38E1Q0", 28);
	assert_int_equal(recovery_read(sv_of(typed), back), E_INPUT);
	assert_int_equal(recovery_read(SV("000G40R40M30E209185GR38E1"), back), E_INPUT);
	assert_int_equal(recovery_read(SV("000G40R40M30E209185GR38U1Q"), back), E_INPUT);
	assert_int_equal(recovery_read(SV(""), back), E_INPUT);
}

/* The check value worked out another way: the bytes as one number in base 256, shifted by the unused bits. */
static unsigned check_of(const uint8_t *bytes, size_t n)
{
	unsigned value = 0, unused = (unsigned)((5 - n * 8 % 5) % 5);

	for (size_t i = 0; i < n; i++)
		value = (value * 256 + bytes[i]) % 37;
	return (value << unused) % 37;
}

static void test_groups(void **state)
{
	static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
	struct arena *a = arena_new(0);
	uint8_t bytes[256];

	(void)state;
	for (size_t n = 0; n <= 250; n++) {
		struct sv text, back;
		char *copy;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)(i * 73 + n * 31 + 200);
		text = groups_write(a, sv_bytes(bytes, n));
		assert_int_equal(text.p[text.n - 1], symbols[check_of(bytes, n)]);
		assert_int_equal(groups_read(a, text, &back), OK);
		assert_true(sv_equal(back, sv_bytes(bytes, n)));
		for (size_t i = 0; i < text.n; i++)
			assert_int_equal(text.p[i] == '-', i % 6 == 5);
		copy = arena_text(a, text);
		for (size_t i = 0; i < text.n; i++) {
			if (copy[i] == '-')
				continue;
			copy[i] = copy[i] == '7' ? '8' : '7';
			assert_int_equal(groups_read(a, (struct sv){ copy, text.n }, &back), E_INPUT);
			copy[i] = text.p[i];
		}
		arena_reset(a);
	}
	assert_true(sv_is(groups_write(a, SV("hello")), "D1JPR-V3FJ"));
	arena_free(a);
}

static void test_groups_refused(void **state)
{
	static const char *const bad[] = { "", "-", "Z", "ZZ0", "D1JPR-V3FZ", "D1JPR-V3F", "D1JPR-V3FB!", "00", "0000", "010" };
	struct arena *a = arena_new(0);
	struct sv out;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(groups_read(a, sv_of(bad[i]), &out), E_INPUT);
	arena_free(a);
}

/* Sealed design 4.1, worked out by hand. */
static void test_padding_table(void **state)
{
	static const size_t table[][2] = {
		{ 0, 256 },     { 1, 256 },       { 255, 256 },     { 256, 272 },     { 271, 272 },       { 272, 288 },
		{ 511, 512 },   { 512, 544 },     { 1023, 1024 },   { 1024, 1088 },   { 4000, 4096 },     { 4095, 4096 },
		{ 4096, 4352 }, { 65534, 65536 }, { 65535, 65536 }, { 65536, 67584 }, { 100000, 100352 }, { 1u << 20, 1081344 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_int_equal(padded_size(table[i][0]), table[i][1]);
		assert_int_equal(amr1_size(table[i][0]), table[i][1] + 96);
	}
	for (size_t n = 0; n < 300000; n += 7) {
		assert_true(padded_size(n) > n && padded_size(n) <= padded_size(n + 7));
		assert_true(n < 256 || padded_size(n) - n <= n / 8);
		assert_int_equal(padded_size(padded_size(n) - 1), padded_size(n));
	}
}

static void test_equal_ct(void **state)
{
	(void)state;
	assert_true(equal_ct("abc", "abc", 3));
	assert_false(equal_ct("abc", "abd", 3));
	assert_true(equal_ct("abc", "abd", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_INT_5_damm_catches_digits_and_swaps),
		cmocka_unit_test(test_T_INT_5_damm_whole_table),
		cmocka_unit_test(test_T_INT_5_code_as_typed),
		cmocka_unit_test(test_pin_is_six_digits),
		cmocka_unit_test(test_recovery_codes),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_groups_refused),
		cmocka_unit_test(test_padding_table),
		cmocka_unit_test(test_equal_ct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
