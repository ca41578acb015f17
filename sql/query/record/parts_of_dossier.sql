-- SPDX-License-Identifier: GPL-3.0-or-later
-- All parts of a dossier's records of one type, in the order the records came.
-- $1 dossier id
-- $2 type int
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
FROM dossier d JOIN part p ON p.key > d.number << 20 AND p.key < (d.number + 1) << 20
WHERE d.id = $1 AND p.type = $2
ORDER BY p.key;
