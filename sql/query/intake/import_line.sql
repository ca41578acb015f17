-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 key id
INSERT INTO import_line (key) VALUES ($1);
