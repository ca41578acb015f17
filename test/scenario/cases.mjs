// SPDX-License-Identifier: GPL-3.0-or-later
// The twelve cases travel through HTTP as their actors: from arrival by their channel to the desk's answer and the reporter who reads it with
// the code, and on to the person's file, her screening and the presumption two people signed.
import { assert } from '../web/lib/suite.mjs';
import { Client } from '../web/lib/client.mjs';
import { codeOn, login, openMailbox, report } from '../web/lib/people.mjs';
import { act, enterCall, openReport, pathOf } from '../web/lib/staff.mjs';
import { CASES } from './data.mjs';
import { CHECKED, PERSONS } from './persons.mjs';
import { falseAlarm, figures, nothingStays, personRoad } from './road.mjs';
import { say } from '../web/lib/words.mjs';

const NAMES = { marsa: /Marsa/, tafoukt: /Tafoukt/ };
const squeezed = text => text.replace(/\s+/g, ' ').trim();
const shows = (page, text) => assert.ok(page.text.includes(squeezed(text)), `not shown on ${page.path}: ${text.slice(0, 40)}… in ${page.text.slice(0, 200)}`);

class Desks {
	#clients = new Map();
	constructor(instance) {
		this.instance = instance;
	}
	// One session a member for the whole run; what a person does next needs no new login.
	of(organisation, role = 'desk') {
		return this.named(this.instance.account(organisation, role).login);
	}
	async named(name) {
		if (!this.#clients.has(name)) {
			const client = new Client(this.instance.base, 'fr');
			await login(client, this.instance.accounts.find(a => a.login === name));
			this.#clients.set(name, client);
		}
		return this.#clients.get(name);
	}
	loginOf(client) {
		return [...this.#clients].find(([, one]) => one === client)[0];
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
	await client.get(`${address}/assign`);
	const manager = PERSONS.find(p => p.of === one.id)?.manager ?? world.instance.account(one.desk, 'case_manager').login;
	const choice = client.page.form('/assign').optionsOf('user').find(o => o.value && o.label.includes(manager));
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

const SMALLEST = 5; // of publication_rules.csv, inside the mechanism

// What this run added, over all months. What is smaller than the smallest number shown is not shown; how much was there before is then bounded.
function agree(before, after) {
	const added = {
		reports: CASES.length, counted: CASES.length, persons: PERSONS.filter(p => p.of).length,
		screenings: PERSONS.reduce((sum, p) => sum + p.screenings.length, 1), presumptions: PERSONS.filter(p => p.reason).length,
	};
	for (const [key, more] of Object.entries(added)) {
		const name = say(`figures.${key}`), all = say('figures.all'), was = before[name][all], now = after[name][all];
		assert.ok(now !== null, `${key} is shown`);
		if (was !== null)
			assert.equal(now - was, more, key);
		else
			assert.ok(now - more > 0 && now - more < SMALLEST, `${key}: ${now} of which ${more} are new`);
	}
	assert.equal(after[say('figures.not_false')][say('figures.all')], null, 'one false alarm among them is not given away by a difference');
}

export default async function scenario({ suite, withInstance }) {
	await withInstance(async instance => {
		const world = { instance, base: instance.base, desks: new Desks(instance), mark: 'S', starts: {}, cases: CASES };
		const before = await figures(instance);
		// tickets age while the others work, so that nobody is faster than 20 s for nothing
		for (const one of CASES.filter(c => c.by === 'web'))
			world.starts[one.id] = new Client(instance.base, one.language).get(`/${one.language}`);
		for (const one of [...CASES.filter(c => c.by !== 'web'), ...CASES.filter(c => c.by === 'web')])
			await suite.test(`scenario ${one.id}: ${one.by === 'web' ? 'web' : one.channel}, from arrival to the answer read with the code`, () => journey(world, one));
		for (const one of CASES.filter(c => c.excluded))
			await suite.test(`T-INT-7 scenario ${one.id}: ${one.excluded} was excluded and sees nothing`, () => excludedSeesNothing(world, one));
		for (const one of PERSONS)
			await suite.test(`scenario ${one.id}: file on a basis, ${one.screenings.length} screened, ${one.reason ? 'presumed and signed by a second person' : 'not presumed'}`, () => personRoad(world, one));
		let gone = null;
		await suite.test(`scenario ${CHECKED.id}: screened on the report, closed as a false alarm, no person left`, async () => { gone = await falseAlarm(world); });
		await suite.test('scenario: the figures of the programme agree with what was done', async () => agree(before, await figures(instance)));
		await suite.test('scenario: amana verify finds nothing wrong', async () => {
			await instance.stop();
			const { code, stdout, stderr } = await instance.verify();
			assert.equal(code, 0, stdout + stderr);
		});
		await suite.test('scenario C09: no part, no history and no key of the false alarm in the database', () => nothingStays(world, gone));
	});
}
