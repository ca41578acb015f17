-- SPDX-License-Identifier: GPL-3.0-or-later
-- A wrap that ended.
-- $1 dossier id
-- $2 key id
-- $3 recipient id
DELETE FROM wrap WHERE dossier = (SELECT d.number FROM dossier d WHERE d.id = $1) AND key_id = $2 AND recipient = $3;
