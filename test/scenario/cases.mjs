// SPDX-License-Identifier: GPL-3.0-or-later
// The twelve cases' reports travel through HTTP as their actors: from arrival by their channel to the desk's answer, and to the reporter who
// reads it with the code.
import { assert } from '../web/lib/suite.mjs';
import { Client } from '../web/lib/client.mjs';
import { codeOn, login, openMailbox, report } from '../web/lib/people.mjs';
import { act, enterCall, openReport, pathOf } from '../web/lib/staff.mjs';
import { CASES } from './data.mjs';

const NAMES = { marsa: /Marsa/, tafoukt: /Tafoukt/ };
const squeezed = text => text.replace(/\s+/g, ' ').trim();
const shows = (page, text) => assert.ok(page.text.includes(squeezed(text)), `not shown on ${page.path}: ${text.slice(0, 40)}… in ${page.text.slice(0, 200)}`);

class Desks {
	#clients = new Map();
	constructor(instance) {
		this.instance = instance;
	}
	// One session a member for the whole run; what a person does next needs no new login.
	async of(organisation, role = 'desk') {
		const key = `${organisation} ${role}`;
		if (!this.#clients.has(key)) {
			const client = new Client(this.instance.base, 'fr');
			await login(client, this.instance.account(organisation, role));
			this.#clients.set(key, client);
		}
		return this.#clients.get(key);
	}
}

async function arrive(world, one) {
	const marked = `${world.mark}-${one.id} ${one.text}`;
	if (one.by === 'web') {
		const client = new Client(world.instance.base, one.language);
		const excluded = one.excluded && { exclude: NAMES[one.excluded] };
		one.code = await report(client, { ...one.answers, ...excluded, tell: marked }, { start: await world.starts[one.id] });
		one.desk = one.to;
		return;
	}
	const client = await world.desks.of(one.by, 'operator');
	await enterCall(client, { ...one, text: marked });
	one.desk = one.by;
}

async function weigh(world, one, client) {
	if (one.rings && client.page.offers('/take'))
		await act(client, '/take');
	if (client.page.offers('/triage'))
		await act(client, '/triage', { risk: one.risk });
}

async function redirect(world, one) {
	const from = await world.desks.of(one.desk);
	await openReport(from, world.base, `${world.mark}-${one.id}`);
	const address = pathOf(from.page);
	await from.get(`${address}/redirect`);
	await act(from, '/redirect', { organisation: NAMES[one.redirect], note: 'Hors mandat ; plus près du port.' });
	const gone = await from.get(address);
	assert.equal(gone.status, 404, 'the first desk cannot open it any more');
	one.desk = one.redirect;
}

// A report typed by staff has no code yet: the desk makes one for whoever wants to come back.
async function codeFor(one, client) {
	if (one.code)
		return;
	const page = await act(client, '/code');
	one.code = codeOn(page);
	assert.match(one.code ?? '', /^\d{20}$/, 'a code is shown once');
}

async function finish(world, one, client) {
	const address = pathOf(client.page);
	if (one.end === 'close') {
		await client.get(`${address}/close`);
		await act(client, '/close', { closure: one.closure, text: 'Vérifié sur place.' });
		return;
	}
	await client.get(`${address}/assign`);
	const choice = client.page.form('/assign').optionsOf('user').find(o => o.value);
	assert.ok(choice, 'somebody can be chosen');
	await act(client, '/assign', { user: choice.value });
	if (one.end === 'wait') {
		await client.get(`${address}/wait`);
		await act(client, '/wait', { wait_reason: 'Un interprète wolof samedi', review_at: new Date(Date.now() + 3 * 86400e3).toISOString().slice(0, 10) });
	}
}

async function journey(world, one) {
	const mark = `${world.mark}-${one.id}`;
	await arrive(world, one);
	if (one.redirect)
		await redirect(world, one);
	const client = await world.desks.of(one.desk);
	await openReport(client, world.base, mark);
	shows(client.page, one.text);
	await weigh(world, one, client);
	if (one.noCall)
		assert.equal(client.page.links(/^tel:/).length, 0, 'no telephone call is offered');
	await act(client, '/note', { text: `note interne ${mark}` });
	shows(client.page, `note interne ${mark}`);
	await codeFor(one, client);
	await openReport(client, world.base, mark);
	const state = client.page.form('/answer').optionsOf('shown_state').find(o => o.value && o.value !== 'received');
	await act(client, '/answer', { answer: one.answer, shown_state: state.value });
	shows(client.page, one.answer);
	await read(world, one, client, mark, state);
	await openReport(client, world.base, mark);
	await finish(world, one, client);
}

async function read(world, one, client, mark, state) {
	const reporter = new Client(world.instance.base, one.language === 'en' ? 'en' : one.language === 'ar' ? 'ar' : 'fr');
	const box = await openMailbox(reporter, one.code);
	shows(box, one.answer);
	assert.ok(!box.text.includes(squeezed(one.text).slice(0, 30)), 'what was reported is never shown again');
	assert.ok(!box.text.includes('note interne'), 'an internal note is never shown');
	if (one.reply) {
		const form = box.form('reply').set('reply', one.reply);
		const sent = await reporter.submit(form, ['go', 'reply']);
		assert.equal(sent.errors(), '');
		await openReport(client, world.base, mark);
		shows(client.page, one.reply);
	}
	await reporter.get('/x');
	assert.equal(reporter.cookies.size, 0, 'the exit ends the mailbox');
}

async function excludedSeesNothing(world, one) {
	const other = await world.desks.of(one.excluded), own = await world.desks.of(one.desk);
	const mark = `${world.mark}-${one.id}`;
	await openReport(own, world.base, mark);
	const address = pathOf(own.page);
	const queue = await other.get('/staff/');
	assert.ok(!queue.body.includes(mark), 'no row');
	const forbidden = await other.get(address), unknown = await other.get(address.replace(/[0-9a-f]{32}/, '0'.repeat(32)));
	assert.equal(forbidden.status, 404);
	assert.equal(forbidden.body.length, unknown.body.length, 'the same answer as for a report that does not exist');
}

export default async function scenario({ suite, withInstance }) {
	await withInstance(async instance => {
		const world = { instance, base: instance.base, desks: new Desks(instance), mark: 'S', starts: {} };
		// tickets age while the others work, so that nobody is faster than 20 s for nothing
		for (const one of CASES.filter(c => c.by === 'web'))
			world.starts[one.id] = new Client(instance.base, one.language).get(`/${one.language}`);
		for (const one of [...CASES.filter(c => c.by !== 'web'), ...CASES.filter(c => c.by === 'web')])
			await suite.test(`scenario ${one.id}: ${one.by === 'web' ? 'web' : one.channel}, from arrival to the answer read with the code`, () => journey(world, one));
		for (const one of CASES.filter(c => c.excluded))
			await suite.test(`T-INT-7 scenario ${one.id}: ${one.excluded} was excluded and sees nothing`, () => excludedSeesNothing(world, one));
		await suite.test('scenario: amana verify finds nothing wrong', async () => {
			await instance.stop();
			const { code, stdout, stderr } = await instance.verify();
			assert.equal(code, 0, stdout + stderr);
		});
	});
}
