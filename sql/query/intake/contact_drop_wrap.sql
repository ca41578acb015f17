-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 dossier id
DELETE FROM wrap WHERE dossier = (SELECT number FROM dossier WHERE id = $1);
