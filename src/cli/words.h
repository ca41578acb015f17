/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <argp.h>
#include <stddef.h>

#include "base/view.h"

/* The words of a command: every option takes a text or none, and so many arguments. One parser for all commands, so that they
 * all answer --help and mistakes alike (exit code 2). */
#define WORDS_MAX 16
#define WORD_KEY(n) (0x200 + (n)) /* key of option n in an argp_option table */
struct words {
	const char *option[WORDS_MAX]; /* by n; "" when an option without a text was given, NULL when not given */
	const char *arg[WORDS_MAX];
	size_t arg_count;
};
struct words_form {
	const char *name; /* the whole of it, as typed: "amana organisation add" */
	const struct argp_option *options;
	const char *args; /* "DIR FILE" */
	const char *doc;
	size_t least, most;
};
/* The text of option n, empty when it was not given. */
struct sv words_option(const struct words *w, size_t n);
/* Are these options all there? Names on the terminal those that are not. */
bool words_given(const struct words_form *form, const struct words *w, const size_t *needed, size_t n);
/* Ends the process on --help and on mistakes. */
void words_parse(const struct words_form *form, int argc, char **argv, struct words *out);

#endif
