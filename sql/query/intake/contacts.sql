-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 organisation id
-- $2 limit int
-- = id id
-- = kind text
SELECT id, kind
FROM contact
WHERE organisation = $1 AND sweep_hour IS NOT NULL
ORDER BY number DESC
LIMIT $2;
