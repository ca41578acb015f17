/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amana score: one JSON object a line in, one result a line out. An object that is wrong in anything (an unknown word or
 * indicator, a key twice, an answer given twice) is refused as a whole on stderr with its line number; the others are scored
 * all the same. */
#include "cli/score.h"

#include "cli/place.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "domain/screening/grid.h"

#include <jansson.h>
#include <string.h>

#define LINE_MAX_BYTES 65536

/* --- in --------------------------------------------------------------------------------------------------------------------- */

struct sheet {
	const struct grid *grid;
	struct screening screening;
	bool given[INDICATORS_MAX], given_related[INDICATORS_MAX];
	const char *why;
};

static bool wrong(struct sheet *s, const char *why)
{
	if (s->why == NULL)
		s->why = why;
	return false;
}

static bool answer_read(struct sheet *s, const json_t *word, const char *why, enum answer *out)
{
	const char *text = json_string_value(word);

	if (text == NULL)
		return wrong(s, why);
	*out = strcmp(text, "yes") == 0 ? ANSWER_YES : strcmp(text, "no") == 0 ? ANSWER_NO : ANSWER_UNKNOWN;
	return *out != ANSWER_UNKNOWN || strcmp(text, "unknown") == 0 || wrong(s, why);
}

static bool age_read(struct sheet *s, const json_t *word)
{
	const char *text = json_string_value(word);

	if (text == NULL)
		return wrong(s, "age is adult, child or unknown");
	s->screening.age = strcmp(text, "adult") == 0 ? AGE_ADULT : strcmp(text, "child") == 0 ? AGE_CHILD : AGE_UNKNOWN;
	return s->screening.age != AGE_UNKNOWN || strcmp(text, "unknown") == 0 || wrong(s, "age is adult, child or unknown");
}

/* An indicator of the grid, or of the one its items refer to. */
static bool indicator_answer(struct sheet *s, struct sv code, enum answer answer)
{
	const struct grid *related = s->grid->related;
	int own = indicator_find(s->grid, code), other = own < 0 && related != NULL ? indicator_find(related, code) : -1;
	bool *given = own >= 0 ? &s->given[own] : other >= 0 ? &s->given_related[other] : NULL;

	if (given == NULL)
		return wrong(s, "an indicator is not in this grid");
	if (*given)
		return wrong(s, "an indicator is answered twice");
	*given = true;
	if (own >= 0)
		s->screening.answers[own] = answer;
	else
		s->screening.related[other] = answer;
	return true;
}

static bool list_read(struct sheet *s, const json_t *list, enum answer answer)
{
	if (!json_is_array(list))
		return wrong(s, "yes and unknown are lists of indicators");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (!json_is_string(item))
			return wrong(s, "yes and unknown are lists of indicators");
		if (!indicator_answer(s, sv_bytes(json_string_value(item), json_string_length(item)), answer))
			return false;
	}
	return true;
}

static void default_set(struct sheet *s, enum answer answer)
{
	for (size_t i = 0; i < INDICATORS_MAX; i++) {
		if (!s->given[i])
			s->screening.answers[i] = answer;
		if (!s->given_related[i])
			s->screening.related[i] = answer;
	}
}

static bool sheet_read(struct sheet *s, json_t *root)
{
	enum answer rest = ANSWER_UNKNOWN; /* not said is not no */
	const char *key;
	json_t *value;

	if (!json_is_object(root))
		return wrong(s, "not a JSON object");
	json_object_foreach(root, key, value)
	{
		bool good = strcmp(key, "age") == 0       ? age_read(s, value)
			    : strcmp(key, "act") == 0     ? answer_read(s, value, "act is yes, no or unknown", &s->screening.act)
			    : strcmp(key, "yes") == 0     ? list_read(s, value, ANSWER_YES)
			    : strcmp(key, "unknown") == 0 ? list_read(s, value, ANSWER_UNKNOWN)
			    : strcmp(key, "default") == 0 ? answer_read(s, value, "default is no or unknown", &rest)
							  : wrong(s, "a key that is none of age, act, yes, unknown, default");

		if (!good)
			return false;
	}
	if (rest == ANSWER_YES)
		return wrong(s, "default is no or unknown");
	default_set(s, rest);
	return true;
}

/* --- out -------------------------------------------------------------------------------------------------------------------- */

static void put_word(struct buf *b, const char *before, struct sv word)
{
	buf_format(b, "%s\"%.*s\"", before, (int)word.n, word.p);
}

static const char *truth(bool t)
{
	return t ? "true" : "false";
}

static void put_ilo2009(struct buf *b, const struct grid *g, const struct screening *s)
{
	struct score score = score_ilo2009(g, s);

	buf_format(b, "{\"profile\":\"%s\",\"dimensions\":{", score.profile == PROFILE_CHILD ? "child" : "adult");
	for (size_t d = 0; d < g->dimension_count; d++) {
		put_word(b, d == 0 ? "" : ",", g->dimensions[d]);
		buf_format(b, ":\"%s\"", dimension_state_code(score.dimensions[d]));
	}
	buf_format(b, "},\"result\":\"%s\",\"ilo_strict\":%s,\"coercion\":%s,\"age_uncertain\":%s}\n", result_code(score.result),
		   truth(score.ilo_strict), truth(score.coercion), truth(score.age_uncertain));
}

static void put_list(struct buf *b, const struct grid *g, const struct screening *s)
{
	struct list_score score = score_list(g, s);
	const char *before = "";

	put_word(b, "{\"grid\":", g->code);
	buf_text(b, ",\"lit\":[");
	for (size_t i = 0; i < g->indicator_count; i++)
		if (score.lit[i]) {
			put_word(b, before, g->indicators[i].code);
			before = ",";
		}
	buf_format(b, "],\"count\":%zu}\n", score.count);
}

enum status score_line(struct arena *a, const struct grid *g, struct sv json, struct sv *out, const char **why)
{
	struct sheet *sheet = ARENA_NEW(a, struct sheet);
	json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
	struct buf b = buf_new(a, 512, LINE_MAX_BYTES);
	bool good;

	sheet->grid = g;
	good = root == NULL ? wrong(sheet, "not JSON, or a key stands twice") : sheet_read(sheet, root);
	json_decref(root);
	*why = sheet->why;
	if (!good)
		return E_INPUT;
	if (g->rule == RULE_LIST)
		put_list(&b, g, &sheet->screening);
	else
		put_ilo2009(&b, g, &sheet->screening);
	*out = buf_view(&b);
	return buf_ok(&b);
}

/* --- the command ------------------------------------------------------------------------------------------------------------ */

enum { OPT_GRID, OPT_DATA };
static const struct argp_option options[] = {
	{ "grid", WORD_KEY(OPT_GRID), "CODE", 0,
	  "grid of screening/grids.csv (default ilo2009; fl11 lights the eleven items of forced labour)", 0 },
	{ "data", WORD_KEY(OPT_DATA), "DIR", 0, "folder with the screening grids (default: beside the program)", 0 },
	{ 0 },
};
static const struct words_form form = {
	"amana score",
	options,
	NULL,
	"Reads one JSON object a line, {\"age\": \"adult|child|unknown\", \"act\": \"yes|no|unknown\", \"yes\": [indicators], "
	"\"unknown\": "
	"[indicators], \"default\": \"no|unknown\"}, and writes one result a line.\vA line that is wrong is named on stderr "
	"and the exit code is 1.",
	0,
	0
};

static int score_all(struct ctx *c, const struct grid *g)
{
	struct lines in = lines_of(c->arena, 0, LINE_MAX_BYTES);
	struct arena_mark mark = arena_mark(c->arena);
	bool end = false, failed = false;

	for (;;) {
		const char *why = "longer than 64 KiB";
		struct sv line, out;
		enum status s = lines_next(&in, &line, &end);

		if (s == E_IO) {
			tell(2, "amana: score: the input cannot be read");
			return 1;
		}
		if (s == OK && end)
			return failed;
		if (s == OK && sv_trim(line).n == 0)
			continue;
		if (s == OK)
			s = score_line(c->arena, g, line, &out, &why);
		if (s == OK)
			tell_bytes(1, out);
		else
			tell(2, "line %zu: %s", in.number, why);
		failed = failed || s != OK;
		arena_rewind(c->arena, mark);
	}
}

int score_command(int argc, char **argv)
{
	static const struct actor nobody;
	struct ctx c = { .arena = arena_new(0), .who = &nobody };
	const struct grid *g;
	struct words w;
	const char *code, *data;
	int end = 1;

	words_parse(&form, argc, argv, &w);
	code = w.option[OPT_GRID] == NULL ? "ilo2009" : w.option[OPT_GRID];
	data = w.option[OPT_DATA] == NULL ? place_data(c.arena) : w.option[OPT_DATA];
	if (grid_load(&c, data, sv_of(code), &g) == OK)
		end = score_all(&c, g);
	else if (c.error.what != NULL)
		end = tell_error(&c, "score");
	else
		tell(2, "amana: score: the grids in %s/screening cannot be read: --data names another folder", data);
	arena_free(c.arena);
	return end;
}
