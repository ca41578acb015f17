-- SPDX-License-Identifier: GPL-3.0-or-later
-- The sealed files of a dossier.
-- $1 dossier id
-- = id id
SELECT f.id FROM file f JOIN dossier d ON d.number = f.dossier WHERE d.id = $1;
