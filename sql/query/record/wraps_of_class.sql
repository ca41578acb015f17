-- SPDX-License-Identifier: GPL-3.0-or-later
-- Wraps of a dossier's keys of one class to a compartment (kind 2) of this organisation, or to this very recipient.
-- $1 number int
-- $2 organisation id
-- $3 recipient id
-- $4 class int
-- = class int
-- = key_id id
-- = recipient id
-- = holder id
-- = generation int
-- = kind int
-- = purpose int
-- = organisation id
-- = grant_id id
-- = not_after int
-- = wrap blob
SELECT class, key_id, recipient, holder, generation, kind, purpose, organisation, grant_id, not_after, wrap
FROM wrap
WHERE dossier = $1 AND class = $4 AND (organisation = $2 AND kind = 2 OR recipient = $3);
