-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 dossier id
-- $2 type text
-- $3 state text
UPDATE task SET state = $3, version = version + 1
WHERE dossier = $1 AND type = $2 AND state = 'open';
