/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit.h"

#include <string.h>

#include "base/text.h"
#include "registry/type.h"

static const struct actor nobody = { .kind = ACTOR_NONE };

static const struct field sample_fields[] = {
	{ .name = "line", .number = 1, .type = FIELD_TEXT, .class = IDENT, .max = 20, .flags = FIELD_REQUIRED },
	{ .name = "lines", .number = 2, .type = FIELD_LONG_TEXT, .class = IDENT, .max = 300 },
	{ .name = "code", .number = 3, .type = FIELD_CODE, .class = IDENT, .codes = "risk_levels" },
	{ .name = "codes", .number = 4, .type = FIELD_CODES, .class = IDENT, .codes = "sectors", .max = 3 },
	{ .name = "yesno", .number = 5, .type = FIELD_YESNO, .class = IDENT },
	{ .name = "number", .number = 6, .type = FIELD_INTEGER, .class = IDENT, .max = 100000 },
	{ .name = "time", .number = 300, .type = FIELD_TIME, .class = IDENT },
	{ .name = "phone", .number = 24, .type = FIELD_PHONE, .class = CONTACT, .max = 40 },
	{ .name = "reference", .number = 8, .type = FIELD_REFERENCE, .class = CONTACT },
	{ .name = "references", .number = 9, .type = FIELD_REFERENCES, .class = CONTACT, .max = 3 },
	{ .name = "plain", .number = 10, .type = FIELD_TEXT, .class = HEALTH },
	{ .name = "count", .number = 11, .type = FIELD_INTEGER, .class = HEALTH },
	{ .name = "date", .number = 12, .type = FIELD_PARTIAL_DATE, .class = EXPLOIT },
};
const struct record_type sample_type = {
	"sample", 99, 1, DOSSIER_PERSON, sample_fields, sizeof sample_fields / sizeof *sample_fields
};

void kit_open(struct ctx *c)
{
	*c = (struct ctx){ .arena = arena_new(64u << 20), .who = &nobody };
	assert_int_equal(codes_load(c, DATA_DIR), OK);
}

void kit_close(struct ctx *c)
{
	arena_free(c->arena);
}

void kit_clear(struct ctx *c)
{
	c->error = (struct error){ 0 };
	c->input_count = 0;
}

bool same_value(const struct field_value *a, const struct field_value *b)
{
	return a->set == b->set && sv_equal(a->text, b->text) && a->number == b->number;
}

/* --- one value ------------------------------------------------------------------------------------------------------------------ */

static void check_value(struct ctx *c, const struct record_type *t, const struct field *f, struct sv typed)
{
	struct field_value first, again, *values = ARENA_ARRAY(c->arena, struct field_value, t->field_count);
	struct field_value *back = ARENA_ARRAY(c->arena, struct field_value, t->field_count);
	size_t at = (size_t)(f - t->fields);
	struct sv part, twice;

	kit_clear(c);
	if (field_parse(c, f, typed, &first) != OK)
		fail_msg("%s.%s refuses '%.*s': %s", t->name, f->name, (int)(typed.n < 60 ? typed.n : 60), typed.p,
			 c->inputs[0].key);
	assert_true(first.set);
	assert_int_equal(field_parse(c, f, field_format(c->arena, f, &first), &again), OK);
	assert_true(same_value(&first, &again));
	values[at] = first;
	assert_int_equal(part_encode(c->arena, t, f->class, values, &part), OK);
	assert_int_equal(part_decode(c, t, f->class, part, back), OK);
	for (size_t i = 0; i < t->field_count; i++)
		assert_true(same_value(&values[i], &back[i]));
	assert_int_equal(part_encode(c->arena, t, f->class, back, &twice), OK);
	assert_true(sv_equal(part, twice));
}

static void check_refused(struct ctx *c, const struct field *f, struct sv typed)
{
	struct field_value v;

	kit_clear(c);
	if (field_parse(c, f, typed, &v) != E_INPUT)
		fail_msg("%s takes '%.*s'", f->name, (int)(typed.n < 60 ? typed.n : 60), typed.p);
	assert_false(v.set);
	assert_int_equal(c->input_count, 1);
	assert_string_equal(c->inputs[0].field, f->name);
	assert_int_equal(c->error.status, E_INPUT);
}

/* `unit` n times. */
static struct sv times(struct ctx *c, const char *unit, size_t n)
{
	struct buf b = buf_new(c->arena, n * strlen(unit), n * strlen(unit));

	for (size_t i = 0; i < n; i++)
		buf_text(&b, unit);
	assert_int_equal(buf_ok(&b), OK);
	return buf_view(&b);
}

/* --- per type -------------------------------------------------------------------------------------------------------------------- */

static void check_text(struct ctx *c, const struct record_type *t, const struct field *f)
{
	/* each takes another number of bytes a code point; the last is not in NFC as typed and shrinks */
	static const char *const units[] = { "x", "\xc3\xa9", "\xd8\xa8", "\xe2\x80\x99", "\xf0\x9f\x98\x80" };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		check_value(c, t, f, times(c, units[i], 1));
		check_value(c, t, f, times(c, units[i], field_max(f)));
		check_refused(c, f, times(c, units[i], field_max(f) + 1));
	}
	check_value(c, t, f, SV("e\xcc\x81"));
	check_value(c, t, f, SV("  \xd8\xb3\xd8\xa7\xd8\xb1\xd8\xa9  "));
	check_refused(c, f, SV("\xff"));
	check_refused(c, f, SV("a\x01"));
	if (f->type == FIELD_LONG_TEXT)
		check_value(c, t, f, SV("a\r\nb\n\tc"));
	else
		check_refused(c, f, SV("a\nb"));
}

static void check_code(struct ctx *c, const struct record_type *t, const struct field *f)
{
	const struct code_list *list = codes_of(f->codes);

	if (!list)
		fail_msg("%s.%s: no code list %s", t->name, f->name, f->codes);
	for (size_t i = 0; i < list->n; i++)
		check_value(c, t, f, sv_of(list->codes[i].code));
	check_refused(c, f, SV("no such code"));
	check_refused(c, f, SV("no_such_code"));
}

/* As many codes as allowed, given backwards: they come out in the list's order. */
static void check_codes(struct ctx *c, const struct record_type *t, const struct field *f)
{
	const struct code_list *list = codes_of(f->codes);
	struct buf many = buf_new(c->arena, 64, 1 << 16);
	struct field_value v;
	size_t n;

	check_code(c, t, f);
	n = list->n < field_max(f) ? list->n : field_max(f);
	for (size_t i = n; i > 0; i--) {
		buf_text(&many, list->codes[i - 1].code);
		if (i > 1)
			buf_byte(&many, '|');
	}
	check_value(c, t, f, buf_view(&many));
	assert_int_equal(field_parse(c, f, buf_view(&many), &v), OK);
	assert_true(sv_starts(v.text, sv_of(list->codes[0].code)));
	if (list->n > n) {
		buf_byte(&many, '|');
		buf_text(&many, list->codes[n].code);
		check_refused(c, f, buf_view(&many));
	}
	check_refused(c, f, arena_format(c->arena, "%s|", list->codes[0].code));
}

static void check_integer(struct ctx *c, const struct record_type *t, const struct field *f)
{
	static const uint64_t edges[] = { 0, 1, 23, 24, 255, 256, 65535, 65536, UINT32_MAX };

	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		struct sv typed = arena_format(c->arena, "%llu", (unsigned long long)edges[i]);

		if (edges[i] <= field_max(f))
			check_value(c, t, f, typed);
		else
			check_refused(c, f, typed);
	}
	check_value(c, t, f, arena_format(c->arena, "%lu", (unsigned long)field_max(f)));
	check_refused(c, f, arena_format(c->arena, "%llu", (unsigned long long)field_max(f) + 1));
	check_value(c, t, f, SV("\xd9\xa1")); /* Arabic one */
	check_refused(c, f, SV("-1"));
	check_refused(c, f, SV("1.5"));
	check_refused(c, f, SV("99999999999999999999"));
}

static void check_time(struct ctx *c, const struct record_type *t, const struct field *f)
{
	static const char *const good[] = {
		"2024-02-29",
		"2024-02-06 21:40",
		"2024-02-06T21:40",
		"2024-02-06 21:40:07.123",
		"2024-02-06 21:40:59",
		"1969-12-31 23:59",
		"1969-12-31 23:59:59.999",
		"0001-01-01",
		"9999-12-31 23:59:59.999",
		"\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa4-02-06",
	};
	static const char *const bad[] = {
		"2023-02-29",       "yesterday",           "2024-13-01",
		"2024-02-06 24:00", "2024-02-06 21:40:60", "2024-02-06 21:40:07.1",
		"10000-01-01",      "2024-02-06 21:40:",   "06/02/2024",
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		check_value(c, t, f, sv_of(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		check_refused(c, f, sv_of(bad[i]));
}

static void check_phone(struct ctx *c, const struct record_type *t, const struct field *f)
{
	check_value(c, t, f, SV("19"));
	check_value(c, t, f, SV("+212 (0) 6-00.00/00 00"));
	check_value(c, t, f, SV("\xd9\xa0\xd9\xa6 00 00 00 00"));
	check_value(c, t, f, times(c, "1", field_max(f)));
	check_refused(c, f, times(c, "1", field_max(f) + 1));
	check_refused(c, f, SV("1"));
	check_refused(c, f, SV("06 00+00"));
	check_refused(c, f, SV("call me"));
}

static void check_reference(struct ctx *c, const struct record_type *t, const struct field *f)
{
	static const char id[] = "0123456789abcdef0123456789abcdef";
	size_t most = f->type == FIELD_REFERENCE ? 1 : field_max(f);
	struct sv many = times(c, "|fedcba98765432100123456789abcdef", most);

	check_value(c, t, f, sv_of(id));
	check_value(c, t, f, (struct sv){ many.p + 1, many.n - 1 });
	check_refused(c, f, arena_format(c->arena, "%s%.*s", id, (int)many.n, many.p));
	check_refused(c, f, SV("0123456789ABCDEF0123456789ABCDEF"));
	check_refused(c, f, SV("0123"));
	check_refused(c, f, arena_format(c->arena, "%s|", id));
}

static void check_yesno(struct ctx *c, const struct record_type *t, const struct field *f)
{
	check_value(c, t, f, SV("yes"));
	check_value(c, t, f, SV("no"));
	check_value(c, t, f, SV("unknown"));
	check_refused(c, f, SV("YES"));
	check_refused(c, f, SV("maybe"));
}

static void parses_to(struct ctx *c, const struct field *f, const char *typed, const char *canonical)
{
	struct field_value v;

	kit_clear(c);
	assert_int_equal(field_parse(c, f, sv_of(typed), &v), OK);
	if (!sv_is(v.text, canonical))
		fail_msg("%s is kept as %.*s, not %s", typed, (int)v.text.n, v.text.p, canonical);
}

static void check_partial_date(struct ctx *c, const struct record_type *t, const struct field *f)
{
	static const char *const right[] = { "2012", "2012-05",    "2012-05-03", "~2012",     "~2012-05-03",
					     "1850", "2200-12-31", "2024-02-29", "2000-02-29" };
	static const char *const wrong[] = { "12",      "20123",      "1849",       "2201",     "2012-13",
					     "2012-00", "2012-02-30", "1900-02-29", "2012-5-0", "2012-",
					     "-2012",   "5-12",       "2012/05-03", "3/5/12",   "2012-05-03-01",
					     "~",       "about 2012", "2012 05",    "~~2012" };

	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		check_value(c, t, f, sv_of(right[i]));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		check_refused(c, f, sv_of(wrong[i]));
	parses_to(c, f, "3/5/2012", "2012-05-03");
	parses_to(c, f, "03.05.2012", "2012-05-03");
	parses_to(c, f, "5/2012", "2012-05");
	parses_to(c, f, "2012/5/3", "2012-05-03");
	parses_to(c, f, "~ 8/2023", "~2023-08");
	parses_to(c, f, "\xd9\xa2\xd9\xa0\xd9\xa1\xd9\xa2", "2012"); /* Arabic digits */
}

static void (*const checks[FIELD_TYPE_COUNT])(struct ctx *c, const struct record_type *t, const struct field *f) = {
	[FIELD_TEXT] = check_text,
	[FIELD_LONG_TEXT] = check_text,
	[FIELD_CODE] = check_code,
	[FIELD_CODES] = check_codes,
	[FIELD_YESNO] = check_yesno,
	[FIELD_INTEGER] = check_integer,
	[FIELD_TIME] = check_time,
	[FIELD_PHONE] = check_phone,
	[FIELD_REFERENCE] = check_reference,
	[FIELD_REFERENCES] = check_reference,
	[FIELD_PARTIAL_DATE] = check_partial_date,
};

void check_field(struct ctx *c, const struct record_type *t, const struct field *f)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct field_value v;

	checks[f->type](c, t, f);
	kit_clear(c);
	assert_int_equal(field_parse(c, f, SV("  "), &v), f->flags & FIELD_REQUIRED ? E_INPUT : OK);
	assert_false(v.set);
	assert_null(field_format(c->arena, f, &v).p);
	arena_rewind(c->arena, mark);
}
