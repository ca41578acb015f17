-- SPDX-License-Identifier: GPL-3.0-or-later
-- One open task of a kind a file: a second one moves the first.
-- $1 id id
-- $2 organisation id
-- $3 assignee id
-- $4 type text
-- $5 dossier id
-- $6 due_hour int
INSERT INTO task (id, organisation, assignee, type, dossier, due_hour, state, version)
VALUES ($1, $2, $3, $4, $5, $6, 'open', 1)
ON CONFLICT (dossier, type) WHERE state = 'open' DO UPDATE SET assignee = excluded.assignee, due_hour = excluded.due_hour,
	version = version + 1;
