-- SPDX-License-Identifier: GPL-3.0-or-later
-- A stored file: the number of its dossier and the bytes of its sealed form.
-- $1 id id
-- = number int
-- = record id
-- = size int
SELECT dossier AS number, record, size FROM file WHERE id = $1;
