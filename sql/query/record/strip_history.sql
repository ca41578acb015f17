-- SPDX-License-Identifier: GPL-3.0-or-later
-- The differences of all records of a dossier.
-- $1 dossier id
DELETE FROM history WHERE record IN (SELECT p.record FROM dossier d JOIN part p ON p.key > d.number << 20 AND p.key < (d.number + 1) << 20
	WHERE d.id = $1);
