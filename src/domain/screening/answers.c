/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of answers. Reading takes every line apart, then writes what was read again and compares: so no two texts mean the same, and
 * what nobody of ours wrote is not taken for answers. */
#include "domain/screening/answers.h"

#include "base/buf.h"

#define CODE_MAX 12
#define MINUTE_MAX INT64_C(99999999)
#define TEXT_MAX ((INDICATORS_MAX * 32) + (AUTHORS_MAX * 40))

static const struct {
	char letter;
	const char *code;
} sources[SOURCE_COUNT] = {
	[SOURCE_INTERVIEW] = { 'i', "interview" },
	[SOURCE_REPORT] = { 'r', "report" },
	[SOURCE_DOCUMENT] = { 'd', "document" },
	[SOURCE_OBSERVATION] = { 'o', "observation" },
};

struct sv source_code(enum source s)
{
	return s < SOURCE_COUNT ? sv_of(sources[s].code) : SV_NONE;
}

bool source_parse(struct sv code, enum source *out)
{
	for (unsigned s = 0; s < SOURCE_COUNT; s++)
		if (sv_is(code, sources[s].code)) {
			*out = (enum source)s;
			return true;
		}
	return false;
}

static bool source_letter(struct sv letter, enum source *out)
{
	for (unsigned s = 0; s < SOURCE_COUNT; s++)
		if (letter.n == 1 && letter.p[0] == sources[s].letter) {
			*out = (enum source)s;
			return true;
		}
	return false;
}

static bool code_ok(struct sv code)
{
	for (size_t i = 0; i < code.n; i++) {
		char b = code.p[i];
		bool letter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');

		if (!letter && !(b >= '0' && b <= '9') && b != '.' && b != '-')
			return false;
	}
	return code.n > 0 && code.n <= CODE_MAX;
}

const struct given *answers_find(const struct answers *in, struct sv code)
{
	for (size_t i = 0; i < in->n; i++)
		if (sv_equal(in->list[i].code, code))
			return &in->list[i];
	return NULL;
}

bool answers_add(struct answers *to, struct sv code, enum answer answer, enum source source, struct id by, int64_t minute)
{
	size_t author = 0;

	while (author < to->author_count && !id_equal(to->authors[author], by))
		author++;
	if (author == AUTHORS_MAX || to->n == INDICATORS_MAX || !code_ok(code) || answer == ANSWER_UNKNOWN || minute < 0 ||
	    minute > MINUTE_MAX || answers_find(to, code) != NULL)
		return false;
	if (author == to->author_count)
		to->authors[to->author_count++] = by;
	to->list[to->n++] = (struct given){ code, answer, source, (uint8_t)author, minute };
	return true;
}

static void answers_write(struct buf *b, const struct answers *in)
{
	for (size_t i = 0; i < in->author_count; i++) {
		buf_text(b, "by ");
		buf_hex(b, in->authors[i].b, sizeof(in->authors[i].b));
		buf_byte(b, '\n');
	}
	for (size_t i = 0; i < in->n; i++) {
		const struct given *g = &in->list[i];

		buf_sv(b, g->code);
		buf_format(b, " %c %c %u %lld\n", g->answer == ANSWER_YES ? 'y' : 'n', sources[g->source].letter,
			   (unsigned)g->author, (long long)g->minute);
	}
}

struct sv answers_text(struct arena *a, const struct answers *in)
{
	struct buf b = buf_new(a, 256, TEXT_MAX);

	answers_write(&b, in);
	return in->n == 0 ? SV_NONE : buf_view(&b);
}

/* --- reading ----------------------------------------------------------------------------------------------------------------- */

static bool author_line(struct sv line, struct answers *out)
{
	struct sv word;
	struct id by;

	if (out->n > 0 || out->author_count == AUTHORS_MAX || !sv_cut(&line, ' ', &word) || !id_parse(line, &by))
		return false;
	out->authors[out->author_count++] = by;
	return true;
}

static bool answer_line(struct sv line, struct answers *out)
{
	struct sv code, yes, letter, author, minute = line;
	enum source source;
	uint64_t who, when;

	if (!sv_cut(&minute, ' ', &code) || !sv_cut(&minute, ' ', &yes) || !sv_cut(&minute, ' ', &letter) ||
	    !sv_cut(&minute, ' ', &author))
		return false;
	if ((!sv_is(yes, "y") && !sv_is(yes, "n")) || !source_letter(letter, &source) || !sv_u64(author, &who) ||
	    who >= out->author_count || !sv_u64(minute, &when) || when > (uint64_t)MINUTE_MAX)
		return false;
	return answers_add(out, code, sv_is(yes, "y") ? ANSWER_YES : ANSWER_NO, source, out->authors[who], (int64_t)when);
}

/* Is this the one way to write it? People in the order of their first answer, numbers without zeros in front, every line ended. */
static bool canonical(struct sv text, const struct answers *in)
{
	char again[TEXT_MAX];
	struct buf b = buf_over(again, sizeof(again));
	uint8_t next = 0;

	for (size_t i = 0; i < in->n; i++) {
		if (in->list[i].author > next)
			return false;
		if (in->list[i].author == next)
			next++;
	}
	answers_write(&b, in);
	return next == in->author_count && !b.overflow && sv_equal(text, buf_view(&b));
}

bool answers_read(struct sv text, struct answers *out)
{
	struct sv rest = text, line;
	bool good = true;

	*out = (struct answers){ .n = 0 };
	while (good && rest.n > 0 && sv_cut(&rest, '\n', &line))
		good = sv_starts(line, SV("by ")) ? author_line(line, out) : answer_line(line, out);
	if (good && canonical(text, out))
		return true;
	*out = (struct answers){ .n = 0 };
	return false;
}

void answers_place(const struct answers *in, const struct grid *g, enum answer out[INDICATORS_MAX])
{
	for (size_t i = 0; i < INDICATORS_MAX; i++)
		out[i] = ANSWER_UNKNOWN;
	for (size_t i = 0; i < in->n; i++) {
		int at = indicator_find(g, in->list[i].code);

		if (at >= 0)
			out[at] = in->list[i].answer;
	}
}
