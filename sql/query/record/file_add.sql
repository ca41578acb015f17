-- SPDX-License-Identifier: GPL-3.0-or-later
-- A sealed file of a record. Stands only while the key named is there still: the dossier was not stripped since the file was begun (zeros: it
-- had none).
-- $1 id id
-- $2 dossier id
-- $3 record id
-- $4 class int
-- $5 size int
-- $6 witness id
INSERT INTO file (id, dossier, record, class, size) SELECT $1, d.number, $3, $4, $5 FROM dossier d
WHERE d.id = $2 AND ($6 = zeroblob(16) OR EXISTS (SELECT 1 FROM wrap w WHERE w.dossier = d.number AND w.key_id = $6));
