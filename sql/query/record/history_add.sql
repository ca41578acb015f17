-- SPDX-License-Identifier: GPL-3.0-or-later
-- The sealed difference of one save of one class.
-- $1 record id
-- $2 version int
-- $3 class int
-- $4 type int
-- $5 schema int
-- $6 key id
-- $7 blob blob
INSERT INTO history (record, version, class, type, schema, key_id, blob) VALUES ($1, $2, $3, $4, $5, $6, $7);
