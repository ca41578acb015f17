/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix is the only source of rights: a route whose right no role has would be a page nobody reaches, and one that names a class the
 * matrix does not have would be one by mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/policy.h"
#include "web/server.h"

static bool any_role(enum class class, enum op op)
{
	return policy_may(ROLE_BIT(ROLE_COUNT) - 1, class, op);
}

static void test_T_ACC_1_every_route_has_a_role(void **state)
{
	size_t with_class = 0;

	(void)state;
	for (size_t t = 0; t < web_table_count; t++)
		for (size_t i = 0; i < web_tables[t]->n; i++) {
			const struct route *r = &web_tables[t]->rows[i];

			if (r->need.kind != NEED_CLASS)
				continue;
			with_class++;
			if (!any_role(r->need.class, (enum op)r->need.op))
				fail_msg("%s asks for a right no role has", r->path);
		}
	assert_true(with_class > 20);
	assert_false(any_role(CLASS_BOUND, OP_READ)); /* the question can be answered with no */
	assert_false(any_role(STAT, OP_SIGN));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_T_ACC_1_every_route_has_a_role) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
