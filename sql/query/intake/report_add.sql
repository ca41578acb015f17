-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 organisation id
-- $3 fallback id
-- $4 state text
-- $5 week text
-- $6 messages int
-- $7 urgent int
-- $8 due_hour int
-- $9 ring_at int
-- $10 assignee id
INSERT INTO report (id, organisation, fallback, state, open, week, messages, urgent, due_hour, ring_at, assignee, locked, version)
VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, 0, 1);
