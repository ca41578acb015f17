-- SPDX-License-Identifier: GPL-3.0-or-later
-- A form carried out, and where it led.
-- $1 key id
-- $2 result text
-- $3 day int
INSERT INTO once (key, result, day) VALUES ($1, $2, $3);
