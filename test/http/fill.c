/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http_fill SOCKET CODE: seals messages into the report of this code, as its reporter and over the keeper's real socket, until the keeper takes no
 * more. Prints how many it took. They are parts of the keeper alone: no row of the main database shows them. */
#include <stdio.h>
#include <string.h>

#include "keeper/client.h"

#define AT_ONCE 32 /* keys a set may make */

static enum status seal(struct ctx *c, size_t n)
{
	struct seal_part parts[AT_ONCE];
	struct seal_set set = { .event = EV_WRITE, .parts = parts, .part_count = n };
	struct settled settled = { .in_force = true };

	for (size_t i = 0; i < n; i++)
		parts[i] = (struct seal_part){ .record = id_new(),
					       .dossier = c->who->dossier,
					       .type = 2,
					       .class = REPORT,
					       .schema = 1,
					       .version = 1,
					       .first = true,
					       .fresh_key = true,
					       .plain = SV("one more") };
	TRY(keeper_seal(c, &set));
	settled.first_seq = set.first_seq;
	return keeper_settle(c->keeper, &settled, 1);
}

static enum status fill(struct ctx *c, size_t *taken)
{
	size_t n = AT_ONCE;

	for (;;) {
		struct arena *before = c->arena;
		enum status s;

		c->arena = arena_new(0);
		c->error = (struct error){ .status = OK };
		s = seal(c, n);
		arena_free(c->arena);
		c->arena = before;
		*taken += s == OK ? n : 0;
		if (s == E_LIMIT && n == 1)
			return OK;
		if (s == E_LIMIT)
			n = 1;
		else if (s != OK)
			return s;
	}
}

int main(int argc, char **argv)
{
	struct actor who = { .kind = ACTOR_REPORTER };
	struct ctx c = { .arena = arena_new(0), .who = &who, .language = LANG_FR };
	struct token token;
	size_t taken = 0;

	if (argc != 3 || keeper_connect(argv[1], &c.keeper) != OK || keeper_mailbox(&c, sv_of(argv[2]), &token) != OK)
		return 1;
	who.token = token;
	if (keeper_session(&c, &token, &who) != OK)
		return 2;
	who.token = token;
	if (fill(&c, &taken) != OK)
		return 3;
	keeper_close(c.keeper);
	arena_free(c.arena);
	printf("%zu\n", taken);
	return 0;
}
