/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal: lines out, lines in, a secret without echo. */
#include "cli/terminal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX 1024

void tell_bytes(int fd, struct sv bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* nobody listens */
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
}

void tell(int fd, const char *format, ...)
{
	char line[4096];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n] = '\n';
	tell_bytes(fd, sv_bytes(line, (size_t)n + 1));
}

int tell_error(const struct ctx *c, const char *what)
{
	tell(2, "amana: %s: %s", what, c->error.what == NULL ? status_name(c->error.status) : c->error.what);
	return 1;
}

/* --- reading lines ---------------------------------------------------------------------------------------------------------- */

struct lines lines_of(struct arena *a, int fd, size_t longest)
{
	return (struct lines){ .fd = fd, .memory = arena_alloc(a, longest + 1), .room = longest + 1 };
}

/* More bytes behind what is there; moves it to the front first. False at the end or on an error (errno set). */
static bool fill(struct lines *l)
{
	ssize_t n;

	memmove(l->memory, l->memory + l->start, l->end - l->start);
	l->end -= l->start;
	l->start = 0;
	do
		n = read(l->fd, l->memory + l->end, l->room - l->end);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		l->end += (size_t)n;
		return true;
	}
	l->over = n == 0;
	return false;
}

static enum status pass_over(struct lines *l)
{
	for (;;) {
		const char *newline = memchr(l->memory, '\n', l->end);

		if (newline != NULL) {
			l->start = (size_t)(newline - l->memory) + 1;
			return E_LIMIT;
		}
		l->start = l->end;
		if (!fill(l))
			return l->over ? E_LIMIT : E_IO;
	}
}

enum status lines_next(struct lines *l, struct sv *out, bool *end)
{
	*end = false;
	for (;;) {
		char *from = l->memory + l->start, *newline = memchr(from, '\n', l->end - l->start);

		if (newline != NULL || (l->over && l->end > l->start)) {
			*out = sv_bytes(from, newline == NULL ? l->end - l->start : (size_t)(newline - from));
			l->start = newline == NULL ? l->end : (size_t)(newline - l->memory) + 1;
			l->number++;
			return OK;
		}
		if (l->over) {
			*end = true;
			return OK;
		}
		if (l->end - l->start == l->room) {
			l->number++;
			return pass_over(l);
		}
		if (!fill(l) && !l->over)
			return E_IO;
	}
}

/* --- secrets ---------------------------------------------------------------------------------------------------------------- */

/* Byte by byte: what follows the line stays for whoever reads next. */
static enum status read_line(struct arena *a, struct sv *out)
{
	char *text = arena_alloc(a, SECRET_MAX + 1);
	size_t n = 0;
	char byte;

	while (read(0, &byte, 1) == 1) {
		if (byte == '\n') {
			*out = sv_bytes(text, n);
			return OK;
		}
		if (n == SECRET_MAX)
			return E_LIMIT;
		text[n++] = byte;
	}
	*out = sv_bytes(text, n);
	return n > 0 ? OK : E_IO;
}

enum status ask_secret(struct arena *a, const char *question, struct sv *out)
{
	struct termios before, quiet;
	bool terminal = tcgetattr(0, &before) == 0;
	enum status s;

	if (!terminal)
		return read_line(a, out);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tell_bytes(2, sv_of(question));
	(void)tcsetattr(0, TCSAFLUSH, &quiet);
	s = read_line(a, out);
	(void)tcsetattr(0, TCSAFLUSH, &before);
	tell_bytes(2, SV("\n"));
	return s;
}
