-- SPDX-License-Identifier: GPL-3.0-or-later
-- A data key for one more recipient. The same key for the same recipient again replaces the wrap.
-- $1 dossier id
-- $2 class int
-- $3 key id
-- $4 recipient id
-- $5 holder id
-- $6 generation int
-- $7 kind int
-- $8 purpose int
-- $9 organisation id
-- $10 grant id
-- $11 not_after int
-- $12 wrap blob
INSERT INTO wrap (dossier, class, key_id, recipient, holder, generation, kind, purpose, organisation, grant_id, not_after, wrap)
SELECT d.number, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM dossier d WHERE d.id = $1
ON CONFLICT (dossier, class, key_id, recipient) DO UPDATE SET holder = excluded.holder, generation = excluded.generation,
	kind = excluded.kind, purpose = excluded.purpose, organisation = excluded.organisation, grant_id = excluded.grant_id,
	not_after = excluded.not_after, wrap = excluded.wrap;
