-- SPDX-License-Identifier: GPL-3.0-or-later
-- Second readings that wait for this person: asked of him by name, or of any supervisor of his organisation ($3 = 1; $4: nobody).
-- $1 reviewer id
-- $2 organisation id
-- $3 supervisor int
-- $4 nobody id
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
WHERE state = 'provisional' AND (reviewer = $1 OR ($3 = 1 AND organisation = $2 AND reviewer = $4))
ORDER BY due_hour, number;
