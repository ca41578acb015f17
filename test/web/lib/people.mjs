// SPDX-License-Identifier: GPL-3.0-or-later
// What people do, as a list of acts on the page that is shown: the same for a client without a screen and for a browser. Which step a page is
// follows from what it asks, never from its number.
import { wait } from './suite.mjs';

const CODE = /\d{4}\s*\d{4}\s*\d{4}\s*\d{4}\s*\d{4}/;

// answers: who, region, what [], danger, tell, contact, channel, address, hours, message_ok, word, relation, exclude []
const STEPS = [
	['who', f => f.names.has('go') && f.buttons.some(b => b === 'go=self') && f.buttons.some(b => b === 'go=code'), a => ({ press: ['go', a.who ?? 'other'] })],
	['where', f => f.buttons.some(b => b.startsWith('region=')), a => ({ press: ['region', a.region ?? 'unknown'] })],
	['what', f => f.names.has('what') && f.shows('what'), a => ({ fill: { what: a.what ?? [] }, press: ['go', 'next'] })],
	['danger', f => f.buttons.some(b => b.startsWith('danger=')), a => ({ press: ['danger', a.danger ?? 'no'] })],
	['tell', f => f.shows('tell'), a => ({ fill: { tell: a.tell }, press: ['go', a.stop === 'tell' ? 'end' : 'next'] })],
	['contact', f => f.buttons.some(b => b.startsWith('contact=')), a => ({ press: ['contact', a.channel ? 'yes' : 'no'] })],
	['how', f => f.shows('address'), a => ({ fill: pick(a, ['channel', 'address', 'hours', 'message_ok', 'word']), press: ['go', 'next'] })],
	['relation', f => f.buttons.some(b => b.startsWith('relation=')), a => ({ press: a.relation ? ['relation', a.relation] : ['go', 'next'] })],
	['exclude', f => f.shows('exclude'), a => ({ fill: { exclude: a.exclude ?? [] }, press: ['go', 'next'] })],
	['send', f => f.buttons.includes('go=send'), () => ({ press: ['go', 'send'] })],
	['number', f => f.buttons.includes('go=next'), () => ({ press: ['go', 'next'] })], // danger now: the number, then on
];

function pick(from, names) {
	return Object.fromEntries(names.filter(n => from[n] !== undefined).map(n => [n, from[n]]));
}

export function stepOf(form) {
	return STEPS.find(([, test]) => test(form)) ?? null;
}

// A form as the table above sees it, from a parsed page.
function seen(page) {
	const form = page.forms.find(f => f.names().has('go') || f.names().has('region') || f.names().has('danger'));
	if (!form)
		return null;
	return {
		form, names: form.names(),
		buttons: form.controls.filter(e => e.name === 'button').map(e => `${e.get('name')}=${e.get('value')}`),
		shows: name => form.controls.some(e => e.get('name') === name && e.get('type') !== 'hidden' && e.name !== 'button'),
	};
}

export function codeOn(page) {
	const found = page.root.byId('code')?.text ?? page.root.withClass('code')[0]?.text ?? '';
	return CODE.test(found) ? found.replace(/\D/g, '') : null;
}

// A pattern stands for the option with such a label.
export function chosen(form, name, value) {
	if (!(value instanceof RegExp))
		return value;
	const option = form.optionsOf(name).find(o => value.test(o.label));
	if (!option)
		throw new Error(`no option ${value} for ${name} among ${form.optionsOf(name).map(o => o.label).join(', ')}`);
	return option.value;
}

// The whole public form. Gives the code; `visit` is told each step's name and page.
export async function report(client, answers, { path = `/${client.language}`, visit = async () => {}, start = null } = {}) {
	let page = start ?? await client.get(path);
	for (let steps = 0; steps < 60; steps++) {
		const code = codeOn(page);
		if (code)
			return code;
		const now = seen(page), step = now && stepOf(now);
		if (!step)
			throw new Error(`the form ended without a code: ${page.status} ${page.heading}: ${page.errors() || page.text.slice(0, 300)}`);
		await visit(step[0], page);
		const { fill = {}, press } = step[2](answers);
		now.form.fill(Object.fromEntries(Object.entries(fill).map(([name, value]) => [name, chosen(now.form, name, value)])));
		if (steps > 0 && step[0] === 'send' && /\b(wait|attend|انتظ)/i.test(page.heading))
			await wait(1000);
		const before = page;
		page = await client.submit(now.form, press);
		if (page.errors())
			throw new Error(`refused at ${step[0]}: ${page.errors()}`);
		if (step[0] === 'send' && !codeOn(page) && seen(page) && stepOf(seen(page))?.[0] === 'send')
			await wait(before === page ? 0 : 1000); // the short wait page of whoever is faster than 20 s
	}
	throw new Error('the form has no end');
}

export async function openMailbox(client, code) {
	let page = await client.get(`/${client.language}`);
	page = await client.submit(seen(page).form, ['go', 'code']);
	const form = page.form('code').set('code', code);
	return client.submit(form, ['go', 'open']);
}

export async function login(client, account) {
	let page = await client.get('/staff/');
	page = await client.submit(page.form('password').fill({ login: account.login, password: account.password }));
	if (page.errors())
		throw new Error(`login ${account.login}: ${page.errors()}`);
	const second = page.forms.find(f => f.button('kind', 'demo'));
	if (!second)
		throw new Error(`login ${account.login}: no second step on ${page.path} (${page.status} ${page.heading})`);
	return client.submit(second, ['kind', 'demo']);
}
