-- SPDX-License-Identifier: GPL-3.0-or-later
-- All that is open at a desk: what rings, then by clock, then by arrival.
-- $1 organisation id
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
WHERE organisation = $1 AND open = 1
ORDER BY (urgent IS NULL), (due_hour IS NULL), due_hour, number
LIMIT $2;
