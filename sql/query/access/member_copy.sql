-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 organisation id
-- $3 login text
-- $4 roles int
-- $5 language text
-- $6 active int
INSERT INTO member (id, organisation, login, roles, language, active)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET roles = excluded.roles, active = excluded.active;
