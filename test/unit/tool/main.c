/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The build's own programs: what the template compiler and the catalogue accept, make and refuse. */
#include "cases.h"

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_template_refusals), cmocka_unit_test(test_template_output),
		cmocka_unit_test(test_template_lines),    cmocka_unit_test(test_template_circle),
		cmocka_unit_test(test_po_good),           cmocka_unit_test(test_po_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
