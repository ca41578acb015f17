-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- = text_size int
-- = keys_on int
-- = theme text
-- = shared int
SELECT text_size, keys_on, theme, shared
FROM member
WHERE id = $1;
