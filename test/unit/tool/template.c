/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The template compiler: one row a rule. A refused template names its line; an accepted one holds the expected piece of C. */
#include "cases.h"

#include <string.h>

#include "template.h"

#define VARS "{{# vars }}\nx text\nn number\nf flag\np path\nm message\nrows list row {\n\tc text\n}\n{{/ vars }}\n"
/* All variables used once, so that only the rule under test can fail. */
#define USED "{{x}}{{n}}{{#f}}{{/f}}<a href=\"{{p}}\">{{m}}</a>{{#rows}}{{c}}{{/rows}}"

static void compile(struct tool *t, const char *body, struct text *source)
{
	struct set s = { .t = t };
	struct text whole = { .tool = t }, header = { .tool = t };

	source->tool = t;
	text_add(&whole, VARS USED);
	text_add(&whole, body);
	set_messages(&s, view_of("a.plain 0 0\na.one 1 0\na.many 1 1\n"));
	set_assets(&s, view_of("app.css /s/app.1.css\n"));
	set_add(&s, "t.html", "t", "t", (struct view){ whole.p, whole.n });
	set_add(&s, "part.html", "t", "part", view_of("<b>part</b>\n"));
	set_compile(&s, &header, source);
}

static void forget(struct tool *t)
{
	t->error_count = 0;
	assert_int_equal(tool_end(t), 0);
}

void test_template_refusals(void **state)
{
	static const struct {
		const char *body, *says;
	} rows[] = {
		{ "<p class={{x}}>", "a tag can stand" },
		{ "<p class=a>", "in quotes" },
		{ "<p onclick=\"a\">", "handlers" },
		{ "<p ONCLICK=\"a\">", "handlers" },
		{ "<p style=\"a\">", "not used in templates" },
		{ "<iframe src=\"/a\"></iframe>", "not used in templates" },
		{ "<IFRAME>", "not used in templates" },
		{ "<style>a</style>", "not used in templates" },
		{ "<script>a()</script>", "stands in a file" },
		{ "<script src=\"{{asset app.css}}\">a</script>", "nothing stands inside" },
		{ "<script src=\"{{asset app.css}}\">{{x}}</script>", "a tag can stand" },
		{ "<script src=\"{{asset app.css}}\"></b>{{x}}</script>", "nothing stands inside" },
		{ "<script src=\"{{asset app.css}}\"><b></script>", "nothing stands inside" },
		{ "<{{x}}>", "a tag can stand" },
		{ "<p {{x}}>", "a value stands in text or in a quoted attribute" },
		{ "<p {{x}}=\"a\">", "a value stands in text or in a quoted attribute" },
		{ "<p a{{x}}=\"a\">", "a value stands in text or in a quoted attribute" },
		{ "<p title={{x}}>", "a tag can stand" },
		{ "<p title=\"a\"class=\"b\">", "a space must stand" },
		{ "<!-- {{x}} -->", "doctype" },
		{ "<!-- open", "doctype" },
		{ "a < b", "no space here" },
		{ "a <3", "&lt;" },
		{ "<a href=\"{{x}}\">", "begins with a path variable" },
		{ "<a href=\"/{{x}}\">", "right behind the first /" },
		{ "<a href=\"//host\">", "another host" },
		{ "<a href=\"/\\host\">", "another host" },
		{ "<a href=\"javascript:a\">", "no other scheme" },
		{ "<a href=\"data:,\">", "no other scheme" },
		{ "<a href=\"&#106;avascript:a\">", "an address begins with" },
		{ "<a href=\"page\">", "an address begins with" },
		{ "<a href=\"https://h/{{x}}\">", "begins with a path variable" },
		{ "<a href=\"/a/{{p}}\">", "stands first" },
		{ "<a href=\"{{p}}/{{x}}\">", "only ?, # or &" },
		{ "<a href=\"/a?{{m}}\">", "only text and numbers" },
		{ "<a href=\"{{t a.plain}}\">", "begins with a path variable" },
		{ "<a href=\"/a{{asset app.css}}\">", "whole address" },
		{ "<p>{{p}}</p><p title=\"{{asset app.css}}\">", "whole address" },
		{ "<form method=\"{{x}}\">", "words of this attribute" },
		{ "<a rel=\"{{x}}\">", "words of this attribute" },
		{ "<a target=\"{{x}}\">", "words of this attribute" },
		{ "<p title=\"{{#f}}a\" class=\"{{/f}}b\">", "begins and ends in different places" },
		{ "<a href=\"{{#f}}/a{{/f}}\">", "begins and ends in different places" },
		{ "{{#f}}<p {{/f}}>", "begins and ends in different places" },
		{ "{{#f}}<textarea>{{/f}}", "begins and ends in different places" },
		{ "<p title=\"a", "ends inside" },
		{ "<textarea>", "ends inside" },
		{ "{{y}}", "not a variable" },
		{ "{{c}}", "not a variable" },
		{ "{{f}}", "no value to write" },
		{ "{{rows}}", "no value to write" },
		{ "{{x n}}", "no message" },
		{ "{{t a.none}}", "not in the catalogue" },
		{ "{{t a.one}}", "takes 1 arguments" },
		{ "{{t a.plain x}}", "takes 0 arguments" },
		{ "{{t a.many n}}", "plural forms: use tn" },
		{ "{{tn a.plain n}}", "no plural forms" },
		{ "{{tn a.many x}}", "counted by a number" },
		{ "{{t a.one p}}", "cannot stand in a text" },
		{ "<img src=\"{{asset none.css}}\">", "no static/none.css" },
		{ "{{> t/none}}", "no template/t/none.html" },
		{ "{{> t/part x}}", "not declared as" },
		{ "<p title=\"{{> t/part}}\">", "an include stands in text" },
		{ "{{#f}}", "not closed" },
		{ "{{/f}}", "not open" },
		{ "{{#f}}{{#rows}}{{/f}}{{/rows}}", "closes" },
		{ "{{x", "without }}" },
		{ "{{}}", "empty tag" },
		{ "{{# vars }}\ny text\n{{/ vars }}", "stand once" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tool t = { 0 };
		struct text source = { 0 };

		compile(&t, rows[i].body, &source);
		if (t.error_count == 0 || strstr(t.errors[0], rows[i].says) == NULL)
			fail_msg("%s: \"%s\" instead of \"%s\"", rows[i].body, t.error_count > 0 ? t.errors[0] : "accepted",
				 rows[i].says);
		assert_memory_equal(t.errors[0], "t.html:", 7);
		forget(&t);
	}
}

void test_template_output(void **state)
{
	static const struct {
		const char *body, *holds;
	} rows[] = {
		{ "<p>{{x}}</p>", "html_text(b, v->x);" },
		{ "<p title=\"{{x}}\">", "html_text(b, v->x);\n\tbuf_known(b, \"\\\">\", 2);" },
		{ "<a href=\"/a?b={{x}}\">", "html_url(b, v->x);" },
		{ "<a href=\"/a?b={{n}}\">", "html_number(b, v->n);" },
		{ "<a href=\"tel:{{x}}\">", "html_url(b, v->x);" },
		{ "<form action=\"{{p}}?a={{x}}\">", "html_path(b, v->p);\n\tbuf_known(b, \"\\?a=\", 3);\n\thtml_url(b, v->x);" },
		{ "<p data-to=\"{{p}}\">", "html_path(b, v->p);\n\tbuf_known(b, \"\\\">\", 2);" },
		{ "<link rel=\"stylesheet\" href=\"{{asset app.css}}\">", "href=\\\"/s/app.1.css\\\"" },
		{ "<link rel=\"icon\" href=\"data:,\">", "data:," },
		{ "<input value=\"a\"{{#f}} checked{{/f}}>", "if (v->f) {\n\t\tbuf_known(b, \" checked\", 8);" },
		{ "{{?rows}}a{{/rows}}", "if (v->rows_n > 0) {" },
		{ "{{^rows}}a{{/rows}}", "if (!(v->rows_n > 0)) {" },
		{ "{{#x}}a{{/x}}", "if (v->x.n > 0) {" },
		{ "{{#rows}}{{c}}{{x}}{{/rows}}", "html_text(b, r1->c);\n\t\thtml_text(b, v->x);" },
		{ "{{t a.plain}}", "html_message(b, l, MSG_A_PLAIN, NULL, 0);" },
		{ "{{tn a.many n}}", "html_plural(b, l, MSG_A_MANY, v->n, (const struct sv[]){ html_digits(" },
		{ "{{m n}}", "html_message(b, l, v->m, (const struct sv[]){ html_digits(" },
		{ "{{> t/part}}", "render_t_part(b, l, NULL);" },
		{ "<b>a</b>\n\t\t\n  <i> b</i>  <!-- c -->", "<b>a</b>\\n<i> b</i>  \"" },
		{ "<textarea>\n a\n\n b</textarea>", "<textarea>\\n a\\n\\n b</textarea>" },
		{ "\n\t{{! one }}\n\t{{#f}}\n\t<b>\n\t{{/f}}\n", "buf_known(b, \"<b>\\n\", 4);" },
		{ "\"\\?\?/", "\\\"\\\\\\?\\?/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tool t = { 0 };
		struct text source = { 0 };

		compile(&t, rows[i].body, &source);
		if (t.error_count > 0 || strstr(source.p, rows[i].holds) == NULL)
			fail_msg("%s: %s", rows[i].body, t.error_count > 0 ? t.errors[0] : source.p);
		forget(&t);
	}
}

static void one(struct tool *t, const char *name, const char *source)
{
	struct set s = { .t = t };
	struct text header = { .tool = t }, out = { .tool = t };

	set_add(&s, name, "t", "t", view_of(source));
	set_compile(&s, &header, &out);
}

void test_template_lines(void **state)
{
	static const struct {
		const char *source, *says;
	} rows[] = {
		{ "{{# vars }}\nx text\n{{/ vars }}\n\n<p>\n{{x}}{{y}}", "a.html:6: y is not" },
		{ "{{# vars }}\nx text\nx flag\n{{/ vars }}\n{{x}}", "a.html:3: x stands twice" },
		{ "{{# vars }}\nx colour\n{{/ vars }}\n{{x}}", "a.html:2: a line is" },
		{ "{{# vars }}\nint text\n{{/ vars }}\n", "a.html:2: a name is" },
		{ "{{# vars }}\nx list r {\n{{/ vars }}\n{{#x}}{{/x}}", "a.html:1: a list" },
		{ "{{# vars }}\nx text\n{{/ vars }}\n<p>", "a.html:2: x is never used" },
		{ "{{# vars }}\nx use a/b\n{{/ vars }}\n<p>", "a.html:2: there is no template/a/b.html" },
		{ "<p>\n<b\ntitle=x>", "a.html:3: the value" },
		{ "{{! a\nb }}\n<p>\n  {{#x}}\n", "a.html:4: section x is not closed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tool t = { 0 };

		one(&t, "a.html", rows[i].source);
		if (t.error_count == 0 || strncmp(t.errors[0], rows[i].says, strlen(rows[i].says)) != 0)
			fail_msg("\"%s\" instead of \"%s\"", t.error_count > 0 ? t.errors[0] : "accepted", rows[i].says);
		forget(&t);
	}
}

void test_template_circle(void **state)
{
	struct tool t = { 0 };
	struct set s = { .t = &t };
	struct text header = { .tool = &t }, out = { .tool = &t };

	(void)state;
	set_add(&s, "a.html", "t", "a", view_of("{{> t/b}}"));
	set_add(&s, "b.html", "t", "b", view_of("{{> t/a}}"));
	set_compile(&s, &header, &out);
	assert_int_equal(t.error_count, 1);
	assert_non_null(strstr(t.errors[0], "includes itself"));
	forget(&t);
}
