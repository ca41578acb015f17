-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 dossier id
-- = id id
-- = dossier id
-- = assignee id
-- = type text
-- = due_hour int
SELECT id, dossier, assignee, type, due_hour
FROM task
WHERE dossier = $1 AND state = 'open'
ORDER BY due_hour, number;
