/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text at the edge: UTF-8, control characters, NFC; and the encodings. */
#include "helper.h"

#include "base/text.h"

static struct arena *a;

static int setup(void **state)
{
	a = arena_new(0);
	return 0;
}

static int teardown(void **state)
{
	arena_free(a);
	return 0;
}

static void enters_as(struct sv in, struct sv expected)
{
	struct sv out, again;

	assert_int_equal(text_enter(a, in, &out), OK);
	assert_true(sv_equal(out, expected));
	assert_int_equal(text_enter(a, out, &again), OK); /* what came in once passes unchanged */
	assert_true(sv_equal(again, expected));
	assert_ptr_equal(again.p, out.p);
	assert_true(utf8_valid(out));
}

#define ENTERS(in, out) enters_as(SV(in), SV(out))
#define REFUSED(in) assert_int_equal(text_enter(a, SV(in), &(struct sv){ 0 }), E_INPUT)

static void test_text_passes(void **state)
{
	(void)state;
	ENTERS("", "");
	enters_as(SV_NONE, SV_NONE);
	ENTERS("plain text\twith tab\nand line", "plain text\twith tab\nand line");
	ENTERS("é à ç œ €", "é à ç œ €");
	ENTERS("العربية ١٢٣", "العربية ١٢٣");
	ENTERS("ⵜⴰⵎⴰⵣⵉⵖⵜ", "ⵜⴰⵎⴰⵣⵉⵖⵜ");
	ENTERS("\U0001F6A8 \U0010FFFD", "\U0001F6A8 \U0010FFFD");
	ENTERS("\u200fRTL mark and \u202fspace", "\u200fRTL mark and \u202fspace");
}

static void test_text_normalised(void **state)
{
	(void)state;
	ENTERS("e\u0301", "\u00e9");
	ENTERS("c\u0327a", "\u00e7a");
	ENTERS("\u0627\u0653", "\u0622"); /* alef and madda above */
	ENTERS("\u0648\u0654 \u064a\u0654", "\u0624 \u0626");
	ENTERS("\u0651\u064e", "\u064e\u0651"); /* shadda and fatha: canonical order */
	ENTERS("\u212b", "\u00c5");
	ENTERS("\u0958", "\u0915\u093c");       /* grows */
	ENTERS("\ufb2c", "\u05e9\u05bc\u05c1"); /* grows threefold */
	ENTERS("\U0001D160", "\U0001D158\U0001D165\U0001D16E");
	ENTERS("\u1112\u1161\u11ab", "\ud55c");
	ENTERS("q\u0307\u0323", "q\u0323\u0307");
}

static void test_text_lines(void **state)
{
	(void)state;
	ENTERS("a\r\nb\r\n", "a\nb\n");
	ENTERS("\r\n", "\n");
	ENTERS("e\u0301\r\n", "\u00e9\n");
	REFUSED("a\rb");
	REFUSED("a\r");
	REFUSED("\r\r\n");
}

static void test_text_refuses_controls(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 0x20; c++) {
		char one[3] = { 'a', (char)c, 'b' };
		struct sv out;

		assert_int_equal(text_enter(a, sv_bytes(one, 3), &out), c == '\t' || c == '\n' ? OK : E_INPUT);
	}
	REFUSED("\x7f");
	REFUSED("\xc2\x80");
	REFUSED("a\xc2\x9f"
		"b");
	ENTERS("\u00a0", "\u00a0");
	REFUSED("\0");
	REFUSED("ab\0");
}

/* Every shape of broken UTF-8; each also behind and before good text, where a parser could lose its place. */
static void test_text_refuses_broken_utf8(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xc2",
		"\xc3\x28",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xe1\x80",
		"\xe1\x80\xc0",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xef\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf1\x80\x80",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xfe",
		"\xff",
	};
	struct sv out;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sv b = sv_of(bad[i]), joined;

		assert_false(utf8_valid(b));
		assert_int_equal(text_enter(a, b, &out), E_INPUT);
		joined = arena_format(a, "ab\u0628%s", bad[i]);
		assert_false(utf8_valid(joined));
		joined = arena_format(a, "%sz\u0628", bad[i]);
		assert_false(utf8_valid(joined));
	}
}

/* Every code point: valid as UTF-8 except the surrogates; its encoding is written here once more. */
static void test_utf8_every_code_point(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		uint8_t b[4];
		size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		struct sv s = sv_bytes(b, n);

		for (size_t i = n; i-- > 1;)
			b[i] = (uint8_t)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
		b[0] = (uint8_t)(n == 1 ? c : (0xf00u >> n & 0xff) | c >> 6 * (n - 1));
		if (utf8_valid(s) != (c < 0xd800 || c > 0xdfff))
			fail_msg("U+%04X", c);
		s.n = n - 1;
		if (n > 1 && utf8_valid(s))
			fail_msg("cut U+%04X", c);
	}
}

/* A form of the largest size, all of it to be put together, fits into the arena of a request. */
static void test_text_large(void **state)
{
	const size_t pairs = (1 << 20) / 4;
	char *in = arena_alloc(a, pairs * 4);
	struct sv out;

	(void)state;
	for (size_t i = 0; i < pairs; i++)
		memcpy(in + 4 * i, "\u0627\u0653", 4);
	assert_int_equal(text_enter(a, sv_bytes(in, pairs * 4), &out), OK);
	assert_int_equal(out.n, pairs * 2);
	arena_reset(a);
}

static void test_utf8_counts(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(SV("aéع\U0001F6A8")), 4);
	assert_int_equal(utf8_count(SV_NONE), 0);
	assert_true(sv_is(utf8_first(SV("aéع\U0001F6A8z"), 3), "aéع"));
	assert_true(sv_is(utf8_first(SV("aéع"), 2), "aé"));
	assert_true(sv_is(utf8_first(SV("aéع"), 9), "aéع"));
	assert_int_equal(utf8_first(SV("aéع"), 0).n, 0);
}

/* RFC 4648 section 10, and that no second spelling is read. */
static void test_base64url(void **state)
{
	static const char *const table[][2] = {
		{ "", "" },           { "f", "Zg" },          { "fo", "Zm8" },          { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xbe", "-_--" },
	};
	char out[8];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct sv bytes = sv_of(table[i][0]), text = sv_of(table[i][1]);

		assert_true(sv_equal(base64url(a, bytes), text));
		assert_true(base64url_parse(text, out, bytes.n));
		assert_true(sv_equal(sv_bytes(out, bytes.n), bytes));
		assert_false(base64url_parse(text, out, bytes.n + 1));
		assert_false(bytes.n && base64url_parse(text, out, bytes.n - 1));
	}
	assert_false(base64url_parse(SV("Zh"), out, 1)); /* unused bits */
	assert_false(base64url_parse(SV("Zm9"), out, 2));
	assert_false(base64url_parse(SV("Zg=="), out, 1));
	assert_false(base64url_parse(SV("Zm+v"), out, 3));
	assert_false(base64url_parse(SV("Zm/v"), out, 3));
	assert_false(base64url_parse(SV("Zm v"), out, 3));
	assert_false(base64url_parse(SV("Zm\xe9v"), out, 3));
}

static void test_base64url_only_one_spelling(void **state)
{
	char text[2], out[1];
	unsigned good = 0;

	(void)state;
	for (unsigned x = 0; x < 256; x++)
		for (unsigned y = 0; y < 256; y++) {
			text[0] = (char)x;
			text[1] = (char)y;
			good += base64url_parse(sv_bytes(text, 2), out, 1);
		}
	assert_int_equal(good, 256);
}

static void test_hex(void **state)
{
	uint8_t out[4];

	(void)state;
	assert_true(sv_is(hex(a, SV("\x00\x9a\xff")), "009aff"));
	assert_int_equal(hex(a, SV_NONE).n, 0);
	assert_true(hex_parse(SV("009aff10"), out, 4));
	assert_memory_equal(out, "\x00\x9a\xff\x10", 4);
	assert_false(hex_parse(SV("009aff1"), out, 4));
	assert_false(hex_parse(SV("009aff100"), out, 4));
	assert_false(hex_parse(SV("009AFF10"), out, 4));
	assert_false(hex_parse(SV("009agf10"), out, 4));
	assert_false(hex_parse(SV("00 aff10"), out, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_passes),
		cmocka_unit_test(test_text_normalised),
		cmocka_unit_test(test_text_lines),
		cmocka_unit_test(test_text_refuses_controls),
		cmocka_unit_test(test_text_refuses_broken_utf8),
		cmocka_unit_test(test_utf8_every_code_point),
		cmocka_unit_test(test_text_large),
		cmocka_unit_test(test_utf8_counts),
		cmocka_unit_test(test_base64url),
		cmocka_unit_test(test_base64url_only_one_spelling),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
