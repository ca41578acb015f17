-- SPDX-License-Identifier: GPL-3.0-or-later
-- How each member wants the screen (interface design U3). Nothing of it is about a person.
ALTER TABLE member ADD COLUMN text_size INTEGER NOT NULL DEFAULT 16;
ALTER TABLE member ADD COLUMN keys_on INTEGER NOT NULL DEFAULT 1;
ALTER TABLE member ADD COLUMN theme TEXT NOT NULL DEFAULT 'auto';
ALTER TABLE member ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
