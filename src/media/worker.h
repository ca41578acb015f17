/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEDIA_WORKER_H
#define MEDIA_WORKER_H

#include "media/protocol.h"

/* The child: one file, then it ends. Exit status 0 and a written result, REFUSED_EXIT + enum media_refusal, or a signal. */

/* Map both memory files, close every other descriptor, shut itself in, look, end. */
_Noreturn void worker_run(int content_fd, uint32_t size, int result_fd);
/* Limits and system calls of a child: after it only computing is left. E_IO. */
enum status worker_shut(void) MUST_CHECK;
/* The work itself, pure: content to result (RESULT_SIZE bytes). Ends the process when it refuses. */
void worker_look(struct sv content, uint8_t *result);

#endif
