-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 code text
-- $3 organisation id
-- $4 state text
-- $5 assignee id
-- $6 week text
-- $7 last_day text
-- $8 due_hour int
INSERT INTO casefile (id, code, organisation, state, open, assignee, week, last_day, due_hour, locked, version)
VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, 0, 1);
