/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event is a record of class STAT without a dossier: its fields as any other type's, sealed by the keeper to the programme in the set of
 * the act it counts. Neither time of day nor anything written by hand goes in. */
#include "domain/statistics/statistics.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/zone.h"

static const char *const codes[STAT_CODE_COUNT] = {
	[STAT_REPORT] = "report",
	[STAT_REPORT_CLOSED] = "report_closed",
	[STAT_REPORT_REOPENED] = "report_reopened",
	[STAT_CASE] = "case",
	[STAT_SCREENING] = "screening",
	[STAT_PRESUMPTION] = "presumption",
	[STAT_PRESUMPTION_SIGNED] = "presumption_signed",
	[STAT_PRESUMPTION_RETURNED] = "presumption_returned",
};

enum stat_code stat_code_parse(struct sv code)
{
	for (unsigned i = STAT_REPORT; i < STAT_CODE_COUNT; i++)
		if (sv_is(code, codes[i]))
			return (enum stat_code)i;
	return (enum stat_code)0;
}

/* Codes come from fields that were checked when they were entered; what does not stand in its list is a mistake of ours. */
static enum status set_code(struct ctx *c, struct record *r, uint16_t number, struct sv code)
{
	const struct field *f = &r->type->fields[field_index(r->type, number)];
	struct field_value v;

	if (code.n == 0)
		return OK;
	if (field_parse(c, f, code, &v) != OK)
		return ERR(c, E_BUG, "an event's code is in no list");
	record_set_text(r, number, v.text);
	return OK;
}

static enum status set_codes(struct ctx *c, struct record *r, const struct stat_event *e)
{
	TRY(set_code(c, r, EVENT_code, sv_of(codes[e->code])));
	TRY(set_code(c, r, EVENT_count, e->count_id));
	TRY(set_code(c, r, EVENT_from_report, e->from_report));
	TRY(set_code(c, r, EVENT_channel, e->channel));
	TRY(set_code(c, r, EVENT_region, e->region));
	TRY(set_code(c, r, EVENT_sectors, e->sectors));
	TRY(set_code(c, r, EVENT_forms, e->forms));
	TRY(set_code(c, r, EVENT_risk, e->risk));
	TRY(set_code(c, r, EVENT_child, e->child));
	TRY(set_code(c, r, EVENT_reason, e->reason));
	TRY(set_code(c, r, EVENT_sex, e->sex));
	TRY(set_code(c, r, EVENT_age_bracket, e->age_bracket));
	return set_code(c, r, EVENT_nationality, e->nationality);
}

enum status stat_emit(struct ctx *c, const struct stat_event *e)
{
	struct record *r = record_new(c, &event_type, ID_ZERO);
	struct id organisation = id_is_zero(e->organisation) ? c->who->organisation : e->organisation;

	if (e->code < STAT_REPORT || e->code >= STAT_CODE_COUNT || e->count_id.n == 0)
		return ERR(c, E_BUG, "an event without code or count id");
	TRY(set_codes(c, r, e));
	record_set_number(r, EVENT_day, zone_local(e->at) / DAY_MS);
	if (e->turn > 0)
		record_set_number(r, EVENT_turn, (int64_t)e->turn);
	if (e->people > 0)
		record_set_number(r, EVENT_people, (int64_t)e->people);
	if (!id_is_zero(organisation))
		record_set_text(r, EVENT_organisation, hex(c->arena, id_view(&organisation)));
	return change_drop(c, &event_type, r->values);
}

struct sv stat_count_id(struct ctx *c)
{
	struct id id = id_new();

	return hex(c->arena, id_view(&id));
}
