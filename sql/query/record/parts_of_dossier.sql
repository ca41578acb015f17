-- SPDX-License-Identifier: GPL-3.0-or-later
-- All parts of a dossier, in the order its records came.
-- $1 dossier id
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
WHERE d.id = $1
ORDER BY p.key;
