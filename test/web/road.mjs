// SPDX-License-Identifier: GPL-3.0-or-later
// The first and the third story from the report to the presumption that two people signed, as their actors do it in a browser: in French and
// Arabic, with script and without, on a desktop and, part by part, on a phone. And the second: two people only, who borrow their reader.
import { Client } from './lib/client.mjs';
import { Clock } from './lib/clock.mjs';
import * as hands from './lib/hands.mjs';
import { withInstance } from './lib/instance.mjs';
import { login } from './lib/people.mjs';
import { assert } from './lib/suite.mjs';

// Where each part of the grid begins; D4.02 is the second of the fourth.
const FIRST = { D1: 0, D2: 10, D3: 20, D4: 36, D5: 45, D6: 60 };
const PARTS = Object.keys(FIRST).length + 2;
const numberOf = code => FIRST[code.slice(0, 2)] + Number(code.slice(3)) - 1;
const partOf = code => Object.keys(FIRST).indexOf(code.slice(0, 2)) + 1;

const CONSENT = { basis: 'informed_consent', basis_explained: 'la référente', basis_language: 'ary', basis_way: 'voiced', basis_day: '2024-02-09' };
const STORIES = [
	{ name: 'C01', organisation: 'dar-tadamoun', minor: 'no', phone: false, person: 'Warda', basis: CONSENT,
		yes: ['D1.01', 'D1.02', 'D3.01', 'D3.03', 'D3.06', 'D4.01', 'D4.02', 'D4.04', 'D5.01', 'D5.03', 'D6.01', 'D6.02', 'D6.03'],
		text: 'Une jeune femme qui ne sort jamais. Elle nettoie les vitres à minuit.' },
	{ name: 'C03', organisation: 'nour-atfal', minor: 'yes', phone: true, person: 'Nejma',
		basis: { basis: 'best_interests', basis_reason: 'Une avance a été payée.', child_view: 'Je veux voir ma sœur.', basis_day: '2024-09-21' },
		yes: ['D1.10', 'D3.01', 'D4.01', 'D4.02', 'D4.09', 'D5.02'],
		text: 'Une élève de CM2 n’est pas revenue.' },
];

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const right = async page => assert.deepEqual(await page.locator('#errors').allTextContents(), []);

async function enter(page, values) {
	for (const [name, value] of Object.entries(values)) {
		const field = page.locator(`main [name="${name}"]:not([type=hidden])`).first();
		const what = await field.evaluate(e => e.type);
		if (what === 'radio')
			await page.locator(`main [name="${name}"][value="${value}"]`).check();
		else if (what === 'select-one')
			await field.selectOption(value);
		else
			await field.fill(value);
	}
}

const named = (page, act) => page.locator(`main [formaction$="/${act}"]:visible`).last();

// The desk types the call in, weighs it and gives it to a case manager.
async function desk(walk, page) {
	const { base, mark, story } = walk;
	await page.goto(new URL('/staff/call', base).href);
	await enter(page, { text: `${mark} ${story.text}` });
	await go(page, page.locator('main button[data-key=F8]'));
	await right(page);
	await page.goto(new URL(walk.queue, base).href);
	await go(page, page.locator('main a', { hasText: mark }).first());
	walk.report = new URL(page.url()).pathname;
	await enter(page, { risk: 'high' });
	await go(page, named(page, 'triage'));
	await page.goto(new URL(`${walk.report}/assign`, base).href);
	const who = page.locator('main [name=user]');
	const tag = await who.first().evaluate(e => e.tagName);
	if (tag === 'SELECT')
		await who.selectOption({ label: await who.locator('option', { hasText: walk.manager }).first().textContent() });
	else
		await page.locator('main label', { hasText: walk.manager }).locator('input').or(page.locator('main tr', { hasText: walk.manager }).locator('input')).first().check();
	await go(page, page.locator('main form button.button').last());
	await right(page);
}

// Opened from the report, on a basis.
async function file(walk, page) {
	await page.goto(new URL(`${walk.report}/open`, walk.base).href);
	await page.locator('main details').evaluateAll(all => all.forEach(e => { e.open = true; }));
	await enter(page, { working_name: walk.person, ...walk.story.basis });
	await go(page, page.locator('main form button.button').last());
	await right(page);
	walk.file = new URL(page.url()).pathname;
	assert.match(walk.file, /^\/staff\/file\/[0-9a-f]{32}$/);
	assert.ok((await page.locator('h1').textContent()).includes(walk.person));
}

async function mark(page, code) {
	await page.locator(`#y${numberOf(code)}`).check();
	await page.locator(`[name="source[${numberOf(code)}]"]`).selectOption('interview');
}

// Every part on one page, or one after the other; what was saved under way is there again.
async function screen(walk, page) {
	const { story } = walk, about = { minor: story.minor, act: 'yes', act_source: 'interview', age_basis: 'declared' };
	await page.setViewportSize(story.phone ? { width: 390, height: 844 } : { width: 1366, height: 768 });
	await go(page, page.locator(`main a[href^="${walk.file}/screening"]`).first());
	await enter(page, about);
	for (let part = 0; part < PARTS; part++) {
		if (part > 0 && story.phone)
			assert.equal(await page.locator('.step:visible').count(), 1, 'one part at a time');
		await page.locator('main details').evaluateAll(all => all.forEach(e => { e.open = true; }));
		for (const code of story.yes.filter(code => !story.phone || partOf(code) === part))
			if (part > 0 || !story.phone)
				await mark(page, code);
		if (!story.phone)
			break;
		if (part < PARTS - 1) {
			await go(page, page.locator('main button[name=go].button:visible'));
			await right(page);
		}
	}
	for (const code of story.yes)
		assert.ok(await page.locator(`#y${numberOf(code)}`).isChecked(), `${code} is there`);
	await go(page, page.locator('main button[name=go][value=end]:visible'));
	await right(page);
	assert.ok(page.url().includes('/screening/end'), page.url());
	const said = await page.locator('main').textContent();
	for (const word of ['presumed', 'ilo_strict', 'score', ' %'])
		assert.ok(!said.includes(word), `the end page says ${word}`);
}

async function propose(walk, page) {
	await go(page, page.locator(`main a[href="${walk.file}/presumption"]`));
	await go(page, page.locator('main form button.button').last());
	assert.ok(await page.locator('#errors').count() > 0, 'a reason is needed');
	await enter(page, { comparison: 'same', reason: `${walk.mark}: enfermée, jamais payée.` });
	if (walk.reader)
		await page.locator('main label', { hasText: walk.reader }).locator('input').check();
	await go(page, page.locator('main form button.button').last());
	await right(page);
	assert.equal(new URL(page.url()).pathname, walk.file);
	await go(page, page.locator('main a[href^="/staff/decision/"]').last());
	walk.decision = new URL(page.url()).pathname;
}

// In three steps from the team's page: read, agree, record.
async function sign(walk, page, text) {
	await page.goto(new URL('/staff/team', walk.base).href);
	await go(page, page.locator('main tr', { hasText: text }).locator('a.button[href*="/decision/"]').last());
	walk.decision ??= new URL(page.url()).pathname;
	assert.ok((await page.locator('main').textContent()).includes(walk.mark), 'the reason is read');
	await page.locator('main [name=verdict][value=agree]').check();
	await go(page, page.locator('main form button.button').first());
	await right(page);
	assert.equal(await page.locator(`main [aria-labelledby=signs] a[href="${walk.decision}"]`).count(), 0, 'nothing waits any more');
}

// One browser a walk; each actor begins without the cookies of the one before.
async function as(walk, account, run) {
	const page = await walk.context.newPage();
	try {
		await hands.login(page, walk.base, account);
		await hands.speak(page, walk.language);
		walk.queue ??= await page.locator('nav.rail a').evaluateAll(all => all.map(a => a.getAttribute('href')).find(h => /\/(reports|queue)?$/.test(h)));
		return await run(page);
	} finally {
		await page.close();
		await walk.context.clearCookies();
	}
}

async function walking(walk, run) {
	walk.context = await walk.browser.context({ script: walk.script, language: walk.language, size: [1366, 768] });
	try {
		await run();
	} finally {
		await walk.context.forget();
	}
}

async function one(world, story, language, script) {
	const { instance } = world, name = `${story.name} ${language}, script ${script ? 'on' : 'off'}`;
	const account = role => instance.account(story.organisation, role);
	const walk = { ...world, story, language, script, mark: `road-${story.name}-${language}-${script ? 1 : 0}`, manager: account('case_manager').login,
		person: `${story.person} ${language}${script ? 1 : 0}` };
	await world.suite.test(`T-UX-1 ${name}: from the report to the presumption two people signed`, () => walking(walk, async () => {
		await as(walk, account('desk'), page => desk(walk, page));
		await as(walk, account('case_manager'), async page => {
			await file(walk, page);
			await screen(walk, page);
			await propose(walk, page);
		});
		await as(walk, account('supervisor'), page => sign(walk, page, walk.person));
		await as(walk, account('case_manager'), async page => {
			await page.goto(new URL(walk.decision, walk.base).href);
			assert.ok((await page.locator('main').textContent()).includes(account('supervisor').login), 'the second signature is named');
		});
	}));
}

// T-ACC-5: the lent reader opens the decision he was asked for, and nothing else of the file; others not even that.
async function borrowed(world) {
	const { suite, instance, base } = world;
	const lent = instance.account('jisr-afrique', 'supervisor'), stranger = instance.account('tafoukt', 'supervisor');
	const owner = instance.accounts.find(a => a.login === 'marsa.supervisor');
	const walk = { ...world, language: 'fr', script: true, mark: 'Téléphone et papiers pris' };
	let file = null, screening = null;
	await suite.test('T-ACC-5 two people only: the borrowed reader signs one decision and sees nothing else', () => walking(walk, async () => {
		await as(walk, owner, async page => {
			await page.goto(new URL('/staff/files', base).href);
			await go(page, page.locator('main a[href^="/staff/file/"]', { hasText: 'Rim' }).first());
			file = new URL(page.url()).pathname;
			screening = await page.locator('main a[href^="/staff/screening/"]').first().getAttribute('href');
			walk.decision = await page.locator('main a[href^="/staff/decision/"]').first().getAttribute('href');
		});
		const status = async (page, path) => (await page.goto(new URL(path, base).href)).status();
		const closed = [file, `${file}/screening/end`, `${file}/presumption`, `${file}?tab=person`, `${file}?tab=facts`, screening];
		await as(walk, stranger, async page => {
			for (const path of [...closed, walk.decision])
				assert.equal(await status(page, path), 404, `a stranger at ${path}`);
		});
		await as(walk, lent, async page => {
			await page.goto(new URL('/staff/team', base).href);
			assert.ok(!(await page.locator('main').textContent()).includes('Rim'), 'no name of the file is told');
			assert.equal(await status(page, walk.decision), 200);
			for (const path of closed)
				assert.equal(await status(page, path), 404, `the lent reader at ${path}`);
			await sign(walk, page, '');
			for (const path of closed)
				assert.equal(await status(page, path), 404, `the lent reader at ${path}, afterwards`);
		});
		await as(walk, owner, async page => {
			await page.goto(new URL(walk.decision, base).href);
			assert.ok((await page.locator('main').textContent()).includes(lent.login), 'who signed is named');
		});
	}));
}

const HOUR = 3600e3;

// The lending house gets a second supervisor: proposed by its officer, known to its supervisor, certified.
async function secondSupervisor(instance, house) {
	const member = instance.account(house, 'case_manager');
	const as = async role => {
		const client = new Client(instance.base, 'fr'), account = instance.account(house, role);
		await login(client, account);
		const link = (await client.get('/staff/people')).root.all('a').find(a => /\/people\/[0-9a-f]{32}$/.test(a.get('href')) && a.text.includes(member.login)).get('href');
		return async (act, values) => {
			const csrf = (await client.get(link)).root.all('input').find(e => e.get('name') === 'csrf').get('value');
			const page = await client.post(`${link}/${act}`, [['csrf', csrf], ...values]);
			assert.ok(page.status === 200 && page.errors() === '', `${act}: ${page.status} ${page.errors()}`);
		};
	};
	const roles = ['case_manager', 'supervisor'].map(role => ['roles', role]), proof = ['kind', 'demo'];
	const officer = await as('security_officer'), leads = await as('supervisor');
	await officer('roles', roles);
	await leads('vouch', [...roles, proof]);
	await officer('certify', [proof]);
	return member;
}

// A lent reader has a day. Then what he was lent is not there any more, for him or by any list; who asked asks again, him or another.
async function unanswered(world) {
	const clock = new Clock();
	try {
		await world.suite.test('T-ACC-5 a reader who does not answer: after a day nothing is his, and another one is asked', () => withInstance(async instance => {
			const first = instance.account('jisr-afrique', 'supervisor'), owner = instance.accounts.find(a => a.login === 'marsa.supervisor');
			const other = await secondSupervisor(instance, 'jisr-afrique'), { base } = instance;
			const walk = { ...world, instance, base, language: 'fr', script: true, mark: 'Téléphone et papiers pris' };
			const status = async (page, path) => (await page.goto(new URL(path, base).href)).status();
			const waiting = async page => {
				await page.goto(new URL('/staff/team', base).href);
				return page.locator(`main [aria-labelledby=signs] a[href="${walk.decision}"]`).count();
			};
			await walking(walk, async () => {
				await as(walk, owner, async page => {
					await page.goto(new URL('/staff/files', base).href);
					await go(page, page.locator('main a[href^="/staff/file/"]', { hasText: 'Rim' }).first());
					walk.file = new URL(page.url()).pathname;
					walk.decision = await page.locator('main a[href^="/staff/decision/"]').first().getAttribute('href');
				});
				clock.set(22 * HOUR); // the demo is at most an hour old
				await as(walk, first, async page => {
					assert.equal(await waiting(page), 1, 'asked, and a day is not over');
					assert.equal(await status(page, walk.decision), 200);
				});
				await as(walk, other, async page => assert.equal(await status(page, walk.decision), 404, 'nobody asked him'));
				clock.set(25 * HOUR);
				await as(walk, first, async page => {
					assert.equal(await waiting(page), 0, 'what cannot be opened is not listed');
					assert.equal(await status(page, walk.decision), 404, 'the day is over');
				});
				await as(walk, owner, async page => {
					assert.equal(await status(page, walk.decision), 200);
					await page.locator('main label', { hasText: other.login }).locator('input').check();
					await go(page, page.locator('main form[action$="/ask"] button'));
					await right(page);
				});
				await as(walk, first, async page => {
					assert.equal(await status(page, walk.decision), 404, 'another one is asked');
					assert.equal(await waiting(page), 0);
				});
				await as(walk, other, async page => {
					assert.equal(await status(page, walk.file), 404, 'the file stays closed');
					await sign(walk, page, '');
					assert.equal(await status(page, walk.file), 404);
				});
				clock.set(51 * HOUR);
				await as(walk, other, async page => assert.equal(await status(page, walk.decision), 404, 'nor after his day'));
				await as(walk, owner, async page => {
					await page.goto(new URL(walk.decision, base).href);
					const said = await page.locator('main').textContent();
					assert.ok(said.includes(other.login) && !said.includes(first.login), 'who signed is named');
				});
			});
		}, { env: clock.env }));
	} finally {
		clock.remove();
	}
}

export default async function road(world) {
	const each = async story => {
		for (const language of ['fr', 'ar'])
			for (const script of [true, false])
				await one(world, story, language, script);
	};
	await Promise.all([...STORIES.map(each), borrowed(world)]);
	await unanswered(world);
}
