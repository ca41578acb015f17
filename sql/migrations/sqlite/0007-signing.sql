-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was signed by two, for the supervisor's page.
CREATE INDEX decision_signed ON decision (organisation, number) WHERE state = 'signed';
