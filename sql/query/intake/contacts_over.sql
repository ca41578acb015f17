-- SPDX-License-Identifier: GPL-3.0-or-later
-- Contacts whose shift is over.
-- $1 now int
-- $2 limit int
-- = id id
SELECT id
FROM contact
WHERE sweep_hour <= $1
ORDER BY sweep_hour
LIMIT $2;
