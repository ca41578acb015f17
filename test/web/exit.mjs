// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-3: what a device still holds after a report and the quick exit. T-UX-4: the exit from any step, with the network cut too; how fast is
// measured with --full alone.
//
// What is proved with script: Back, history, storage and every file of the browser's profile hold neither what was written nor the code.
// Without script: the same, but for what was written. Each step is a post of a form, and the browser keeps the posts of open tabs in its
// folder Sessions, to open the tabs again after a crash; no page and no header can prevent or empty that (S2: the page says how to erase it).
// So there it may stand and nowhere else: no cache, no list of typed words, no storage. The code, which only answers hold, stands nowhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as hands from './lib/hands.mjs';
import { assert, until, wait } from './lib/suite.mjs';

const SECRET = 'vitres nettoyées à minuit chez les voisins';
const ANSWERS = { who: 'other', danger: 'yes', tell: `${SECRET}.` };

function history(profile) {
	const file = join(profile, 'Default', 'History');
	if (!existsSync(file))
		return null;
	const rows = execFileSync('sqlite3', ['-json', `file:${file}?immutable=1`, 'select url, title from urls'], { encoding: 'utf8' });
	return rows.trim() ? JSON.parse(rows) : [];
}

// Every file of the profile that holds these bytes, in the two encodings a browser stores text in.
function holding(folder, text) {
	const found = [];
	const needles = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le'), Buffer.from(encodeURIComponent(text).replace(/%20/g, '+'))];
	for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
		const path = join(entry.parentPath ?? entry.path, entry.name);
		if (!entry.isFile() || statSync(path).size > 200e6)
			continue;
		const bytes = execFileSync('cat', [path], { maxBuffer: 300e6 });
		if (needles.some(needle => bytes.includes(needle)))
			found.push(path.slice(folder.length));
	}
	return found;
}

async function leave(page, script) {
	if (script) {
		await page.click('#exit');
		await page.waitForURL(url => !/^\/(fr|ar|en)/.test(url.pathname) || url.hostname !== '127.0.0.1');
	} else {
		await Promise.all([page.waitForNavigation(), page.click('#exit')]);
	}
}

// What can be read on the page now; asked again when it is just being left.
async function content(page) {
	for (let tries = 0; ; tries++)
		try {
			return await page.evaluate(() => document.documentElement.innerText + [...document.querySelectorAll('input, textarea')].map(e => e.value).join(' '));
		} catch (error) {
			if (tries > 600)
				throw error;
			await wait(100);
		}
}

async function afterwards(world, script) {
	const { suite, browser, base } = world, words = `script ${script ? 'on' : 'off'}`;
	const profile = mkdtempSync(join(tmpdir(), 'amana-exit-'));
	const context = await browser.context({ profile, script, language: 'fr' });
	const page = context.pages()[0];
	let code = null;
	try {
		await suite.test(`T-UX-3 ${words}: Back after the exit shows no content`, async () => {
			await page.goto(new URL('/fr', base).href);
			({ code } = await hands.report(page, ANSWERS));
			await leave(page, script);
			for (let i = 0; i < 12; i++) {
				await page.goBack().catch(() => null);
				const shown = await content(page);
				assert.ok(!shown.includes('minuit') && !shown.replace(/\D/g, '').includes(code), `shown after Back: ${shown.slice(0, 100)}`);
				if (/ERR_CACHE_MISS|about:blank/.test(page.url()))
					break;
			}
		});
		await suite.test(`T-UX-3 ${words}: storage is empty`, async () => {
			await page.goto(new URL('/fr', base).href);
			if (script) {
				const kept = await page.evaluate(async () => ({
					local: localStorage.length, session: sessionStorage.length, databases: (await indexedDB.databases()).length,
					caches: globalThis.caches ? (await caches.keys()).length : 0,
					workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
				}));
				assert.deepEqual(kept, { local: 0, session: 0, databases: 0, caches: 0, workers: 0 });
			}
			assert.deepEqual((await context.cookies()).map(c => c.name), []);
		});
	} finally {
		await context.close();
	}
	await suite.test(`T-UX-3 ${words}: history holds one address with a neutral title`, () => {
		const rows = history(profile);
		assert.ok(rows, 'the profile has a history');
		// the way out is neutral too: where it leads in a demo, and without script the link that ends the session
		const ours = rows.filter(row => row.url.startsWith(base) && ![world.exitPath, '/x'].includes(new URL(row.url).pathname));
		assert.deepEqual(ours.map(row => new URL(row.url).pathname + new URL(row.url).search), ['/fr']);
		for (const row of rows)
			assert.ok(!/traite|victim|report|signal|help|aide|exploit/i.test(row.title), `title: ${row.title}`);
	});
	await suite.test(`T-UX-3 ${words}: no file of the profile holds the code`, () => {
		assert.match(code ?? '', /^\d{20}$/);
		assert.deepEqual([code, code.replace(/\d{4}(?=\d)/g, '$& ')].flatMap(text => holding(profile, text)), []);
	});
	await suite.test(`T-UX-3 ${words}: no file of the profile holds what was written${script ? '' : ", but for the browser's own list of open tabs"}`, () => {
		const found = holding(profile, 'vitres nettoyées');
		assert.deepEqual(script ? found : found.filter(file => !file.startsWith('/Default/Sessions/')), []);
	});
	rmSync(profile, { recursive: true, force: true });
}

// Control: words typed into a page without care do show up where T-UX-3 looks.
async function control(world) {
	const profile = mkdtempSync(join(tmpdir(), 'amana-exit-'));
	const context = await world.browser.context({ profile });
	const page = context.pages()[0];
	await page.goto(new URL('/fr', world.base).href);
	await page.evaluate(() => { localStorage.setItem('k', 'vitres nettoyees a minuit'); history.pushState(null, '', '/fr?leaked'); document.title = 'victim'; });
	await wait(500);
	await context.close();
	await world.suite.test('T-UX-3 control: what a careless page leaves is found', () => {
		assert.ok(history(profile).some(row => row.url.endsWith('?leaked')));
		assert.notDeepEqual(holding(profile, 'vitres nettoyees'), []);
	});
	rmSync(profile, { recursive: true, force: true });
}

const WAYS = {
	button: page => page.click('#exit', { noWaitAfter: true }),
	'Escape three times': async page => { for (let i = 0; i < 3; i++) await page.keyboard.press('Escape'); },
	'Shift three times': async page => { for (let i = 0; i < 3; i++) await page.keyboard.press('Shift'); },
};

// What the page says here is heard before it can go on: a dialog stops it, where a message of a page that is just being left may be lost.
function told(page, take) {
	page.on('dialog', dialog => {
		take(JSON.parse(dialog.message()));
		dialog.accept().catch(() => null);
	});
}

// Everything that could still be read must be gone before anything waits for the network.
async function cut(world) {
	const { suite, browser, base } = world, context = await browser.context({ language: 'fr' });
	const ways = Object.entries(WAYS);
	const steps = ['who', 'where', 'what', 'danger', 'number', 'tell', 'contact', 'relation', 'exclude', 'send'];
	for (const [at, stopBefore] of steps.entries()) {
		const [way, act] = ways[at % ways.length];
		await suite.test(`T-UX-4 exit by ${way} from step ${stopBefore} with the network cut`, async () => {
			const page = await context.newPage(), noted = [];
			try {
				told(page, value => noted.push(value));
				await page.goto(new URL('/fr', base).href);
				const reached = [];
				await hands.report(page, ANSWERS, { stopBefore, visit: async step => { reached.push(step); } });
				assert.equal(reached.at(-1), stopBefore, `reached ${reached.join(' ')}`);
				if (stopBefore === 'tell')
					await page.fill('#tell', SECRET);
				await context.setOffline(true);
				// what the page still shows when it first asks the network for anything
				await page.evaluate(() => {
					navigator.sendBeacon = () => alert(JSON.stringify([document.body.innerText, document.title])) ?? true;
				});
				await page.clock.setFixedTime(Date.now()); // three times in two seconds, however busy this machine is
				await act(page);
				await until('the page to be emptied', () => noted.length > 0);
				assert.deepEqual(noted[0], ['', 'Information']);
				const later = await content(page).catch(() => '');
				assert.ok(!later.includes('minuit'));
			} finally {
				await context.setOffline(false);
				await page.close();
			}
		});
	}
	await context.forget();
}

// From the key or the finger to the empty page, which the next frame draws: nothing waits any more.
async function clock(world) {
	const { suite, browser, base } = world, context = await browser.context({ language: 'fr' });
	for (const [way, act] of Object.entries(WAYS))
		for (const stopBefore of [null, 'tell', 'send'])
			await suite.test(`T-UX-4 exit by ${way} from ${stopBefore ?? 'the code'} in 100 ms with the network cut`, async () => {
				const page = await context.newPage(), noted = [];
				try {
					told(page, value => noted.push(value));
					await page.goto(new URL('/fr', base).href);
					await hands.report(page, ANSWERS, { stopBefore });
					await context.setOffline(true);
					await page.evaluate(() => {
						let begin = 0;
						for (const kind of ['keydown', 'keyup', 'pointerup'])
							addEventListener(kind, event => { begin = event.timeStamp; }, { capture: true });
						navigator.sendBeacon = () => alert(JSON.stringify([document.body.innerText.length, performance.now() - begin])) ?? true;
					});
					await act(page);
					await until('the page to be emptied', () => noted.length > 0);
					const [[left, ms]] = noted;
					assert.equal(left, 0, 'nothing is left to read');
					assert.ok(ms <= 100, `${Math.round(ms)} ms`);
				} finally {
					await context.setOffline(false);
					await page.close();
				}
			});
	await context.forget();
}

export default async function exit(world) {
	await control(world);
	await afterwards(world, true);
	await afterwards(world, false);
	await cut(world);
	if (world.full)
		await clock(world);
}
