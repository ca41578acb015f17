-- SPDX-License-Identifier: GPL-3.0-or-later
-- Forms of earlier days are forgotten.
-- $1 before_day int
DELETE FROM once WHERE day < $1;
