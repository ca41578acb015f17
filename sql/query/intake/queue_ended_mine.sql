-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 assignee id
-- $2 limit int
-- $3 offset int
-- = id id
-- = state text
-- = urgent int
-- = due_hour int
-- = assignee id
SELECT id, state, urgent, due_hour, assignee
FROM report
WHERE assignee = $1 AND open = 0
ORDER BY number DESC
LIMIT $2 OFFSET $3;
