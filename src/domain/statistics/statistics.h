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

enum stat_code stat_code_parse(struct sv code); /* 0: none of them */

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

/* --- counting: in the session of one who reads figures for the programme ------------------------------------------------------- */
/* What is counted, by the programme's definitions. Reports and persons count in the month a report was received, the rest in the month of
 * the act. */
enum figure {
	FIGURE_REPORTS,      /* received */
	FIGURE_NOT_FALSE,    /* of these, not closed as false alarm or malicious */
	FIGURE_COUNTED,      /* SAVE-1: not closed as duplicate, out of scope or malicious */
	FIGURE_PERSONS,      /* SAVE-1b: persons with a file, linked to a report that counts */
	FIGURE_PEOPLE,       /* people estimated in reports that count and led to no file */
	FIGURE_SCREENINGS,   /* finished */
	FIGURE_PRESUMPTIONS, /* persons presumed to be victims, at the first presumption */
	FIGURE_SIGNED,       /* of these countersigned, at the first second signature */
	FIGURE_COUNT
};
struct stat_row {
	int year, month; /* of the deployment's zone; 0 0: all months */
	uint32_t n[FIGURE_COUNT];
	uint32_t hidden; /* bit f: figure f is not to be shown */
};
struct stat_figures {
	struct stat_row *months; /* newest first; a month without any event is left out */
	size_t n;
	struct stat_row total;
};
/* How many events are stored; one that has `most` looks no further. */
enum status stat_stored(struct ctx *c, size_t most, size_t *n) MUST_CHECK;
/* Opens every event; what is opened is journalled with its count. E_DENIED; E_LIMIT more than two millions;
 * E_CRYPTO when an event is damaged or was taken away. */
enum status stat_count(struct ctx *c, struct stat_figures *out) MUST_CHECK;
/* Hide by the rule of an audience (publication_rules.csv): what is not nothing and smaller than its smallest cell; a part whose whole would
 * give such a number away; the sum of a column when one month of it is hidden, or little in all. smallest: out, that cell. E_NOTFOUND no such audience. */
enum status stat_hide(struct stat_figures *f, const char *audience, int64_t *smallest) MUST_CHECK;

#endif
