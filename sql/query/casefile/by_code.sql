-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 code text
-- = id id
SELECT id FROM casefile WHERE code = $1;
