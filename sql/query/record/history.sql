-- SPDX-License-Identifier: GPL-3.0-or-later
-- The sealed differences of a record, oldest first.
-- $1 record id
-- = version int
-- = class int
-- = type int
-- = schema int
-- = key_id id
-- = blob blob
SELECT version, class, type, schema, key_id, blob FROM history WHERE record = $1 ORDER BY version, class;
