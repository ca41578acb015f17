/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "base/context.h"

/* Talking to the person at the terminal: fd 1 for what was asked for, 2 for what went wrong. */
void tell(int fd, const char *format, ...) __attribute__((format(printf, 2, 3))); /* a line, cut at 4 KiB */
void tell_bytes(int fd, struct sv bytes);                                         /* as they are, all of them */
/* The error of a context in one line: "amana: WHAT: sentence". Gives the exit code 1. */
int tell_error(const struct ctx *c, const char *what);
/* A secret typed without echo (or the next line when stdin is no terminal). E_IO at the end of input, E_LIMIT over 1 KiB. */
enum status ask_secret(struct arena *a, const char *question, struct sv *out) MUST_CHECK;

/* Lines of a file descriptor, bounded. */
struct lines {
	int fd;
	char *memory;
	size_t room, start, end;
	size_t number; /* of the line given last, from 1 */
	bool over;
};
struct lines lines_of(struct arena *a, int fd, size_t longest);
/* The next line without its newline, valid until the next call. *end after the last. E_LIMIT: longer than `longest`, the rest
 * was passed over and reading goes on; E_IO. */
enum status lines_next(struct lines *l, struct sv *out, bool *end) MUST_CHECK;

#endif
