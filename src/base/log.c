/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log: one line an event, "second process event status a b c d", to stderr with a single write so that lines of threads and
 * processes do not mix. Nothing but constants of ours and integers has a way in (T-LOG-1). The process name and
 * whether to be quiet are the only state, set once, at start. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

#include <unistd.h>

static const char *const events[LOG_EVENT_COUNT] = {
	[LOG_START] = "start",
	[LOG_READY] = "ready",
	[LOG_STOP] = "stop",
	[LOG_CHILD_ENDED] = "child_ended",
	[LOG_CHILD_STARTED] = "child_started",
	[LOG_REQUEST] = "request",
	[LOG_REFUSED] = "refused",
	[LOG_DATABASE] = "database",
	[LOG_KEEPER] = "keeper",
	[LOG_SANDBOX] = "sandbox",
	[LOG_ALARM] = "alarm",
	[LOG_RECOVERY] = "recovery",
	[LOG_DISK] = "disk",
	[LOG_UPLOAD] = "upload",
	[LOG_COMMAND] = "command",
};

static const char *process_name = "amana";
static bool quiet;

void log_open(const char *process)
{
	process_name = process;
}

void log_quiet(void)
{
	quiet = true;
}

static void line_start(struct buf *b, enum log_event e)
{
	buf_decimal(b, clock_now() / SECOND_MS);
	buf_byte(b, ' ');
	buf_text(b, process_name);
	buf_byte(b, ' ');
	buf_text(b, (unsigned)e < LOG_EVENT_COUNT ? events[e] : "unknown");
}

/* A line that cannot be written is lost: there is nowhere to say so. */
static void line_end(struct buf *b)
{
	ssize_t written;

	buf_byte(b, '\n');
	if (buf_ok(b) != OK)
		return;
	written = write(STDERR_FILENO, b->p, b->n);
	(void)written;
}

void log_event(enum log_event e, enum status s, int64_t a, int64_t b, int64_t c, int64_t d)
{
	char memory[256];
	struct buf line = buf_over(memory, sizeof memory);
	const int64_t numbers[4] = { a, b, c, d };

	if (quiet && s == OK)
		return;
	line_start(&line, e);
	buf_byte(&line, ' ');
	buf_text(&line, status_name(s));
	for (size_t i = 0; i < 4; i++) {
		buf_byte(&line, ' ');
		buf_decimal(&line, numbers[i]);
	}
	line_end(&line);
}

void log_note(enum log_event e, const char *literal)
{
	char memory[512];
	struct buf line = buf_over(memory, sizeof memory);

	line_start(&line, e);
	buf_text(&line, ": ");
	buf_text(&line, literal);
	line_end(&line);
}

void log_advice(enum log_event e, const char *literal)
{
	if (!quiet)
		log_note(e, literal);
}
