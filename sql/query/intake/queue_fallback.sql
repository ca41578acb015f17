-- SPDX-License-Identifier: GPL-3.0-or-later
-- Danger at another desk that nobody has taken.
-- $1 fallback id
-- $2 limit int
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
WHERE fallback = $1 AND urgent = 1
ORDER BY due_hour, number
LIMIT $2;
