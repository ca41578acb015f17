-- SPDX-License-Identifier: GPL-3.0-or-later
-- Something was written in the file; what decides on it is as it was.
-- $1 id id
-- $2 last_day text
UPDATE casefile SET last_day = $2 WHERE id = $1;
