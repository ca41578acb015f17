-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 version int
-- $3 state text
-- $4 open int
-- $5 assignee id
-- $6 due_hour int
-- $7 locked int
-- $8 last_day text
UPDATE casefile
SET state = $3, open = $4, assignee = $5, due_hour = $6, locked = $7, last_day = $8, version = version + 1
WHERE id = $1 AND version = $2;
