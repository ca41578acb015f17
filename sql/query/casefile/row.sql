-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- = id id
-- = organisation id
-- = assignee id
-- = code text
-- = state text
-- = due_hour int
-- = locked int
-- = version int
SELECT id, organisation, assignee, code, state, due_hour, locked, version
FROM casefile
WHERE id = $1;
