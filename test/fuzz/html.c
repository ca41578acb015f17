/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes through every escaper: what comes out cannot leave its position. */
#include <stdlib.h>
#include <string.h>

#include "html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void hold(bool good)
{
	if (!good)
		abort();
}

static bool marks(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '<' || s.p[i] == '>' || s.p[i] == '"' || s.p[i] == '\'')
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(0);
	struct sv in = sv_bytes(data, n), out;
	struct buf b = buf_new(a, 256, 1 << 20);

	html_text(&b, in);
	html_message(&b, LANG_AR, MSG_ERROR_TOO_LONG, &in, 1);
	hold(buf_ok(&b) == OK && !marks(buf_view(&b)));
	b.n = 0;
	html_url(&b, in);
	out = buf_view(&b);
	hold(buf_ok(&b) == OK && !marks(out) && memchr(out.p, '/', out.n) == NULL && memchr(out.p, '&', out.n) == NULL);
	b.n = 0;
	html_path(&b, in);
	out = buf_view(&b);
	hold(!marks(out) && out.n > 0 &&
	     (out.p[0] == '#' || (out.p[0] == '/' && (out.n == 1 || (out.p[1] != '/' && out.p[1] != '\\')))));
	arena_free(a);
	return 0;
}
