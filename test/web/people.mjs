// SPDX-License-Identifier: GPL-3.0-or-later
// How somebody comes: invited by the administrator, password, recovery code, second proof, certified by the officer, at work. Then a lost
// password, the settings, a frozen account, and the lock that keeps what was typed.
import { createHmac } from 'node:crypto';
import * as hands from './lib/hands.mjs';
import { assert } from './lib/suite.mjs';

const PASSWORD = 'des oliviers et du vent', OTHER = 'du vent sur les oliviers';
const HOUSE = { fr: ['dar-tadamoun', 'MA-06'], ar: ['tafoukt', 'MA-09'], en: ['rif-ecoute', 'MA-01'] };
const press = (page, selector) => hands.go(page, () => page.locator(selector).first().click());
const text = page => page.locator('main').textContent().then(t => t.replace(/\s+/g, ' '));

// RFC 6238 with the secret as the page shows it.
export function totp(secret, at = Date.now()) {
	const bits = [...secret.trim()].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2))), counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
	const mac = createHmac('sha1', key).update(counter).digest(), offset = mac[19] & 15;
	return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, '0');
}

async function invite(officer, base, login, role, look) {
	await officer.goto(new URL('/staff/people', base).href);
	await look('members');
	await press(officer, '.heading a.button');
	await officer.fill('#login', 'Not Good');
	await officer.check('input[name=roles][value=desk]');
	await officer.check('input[name=roles][value=security_officer]');
	await press(officer, 'main form button.button');
	assert.equal(await officer.locator('#errors li').count(), 2, 'the name and the pair of roles are refused, each by its own line');
	await look('invite refused');
	await officer.uncheck('input[name=roles][value=security_officer]');
	await officer.uncheck('input[name=roles][value=desk]');
	await officer.check(`input[name=roles][value=${role}]`);
	await officer.fill('#login', login);
	await press(officer, 'main form button.button');
	await look('ticket');
	return { typed: (await officer.locator('#ticket').textContent()).trim(), address: (await officer.locator('.card .words').textContent()).trim() };
}

async function join(page, base, ticket, login, look) {
	await page.goto(new URL('/staff/login', base).href);
	await press(page, 'a[href$="/join"]');
	await page.fill('#ticket', ticket.typed.replace(/.$/, c => c === '0' ? '1' : '0'));
	await press(page, 'main form button.button');
	assert.equal(await page.locator('#ticket-error').count(), 1, 'a wrong sign is found by its check symbol');
	await look('ticket refused');
	await page.fill('#ticket', ticket.typed.toLowerCase());
	await press(page, 'main form button.button');
	assert.equal(page.url(), ticket.address);
	await look('invitation');
	await page.fill('#password', PASSWORD);
	await page.fill('#again', `${PASSWORD}.`);
	await press(page, 'main form button.button');
	assert.equal(await page.locator('#again-error').count(), 1);
	assert.equal(await page.locator('#password').inputValue(), '', 'a secret is not shown again');
	await page.fill('#password', PASSWORD);
	await page.fill('#again', PASSWORD);
	await press(page, 'main form button.button');
	await look('recovery code');
	const recovery = (await page.locator('#recovery-code').textContent()).trim();
	assert.match(recovery, /^([0-9A-Z]{5}-){5}[0-9A-Z*~$=]$/);
	await press(page, '.actions a.button');
	assert.ok(!(await page.content()).includes(recovery), 'the recovery code is on one page only');
	await page.locator('summary').click();
	await look('second proof');
	const secret = (await page.locator('#secret').textContent()).trim(), sheet = await page.locator('.sheet li').allTextContents();
	assert.equal(sheet.length, 40);
	await page.fill('#recovery', recovery.replace(/^./, c => c === '0' ? '1' : '0'));
	await page.fill('#code', totp(secret));
	await press(page, 'main form button.button');
	assert.equal(await page.locator('#recovery-error').count(), 1);
	await look('second proof refused');
	await page.fill('#recovery', recovery);
	await page.fill('#code', totp(secret));
	await press(page, 'main form button.button');
	await look('joined');
	const fingerprint = (await page.locator('#fingerprint').textContent()).trim();
	assert.match(fingerprint, /^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
	await page.goto(ticket.address);
	assert.equal(await page.locator('#password').count(), 0, 'a ticket serves once');
	await look('ticket used');
	return { login, password: PASSWORD, recovery, sheet, fingerprint };
}

// The officer is the administrator too: a colleague who holds the keys answers for the newcomer, with the second proof.
async function vouch(colleague, base, member, look) {
	await colleague.goto(new URL('/staff/people', base).href);
	await look('asked');
	await press(colleague, `section.mine li:has-text("${member.login}") a`);
	assert.ok((await text(colleague)).includes(member.fingerprint), 'the colleague reads the same fingerprint');
	await press(colleague, 'form[action$="/vouch"] button.button');
	assert.equal(await colleague.locator('#code-error').count(), 1, 'a word asks for the second proof');
	await look('word refused');
	await colleague.locator('form[action$="/vouch"] input[value=demo]').check();
	await press(colleague, 'form[action$="/vouch"] button.button');
	assert.ok(!await colleague.locator(`section.mine li:has-text("${member.login}")`).count());
}

async function waitsForWord(officer, base, member, look) {
	await officer.goto(new URL('/staff/people', base).href);
	await press(officer, `section.mine li:has-text("${member.login}") a`);
	assert.equal(await officer.locator('form[action$="/certify"]').count(), 0, 'nobody certifies alone whom he brought himself');
	await look('waits for a word');
}

async function certify(officer, base, member, look) {
	await officer.goto(new URL('/staff/people', base).href);
	await press(officer, `section.mine li:has-text("${member.login}") a`);
	assert.ok((await text(officer)).includes(member.fingerprint), 'the officer reads the same fingerprint');
	await press(officer, 'form[action$="/certify"] button.button');
	assert.equal(await officer.locator('#code-error').count(), 1, 'certifying asks for the second proof');
	await look('certify refused');
	await officer.locator('form[action$="/certify"] input[value=demo]').check();
	await press(officer, 'form[action$="/certify"] button.button');
	assert.ok(!await officer.locator(`section.mine li:has-text("${member.login}")`).count());
}

async function recover(page, base, member, look) {
	await page.goto(new URL('/staff/login', base).href);
	await press(page, 'a[href$="/recover"]');
	const fill = async (code, sheet) => {
		await page.fill('#login', member.login);
		await page.fill('#recovery', code);
		await page.locator('input[name=kind][value=sheet]').check();
		await page.fill('#code', sheet);
		await page.fill('#password', OTHER);
		await page.fill('#again', OTHER);
		await press(page, 'main form button.button');
	};
	await fill(member.recovery, '00000000');
	assert.equal(await page.locator('#login-error').count(), 1, 'one answer whatever was wrong');
	await look('lost password refused');
	await fill(member.recovery.replace(/-/g, ' '), member.sheet[3]);
	await look('new recovery code');
	assert.notEqual((await page.locator('#recovery-code').textContent()).trim(), member.recovery);
	return { ...member, password: OTHER };
}

// One walk; `look` measures a screen when the suite of screens walks with it.
export async function walk({ base, accounts, language, browser, mark, script = true, look = async () => {} }) {
	const [house, region] = HOUSE[language] ?? HOUSE.en, officers = accounts(house, 'security_officer'), login = `${house}.${mark}`;
	const contexts = [], open = async () => {
		contexts.push(await browser.context({ language, script }));
		const page = contexts.at(-1).pages()[0] ?? await contexts.at(-1).newPage();
		await page.goto(new URL('/staff/login', base).href);
		await hands.speak(page, language);
		return page;
	};
	try {
		const officer = await open(), newcomer = await open(), holder = await open(), colleague = await open();
		const at = page => name => look(page, name);
		await newcomer.goto(new URL(`/${language}`, base).href);
		await hands.report(newcomer, { who: 'other', region, danger: 'yes', tell: `seen by ${login}`, stop: 'tell' });
		await hands.login(officer, base, officers);
		const ticket = await invite(officer, base, login, 'desk', at(officer));
		let member = await join(newcomer, base, ticket, login, at(newcomer));
		await hands.login(newcomer, base, member);
		assert.ok(!(await text(newcomer)).includes(`seen by ${login}`), 'nothing opens before the certificate');
		await look(newcomer, 'waiting for the officer');
		await waitsForWord(officer, base, member, at(officer));
		await hands.login(colleague, base, accounts(house, 'supervisor'));
		await vouch(colleague, base, member, at(colleague));
		await certify(officer, base, member, at(officer));
		await hands.login(holder, base, accounts(house, 'desk'));
		await newcomer.goto(new URL('/staff/', base).href);
		assert.ok((await text(newcomer)).includes(`seen by ${login}`), 'at work after a colleague came by');
		await newcomer.goto(new URL('/staff/settings', base).href);
		await look(newcomer, 'settings');
		await newcomer.locator('input[name=size][value="18"]').check();
		await newcomer.locator('input[name=theme][value=dark]').check();
		await press(newcomer, 'form[action$="/settings"] button.button');
		assert.deepEqual(await newcomer.locator('html').evaluate(e => [e.dataset.size, e.dataset.theme]), ['18', 'dark']);
		await look(newcomer, 'settings large and dark');
		member = await recover(newcomer, base, member, at(newcomer));
		await hands.login(newcomer, base, member);
		assert.match(await newcomer.locator('main .note.warn bdi').first().textContent(), /\d{2}:\d{2}/, 'what waits a day after a recovery, and until when');
		await look(newcomer, 'held for a day');
		await officer.goto(new URL('/staff/people', base).href);
		await press(officer, `section.mine li:has-text("${login}") a`);
		await look(officer, 'came by recovery code');
		await press(officer, 'form[action$="/seen"] button');
		await holder.goto(new URL('/staff/people', base).href);
		await press(holder, `table a:has-text("${login}")`);
		await look(holder, 'a colleague');
		holder.on('dialog', dialog => dialog.accept());
		await press(holder, 'form[action$="/freeze"] button');
		await newcomer.goto(new URL('/staff/', base).href);
		assert.match(newcomer.url(), /\/staff\/login$/, 'frozen: every session is over');
		await press(officer, `table a:has-text("${login}")`);
		await look(officer, 'frozen');
		await press(officer, 'form[action$="/end"] button');
		await look(officer, 'end of access');
	} finally {
		for (const context of contexts)
			await context.forget();
	}
}

// WCAG 2.2.1 and sealed design 5.3: the warning two minutes before, "stay", the lock that keeps what was typed, and it comes back.
async function lock({ base, account, language, browser }) {
	const context = await browser.context({ language }), page = context.pages()[0] ?? await context.newPage();
	try {
		await page.clock.install();
		await hands.login(page, base, account);
		await hands.go(page, () => page.locator('main a[href*="/reports/"]').first().click()); // an open call would hold the lock off
		await page.fill('#text', `kept by the lock ${language}`);
		await page.clock.fastForward('12:50');
		assert.ok(await page.locator('#soon').isHidden());
		await page.clock.fastForward('00:20');
		assert.ok(await page.locator('#soon').isVisible(), 'said two minutes before');
		await page.locator('#soon button').click();
		await page.clock.fastForward('00:10');
		assert.ok(await page.locator('#soon').isHidden(), 'stay means stay');
		await Promise.all([page.waitForURL(/\/login$/), page.clock.fastForward('15:10')]);
		await page.clock.resume();
		await hands.login(page, base, account);
		await page.goto(new URL('/staff/drafts', base).href);
		const draft = page.locator('main section', { hasText: `kept by the lock ${language}` }).first();
		await hands.go(page, () => draft.locator('form[action$="/open"] button').click());
		assert.ok((await page.locator('textarea').evaluateAll(all => all.map(e => e.value))).includes(`kept by the lock ${language}`));
	} finally {
		await context.forget();
	}
}

export default async function people(world) {
	const { suite, browser, base, instance } = world, accounts = (house, role) => instance.account(house, role);
	for (const language of ['fr', 'ar'])
		for (const script of [true, false])
			await suite.test(`${language}, script ${script ? 'on' : 'off'}: invited, certified, at work, password lost and found, frozen`, () =>
				walk({ base, accounts, language, browser, mark: `new${script ? 1 : 2}`, script }));
	await suite.test('5.3 the lock warns, stays when told, keeps what was typed', () =>
		lock({ base, account: accounts('jisr-afrique', 'desk'), language: 'fr', browser }));
}
