// SPDX-License-Identifier: GPL-3.0-or-later
// node test/scenario/run.mjs
import { Suite } from '../web/lib/suite.mjs';
import { withInstance } from '../web/lib/instance.mjs';
import scenario from './cases.mjs';

const suite = new Suite();
await suite.test('scenario ran to its end', () => scenario({ suite, withInstance }));
process.exit(suite.end());
