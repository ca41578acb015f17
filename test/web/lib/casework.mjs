// SPDX-License-Identifier: GPL-3.0-or-later
// What a case manager and her second reader do, on the pages as they are: open a file on a basis, write its parts, screen, decide, sign.
import { assert } from './suite.mjs';
import { chosen } from './people.mjs';
import { pathOf } from './staff.mjs';
import { say } from './words.mjs';

// Where each part of the grid begins; D4.02 is the second of the fourth.
const FIRST = { D1: 0, D2: 10, D3: 20, D4: 36, D5: 45, D6: 60 };
const numberOf = code => FIRST[code.slice(0, 2)] + Number(code.slice(3)) - 1;

// Send a form of the page shown; the answer must be a page without errors.
export async function send(client, form, values = {}, pressed = null) {
	for (const [name, value] of Object.entries(values))
		form.set(name, chosen(form, name, value));
	const page = await client.submit(form, pressed), where = `${form.action} → ${page.path}`;
	assert.equal(page.errors(), '', `${where}: ${page.errors()}`);
	assert.equal(page.status, 200, `${where}: ${page.status} ${page.heading} ${page.text.slice(0, 200)}`);
	return page;
}

// Of a report, or (null) for somebody who came by herself. Gives the file's address.
export async function openFile(client, report, values) {
	const from = report ? `${report}/open` : '/staff/files/new', page = await client.get(from);
	assert.equal(page.status, 200, `${from}: ${page.heading}`);
	const refused = await client.submit(page.form(from));
	assert.ok(refused.status === 400 && refused.errors() !== '', 'without a basis there is no file');
	await send(client, refused.form(from), values);
	assert.match(pathOf(client.page), /^\/staff\/file\/[0-9a-f]{32}$/);
	return pathOf(client.page);
}

// One of the file's forms: person, reach, edit, alert, facts, basis, risk, close …
export async function write(client, file, act, values) {
	const page = await client.get(`${file}/${act}`);
	assert.equal(page.status, 200, `${file}/${act}: ${page.heading}`);
	return send(client, page.form(`/${act}`), values);
}

export async function note(client, file, values) {
	const page = await client.get(file);
	return send(client, page.form('note-form'), { note_kind: 'contact', ...values });
}

// A button of the file's page that asks nothing.
export async function press(client, file, act) {
	const page = await client.get(file);
	return send(client, page.form(`/${act}`));
}

// about: minor, age_basis, act, act_source, remarks; yes, unknown: codes; all other questions are answered "no". Gives the end page. `dossier`
// is the address of a file, or of a report without one.
export async function screen(client, dossier, { yes = [], unknown = [], again = false, source = 'interview', about = {} }) {
	const page = await client.get(`${dossier}/screening${again ? '?again=1' : ''}`);
	assert.equal(pathOf(page), `${dossier}/screening`, page.heading);
	const form = page.form(`${dossier}/screening`), open = new Set(unknown.map(numberOf)), answered = new Set(yes.map(numberOf));
	for (const name of form.names()) {
		const n = /^answer\[(\d+)\]$/.exec(name)?.[1];
		if (n === undefined)
			continue;
		form.set(name, answered.has(Number(n)) ? 'yes' : open.has(Number(n)) ? 'unknown' : 'no').set(`source[${n}]`, source);
	}
	for (const code of yes)
		assert.equal(form.get(`answer[${numberOf(code)}]`), 'yes', `${code} is asked`);
	const end = await send(client, form, about, ['go', 'end']);
	assert.equal(pathOf(end), `${dossier}/screening/end`);
	return end;
}

// What an end page says: { proposal, uncertain, act, elements: { heading: { state, parts: { heading: { state, yes, ask } } } } }. Texts as they stand.
export function readingOf(page) {
	const text = e => e?.text.replace(/\s+/g, ' ').trim() ?? '', elements = {};
	for (const section of page.root.all('section').filter(e => e.withClass('tag').length > 0)) {
		const parts = {};
		for (const h3 of section.all('h3')) {
			const all = section.children.filter(e => typeof e !== 'string'), at = all.indexOf(h3), list = all.slice(at + 1);
			const end = list.findIndex(e => e.name === 'h3'), own = end < 0 ? list : list.slice(0, end);
			parts[text(h3).replace(text(h3.all('small')[0]), '').trim()] = {
				state: text(h3.all('small')[0]), yes: own.filter(e => e.name === 'ul').flatMap(e => e.all('li')).map(text),
				ask: own.filter(e => e.name === 'details').flatMap(e => e.all('li')).map(text),
			};
		}
		elements[text(section.all('h2')[0])] = { state: text(section.withClass('tag')[0]), parts };
	}
	const note = page.root.withClass('note').find(e => e.all('h3').length > 0);
	return { proposal: text(note?.all('p')[0]), elements, text: page.text };
}

// Gives the decision's address. reader: the label of a lent reader, where the organisation has none of its own.
export async function presume(client, file, { reason, reader = null, comparison = 'same' }) {
	const page = await client.get(`${file}/presumption`), form = page.form('/presumption');
	assert.equal(form.names().has('reviewer'), reader !== null, 'a reader is chosen where there is no own one');
	await send(client, form, { reason, comparison, ...(reader && { reviewer: reader }) });
	assert.equal(pathOf(client.page), file);
	return client.page.links(/^\/staff\/decision\//).at(-1);
}

// From the team's page, as the second reader finds it.
export async function sign(client, decision, { verdict = 'agree', reason = '', name = null }) {
	const team = await client.get('/staff/team'), row = team.root.all('tr').find(e => e.all('a').some(a => a.get('href') === decision));
	assert.ok(row, `the decision waits on the page of the team: ${team.text.slice(0, 200)}`);
	assert.ok(row.all('b')[0].text.includes(name ?? say('team.lent', client.language)), 'the name of the file is told to its own people alone');
	const page = await client.get(decision);
	assert.equal(page.status, 200);
	const said = page.text;
	await send(client, page.form('/sign'), { verdict, reason });
	return said;
}

// A basis that is no consent, or a closing: the second signature, by the page of that one text. Gives what it says.
export async function signText(client, text, { verdict = 'agree', reason = '', name = null }) {
	const team = await client.get('/staff/team'), row = team.root.all('tr').find(e => e.all('a').some(a => a.get('href') === text));
	assert.ok(row, `it waits on the page of the team: ${team.text.slice(0, 200)}`);
	assert.ok(row.all('b')[0].text.includes(name ?? say('team.lent', client.language)), 'the name of the file is told to its own people alone');
	const page = await client.get(text), said = page.text;
	assert.equal(page.status, 200);
	await send(client, page.form('/sign'), { verdict, reason });
	return said;
}

export async function denounce(client, file, values) {
	await write(client, file, 'denunciation', values);
	return client.page.links(/^\/staff\/decision\//).at(-1);
}
