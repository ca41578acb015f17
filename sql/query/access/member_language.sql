-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 language text
UPDATE member SET language = $2
WHERE id = $1;
