-- SPDX-License-Identifier: GPL-3.0-or-later
-- One more message. A clock given starts only where none runs. A message of the reporter makes a closed report something to do again, and
-- what was shown before it is stale: nobody decides on, or erases, what he has not seen.
-- $1 id id
-- $2 due_hour int
-- $3 open int
UPDATE report
SET messages = messages + 1, due_hour = coalesce(due_hour, $2), open = CASE WHEN $3 = 1 THEN 1 ELSE open END,
	version = version + $3
WHERE id = $1;
