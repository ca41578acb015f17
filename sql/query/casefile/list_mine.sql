-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 assignee id
-- $2 open int
-- $3 limit int
-- $4 offset int
-- = id id
-- = organisation id
-- = assignee id
-- = code text
-- = state text
-- = due_hour int
-- = locked int
-- = version int
SELECT id, organisation, assignee, code, state, due_hour, locked, version
FROM casefile
WHERE assignee = $1 AND open = $2
ORDER BY (due_hour IS NULL), due_hour, number
LIMIT $3 OFFSET $4;
