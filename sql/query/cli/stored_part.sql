-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 record id
-- $2 class int
-- = type int
-- = version int
-- = blob blob
SELECT type, version, blob
FROM part
WHERE record = $1 AND class = $2;
