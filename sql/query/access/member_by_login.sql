-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 login text
-- = id id
-- = organisation id
-- = login text
-- = roles int
-- = language text
-- = active int
SELECT id, organisation, login, roles, language, active
FROM member
WHERE login = $1;
