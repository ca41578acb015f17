/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_BASE_HELPER_H
#define TEST_BASE_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Look at memory through the kernel: also what was given back and no longer belongs to us. False when it is not mapped. */
bool peek(const void *p, void *out, size_t n);
void assert_zero(const void *p, size_t n);
/* Run f in a child. It must end with `status` and say exactly `words` on stderr. */
void assert_ends(void (*f)(void), int status, const char *words);

#endif
