-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first part of a record in a class, behind the others of its dossier. Stands only while the record is as it was loaded: newest is its
-- version then (0 = no part yet).
-- $1 dossier id
-- $2 record id
-- $3 class int
-- $4 type int
-- $5 schema int
-- $6 version int
-- $7 key id
-- $8 hash blob
-- $9 blob blob
-- $10 newest int
INSERT INTO part (key, record, class, type, schema, version, key_id, hash, blob)
SELECT coalesce((SELECT max(p.key) FROM part p WHERE p.key > d.number << 20 AND p.key < (d.number + 1) << 20), d.number << 20) + 1,
	$2, $3, $4, $5, $6, $7, $8, $9
FROM dossier d
WHERE d.id = $1 AND coalesce((SELECT max(p.version) FROM part p WHERE p.record = $2), 0) = $10
ON CONFLICT DO NOTHING;
