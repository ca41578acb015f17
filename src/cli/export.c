/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana export: what an operator may have of an instance (decision 23): who takes part, the code lists in use, the journal. CSV in UTF-8,
 * a header line first; never content. */
#include "cli/export.h"

#include "cli/attach.h"
#include "cli/ceremony.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "registry/registry.h"

#include <string.h>

#define LINE_MAX_BYTES 65536u

static const struct argp_option no_options[] = { { 0 } };
static const struct words_form form = {
	"amana export",
	no_options,
	"DIR WHAT",
	"Writes CSV to the standard output: WHAT is organisations, members, lists or journal.\vNo person's data is in any of them. The "
	"journal says who did what kind of act to which id and when, never what was in it.",
	2,
	2
};

struct table {
	struct arena *arena;
	struct buf line;
	size_t cells;
};

/* A cell as spreadsheets take it: quoted when needed, and never begun by a sign they would calculate with. */
static void cell(struct table *t, struct sv text)
{
	bool formula = text.n > 0 && memchr("=+-@\t", text.p[0], 5) != NULL, quoted = formula;

	for (size_t i = 0; i < text.n && !quoted; i++)
		quoted = text.p[i] == ',' || text.p[i] == '"' || text.p[i] == '\n' || text.p[i] == '\r';
	if (t->cells++ > 0)
		buf_byte(&t->line, ',');
	if (quoted)
		buf_byte(&t->line, '"');
	if (formula)
		buf_byte(&t->line, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_byte(&t->line, '"');
		buf_byte(&t->line, (uint8_t)text.p[i]);
	}
	if (quoted)
		buf_byte(&t->line, '"');
}

static void end_line(struct table *t)
{
	buf_byte(&t->line, '\n');
	tell_bytes(1, buf_view(&t->line));
	t->line.n = t->cells = 0;
}

static void header(struct table *t, const char *names)
{
	struct sv rest = sv_of(names), name;

	while (rest.n > 0 && sv_cut(&rest, ' ', &name))
		cell(t, name);
	end_line(t);
}

static int organisations(struct attached *x, struct table *t)
{
	struct organisation *list;
	size_t n;

	if (organisation_list(&x->c, &list, &n) != OK)
		return tell_error(&x->c, "export");
	header(t, "code name type region accepts phone desk");
	for (size_t i = 0; i < n; i++) {
		cell(t, list[i].code);
		cell(t, list[i].name);
		cell(t, list[i].type);
		cell(t, list[i].region);
		cell(t, list[i].accepts);
		cell(t, list[i].phone);
		cell(t, list[i].desk ? SV("1") : SV("0"));
		end_line(t);
	}
	return 0;
}

static int members(struct attached *x, struct table *t)
{
	struct organisation *list;
	struct member_row *people;
	size_t n, m;

	if (organisation_list(&x->c, &list, &n) != OK)
		return tell_error(&x->c, "export");
	header(t, "organisation login roles language active");
	for (size_t i = 0; i < n; i++) {
		if (member_list(&x->c, list[i].id, &people, &m) != OK)
			return tell_error(&x->c, "export");
		for (size_t j = 0; j < m; j++) {
			cell(t, list[i].code);
			cell(t, people[j].login);
			cell(t, role_names(x->arena, people[j].roles));
			cell(t, sv_of(languages[people[j].language].tag));
			cell(t, people[j].active ? SV("1") : SV("0"));
			end_line(t);
		}
	}
	return 0;
}

static int lists(struct attached *x, struct table *t)
{
	const struct code_list *l;

	(void)x;
	header(t, "list code label_fr label_ar label_en");
	for (size_t i = 0; (l = codes_at(i)) != NULL; i++)
		for (size_t j = 0; j < l->n; j++) {
			cell(t, sv_of(l->name));
			cell(t, sv_of(l->codes[j].code));
			cell(t, sv_of(l->codes[j].label[LANG_FR]));
			cell(t, sv_of(l->codes[j].label[LANG_AR]));
			cell(t, sv_of(l->codes[j].label[LANG_EN]));
			end_line(t);
		}
	return 0;
}

static void id_cell(struct table *t, struct id a)
{
	char hex[33];

	id_hex(a, hex);
	cell(t, id_is_zero(a) ? SV_NONE : sv_of(hex));
}

static void number_cell(struct table *t, uint64_t v)
{
	char digits[24];
	struct buf b = buf_over(digits, sizeof(digits));

	buf_format(&b, "%llu", (unsigned long long)v);
	cell(t, buf_view(&b));
}

static enum status journal_line(void *arg, const struct leaf *leaf)
{
	struct table *t = arg;

	number_cell(t, leaf->seq);
	number_cell(t, leaf->time_ms);
	number_cell(t, leaf->event);
	id_cell(t, leaf->actor);
	id_cell(t, leaf->organisation);
	id_cell(t, leaf->dossier);
	id_cell(t, leaf->object);
	number_cell(t, leaf->class_mask);
	number_cell(t, leaf->purpose);
	end_line(t);
	return OK;
}

static int journal(struct attached *x, struct table *t)
{
	header(t, "seq time_ms event actor organisation dossier object classes purpose");
	return keeper_journal(&x->c, x->dir, journal_line, t) == OK ? 0 : tell_error(&x->c, "export");
}

static const struct {
	const char *name;
	int (*write)(struct attached *x, struct table *t);
} tables[] = { { "organisations", organisations }, { "members", members }, { "lists", lists }, { "journal", journal } };

static int export(struct attached *x, const struct words *w)
{
	struct table t = { .arena = x->arena, .line = buf_new(x->arena, 1024, LINE_MAX_BYTES) };

	x->c.language = LANG_FR;
	if (codes_load(&x->c, x->data) != OK)
		return tell_error(&x->c, "export");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(w->arg[1], tables[i].name) == 0)
			return tables[i].write(x, &t);
	tell(2, "amana: export: \"%s\" is none of organisations, members, lists, journal", w->arg[1]);
	return 2;
}

int export_command(int argc, char **argv)
{
	return with_instance(&form, export, argc, argv);
}
