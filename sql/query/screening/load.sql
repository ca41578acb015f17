-- SPDX-License-Identifier: GPL-3.0-or-later
-- What each member carries: open files, open tasks, and those whose hour has passed.
-- $1 organisation id
-- $2 now int
-- = id id
-- = login text
-- = roles int
-- = files int
-- = tasks int
-- = overdue int
SELECT m.id, m.login, m.roles,
	(SELECT count(*) FROM casefile f WHERE f.assignee = m.id AND f.open = 1) AS files,
	(SELECT count(*) FROM task t WHERE t.assignee = m.id AND t.state = 'open') AS tasks,
	(SELECT count(*) FROM task t WHERE t.assignee = m.id AND t.state = 'open' AND t.due_hour < $2) AS overdue
FROM member m
WHERE m.organisation = $1 AND m.active = 1
ORDER BY files DESC, overdue DESC, m.login;
