-- SPDX-License-Identifier: GPL-3.0-or-later
-- Open tasks of an organisation whose hour has passed, oldest first.
-- $1 organisation id
-- $2 now int
-- = dossier id
-- = assignee id
-- = type text
-- = due_hour int
SELECT dossier, assignee, type, due_hour
FROM task
WHERE organisation = $1 AND state = 'open' AND due_hour < $2
ORDER BY due_hour, number;
