-- SPDX-License-Identifier: GPL-3.0-or-later
-- What nobody works on yet: before and in triage.
-- $1 organisation id
-- $2 limit int
-- = id id
-- = state text
-- = urgent int
-- = due_hour int
-- = assignee id
SELECT id, state, urgent, due_hour, assignee
FROM report
WHERE organisation = $1 AND open = 1 AND state IN ('new', 'triage')
ORDER BY (urgent IS NULL), (due_hour IS NULL), due_hour, number
LIMIT $2;
