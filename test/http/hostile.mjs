// SPDX-License-Identifier: GPL-3.0-or-later
// T-WEB-3 over HTTP: each text of the corpus through every field of every route, in each language, and read back wherever it is shown. The proof
// is by structure: no element, attribute, comment or address of any page comes of what was typed.
import { Client } from '../web/lib/client.mjs';
import { login, openMailbox, report } from '../web/lib/people.mjs';
import { parse } from '../web/lib/html.mjs';
import { enterCall, openReport } from '../web/lib/staff.mjs';
import { assigned, readFile, wholeFile } from '../web/lib/whole_file.mjs';
import { UNKNOWN, parts, valuesOf } from './fields.mjs';
import { assert, get, post } from './server.mjs';

const SIGN = 'zqx'; // in every text, and nowhere else
const CORPUS = ['<zqx>"\'</zqx><zqx onzqx=1>', '"><zqx onzqx="1">', '\' onzqx=\'1\' zqx=\'', '</textarea><zqx>', '</title><zqx src=x>', '<script>zqx</script>',
	'javascript:zqx(1)', '//zqx.example/', '--><zqx><!--zqx', ']]><zqx>', '{{zqx}}{0}', '&lt;zqx&gt;&#60;zqx&#62;', '%3Czqx%3E%22', '+ADw-zqx+AD4-', '\u202e<zqx>أ', '＜zqx＞',
	'`zqx onzqx=1`', '</option></select><zqx>', '<zqx/onzqx=1//', '\u2028<zqx>\u2029'];
const ADDRESSES = ['href', 'src', 'action', 'formaction', 'data-draft', 'data-part'];

// What a page would do that it must not: empty for a page of ours.
export function wrongIn(html) {
	const wrong = [];
	for (const e of parse(html).walk()) {
		if (e.name.includes(SIGN) || (e.name === 'script' && !/^\/s\//.test(e.get('src') ?? '')))
			wrong.push(`element ${e.name}`);
		for (const [name, value] of Object.entries(e.attributes))
			if (name.includes(SIGN) || /^on|^style$|[^a-z0-9:-]/.test(name) || (ADDRESSES.includes(name) && /^[^/?#]|^\/[/\\]/.test(value) && !/^(tel:\+?[\d ]+|https:\/\/[a-z.]+\/?)$/.test(value)))
				wrong.push(`${e.name} ${name}=${value}`);
	}
	for (const [comment] of html.matchAll(/<!--[\s\S]*?-->/g))
		if (comment.includes(SIGN))
			wrong.push(`comment ${comment}`);
	return wrong;
}

class Watch {
	routes = {}; // how often an answer of this route showed what was typed
	pages = 0;
	shown = 0;
	wrong = new Set();
	look(name, body, headers) {
		this.pages++;
		this.shown += body.includes(SIGN);
		this.routes[name] = (this.routes[name] ?? 0) + body.includes(SIGN);
		for (const what of wrongIn(body))
			this.wrong.add(`${name}: ${what}`);
		for (const [field, value] of Object.entries(headers))
			if (/[\r\n<>"]/.test(value) && field !== 'content-security-policy' && String(value).includes(SIGN))
				this.wrong.add(`${name}: header ${field}`);
	}
	page(page) {
		this.look(page.path, page.body, page.headers);
		return page;
	}
	clean() {
		assert.deepEqual([...this.wrong].slice(0, 20), []);
	}
}

// A client all of whose pages are looked at.
async function watched(watch, base, account, language) {
	const client = new Client(base, language), get = client.get.bind(client), post = client.post.bind(client);
	client.get = async (...of) => watch.page(await get(...of));
	client.post = async (...of) => watch.page(await post(...of));
	if (account) {
		client.cookies.set('__Host-l', language);
		await login(client, account);
	}
	return client;
}

// Two versions beside each other, both with such words.
async function stale(client, next) {
	const file = (await client.get('/staff/files')).links(/^\/staff\/file\/[0-9a-f]{32}$/)[0], form = async () => (await client.get(`${file}/person`)).form('/person');
	const [first, second] = [await form(), await form()], fill = one => ['name_ar', 'name_latin', 'name_variants', 'birth_place'].forEach(name => one.set(name, next()));
	fill(first);
	fill(second);
	await client.submit(first);
	const both = await client.submit(second);
	assert.ok(both.status === 409 && both.body.includes(SIGN), `${both.status}`);
}

// What is accepted: the road from the report to the second signature, every box holding hostile words, a different one each time.
async function accepted(watch, instance, language, turn) {
	let n = turn;
	const { base } = instance, next = () => CORPUS[n++ % CORPUS.length], of = role => watched(watch, base, instance.account('tafoukt', role), language);
	const [desk, manager, leads, operator] = await Promise.all(['desk', 'case_manager', 'supervisor', 'operator'].map(of)), mark = `hostile ${turn} `;
	const reporter = await watched(watch, base, null, language);
	const code = await report(reporter, { who: 'other', region: 'MA-09', danger: 'yes', tell: `${mark}web ${next()}`, channel: 'through_person', address: next(), hours: next(), word: next() });
	await openMailbox(reporter, code);
	await reporter.submit(reporter.page.form('reply').set('reply', next()), ['go', 'reply']);
	await enterCall(operator, { channel: 'hotline', language: 'fr', region: 'MA-09', risk: 'medium', contact: 'through_person', address: next(), hours: next(), word: next(), text: `${mark}call ${next()}` });
	await openReport(desk, base, `${mark}web`);
	const note = desk.page.form('/note').set('text', next());
	await desk.submit(note);
	await openReport(desk, base, `${mark}web`);
	await desk.submit(desk.page.form('/answer').set('answer', next()).set('shown_state', 'in_hand'));
	await openMailbox(reporter, code);
	for (const agrees of [true, false]) {
		const from = agrees ? await assigned(desk, base, `${mark}call`, instance.account('tafoukt', 'case_manager').login) : null;
		await readFile(manager, await wholeFile({ manager, leads }, from, next, agrees));
	}
	await stale(manager, next);
	for (const path of ['/staff/', '/staff/files', '/staff/reports', '/staff/drafts', `/staff/files?code=${encodeURIComponent(next())}`])
		await manager.get(path);
	await leads.get('/staff/team');
}

const SILENT = /^\/(x|language|join\/.*|drafts\/.*|people\/.*|locks\/.*)$/; // show nothing of what came: secrets, or nothing but a button
const ENDS = /^\/(logout|people\/.*(freeze|end|certify|roles|vouch|doubt))$/; // what would end the one who tries

async function one(watch, instance, { client, csrf, language }, route, fields, text) {
	const base = route.site === 'public' ? '' : `/${route.site}`, id = client.own?.[route.path.split('{id}')[0]] ?? UNKNOWN;
	const path = base + route.path.replace('{word}', 'none').replace('{id}', id), session = csrf ? `; __Host-s=${client.cookies.get('__Host-s')}` : '';
	const headers = { 'Cookie': `__Host-l=${language}${session}` }, values = { ...valuesOf(fields, csrf ?? '', text, text), version: '1' };
	const sent = Object.fromEntries(['csrf', ...fields.map(f => f.name)].filter(name => csrf || name !== 'csrf').map(name => [name, values[name]]));
	const answer = route.method === 'GET' ? await get(instance, `${path}?${new URLSearchParams(sent)}`, headers) : await post(instance, path, sent, headers);
	assert.ok(answer.status < 500 && ![413, 429].includes(answer.status), `${route.name}: ${answer.status}`);
	watch.look(route.name, answer.body.toString(), answer.headers);
}

// Every field of every route by itself, as the tables have it, words and choices alike.
async function refused(watch, instance, clients, routes, text) {
	for (const route of routes.filter(r => (r.method === 'POST' || r.fields.length > 0) && !ENDS.test(r.path)))
		for (const fields of parts(route))
			await Promise.all(clients.map(client => one(watch, instance, client, route, fields, text)));
}

// The public form carries what was typed from step to step: each step with hostile words in every box, and choices that lead on.
async function publicSteps(watch, instance, routes, text) {
	const choices = { go: 'next', who: 'other', region: 'MA-06', danger: 'no', contact: 'yes', channel: 'through_person' };
	for (const language of ['fr', 'ar', 'en'])
		for (const step of ['start', 'where', 'what', 'danger', 'number', 'tell', 'contact', 'how', 'relation', 'exclude', 'check', 'code', 'file', 'mailbox']) {
			const words = routes.find(r => r.name === `POST public /${language}`).fields.filter(f => ['text', 'long'].includes(f.kind)).map(f => [f.name, text]);
			const answer = await post(instance, `/${language}`, { ...Object.fromEntries(words), ...choices, step });
			assert.ok(answer.status < 500, `${step}: ${answer.status}`);
			watch.look(`POST public /${language}`, answer.body.toString(), answer.headers);
		}
}

async function refusing(watch, instance, routes) {
	const { base } = instance, clients = [{ client: new Client(base), csrf: null, language: 'fr' }];
	for (const [role, language] of [['case_manager', 'ar'], ['desk', 'en'], ['supervisor', 'fr'], ['security_officer', 'ar']]) {
		const client = new Client(base, language);
		await login(client, instance.account('tafoukt', role));
		clients.push({ client, csrf: (await client.get('/staff/help')).form('lock').get('csrf'), language });
	}
	const [, manager, desk] = clients, file = (await manager.client.get('/staff/files')).links(/^\/staff\/file\/[0-9a-f]{32}$/)[0];
	const decision = (await manager.client.get(file)).links(/^\/staff\/decision\//)[0] ?? UNKNOWN;
	for (const { client } of clients)
		client.own = { '/file/': /[0-9a-f]{32}/.exec(file)[0], '/decision/': /[0-9a-f]{32}/.exec(decision)[0] };
	const row = (await desk.client.get('/staff/reports')).links(/^\/staff\/reports\/[0-9a-f]{32}$/)[0];
	desk.client.own['/reports/'] = /[0-9a-f]{32}/.exec(row)[0];
	for (const text of CORPUS) {
		await refused(watch, instance, clients, routes, text);
		await publicSteps(watch, instance, routes, text);
	}
}

export async function hostile(suite, instance, routes) {
	await suite.test('T-WEB-3 control: the same words, not escaped, are found wherever they stand', () => {
		assert.deepEqual(wrongIn('<p title="a">b</p><a href="/staff/">c</a><script src="/s/a.js" defer></script>'), []);
		const places = [t => `<p>${t}</p>`, t => `<textarea name="a">${t}</textarea>`, t => `<input value="${t}">`, t => `<input value='${t}'>`, t => `<title>${t}</title>`, t => `<a href="${t}">a</a>`, t => `<!-- ${t} -->`, t => `<p ${t}>`];
		const missed = CORPUS.filter(t => /[<"']|^javascript|^\/\//.test(t) && !places.some(place => wrongIn(place(t)).length > 0));
		assert.deepEqual(missed, []);
	});
	for (const [turn, language] of ['fr', 'ar', 'en', 'fr', 'ar', 'en'].entries())
		await suite.test(`T-WEB-3 every box from the report to the second signature, ${language}, round ${turn}: words stay words`, async () => {
			const watch = new Watch();
			await accepted(watch, instance, language, turn * 7);
			assert.ok(watch.shown > 40, `${watch.shown} of ${watch.pages} pages show them`);
			watch.clean();
		});
	await suite.test('T-WEB-3 every field of every route, refused: words stay words', async () => {
		const watch = new Watch();
		await refusing(watch, instance, routes);
		const silent = routes.filter(r => r.method === 'POST' && watch.routes[r.name] === 0 && r.fields.some(f => ['text', 'long'].includes(f.kind)) && !SILENT.test(r.path));
		assert.deepEqual(silent.map(r => r.name), [], 'what was typed is shown again, so these routes did look at it');
		assert.ok(watch.shown > 300, `${watch.shown} of ${watch.pages} pages show them`);
		watch.clean();
	});
}
