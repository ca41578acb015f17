-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 dossier id
-- $2 state text
UPDATE task SET state = $2, version = version + 1
WHERE dossier = $1 AND state = 'open';
