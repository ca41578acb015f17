/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

/* What a process shuts itself out of (measured.md 8). Order in a process: open sockets and databases -> sandbox_paths (Landlock binds
 * the calling thread and its later children: before any thread) -> start threads -> sandbox_calls (seccomp with TSYNC, a call that is
 * not listed kills the process). On a kernel without Landlock: a log line and OK; without seccomp: E_IO. */
enum status sandbox_paths(const char *const *read_write, size_t rw_count, const char *const *read_only, size_t ro_count) MUST_CHECK;
/* Names as in libseccomp, e.g. "pread64"; the rare ones of measured.md 8 are added by itself. */
enum status sandbox_calls(const char *const *names, size_t n) MUST_CHECK;
/* Limits no one can raise again: address space and size of written files in bytes, processor seconds (the last but one ends the process
 * by SIGXCPU); no further descriptor, process or core. Sanitizer builds, whose shadow memory is huge, leave the address space open. */
enum status sandbox_limits(uint64_t memory, uint64_t file, unsigned seconds) MUST_CHECK;

#endif
