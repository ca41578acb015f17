-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 key id
-- = known int
SELECT 1 AS known FROM import_line WHERE key = $1;
