// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every route and every field of the product, taken from its own tables: ids of others are as ids that never were (T-ACC-2), and
// no text anybody types becomes markup anywhere (T-WEB-3).
import { Suite } from '../web/lib/suite.mjs';
import { Instance } from './server.mjs';
import { routes } from './fields.mjs';
import { foreign } from './foreign.mjs';
import { hostile } from './hostile.mjs';

const suite = new Suite(), instance = await Instance.make();
try {
	await instance.serve();
	await foreign(suite, instance, routes);
	await hostile(suite, instance, routes);
} finally {
	await instance.remove();
}
process.exit(suite.end());
