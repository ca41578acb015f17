-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 record id
INSERT INTO gone (record, class, version, hash)
SELECT record, class, version, hash FROM part WHERE record = $1;
