// SPDX-License-Identifier: GPL-3.0-or-later
// The tests that need the whole running system: screens in Chromium, the cases as their actors, crashes, leaks. One line a test, a count at the
// end. AMANA_BUILD names the build folder; --suites a,b chooses; --full takes the long forms.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { npmReady, haveBuild, withInstance, BUILD, ROOT } from './lib/instance.mjs';
import { Suite, option } from './lib/suite.mjs';

const full = process.argv.includes('--full');
const ALL = ['contrast', 'controls', 'budget', 'jobs', 'desk', 'files', 'people', 'road', 'words', 'screens', 'pseudo', 'exit', 'scenario', 'crash', 'disk', 'fault', 'leak', 'traces'];
const wanted = option('suites', ALL.join(',')).split(',');
const suite = new Suite();

npmReady();
if (!haveBuild()) {
	console.log(`not ok the executables lie in ${BUILD}`);
	process.exit(1);
}

async function browserSuites(names, options = {}) {
	const { Browser } = await import('./lib/browser.mjs');
	await withInstance(async instance => {
		const browser = new Browser();
		const world = { suite, browser, instance, base: instance.base, accounts: { desk: instance.account('dar-tadamoun', 'desk'), operator: instance.account('dar-tadamoun', 'operator') }, languages: ['fr', 'ar', 'en'], full, root: ROOT,
			console: '/staff/call', exitPath: '/w', channel: 'phone' };
		for (const name of names)
			await suite.test(`suite ${name} ran to its end`, async () => (await import(`./${name}.mjs`)).default(world));
		await suite.test('T-WEB-1 no page broke its content policy, no script failed', () => {
			if (browser.complaints.length)
				throw new Error([...new Set(browser.complaints)].join('\n'));
		});
	}, options);
}

// The same walk with the longer texts, on an instance of its own whose HTTP process holds them.
async function pseudoSuite() {
	const { programs } = await import('./pseudo.mjs'), made = programs();
	try {
		await browserSuites(['pseudo'], { programs: made.folder });
	} finally {
		made.remove();
	}
}

if (wanted.includes('contrast'))
	await (await import('./contrast.mjs')).default({ suite, root: ROOT });
if (wanted.includes('controls')) {
	const { Browser } = await import('./lib/browser.mjs');
	await (await import('./screens.mjs')).controls({ suite, browser: new Browser() });
}
const browsing = wanted.filter(name => ['jobs', 'desk', 'files', 'people', 'road', 'words', 'screens', 'exit', 'budget'].includes(name));
if (browsing.length)
	await suite.test('the demo instance for the browser was made and served', () => browserSuites(browsing));
if (wanted.includes('pseudo'))
	await suite.test('the demo instance with the pseudo-languages was made and served', pseudoSuite);
if (wanted.includes('scenario'))
	await suite.test('suite scenario ran to its end', async () => (await import('../scenario/cases.mjs')).default({ suite, withInstance }));
if (wanted.includes('crash'))
	await suite.test('suite crash ran to its end', async () => (await import('../crash/crash.mjs')).default({ suite, rounds: full ? 200 : 12 }));
if (wanted.includes('disk')) // in mounts of its own: none is left on the machine
	await suite.test('suite disk ran to its end', () =>
		execFileSync('unshare', ['--mount', process.execPath, join(ROOT, 'test/fault/run.mjs'), '--only', 'disk'], { stdio: 'inherit' }));
if (wanted.includes('fault'))
	await suite.test('suite fault ran to its end', async () => (await import('../fault/loop.mjs')).default({ suite, full }));
if (wanted.includes('leak'))
	await suite.test('suite leak ran to its end', async () => (await import('../leak/leak.mjs')).default({ suite }));
if (wanted.includes('traces'))
	await suite.test('suite traces ran to its end', async () => (await import('../leak/traces.mjs')).default({ suite, count: full ? 1000 : 100 }));
process.exit(suite.end());
