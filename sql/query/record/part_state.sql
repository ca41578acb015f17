-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is stored of a part, or of an event of the statistics (class 11, written once), for the keeper's question at start.
-- $1 record id
-- $2 class int
-- = type int
-- = version int
-- = hash blob
SELECT type, version, hash FROM part WHERE record = $1 AND class = $2
UNION ALL SELECT type, 1, hash FROM stat_event WHERE id = $1 AND $2 = 11;
