/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rooms whose records lie in a report ask of it before they write. */
#include "domain/intake/act.h"

enum status report_worked_on(struct ctx *c, struct id report)
{
	struct report_row row;

	TRY(row_load(c, report, &row));
	if (row.state != STATE_ASSIGNED && row.state != STATE_WAITING)
		return ERR(c, E_STATE, "nobody works on the report now");
	return OK;
}
