// SPDX-License-Identifier: GPL-3.0-or-later
// People who come and change, over HTTP: tickets that serve no more are answered in the reader's language, nobody acts on people of another
// house, an act that gives rights asks the second proof, and a secret is neither shown again nor kept.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { amana, assert, get, login, post, cookieValue } from './server.mjs';

const PASSWORD = 'la mer est calme ce soir', SAYS = { fr: [/n’existe pas/, /déjà servi/, /retirée/], ar: [/غير موجود/, /استُعمل من قبل/, /سُحبت/], en: [/no such code/, /has been used/, /was withdrawn/] };
const body = answer => answer.body.toString();
const speaking = (language, headers = {}) => ({ ...headers, 'Cookie': [`__Host-l=${language}`, headers.Cookie].filter(c => c).join('; ') });

const personOf = (page, name) => new RegExp(`href="/staff/people/([0-9a-f]{32})"[^>]*>(?:<bdi[^>]*>)?${name}<`).exec(page)?.[1];

// From the ticket on paper to a member who waits: the code of recovery is typed back, the second proof is the demo's.
async function arrive(instance, typed, name) {
	const to = (await post(instance, '/staff/join', { ticket: typed })).headers.location;
	const begun = await post(instance, to, { password: PASSWORD, again: PASSWORD }), cookie = `__Host-s=${cookieValue(begun, '__Host-s')}`;
	assert.equal(begun.status, 200, to);
	const recovery = /id="recovery-code"><bdi dir="ltr">([^<]+)</.exec(body(begun))[1];
	assert.equal((await post(instance, '/staff/join/prove', { recovery, kind: 'demo' }, { 'Cookie': cookie })).status, 200);
	return { login: name, password: PASSWORD };
}

async function founding(instance) {
	const run = async (...args) => {
		const done = await amana(args);
		assert.equal(done.code, 0, done.stderr);
		return done.stdout;
	};
	const page = async (who, path) => body(await get(instance, path, { 'Cookie': who.cookie }));
	const told = await run('organisation', 'add', '--code', 'bab-nour', '--name-fr', 'Bab Nour', '--name-ar', 'باب النور', '--name-en', 'Bab Nour', '--region', 'MA-05', instance.dir);
	const [first, second] = [...told.matchAll(/ticket (\S+)$/gm)].map(m => m[1]);
	const officer = await login(instance, await arrive(instance, first, 'bab-nour.officer')), founded = await page(officer, '/staff/people');
	const request = /<textarea id="request"[^>]*>\n([^<]+)<\/textarea>/.exec(founded)[1], print = /<dd class="code"><bdi dir="ltr">([0-9a-f ]{39})</.exec(founded)[1];
	const file = name => join(instance.dir, name);
	writeFileSync(file('bab-nour.request'), request);
	assert.ok((await run('root', 'show', file('bab-nour.request'))).includes(print), 'the officer and the root read the same fingerprint');
	await run('root', 'sign', file('root'), file('bab-nour.request'), file('bab-nour.certificate'));
	await run('organisation', 'certify', instance.dir, file('bab-nour.certificate'));
	const supervisor = await login(instance, await arrive(instance, second, 'bab-nour.supervisor')), list = await page(officer, '/staff/people');
	let csrf = officer.csrf, cookie = officer.cookie;
	for (const name of ['officer', 'supervisor']) {
		const done = await post(instance, `/staff/people/${personOf(list, `bab-nour.${name}`)}/certify`, { csrf, kind: 'demo' }, { 'Cookie': cookie });
		assert.equal(done.status, 303, name);
		cookie = cookieValue(done, '__Host-s') ? `__Host-s=${cookieValue(done, '__Host-s')}` : cookie;
	}
	await page(supervisor, '/staff/people'); // makes the keys
	await page({ cookie }, '/staff/people'); // signs them
	assert.doesNotMatch(await run('organisation', 'list', instance.dir), /bab-nour +MA-05 +no desk/);
	const routed = await amana(['organisation', 'route', instance.dir, 'MA-05', 'bab-nour']);
	assert.deepEqual([routed.code, routed.stderr], [0, ''], 'its desk can be written to');
}

// A name is read in the own house alone, beside the login and under what is signed; never as markup.
async function named(suite, instance) {
	const NAME = 'Salma <b>O’Tazi</b>', shown = /Salma &lt;b&gt;O’Tazi&lt;\/b&gt;/, enter = (house, role) => login(instance, instance.account(house, role));
	const manager = await enter('dar-tadamoun', 'case_manager'), list = async who => body(await get(instance, '/staff/people', { 'Cookie': who.cookie }));
	const rename = async (who, name) => (await post(instance, '/staff/settings/name', { csrf: who.csrf, name }, { 'Cookie': who.cookie }));
	await suite.test('a member\'s name is read by colleagues and by nobody else', async () => {
		assert.equal((await rename(manager, 'x'.repeat(61))).status, 400);
		assert.equal((await rename(manager, NAME)).status, 303);
		assert.match(body(await get(instance, '/staff/settings', { 'Cookie': manager.cookie })), shown);
		for (const role of ['desk', 'operator', 'supervisor', 'security_officer'])
			assert.match(await list(await enter('dar-tadamoun', role)), shown, role);
		for (const [house, role] of [['tafoukt', 'supervisor'], ['marsa', 'desk'], ['programme', 'me']])
			assert.doesNotMatch(await list(await enter(house, role)), /Salma/, house);
		assert.equal((await rename(manager, '')).status, 303);
		assert.doesNotMatch(await list(manager), /Salma/);
	});
}

export async function people(suite, instance) {
	await named(suite, instance);
	const of = (house, role) => instance.account(house, role);
	const officer = await login(instance, of('dar-tadamoun', 'security_officer')), desk = await login(instance, of('dar-tadamoun', 'desk'));
	const leads = await login(instance, of('dar-tadamoun', 'supervisor')), operator = await login(instance, of('dar-tadamoun', 'operator'));
	const as = (who, path, values = {}) => post(instance, path, { csrf: who.csrf, ...values }, { 'Cookie': who.cookie });
	const ticketOf = async name => {
		const page = body(await as(officer, '/staff/people/invite', { login: `dar-tadamoun.${name}`, roles: 'desk', language: 'fr' }));
		return /\/staff\/join\/[0-9a-f]{32}/.exec(page)?.[0];
	};
	await suite.test('a ticket unknown, used or withdrawn is answered in the reader’s language', async () => {
		const used = await ticketOf('used'), withdrawn = await ticketOf('gone');
		assert.ok(used && withdrawn);
		const first = await post(instance, used, { password: PASSWORD, again: PASSWORD }), half = cookieValue(first, '__Host-s');
		assert.equal(first.status, 200);
		const recovery = /id="recovery-code"><bdi dir="ltr">([^<]+)</.exec(body(first))[1];
		assert.equal((await post(instance, '/staff/join/prove', { recovery: 'x', kind: 'demo' }, { 'Cookie': `__Host-s=${half}` })).status, 400);
		assert.equal((await post(instance, '/staff/join/prove', { recovery, kind: 'demo' }, { 'Cookie': `__Host-s=${half}` })).status, 200);
		const list = body(await get(instance, '/staff/people', { 'Cookie': officer.cookie }));
		const end = /\/staff\/people\/invite\/[0-9a-f]{32}\/end/.exec(list)[0];
		assert.equal((await as(desk, end)).status, 404, 'a colleague cannot withdraw it');
		assert.equal((await as(officer, end)).status, 303);
		for (const language of ['fr', 'ar', 'en']) {
			const answers = await Promise.all(['/staff/join/00112233445566778899aabbccddeeff', used, withdrawn].map(path => get(instance, path, speaking(language))));
			assert.deepEqual(answers.map(a => a.status), [404, 410, 410]);
			answers.forEach((answer, i) => assert.match(body(answer), SAYS[language][i]));
			const again = await post(instance, used, { password: PASSWORD, again: PASSWORD }, speaking(language));
			assert.equal(again.status, 410);
			assert.match(body(again), SAYS[language][1]);
		}
	});
	await suite.test('without its session the proof begins anew; what is wrong is named', async () => {
		for (const headers of [{}, { 'Cookie': desk.cookie }, { 'Cookie': '__Host-s=nothing' }]) {
			assert.equal((await get(instance, '/staff/join/prove', headers)).status, 403);
			assert.equal((await post(instance, '/staff/join/prove', { recovery: 'x', kind: 'demo' }, headers)).status, 403);
		}
		const ticket = await ticketOf('careful');
		for (const [values, field] of [[{}, 'password'], [{ password: 'short', again: 'short' }, 'password'], [{ password: PASSWORD, again: `${PASSWORD}!` }, 'again'],
			[{ password: 'dar-tadamoun.careful!', again: 'dar-tadamoun.careful!' }, 'password'], [{ password: 'x'.repeat(2000), again: 'x' }, 'password']]) {
			const answer = await post(instance, ticket, values);
			assert.equal(answer.status, 400, JSON.stringify(values).slice(0, 60));
			assert.match(body(answer), new RegExp(`id="${field}-error"`));
			assert.ok(!values.password || !body(answer).includes(`value="${values.password}"`), 'a secret is not shown again');
		}
		for (const ticketTyped of ['', 'nonsense', '00000-00000-00000-00000-00000-0', 'x'.repeat(200)])
			assert.equal((await post(instance, '/staff/join', { ticket: ticketTyped })).status, 400);
	});
	await suite.test('T-ACC-2 people of another house: not seen, not touched', async () => {
		const other = await login(instance, of('tafoukt', 'security_officer')), page = body(await get(instance, '/staff/people', { 'Cookie': other.cookie }));
		const theirs = personOf(page, 'tafoukt.desk');
		assert.ok(theirs);
		assert.equal((await get(instance, `/staff/people/${theirs}`, { 'Cookie': officer.cookie })).status, 404);
		for (const act of ['certify', 'roles', 'freeze', 'thaw', 'end', 'seen', 'vouch', 'doubt'])
			for (const who of [officer, desk])
				assert.equal((await as(who, `/staff/people/${theirs}/${act}`, { certify: { kind: 'demo' }, roles: { roles: 'desk' }, end: { kind: 'demo', sure: '1' }, vouch: { kind: 'demo', roles: 'desk' } }[act] ?? {})).status, 404, act);
		for (const who of [officer, desk])
			assert.equal((await get(instance, `/staff/people?of=${'0'.repeat(31)}1`, { 'Cookie': who.cookie })).status, 404);
	});
	await suite.test('roles: whoever may not, does not; the pair nobody may hold is refused in words', async () => {
		const mine = personOf(body(await get(instance, '/staff/people', { 'Cookie': desk.cookie })), 'dar-tadamoun.operator');
		assert.equal((await get(instance, '/staff/people/invite', { 'Cookie': desk.cookie })).status, 404);
		assert.equal((await as(desk, '/staff/people/invite', { login: 'dar-tadamoun.x', roles: 'desk', language: 'fr' })).status, 404);
		assert.equal((await as(desk, `/staff/people/${mine}/roles`, { roles: 'supervisor' })).status, 404);
		assert.equal((await as(desk, `/staff/people/${mine}/end`, { kind: 'demo', sure: '1' })).status, 404);
		const refused = await as(officer, `/staff/people/${mine}/roles`, { roles: 'org_admin' });
		assert.equal(refused.status, 303, 'one role alone is a proposal');
		const pair = await post(instance, `/staff/people/${mine}/roles`, `csrf=${officer.csrf}&roles=org_admin&roles=desk`, { 'Cookie': officer.cookie });
		assert.equal(pair.status, 400);
		assert.match(body(pair), /id="roles"/);
		for (const name of ['tafoukt.desk', 'tafoukt.nobody', 'desk'])
			assert.match(body(await as(officer, '/staff/people/invite', { login: name, roles: 'desk', language: 'fr' })), /id="login-error">[^<]*nom court/, 'nothing of other houses');
		for (const values of [{ kind: 'sheet', code: '00000000' }, { kind: 'totp', code: '' }, {}])
			assert.equal((await as(officer, `/staff/people/${mine}/certify`, values)).status, 400);
		const waits = body(await get(instance, `/staff/people/${mine}`, { 'Cookie': officer.cookie }));
		assert.match(waits, /<h2>[^<]*collègue<\/h2>/, 'nothing was certified: a colleague’s word is missing');
		assert.doesNotMatch(waits, /\/certify"/);
		const asked = body(await get(instance, `/staff/people/${mine}`, { 'Cookie': leads.cookie }));
		assert.match(asked, /\/vouch"/);
		assert.doesNotMatch(body(await get(instance, `/staff/people/${mine}`, { 'Cookie': operator.cookie })), /\/(vouch|doubt)"/, 'not of himself');
		assert.equal((await as(leads, `/staff/people/${mine}/vouch`, { roles: 'org_admin' })).status, 400, 'a word takes the second proof');
		assert.equal((await as(operator, `/staff/people/${mine}/vouch`, { roles: 'org_admin', kind: 'demo' })).status, 404);
		assert.equal((await as(leads, `/staff/people/${mine}/doubt`)).status, 303);
		const told = body(await get(instance, `/staff/people/${mine}`, { 'Cookie': officer.cookie }));
		assert.match(told, /name="unknown"/, 'the officer is told');
		assert.equal((await as(officer, `/staff/people/${mine}/seen`, { unknown: '1' })).status, 303);
		assert.doesNotMatch(body(await get(instance, `/staff/people/${mine}`, { 'Cookie': officer.cookie })), /name="unknown"/);
	});
	await suite.test('a shared desk: the keeper gives its session ten minutes, now and after the next login', async () => {
		const account = of('dar-tadamoun', 'case_manager'), set = (who, values) => as(who, '/staff/settings', { size: '16', theme: 'auto', keys: '1', language: 'fr', ...values });
		const minutes = async who => Number(/data-idle="(\d+)"/.exec(body(await get(instance, '/staff/settings', { 'Cookie': who.cookie })))[1]);
		const first = await login(instance, account);
		assert.ok(await minutes(first) > 10);
		assert.equal((await set(first, { shared: '1' })).status, 303);
		assert.ok(await minutes(first) <= 10);
		const second = await login(instance, account);
		assert.ok(await minutes(second) <= 10);
		assert.equal((await set(second, {})).status, 303);
		assert.ok(await minutes(second) > 10);
	});
	await suite.test('a lost password: one answer whatever was wrong; a secret of a late post is not kept', async () => {
		const code = '00000-00000-00000-00000-00000-0', values = { recovery: code, kind: 'sheet', code: '12345678', password: PASSWORD, again: PASSWORD };
		const wrong = await Promise.all(['dar-tadamoun.desk', 'nobody.here'].map(name => post(instance, '/staff/recover', { ...values, login: name }, speaking('en'))));
		assert.deepEqual(wrong.map(a => a.status), [403, 403]);
		assert.equal(body(wrong[0]).replace('dar-tadamoun.desk', ''), body(wrong[1]).replace('nobody.here', ''));
		assert.ok(!body(wrong[0]).includes(PASSWORD) && !body(wrong[0]).includes(code));
		assert.equal((await post(instance, '/staff/recover', { ...values, login: 'dar-tadamoun.desk', recovery: code.replace('0', '1') })).status, 400);
		await as(desk, '/staff/logout');
		const late = await as(desk, '/staff/settings/secrets', { act: 'password', password: PASSWORD, again: PASSWORD, kind: 'sheet', code: '12345678' });
		assert.equal(late.status, 401);
		assert.ok(!body(late).includes(encodeURIComponent(PASSWORD)) && !body(late).includes('12345678'));
		const back = await login(instance, of('dar-tadamoun', 'desk'));
		const drafts = body(await get(instance, '/staff/drafts', { 'Cookie': back.cookie }));
		assert.ok(!drafts.includes(PASSWORD) && !drafts.includes('12345678'));
	});
	await suite.test('an organisation founded by two tickets: its request signed, its officer and supervisor certified, its desk ready', () => founding(instance));
}
