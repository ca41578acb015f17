-- SPDX-License-Identifier: GPL-3.0-or-later
-- What two people of an organisation have signed, newest first.
-- $1 organisation id
-- $2 limit int
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
WHERE organisation = $1 AND state = 'signed'
ORDER BY number DESC
LIMIT $2;
