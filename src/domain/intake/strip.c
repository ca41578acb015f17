/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stays of a report that was a false alarm or made in malice: the coded facts that figures are counted from. No subject, no way to
 * reach anybody, no word of anybody, no file. The dossier gets a new erasure share for this remainder; with the old one goes all else,
 * out of old copies too. The mailbox moves by no byte of its state: what was shown last is sealed anew, without the answer's words. */
#include "domain/intake/act.h"

static const uint16_t kept[] = {
	REPORT_channel,     REPORT_risk,    REPORT_child,    REPORT_region,      REPORT_sectors,  REPORT_forms,
	REPORT_received_at, REPORT_closure, REPORT_has_code, REPORT_stripped_at, REPORT_count_id,
};

bool closure_strips(struct sv closure)
{
	return sv_is(closure, "false_alarm") || sv_is(closure, "malicious");
}

static bool stays(uint16_t number)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (kept[i] == number)
			return true;
	return false;
}

/* The state the code opens now; empty when the desk never said one. */
static enum status shown_now(struct ctx *c, struct id report, struct sv *out)
{
	struct record *records;
	size_t n;

	*out = SV_NONE;
	TRY(record_load_dossier(c, &message_type, report, &records, &n));
	for (size_t i = 0; i < n; i++)
		if (record_has(&records[i], MESSAGE_shown_state))
			*out = record_text(&records[i], MESSAGE_shown_state);
	return OK;
}

enum status report_strip(struct ctx *c, struct record *head, bool answered)
{
	struct sv shown = SV_NONE;

	if (!answered && sv_is(record_text(head, REPORT_has_code), "yes"))
		TRY(shown_now(c, head->id, &shown));
	for (size_t i = 0; i < head->type->field_count; i++)
		if (!stays(head->type->fields[i].number))
			record_set_text(head, head->type->fields[i].number, SV_NONE);
	record_set_number(head, REPORT_stripped_at, c->now);
	TRY(record_strip(c, head));
	TRY(record_save(c, head));
	return shown.n > 0 ? answer_put(c, head->id, SV_NONE, shown) : OK;
}
