/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules. ilo2009: the dimension rule of the survey "Operational indicators of trafficking in human beings" (ILO and
 * European Commission, 2009) and over it our own protective overall rule: a child needs no means, somebody who may be a child
 * is one, act "not known" closes no door. list: the eleven indicators of forced labour have no threshold, so none is made up. */
#include "domain/screening/score.h"

enum { D1, D2, D3, D4, D5, D6, D_COUNT };

struct tally {
	unsigned strong, medium, weak;
};

static void tally_add(struct tally *t, enum strength s)
{
	t->strong += s == STRENGTH_STRONG;
	t->medium += s == STRENGTH_MEDIUM;
	t->weak += s == STRENGTH_WEAK;
}

static bool tally_positive(struct tally t)
{
	return t.strong >= 2 || (t.strong >= 1 && t.medium + t.weak >= 1) || t.medium >= 3 || (t.medium >= 2 && t.weak >= 1);
}

/* What the overall rules ask for, counted once over the grid for one profile. */
struct counts {
	struct tally yes[D_COUNT], possible[D_COUNT]; /* possible: yes and unknown */
	unsigned yes_all, strong_yes, unknown_all;
};

static void count(const struct grid *g, const struct screening *s, enum profile p, struct counts *out)
{
	*out = (struct counts){ 0 };
	for (size_t i = 0; i < g->indicator_count; i++) {
		const struct indicator *in = &g->indicators[i];
		enum strength strength = in->strength[p];

		if (strength == STRENGTH_NONE || in->dimension >= D_COUNT)
			continue;
		if (s->answers[i] == ANSWER_YES) {
			tally_add(&out->yes[in->dimension], strength);
			out->yes_all++;
			out->strong_yes += strength == STRENGTH_STRONG;
		}
		out->unknown_all += s->answers[i] == ANSWER_UNKNOWN;
		if (s->answers[i] != ANSWER_NO)
			tally_add(&out->possible[in->dimension], strength);
	}
}

static enum result adult_result(const struct counts *n, const bool positive[D_COUNT], enum answer act)
{
	bool recruited = positive[D1] || positive[D2] || positive[D3];
	bool means = recruited || positive[D5] || positive[D6];

	if (positive[D4] && means && act != ANSWER_NO)
		return RESULT_PRESUMED;
	if (n->strong_yes > 0 || means)
		return RESULT_POSSIBLE;
	if (positive[D4])
		return RESULT_EXPLOITED_WORKER;
	if (n->yes_all >= 3)
		return RESULT_POSSIBLE;
	return n->yes_all > 0 ? RESULT_INSUFFICIENT : RESULT_NO_INDICATION;
}

static enum result child_result(const struct counts *n, const struct score *score, bool exploited, enum answer act)
{
	bool open = false;

	for (unsigned d = 0; d < D_COUNT; d++)
		open = open || score->dimensions[d] == DIMENSION_OPEN;
	if (exploited)
		return act == ANSWER_NO ? RESULT_CHILD_PROTECTION : RESULT_PRESUMED;
	if (n->yes_all > 0)
		return RESULT_POSSIBLE;
	return open && act != ANSWER_NO && n->unknown_all > 0 ? RESULT_INSUFFICIENT : RESULT_NO_INDICATION;
}

static struct score score_as(const struct grid *g, const struct screening *s, enum profile p)
{
	struct score out = { .profile = p };
	bool positive[D_COUNT];
	struct counts n;

	count(g, s, p, &n);
	for (unsigned d = 0; d < D_COUNT; d++) {
		positive[d] = tally_positive(n.yes[d]);
		out.dimensions[d] = positive[d]                     ? DIMENSION_POSITIVE
				    : tally_positive(n.possible[d]) ? DIMENSION_OPEN
								    : DIMENSION_NEGATIVE;
	}
	out.coercion = positive[D2] || positive[D5];
	if (p == PROFILE_ADULT) {
		out.result = adult_result(&n, positive, s->act);
		out.ilo_strict = (positive[D1] || positive[D2] || positive[D3]) && positive[D4] && (positive[D5] || positive[D6]);
	} else {
		out.result = child_result(&n, &out, positive[D4], s->act);
		out.ilo_strict = positive[D4] && s->act == ANSWER_YES;
	}
	return out;
}

struct score score_ilo2009(const struct grid *g, const struct screening *s)
{
	struct score adult, child;

	if (s->age == AGE_ADULT)
		return score_as(g, s, PROFILE_ADULT);
	child = score_as(g, s, PROFILE_CHILD);
	if (s->age == AGE_CHILD)
		return child;
	adult = score_as(g, s, PROFILE_ADULT);
	if (adult.result > child.result)
		child = adult;
	child.age_uncertain = true;
	return child;
}

/* Is the related answer's indicator named in the item's list, by its code or by its whole dimension ("D3")? */
static bool names(struct sv list, struct sv code)
{
	struct sv word;

	while (sv_cut(&list, '|', &word))
		if (sv_equal(word, code) || (sv_starts(code, word) && code.n > word.n && code.p[word.n] == '.'))
			return true;
	return false;
}

bool item_names(const struct grid *g, size_t item, struct sv related_code)
{
	return names(g->indicators[item].related, related_code);
}

struct list_score score_list(const struct grid *g, const struct screening *s)
{
	struct list_score out = { .count = 0 };

	for (size_t i = 0; i < g->indicator_count; i++) {
		out.lit[i] = s->answers[i] == ANSWER_YES;
		for (size_t k = 0; g->related != NULL && !out.lit[i] && k < g->related->indicator_count; k++)
			out.lit[i] = s->related[k] == ANSWER_YES && names(g->indicators[i].related, g->related->indicators[k].code);
		out.count += out.lit[i];
	}
	return out;
}

int indicator_find(const struct grid *g, struct sv code)
{
	for (size_t i = 0; i < g->indicator_count; i++)
		if (sv_equal(g->indicators[i].code, code))
			return (int)i;
	return -1;
}

const char *result_code(enum result r)
{
	static const char *const codes[] = {
		[RESULT_NO_INDICATION] = "no_indication",       [RESULT_INSUFFICIENT] = "insufficient",
		[RESULT_EXPLOITED_WORKER] = "exploited_worker", [RESULT_POSSIBLE] = "possible",
		[RESULT_CHILD_PROTECTION] = "child_protection", [RESULT_PRESUMED] = "presumed",
	};

	return codes[r];
}

const char *dimension_state_code(enum dimension_state s)
{
	return s == DIMENSION_POSITIVE ? "positive" : s == DIMENSION_OPEN ? "open" : "negative";
}
