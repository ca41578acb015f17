-- SPDX-License-Identifier: GPL-3.0-or-later
-- All files of a dossier.
-- $1 dossier id
DELETE FROM file WHERE dossier = (SELECT d.number FROM dossier d WHERE d.id = $1);
