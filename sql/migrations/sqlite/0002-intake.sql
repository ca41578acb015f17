-- SPDX-License-Identifier: GPL-3.0-or-later
-- The directory, and what of reports and contacts lies in clear. Every column has its reason in clear_columns.txt.
CREATE TABLE organisation (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	code TEXT NOT NULL UNIQUE,
	name_fr TEXT NOT NULL,
	name_ar TEXT NOT NULL,
	name_en TEXT NOT NULL,
	type TEXT NOT NULL,
	region TEXT NOT NULL,
	accepts TEXT NOT NULL,
	phone TEXT NOT NULL,
	desk INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	login TEXT NOT NULL UNIQUE,
	roles INTEGER NOT NULL,
	language TEXT NOT NULL,
	active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX member_organisation ON member (organisation, login);
-- number: order of arrival. open: something is to be done, also for a closed report whose reporter wrote again.
CREATE TABLE report (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	fallback BLOB NOT NULL CHECK (length(fallback) = 16),
	state TEXT NOT NULL,
	open INTEGER NOT NULL,
	week TEXT NOT NULL,
	messages INTEGER NOT NULL,
	urgent INTEGER CHECK (urgent = 1),
	due_hour INTEGER,
	ring_at INTEGER,
	assignee BLOB NOT NULL CHECK (length(assignee) = 16),
	locked INTEGER NOT NULL,
	version INTEGER NOT NULL
) STRICT;
-- Holds all that a queue counts, so that its rows themselves are read for one page alone.
CREATE INDEX report_queue ON report (organisation, open, (urgent IS NULL), (due_hour IS NULL), due_hour, number, urgent, state, assignee, id);
CREATE INDEX report_ended ON report (organisation, number) WHERE open = 0;
CREATE INDEX report_assignee ON report (assignee, open);
CREATE INDEX report_fallback ON report (fallback) WHERE urgent = 1;
CREATE INDEX report_locked ON report (number) WHERE locked = 1;
CREATE TABLE contact (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	kind TEXT NOT NULL,
	day TEXT NOT NULL,
	sweep_hour INTEGER
) STRICT;
CREATE INDEX contact_day ON contact (organisation, number) WHERE sweep_hour IS NOT NULL;
CREATE INDEX contact_sweep ON contact (sweep_hour) WHERE sweep_hour IS NOT NULL;
-- Lines of imported logs, by a digest of organisation and the log's own reference: a log imported twice makes no report twice.
CREATE TABLE import_line (
	key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 16)
) STRICT, WITHOUT ROWID;
