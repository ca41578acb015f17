// SPDX-License-Identifier: GPL-3.0-or-later
// Principle 8 on the desk's own page: what is typed in one box outlives whatever is sent from another, with script and without.
import * as hands from './lib/hands.mjs';
import { assert } from './lib/suite.mjs';

const press = (page, act) => Promise.all([page.waitForNavigation(), page.locator(`main [formaction$="/${act}"]`).last().click()]);
const value = (page, id) => page.locator(`#${id}`).inputValue();
const heading = async page => (await page.locator('main').textContent()).replace(/\s+/g, ' ').slice(0, 200);

// One that came by the web, so that it can be answered; danger, so that it need not wait.
async function openOne(page, base, account, mark) {
	await page.goto(new URL('/fr', base).href);
	await hands.report(page, { who: 'other', region: 'MA-06', danger: 'yes', tell: `words ${mark}`, stop: 'tell' });
	await hands.login(page, base, account);
	await Promise.all([page.waitForNavigation(), page.locator('main a', { hasText: `words ${mark}` }).first().click()]);
}

async function boxes(page, mark) {
	await page.fill('#answer', `answer ${mark}`);
	await page.fill('#text', `note ${mark}`);
	await press(page, 'note');
	assert.equal(await value(page, 'answer'), `answer ${mark}`, await heading(page));
	assert.equal(await value(page, 'text'), '', 'the note was saved');
	await page.fill('#text', `second ${mark}`);
	await page.locator('input[name=risk][value=high]').check();
	await press(page, 'triage');
	assert.equal(await value(page, 'answer'), `answer ${mark}`, await heading(page));
	assert.equal(await value(page, 'text'), `second ${mark}`);
	await page.selectOption('#shown_state', 'in_hand');
	await press(page, 'answer');
	assert.equal(await value(page, 'answer'), '', 'the answer was saved');
	assert.equal(await value(page, 'text'), `second ${mark}`, await heading(page));
	await page.goto(page.url().replace(/\/answer$/, ''));
	const said = await page.locator('article .words').allTextContents();
	assert.equal(said.filter(text => text === `note ${mark}`).length, 1, 'each was saved once');
	assert.equal(said.filter(text => text === `answer ${mark}`).length, 1, 'each was saved once');
	assert.equal(said.filter(text => text === `second ${mark}`).length, 0, 'what was not sent was not saved');
}

// Another form of the page, here the language, leaves it: with script the words are a draft before.
async function drafted(page, mark) {
	await page.fill('#text', `left ${mark}`);
	await Promise.all([page.waitForNavigation(), page.locator('button[name=language][value=en]').click()]);
	await page.goto(new URL('/staff/drafts', page.url()).href);
	assert.ok((await page.locator('main .words').allTextContents()).includes(`left ${mark}`), await heading(page));
}

// No desk can take the report in, here because each was excluded: whom to call is said, and all that was typed is still in the page.
async function refused(page, base) {
	await page.goto(new URL('/fr', base).href);
	await hands.report(page, { who: 'self', danger: 'yes', tell: 'personne ne peut lire' }, { stopBefore: 'exclude' });
	for (const box of await page.locator('main [name=exclude]').all())
		await box.check({ force: true });
	await hands.press(page, ['go', 'next']);
	await hands.press(page, ['go', 'send']);
	assert.ok(await page.locator('#errors').count() === 1, await heading(page));
	assert.ok(await page.locator('main a[href="tel:19"]').count() > 0, 'the telephone numbers are there');
	assert.ok((await page.locator('main').textContent()).includes('personne ne peut lire'), 'the text is shown');
	assert.equal(await page.locator('main input[name=tell]').inputValue(), 'personne ne peut lire', 'and sent again');
}

export default async function words(world) {
	const { suite, browser, base, accounts } = world;
	for (const script of [true, false]) {
		const context = await browser.context({ script, language: 'fr' }), page = await context.newPage(), mark = script ? 'scripted' : 'plain';
		await openOne(page, base, accounts.desk, mark);
		await suite.test(`words in another box stay, script ${script ? 'on' : 'off'}`, () => boxes(page, mark));
		if (script)
			await suite.test('words of a report that no desk can take stay', async () => refused(await context.newPage(), base));
		if (script)
			await suite.test('words become a draft when another form leaves the page', () => drafted(page, mark));
		await context.forget();
	}
}
