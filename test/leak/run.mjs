// SPDX-License-Identifier: GPL-3.0-or-later
// node test/leak/run.mjs
import { Suite } from '../web/lib/suite.mjs';
import leak from './leak.mjs';

const suite = new Suite();
await suite.test('leak ran to its end', () => leak({ suite }));
process.exit(suite.end());
