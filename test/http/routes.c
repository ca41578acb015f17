/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints every route of the product, one a line: method, site, path, need (public, session, class), flags. With an argument, below each route
 * its fields: a tab, name, kind, greatest length, code list. */
#include <stdio.h>

#include "web/server.h"

static void fields(const struct route *r)
{
	static const char *const kinds[] = { "id", "number", "text", "long", "code", "codes", "flag", "file", "key" };

	for (size_t i = 0; i < r->param_count; i++)
		printf("\t%s %s %u %s\n", r->params[i].name, kinds[r->params[i].kind], r->params[i].max,
		       r->params[i].codes == NULL ? "-" : r->params[i].codes);
}

int main(int argc, char **argv)
{
	(void)argv;
	static const char *const sites[] = { "public", "staff", "files", "any" }, *const needs[] = { "", "public", "session",
												     "class" };

	for (size_t t = 0; t < web_table_count; t++)
		for (size_t i = 0; i < web_tables[t]->n; i++) {
			const struct route *r = &web_tables[t]->rows[i];

			printf("%s %s %s %s %s%s%s\n", r->method == M_GET ? "GET" : "POST", sites[r->site], r->path,
			       needs[r->need.kind], (r->flags & ROUTE_KEPT) != 0 ? "kept," : "",
			       (r->flags & ROUTE_TICKET) != 0 ? "ticket," : "", (r->flags & ROUTE_FILE) != 0 ? "file," : "");
			if (argc > 1)
				fields(r);
		}
	return 0;
}
