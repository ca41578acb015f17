/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a template and as a catalogue: an error or C, never a crash, and never both. */
#include <stdint.h>
#include <stdlib.h>

#include "po.h"
#include "template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void as_template(struct view in)
{
	struct tool t = { 0 };
	struct set s = { .t = &t };
	struct text header = { .tool = &t }, source = { .tool = &t };

	set_messages(&s, view_of("a.plain 0 0\na.one 1 0\na.many 1 1\n"));
	set_assets(&s, view_of("app.css /s/app.1.css\n"));
	set_add(&s, "t.html", "t", "t", in);
	set_compile(&s, &header, &source);
	if ((t.error_count == 0) != (source.n > 0))
		abort();
	t.error_count = 0;
	tool_end(&t);
}

static void as_catalogue(struct view in)
{
	struct tool t = { 0 };
	struct po po;

	po_parse(&t, "t.po", in, &po);
	t.error_count = 0;
	tool_end(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct view in = { n > 0 ? (const char *)data : "", n };

	as_template(in);
	as_catalogue(in);
	return 0;
}
