/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between forms and the head of a report: facts in and out, ids of organisations, the line a queue shows. */
#include "domain/intake/act.h"

#include "base/clock.h"
#include "base/text.h"

#define SUBJECT_SIGNS 60
#define IDS_MAX 20

static const struct {
	uint16_t field;
	size_t offset;
} facts[] = {
#define FACT(name_)                                                  \
	{                                                            \
		REPORT_##name_, offsetof(struct report_facts, name_) \
	}
	FACT(language),      FACT(child),           FACT(about_self),         FACT(region),
	FACT(sectors),       FACT(forms),           FACT(reporter_type),      FACT(people_estimate),
	FACT(contact_way),   FACT(contact_hours),   FACT(contact_message_ok), FACT(contact_word),
	FACT(contact_phone), FACT(contact_details),
#undef FACT
};
#define FACTS (sizeof(facts) / sizeof(facts[0]))

enum status facts_enter(struct ctx *c, struct record *head, const struct report_facts *f)
{
	enum status worst = OK;

	for (size_t i = 0; i < FACTS; i++) {
		const struct sv *typed = (const struct sv *)(const void *)((const char *)f + facts[i].offset);
		enum status s = record_enter(c, head, facts[i].field, *typed);

		if (s != OK && s != E_INPUT)
			return s;
		worst = s == E_INPUT ? s : worst;
	}
	return worst;
}

void facts_read(struct ctx *c, const struct record *head, struct report_facts *f)
{
	for (size_t i = 0; i < FACTS; i++) {
		struct sv *to = (struct sv *)(void *)((char *)f + facts[i].offset);
		size_t k = field_index(head->type, facts[i].field);

		*to = head->values[k].set ? field_format(c->arena, &head->type->fields[k], &head->values[k]) : SV_NONE;
	}
}

/* Runs of white space become one space. */
static struct sv one_line(struct ctx *c, struct sv text)
{
	struct buf b = buf_new(c->arena, 128, text.n + 1);

	for (size_t i = 0; i < text.n; i++) {
		bool space = text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == ' ';

		if (!space)
			buf_byte(&b, (uint8_t)text.p[i]);
		else if (b.n > 0 && b.p[b.n - 1] != ' ')
			buf_byte(&b, ' ');
	}
	return sv_trim(buf_view(&b));
}

/* Cut behind the last whole word that fits, unless that would leave less than half. */
struct sv subject_of(struct ctx *c, struct sv text)
{
	struct sv line = one_line(c, utf8_first(sv_trim(text), SUBJECT_SIGNS * 4)), first = utf8_first(line, SUBJECT_SIGNS - 1);
	size_t cut = first.n;

	if (utf8_count(line) <= SUBJECT_SIGNS)
		return line;
	while (cut > first.n / 2 && line.p[cut] != ' ')
		cut--;
	return arena_format(c->arena, "%.*s…", (int)(cut > first.n / 2 ? cut : first.n), first.p);
}

enum status ids_enter(struct ctx *c, const char *field, struct sv typed, struct id **out, size_t *n)
{
	struct sv rest = typed, word;

	*out = ARENA_ARRAY(c->arena, struct id, IDS_MAX);
	*n = 0;
	while (typed.n > 0 && sv_cut(&rest, '|', &word)) {
		struct organisation o;

		if (*n == IDS_MAX)
			return ctx_input(c, field, "error.too_many", IDS_MAX);
		if (!id_parse(word, &(*out)[*n]) || organisation_load(c, (*out)[*n], &o) != OK)
			return ctx_input(c, field, "error.code", 0);
		++*n;
	}
	return OK;
}

struct sv ids_text(struct ctx *c, const struct id *ids, size_t n)
{
	struct buf b = buf_new(c->arena, 64, IDS_MAX * 33);

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_byte(&b, '|');
		buf_hex(&b, ids[i].b, 16);
	}
	return buf_view(&b);
}

struct sv ids_add(struct ctx *c, struct sv before, struct id id)
{
	struct sv one = ids_text(c, &id, 1);

	if (before.n == 0)
		return one;
	if (before.n + 1 + one.n > IDS_MAX * 33)
		return before;
	return arena_format(c->arena, "%.*s|%.*s", (int)before.n, before.p, (int)one.n, one.p);
}

/* Ids that were stored by ids_text. */
static void ids_read(struct ctx *c, struct sv text, struct id **out, size_t *n)
{
	struct sv word;

	*out = ARENA_ARRAY(c->arena, struct id, IDS_MAX);
	*n = 0;
	while (text.n > 0 && *n < IDS_MAX && sv_cut(&text, '|', &word))
		if (id_parse(word, &(*out)[*n]))
			++*n;
}

static void row_to_head(struct ctx *c, const struct report_row *row, struct report_head *out)
{
	out->id = row->id;
	out->version = (uint32_t)row->version;
	out->organisation = row->organisation;
	out->state = row->state;
	out->rings = row->urgent;
	out->locked = row->locked;
	out->assignee = row->assignee;
	out->assignee_login = id_is_zero(row->assignee) ? SV_NONE : member_login(c, row->assignee);
	out->due_at = row->due_hour;
	out->overdue = row->due_hour != 0 && c->now >= row->due_hour;
	out->messages = row->messages;
}

void head_read(struct ctx *c, const struct report_row *row, const struct record *record, struct report_head *out)
{
	*out = (struct report_head){ .state = STATE_NONE };
	row_to_head(c, row, out);
	if (record == NULL)
		return;
	facts_read(c, record, &out->facts);
	out->channel = record_text(record, REPORT_channel);
	out->risk = record_text(record, REPORT_risk);
	out->subject = record_text(record, REPORT_subject);
	out->closure = record_text(record, REPORT_closure);
	out->danger_now = sv_is(record_text(record, REPORT_danger_now), "yes");
	out->has_code = sv_is(record_text(record, REPORT_has_code), "yes");
	out->received_at = record_number(record, REPORT_received_at);
	out->stripped_at = record_number(record, REPORT_stripped_at);
	out->people_estimate = (uint32_t)record_number(record, REPORT_people_estimate);
	ids_read(c, record_text(record, REPORT_excluded), &out->excluded, &out->excluded_n);
	out->due_now = out->overdue && !row->urgent && sv_is(out->risk, "immediate") && c->now < row->due_hour + HOUR_MS &&
		       (row->state == STATE_NEW || row->state == STATE_TRIAGE);
}
