-- SPDX-License-Identifier: GPL-3.0-or-later
-- Decisions on a person's file: that one was taken and whether its second reading is still due. What was decided is sealed.
CREATE TABLE decision (
	number INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	dossier BLOB NOT NULL CHECK (length(dossier) = 16),
	organisation BLOB NOT NULL CHECK (length(organisation) = 16),
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	reviewer BLOB NOT NULL CHECK (length(reviewer) = 16),
	due_hour INTEGER,
	version INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_dossier ON decision (dossier, number);
CREATE INDEX decision_waiting ON decision (organisation, due_hour) WHERE state = 'provisional';
CREATE INDEX decision_reviewer ON decision (reviewer, due_hour) WHERE state = 'provisional';
