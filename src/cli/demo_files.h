/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_DEMO_FILES_H
#define CLI_DEMO_FILES_H

#include "domain/casefile/casefile.h"

/* The people of the twelve invented cases whose files stand in the demo instance, as far as their road goes. */
struct demo_note {
	const char *kind, *text, *told; /* told: "yes" or NULL */
};
struct demo_file {
	const char *name;    /* of the case whose report it comes from */
	const char *by;      /* login of who opens it: a desk, or the case manager himself */
	const char *manager; /* login of who has it */
	const char *working_name, *alert;
	struct case_open open;
	const char *risk, *risk_why; /* assessed by the case manager; NULL = not yet */
	struct demo_note notes[3];
};
extern const struct demo_file demo_files[];
extern const size_t demo_file_count;

#endif
