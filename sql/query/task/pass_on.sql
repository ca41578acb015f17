-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 dossier id
-- $2 assignee id
-- $3 nobody id
UPDATE task SET assignee = $2, version = version + 1
WHERE dossier = $1 AND state = 'open' AND assignee <> $3;
