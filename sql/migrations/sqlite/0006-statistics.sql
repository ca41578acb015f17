-- SPDX-License-Identifier: GPL-3.0-or-later
-- Events of the statistics: append-only, each sealed to the programme under a key of its own. The key of the table is random, so that the
-- order in which events came does not show here.
CREATE TABLE stat_event (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	type INTEGER NOT NULL,
	schema INTEGER NOT NULL,
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	recipient BLOB NOT NULL CHECK (length(recipient) = 16),
	key_id BLOB NOT NULL CHECK (length(key_id) = 16),
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	wrap BLOB NOT NULL,
	blob BLOB NOT NULL
) STRICT, WITHOUT ROWID;
