-- SPDX-License-Identifier: GPL-3.0-or-later
-- Locked reports, the newest first: whose officer may know of them the keeper says.
-- $1 limit int
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
WHERE locked = 1
ORDER BY number DESC
LIMIT $1;
