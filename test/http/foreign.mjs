// SPDX-License-Identifier: GPL-3.0-or-later
// T-ACC-2: for every route with an id in its address, the id of something that is there and not for this person gives, byte for byte, the answer
// of an id that never was: to each role of another organisation, and to those of the own one who do not open it.
import { Client } from '../web/lib/client.mjs';
import { login, openMailbox, report } from '../web/lib/people.mjs';
import { act, enterCall, openReport, pathOf } from '../web/lib/staff.mjs';
import { picture } from '../crash/load.mjs';
import { assigned, wholeFile } from '../web/lib/whole_file.mjs';
import { assert, get, post } from './server.mjs';
import { UNKNOWN, parts, valuesOf } from './fields.mjs';

const HOUSE = 'dar-tadamoun', MARK = 'not for others';
const last = path => /[0-9a-f]{32}/.exec(path)[0];

async function member(instance, house, role, language = 'fr') {
	const client = new Client(instance.base, language);
	await login(client, instance.accounts.find(a => a.organisation === house && a.roles.includes(role)));
	return client;
}

// One of each thing an address can name, by the part of the address before the id.
async function plant(instance) {
	const { base } = instance, of = role => member(instance, HOUSE, role), found = {};
	const desk = await of('desk'), manager = await of('case_manager'), leads = await of('supervisor'), officer = await of('security_officer'), operator = await of('operator');
	const code = await report(new Client(base, 'fr'), { who: 'other', region: 'MA-06', danger: 'yes', tell: `${MARK} by the web` }), box = new Client(base, 'fr');
	await openMailbox(box, code);
	await box.submit(box.page.forms.find(f => f.multipart), ['go', 'file'], [{ name: 'file', filename: 'a.png', type: 'image/png', content: picture('kept') }]);
	const web = pathOf(await openReport(desk, base, `${MARK} by the web`));
	found['/reports/'] = last(web);
	found['/files/'] = last(desk.page.links(/^\/staff\/files\/[0-9a-f]{32}/)[0]);
	await enterCall(operator, { channel: 'hotline', language: 'fr', region: 'MA-06', risk: 'medium', contact: 'none', text: `${MARK} typed` });
	const typed = await assigned(desk, base, `${MARK} typed`, instance.account(HOUSE, 'case_manager').login);
	const file = await wholeFile({ manager, leads }, typed, () => MARK, false);
	await manager.get(`${file}/close`);
	await act(manager, '/close', { closure: 'not_victim', why: MARK });
	const page = await manager.get(file);
	found['/file/'] = last(file);
	found['/decision/'] = last(page.links(/^\/staff\/decision\//)[0]);
	found['/signing/'] = last(page.links(/^\/staff\/signing\//)[0]);
	found['/screening/'] = last(page.links(/^\/staff\/screening\//)[0]);
	await manager.post('/staff/drafts', [['csrf', page.form('note-form').get('csrf')], ['where', `${file}/note`], ['body', `note=${MARK}`]]);
	found['/drafts/'] = last((await manager.get('/staff/drafts')).forms.map(f => f.action).find(action => /drafts\/[0-9a-f]{32}/.test(action)));
	await enterCall(operator, { channel: 'hotline', language: 'fr', region: 'MA-06', risk: 'medium', contact: 'none', text: `${MARK} locked` });
	found['/locks/'] = last(pathOf(await openReport(desk, base, `${MARK} locked`)));
	await act(desk, '/lock');
	const invite = (await officer.get('/staff/people/invite')).form('/invite').set('login', `${HOUSE}.guest`).set('roles', 'desk');
	await officer.submit(invite);
	const people = await officer.get('/staff/people');
	found['/people/'] = last(people.links(/^\/staff\/people\/[0-9a-f]{32}$/)[0]);
	found['/people/invite/'] = last(people.forms.map(f => f.action).find(action => /invite\/[0-9a-f]{32}\/end/.test(action)));
	return { found, file, manager };
}

const steady = answer => [answer.status, answer.body.toString().replace(/[A-Za-z0-9_-]{40,}|[0-9a-f]{32}/g, '')];

async function ask(instance, client, route, id, csrf) {
	const path = `/staff${route.path.replace('{id}', id)}`, headers = { 'Cookie': `__Host-s=${client.cookies.get('__Host-s')}; __Host-l=fr` };
	return steady(route.method === 'GET' ? await get(instance, path, headers) : await post(instance, path, valuesOf(parts(route)[0], csrf, MARK), headers));
}

async function stranger(instance, client, routes, found) {
	const csrf = (await client.get('/staff/help')).form('lock').get('csrf'), told = [];
	for (const route of routes) {
		const there = found[route.path.split('{id}')[0]], here = await ask(instance, client, route, there, csrf), never = await ask(instance, client, route, UNKNOWN, csrf);
		const dropped = route.path === '/drafts/{id}/drop'; // what is not there is dropped already
		if (here[0] !== never[0] || here[1] !== never[1] || here[0] !== (dropped ? 303 : 404))
			told.push(`${route.name}: ${here[0]} and ${never[0]}`);
	}
	assert.deepEqual(told, []);
}

export async function foreign(suite, instance, routes) {
	const named = routes.filter(r => r.site === 'staff' && r.path.includes('{id}') && r.need !== 'public');
	let world;
	await suite.test('T-ACC-2 one of each thing an address can name', async () => {
		world = await plant(instance);
		assert.deepEqual([...new Set(named.map(r => r.path.split('{id}')[0]))].filter(prefix => !world.found[prefix]), [], 'a new kind of address: plant one above');
		assert.ok(named.length > 60);
	});
	const before = steady(await get(instance, world.file, { 'Cookie': `__Host-s=${world.manager.cookies.get('__Host-s')}` }));
	for (const [house, role] of [...['case_manager', 'supervisor', 'desk', 'operator', 'security_officer'].map(role => ['tafoukt', role]), ['programme', 'me'], ['marsa', 'desk']])
		await suite.test(`T-ACC-2 every address with an id, ${role} of ${house}: as one that never was`, async () =>
			stranger(instance, await member(instance, house, role), named, world.found));
	const closed = { desk: /^\/(file|decision|signing|screening|drafts)\//, security_officer: /^\/(file|decision|signing|screening|drafts|reports|files)\//, operator: /^\/(file|decision|signing|screening|drafts)\// };
	for (const [role, paths] of Object.entries(closed))
		await suite.test(`T-ACC-2 ${role} of the own organisation: what is not theirs is not there`, async () =>
			stranger(instance, await member(instance, HOUSE, role), named.filter(r => paths.test(r.path)), world.found));
	await suite.test('T-ACC-2 control: the file is there for whose it is, and nothing of it changed', async () => {
		const after = steady(await get(instance, world.file, { 'Cookie': `__Host-s=${world.manager.cookies.get('__Host-s')}` }));
		assert.equal(after[0], 200);
		assert.deepEqual(after, before);
	});
}
