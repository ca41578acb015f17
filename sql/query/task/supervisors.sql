-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 organisation id
-- $2 nobody id
-- $3 limit int
-- = id id
-- = dossier id
-- = assignee id
-- = type text
-- = due_hour int
SELECT id, dossier, assignee, type, due_hour
FROM task
WHERE organisation = $1 AND assignee = $2 AND state = 'open'
ORDER BY due_hour, number
LIMIT $3;
