// SPDX-License-Identifier: GPL-3.0-or-later
// A case manager's day: somebody comes by herself, her file is opened in three steps, a note is added in three, each part is written by itself, the
// file is found among the others; with script and without, in each language. And every page of it as people see it (T-UX-6, T-UX-11).
import * as hands from './lib/hands.mjs';
import { Visitor } from './screens.mjs';
import { assert } from './lib/suite.mjs';

const HOUSES = { fr: 'dar-tadamoun', ar: 'tafoukt', en: 'nour-atfal' };
const NOTE = { fr: 'Dix minutes à la pharmacie.', ar: 'عشر دقائق في الصيدلية.', en: 'Ten minutes at the pharmacy.' };
const BASIS = { basis: 'informed_consent', basis_explained: 'Référente', basis_language: 'ary', basis_way: 'voiced' };
const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const save = page => go(page, page.locator('main form button.button').last());
const right = async page => assert.deepEqual(await page.locator('#errors').allTextContents(), []);

async function enter(page, values) {
	for (const [name, value] of Object.entries(values)) {
		const field = page.locator(`main [name="${name}"]:not([type=hidden])`).first(), what = await field.evaluate(e => e.type);
		if (what === 'radio' || what === 'checkbox')
			await page.locator(`main [name="${name}"][value="${value}"]`).check();
		else if (what === 'select-one')
			await field.selectOption(value);
		else
			await field.fill(value);
	}
}

async function opened(page, base, mark, look) {
	await page.goto(new URL('/staff/', base).href);
	await look('today');
	await page.goto(new URL('/staff/files', base).href);
	await look('files');
	await go(page, page.locator('main a[href$="/files/new"]')); // 1
	await look('open a file');
	await enter(page, { working_name: mark });
	await save(page); // without a basis there is no file, and nothing typed is lost
	assert.equal(await page.locator('#errors').count(), 1);
	assert.equal(await page.inputValue('[name=working_name]'), mark);
	await look('open a file refused');
	await enter(page, BASIS); // 2
	await save(page); // 3
	await right(page);
	assert.match(new URL(page.url()).pathname, /^\/staff\/file\/[0-9a-f]{32}$/);
	await look('file');
}

async function written(page, language, file, mark, look) {
	await enter(page, { note: `${mark} ${NOTE[language]}`, told_story: 'yes' });
	await save(page);
	await right(page);
	assert.equal(await page.locator('article', { hasText: NOTE[language] }).count(), 1);
	for (const [act, values] of [['person', { name_ar: 'مريم', name_latin: 'Meryem', birth_date: '5/2001' }], ['reach', { contact_way: 'none' }],
		['facts', { country: 'MA', from_date: '2023', narrative: NOTE[language] }], ['risk', { risk: 'high', why: NOTE[language] }], ['alert', { alert: NOTE[language] }], ['edit', { interpreter: 'yes' }]]) {
		await page.goto(`${file}/${act}`);
		await look(act);
		await enter(page, values);
		await save(page);
		await right(page);
	}
	for (const tab of ['person', 'facts', 'basis', 'changes']) {
		await page.goto(`${file}?tab=${tab}`);
		await look(`tab ${tab}`);
	}
	await page.goto(file);
	assert.equal(await page.locator('.strip [dir=ltr]', { hasText: '+212' }).count(), 0, 'no number of somebody who is not to be contacted');
	for (const act of ['suspend', 'close', 'basis']) {
		await page.goto(`${file}/${act}`);
		await look(act);
	}
}

// What somebody else wrote meanwhile stands beside what was typed; sent again, it is saved.
async function lateness(page, file, look) {
	const other = await page.context().newPage();
	await page.goto(`${file}/person`);
	await other.goto(`${file}/person`);
	await enter(other, { name_latin: 'Mariam' });
	await save(other);
	await other.close();
	await enter(page, { name_latin: 'Maryam' });
	await save(page);
	const shown = await page.locator('main').textContent();
	assert.ok(shown.includes('Mariam') && shown.includes('Maryam'), 'both versions');
	await look('two versions');
	await go(page, page.locator('main form button.button').first());
	await page.goto(`${file}?tab=person`);
	assert.ok((await page.locator('main').textContent()).includes('Maryam'));
}

// T-ACC-2: to another house, and to who types here but does not read here, a file of ours is as one that never was.
async function nobodyElse(world, file) {
	const unknown = file.replace(/[0-9a-f]{32}/, 'a'.repeat(32));
	for (const account of [world.instance.account('jisr-afrique', 'case_manager'), world.instance.account('dar-tadamoun', 'desk')]) {
		const context = await world.browser.context({ language: 'fr' }), page = context.pages()[0] ?? await context.newPage();
		await hands.login(page, world.base, account);
		const csrf = await page.locator('input[name=csrf]').first().inputValue();
		const ask = (address, body) => page.evaluate(async ([to, form]) => {
			const answer = await fetch(to, form === null ? {} : { method: 'POST', body: new URLSearchParams(form) });
			return [answer.status, (await answer.text()).replace(/[A-Za-z0-9_-]{40,}|[0-9a-f]{32}/g, '')];
		}, [address, body]);
		for (const act of ['', '?tab=facts', '/person', '/reach', '/edit', '/alert', '/facts', '/basis', '/risk', '/suspend', '/close', '/assign'])
			assert.deepEqual(await ask(file + act, null), await ask(unknown + act, null), act);
		for (const [act, values] of [['note', { note_kind: 'contact', note: 'x' }], ['person', { name_latin: 'x' }], ['reach', { contact_way: 'none' }], ['facts', { country: 'MA' }],
			['risk', { risk: 'low' }], ['suspend', { why: 'x', review_at: '2030-01-01' }], ['close', { closure: 'not_victim', why: 'x' }], ['close/sign', {}], ['lock', {}], ['resume', {}]]) {
			const here = await ask(`${file}/${act}`, { csrf, version: '1', ...values });
			assert.equal(here[0], 404, act);
			assert.deepEqual(here, await ask(`${unknown}/${act}`, { csrf, version: '1', ...values }), act);
		}
		await context.forget();
	}
}

async function day(world, language, script) {
	const { suite, browser, base, instance } = world, words = `${language}, script ${script ? 'on' : 'off'}`, mark = `f-${language}-${script ? 's' : 'p'}`;
	const context = await browser.context({ script, language }), page = context.pages()[0] ?? await context.newPage();
	const visitor = new Visitor(world, page, language), look = script && world.screens !== false ? name => visitor.look(`casework ${name}`) : async () => {};
	let file = null;
	await hands.login(page, base, instance.account(HOUSES[language], 'case_manager'));
	await hands.speak(page, language);
	await suite.test(`T-UX-1 case manager, ${words}: a file in three steps, on a basis or not at all`, async () => {
		await opened(page, base, mark, look);
		file = new URL(new URL(page.url()).pathname, base).href;
	});
	await suite.test(`T-UX-1 case manager, ${words}: a note, and each part by itself`, () => written(page, language, file, mark, look));
	await suite.test(`case manager, ${words}: stale facts are shown beside what was typed`, () => lateness(page, file, look));
	await suite.test(`case manager, ${words}: the list names the file and no identity`, async () => {
		await page.goto(new URL('/staff/files', base).href);
		const list = await page.locator('main').textContent();
		assert.ok(list.includes(mark) && !list.includes('Maryam') && !list.includes('مريم'));
	});
	if (language === 'fr' && script)
		await suite.test('T-ACC-2 a file is not there for anybody else', () => nobodyElse(world, file));
	await context.forget();
}

export default async function files(world) {
	for (const language of world.languages)
		for (const script of [true, false])
			await day(world, language, script);
}
