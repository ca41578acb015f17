/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T-WEB-3 at the level of the escapers: hostile texts through every position a compiled template knows, in every language. The proof is by
 * structure: a page drawn with a hostile value has the same marks < > " ' in the same order as with a harmless one, so the value opened,
 * closed and quoted nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "html/html.h"
#include "templates.h"

static const char *const hostile[] = {
	"<script>alert(1)</script>",
	"</title><script>alert(1)</script>",
	"</textarea><img src=x onerror=alert(1)>",
	"\"><svg onload=alert(1)>",
	"'><svg onload=alert(1)>",
	"\" onmouseover=\"alert(1)",
	"' autofocus onfocus='alert(1)",
	"javascript:alert(1)",
	"JaVaScRiPt:alert(1)",
	"java\tscript:alert(1)",
	"\x01javascript:alert(1)",
	"data:text/html,<script>alert(1)</script>",
	"vbscript:msgbox(1)",
	"//evil.example/",
	"/\\evil.example/",
	"/\t/evil.example/",
	"\\\\evil.example",
	"https://evil.example/",
	"/ok?a=\"><script>",
	"#\"><script>",
	"{{text}}{0}{1}",
	"&lt;script&gt;",
	"&#60;script&#62;",
	"&",
	"%3Cscript%3E%22",
	"`onerror=alert(1)`",
	"<!--",
	"-->",
	"]]>",
	"<![CDATA[<script>]]>",
	"<\x00script>",
	"\xc0\xbcscript\xc0\xbe",
	"\xff\xfe<\x80\"",
	"+ADw-script+AD4-",
	"\xe2\x80\xae<b>\xd8\xa3",
	"\r\nSet-Cookie: a=b",
	"a\nb",
	"<a href='x'>\"'</a>",
	"\xef\xbc\x9cscript\xef\xbc\x9e",
	"",
};

struct page {
	struct arena *arena;
	struct sv bytes;
};

static struct page draw(enum language l, struct sv value)
{
	struct arena *a = arena_new(0);
	struct buf b = buf_new(a, 4096, 1 << 20);
	const struct tpl_sample_every_row rows[] = { { value }, { value } };
	const struct tpl_sample_every v = {
		.text = value, .address = value, .count = -7, .on = true, .state = MSG_ERROR_TOO_LONG, .rows = rows, .rows_n = 2
	};

	render_sample_every(&b, l, &v);
	assert_int_equal(buf_ok(&b), OK);
	return (struct page){ a, buf_view(&b) };
}

static void same_structure(struct sv a, struct sv b)
{
	size_t i = 0, k = 0;

	for (;; i++, k++) {
		while (i < a.n && strchr("<>\"'", a.p[i]) == NULL)
			i++;
		while (i < a.n && a.p[i] == 0)
			i++;
		while (k < b.n && (b.p[k] == 0 || strchr("<>\"'", b.p[k]) == NULL))
			k++;
		if (i >= a.n || k >= b.n)
			break;
		assert_int_equal(a.p[i], b.p[k]);
	}
	assert_true(i >= a.n);
	assert_true(k >= b.n);
}

static void test_T_WEB_3_structure(void **state)
{
	(void)state;
	for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
		struct page calm = draw((enum language)l, SV("calm"));

		for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
			struct page p = draw((enum language)l, sv_of(hostile[i]));
			same_structure(calm.bytes, p.bytes);
			arena_free(p.arena);
		}
		arena_free(calm.arena);
	}
}

/* Every & in the output of html_text begins one of its five entities. */
static void test_T_WEB_3_text(void **state)
{
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&#34;", "&#39;" };
	char room[4096];

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct buf b = buf_over(room, sizeof room);
		struct sv out;

		html_text(&b, sv_of(hostile[i]));
		assert_int_equal(buf_ok(&b), OK);
		out = buf_view(&b);
		for (size_t k = 0; k < out.n; k++) {
			bool known = out.p[k] != '&';
			assert_true(out.p[k] == 0 || strchr("<>\"'", out.p[k]) == NULL);
			for (size_t e = 0; e < sizeof entities / sizeof entities[0] && !known; e++)
				known = sv_starts(sv_bytes(out.p + k, out.n - k), sv_of(entities[e]));
			assert_true(known);
		}
	}
}

static void test_T_WEB_3_url(void **state)
{
	char room[4096];

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		struct buf b = buf_over(room, sizeof room);
		struct sv out;

		html_url(&b, sv_of(hostile[i]));
		out = buf_view(&b);
		for (size_t k = 0; k < out.n; k++)
			assert_non_null(
				memchr("%-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", out.p[k], 67));
	}
	struct buf b = buf_over(room, sizeof room);
	html_url(&b, SV("a/b ?\xd8\xa3"));
	assert_true(sv_is(buf_view(&b), "a%2fb%20%3f%d8%a3"));
}

static struct sv path(char room[256], struct sv in)
{
	struct buf b = buf_over(room, 256);

	html_path(&b, in);
	return buf_view(&b);
}

static void test_T_WEB_3_path(void **state)
{
	static const char *const refused[] = { "",     "x",     "javascript:alert(1)", "//host", "/\\host", "/\t/host", "\n/x",
					       "/a b", "/\x7f", "https://host/",       "?x",     "///",     "/a\\b",    "\\/x" };
	char room[256];

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		assert_true(sv_is(path(room, sv_of(refused[i])), "#"));
	assert_true(sv_is(path(room, SV("/")), "/"));
	assert_true(sv_is(path(room, SV("#main")), "#main"));
	assert_true(sv_is(path(room, SV("/a/b?c=d&e=%22")), "/a/b?c=d&amp;e=%22"));
	assert_true(sv_is(path(room, SV("/a\"b")), "/a&#34;b"));
}

static bool holds(struct sv all, const char *part)
{
	return memmem(all.p, all.n, part, strlen(part)) != NULL;
}

static void test_compiled_page(void **state)
{
	struct page p = draw(LANG_EN, SV("/a&b"));

	(void)state;
	assert_true(holds(p.bytes,
			  "<title>/a&amp;b</title>\n<p class=\"a /a&amp;b\" title='/a&amp;b' data-to=\"/a&amp;b\">/a&amp;b</p>\n"));
	assert_true(holds(p.bytes, "<a href=\"/a&amp;b\">This text is longer than the limit of /a&amp;b characters.</a>"));
	assert_true(holds(p.bytes, "<a href=\"/x/%2fa%26b?y=%2fa%26b&amp;n=-7#%2fa%26b\">"));
	assert_true(holds(p.bytes, "<input name=\"i\" value=\"/a&amp;b\" checked>"));
	assert_true(holds(p.bytes, "<textarea name=\"t\">\n/a&amp;b</textarea>"));
	assert_true(holds(p.bytes, "<ul>\n<li>/a&amp;b +</li>\n<li>/a&amp;b +</li>\n</ul>"));
	assert_false(holds(p.bytes, "none"));
	assert_false(holds(p.bytes, "<!--"));
	arena_free(p.arena);
}

static void test_messages(void **state)
{
	char room[512], digits[DIGITS_SIZE];
	struct buf b = buf_over(room, sizeof room);

	(void)state;
	html_message(&b, LANG_EN, MSG_ERROR_TOO_LONG, (struct sv[]){ html_digits(digits, 20) }, 1);
	assert_true(sv_is(buf_view(&b), "This text is longer than the limit of 20 characters."));
	assert_int_equal(message_find("error.too_long"), MSG_ERROR_TOO_LONG);
	assert_int_equal(message_find("common.back"), MSG_COMMON_BACK);
	assert_int_equal(message_find("no.such_key"), MSG_ERROR_BUG);
	assert_int_equal(message_find(""), MSG_ERROR_BUG);
	assert_int_equal(message_find(NULL), MSG_ERROR_BUG);
	assert_int_equal(message_text(LANG_FR, MSG_NONE).n, 0);
	assert_int_equal(message_text(LANG_FR, MESSAGE_COUNT).n, 0);
	assert_int_equal(message_text(LANGUAGE_COUNT, MSG_COMMON_BACK).n, 0);
	for (unsigned m = 1; m < MESSAGE_COUNT; m++)
		for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
			assert_int_equal(message_find(message_keys[m]), m);
			assert_true(message_text((enum language)l, (enum message)m).n > 0);
		}
}

/* The rule of each PO header: French counts 0 and 1 as one, English 1 alone, Arabic has six forms. */
static void test_plural_rules(void **state)
{
	static const struct {
		int64_t n;
		unsigned fr, ar, en;
	} rows[] = {
		{ 0, 0, 0, 1 },  { 1, 0, 1, 0 },   { 2, 1, 2, 1 },   { 3, 1, 3, 1 },   { 10, 1, 3, 1 },  { 11, 1, 4, 1 },
		{ 99, 1, 4, 1 }, { 100, 1, 5, 1 }, { 102, 1, 5, 1 }, { 103, 1, 3, 1 }, { 111, 1, 4, 1 }, { 1000, 1, 5, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(message_catalogue[LANG_FR].form((uint64_t)rows[i].n), rows[i].fr);
		assert_int_equal(message_catalogue[LANG_AR].form((uint64_t)rows[i].n), rows[i].ar);
		assert_int_equal(message_catalogue[LANG_EN].form((uint64_t)rows[i].n), rows[i].en);
	}
}

static void test_plural_messages(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (unsigned m = 1; m < MESSAGE_COUNT; m++) {
		if (message_catalogue[LANG_AR].forms[m] == NULL)
			continue;
		seen++;
		for (int64_t n = 0; n < 120; n++)
			for (size_t l = 0; l < LANGUAGE_COUNT; l++)
				assert_true(message_plural((enum language)l, (enum message)m, n).n > 0);
		assert_true(sv_equal(message_plural(LANG_EN, (enum message)m, -1), message_plural(LANG_EN, (enum message)m, 1)));
	}
	assert_true(seen > 0);
	assert_true(sv_equal(message_plural(LANG_EN, MSG_COMMON_BACK, 5), message_text(LANG_EN, MSG_COMMON_BACK)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_T_WEB_3_structure), cmocka_unit_test(test_T_WEB_3_text),
		cmocka_unit_test(test_T_WEB_3_url),       cmocka_unit_test(test_T_WEB_3_path),
		cmocka_unit_test(test_compiled_page),     cmocka_unit_test(test_messages),
		cmocka_unit_test(test_plural_rules),      cmocka_unit_test(test_plural_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
