-- SPDX-License-Identifier: GPL-3.0-or-later
-- All wraps of a dossier's keys.
-- $1 dossier id
DELETE FROM wrap WHERE dossier = (SELECT d.number FROM dossier d WHERE d.id = $1);
