-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 record id
DELETE FROM part WHERE record = $1;
