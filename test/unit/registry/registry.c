/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of every type at their limits, and parts that no program of ours wrote. */
#include "kit.h"

#include <string.h>

#include "registry/item.h"

static struct ctx c;

static int set_up(void **state)
{
	(void)state;
	kit_open(&c);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kit_close(&c);
	return 0;
}

static void test_every_type_at_its_limits(void **state)
{
	bool seen[FIELD_TYPE_COUNT] = { false };

	(void)state;
	for (size_t i = 0; i < sample_type.field_count; i++) {
		check_field(&c, &sample_type, &sample_type.fields[i]);
		seen[sample_type.fields[i].type] = true;
	}
	for (size_t i = 0; i < FIELD_TYPE_COUNT; i++)
		assert_true(seen[i]);
}

/* --- parts ------------------------------------------------------------------------------------------------------------------------- */

static void fill(struct field_value *values)
{
	static const char *const typed[] = { "Fatima",
					     "a\nb",
					     "high",
					     "agriculture|domestic_work",
					     "unknown",
					     "300",
					     "2026-11-21 14:05",
					     "+212 600 000 000",
					     "0123456789abcdef0123456789abcdef",
					     "0123456789abcdef0123456789abcdef|00000000000000000000000000000001",
					     "x",
					     "0",
					     "~2012-05" };

	for (size_t i = 0; i < sample_type.field_count; i++)
		assert_int_equal(field_parse(&c, &sample_type.fields[i], sv_of(typed[i]), &values[i]), OK);
}

static void test_a_class_holds_its_own_fields(void **state)
{
	struct field_value values[16] = { 0 }, back[16] = { 0 };
	struct sv part;

	(void)state;
	fill(values);
	assert_int_equal(part_encode(c.arena, &sample_type, CONTACT, values, &part), OK);
	back[0] = values[0]; /* of another class: stays */
	assert_int_equal(part_decode(&c, &sample_type, CONTACT, part, back), OK);
	for (size_t i = 0; i < sample_type.field_count; i++)
		assert_true(same_value(&back[i],
				       sample_type.fields[i].class == CONTACT || i == 0 ? &values[i] : &(struct field_value){ 0 }));
	assert_int_equal(part_decode(&c, &sample_type, IDENT, part, back), E_CRYPTO);
}

static void test_bytes_are_the_known_ones(void **state)
{
	static const uint8_t want[] = { 0xa2, 0x0a, 0x61, 'x', 0x0b, 0x19, 0x01, 0x00 };
	struct field_value values[16] = { 0 };
	struct sv part;

	(void)state;
	values[10] = (struct field_value){ .set = true, .text = SV("x") };
	values[11] = (struct field_value){ .set = true, .number = 256 };
	assert_int_equal(part_encode(c.arena, &sample_type, HEALTH, values, &part), OK);
	assert_int_equal(part.n, sizeof want);
	assert_memory_equal(part.p, want, sizeof want);
	assert_int_equal(part_encode(c.arena, &sample_type, LEGAL, values, &part), OK); /* no field of it: an empty map */
	assert_int_equal(part.n, 1);
	assert_int_equal((uint8_t)part.p[0], 0xa0);
}

static void test_impossible_values_are_not_sealed(void **state)
{
	static const struct {
		size_t field;
		struct field_value v;
	} wrong[] = {
		{ 10, { true, { "", 0 }, 0 } },
		{ 10, { true, { "a\nb", 3 }, 0 } },
		{ 10, { true, { "\xff", 1 }, 0 } },
		{ 11, { true, { 0 }, -1 } },
		{ 11, { true, { 0 }, INT64_C(4294967296) } },
		{ 6, { true, { 0 }, INT64_MAX } },
		{ 2, { true, { "a b", 3 }, 0 } },
		{ 3, { true, { "a|a", 3 }, 0 } },
		{ 4, { true, { "maybe", 5 }, 0 } },
		{ 7, { true, { "x", 1 }, 0 } },
		{ 8, { true, { "0123", 4 }, 0 } },
	};
	struct sv part;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct field_value values[16] = { 0 };

		values[wrong[i].field] = wrong[i].v;
		assert_int_equal(part_encode(c.arena, &sample_type, sample_type.fields[wrong[i].field].class, values, &part),
				 E_BUG);
	}
}

static enum status decode(enum class class, const void *p, size_t n)
{
	struct field_value values[16] = { 0 };

	c.error = (struct error){ 0 };
	return part_decode(&c, &sample_type, class, sv_bytes(p, n), values);
}

static void test_hostile_parts(void **state)
{
#define PART(class, bytes)                      \
	{                                       \
		class, bytes, sizeof(bytes) - 1 \
	}
	static const struct {
		enum class class;
		const char *p;
		size_t n;
	} corpus[] = {
		PART(HEALTH, ""),                       /* nothing */
		PART(HEALTH, "\xa0\x00"),               /* something behind */
		PART(HEALTH, "\x80"),                   /* an array */
		PART(HEALTH, "\xa1\x0a"),               /* a key without its value */
		PART(HEALTH, "\xa2\x0a\x61x"),          /* fewer pairs than said */
		PART(HEALTH, "\xa0\x0a\x61x"),          /* more */
		PART(HEALTH, "\xa2\x0b\x01\x0a\x61x"),  /* out of order */
		PART(HEALTH, "\xa2\x0a\x61x\x0a\x61y"), /* a key twice */
		PART(HEALTH, "\xa1\x0c\x01"),           /* unknown number */
		PART(HEALTH, "\xa1\x01\x61x"),          /* a field of another class */
		PART(HEALTH, "\xa1\x00\x61x"),          /* number 0 */
		PART(HEALTH, "\xa1\x29\x61x"),          /* negative number */
		PART(HEALTH, "\xa1\x61x\x61x"),         /* text as a key */
		PART(HEALTH, "\xa1\x18\x0a\x61x"),      /* key longer than need be */
		PART(HEALTH, "\xb8\x01\x0a\x61x"),      /* count longer than need be */
		PART(HEALTH, "\xa1\x0a\x78\x01x"),      /* length longer than need be */
		PART(HEALTH, "\xa1\x0b\x18\x05"),       /* number longer than need be */
		PART(HEALTH, "\xa1\x0a\x41x"),          /* bytes for text */
		PART(HEALTH, "\xa1\x0a\x05"),           /* number for text */
		PART(HEALTH, "\xa1\x0b\x61"
			     "5"),                                            /* text for number */
		PART(HEALTH, "\xa1\x0b\x20"),                                 /* -1 */
		PART(HEALTH, "\xa1\x0b\x1b\x00\x00\x00\x01\x00\x00\x00\x00"), /* over the greatest */
		PART(HEALTH, "\xa1\x0b\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
		PART(HEALTH, "\xa1\x0b\x3b\xff\xff\xff\xff\xff\xff\xff\xff"),
		PART(HEALTH, "\xa1\x0a\x60"),     /* empty text */
		PART(HEALTH, "\xa1\x0a\x61\xff"), /* no UTF-8 */
		PART(HEALTH, "\xa1\x0a\x61\x0a"), /* line end in one line */
		PART(HEALTH, "\xa1\x0a\x7b\xff\xff\xff\xff\xff\xff\xff\xff"
			     "x"), /* a length of all memory */
		PART(HEALTH, "\xa1\x0a\x7b\x7f\xff\xff\xff\xff\xff\xff\xff"
			     "x"),
		PART(HEALTH, "\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x0a\x61x"), /* a count of all numbers */
		PART(HEALTH, "\xbf\x0a\x61x\xff"),                             /* no definite size */
		PART(HEALTH, "\xa1\x0a\x7f\x61x\xff"),
		PART(HEALTH, "\xa1\x0a\xc0\x61x"),    /* a tag */
		PART(HEALTH, "\xa1\x0b\xf9\x3c\x00"), /* a fraction */
		PART(HEALTH, "\xa1\x0b\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00"),
		PART(HEALTH, "\xa1\x0b\xf5"), /* true, null, undefined, a simple value, a reserved one */
		PART(HEALTH, "\xa1\x0b\xf6"),
		PART(HEALTH, "\xa1\x0b\xf7"),
		PART(HEALTH, "\xa1\x0b\xe0"),
		PART(HEALTH, "\xa1\x0b\x1c"),
		PART(HEALTH, "\xa1\x0a\xa1\x01\x01"),             /* a map for text */
		PART(IDENT, "\xa1\x01\x75xxxxxxxxxxxxxxxxxxxxx"), /* 21 of 20 characters */
		PART(IDENT, "\xa1\x03\x63"
			    "a b"), /* no code */
		PART(IDENT, "\xa1\x04\x63"
			    "a|a"), /* a code twice */
		PART(IDENT, "\xa1\x04\x67"
			    "a|b|c|d"),                                              /* four of three */
		PART(IDENT, "\xa1\x05\x03"),                                         /* neither yes, no nor unknown */
		PART(IDENT, "\xa1\x19\x01\x2c\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"), /* after the last year */
		PART(CONTACT, "\xa1\x08\x4f"
			      "123456789012345"), /* 15 bytes of an id */
		PART(CONTACT, "\xa1\x08\x58\x20"
			      "12345678901234561234567890123456"), /* two ids for one */
		PART(CONTACT, "\xa1\x09\x40"),                     /* no id at all */
		PART(CONTACT, "\xa1\x18\x18\x61x"),                /* no telephone number */
	};
#undef PART

	(void)state;
	for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++)
		if (decode(corpus[i].class, corpus[i].p, corpus[i].n) != E_CRYPTO)
			fail_msg("hostile part %zu was taken", i);
	assert_int_equal(decode(HEALTH, "\xa1\x0a\x61x", 4), OK); /* the honest form of most of them */
}

/* Cut short anywhere: refused. Any byte changed to anything: refused, or a part that we would write in exactly these bytes. */
static void test_cut_and_changed_parts(void **state)
{
	static const enum class classes[] = { IDENT, CONTACT, HEALTH };
	struct field_value values[16] = { 0 };

	(void)state;
	fill(values);
	for (size_t k = 0; k < 3; k++) {
		struct sv part;
		char *bytes;

		assert_int_equal(part_encode(c.arena, &sample_type, classes[k], values, &part), OK);
		for (size_t n = 0; n < part.n; n++)
			assert_int_equal(decode(classes[k], part.p, n), E_CRYPTO);
		bytes = arena_text(c.arena, part);
		for (size_t i = 0; i < part.n; i++)
			for (unsigned byte = 0; byte < 256; byte++) {
				struct arena_mark mark = arena_mark(c.arena);
				struct field_value back[16] = { 0 };
				struct sv again;

				bytes[i] = (char)byte;
				c.error = (struct error){ 0 };
				if (part_decode(&c, &sample_type, classes[k], sv_bytes(bytes, part.n), back) == OK) {
					assert_int_equal(part_encode(c.arena, &sample_type, classes[k], back, &again), OK);
					assert_true(sv_equal(again, sv_bytes(bytes, part.n)));
				}
				bytes[i] = part.p[i];
				arena_rewind(c.arena, mark);
			}
	}
}

static void test_items_of_all_sizes(void **state)
{
	static const int64_t numbers[] = { 0,         23, 24,  255, 256,  65535, 65536,  UINT32_MAX, INT64_C(4294967296),
					   INT64_MAX, -1, -24, -25, -256, -257,  -65536, -65537,     INT64_MIN };
	struct buf b = buf_new(c.arena, 64, 4096);
	struct sv rest;
	struct item item;
	int64_t n;

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		item_put_int(&b, numbers[i]);
	item_put_null(&b);
	item_put_array(&b, 2);
	rest = buf_view(&b);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		assert_int_equal(item_get(&rest, &item), OK);
		assert_true(item_int(&item, &n));
		assert_true(n == numbers[i]);
	}
	assert_int_equal(item_get(&rest, &item), OK);
	assert_int_equal(item.kind, ITEM_NULL);
	assert_int_equal(item_get(&rest, &item), OK);
	assert_true(item.kind == ITEM_ARRAY && item.n == 2);
	assert_int_equal(item_get(&rest, &item), E_CRYPTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_type_at_its_limits),
		cmocka_unit_test(test_a_class_holds_its_own_fields),
		cmocka_unit_test(test_bytes_are_the_known_ones),
		cmocka_unit_test(test_impossible_values_are_not_sealed),
		cmocka_unit_test(test_hostile_parts),
		cmocka_unit_test(test_cut_and_changed_parts),
		cmocka_unit_test(test_items_of_all_sizes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
