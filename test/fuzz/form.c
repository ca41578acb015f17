/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte chooses the kind of body and whether it was cut; the rest is the body. Whatever comes in is parsed, bound and written
 * again as a draft; a draft must parse. */
#include "web/form.h"

struct in {
	struct sv a, b, c, d;
	uint32_t n;
	bool f;
	struct id i;
	struct key16 k;
	struct upload u;
};
static const struct param params[] = {
	PARAM(struct in, a, P_TEXT, 20, .required = true),
	PARAM(struct in, b, P_LONG, 50),
	PARAM(struct in, c, P_CODE, 8),
	PARAM(struct in, d, P_CODES, 8),
	PARAM(struct in, n, P_U32, 1000),
	PARAM(struct in, f, P_FLAG, 0),
	PARAM(struct in, i, P_ID, 0),
	PARAM(struct in, k, P_KEY16, 0),
	PARAM(struct in, u, P_FILE, 64),
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const own[] = { "csrf", "ticket" };
	struct sv type = SV("application/x-www-form-urlencoded");
	struct arena *arena;
	struct ctx c;
	struct form *form, *again;
	struct in in = { 0 };

	if (n == 0)
		return 0;
	if (data[0] & 1)
		type = SV("multipart/form-data; boundary=B");
	arena = arena_new(64 * 1024 * 1024);
	c = (struct ctx){ .arena = arena };
	form = ARENA_NEW(arena, struct form);
	again = ARENA_NEW(arena, struct form);
	if (form_parse(arena, type, sv_bytes(data + 1, n - 1), (data[0] & 2) != 0, form) == OK) {
		(void)!form_bind(&c, form, params, sizeof(params) / sizeof(params[0]), own, 2, &in);
		if (form_parse(arena, SV("application/x-www-form-urlencoded"), form_text(arena, form), false, again) != OK)
			__builtin_trap();
	}
	arena_free(arena);
	return 0;
}
