// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-10: bytes on the wire, requests and nodes, counted by the browser's own network log: first visits, the queue of a bad night, and every
// staff page that can be reached from each role's landing page. Numbers of the interface design §12; KB = 1 000 bytes, the padded pages in
// steps of 16 KiB.
import { assert } from './lib/suite.mjs';
import { Client } from './lib/client.mjs';
import * as hands from './lib/hands.mjs';
import { report } from './lib/people.mjs';

const KB = 1000, PAD = 16384, HEAD = 2500; // HEAD: answer headers, which the browser counts into each transfer
const DOM = 1500, RINGING = 20;
// What stands in the queue is the beginning: no two alike, and longer than the row shows.
const WORDS = [
	'Une jeune femme ne sort jamais de la villa au bout de la rue, on a pris son passeport.',
	'رجل يحتجز ثلاث فتيات في شقة قرب الميناء ولا يتركهن يخرجن إلا ليلا، أخذ جوازاتهن.',
	'They took her telephone and her papers, she works day and night in a house near the market.',
	'Trois garçons dorment dans le garage et vendent des mouchoirs au feu rouge, ils ont peur.',
];

async function measured(browser, options, act) {
	const context = await browser.context(options), page = context.pages()[0], session = await context.newCDPSession(page);
	const asked = new Map();
	await session.send('Network.enable');
	session.on('Network.responseReceived', e => asked.set(e.requestId, { url: e.response.url, type: e.type, head: Object.entries(e.response.headers).join().length, wire: 0, raw: 0 }));
	session.on('Network.dataReceived', e => { if (asked.has(e.requestId)) asked.get(e.requestId).raw += e.dataLength; });
	session.on('Network.loadingFinished', e => { if (asked.has(e.requestId)) asked.get(e.requestId).wire = e.encodedDataLength; });
	try {
		return await act(page, () => [...asked.values()].filter(r => r.url.startsWith('http')), () => asked.clear());
	} finally {
		await context.forget();
	}
}

const sum = (all, type, what = 'wire') => all.filter(r => !type || r.type === type).reduce((n, r) => n + r[what], 0);
const nodes = page => page.evaluate(() => document.getElementsByTagName('*').length);

function atMost(what, value, most) {
	assert.ok(value <= most, `${what}: ${value} > ${most}`);
}

// What a page may weigh: what somebody lands on, a person's file, any other.
const LIMITS = [[/^\/staff\/(today|calls\/shift)?$/, 12], [/^\/staff\/(people|files|cases)\//, 18], [/^\/staff\//, 18]];

function checkPage(name, path, list, count) {
	const sent = list.filter(r => r.type === 'Document' || r.wire > 300), limit = LIMITS.find(([pattern]) => pattern.test(path))[1];
	assert.equal(sent.filter(r => r.type === 'Document').length, 1, `${name} ${path}: one page`);
	assert.equal(sent.length, 1, `${name} ${path} asked for ${sent.map(r => r.url).join(' ')}`);
	atMost(`${name} ${path}: page`, sum(sent, 'Document'), limit * KB);
	atMost(`${name} ${path}: nodes`, count, DOM);
}

// Each kind of page once: addresses that differ by a number of a record alone are one kind.
async function everyPage(world, account) {
	await measured(world.browser, { language: 'ar' }, async (page, all, forget) => {
		await hands.login(page, world.base, account);
		const seen = new Map(), addresses = [new URL('/staff/', world.base).pathname];
		while (addresses.length) {
			const path = addresses.shift(), kind = path.replace(/[0-9a-f]{32}/g, '{id}').replace(/page=\d+/, 'page=');
			if (seen.has(kind))
				continue;
			seen.set(kind, path);
			await page.waitForLoadState('networkidle');
			forget();
			const answer = await page.goto(new URL(path, world.base).href, { waitUntil: 'networkidle' });
			if (answer.request().redirectedFrom())
				addresses.push(new URL(page.url()).pathname);
			if (answer.request().redirectedFrom() || !/html/.test(answer.headers()['content-type'] ?? ''))
				continue;
			checkPage(account.login, path.replace(/\?.*/, ''), all(), await nodes(page));
			addresses.push(...await page.locator('a[href^="/staff"]').evaluateAll(list => list.map(a => a.getAttribute('href').replace(/#.*/, ''))));
		}
		assert.ok(seen.size >= 3, [...seen.keys()].join(' '));
	});
}

export default async function budget(world) {
	const { suite, browser, base, instance, languages } = world;

	for (const language of languages)
		await suite.test(`T-UX-10 ${language} public start, first visit`, () => measured(browser, { language, size: [360, 640] }, async (page, all) => {
			await page.goto(new URL(`/${language}`, base).href, { waitUntil: 'networkidle' });
			const list = all();
			atMost('requests', list.filter(r => r.wire > 0).length, 3);
			atMost('style', sum(list, 'Stylesheet'), 6 * KB);
			atMost('script', sum(list, 'Script'), 4 * KB);
			assert.equal(sum(list, 'Document', 'raw'), PAD, 'the page is padded to exactly one step');
			atMost('all requests', sum(list), 30 * KB);
			atMost('nodes', await nodes(page), DOM);
		}));
	await suite.test('T-UX-10 public steps, later: one request each, padded', () => measured(browser, { language: 'fr' }, async (page, all, forget) => {
		await page.goto(new URL('/fr', base).href, { waitUntil: 'networkidle' });
		forget();
		let steps = 0;
		await hands.report(page, { tell: 'budget', danger: 'yes' }, { visit: async step => {
			if (steps++ > 0 && step !== 'wait') {
				await page.waitForLoadState('networkidle');
				const list = all();
				atMost(`requests of ${step}`, list.filter(r => r.wire > 0).length, 1);
				assert.equal(sum(list, 'Document', 'raw') % PAD, 0, `${step} is padded`);
				atMost(`${step} nodes`, await nodes(page), DOM);
			}
			forget();
		} });
		assert.equal(sum(all(), 'Document', 'raw') % PAD, 0, 'the code page is padded');
	}));
	await suite.test('T-UX-10 staff first visit', () => measured(browser, { language: 'fr' }, async (page, all) => {
		await page.goto(new URL('/staff/', base).href, { waitUntil: 'networkidle' });
		const list = all().filter(r => r.wire > 0);
		atMost('requests', list.length, 5); // the redirect to the login page is one of them
		atMost('page', sum(list, 'Document'), 20 * KB);
		atMost('style', sum(list, 'Stylesheet'), 9 * KB);
		atMost('script', sum(list, 'Script'), 5 * KB + HEAD);
		atMost('script unpacked', sum(list, 'Script', 'raw'), 15 * KB);
	}));
	const ring = new Client(base, 'fr'), full = instance.account('tafoukt', 'desk');
	await suite.test('T-UX-10 a queue of 20 reports that ring, in each language: one request, at most 12 KB and 1 500 nodes', async () => {
		for (let n = 0; n < RINGING; n++)
			await report(ring, { who: 'other', region: 'MA-09', danger: 'yes', tell: `${n} ${WORDS[n % WORDS.length]}`, stop: 'tell' });
		for (const language of languages)
			await measured(browser, { language }, async (page, all, forget) => {
				await hands.login(page, base, full);
				await hands.speak(page, language);
				await page.waitForLoadState('networkidle');
				forget();
				await page.reload({ waitUntil: 'networkidle' });
				assert.ok(await page.locator('.rings li').count() >= RINGING, 'they ring');
				checkPage(language, new URL(page.url()).pathname, all(), await nodes(page));
			});
	});
	for (const account of instance.accounts.filter(a => a.organisation === 'dar-tadamoun').concat(full))
		await suite.test(`T-UX-10 every page that ${account.login} can reach`, () => everyPage(world, account));
}
