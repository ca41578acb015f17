-- SPDX-License-Identifier: GPL-3.0-or-later
-- Number, kind and origin of a dossier.
-- $1 id id
-- = number int
-- = kind int
-- = origin id
SELECT number, kind, origin FROM dossier WHERE id = $1;
