/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords that are guessed soon, and those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "keeper/people/weak.h"

static const char *const refused[] = {
	"short",         "elevenchars",       "aaaaaaaaaaaaaaaa", "123456789012",   "password1234",
	"P@ssw0rd2026!", "sunshine sunshine", "qwertyuiop123",    "Casablanca2026", "MotDePasse-2026",
};
static const char *const taken[] = {
	"a long enough pass phrase", "amandier en fleur", "correct horse battery", "xK9 vQ2 mZ7 rT4", "كلمة سر طويلة جدا",
};

static void test_passwords(void **state)
{
	struct words *w = words_load();

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!password_weak(w, sv_of(refused[i]), SV("dar-noor.desk")))
			fail_msg("%s", refused[i]);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (password_weak(w, sv_of(taken[i]), SV("dar-noor.desk")))
			fail_msg("%s", taken[i]);
	words_free(w);
}

/* On a machine without the list its own few words are left. */
static void test_without_a_list(void **state)
{
	assert_true(password_weak(NULL, SV("Casablanca2026"), SV("somebody")));
	assert_true(password_weak(NULL, SV("somebody2026!"), SV("somebody")));
	assert_false(password_weak(NULL, SV("amandier en fleur"), SV("somebody")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_passwords), cmocka_unit_test(test_without_a_list) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
