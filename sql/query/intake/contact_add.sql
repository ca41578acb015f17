-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 organisation id
-- $3 kind text
-- $4 day text
-- $5 sweep_hour int
INSERT INTO contact (id, organisation, kind, day, sweep_hour)
VALUES ($1, $2, $3, $4, $5);
