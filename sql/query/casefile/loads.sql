-- SPDX-License-Identifier: GPL-3.0-or-later
-- Open files a member.
-- $1 organisation id
-- = assignee id
-- = load int
SELECT assignee, count(*) AS load
FROM casefile
WHERE organisation = $1 AND open = 1
GROUP BY assignee;
