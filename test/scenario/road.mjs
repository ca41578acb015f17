// SPDX-License-Identifier: GPL-3.0-or-later
// From the answered report to the presumption that two people signed, for each person of the twelve cases: file on a basis, facts, safe contact,
// screening, decision, second reading; and the false alarm, of which nothing about a person may stay.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { assert } from '../web/lib/suite.mjs';
import { login } from '../web/lib/people.mjs';
import { Client } from '../web/lib/client.mjs';
import * as work from '../web/lib/casework.mjs';
import { act, openReport, pathOf } from '../web/lib/staff.mjs';
import { say } from '../web/lib/words.mjs';
import { CHECKED } from './persons.mjs';

const PROPOSALS = { whole: 'screening.proposal_whole', child: 'screening.proposal_child', open: 'screening.proposal_open', none: 'screening.proposal_none' };
const houseOf = (world, one) => one.house ?? world.cases.find(c => c.id === one.of).desk;
const readerOf = (world, one) => world.desks.of(one.reader ?? houseOf(world, one), 'supervisor');
const tagged = (page, key) => page.root.withClass('tag').some(e => e.text.trim() === say(key));
const STATES = { screening: 'Évaluation initiale', presumed: 'Victime présumée' }; // of states.csv
const stands = (page, state) => assert.ok(page.root.withClass('strip')[0].withClass('tag').some(e => e.text.trim() === STATES[state]), `the file is: ${state}`);
const known = values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

export function managerOf(world, one) {
	return one.manager ? world.desks.named(one.manager) : world.desks.of(houseOf(world, one), 'case_manager');
}

async function open(world, one, client) {
	const name = `${world.mark} ${one.name}`, report = one.of ? pathOf(await openReport(client, world.base, `${world.mark}-${one.of}`)) : null;
	if (report && client.page.offers('/resume'))
		await act(client, '/resume');
	one.file = await work.openFile(client, report, { working_name: name, ...one.basis, ...one.head });
	assert.ok(client.page.heading.includes(name));
	await work.write(client, one.file, 'reach', one.reach);
	await work.write(client, one.file, 'person', known(one.person));
	await work.write(client, one.file, 'facts', one.facts);
	await work.note(client, one.file, { note: `entretien ${name}`, told_story: 'yes' });
	const page = await client.get(one.file), strip = page.root.withClass('strip')[0];
	assert.equal(tagged(page, 'case.sign.child'), Boolean(one.child), 'a child, or who may be one, is marked');
	if (one.reach.contact_way === 'none')
		assert.equal(page.links(/^tel:/).length, 0);
	for (const value of [one.reach.contact_hours, one.reach.contact_never])
		assert.ok(!value || strip.text.includes(value), `the strip says: ${value}`);
	const person = await client.get(`${one.file}?tab=person`), facts = await client.get(`${one.file}?tab=facts`), basis = await client.get(`${one.file}?tab=basis`);
	assert.ok(person.text.includes(one.person.name_latin));
	assert.ok(facts.text.includes(one.facts.narrative));
	assert.ok(!one.basis.basis_reason || basis.text.includes(one.basis.basis_reason));
	const list = await client.get('/staff/files');
	assert.ok(list.text.includes(name) && !list.text.includes(one.person.name_ar ?? '—'), 'lists hold the working name alone');
	if (report)
		assert.ok(!(await client.get(report)).offers('/triage'), 'the report is linked');
}

// A basis that is no consent holds at once, and a second person signs it.
async function basis(world, one, client) {
	const page = await client.get(`${one.file}?tab=basis`), text = page.links(/^\/staff\/signing\//)[0];
	assert.equal(Boolean(text), one.basis.basis !== 'informed_consent');
	if (!text)
		return;
	assert.ok(!(await client.get(text)).offers('/sign'), 'nobody signs twice');
	const reader = await readerOf(world, one), said = await work.signText(reader, text, { name: one.name });
	assert.ok(said.includes(one.basis.basis_reason));
	const signed = (await client.get(`${one.file}?tab=basis`)).text;
	for (const signer of [client, reader])
		assert.ok(signed.includes(world.desks.loginOf(signer)), `who signed is said: ${signed.slice(0, 300)}`);
}

// Two people are the whole house: another one lends the second person, who sees that text and nothing else of the file.
async function borrowedBasis(world, one, client) {
	const why = `obligation de ${world.mark}`, reader = await readerOf(world, one);
	await work.write(client, one.file, 'basis', { basis: 'legal_obligation', basis_day: '2024-05-16', basis_reason: why });
	const text = (await client.get(`${one.file}?tab=basis`)).links(/^\/staff\/signing\//)[0], page = await client.get(text);
	assert.equal((await reader.get(text)).status, 404, 'nobody was asked yet');
	const ask = page.form('/ask'), choice = ask.optionsOf('reviewer').find(o => new RegExp(one.reader).test(o.label));
	await work.send(client, ask, { reviewer: choice.value });
	assert.ok((await work.signText(reader, text, { name: null })).includes(why));
	assert.equal((await reader.get(one.file)).status, 404, 'the lent reader does not open the file');
	assert.equal((await reader.get(`${one.file}?tab=basis`)).status, 404);
	assert.ok((await client.get(`${one.file}?tab=basis`)).text.includes(world.desks.loginOf(reader)));
}

// What the end page says is what the paper says of these answers; and it never says a number or a verdict.
function reads(page, screening) {
	const read = work.readingOf(page), states = { supported: 'screening.supported', open: 'screening.open', not_supported: 'screening.not_supported', not_needed: 'screening.not_needed' };
	assert.equal(read.proposal, say(PROPOSALS[screening.reads]));
	for (const [part, element] of [['purpose', 'screening.element_purpose'], ['means', 'screening.element_means']])
		assert.equal(read.elements[say(element)].state, say(states[screening[part]]), part);
	assert.equal(page.text.includes(say('screening.uncertain').slice(0, 40)), Boolean(screening.uncertain));
	const listed = Object.values(read.elements).flatMap(e => Object.values(e.parts).flatMap(p => p.yes));
	assert.equal(listed.length, screening.yes.length, 'each yes is told once');
	if (screening.asks) {
		const asked = Object.values(read.elements[say('screening.element_purpose')].parts).flatMap(p => p.ask);
		assert.equal(asked.length, screening.asks, 'what is open is asked for');
	}
	assert.doesNotMatch(page.text, /presumed|exploited_worker|child_protection|no_indication|ilo_strict|score|\d ?%|\d\/\d/i);
}

async function screenings(world, one, client) {
	for (const [n, screening] of one.screenings.entries()) {
		const end = await work.screen(client, one.file, { ...screening, again: n > 0 });
		reads(end, screening);
		assert.equal(end.links(/^\/staff\/screening\//).length, n, 'the earlier ones stand as they were');
		if (n > 0)
			reads(await client.get(end.links(/^\/staff\/screening\//).at(-1)), one.screenings[n - 1]);
	}
}

async function decide(world, one, client) {
	stands(await client.get(one.file), 'screening');
	one.decision = await work.presume(client, one.file, { reason: one.reason, reader: one.reader ? new RegExp(one.reader) : null });
	assert.ok(tagged(client.page, 'screening.state_provisional'), 'in force from the first signature');
	stands(client.page, 'presumed');
	const reader = await readerOf(world, one);
	if (one.reader)
		assert.equal((await reader.get(one.file)).status, 404, 'the lent reader does not open the file');
	const said = await work.sign(reader, one.decision, { name: one.reader ? null : one.name });
	assert.ok(said.includes(one.reason), 'the second reader reads the reason');
	const signed = await client.get(one.decision);
	assert.ok(tagged(signed, 'screening.state_signed') && signed.text.includes(world.desks.loginOf(reader)));
	if (one.reader)
		assert.equal((await reader.get(one.file)).status, 404);
}

async function locked(world, one, by, other) {
	await work.press(by, one.file, 'lock');
	assert.ok(tagged(await by.get(one.file), 'case.sign.locked'));
	if (other) {
		assert.equal((await other.get(one.file)).status, 404, 'whoever is not named finds nothing');
		assert.ok(!(await other.get('/staff/files?team=1').catch(() => other.page)).body.includes(one.file));
	}
}

export async function personRoad(world, one) {
	const client = await managerOf(world, one), leads = await readerOf(world, one);
	await open(world, one, client);
	await basis(world, one, client);
	if (one.reader)
		await borrowedBasis(world, one, client);
	if (one.locks === 'supervisor')
		await locked(world, one, leads, null);
	await screenings(world, one, client);
	if (one.reason)
		await decide(world, one, client);
	else
		assert.deepEqual((await client.get(one.file)).links(/^\/staff\/decision\//), [], 'no decision is made by answers');
	if (one.denunciation) {
		await work.denounce(client, one.file, one.denunciation);
		const link = client.page.links(/^\/staff\/decision\//).find(href => href !== one.decision), page = await client.get(link);
		for (const text of [one.denunciation.basis, one.denunciation.reason, one.denunciation.advice])
			assert.ok(page.text.includes(text), text);
	}
	if (one.locks === 'case_manager')
		await locked(world, one, client, leads);
	if (one.closes) {
		await work.write(client, one.file, 'close', one.closes);
		await work.press(leads, one.file, 'close/sign');
		const closed = await client.get(one.file);
		assert.equal(closed.offers('/note'), false, 'nothing more is written in a closed file');
		for (const signer of [client, leads])
			assert.ok(closed.root.withClass('note').some(e => e.text.includes(world.desks.loginOf(signer))), 'who asked and who signed');
	}
}

// C09. Gives the bytes of what must not be found afterwards: ids of the screening.
export async function falseAlarm(world) {
	const client = await managerOf(world, CHECKED), report = pathOf(await openReport(client, world.base, `${world.mark}-${CHECKED.of}`));
	const end = await work.screen(client, report, CHECKED);
	assert.equal(work.readingOf(end).proposal, say(PROPOSALS[CHECKED.reads]));
	assert.ok(end.text.includes(CHECKED.name));
	const page = await client.get(report), screening = page.links(/^\/staff\/screening\/[0-9a-f]{32}$/)[0];
	assert.ok(screening, 'the screening stands on the page of the report');
	assert.equal((await client.get(screening)).status, 200);
	await client.get(`${report}/close`);
	await act(client, '/close', { closure: 'false_alarm', text: `Vérifié : ${CHECKED.name} va bien.` });
	for (const path of [screening, `${report}/screening/end`])
		assert.equal((await client.get(path)).status, 404, 'the screening went');
	const stripped = await client.get(report);
	assert.deepEqual(['Rachida', 'رشيدة', 'Chez le médecin', 'la bonne ne sort', 'note interne'].filter(word => stripped.body.includes(word)), [], 'no name and no words stay');
	return { report: report.slice(-32), screening: screening.slice(-32) };
}

const query = (file, sql) => execFileSync('sqlite3', ['-readonly', file, sql], { encoding: 'utf8' }).trim();

// On the stopped service: neither part nor key nor history of it, and what was sealed for it nowhere in the databases.
export function nothingStays(world, { report, screening }) {
	const main = join(world.instance.dir, 'main/main.db'), dossier = query(main, `SELECT number FROM dossier WHERE id = x'${report}'`);
	assert.match(dossier, /^\d+$/, 'the report is counted still');
	for (const table of ['part', 'history'])
		assert.equal(query(main, `SELECT count(*) FROM ${table} WHERE record = x'${screening}'`), '0', table);
	const exploit = query(main, `SELECT DISTINCT class FROM part WHERE type = 10`);
	assert.match(exploit, /^\d+$/, 'control: other screenings are there, in one class');
	assert.equal(query(main, `SELECT count(*) FROM part WHERE key >> 20 = ${dossier} AND class = ${exploit}`), '0');
	assert.equal(query(main, `SELECT count(*) FROM wrap WHERE dossier = ${dossier} AND class = ${exploit}`), '0', 'no key');
	assert.notEqual(query(main, `SELECT count(*) FROM wrap WHERE class = ${exploit}`), '0', 'control: keys of other screenings');
}

// { figure: { month: number, or null where it is not shown } } of all pages of the programme's figures.
export async function figures(instance) {
	const client = new Client(instance.base, 'fr'), found = {};
	await login(client, instance.accounts.find(a => a.organisation === 'programme' && a.roles.includes('me')));
	for (let path = '/staff/figures'; path; path = client.page.links(/\/staff\/figures\?page=/).find(href => Number(href.split('=')[1]) > Number(path.split('=')[1] ?? 0))) {
		const page = await client.get(path), head = page.root.all('th').filter(e => e.get('scope') === 'col').map(e => e.text.trim());
		assert.equal(page.status, 200, page.heading);
		for (const row of page.root.all('tr').filter(e => e.all('td').length > 0)) {
			const name = row.all('th')[0].text.trim(), cells = row.all('td').map(e => e.text.trim());
			found[name] ??= {};
			cells.forEach((cell, i) => { found[name][head[i + 1]] = /^\d+$/.test(cell) ? Number(cell) : null; });
		}
	}
	return found;
}
