-- SPDX-License-Identifier: GPL-3.0-or-later
-- A stored part, or an event of the statistics (class 11, written once).
-- $1 record id
-- $2 class int
-- = type int
-- = version int
-- = blob blob
SELECT type, version, blob FROM part WHERE record = $1 AND class = $2
UNION ALL SELECT type, 1, blob FROM stat_event WHERE id = $1 AND $2 = 11;
