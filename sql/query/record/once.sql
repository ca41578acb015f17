-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where a form led that was carried out already.
-- $1 key id
-- = result text
SELECT result FROM once WHERE key = $1;
