/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies: both kinds, their limits, and how each wrong field is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "web/form.h"

#define URLENCODED SV("application/x-www-form-urlencoded")
#define MULTIPART SV("multipart/form-data; boundary=XyZ")

static struct arena *arena;
static struct form *form;

static struct sv text(const char *s)
{
	return sv_of(s);
}

static enum status parse(struct sv type, struct sv body, bool cut)
{
	arena_reset(arena);
	form = ARENA_NEW(arena, struct form);
	return form_parse(arena, type, body, cut, form);
}

static void assert_sv(struct sv s, const char *expected)
{
	assert_int_equal(s.n, strlen(expected));
	assert_memory_equal(s.p == NULL ? "" : s.p, expected, s.n);
}

static void assert_field(const char *name, const char *value)
{
	const struct form_field *f = form_find(form, name);

	assert_non_null(f);
	assert_sv(f->value, value);
}

static void test_urlencoded(void **state)
{
	(void)state;
	assert_int_equal(parse(URLENCODED, text("a=1&b=x+y%2B%26&c=&d=%D8%A7"), false), OK);
	assert_int_equal(form->n, 4);
	assert_field("a", "1");
	assert_field("b", "x y+&");
	assert_field("c", "");
	assert_field("d", "\xd8\xa7");
	assert_int_equal(parse(URLENCODED, text("a=%4"), false), E_INPUT);
	assert_int_equal(parse(URLENCODED, text("a=%zz"), false), E_INPUT);
	assert_int_equal(parse(URLENCODED, text("novalue"), false), E_INPUT);
	assert_int_equal(parse(URLENCODED, text("=x"), false), E_INPUT);
	assert_int_equal(parse(SV("text/plain"), text("a=1"), false), E_INPUT);
	assert_int_equal(parse(SV(""), text("a=1"), false), E_INPUT);
	assert_int_equal(parse(SV(""), SV(""), false), OK);
	assert_int_equal(parse(SV("Application/X-WWW-form-urlencoded ;charset=UTF-8"), text("a=1"), false), OK);
}

static void test_counts_are_bounded(void **state)
{
	char body[4 * 250] = "";

	(void)state;
	for (size_t i = 0; i < 201; i++)
		memcpy(body + 4 * i, "a=1&", 4);
	assert_int_equal(parse(URLENCODED, (struct sv){ body, 4 * 200 }, false), OK);
	assert_int_equal(form->n, 200);
	assert_int_equal(parse(URLENCODED, (struct sv){ body, 4 * 201 }, false), E_LIMIT);
	memset(body, 'n', 70);
	memcpy(body + 70, "=1", 3);
	assert_int_equal(parse(URLENCODED, text(body), false), E_INPUT);
}

static void test_cut_urlencoded_marks_the_last_field(void **state)
{
	(void)state;
	assert_int_equal(parse(URLENCODED, text("a=1&b=long%2"), true), OK);
	assert_int_equal(form->n, 2);
	assert_false(form->fields[0].cut);
	assert_true(form->fields[1].cut);
	assert_field("b", "long");
	assert_int_equal(parse(URLENCODED, text("a=1&nam"), true), OK);
	assert_int_equal(form->n, 1);
}

static const char two_parts[] =
	"--XyZ\r\nContent-Disposition: form-data; name=\"say\"\r\n\r\nsalam\r\n--XyZ\r\n"
	"content-disposition: form-data; name=\"file\"; filename=\"a%22b name=.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
	"\r\n--Xy\r\n--XyZ--\r\n";

static void test_multipart(void **state)
{
	const struct form_field *f;

	(void)state;
	assert_int_equal(parse(MULTIPART, text(two_parts), false), OK);
	assert_int_equal(form->n, 2);
	assert_field("say", "salam");
	f = form_find(form, "file");
	assert_true(f->file);
	assert_sv(f->file_name, "a\"b name=.jpg");
	assert_sv(f->value, "\r\n--Xy");
	assert_int_equal(parse(SV("multipart/form-data; boundary=\"XyZ\""), text(two_parts), false), OK);
	assert_int_equal(parse(SV("multipart/form-data"), text(two_parts), false), E_INPUT);
	assert_int_equal(parse(SV("multipart/form-data; boundary=other"), text(two_parts), false), E_INPUT);
	assert_int_equal(parse(MULTIPART, text("--XyZ--\r\n"), false), OK);
	assert_int_equal(form->n, 0);
	assert_int_equal(parse(MULTIPART, text("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end"), false),
			 E_INPUT);
	assert_int_equal(parse(MULTIPART, text("--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--"), false), E_INPUT);
	assert_int_equal(parse(MULTIPART,
			       text("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n"
				    "\r\nx\r\n--XyZ--"),
			       false),
			 E_INPUT);
	assert_int_equal(parse(MULTIPART, text("--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XyZ--"), false),
			 E_INPUT);
}

/* However many bytes arrive before the cut, what is whole is told, and what is not is marked. */
static void test_multipart_cut_anywhere(void **state)
{
	(void)state;
	for (size_t n = 8; n < sizeof(two_parts) - 1; n++) {
		enum status s = parse(MULTIPART, (struct sv){ two_parts, n }, true);

		if (s != OK)
			continue;
		for (size_t i = 0; i + 1 < form->n; i++)
			assert_false(form->fields[i].cut);
	}
	assert_int_equal(parse(MULTIPART, (struct sv){ two_parts, sizeof(two_parts) - 16 }, true), OK);
	assert_int_equal(form->n, 2);
	assert_true(form->fields[1].cut);
}

static void test_files_are_bounded(void **state)
{
	struct buf b = buf_new(arena, 64, 1 << 16);
	char *kept;
	size_t n;

	(void)state;
	for (int i = 0; i < 33; i++)
		buf_text(&b, "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n1\r\n");
	buf_text(&b, "--XyZ--");
	n = b.n;
	kept = test_malloc(n);
	memcpy(kept, b.p, n);
	assert_int_equal(parse(MULTIPART, (struct sv){ kept, n }, false), E_LIMIT);
	test_free(kept);
}

/* --- binding ----------------------------------------------------------------------------------------------------------------- */

struct in {
	struct sv line, lines, code, codes;
	uint32_t number;
	bool flag;
	struct id id;
	struct key16 once;
	struct upload file;
};
static const struct param params[] = {
	PARAM(struct in, line, P_TEXT, 5, .required = true),
	PARAM(struct in, lines, P_LONG, 10),
	PARAM(struct in, code, P_CODE, 20),
	PARAM(struct in, codes, P_CODES, 20),
	PARAM(struct in, number, P_U32, 99),
	PARAM(struct in, flag, P_FLAG, 0),
	PARAM(struct in, id, P_ID, 0),
	PARAM(struct in, once, P_KEY16, 0),
	PARAM(struct in, file, P_FILE, 4),
};
static struct ctx ctx;
static struct in in;

static enum status bind(struct sv type, const char *body, bool cut)
{
	static const char *const own[] = { "csrf" };

	memset(&in, 0, sizeof(in));
	assert_int_equal(parse(type, text(body), cut), OK);
	ctx = (struct ctx){ .arena = arena };
	return form_bind(&ctx, form, params, sizeof(params) / sizeof(params[0]), own, 1, &in);
}

static void assert_wrong(struct sv type, const char *body, bool cut, const char *field, const char *key, int64_t limit)
{
	assert_int_equal(bind(type, body, cut), E_INPUT);
	assert_int_equal(ctx.input_count, 1);
	assert_string_equal(ctx.inputs[0].field, field);
	assert_string_equal(ctx.inputs[0].key, key);
	assert_int_equal(ctx.inputs[0].limit, limit);
}

static void test_bind_right(void **state)
{
	(void)state;
	assert_int_equal(bind(URLENCODED,
			      "line=+ab+&lines=x%0D%0Ay&code=home&codes=b&codes=a&number=99&flag=1&csrf=q"
			      "&id=00112233445566778899aabbccddeeff&once=ffeeddccbbaa99887766554433221100",
			      false),
			 OK);
	assert_sv(in.line, "ab");
	assert_sv(in.lines, "x\ny");
	assert_sv(in.code, "home");
	assert_sv(in.codes, "b|a");
	assert_int_equal(in.number, 99);
	assert_true(in.flag);
	assert_int_equal(in.id.b[15], 0xff);
	assert_true(in.once.given);
	assert_int_equal(in.once.b[0], 0xff);
	assert_false(in.file.given);
}

static void test_bind_text_is_normalised(void **state)
{
	(void)state;
	assert_int_equal(bind(URLENCODED, "line=e%CC%81", false), OK);
	assert_sv(in.line, "\xc3\xa9");
}

static void test_each_limit_names_field_and_limit(void **state)
{
	(void)state;
	assert_wrong(URLENCODED, "lines=x", false, "line", "error.required", 0);
	assert_wrong(URLENCODED, "line=+++", false, "line", "error.required", 0);
	assert_wrong(URLENCODED, "line=123456", false, "line", "error.too_long", 5);
	assert_wrong(URLENCODED, "line=%D8%A7%D8%A7%D8%A7%D8%A7%D8%A7%D8%A7", false, "line", "error.too_long", 5);
	assert_wrong(URLENCODED, "line=a%0Ab", false, "line", "error.one_line", 0);
	assert_wrong(URLENCODED, "line=%FF", false, "line", "error.encoding", 0);
	assert_wrong(URLENCODED, "line=%00", false, "line", "error.encoding", 0);
	assert_wrong(URLENCODED, "line=a&lines=12345678901", false, "lines", "error.too_long", 10);
	assert_wrong(URLENCODED, "line=a&lines=123", true, "lines", "error.too_long", 10);
	assert_wrong(URLENCODED, "line=a&nam", true, "form", "error.too_large", 0);
	assert_wrong(URLENCODED, "line=a&flag=1", true, "form", "error.too_large", 0);
	assert_wrong(URLENCODED, "line=a&number=100", false, "number", "error.number", 99);
	assert_wrong(URLENCODED, "line=a&number=-1", false, "number", "error.number", 99);
	assert_wrong(URLENCODED, "line=a&number=1e1", false, "number", "error.number", 99);
	assert_wrong(URLENCODED, "line=a&code=no+code", false, "code", "error.code", 0);
	assert_wrong(URLENCODED, "line=a&codes=a&codes=%3Cb%3E", false, "codes", "error.code", 0);
	assert_wrong(URLENCODED, "line=a&id=0011", false, "id", "error.code", 0);
	assert_wrong(URLENCODED, "line=a&once=zz", false, "once", "error.code", 0);
	assert_wrong(URLENCODED, "line=a&flag=maybe", false, "flag", "error.code", 0);
	assert_wrong(URLENCODED, "line=a&line=b", false, "line", "error.repeated", 0);
	assert_wrong(URLENCODED, "line=a&other=b", false, "form", "error.unknown_field", 0);
}

#define PART_LINE "--XyZ\r\nContent-Disposition: form-data; name=\"line\"\r\n\r\na\r\n"
#define PART_FILE(name) "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" name "\"\r\n\r\n"

static void test_bind_file(void **state)
{
	(void)state;
	assert_int_equal(bind(MULTIPART, PART_LINE PART_FILE("x.jpg") "1234\r\n--XyZ--", false), OK);
	assert_true(in.file.given);
	assert_sv(in.file.name, "x.jpg");
	assert_sv(in.file.content, "1234");
	assert_int_equal(bind(MULTIPART, PART_LINE PART_FILE("") "\r\n--XyZ--", false), OK);
	assert_false(in.file.given);
	assert_wrong(MULTIPART, PART_LINE PART_FILE("x.jpg") "12345\r\n--XyZ--", false, "file", "error.file_too_large", 4);
	assert_wrong(MULTIPART, PART_LINE PART_FILE("x.jpg") "123", true, "file", "error.file_too_large", 4);
	assert_wrong(MULTIPART, PART_LINE PART_FILE("x.jpg") "\r\n--XyZ--", false, "file", "error.file_empty", 0);
	assert_wrong(URLENCODED, "line=a&file=x.jpg", false, "file", "error.file_missing", 0);
	assert_wrong(MULTIPART, "--XyZ\r\nContent-Disposition: form-data; name=\"line\"; filename=\"x\"\r\n\r\na\r\n--XyZ--", false,
		     "line", "error.encoding", 0);
}

static void test_draft_text_round_trip(void **state)
{
	struct sv again;

	(void)state;
	assert_int_equal(parse(MULTIPART, text(two_parts), false), OK);
	assert_sv(form_text(arena, form), "say=salam");
	assert_int_equal(parse(URLENCODED, text("a=%26+%D8%A7&csrf=1&once=2&ticket=3&b=x"), false), OK);
	again = form_text(arena, form);
	assert_sv(again, "a=%26%20%D8%A7&b=x");
}

static void key_of(const char *body, const char *act, const char *own, uint8_t key[16])
{
	const struct key16 once = { .given = true, .b = { 7 } };

	assert_int_equal(parse(URLENCODED, text(body), false), OK);
	form_key(arena, form, &once, act, own, key);
}

/* A form sent again as it was is the same act; with other words, of another act, or under another key it is not. */
static void test_key_of_an_act(void **state)
{
	static const struct key16 none, other = { .given = true, .b = { 8 } };
	uint8_t first[16], key[16], zeros[16] = { 0 };

	(void)state;
	key_of("a=one&b=two&csrf=1&once=2", "note", NULL, first);
	key_of("a=one&b=two&csrf=9&once=2", "note", NULL, key);
	assert_memory_equal(first, key, 16);
	key_of("a=one&b=tw", "note", NULL, key);
	assert_memory_not_equal(first, key, 16);
	key_of("a=oneb&b=tw", "note", NULL, key);
	assert_memory_not_equal(first, key, 16);
	key_of("a=one&b=two", "answer", NULL, key);
	assert_memory_not_equal(first, key, 16);
	key_of("a=one&b=two", "note", "a|c", first);
	key_of("a=one&b=three", "note", "a|c", key);
	assert_memory_equal(first, key, 16);
	key_of("a=other&b=two", "note", "a|c", key);
	assert_memory_not_equal(first, key, 16);
	form_key(arena, form, &other, "note", "a|c", first);
	assert_memory_not_equal(first, key, 16);
	form_key(arena, form, &none, "note", NULL, key);
	assert_memory_equal(key, zeros, 16);
	assert_int_equal(parse(MULTIPART, text(PART_FILE("x.jpg") "1234\r\n--XyZ--"), false), OK);
	form_key(arena, form, &other, "file", "file", first);
	assert_int_equal(parse(MULTIPART, text(PART_FILE("x.jpg") "1235\r\n--XyZ--"), false), OK);
	form_key(arena, form, &other, "file", "file", key);
	assert_memory_not_equal(first, key, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urlencoded),
		cmocka_unit_test(test_counts_are_bounded),
		cmocka_unit_test(test_cut_urlencoded_marks_the_last_field),
		cmocka_unit_test(test_multipart),
		cmocka_unit_test(test_multipart_cut_anywhere),
		cmocka_unit_test(test_files_are_bounded),
		cmocka_unit_test(test_bind_right),
		cmocka_unit_test(test_bind_text_is_normalised),
		cmocka_unit_test(test_each_limit_names_field_and_limit),
		cmocka_unit_test(test_bind_file),
		cmocka_unit_test(test_draft_text_round_trip),
		cmocka_unit_test(test_key_of_an_act),
	};

	arena = arena_new(0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
