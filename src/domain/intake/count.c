/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the programme counts of a report: that it came, that it was closed and why, that it was opened again. Coded facts and the count id
 * alone; the report's text, subject and numbers are never among them, so nothing of an event has to go when the report is stripped. */
#include "domain/intake/act.h"

enum status report_counts(struct ctx *c, enum stat_code code, const struct record *head, uint64_t turn, struct sv reason)
{
	return stat_emit(c, &(struct stat_event){ .code = code,
						  .at = code == STAT_REPORT ? record_number(head, REPORT_received_at) : c->now,
						  .count_id = record_text(head, REPORT_count_id),
						  .turn = turn,
						  .channel = record_text(head, REPORT_channel),
						  .region = record_text(head, REPORT_region),
						  .sectors = record_text(head, REPORT_sectors),
						  .forms = record_text(head, REPORT_forms),
						  .risk = record_text(head, REPORT_risk),
						  .child = record_text(head, REPORT_child),
						  .reason = reason,
						  .people = (uint32_t)record_number(head, REPORT_people_estimate) });
}
