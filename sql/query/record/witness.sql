-- SPDX-License-Identifier: GPL-3.0-or-later
-- Some key of a dossier. While it lies there the dossier was not stripped.
-- $1 dossier id
-- = key_id id
SELECT w.key_id FROM wrap w JOIN dossier d ON d.number = w.dossier WHERE d.id = $1 AND w.kind = 2 LIMIT 1;
