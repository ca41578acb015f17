/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include <stdbool.h>
#include <stddef.h>

/* What is in the demo instance. Everything is invented: organisations, people, employers, dates, numbers. */

struct demo_organisation {
	const char *code, *name[3]; /* by enum language */
	const char *type, *region, *accepts, *phone;
	const struct demo_person *people;
	const char *names[5]; /* of these people, NULL = gives none */
	size_t people_n;
	unsigned routes; /* bit n: web reports of region n of regions.csv; bit 0: those without a region */
	const char *fallback;
	const char *host; /* holds officer, administrator and second signer for it; NULL = its own */
	bool programme;   /* reads figures, has no desk */
};
struct demo_person {
	const char *post, *roles, *language;
};

/* What a desk does with a report after it came; steps are done by the members of that organisation. */
enum demo_step_kind {
	STEP_END,
	STEP_TRIAGE,
	STEP_TAKE,
	STEP_ASSIGN,
	STEP_ANSWER,
	STEP_NOTE,
	STEP_REDIRECT,
	STEP_WAIT,
	STEP_CLOSE,
	STEP_FILE,    /* opens the person's file: word the basis, text the working name */
	STEP_SCREEN,  /* word: under 18? text: what was answered yes; none = all no. On the report as long as there is no file */
	STEP_PRESUME, /* text: the reason */
	STEP_SIGN     /* word: the verdict */
};
struct demo_step {
	enum demo_step_kind what;
	const char *by;   /* "tafoukt.desk" */
	const char *word; /* risk, login, shown state, organisation, closure */
	const char *text;
};
struct demo_case {
	const char *name; /* of sample_cases */
	const char *by;   /* login of who types it in; NULL = the web form */
	const char *channel, *received, *text;
	const char *language, *region, *reporter, *sectors, *forms, *child, *self, *people;
	const char *way, *hours, *phone;
	int danger;
	struct demo_step steps[9];
};

extern const struct demo_organisation demo_organisations[];
extern const size_t demo_organisation_count;
extern const struct demo_case demo_cases[];
extern const size_t demo_case_count;
#define DEMO_PASSWORD "amandier en fleur"
#define DEMO_CODE_CASE "C02-A" /* the web report whose code is printed */

#endif
