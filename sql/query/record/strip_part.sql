-- SPDX-License-Identifier: GPL-3.0-or-later
-- All parts of a dossier but those of the record that keeps its own.
-- $1 dossier id
-- $2 record id
DELETE FROM part WHERE key > (SELECT d.number FROM dossier d WHERE d.id = $1) << 20
	AND key < ((SELECT d.number FROM dossier d WHERE d.id = $1) + 1) << 20 AND record <> $2;
