-- SPDX-License-Identifier: GPL-3.0-or-later
-- All parts of a record with what binds them.
-- $1 record id
-- = record id
-- = dossier id
-- = origin id
-- = number int
-- = class int
-- = type int
-- = schema int
-- = version int
-- = key_id id
-- = blob blob
SELECT p.record, d.id AS dossier, d.origin, d.number, p.class, p.type, p.schema, p.version, p.key_id, p.blob
FROM part p JOIN dossier d ON d.number = p.key >> 20
WHERE p.record = $1
ORDER BY p.class;
