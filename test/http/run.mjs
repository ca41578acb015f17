// SPDX-License-Identifier: GPL-3.0-or-later
// The whole service over HTTP: what every answer carries, what a post must prove, that typed work outlives a session, a restart and a keeper,
// hosts, pace, users and sandbox of the processes, and that nothing of a request reaches the log.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { codeOn, report } from '../web/lib/people.mjs';
import { apart } from './apart.mjs';
import { figures } from './figures.mjs';
import { people } from './people.mjs';
import { framing } from './framing.mjs';
import { Suite, until } from '../web/lib/suite.mjs';
import { Client, Instance, amana, assert, cookieValue, cookiesOf, get, login, masked, post, raw, request, unmasked } from './server.mjs';
import { login as loginOnPages } from '../web/lib/people.mjs';
import { openReport } from '../web/lib/staff.mjs';

const suite = new Suite();
const ID = '00112233445566778899aabbccddeeff', PLANTED = 'zqplantedqz';
const routes = execFileSync(process.env.AMANA_ROUTES, { encoding: 'utf8' }).trim().split('\n').map(line => {
	const [method, site, path, need, flags = ''] = line.split(' ');
	return { method, site, path, need, flags, name: `${method} ${site} ${path}` };
});

function addressOf(route) {
	const base = route.site === 'staff' || route.site === 'files' ? `/${route.site}` : '';
	return base + route.path.replace('{id}', ID).replace('{word}', 'none');
}

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

function checkHeaders(answer, route) {
	const h = answer.headers, staff = route.site === 'staff';
	assert.equal(h['content-security-policy'], CSP + (staff ? "; media-src 'self'" : "; media-src 'self' blob:"), route.name);
	assert.equal(h['strict-transport-security'], 'max-age=63072000');
	assert.equal(h['referrer-policy'], 'same-origin');
	assert.equal(h['x-content-type-options'], 'nosniff');
	assert.equal(h['cross-origin-opener-policy'], 'same-origin');
	assert.equal(h['cross-origin-embedder-policy'], 'require-corp');
	assert.equal(h['cross-origin-resource-policy'], 'same-origin');
	assert.match(h['permissions-policy'], /camera=\(\), .*microphone=\(\)/);
	assert.equal(h['cache-control'], 'no-store', route.name);
	const start = route.method === 'GET' && route.site === 'public' && ['/', '/fr', '/ar', '/en'].includes(route.path);
	assert.equal(h['x-robots-tag'], start ? undefined : 'noindex, noarchive', route.name);
	assert.equal(h.server, undefined);
	assert.equal(h['access-control-allow-origin'], undefined);
	for (const cookie of cookiesOf(answer))
		assert.match(cookie, /^__Host-[sld]=[A-Za-z0-9_-]*; Path=\/; Secure; HttpOnly; SameSite=Strict(; Max-Age=\d+)?$/, route.name);
}

async function everyRoute(instance, me) {
	await suite.test('T-WEB-1 headers of every route, nobody logged in', async () => {
		for (const route of routes.filter(r => r.method === 'GET')) {
			const answer = await get(instance, addressOf(route));
			checkHeaders(answer, route);
			assert.ok(answer.status < 500, `${route.name}: ${answer.status}`);
			if (route.need !== 'public') {
				assert.equal(answer.status, 303, route.name);
				assert.equal(answer.headers.location, route.site === 'staff' ? '/staff/login' : '/', route.name);
			}
			if (route.need === 'public' && route.path !== '/x')
				assert.deepEqual(cookiesOf(answer), [], `${route.name}: no cookie before a code or a login`);
		}
	});
	await suite.test('T-WEB-1 headers of every route, a desk logged in', async () => {
		for (const route of routes.filter(r => r.method === 'GET' && r.path !== '/x')) {
			const answer = await get(instance, addressOf(route), { 'Cookie': me.cookie });
			checkHeaders(answer, route);
			assert.ok(answer.status < 500 && answer.status !== 303 || route.path === '/', `${route.name}: ${answer.status}`);
			assert.equal(answer.headers['content-encoding'], undefined, `${route.name}: packed only for who takes it`);
		}
	});
	await suite.test('T-WEB-1 static files may be kept for ever, all else never', async () => {
		const page = (await get(instance, '/fr')).body.toString(), assets = [...page.matchAll(/"(\/s\/[^"]+)"/g)].map(m => m[1]);
		assert.ok(assets.length >= 2);
		for (const asset of assets) {
			const plain = await get(instance, asset), packed = await get(instance, asset, { 'Accept-Encoding': 'br, gzip' });
			assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
			assert.equal(plain.headers['content-encoding'], undefined);
			assert.equal(packed.headers['content-encoding'], 'gzip');
			assert.equal(packed.headers.vary, 'Accept-Encoding');
			assert.ok(packed.body.length < plain.body.length);
		}
	});
	await suite.test('staff pages travel packed for who takes it, and hold the same', async () => {
		const steady = page => page.toString().replace(/(csrf|once)("? value)?="[^"]+"/g, '');
		for (const path of ['/staff/', '/staff/help', '/staff/drafts', '/staff/login']) {
			const plain = await get(instance, path, { 'Cookie': me.cookie }), packed = await get(instance, path, { 'Cookie': me.cookie, 'Accept-Encoding': 'br, gzip' });
			const refused = await get(instance, path, { 'Cookie': me.cookie, 'Accept-Encoding': 'gzip;q=0, br' });
			assert.equal(packed.headers['content-encoding'], 'gzip', path);
			assert.equal(refused.headers['content-encoding'], undefined, path);
			assert.equal(packed.headers.vary, 'Accept-Encoding');
			assert.equal(plain.headers.vary, 'Accept-Encoding');
			assert.equal(packed.status, plain.status);
			assert.equal(steady(gunzipSync(packed.body)), steady(plain.body), path);
			assert.ok(packed.body.length < plain.body.length * 3 / 4, `${path}: ${packed.body.length} of ${plain.body.length}`);
		}
		const posted = await post(instance, '/staff/call', { csrf: me.csrf, text: '' }, { 'Cookie': me.cookie, 'Accept-Encoding': 'gzip' });
		assert.match(gunzipSync(posted.body).toString(), /<\/html>/);
		const gone = await request(instance.base, 'HEAD', '/staff/help', { 'Cookie': me.cookie, 'Accept-Encoding': 'gzip' });
		assert.deepEqual([gone.status, gone.body.length, gone.headers['content-encoding']], [200, 0, 'gzip']);
	});
	await suite.test('public answers come in steps of 16 KiB, not compressed', async () => {
		for (const path of ['/fr', '/ar', '/en']) {
			const answer = await get(instance, path, { 'Accept-Encoding': 'gzip' });
			assert.equal(answer.body.length % 16384, 0, path);
			assert.equal(answer.headers['content-encoding'], undefined);
		}
		assert.equal((await post(instance, '/fr', { step: PLANTED })).body.length % 16384, 0);
	});
	await suite.test('the public start is the same for everybody; HEAD and conditions; the front door knows the language', async () => {
		for (const language of ['fr', 'ar', 'en']) {
			const path = `/${language}`, plain = await get(instance, path);
			const known = await get(instance, path, { 'Cookie': `${me.cookie}; __Host-l=fr`, 'Accept-Language': 'ar', 'If-None-Match': '*' });
			assert.equal(plain.status, 200);
			assert.match(plain.body.toString(), new RegExp(`<html lang="${language}" `));
			assert.doesNotMatch(plain.body.toString(), /name="(ticket|csrf)"/);
			assert.deepEqual([known.status, known.body], [200, plain.body], path);
			const head = await request(instance.base, 'HEAD', path), { date: a, ...asked } = head.headers, { date: b, ...got } = plain.headers;
			assert.ok(a && b);
			assert.deepEqual([head.status, head.body.length, asked], [200, 0, got], path);
			assert.equal((await get(instance, `${path}?field=1`)).status, 400);
			for (const headers of [{ 'Accept-Language': `xx, ${language}-MA;q=0.8` }, { 'Accept-Language': 'fr', 'Cookie': `__Host-l=${language}` }])
				assert.equal((await get(instance, '/', headers)).headers.location, path);
		}
		const unknown = await get(instance, '/s/public.0000000000000000.css', { 'Accept-Encoding': 'gzip' });
		assert.equal(unknown.status, 404);
		checkHeaders(unknown, { site: 'public', path: '/s/{word}', method: 'GET', name: 'unknown file' });
	});
	await suite.test('T-WEB-2 the first post comes without a ticket and gets one; a report without is refused, its text kept', async () => {
		const ticketOn = answer => /name="ticket" value="([A-Za-z0-9_-]{54})"/.exec(answer.body.toString())?.[1];
		for (const go of ['self', 'other', 'code']) {
			const first = await post(instance, '/en', { go }), again = await post(instance, '/en', { go });
			assert.equal(first.status, 200);
			assert.ok(ticketOn(first), go);
			assert.notEqual(ticketOn(first), ticketOn(again), 'each form its own');
			const headers = { 'Origin': 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' };
			assert.equal((await post(instance, '/en', { go }, headers)).status, 403);
		}
		const typed = { step: 'check', who: 'self', tell: `${PLANTED} no ticket`, danger: 'yes', go: 'send' };
		const refused = await post(instance, '/en', typed), page = refused.body.toString();
		assert.equal(refused.status, 200);
		assert.doesNotMatch(page, /class="code"|\d{4} \d{4} \d{4} \d{4} \d{4}/);
		assert.ok(page.includes(`value="${PLANTED} no ticket"`) && ticketOn(refused), 'what was typed, and a fresh ticket');
		const waits = await post(instance, '/en', { ...typed, danger: 'no', ticket: ticketOn(refused) });
		assert.match(waits.body.toString(), /name="ticket"/);
		assert.ok(waits.body.includes(`value="${PLANTED} no ticket"`), 'the 20 seconds count from the first ticket');
	});
	await suite.test('T-WEB-2 every post: origin, fetch metadata and token', async () => {
		const elsewhere = [{ 'Origin': null }, { 'Origin': 'null' }, { 'Origin': 'http://evil.example' }, { 'Origin': instance.base.replace('http:', 'https:') },
			{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { 'Sec-Fetch-Site': 'none' },
			{ 'Origin': 'null', 'Sec-Fetch-Site': 'same-origin' }];
		for (const route of routes.filter(r => r.method === 'POST')) {
			const path = addressOf(route), own = { 'Cookie': me.cookie };
			for (const headers of elsewhere) {
				const answer = await post(instance, path, { csrf: me.csrf }, { ...own, ...headers });
				assert.equal(answer.status, 403, `${route.name} ${JSON.stringify(headers)}: ${answer.status}`);
				checkHeaders(answer, route);
			}
			if (route.need === 'public')
				continue;
			for (const csrf of ['', 'A'.repeat(43), me.csrf.replace(/^./, c => c === 'A' ? 'B' : 'A'), me.csrf.slice(0, 22), me.csrf + 'A', unmasked(me.csrf).toString('hex'), null]) {
				const answer = await post(instance, path, csrf === null ? {} : { csrf }, own);
				assert.ok(answer.status === 403 || answer.status === 404, `${route.name} csrf ${csrf}: ${answer.status}`);
				checkHeaders(answer, route);
			}
			const nobody = await post(instance, path, { csrf: me.csrf });
			assert.equal(nobody.status, route.site === 'staff' ? 401 : 303, `${route.name} without a session: ${nobody.status}`);
			checkHeaders(nobody, route);
		}
		assert.equal((await get(instance, '/staff/help', { 'Cookie': me.cookie })).status, 200, 'the session is alive after all of it');
	});
	await suite.test('T-WEB-2 a token is masked anew wherever it is written; under any mask it is the same', async () => {
		const pages = await Promise.all([1, 2].map(() => get(instance, '/staff/', { 'Cookie': me.cookie })));
		const all = pages.flatMap(page => [...page.body.toString().matchAll(/(?:name="csrf" value|data-csrf)="([^"]+)"/g)].map(m => m[1]));
		assert.ok(all.length >= 4);
		assert.equal(pages.filter(page => page.body.includes(all[0])).length, 1, 'another page, another mask');
		for (const csrf of all)
			assert.deepEqual(unmasked(csrf), unmasked(me.csrf));
		for (const pad of [Buffer.alloc(16), Buffer.alloc(16, 255), unmasked(me.csrf)]) {
			const kept = await post(instance, '/staff/drafts', { csrf: masked(unmasked(me.csrf), pad), where: '/call', body: 'text=masked' }, { 'Cookie': me.cookie });
			assert.ok(kept.status < 400, `${kept.status}`);
		}
	});
	await suite.test('T-WEB-2 a get changes nothing: posts have no get twin that acts', async () => {
		for (const route of routes.filter(r => r.method === 'POST' && !routes.some(o => o.method === 'GET' && o.path === r.path))) {
			const answer = await get(instance, addressOf(route), { 'Cookie': me.cookie });
			assert.ok([404, 405].includes(answer.status), `${route.name}: ${answer.status}`);
		}
	});
}

async function sessions(instance, account) {
	await suite.test('a new token at each step; the half one opens nothing', async () => {
		const me = await login(instance, account);
		assert.notEqual(me.token, me.half);
		assert.equal((await get(instance, '/staff/help', { 'Cookie': `__Host-s=${me.half}` })).status, 303);
		const again = await post(instance, '/staff/second', { kind: 'demo', code: '' }, { 'Cookie': `__Host-s=${me.half}` });
		assert.equal(again.status, 403, 'a half session is used once');
	});
	await suite.test('wrong name and wrong password look the same', async () => {
		const a = await post(instance, '/staff/login', { login: account.login, password: PLANTED });
		const b = await post(instance, '/staff/login', { login: 'nobody.at-all', password: PLANTED });
		assert.equal(a.status, 403);
		assert.equal(a.status, b.status);
		assert.equal(a.body.toString().replace(account.login, ''), b.body.toString().replace('nobody.at-all', ''));
	});
	await suite.test('T-FAC-1: a browser is known after its first whole login, and comes in while strangers try its name', async () => {
		const owner = instance.accounts.find(a => a.login !== account.login), me = await login(instance, owner), device = cookieValue(me.answers[1], '__Host-d');
		assert.match(device, /^[A-Za-z0-9_-]{43}$/);
		assert.ok(cookiesOf(me.answers[1]).some(c => c.startsWith('__Host-d=') && c.includes('Max-Age=15552000')));
		assert.ok(!cookiesOf(me.answers[0]).some(c => c.startsWith('__Host-d=')), 'not after a password alone');
		const wrong = () => post(instance, '/staff/login', { login: owner.login, password: 'a guess at a password' });
		let last;
		for (let i = 0; i < 9 && last?.status !== 503; i++)
			last = await wrong();
		assert.equal(last.status, 503, 'strangers are slowed');
		const right = { login: owner.login, password: owner.password };
		assert.equal((await post(instance, '/staff/login', right)).status, 503);
		assert.equal((await post(instance, '/staff/login', right, { 'Cookie': `__Host-d=${'A'.repeat(43)}` })).status, 503);
		const first = await post(instance, '/staff/login', right, { 'Cookie': `__Host-d=${device}` });
		assert.equal(first.status, 200, 'the known browser is not');
		const second = await post(instance, '/staff/second', { kind: 'demo', code: '' }, { 'Cookie': `__Host-s=${cookieValue(first, '__Host-s')}; __Host-d=${device}` });
		assert.equal(cookieValue(second, '__Host-d'), device, 'known for another 180 days');
	});
	await suite.test('logging out ends the session and clears the browser', async () => {
		const me = await login(instance, account);
		const out = await post(instance, '/staff/logout', { csrf: me.csrf }, { 'Cookie': me.cookie });
		assert.equal(out.status, 303);
		assert.match(out.headers['clear-site-data'], /"cache"/);
		assert.ok(cookiesOf(out).some(c => /^__Host-s=; .*Max-Age=0$/.test(c)));
		assert.equal((await get(instance, '/staff/help', { 'Cookie': me.cookie })).status, 303);
	});
	await suite.test('the language is a cookie; back to the page it came from', async () => {
		const answer = await post(instance, '/staff/language', { language: 'ar', where: '/login' });
		assert.equal(answer.status, 303);
		assert.equal(answer.headers.location, '/staff/login');
		assert.equal(cookieValue(answer, '__Host-l'), 'ar');
		for (const where of ['//evil.example', 'http://evil.example/', '/nowhere', '/staff/../x'])
			assert.equal((await post(instance, '/staff/language', { language: 'fr', where })).headers.location, '/staff/', where);
		assert.match((await get(instance, '/staff/login', { 'Cookie': '__Host-l=ar' })).body.toString(), /<html lang="ar" dir="rtl">/);
		assert.equal((await post(instance, '/staff/language', { language: 'xx' })).status, 400);
	});
}

// The text waits among the drafts of the one who typed it.
async function assertDraft(instance, me, text) {
	const page = await get(instance, '/staff/drafts', { 'Cookie': me.cookie });
	assert.equal(page.status, 200);
	assert.ok(page.body.includes(text), `"${text}" among the drafts`);
}

async function lateWork(instance, account) {
	const typed = n => ({ statement: `${PLANTED} late ${n}` });

	await suite.test('a post under a session that has ended is kept sealed, not done', async () => {
		const me = await login(instance, account);
		await post(instance, '/staff/logout', { csrf: me.csrf }, { 'Cookie': me.cookie });
		const late = await post(instance, '/staff/call', { csrf: me.csrf, ...typed(1) }, { 'Cookie': me.cookie });
		assert.equal(late.status, 401);
		assert.ok(!late.body.includes(`${PLANTED} late 1`), 'the page itself does not show it');
		await assertDraft(instance, await login(instance, account), `${PLANTED} late 1`);
	});
	await suite.test('the token of an earlier session: kept, not done', async () => {
		const old = await login(instance, account), me = await login(instance, account);
		const answer = await post(instance, '/staff/call', { csrf: old.csrf, ...typed(2) }, { 'Cookie': me.cookie });
		assert.equal(answer.status, 403);
		await assertDraft(instance, me, `${PLANTED} late 2`);
	});
	await suite.test('after a restart of the keeper the login page carries the text, and it becomes a draft', async () => {
		const me = await login(instance, account), before = instance.pids();
		process.kill(before.keeper, 'SIGKILL');
		await until('keeper and web to come back', async () => {
			const now = instance.pids();
			return now.keeper && now.web && now.keeper !== before.keeper && now.web !== before.web &&
				await get(instance, '/health').then(a => a.status === 200, () => false);
		});
		const client = new Client(instance.base, 'en');
		const late = await post(instance, '/staff/call', { csrf: me.csrf, ...typed(3) }, { 'Cookie': me.cookie });
		assert.equal(late.status, 401);
		await client.get('/staff/login');
		client.page = new client.page.constructor({ status: 401, headers: {}, path: '/staff/call' }, late.body.toString());
		const form = client.page.form('/staff/login');
		form.set('login', account.login);
		form.set('password', account.password);
		const second = await client.submit(form);
		assert.equal(second.status, 200);
		const landed = await client.submit(second.forms.find(f => f.action === '/staff/second' && f.button('kind', 'demo')), ['kind', 'demo']);
		assert.equal(landed.status, 200, landed.heading);
		await assertDraft(instance, { cookie: `__Host-s=${client.cookies.get('__Host-s')}` }, `${PLANTED} late 3`);
	});
}

async function restarts(instance) {
	await suite.test('web killed before the last post: the report still goes through, and sent twice it is one', async () => {
		const client = new Client(instance.base, 'en'), posts = [], send = client.post.bind(client);
		client.post = (path, values, more) => {
			posts.push([path, values, more]);
			return send(path, values, more);
		};
		const code = await report(client, { tell: `${PLANTED} report`, danger: 'yes' }, { visit: async step => {
			if (step !== 'send')
				return;
			const before = instance.pids();
			process.kill(before.web, 'SIGKILL');
			await until('web to come back', async () => instance.pids().web !== before.web && await get(instance, '/fr').then(a => a.status === 200, () => false));
		} });
		assert.match(code, /^\d{20}$/);
		const [path, values, more] = posts.at(-1);
		assert.equal(codeOn(await send(path, values, more)), code);
		const forged = values.map(([name, value]) => [name, name === 'ticket' ? value.replace(/^./, c => c === 'A' ? 'B' : 'A') : value]);
		const refused = await send(path, forged, more);
		assert.equal(codeOn(refused), null);
		assert.notEqual(refused.errors(), '');
		assert.ok(refused.forms.some(f => f.values.some(([, value]) => value.includes(`${PLANTED} report`))), 'what was typed is still there');
	});
	await suite.test('media killed: web is renewed and answers', async () => {
		const before = instance.pids();
		process.kill(before.media, 'SIGKILL');
		await until('media and web anew', async () => {
			const now = instance.pids();
			return now.media && now.media !== before.media && now.web && now.web !== before.web && await get(instance, '/health').then(a => a.status === 200, () => false);
		});
	});
	await suite.test('each process is shut in, under its own user when started as root', async () => {
		const status = pid => {
			try {
				return readFileSync(`/proc/${pid}/status`, 'utf8');
			} catch {
				return ''; // ended a moment ago
			}
		};
		// A part just renewed is shut in before it serves anybody, but not in its first moment.
		const states = await until('every part to be there and shut in', () => {
			const { parent, ...roles } = instance.pids(), all = Object.entries(roles).map(([role, pid]) => [role, pid ? status(pid) : '']);
			return all.every(([role, s]) => /^NoNewPrivs:\t1$/m.test(s) && (role === 'media' || /^Seccomp:\t2$/m.test(s))) && all; // of media its children are, one a file
		});
		const uids = states.map(([, s]) => /^Uid:\t(\d+)/m.exec(s)[1]);
		assert.equal(new Set(uids).size, process.getuid() === 0 ? 3 : 1);
		assert.ok(process.getuid() !== 0 || !uids.includes('0'));
	});
	await suite.test('a second service on the same instance is refused, and so is an open address without hosts', async () => {
		const second = await amana(['serve', '--data', instance.dir, '--listen', '127.0.0.1:0']);
		assert.equal(second.code, 1);
		assert.match(second.stderr, /served already/);
		await instance.stop();
		const open = await amana(['serve', '--data', instance.dir, '--listen', '0.0.0.0:0']);
		assert.equal(open.code, 1);
		assert.match(open.stderr, /TLS/);
		assert.equal((await amana(['serve', '--data', '/nonexistent', '--listen', '127.0.0.1:0'])).code, 1);
	});
}

// The demo's first call came on 6 February 2024 at 21:40, as its operator typed it in Morocco.
async function zones(instance) {
	const desk = instance.account('dar-tadamoun', 'desk'), shown = async () => {
		const client = new Client(instance.base, 'fr');
		await loginOnPages(client, desk);
		return (await openReport(client, instance.base, 'Bonjour, chez mes voisins')).text;
	};
	await suite.test('times are shown as the clocks of the place, behind the sandbox too', async () => {
		assert.match(await shown(), /2024-02-06 21:40/);
	});
	await suite.test('another zone shows the same moment; one that does not exist is named', async () => {
		await instance.stop();
		const wrong = await amana(['serve', '--data', instance.dir, '--listen', '127.0.0.1:0', '--zone', 'Africa/Atlantis']);
		assert.equal(wrong.code, 1);
		assert.match(wrong.stderr, /Africa\/Atlantis/);
		instance.options.serve = ['--pace', '0', '--zone', 'UTC'];
		await instance.serve();
		assert.match(await shown(), /2024-02-06 20:40/);
	});
}

async function hosts(instance) {
	const at = (name, path, more = '') => raw(instance.port, `GET ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n${more}\r\n`);
	const posted = (name, path, body, more) => raw(instance.port, `POST ${path} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\nContent-Type: ` +
		`application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`);
	const code = answer => Number(answer.slice(9, 12));

	await suite.test('with hosts: each site by its name, any other name is refused', async () => {
		assert.equal(code(await at('help.example', '/fr')), 200);
		assert.equal(code(await at('HELP.example:443', '/fr')), 200);
		assert.equal(code(await at('staff.example', '/login')), 200);
		assert.equal(code(await at('staff.example', '/fr')), 404);
		assert.equal(code(await at('help.example', '/login')), 404);
		assert.equal(code(await at('help.example', '/staff/login')), 404);
		assert.equal(code(await at('127.0.0.1', '/fr')), 421);
		assert.equal(code(await at('evil.example', '/fr')), 421);
		assert.match(await at('staff.example', '/help'), /^Location: \/login\r$/m);
	});
	await suite.test('T-WEB-2 with hosts: a post comes from its own host over TLS', async () => {
		for (const [origin, expected] of [['https://staff.example', 403], ['http://staff.example', 403], ['https://help.example', 403], ['https://staff.example.evil', 403]]) {
			const answer = await posted('staff.example', '/login', 'login=a&password=b', `Origin: ${origin}\r\nAccept-Language: en\r\n`);
			assert.equal(code(answer), expected);
			assert.equal(/name or the password/.test(answer), origin === 'https://staff.example', origin);
		}
	});
	await suite.test('pace by network: the next town is not slowed', async () => {
		const ip = n => `Origin: https://staff.example\r\nX-Real-IP: ${n}\r\n`;
		let tries = 0;
		while (code(await posted('staff.example', '/second', 'kind=totp&code=1', ip(`203.0.113.${tries}`))) !== 429)
			assert.ok(++tries < 40);
		assert.ok(tries >= 15);
		const slowed = await posted('staff.example', '/second', 'kind=totp&code=1', ip('203.0.113.250'));
		assert.match(slowed, /^Retry-After: \d+\r$/m);
		assert.equal(code(await posted('staff.example', '/second', 'kind=totp&code=1', ip('203.0.114.1'))), 403);
	});
}

const instance = await Instance.make();
try {
	await instance.serve();
	const account = instance.accounts.find(a => a.roles.includes('operator')) ?? instance.accounts[0];
	await everyRoute(instance, await login(instance, instance.accounts.find(a => a.roles.includes('desk'))));
	await sessions(instance, account);
	await framing(suite, instance);
	await lateWork(instance, account);
	await people(suite, instance);
	await figures(suite, instance);
	await zones(instance);
	await restarts(instance);
	instance.options.serve = ['--public', 'help.example', '--staff', 'staff.example', '--files', 'files.example'];
	instance.ready = () => until('hosts to answer', () => raw(instance.port, 'GET /health HTTP/1.1\r\nHost: help.example\r\nConnection: close\r\n\r\n').then(a => / 200 /.test(a), () => false));
	await instance.serve();
	await hosts(instance);
	await apart(suite, instance);
	await suite.test('T-LOG-1 nothing of a request in the log', async () => {
		assert.match(instance.log, /web request/);
		for (const word of [PLANTED, ID, '203.0.113', 'evil.example', ...instance.accounts.map(a => a.login), account.password])
			assert.ok(!instance.log.includes(word), word);
	});
} finally {
	await instance.remove();
}
process.exit(suite.end());
