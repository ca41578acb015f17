-- SPDX-License-Identifier: GPL-3.0-or-later
-- A sealed file of a record.
-- $1 id id
-- $2 dossier id
-- $3 record id
-- $4 class int
-- $5 size int
INSERT INTO file (id, dossier, record, class, size) SELECT $1, d.number, $3, $4, $5 FROM dossier d WHERE d.id = $2;
