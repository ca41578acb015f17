/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Catalogue compiler: catalogue OUT_H OUT_C OUT_LIST fr.po ar.po en.po, in the order of enum language.
 * Every key must stand in every language with the same placeholders; then messages.h names them (enum message, MSG_QUEUE_TITLE),
 * messages.c holds the texts and the plural rules, and messages.list tells the template compiler "key placeholders plural".
 * With --pseudo each text is made 40 % longer and put in brackets: French becomes qps, Arabic, read from the right, qpr (interface design
 * R6, for layout tests). */
#include "po.h"

#include <stdio.h>
#include <string.h>

#define LANGUAGES 3

static const char *const name_of[LANGUAGES] = { "fr", "ar", "en" };

struct catalogue {
	struct tool *t;
	struct po po[LANGUAGES];
	bool pseudo;
};

static void check_pair(struct catalogue *c, size_t a, size_t b)
{
	for (size_t i = 0; i < c->po[a].n; i++) {
		const struct po_entry *e = &c->po[a].entries[i], *other = po_find(&c->po[b], e->key);
		unsigned optional = e->plural ? 1U : 0;

		if (other == NULL)
			tool_error(c->t, c->po[b].file, 1, "%s is missing (it stands in %s:%d)", e->key, c->po[a].file, e->line);
		else if (other->plural != e->plural)
			tool_error(c->t, other->plural ? c->po[b].file : c->po[a].file, other->line,
				   "%s has plural forms in one language only", e->key);
		else if ((e->placeholders | optional) != (other->placeholders | optional))
			tool_error(c->t, c->po[b].file, other->line, "%s does not have the placeholders of %s:%d", e->key,
				   c->po[a].file, e->line);
	}
}

static void write_header(const struct catalogue *c, struct text *h)
{
	text_add(h, "/* Made by tool/catalogue from language/. Messages by key, in byte order; MSG_NONE is the empty text. */\n"
		    "#ifndef MESSAGES_H\n#define MESSAGES_H\n\n#include \"base/language.h\"\n\nenum message {\n\tMSG_NONE = 0,\n");
	for (size_t i = 0; i < c->po[0].n; i++) {
		text_add(h, "\t");
		text_message(h, c->po[0].entries[i].key);
		text_add(h, ",\n");
	}
	text_add(h, "\tMESSAGE_COUNT\n};\n\n"
		    "struct message_catalogue {\n"
		    "\tconst struct sv *text;         /* by message: the text, or the first form */\n"
		    "\tconst struct sv *const *forms; /* by message: its forms where it has any, else NULL */\n"
		    "\tunsigned (*form)(uint64_t n);  /* which form n takes */\n"
		    "};\n"
		    "extern const struct message_catalogue message_catalogue[LANGUAGE_COUNT];\n"
		    "extern const char *const message_keys[MESSAGE_COUNT];\n\n#endif\n");
}

/* A letter that can be stretched: bytes of it, and what stretches it. A vowel stands twice, an Arabic letter draws a line. */
static size_t stretched(struct view v, size_t i, struct view *by)
{
	uint8_t first = (uint8_t)v.p[i], second = i + 1 < v.n ? (uint8_t)v.p[i + 1] : 0;
	size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	*by = (struct view){ "", 0 };
	if (n == 1 && first != 0 && strchr("aeiouyAEIOUY", first) != NULL)
		*by = (struct view){ v.p + i, 1 };
	else if ((first == 0xd8 && second >= 0xa1) || (first == 0xd9 && second <= 0x8a))
		*by = (struct view){ "\u0640", 2 };
	return n;
}

/* Every word grows, since long words are harder than many words; brackets show where a text begins and ends. What no letter could take
 * stands at the end in groups that can break. {0} stays. */
static struct view lengthen(const struct catalogue *c, struct view v)
{
	struct text out = { .tool = c->t };
	size_t owed = 0; /* tenths of a letter */

	text_add(&out, "[");
	for (size_t i = 0, n; i < v.n; i += n) {
		struct view by;

		n = stretched(v, i, &by);
		if (v.p[i] == '{' && i + 2 < v.n && v.p[i + 2] == '}')
			n = 3;
		else if (v.p[i] != ' ')
			owed += 4;
		text_put(&out, v.p + i, n);
		if (owed >= 10 && by.n > 0) {
			text_put(&out, by.p, by.n);
			owed -= 10;
		}
	}
	for (size_t i = 0; owed >= 10; i++, owed -= 10)
		text_add(&out, i % 6 == 0 ? " ~" : "~");
	text_add(&out, "]");
	return (struct view){ out.p, out.n };
}

static void write_text(const struct catalogue *c, struct text *out, struct view v)
{
	if (c->pseudo)
		v = lengthen(c, v);
	text_add(out, "{ ");
	text_literal(out, v);
	text_format(out, ", %zu }", v.n);
}

static void write_forms(const struct catalogue *c, struct text *out, const char *lang, const struct po *po)
{
	text_format(out, "static const struct sv *const forms_%s[MESSAGE_COUNT] = {\n\t[MSG_NONE] = NULL,\n", lang);
	for (size_t i = 0; i < po->n; i++) {
		if (!po->entries[i].plural)
			continue;
		text_add(out, "\t[");
		text_message(out, po->entries[i].key);
		text_add(out, "] = (const struct sv[]){ ");
		for (unsigned f = 0; f < po->forms; f++) {
			write_text(c, out, po->entries[i].form[f]);
			text_add(out, f + 1 < po->forms ? ", " : " },\n");
		}
	}
	text_add(out, "};\n");
}

static void write_language(const struct catalogue *c, struct text *out, size_t l)
{
	const struct po *po = &c->po[l];

	text_format(out,
		    "\nstatic unsigned form_%s(uint64_t n)\n{\n\tunsigned f = (unsigned)(%s);\n\n\treturn f < %u ? f : %u;\n}\n",
		    name_of[l], po->rule, po->forms, po->forms - 1);
	text_format(out, "static const struct sv text_%s[MESSAGE_COUNT] = {\n\t[MSG_NONE] = { \"\", 0 },\n", name_of[l]);
	for (size_t i = 0; i < po->n; i++) {
		text_add(out, "\t[");
		text_message(out, po->entries[i].key);
		text_add(out, "] = ");
		write_text(c, out, po->entries[i].form[0]);
		text_add(out, ",\n");
	}
	text_add(out, "};\n");
	write_forms(c, out, name_of[l], po);
}

static void write_source(const struct catalogue *c, struct text *out)
{
	text_add(out, "/* Made by tool/catalogue from language/. */\n#include \"messages.h\"\n\n"
		      "const char *const message_keys[MESSAGE_COUNT] = {\n\t\"\",\n");
	for (size_t i = 0; i < c->po[0].n; i++)
		text_format(out, "\t\"%s\",\n", c->po[0].entries[i].key);
	text_add(out, "};\n");
	for (size_t l = 0; l < LANGUAGES; l++)
		write_language(c, out, l);
	text_add(out, "\nconst struct message_catalogue message_catalogue[LANGUAGE_COUNT] = {\n");
	for (size_t l = 0; l < LANGUAGES; l++)
		text_format(out, "\t{ text_%s, forms_%s, form_%s },\n", name_of[l], name_of[l], name_of[l]);
	text_add(out, "};\n");
}

static void write_list(const struct catalogue *c, struct text *out)
{
	for (size_t i = 0; i < c->po[0].n; i++) {
		const struct po_entry *e = &c->po[0].entries[i];
		unsigned mask = e->placeholders, count = 0;

		for (size_t l = 1; l < LANGUAGES; l++)
			mask |= po_find(&c->po[l], e->key)->placeholders;
		for (; mask != 0; mask >>= 1)
			count++;
		text_format(out, "%s %u %d\n", e->key, count, e->plural ? 1 : 0);
	}
}

static void compile(struct catalogue *c, char **out_path, char **in_path)
{
	struct text h = { .tool = c->t }, source = { .tool = c->t }, list = { .tool = c->t };

	for (size_t l = 0; l < LANGUAGES; l++) {
		struct view bytes = { "", 0 };
		if (!file_read(c->t, in_path[l], &bytes))
			tool_error(c->t, in_path[l], 0, "cannot be read");
		po_parse(c->t, in_path[l], bytes, &c->po[l]);
	}
	for (size_t l = 1; l < LANGUAGES; l++) {
		check_pair(c, 0, l);
		check_pair(c, l, 0);
	}
	if (c->t->error_count > 0)
		return;
	write_header(c, &h);
	write_source(c, &source);
	write_list(c, &list);
	file_write(c->t, out_path[0], &h);
	file_write(c->t, out_path[1], &source);
	file_write(c->t, out_path[2], &list);
}

int main(int argc, char **argv)
{
	struct tool t = { 0 };
	struct catalogue c = { .t = &t };

	if (argc > 1 && strcmp(argv[1], "--pseudo") == 0) {
		c.pseudo = true;
		argc--;
		argv++;
	}
	if (argc != 4 + LANGUAGES) {
		fputs("usage: catalogue [--pseudo] OUT_H OUT_C OUT_LIST fr.po ar.po en.po\n", stderr);
		return 2;
	}
	compile(&c, argv + 1, argv + 4);
	return tool_end(&t);
}
