-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 version int
-- $3 state text
-- $4 reviewer id
-- $5 due_hour int
UPDATE decision
SET state = $3, reviewer = $4, due_hour = $5, version = version + 1
WHERE id = $1 AND version = $2;
