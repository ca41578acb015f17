-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many events are stored.
-- = n int
SELECT count(*) AS n FROM stat_event;
