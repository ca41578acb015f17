/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEST_TOOL_CASES_H
#define TEST_TOOL_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

void test_template_refusals(void **state);
void test_template_output(void **state);
void test_template_lines(void **state);
void test_template_circle(void **state);
void test_po_good(void **state);
void test_po_refusals(void **state);

#endif
