/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's reader: keys, continued texts, escapes, plural forms, and what it refuses. */
#include "po.h"

#include <string.h>

#include "cases.h"

#define HEAD "msgid \"\"\nmsgstr \"\"\n\"Plural-Forms: nplurals=2; plural=(n > 1);\\n\"\n\n"

void test_po_good(void **state)
{
	struct tool t = { 0 };
	struct po po;
	const struct po_entry *e;

	(void)state;
	po_parse(
		&t, "fr.po",
		view_of(HEAD
			"# a comment\nmsgid \"b.two\"\nmsgid_plural \"b.two\"\nmsgstr[0] \"{0} a\"\nmsgstr[1] \"{0} \"\n\"b\\\"\\n\"\n"
			"\nmsgid \"a.one\"\nmsgstr \"x {1}\"\n"),
		&po);
	assert_int_equal(t.error_count, 0);
	assert_int_equal(po.n, 2);
	assert_int_equal(po.forms, 2);
	assert_string_equal(po.rule, "(n > 1)");
	e = po_find(&po, "b.two");
	assert_true(e->plural && view_is(e->form[1], "{0} b\"\n") && e->placeholders == 1);
	e = po_find(&po, "a.one");
	assert_true(!e->plural && view_is(e->form[0], "x {1}") && e->placeholders == 2);
	assert_null(po_find(&po, "c"));
	assert_int_equal(tool_end(&t), 0);
}

void test_po_refusals(void **state)
{
	static const struct {
		const char *source, *says;
	} rows[] = {
		{ "msgid \"a.b\"\nmsgstr \"x\"\n", "no header" },
		{ "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=system(n);\\n\"\n", "rule of n" },
		{ "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=7; plural=0;\\n\"\n", "rule of n" },
		{ HEAD "msgid \"a.b\"\nmsgstr \"\"\n", "fr.po:5: a.b is not translated" },
		{ HEAD "#, fuzzy\nmsgid \"a.b\"\nmsgstr \"x\"\n", "fr.po:6: a.b is marked fuzzy" },
		{ HEAD "msgid \"a.b\"\nmsgid_plural \"a.b\"\nmsgstr[0] \"x\"\n", "not translated (form 1 of 2)" },
		{ HEAD "msgid \"a.b\"\nmsgstr[0] \"x\"\nmsgstr[1] \"y\"\n", "more forms" },
		{ HEAD "msgid \"A b\"\nmsgstr \"x\"\n", "a key is" },
		{ HEAD "msgid \"a.b\"\nmsgstr \"x\"\nmsgid \"a.b\"\nmsgstr \"y\"\n", "stands twice" },
		{ HEAD "msgctxt \"a\"\n", "not a line" },
		{ "\"x\"\n", "without its msgid" },
		{ HEAD "msgid \"a.b\nmsgstr \"x\"\n", "in quotes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tool t = { 0 };
		struct po po;

		po_parse(&t, "fr.po", view_of(rows[i].source), &po);
		if (t.error_count == 0 || strstr(t.errors[0], rows[i].says) == NULL)
			fail_msg("\"%s\" instead of \"%s\"", t.error_count > 0 ? t.errors[0] : "accepted", rows[i].says);
		t.error_count = 0;
		tool_end(&t);
	}
}
