-- SPDX-License-Identifier: GPL-3.0-or-later
-- What nobody works on yet: before and in triage.
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
WHERE organisation = $1 AND open = 1 AND state IN ('new', 'triage')
ORDER BY (urgent IS NULL), (due_hour IS NULL), due_hour, number
LIMIT $2;
