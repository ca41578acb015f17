/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page file's table, in one list. A page that is not here does not exist. */
#include "web/server.h"

extern const struct routes page_casefile, page_casefile_act, page_casefile_form, page_casefile_list, page_open_file, page_today;
extern const struct routes page_account, page_call, page_desk, page_desk_act, page_figures, page_gallery, page_join, page_locks,
	page_login, page_people, page_people_one, page_public, page_queue, page_readers, page_screening, page_screening_decide,
	page_screening_end, page_settings, page_signing, page_system, page_team;

const struct routes *const web_tables[] = {
	&page_system,    &page_login,   &page_join,      &page_people,        &page_people_one,       &page_settings,
	&page_account,   &page_public,  &page_queue,     &page_desk,          &page_desk_act,         &page_call,
	&page_locks,     &page_gallery, &page_screening, &page_screening_end, &page_screening_decide, &page_signing,
	&page_team,      &page_today,   &page_casefile,  &page_casefile_act,  &page_casefile_form,    &page_casefile_list,
	&page_open_file, &page_figures, &page_readers,
};
const size_t web_table_count = sizeof(web_tables) / sizeof(web_tables[0]);
