// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every route and every field of the product, taken from its own tables: ids of others are as ids that never were (T-ACC-2), and
// no text anybody types becomes markup anywhere (T-WEB-3). Who is told to open something does (T-ACC-1).
import { Suite } from '../web/lib/suite.mjs';
import { Instance } from './server.mjs';
import { routes } from './fields.mjs';
import { foreign } from './foreign.mjs';
import { full } from './full.mjs';
import { hostile } from './hostile.mjs';
import { readers } from './readers.mjs';

const suite = new Suite(), instance = await Instance.make();
try {
	await instance.serve();
	await foreign(suite, instance, routes);
	await readers(suite, instance);
	await full(suite, instance);
	await hostile(suite, instance, routes);
} finally {
	await instance.remove();
}
process.exit(suite.end());
