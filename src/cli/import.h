/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "domain/intake/intake.h"

/* A hotline log as CSV, column by column the fields of a report (doc/operate/import.md). */
struct import_log {
	struct staff_form *rows;
	size_t *lines;   /* of each row in the file */
	size_t n, wrong; /* wrong: what was told on stderr */
};
/* Reads and checks every line; tells each mistake by line and column. E_INPUT when there was one: nothing may be written then. */
enum status import_read(struct ctx *c, struct sv csv, struct import_log *out) MUST_CHECK;
/* Writes set by set what was not imported before; stops at the first failure. *added counts the new ones. */
enum status import_write(struct ctx *c, const struct import_log *log, size_t *added) MUST_CHECK;
int import_command(int argc, char **argv);

#endif
