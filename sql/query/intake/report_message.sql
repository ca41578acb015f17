-- SPDX-License-Identifier: GPL-3.0-or-later
-- One more message. A clock given starts only where none runs; a reply of the reporter makes a closed report something to do again.
-- $1 id id
-- $2 due_hour int
-- $3 open int
UPDATE report
SET messages = messages + 1, due_hour = coalesce(due_hour, $2), open = CASE WHEN $3 = 1 THEN 1 ELSE open END
WHERE id = $1;
