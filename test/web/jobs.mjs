// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-1: the primary job of reporter, operator and desk, with script and without, in each language; the number of steps the design allows.
import * as hands from './lib/hands.mjs';
import { assert } from './lib/suite.mjs';

const WORDS = {
	fr: 'On lui a pris son téléphone, elle travaille dans une villa et ne sort plus.',
	ar: 'أخذوا هاتفها، تعمل في فيلا ولا تخرج.',
	en: 'They took her phone, she works in a house and does not come out.',
};
const FIVE = { who: 'other', danger: 'no' };
// A desk for each language: an account has two sessions at a time, one with script and one without.
const PLACES = { fr: ['MA-06', 'dar-tadamoun'], ar: ['MA-09', 'tafoukt'], en: ['MA-07', 'nour-atfal'] };

async function reporter(world, page, language) {
	const { base } = world;
	await page.goto(new URL(`/${language}`, base).href);
	const what = await firstTile(page, language, base);
	const { code, taps } = await hands.report(page, { ...FIVE, region: PLACES[language][0], what: [what], tell: `${world.mark} ${WORDS[language]}`, stop: 'tell' });
	assert.match(code, /^\d{20}$/);
	assert.ok(taps <= 8, `${taps} taps`);
	return code;
}

// The first tile of "what"; read once by walking to it.
async function firstTile(page, language, base) {
	await hands.report(page, FIVE, { stopBefore: 'what' });
	const value = await page.locator('main input[name=what]').first().getAttribute('value');
	await page.goto(new URL(`/${language}`, base).href);
	return value;
}

async function operator(world, page, language, script) {
	const { base, accounts } = world;
	await hands.login(page, base, accounts.operator);
	await hands.speak(page, language);
	await page.goto(new URL(world.console, base).href);
	await page.locator('#text').focus();
	await page.keyboard.type(`${world.mark} ${WORDS[language]}`);
	if (script)
		await Promise.all([page.waitForNavigation(), page.keyboard.press('F8')]);
	else
		await Promise.all([page.waitForNavigation(), page.locator('main button[data-key=F8]').click()]);
	assert.equal(await page.locator('#errors').count(), 0, await page.locator('#errors').textContent().catch(() => ''));
	assert.equal(await page.locator('main .note.ok').count() > 0, true, 'the page says that it was saved');
	assert.equal(await page.locator('#text').inputValue(), '', 'a blank call is open');
}

async function desk(world, page, language, code) {
	const { base, accounts } = world;
	await hands.login(page, base, accounts.desk);
	await hands.speak(page, language);
	const row = page.locator('main a', { hasText: world.mark }).first();
	await Promise.all([page.waitForNavigation(), row.click()]);
	assert.ok((await page.locator('main').textContent()).includes(world.mark), 'the statement is shown');
	const answer = page.locator('form', { has: page.locator('[formaction$="/answer"]') });
	await answer.locator('#answer').fill(`${WORDS[language]} ✓ ${world.mark}`);
	const state = answer.locator('#shown_state');
	if (await state.count())
		await state.selectOption({ index: 1 });
	else
		await answer.locator('input[type=radio]').first().check();
	await Promise.all([page.waitForNavigation(), answer.locator('[formaction$="/answer"]').click()]);
	assert.equal(await page.locator('main .words', { hasText: '✓' }).count(), 1, 'the desk sees its answer');
	await hands.openMailbox(page, base, language, code);
	assert.ok((await page.locator('.message').textContent()).includes('✓'), 'the reporter reads the answer');
}

async function all(world, language, script) {
	const { suite, browser } = world, words = `${language}, script ${script ? 'on' : 'off'}`;
	const context = await browser.context({ script, language, size: [1366, 768] });
	let code = null;
	const fresh = async run => {
		const page = await context.newPage();
		try {
			return await run(page);
		} finally {
			await page.close();
			await context.clearCookies();
		}
	};
	await suite.test(`T-UX-1 reporter, ${words}: a report in at most 8 taps`, () => fresh(async page => { code = await reporter(world, page, language); }));
	await suite.test(`T-UX-1 desk, ${words}: opens, answers, and the reporter reads it`, () => fresh(page => desk(world, page, language, code)));
	await suite.test(`T-UX-1 operator, ${words}: a call saved by keyboard`, () => fresh(page => operator(world, page, language, script)));
	await context.forget();
}

const accountsOf = ({ instance }, organisation) => ({ desk: instance.account(organisation, 'desk'), operator: instance.account(organisation, 'operator') });

// Side by side, since a form sent within 20 s has to wait.
export default async function jobs(world) {
	await Promise.all(world.languages.flatMap(language => [true, false].map(script =>
		all({ ...world, mark: `job-${language}-${script ? 'script' : 'plain'}`, accounts: accountsOf(world, PLACES[language][1]) }, language, script))));
}
