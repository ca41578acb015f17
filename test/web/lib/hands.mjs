// SPDX-License-Identifier: GPL-3.0-or-later
// The same acts as lib/people.mjs with the hands of a browser: real clicks on what is on the screen, with script or without.
import { wait } from './suite.mjs';
import { stepOf } from './people.mjs';

const CODE = /\d{4}\s*\d{4}\s*\d{4}\s*\d{4}\s*\d{4}/;

// The page as people.mjs sees it: names, buttons and what is shown of its main form.
export async function seen(page) {
	const controls = await page.locator('#form, main form').first().evaluate(form => [...form.querySelectorAll('input, textarea, select, button')]
		.map(e => ({ tag: e.tagName, name: e.name, value: e.value, type: e.type }))).catch(() => null);
	if (!controls)
		return null;
	return {
		names: new Set(controls.map(e => e.name)),
		buttons: controls.filter(e => e.tag === 'BUTTON').map(e => `${e.name}=${e.value}`),
		shows: name => controls.some(e => e.name === name && e.type !== 'hidden' && e.tag !== 'BUTTON'),
	};
}

export async function codeOn(page) {
	const [text = ''] = await page.locator('.code').allTextContents();
	return CODE.test(text) ? text.replace(/\D/g, '') : null;
}

// An act that leads to another page, and that page.
export const go = (page, act) => Promise.all([page.waitForNavigation(), act()]);
export const speak = (page, language) => go(page, () => page.locator(`button[name=language][value=${language}]`).click());

export async function press(page, [name, value]) {
	const button = page.locator(`main button[name="${name}"]${value === undefined ? '' : `[value="${value}"]`}`).first();
	await go(page, () => button.click());
}

async function fill(page, values) {
	let taps = 0;
	for (const [name, value] of Object.entries(values)) {
		const field = page.locator(`main [name="${name}"]:not([type=hidden])`);
		const kind = await field.first().getAttribute('type').catch(() => null);
		if (kind === 'checkbox' || kind === 'radio') {
			for (const one of [value].flat()) {
				await page.locator(`main [name="${name}"][value="${one}"]`).check({ force: true });
				taps++;
			}
		} else {
			await field.first().fill(value);
		}
	}
	return taps;
}

// Gives { code, taps }: taps = presses and ticks, typing not counted.
export async function report(page, answers, { visit = async () => {}, stopBefore = null } = {}) {
	let taps = 0;
	for (let steps = 0; steps < 60; steps++) {
		const code = await codeOn(page);
		if (code)
			return { code, taps };
		const now = await seen(page), step = now && stepOf(now);
		if (!step)
			throw new Error(`the form ended without a code: ${await page.title()}: ${(await page.locator('main').textContent()).slice(0, 200)}`);
		await visit(step[0]);
		if (step[0] === stopBefore)
			return { code: null, taps };
		const act = step[2](answers);
		taps += await fill(page, act.fill ?? {}) + 1;
		await press(page, act.press);
		if (step[0] === 'send' && !await codeOn(page)) {
			taps--; // the wait page's own press is not an answer
			await visit('wait');
			await wait(1500);
		}
	}
	throw new Error('the form has no end');
}

// Again and again until the page holds what it should: a slow machine may say "busy, in a moment".
async function patiently(page, wanted, act) {
	for (let tries = 1; ; tries++) {
		await act();
		if (await page.locator(wanted).count() > 0)
			return;
		if (tries === 10)
			throw new Error(`no ${wanted} on ${page.url()}: ${(await page.locator('main').textContent()).replace(/\s+/g, ' ').slice(0, 200)}`);
		await wait(2000);
	}
}

export function login(page, base, account) {
	return patiently(page, '#lock', async () => {
		await page.goto(new URL('/staff/', base).href);
		if (await page.locator('#lock').count() > 0)
			return;
		await page.fill('#login', account.login);
		await page.fill('#password', account.password);
		await Promise.all([page.waitForNavigation(), page.locator('main form button.button').first().click()]);
		const demo = page.locator('button[name=kind][value=demo]');
		if (await demo.count() > 0)
			await Promise.all([page.waitForNavigation(), demo.click()]);
	});
}

// The mailbox, or the page that says that the code is wrong.
export function openMailbox(page, base, language, code) {
	return patiently(page, '#reply, #code-error', async () => {
		await page.goto(new URL(`/${language}`, base).href);
		await press(page, ['go', 'code']);
		await page.fill('#code', code);
		await press(page, ['go', 'open']);
	});
}
