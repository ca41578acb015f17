/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page file's table, in one list. A page that is not here does not exist. */
#include "web/server.h"

extern const struct routes page_account, page_call, page_desk, page_desk_act, page_gallery, page_locks, page_login, page_public,
	page_queue, page_system;

const struct routes *const web_tables[] = {
	&page_system, &page_login,    &page_account, &page_public, &page_queue,
	&page_desk,   &page_desk_act, &page_call,    &page_locks,  &page_gallery,
};
const size_t web_table_count = sizeof(web_tables) / sizeof(web_tables[0]);
