-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every column of the schema, for the check of clear columns.
-- = table text
-- = column text
SELECT m.name AS "table", c.name AS "column"
FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
ORDER BY m.name, c.cid;
