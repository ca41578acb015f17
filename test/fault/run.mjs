// SPDX-License-Identifier: GPL-3.0-or-later
// node test/fault/run.mjs [--full] [--only disk|loop]; disk mounts: run it under `unshare --mount`
import { Suite, option } from '../web/lib/suite.mjs';
import disk from './disk.mjs';
import loop from './loop.mjs';

const suite = new Suite();
const full = process.argv.includes('--full'), only = option('only', 'disk,loop').split(',');
if (only.includes('disk'))
	await suite.test('disk ran to its end', () => disk({ suite }));
if (only.includes('loop'))
	await suite.test('fault loop ran to its end', () => loop({ suite, full }));
process.exit(suite.end());
