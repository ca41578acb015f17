-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every record shares. A dossier has a short number of our own, so that all its parts lie side by side (number << 20 | order in the
-- dossier) and its wraps too: opening a dossier is two range reads. Every column has its reason in clear_columns.txt.
CREATE TABLE dossier (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	kind INTEGER NOT NULL,
	origin BLOB NOT NULL CHECK (length(origin) = 16)
) STRICT;
-- One row per record and sharing class: the sealed part as it is now.
CREATE TABLE part (
	key INTEGER PRIMARY KEY,
	record BLOB NOT NULL CHECK (length(record) = 16),
	class INTEGER NOT NULL,
	type INTEGER NOT NULL,
	schema INTEGER NOT NULL,
	version INTEGER NOT NULL,
	key_id BLOB NOT NULL CHECK (length(key_id) = 16),
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	blob BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX part_record ON part (record, class);
-- Sealed differences, never updated.
CREATE TABLE history (
	record BLOB NOT NULL CHECK (length(record) = 16),
	version INTEGER NOT NULL,
	class INTEGER NOT NULL,
	type INTEGER NOT NULL,
	schema INTEGER NOT NULL,
	key_id BLOB NOT NULL CHECK (length(key_id) = 16),
	blob BLOB NOT NULL,
	PRIMARY KEY (record, version, class)
) STRICT, WITHOUT ROWID;
-- Data keys, each wrapped to one recipient.
CREATE TABLE wrap (
	dossier INTEGER NOT NULL,
	class INTEGER NOT NULL,
	key_id BLOB NOT NULL CHECK (length(key_id) = 16),
	recipient BLOB NOT NULL CHECK (length(recipient) = 16),
	holder BLOB NOT NULL CHECK (length(holder) = 16),
	generation INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	purpose INTEGER NOT NULL,
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	grant_id BLOB NOT NULL CHECK (length(grant_id) = 16),
	not_after INTEGER NOT NULL,
	wrap BLOB NOT NULL,
	PRIMARY KEY (dossier, class, key_id, recipient)
) STRICT, WITHOUT ROWID;
-- A sealed file on disk that belongs to a record: files/<first byte>/<id>.
CREATE TABLE file (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	dossier INTEGER NOT NULL,
	record BLOB NOT NULL CHECK (length(record) = 16),
	class INTEGER NOT NULL,
	size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX file_dossier ON file (dossier);
-- Forms already carried out: a repeat is shown where the first one led. Gone after 48 hours.
CREATE TABLE once (
	key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 16),
	result TEXT NOT NULL,
	day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX once_day ON once (day);
