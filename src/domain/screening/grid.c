/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grids are data: grids.csv names for each its rule and files. A deployment adds a national grid with a line and two files; a
 * rule nobody wrote, an unknown strength or a dimension that is not listed is refused as a whole, never scored in part. */
#include "domain/screening/grid.h"

#include "registry/csv.h"

static enum status open_table(struct ctx *c, const char *dir, struct sv name, struct csv *csv)
{
	const char *path = arena_format(c->arena, "%s/screening/%.*s", dir, (int)name.n, name.p).p;
	struct sv text;

	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == '/')
			return ERR(c, E_INPUT, "a grid's file lies beside grids.csv");
	TRY(csv_file(c->arena, path, &text));
	if (csv_open(csv, c->arena, text, NULL) != OK)
		return ERR(c, E_INPUT, "a file of the grid is no CSV");
	return OK;
}

static struct sv cell(const struct csv *csv, const struct csv_row *row, const char *column)
{
	size_t k = csv_column(csv, column);

	return k < row->n ? row->cells[k] : SV_NONE;
}

static void labels_read(const struct csv *csv, const struct csv_row *row, struct sv out[LANGUAGE_COUNT])
{
	static const char *const columns[LANGUAGE_COUNT] = {
		[LANG_FR] = "label_fr", [LANG_AR] = "label_ar", [LANG_EN] = "label_en"
	};

	for (size_t l = 0; l < LANGUAGE_COUNT; l++)
		out[l] = cell(csv, row, columns[l]);
}

static enum status next_row(struct ctx *c, struct csv *csv, struct csv_row *row, bool *end)
{
	if (csv_next(csv, c->arena, row, end) != OK)
		return ERR(c, E_INPUT, "a file of the grid has a broken row");
	return OK;
}

/* --- indicators ------------------------------------------------------------------------------------------------------------- */

static bool strength_read(struct sv word, enum strength *out)
{
	static const char *const words[] = { [STRENGTH_WEAK] = "weak", [STRENGTH_MEDIUM] = "medium", [STRENGTH_STRONG] = "strong" };

	*out = STRENGTH_NONE;
	if (word.n == 0)
		return true;
	for (unsigned s = STRENGTH_WEAK; s <= STRENGTH_STRONG; s++)
		if (sv_is(word, words[s])) {
			*out = (enum strength)s;
			return true;
		}
	return false;
}

static bool dimension_find(const struct grid *g, struct sv code, uint8_t *out)
{
	for (size_t d = 0; d < g->dimension_count; d++)
		if (sv_equal(g->dimensions[d], code)) {
			*out = (uint8_t)d;
			return true;
		}
	return false;
}

/* Every word names an indicator of the related grid or one of its dimensions. */
static bool related_known(const struct grid *g, struct sv list)
{
	struct sv word;
	uint8_t d;

	while (list.n > 0 && sv_cut(&list, '|', &word))
		if (indicator_find(g, word) < 0 && !dimension_find(g, word, &d))
			return false;
	return true;
}

static const char *related_column(struct ctx *c, const struct grid *related)
{
	return arena_format(c->arena, "related_%.*s", (int)related->code.n, related->code.p).p;
}

static enum status indicator_take(struct ctx *c, struct grid *g, const struct csv *csv, const struct csv_row *row)
{
	struct indicator in = { .code = cell(csv, row, "code") };

	if (g->indicator_count == INDICATORS_MAX || in.code.n == 0 || indicator_find(g, in.code) >= 0)
		return ERR(c, E_INPUT, "an indicator has no code, stands twice or is one too many");
	labels_read(csv, row, in.label);
	if (g->rule == RULE_LIST) {
		in.related = g->related == NULL ? SV_NONE : cell(csv, row, related_column(c, g->related));
		if (g->related != NULL && !related_known(g->related, in.related))
			return ERR(c, E_INPUT, "an item refers to an indicator that is not there");
	} else if (!dimension_find(g, cell(csv, row, "dimension_code"), &in.dimension) ||
		   !strength_read(cell(csv, row, "strength_adult"), &in.strength[PROFILE_ADULT]) ||
		   !strength_read(cell(csv, row, "strength_child"), &in.strength[PROFILE_CHILD])) {
		return ERR(c, E_INPUT, "an indicator has an unknown dimension or strength");
	}
	g->indicators[g->indicator_count++] = in;
	return OK;
}

static enum status indicators_read(struct ctx *c, const char *dir, struct sv name, struct grid *g)
{
	struct csv_row row;
	struct csv csv;
	bool end = false;

	TRY(open_table(c, dir, name, &csv));
	for (;;) {
		TRY(next_row(c, &csv, &row, &end));
		if (end)
			return OK;
		TRY(indicator_take(c, g, &csv, &row));
	}
}

static enum status dimension_take(struct ctx *c, struct grid *g, const struct csv *csv, const struct csv_row *row)
{
	struct sv element = cell(csv, row, "element");
	size_t d = g->dimension_count;

	if (d == DIMENSIONS_MAX || (!sv_is(element, "means") && !sv_is(element, "purpose")))
		return ERR(c, E_INPUT, "a dimension is one too many or speaks of neither means nor purpose");
	g->dimensions[d] = cell(csv, row, "code");
	g->element[d] = sv_is(element, "purpose") ? ELEMENT_PURPOSE : ELEMENT_MEANS;
	labels_read(csv, row, g->dimension_label[d]);
	g->dimension_count++;
	return OK;
}

/* The rule ilo2009 counts on D1 to D6 in this order. */
static enum status dimensions_read(struct ctx *c, const char *dir, struct sv name, struct grid *g)
{
	struct csv_row row;
	struct csv csv;
	bool end = false;

	TRY(open_table(c, dir, name, &csv));
	for (;;) {
		TRY(next_row(c, &csv, &row, &end));
		if (end)
			break;
		TRY(dimension_take(c, g, &csv, &row));
	}
	for (size_t d = 0; d < 6; d++)
		if (g->dimension_count != 6 || g->dimensions[d].n != 2 || g->dimensions[d].p[0] != 'D' ||
		    g->dimensions[d].p[1] != (char)('1' + d))
			return ERR(c, E_INPUT, "the rule ilo2009 needs the dimensions D1 to D6");
	return OK;
}

/* --- grids ------------------------------------------------------------------------------------------------------------------ */

static enum status grid_find(struct ctx *c, const char *dir, struct sv code, struct csv *csv, struct csv_row *row)
{
	bool end = false;

	TRY(open_table(c, dir, SV("grids.csv"), csv));
	for (;;) {
		TRY(next_row(c, csv, row, &end));
		if (end)
			return ERR(c, E_NOTFOUND, "no grid of this code");
		if (sv_equal(cell(csv, row, "code"), code))
			return OK;
	}
}

static enum status rule_read(struct ctx *c, struct sv name, enum rule *out)
{
	*out = sv_is(name, "list") ? RULE_LIST : RULE_ILO2009;
	if (*out == RULE_ILO2009 && !sv_is(name, "ilo2009"))
		return ERR(c, E_INPUT, "a grid names a rule that is not written");
	return OK;
}

/* depth: a grid refers to another one, which refers to none. */
static enum status load(struct ctx *c, const char *dir, struct sv code, unsigned depth, const struct grid **out)
{
	struct grid *g = ARENA_NEW(c->arena, struct grid);
	struct csv_row row;
	struct csv csv;
	struct sv related;

	TRY(grid_find(c, dir, code, &csv, &row));
	g->code = cell(&csv, &row, "code");
	g->version = cell(&csv, &row, "version");
	labels_read(&csv, &row, g->label);
	related = cell(&csv, &row, "related");
	TRY(rule_read(c, cell(&csv, &row, "rule"), &g->rule));
	if (related.n > 0 && depth > 0)
		return ERR(c, E_INPUT, "a grid refers to one that refers to another");
	if (related.n > 0)
		TRY(load(c, dir, related, depth + 1, &g->related));
	if (g->rule == RULE_ILO2009)
		TRY(dimensions_read(c, dir, cell(&csv, &row, "dimensions"), g));
	*out = g;
	return indicators_read(c, dir, cell(&csv, &row, "indicators"), g);
}

/* --- all of them, for the process ------------------------------------------------------------------------------------------- */

static const struct grid *loaded[GRIDS_MAX];
static size_t loaded_count;

static enum status codes_read(struct ctx *c, const char *dir, struct sv *codes, size_t *n)
{
	struct csv_row row;
	struct csv csv;
	bool end = false;

	*n = 0;
	TRY(open_table(c, dir, SV("grids.csv"), &csv));
	for (;;) {
		TRY(next_row(c, &csv, &row, &end));
		if (end)
			return *n > 0 ? OK : ERR(c, E_INPUT, "there is no grid");
		if (*n == GRIDS_MAX)
			return ERR(c, E_INPUT, "there are too many grids");
		codes[(*n)++] = cell(&csv, &row, "code");
	}
}

enum status grids_start(struct ctx *c, const char *data_dir)
{
	struct sv codes[GRIDS_MAX];
	size_t n;

	loaded_count = 0;
	TRY(codes_read(c, data_dir, codes, &n));
	for (size_t i = 0; i < n; i++)
		TRY(grid_load(c, data_dir, codes[i], &loaded[i]));
	loaded_count = n;
	return OK;
}

size_t grid_count(void)
{
	return loaded_count;
}

const struct grid *grid_at(size_t i)
{
	return i < loaded_count ? loaded[i] : NULL;
}

const struct grid *grid_of(struct sv code)
{
	for (size_t i = 0; i < loaded_count; i++)
		if (sv_equal(loaded[i]->code, code))
			return loaded[i];
	return NULL;
}

enum status grid_load(struct ctx *c, const char *data_dir, struct sv code, const struct grid **out)
{
	return load(c, data_dir, code, 0, out);
}
