-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 record id
-- $2 class int
-- = version int
-- = hash blob
SELECT version, hash
FROM gone
WHERE record = $1 AND class = $2;
