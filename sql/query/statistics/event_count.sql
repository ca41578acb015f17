-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many events are stored, counted up to a limit.
-- $1 most int
-- = n int
SELECT count(*) AS n FROM (SELECT 1 FROM stat_event LIMIT $1) stored;
