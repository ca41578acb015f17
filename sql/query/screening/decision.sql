-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- = id id
-- = dossier id
-- = organisation id
-- = kind text
-- = state text
-- = reviewer id
-- = due_hour int
-- = version int
SELECT id, dossier, organisation, kind, state, reviewer, due_hour, version
FROM decision
WHERE id = $1;
