-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 organisation id
-- = id id
-- = organisation id
-- = login text
-- = roles int
-- = language text
-- = active int
SELECT id, organisation, login, roles, language, active
FROM member
WHERE organisation = $1
ORDER BY login;
