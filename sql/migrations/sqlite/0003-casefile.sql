-- SPDX-License-Identifier: GPL-3.0-or-later
-- What of a person's file lies in clear, and what is to be done on it. Every column has its reason in clear_columns.txt.
CREATE TABLE casefile (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	state TEXT NOT NULL,
	open INTEGER NOT NULL,
	assignee BLOB NOT NULL CHECK (length(assignee) = 16),
	week TEXT NOT NULL,
	last_day TEXT NOT NULL,
	due_hour INTEGER,
	locked INTEGER NOT NULL,
	version INTEGER NOT NULL
) STRICT;
CREATE INDEX casefile_organisation ON casefile (organisation, open, (due_hour IS NULL), due_hour, number);
CREATE INDEX casefile_assignee ON casefile (assignee, open, (due_hour IS NULL), due_hour, number);
CREATE TABLE task (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	assignee BLOB NOT NULL CHECK (length(assignee) = 16),
	type TEXT NOT NULL,
	dossier BLOB NOT NULL CHECK (length(dossier) = 16),
	due_hour INTEGER NOT NULL,
	state TEXT NOT NULL,
	version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX task_open ON task (dossier, type) WHERE state = 'open';
CREATE INDEX task_assignee ON task (assignee, due_hour) WHERE state = 'open';
CREATE INDEX task_organisation ON task (organisation, due_hour) WHERE state = 'open';
