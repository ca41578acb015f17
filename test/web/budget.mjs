// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-10: bytes on the wire, requests and nodes of first visits, counted by the browser's own network log. Numbers of the interface design
// §12; KB = 1 000 bytes, the padded pages in steps of 16 KiB.
import { assert } from './lib/suite.mjs';
import * as hands from './lib/hands.mjs';

const KB = 1000, PAD = 16384, HEAD = 2500; // HEAD: answer headers, which the browser counts into each transfer
const DOM = 1500;

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

export default async function budget({ suite, browser, base, accounts, languages }) {
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
	await suite.test('T-UX-10 queue: one request, at most 12 KB and 1 500 nodes', () => measured(browser, { language: 'fr' }, async (page, all, forget) => {
		await hands.login(page, base, accounts.desk);
		await page.waitForLoadState('networkidle');
		forget();
		await page.reload({ waitUntil: 'networkidle' });
		const list = all().filter(r => r.type === 'Document' || r.wire > 300);
		atMost('page', sum(list, 'Document'), 12 * KB);
		atMost('nodes', await nodes(page), DOM);
	}));
}
