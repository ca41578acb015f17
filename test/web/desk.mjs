// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's page under the hands of people: two tabs on one report, the button pressed twice, the way back and once more, a form left for
// another, keys on a filled console, and what is offered to whom.
import * as hands from './lib/hands.mjs';
import { assert } from './lib/suite.mjs';

const HOUSE = 'rif-ecoute'; // no other suite works at this desk
const press = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const act = (page, name) => page.locator(`main .button[formaction$="/${name}"], main .second[formaction$="/${name}"]`).first();
const said = (page, words) => page.locator('main article .words', { hasText: words }).count();

// A member at work, in a context of his own.
async function member(world, role, language, { script = true, size } = {}) {
	const context = await world.browser.context({ script, language, size });
	const page = await context.newPage();
	page.on('dialog', dialog => dialog.accept());
	await hands.login(page, world.base, world.instance.account(HOUSE, role));
	await page.locator(`button[name=language][value=${language}]`).click();
	await page.waitForLoadState();
	return { context, page };
}

async function typeCall(world, page, words, also = {}) {
	await page.goto(new URL('/staff/call', world.base).href);
	await page.fill('#text', words);
	for (const [name, value] of Object.entries(also))
		await page.locator(`[name=${name}][value=${value}]`).check({ force: true });
	await press(page, page.locator('main button[data-key=F8]').first());
	return new URL(await page.locator('main .note.ok a').getAttribute('href'), world.base).href;
}

async function tab(context, address) {
	const page = await context.newPage();
	page.on('dialog', dialog => dialog.accept());
	await page.goto(address);
	return page;
}

// Two tabs edit the same report: the second is shown both versions and keeps every word, whichever version it takes.
async function twoTabs(world, language, script) {
	const { context, page } = await member(world, 'desk', language, { script });
	const mark = `tabs-${language}-${script ? 'script' : 'plain'}`;
	try {
		const address = await typeCall(world, page, `${mark} first words`);
		await page.goto(address);
		await press(page, act(page, 'code'));
		const a = await tab(context, address), b = await tab(context, address);
		await b.fill('#answer', `${mark} my answer`);
		await b.fill('#text', `${mark} my note`);
		await a.locator('[name=risk][value=high]').check({ force: true });
		await press(a, act(a, 'triage'));
		await b.locator('#shown_state').selectOption('in_hand');
		await press(b, act(b, 'answer'));
		const both = await b.locator('main table').textContent();
		assert.ok(both.includes(`${mark} my answer`), 'what was about to be sent is shown');
		assert.equal(await b.locator('main table .tag.high').count() > 0, true, 'what differs is marked');
		await press(b, act(b, 'keep'));
		assert.equal(await b.locator('#answer').inputValue(), `${mark} my answer`, 'the answer stands in its box');
		assert.equal(await b.locator('#text').inputValue(), `${mark} my note`, 'so does the note of the other box');
		assert.equal(await b.locator('[name=risk][value=high]').isChecked(), true, 'and the page is as the report stands');
		await press(b, act(b, 'answer'));
		assert.equal(await said(b, `${mark} my answer`), 1, 'sent once');
		assert.equal(await b.locator('#text').inputValue(), `${mark} my note`, 'the note waits still');
		await press(b, act(b, 'note'));
		assert.equal(await said(b, `${mark} my note`), 1);

		await a.goto(`${address}/edit`);
		await b.goto(`${address}/edit`);
		await a.fill('#subject', `${mark} of the first tab`);
		await press(a, a.locator('main form .actions .button'));
		await b.fill('#subject', `${mark} of the second tab`);
		await press(b, b.locator('main form .actions .button'));
		const table = await b.locator('main table').textContent();
		assert.ok(table.includes(`${mark} of the first tab`) && table.includes(`${mark} of the second tab`), 'both versions');
		await press(b, b.locator('main form .button'));
		assert.ok((await b.locator('main .facts').textContent()).includes(`${mark} of the second tab`), 'mine all the same');
	} finally {
		await context.forget();
	}
}

// The same form once more is the same act, however it comes: pressed twice, or after the way back.
async function twice(world, language, script) {
	const { context, page } = await member(world, 'desk', language, { script });
	const mark = `twice-${language}-${script ? 'script' : 'plain'}`;
	try {
		const address = await typeCall(world, page, `${mark} first words`);
		await page.goto(address);
		await page.fill('#text', `${mark} pressed twice`);
		await act(page, 'note').dblclick();
		await page.waitForURL(/done=/);
		await page.waitForLoadState('networkidle');
		await page.goto(address);
		assert.equal(await said(page, `${mark} pressed twice`), 1, 'a double click is one note');

		await page.fill('#text', `${mark} gone back`);
		await press(page, act(page, 'note'));
		await page.goBack();
		assert.equal(await page.locator('#text').inputValue(), `${mark} gone back`, 'the words stand in the box again');
		await press(page, act(page, 'note'));
		if (!script) // with script the words come back with the key of their form
			assert.match(page.url(), /done=desk.done.noted_before/, 'and it is told that it makes none');
		await page.goto(address);
		assert.equal(await said(page, `${mark} gone back`), 1, 'the way back makes no second note');
	} finally {
		await context.forget();
	}
}

// A call gone back to and saved again is one report: with script the key of its form comes back with its words, without it the words themselves
// say so; other words are another report. Keys of silent calls ask first when something is typed; what was typed is never dropped unasked.
async function consoleAgain(world, language, script) {
	const { context, page } = await member(world, 'operator', language, { script });
	const mark = `call-${language}-${script ? 'script' : 'plain'}`;
	const reports = async () => {
		await page.goto(new URL('/staff/', world.base).href);
		return page.locator('main a', { hasText: mark }).count();
	};
	try {
		await typeCall(world, page, `${mark} told once`);
		await page.goBack();
		assert.equal(await page.locator('#text').inputValue(), `${mark} told once`);
		await press(page, page.locator('main button[data-key=F8]').first());
		assert.equal(await page.locator('main .note a[href*="/reports/"]').count(), 1, 'the page leads to the report it made');
		await page.goBack();
		await page.fill('#text', `${mark} and more`);
		await press(page, page.locator('main button[data-key=F8]').first());
		assert.equal(await reports(), 2);
		// Another call of the same few words is not absorbed: the page asks.
		await page.goto(new URL('/staff/call', world.base).href);
		await page.fill('#text', `${mark} told once`);
		await press(page, page.locator('main button[data-key=F8]').first());
		assert.equal(await page.locator('#said').count(), 1, 'the same words from a new form ask');
		assert.equal(await page.locator('#text').inputValue(), `${mark} told once`);
		await press(page, page.locator('#said button'));
		assert.equal(await page.locator('main .note.ok a[href*="/reports/"]').count(), 1);
		assert.equal(await reports(), 3);
	} finally {
		await context.forget();
	}
}

async function quickKeys(world, language, script) {
	const { context, page } = await member(world, 'operator', language, { script });
	const mark = `quick-${language}-${script}`, quick = () => page.locator('main button[data-key=F6]');
	try {
		await page.goto(new URL('/staff/call', world.base).href);
		await press(page, quick());
		assert.equal(await page.locator('main .note.ok').count(), 1, 'a blank page is saved at once');
		await page.fill('#text', mark);
		await press(page, quick());
		assert.equal(await page.locator('#sure').count(), 1, 'a filled one asks');
		assert.equal(await page.locator('#text').inputValue(), mark);
		await press(page, page.locator('#sure button'));
		assert.equal(await page.locator('main .note.ok').count(), 1);
		await page.goto(new URL('/staff/shift', world.base).href);
		assert.equal(await page.locator('main td', { hasText: mark }).count(), 1);
		await page.goto(new URL('/staff/call', world.base).href);
		assert.equal(await page.locator('#channel option[value=web]').count(), 0, 'the public form is no channel to choose');
		await press(page, page.locator('main button[data-key=F8]').first());
		const label = await page.locator('label[for=text]').textContent();
		assert.ok((await page.locator('#errors').textContent()).includes(label), 'what is wrong is called as its box');
	} finally {
		await context.forget();
	}
}

// Typed, locked, logged in again: the page says that something waits, the menu counts it, and it is gone once it is sent.
async function drafts(world, language) {
	const { context, page } = await member(world, 'supervisor', language);
	const account = world.instance.account(HOUSE, 'desk'), mark = `draft-${language}`;
	const lock = async () => {
		await Promise.all([page.waitForURL(/\/login/), page.keyboard.press('Control+Shift+KeyL')]);
		await hands.login(page, world.base, account);
	};
	const waiting = page.locator('.rail .tag');
	try {
		await context.clearCookies();
		await hands.login(page, world.base, account);
		const before = Number(await waiting.textContent().catch(() => 0));
		await page.goto(new URL('/staff/call', world.base).href);
		await page.fill('#text', mark);
		await lock();
		assert.equal(await page.locator('#flash').count(), 1, 'the page after the login says that words wait');
		assert.equal(Number(await waiting.textContent()), before + 1);
		await page.goto(new URL('/staff/drafts', world.base).href);
		await press(page, page.locator('main section', { hasText: mark }).locator('.button'));
		assert.equal(await page.locator('#text').inputValue(), mark);
		await press(page, page.locator('main button[data-key=F8]').first());
		assert.equal(await page.locator('main .note.ok').count(), 1);
		assert.equal(await waiting.count() > 0 ? Number(await waiting.textContent()) : 0, before, 'sent is no draft any more');
	} finally {
		await context.forget();
	}
}

// From the ring to the lock and back: each step is open when the one before is done, and nobody is offered what he cannot do.
async function steps(world, language) {
	const { context, page } = await member(world, 'desk', language), mark = `steps-${language}`;
	const as = async role => {
		await context.clearCookies();
		await hands.login(page, world.base, world.instance.account(HOUSE, role));
	};
	try {
		const address = await typeCall(world, page, `${mark} danger now`, { risk: 'immediate' });
		await page.goto(address);
		await press(page, act(page, 'take'));
		assert.equal(await page.locator('#decide').count(), 1, 'the risk is known: decide');
		await press(page, act(page, 'code'));
		assert.equal(await page.locator('#shown_state').inputValue(), 'received', 'the state shown now is chosen');
		await page.goto(`${address}/assign`);
		const offered = await page.locator('[name=user]').count(), named = await page.locator('main table').textContent();
		assert.ok(offered === 1 && named.includes(`${HOUSE}.case-manager`), `who can carry it on: ${named}`);
		await page.goto(address);
		await press(page, act(page, 'lock'));
		await as('supervisor');
		await page.goto(new URL('/staff/', world.base).href);
		assert.equal(await page.locator('main a', { hasText: mark }).count(), 0, 'locked: not even in the list');
		assert.equal(await page.locator('main .heading a').count(), 0, 'no call to enter for who enters none');
		await as('security_officer');
		await press(page, page.locator('.rail a[href$="/locks"]'));
		const row = page.locator('main tr', { has: page.locator(`form[action*="${address.split('/').pop()}"]`) });
		await press(page, row.locator('button'));
		assert.equal(await page.locator('#flash').count(), 1);
		await as('supervisor');
		await page.goto(address);
		assert.equal(await page.locator('main .words', { hasText: mark }).count(), 1, 'lifted: read again');
	} finally {
		await context.forget();
	}
}

export default async function desk(world) {
	const { suite } = world;
	for (const script of [true, false])
		for (const language of ['fr', 'ar']) {
			const words = `${language}, script ${script ? 'on' : 'off'}`;
			await suite.test(`desk, two tabs, ${words}: both versions are shown, nothing typed is lost`, () => twoTabs(world, language, script));
			await suite.test(`desk, pressed twice and gone back, ${words}: one act`, () => twice(world, language, script));
			await suite.test(`console, keys of no report, ${words}: asked first when something is typed`, () => quickKeys(world, language, script));
		}
	for (const language of ['fr', 'ar']) {
		for (const script of [true, false])
			await suite.test(`console, gone back, ${language}, script ${script ? 'on' : 'off'}: one report`, () => consoleAgain(world, language, script));
		await suite.test(`drafts, ${language}: said after the login, counted, gone when sent`, () => drafts(world, language));
		await suite.test(`desk, ${language}: from the ring to the lock and its lifting`, () => steps(world, language));
	}
}
