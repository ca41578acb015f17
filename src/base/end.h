/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_END_H
#define BASE_END_H

/* For base alone: the process cannot go on (out of memory, an arena past its cap, no randomness). One plain line to stderr, then
 * exit status 70, so that the parent starts a fresh one. The text must be a constant of ours. */
#define PROCESS_END_STATUS 70
_Noreturn void process_end(const char *literal);

#endif
