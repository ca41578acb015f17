-- SPDX-License-Identifier: GPL-3.0-or-later
-- A new dossier; its number follows the last one.
-- $1 id id
-- $2 kind int
-- $3 origin id
INSERT INTO dossier (id, kind, origin) VALUES ($1, $2, $3);
