/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOMAIN_STATISTICS_STATISTICS_H
#define DOMAIN_STATISTICS_STATISTICS_H

#include "domain/statistics/types.h"
#include "record/record.h"

/* Events for the programme's figures: written by everybody in the act they count, read by the programme's M&E people alone, who open no
 * dossier. */

/* Codes of data/codes/stat_events.csv, in its order. */
enum stat_code {
	STAT_REPORT = 1,
	STAT_REPORT_CLOSED,
	STAT_REPORT_REOPENED,
	STAT_CASE,
	STAT_SCREENING,
	STAT_PRESUMPTION,
	STAT_PRESUMPTION_SIGNED,
	STAT_PRESUMPTION_RETURNED,
	STAT_CODE_COUNT
};

/* What is not known stays SV_NONE, zeros or 0. Of what is counted twice for one thing the event with the highest turn is what holds: a
 * report closed, opened again, closed for another reason; a file whose region was corrected. */
struct stat_event {
	enum stat_code code;
	int64_t at; /* ms: the moment that counts (a report: when it was received); kept is its day in the zone of the deployment */
	struct sv count_id;     /* 32 hex digits: of the person's file or of the report */
	struct sv from_report;  /* count id of the report a file was opened from */
	uint64_t turn;          /* version of what the event is about */
	struct id organisation; /* zeros: the actor's own */
	struct sv channel, region, sectors, forms, risk, child, reason, sex, age_bracket, nationality; /* codes */
	uint32_t people; /* how many people a report speaks of, as estimated */
};
/* Inside a run: the event becomes part of the set. A code that is not in its list is E_BUG. */
enum status stat_emit(struct ctx *c, const struct stat_event *e) MUST_CHECK;
/* A count id made now, in the arena. */
struct sv stat_count_id(struct ctx *c);

#endif
