-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- $2 code text
-- $3 name_fr text
-- $4 name_ar text
-- $5 name_en text
-- $6 type text
-- $7 region text
-- $8 accepts text
-- $9 phone text
-- $10 desk int
INSERT INTO organisation (id, code, name_fr, name_ar, name_en, type, region, accepts, phone, desk)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);
