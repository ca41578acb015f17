-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 dossier id
-- $3 organisation id
-- $4 kind text
-- $5 state text
-- $6 reviewer id
-- $7 due_hour int
INSERT INTO decision (id, dossier, organisation, kind, state, reviewer, due_hour, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1);
