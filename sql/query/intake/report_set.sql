-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 version int
-- $3 organisation id
-- $4 fallback id
-- $5 state text
-- $6 open int
-- $7 messages int
-- $8 urgent int
-- $9 due_hour int
-- $10 ring_at int
-- $11 assignee id
-- $12 locked int
UPDATE report
SET organisation = $3, fallback = $4, state = $5, open = $6, messages = $7, urgent = $8, due_hour = $9, ring_at = $10, assignee = $11,
	locked = $12, version = version + 1
WHERE id = $1 AND version = $2;
