/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token that proves a form, masked anew wherever it is written: a random pad, then pad XOR token. Nothing on a page is twice the
 * same secret, so the length of a packed page says nothing of it (doc/adr/0008-packed-pages.md). */
#include "web/csrf.h"

#include "base/random.h"
#include "base/text.h"
#include "base/ticket.h"
#include "web/web.h"

struct masked {
	uint8_t pad[16], token[16];
};

struct sv csrf_text(const struct ctx *c)
{
	struct masked m;

	if (c->who->kind == ACTOR_NONE)
		return SV("");
	random_fill(m.pad, sizeof(m.pad));
	for (size_t i = 0; i < sizeof(m.pad); i++)
		m.token[i] = m.pad[i] ^ c->who->csrf[i];
	return base64url(c->arena, sv_bytes(&m, sizeof(m)));
}

bool csrf_right(const struct actor *who, struct sv given)
{
	struct masked m;

	if (!base64url_parse(given, &m, sizeof(m)))
		return false;
	for (size_t i = 0; i < sizeof(m.pad); i++)
		m.token[i] ^= m.pad[i];
	return equal_secret(m.token, who->csrf, sizeof(who->csrf));
}
