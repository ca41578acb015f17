-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 organisation id
-- $2 limit int
-- $3 offset int
-- = id id
-- = organisation id
-- = fallback id
-- = state text
-- = open int
-- = messages int
-- = urgent int
-- = due_hour int
-- = ring_at int
-- = assignee id
-- = locked int
-- = version int
SELECT id, organisation, fallback, state, open, messages, urgent, due_hour, ring_at, assignee, locked, version
FROM report
WHERE organisation = $1 AND open = 0
ORDER BY number DESC
LIMIT $2 OFFSET $3;
