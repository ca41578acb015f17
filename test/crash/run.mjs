// SPDX-License-Identifier: GPL-3.0-or-later
// node test/crash/run.mjs [ROUNDS] [SEED]
import { Suite } from '../web/lib/suite.mjs';
import crash from './crash.mjs';

const suite = new Suite();
await suite.test('crash ran to its end', () => crash({ suite, rounds: Number(process.argv[2] ?? 12), seed: Number(process.argv[3] ?? 20240206) }));
process.exit(suite.end());
