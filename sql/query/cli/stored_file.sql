-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- = size int
SELECT size
FROM file
WHERE id = $1;
