/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>
#include "base/id.h"
#include "base/status.h"

/* A log line is an event of this list, integers and ids: no text of a request or record has a way in (T-LOG-1).
 * One line: second, process, event, status, up to four numbers. Written to stderr. */
enum log_event {
	LOG_START,
	LOG_READY,
	LOG_STOP,
	LOG_CHILD_ENDED,
	LOG_CHILD_STARTED,
	LOG_REQUEST,
	LOG_REFUSED,
	LOG_DATABASE,
	LOG_KEEPER,
	LOG_SANDBOX,
	LOG_ALARM,
	LOG_RECOVERY,
	LOG_DISK,
	LOG_UPLOAD,
	LOG_COMMAND,
	LOG_EVENT_COUNT
};
void log_open(const char *process); /* a constant name: "web", "keeper" */
void log_quiet(void);               /* events that went well are left out from now on: for commands at a terminal */
void log_event(enum log_event e, enum status s, int64_t a, int64_t b, int64_t c, int64_t d);
/* A constant text of ours for operators ("database is locked"): literals only, enforced by the "" prefix. */
#define LOG_NOTE(event, literal) log_note((event), "" literal)
void log_note(enum log_event e, const char *literal);
/* The same for what is no fault but should be put right some day: left out where log_quiet was asked for. */
#define LOG_ADVICE(event, literal) log_advice((event), "" literal)
void log_advice(enum log_event e, const char *literal);

#endif
