-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
UPDATE contact SET sweep_hour = NULL
WHERE id = $1 AND sweep_hour IS NOT NULL;
