-- SPDX-License-Identifier: GPL-3.0-or-later
-- Danger at another desk that nobody has taken.
-- $1 fallback id
-- $2 limit int
-- = id id
-- = state text
-- = urgent int
-- = due_hour int
-- = assignee id
SELECT id, state, urgent, due_hour, assignee
FROM report
WHERE fallback = $1 AND urgent = 1
ORDER BY due_hour, number
LIMIT $2;
