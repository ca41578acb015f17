-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 text_size int
-- $3 keys_on int
-- $4 theme text
-- $5 shared int
UPDATE member SET text_size = $2, keys_on = $3, theme = $4, shared = $5
WHERE id = $1;
