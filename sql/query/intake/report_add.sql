-- SPDX-License-Identifier: GPL-3.0-or-later
-- The row of a report whose dossier this set has just made. The desk is the organisation the dossier was made in, chosen by the keeper while
-- sealing; the fall-back desk is the other organisation that was given a key ($10: sharing class REPORT), else nobody ($9).
-- $1 id id
-- $2 state text
-- $3 week text
-- $4 messages int
-- $5 urgent int
-- $6 due_hour int
-- $7 ring_at int
-- $8 assignee id
-- $9 nobody id
-- $10 class int
INSERT INTO report (id, organisation, fallback, state, open, week, messages, urgent, due_hour, ring_at, assignee, locked, version)
SELECT d.id, d.origin,
	coalesce((SELECT w.organisation FROM wrap w
		WHERE w.dossier = d.number AND w.class = $10 AND w.organisation <> d.origin AND w.organisation <> $9 LIMIT 1), $9),
	$2, 1, $3, $4, $5, $6, $7, $8, 0, 1
FROM dossier d
WHERE d.id = $1;
