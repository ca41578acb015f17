-- SPDX-License-Identifier: GPL-3.0-or-later
-- $1 id id
-- = id id
-- = code text
-- = name_fr text
-- = name_ar text
-- = name_en text
-- = type text
-- = region text
-- = accepts text
-- = phone text
-- = desk int
SELECT id, code, name_fr, name_ar, name_en, type, region, accepts, phone, desk
FROM organisation
WHERE id = $1;
