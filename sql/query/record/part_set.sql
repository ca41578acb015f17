-- SPDX-License-Identifier: GPL-3.0-or-later
-- A part sealed anew. Stands only while this part and the record's newest version are as they were loaded.
-- $1 record id
-- $2 class int
-- $3 schema int
-- $4 version int
-- $5 key id
-- $6 hash blob
-- $7 blob blob
-- $8 before int
-- $9 newest int
UPDATE part SET schema = $3, version = $4, key_id = $5, hash = $6, blob = $7
WHERE record = $1 AND class = $2 AND version = $8 AND (SELECT max(p.version) FROM part p WHERE p.record = $1) = $9;
