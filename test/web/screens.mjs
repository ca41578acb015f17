// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-6 and T-UX-11 over every screen: one walk in each language through the public form, the mailbox, the desk and the console; at each
// stop the boxes are measured at three sizes, axe runs at one of them in one theme, and the keyboard goes through it.
import { SIZES } from './lib/browser.mjs';
import { measure } from './geometry.mjs';
import { walk } from './keyboard.mjs';
import { violations } from './axe.mjs';
import * as hands from './lib/hands.mjs';
import { walk as coming } from './people.mjs';
import { assert } from './lib/suite.mjs';

export const LONG = { fr: 'Elle ne sort jamais, elle nettoie les vitres à minuit. ', ar: 'لا تخرج أبدا، تنظف النوافذ في منتصف الليل. ', en: 'She never goes out, she cleans windows at midnight. ' };
const PUBLIC_TARGET = 48, STAFF_TARGET = 44;

export class Visitor {
	stops = 0;
	constructor(world, page, language) {
		Object.assign(this, { world, page, language });
	}
	get staff() {
		return new URL(this.page.url()).pathname.startsWith('/staff');
	}
	label(name) {
		return `${this.staff ? 'staff' : 'public'} ${name}`;
	}
	// Kinds of controls whose focus was photographed, by site and theme, for the whole run.
	photographed(dark) {
		const all = this.world.photographed ??= new Map(), key = `${this.staff} ${dark}`;
		return all.get(key) ?? all.set(key, new Set()).get(key);
	}
	async boxes() {
		const wrong = [];
		for (const [width, height] of SIZES) {
			await this.page.setViewportSize({ width, height });
			const least = width > 400 ? 0 : this.staff ? STAFF_TARGET : PUBLIC_TARGET;
			wrong.push(...(await this.page.evaluate(measure, least)).map(w => `${width}: ${w}`));
		}
		assert.deepEqual(wrong, []);
	}
	async look(name) {
		const { suite } = this.world, page = this.page, label = `${this.language} ${this.label(name)}`;
		await suite.test(`T-UX-6 ${label}: no overlap, no cut text, no sideways scroll`, () => this.boxes());
		const [width, height] = SIZES[this.stops % 2 ? 0 : 2], dark = this.stops % 3 === 1;
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
		await suite.test(`T-UX-11 ${label}: axe at ${width}${dark ? ' dark' : ''}`, async () => assert.deepEqual(await violations(page), []));
		await suite.test(`T-UX-11 ${label}: keyboard at ${width}`, async () => assert.deepEqual(await walk(page, this.photographed(dark)), []));
		await page.emulateMedia({ colorScheme: 'light' });
		this.stops++;
	}
}

async function publicScreens(world, visitor, language) {
	const { page } = visitor, { base } = world;
	const answers = { who: 'other', danger: 'yes', tell: LONG[language].repeat(12), channel: world.channel, address: '+212 500 000 017', hours: '15:00', word: 'pharmacie' };
	await page.goto(new URL(`/${language}`, base).href);
	// What is refused keeps what was typed and says what is wrong.
	const { code } = await hands.report(page, answers, { visit: async step => {
		if (step === 'tell') {
			await visitor.look('step tell');
			await page.fill('#tell', '');
			await hands.press(page, ['go', 'next']);
			await visitor.look('step tell refused');
		} else if (step !== 'wait') {
			await visitor.look(`step ${step}`);
		}
	} });
	await visitor.look('code');
	await hands.openMailbox(page, base, language, '00000 00000 00000 00000'.replace(/\s/g, ''));
	await visitor.look('code refused');
	await hands.openMailbox(page, base, language, code);
	await visitor.look('mailbox');
	await hands.press(page, ['go', 'reply']);
	await visitor.look('mailbox refused');
	await page.goto(new URL(`/${language}/nowhere`, base).href);
	await visitor.look('not found');
	return code;
}

async function links(page, pattern) {
	return page.locator('main a, nav a, header a').evaluateAll((all, source) => [...new Set(all.map(a => a.getAttribute('href')))].filter(h => new RegExp(source).test(h)), pattern);
}

async function staffScreens(world, visitor, language) {
	const { page } = visitor, { base, accounts } = world;
	await page.goto(new URL('/staff/', base).href);
	await hands.speak(page, language);
	await visitor.look('login');
	await page.fill('#login', 'nobody');
	await page.fill('#password', 'wrong wrong wrong');
	await Promise.all([page.waitForNavigation(), page.locator('main form button.button').first().click()]);
	await visitor.look('login refused');
	await page.fill('#login', accounts.desk.login);
	await page.fill('#password', accounts.desk.password);
	await Promise.all([page.waitForNavigation(), page.locator('main form button.button').first().click()]);
	await visitor.look('second step');
	await Promise.all([page.waitForNavigation(), page.locator('button[name=kind][value=demo]').click()]);
	await visitor.look('queue');
	for (const filter of ['mine', 'waiting', 'closed']) {
		await page.goto(new URL(`/staff/?filter=${filter}`, base).href);
		await visitor.look(`queue ${filter}`);
	}
	await page.goto(new URL('/staff/', base).href);
	const [report] = await links(page, '/reports/[0-9a-f]{32}$');
	assert.ok(report, 'a report stands in the queue');
	await page.goto(new URL(report, base).href);
	await visitor.look('report new');
	await reportScreens(visitor, page, new URL(report, base).href, language);
	for (const address of await links(page, '^/staff/(help|drafts|shift|call|calls|console|contacts)')) {
		await page.goto(new URL(address, base).href);
		await visitor.look(address.replace('/staff/', ''));
	}
}

// Send the form whose action ends so, after filling it.
async function send(page, act, fill = {}) {
	const named = page.locator(`[formaction$="/${act}"]`).last(), own = page.locator(`form[action$="/${act}"]`).last(), many = await named.count() > 0;
	const form = many ? page.locator('form', { has: named }) : own, button = many ? named : own.locator('button').last();
	for (const [name, value] of Object.entries(fill)) {
		const field = form.locator(`[name="${name}"]`);
		if (await field.first().evaluate(e => e.tagName) === 'SELECT')
			await field.selectOption(value);
		else if (await field.first().getAttribute('type') === 'radio')
			await form.locator(`[name="${name}"][value="${value}"]`).check();
		else
			await field.first().fill(value);
	}
	await Promise.all([page.waitForNavigation(), button.click()]);
}

// A report on its way: each page of an act, what is refused, what came too late, and the report after it.
async function reportScreens(visitor, page, report, language) {
	const words = LONG[language].repeat(3);
	const visit = async (act, name = act) => {
		await page.goto(`${report}/${act}`);
		await visitor.look(name);
	};
	await send(page, 'triage', { risk: 'high' });
	await visitor.look('report weighed');
	await page.locator('main input[name=version]').evaluate(e => { e.value = '1'; });
	await send(page, 'triage', { risk: 'low' });
	await visitor.look('stale');
	for (const act of ['assign', 'redirect', 'close', 'edit'])
		await visit(act);
	await page.goto(`${report}/close`);
	await send(page, 'close');
	await visitor.look('close refused');
	await page.goto(`${report}/assign`);
	const user = await page.locator('form[action$="/assign"] [name=user]').evaluateAll(all => all.flatMap(e => e.tagName === 'SELECT' ? [...e.options] : [e]).map(e => e.value).find(v => v));
	await send(page, 'assign', { user });
	await visitor.look('report assigned');
	await send(page, 'note', { text: words });
	await send(page, 'answer', { answer: words, shown_state: 'in_hand' });
	await visitor.look('report answered');
	await visit('readers', 'who can open the report');
	await visit('wait');
	await send(page, 'wait', { wait_reason: words.slice(0, 100), review_at: new Date(Date.now() + 3 * 86400e3).toISOString().slice(0, 10) });
	await visitor.look('report waiting');
}

async function consoleScreens(world, visitor, language) {
	const { page } = visitor, { base, accounts } = world;
	await hands.login(page, base, accounts.operator);
	await hands.speak(page, language);
	const [address] = world.console ? [world.console] : await links(page, '/(call|calls|console)(/new)?$');
	assert.ok(address, 'the console is linked');
	await page.goto(new URL(address, base).href);
	await visitor.look('console');
	await hands.go(page, () => page.keyboard.press('F8'));
	await visitor.look('console refused');
	await page.fill('#text', LONG[language]);
	await hands.go(page, () => page.keyboard.press('F6'));
	await visitor.look('console asks');
}

// A report narrowed to the named, and the officer who sees that it is.
async function lockScreens(world, visitor, language) {
	const { page } = visitor, { base, instance } = world;
	page.on('dialog', dialog => dialog.accept());
	await hands.login(page, base, instance.account('rif-ecoute', 'desk'));
	await hands.speak(page, language);
	await page.goto(new URL('/staff/call', base).href);
	await page.fill('#text', LONG[language]);
	await hands.go(page, () => page.keyboard.press('F8'));
	await page.goto(new URL(await page.locator('main .note.ok a').getAttribute('href'), base).href);
	await send(page, 'lock');
	await visitor.look('report locked');
	await page.context().clearCookies();
	await hands.login(page, base, instance.account('rif-ecoute', 'security_officer'));
	await hands.speak(page, language);
	await page.goto(new URL('/staff/locks', base).href);
	await visitor.look('locks');
	await send(page, 'lift');
	await visitor.look('lock lifted');
}

// From invitation to end of access: the pages of three people at once.
async function peopleScreens(world, visitor, language) {
	const accounts = (house, role) => world.instance.account(house, role);
	await coming({ base: world.base, accounts, language, browser: world.browser, mark: `seen-${language}`, look: (page, name) => {
		visitor.page = page;
		return visitor.look(name);
	} });
}

// Screening and decisions, by who has the file and by who reads a second time.
async function decisionScreens(world, visitor, language) {
	const { page } = visitor, { base, instance } = world;
	const enter = async role => {
		await page.context().clearCookies();
		await hands.login(page, base, instance.account('dar-tadamoun', role));
		await hands.speak(page, language);
	};
	const visit = async (path, name) => {
		await page.goto(new URL(path, base).href);
		await visitor.look(name);
	};
	await enter('case_manager');
	await page.goto(new URL('/staff/files', base).href);
	const file = await page.locator('main a[href^="/staff/file/"]', { hasText: 'Warda' }).first().getAttribute('href');
	await visit(`${file}/screening?again=1`, 'screening');
	await visit(`${file}/screening?again=1&step=4`, 'screening, another part');
	await visit(`${file}/screening/end`, 'what the answers support');
	await visit(`${file}/readers`, 'who can open the file');
	await visit(`${file}/denunciation`, 'denunciation');
	await send(page, 'denunciation');
	await visitor.look('denunciation refused');
	await page.goto(new URL(`${file}/basis`, base).href);
	await page.locator('main details').evaluateAll(all => all.forEach(e => { e.open = true; }));
	await send(page, 'basis', { basis: 'vital_interest', basis_day: '2024-02-10', basis_reason: `en danger, ${language}` });
	await visit(`${file}?tab=basis`, 'a basis that waits for a second signature');
	const [text] = await links(page, '^/staff/signing/');
	await visit(text, 'what is signed, to who signed it');
	await enter('supervisor');
	await visit(text, 'second signature');
	await send(page, 'sign', { verdict: 'back' });
	await visitor.look('second signature refused');
	await visit('/staff/team', 'team');
	const [decision] = await links(page, '^/staff/decision/');
	assert.ok(decision, 'a decision waits for its second reader');
	await visit(decision, 'second reading');
	await send(page, 'sign', { verdict: 'back' });
	await visitor.look('second reading refused');
}

export async function screens(world) {
	const { suite, browser } = world, Eyes = world.Visitor ?? Visitor;
	for (const language of world.languages) {
		for (const [name, part] of [['public', publicScreens], ['desk', staffScreens], ['console', consoleScreens], ['locks', lockScreens], ['people', peopleScreens], ['decisions', decisionScreens]]) {
			const context = await browser.context({ language });
			try {
				const page = context.pages()[0] ?? await context.newPage(), visitor = new Eyes(world, page, language);
				await suite.test(`T-UX-6 ${language} ${name}: every screen was reached`, async () => { await part(world, visitor, language); });
			} finally {
				await context.forget();
			}
		}
	}
}

export default screens;

// The measures must find what is wrong on a page made wrong on purpose.
export async function controls({ suite, browser }) {
	const context = await browser.context({ size: [360, 640] });
	const page = await context.newPage();
	const show = html => page.setContent(`<!DOCTYPE html><html lang="en"><title>t</title><main><h1>t</h1>${html}</main></html>`);
	const finds = async (html, pattern) => {
		await show(html);
		assert.match((await page.evaluate(measure, 44)).join('\n'), pattern);
	};
	await suite.test('T-UX-6 control: each kind of wrong box is found', async () => {
		await finds('<p style="white-space:nowrap">' + 'wide '.repeat(60), /sideways scroll/);
		await finds('<div style="overflow:hidden;width:50px;white-space:nowrap">a long line of text', /cut/);
		await finds('<p>one line of text</p><p style="margin-top:-32px">another line', /text on text/);
		await finds('<button style="height:48px;width:90px">a</button><button style="height:48px;width:90px;margin-left:-40px">b</button>', /target on target/);
		await finds('<button style="height:20px">a</button>', /small target/);
		await show('<p>Good</p><button style="height:48px;width:90px">a</button>');
		assert.deepEqual(await page.evaluate(measure, 44), []);
	});
	await suite.test('T-UX-11 control: a trap, a hidden focus and a missing label are found', async () => {
		await show('<button style="outline:none">a</button><button>b</button>');
		assert.match((await walk(page)).join('\n'), /no visible focus/);
		await show('<style>:focus { outline: 3px solid #ccc }</style><button>a</button>');
		assert.match((await walk(page)).join('\n'), /does not stand out/);
		await show('<style>:focus { outline: 3px solid #333 }</style><button>a</button>');
		assert.deepEqual(await walk(page), []);
		await show('<a href="#x">a</a><button style="position:relative;top:0" onkeydown="event.preventDefault()">b</button><button>c</button>');
		assert.match((await walk(page)).join('\n'), /held by/);
		await show('<input type="text">');
		assert.match((await violations(page)).join('\n'), /label/);
	});
	await context.forget();
}
