// SPDX-License-Identifier: GPL-3.0-or-later
// The bench: figures and ratios, side by side in one run, median of three; never a pass or a fail. A real instance is served by the real
// program; the other side of each ratio is what this machine can do at all (bench-bare, bench-limits) or what the parts cost alone (bench-parts).
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Client, request } from '../web/lib/client.mjs';
import { BUILD, Instance, ROOT } from '../web/lib/instance.mjs';
import { codeOn, login as enter, report } from '../web/lib/people.mjs';
import { casefile } from './casefile.mjs';
import { house } from './house.mjs';

const SIZES = (process.env.SIZES ?? '100 1000 10000 100000').split(' ').map(Number);
const SECONDS = Number(process.env.SECONDS_EACH ?? 2);
const KEY = 'ONCEKEYONCEKEYONCEKEYONCEKEYONCE';
const ONLY = process.env.ONLY; // files: that part alone
// What a save writes: seals, wraps, bytes sealed each; leaves and other rows of the keeper; other rows of the main database.
// Counted in the tables: each right keeps what was before it until its set is settled, each part is pending first, and since reports are counted for
// the programme each brings an event of its own. Before, events and undo were left out and a key too many was in: printed beside as it was.
const CONTACT = [1, 1, 100, 3, 7, 3];  // dossier, key, their undo, share, pending and head; dossier, contact, form's key
const CONTACT_BEFORE = [1, 1, 100, 3, 5, 3];
const IMPORT = [3, 2, 200, 5, 11, 3];  // two records and an event, one key and the event's; dossier, key, their undo, share, three pending, three heads; dossier, report, line
const IMPORT_BEFORE = [2, 2, 300, 5, 8, 4];
const pause = s => new Promise(done => setTimeout(done, s * 1000));
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const row = (...cells) => console.log(cells.map((c, i) => i === 0 ? String(c).padEnd(58) : String(c).padStart(14)).join(' '));
const percent = ratio => `${(ratio * 100).toFixed(0)} %`;

function run(program, args, input = '') {
	return new Promise((done, fail) => {
		const child = execFile(join(BUILD, 'test/bench', program), args.map(String), { maxBuffer: 1e7 },
			(error, stdout, stderr) => error ? fail(new Error(`${program} ${args.join(' ')}: ${stderr || error}`)) : done(stdout.trim()));
		child.stdin.end(input);
	});
}

// Three runs of the same request; the run with the median rate.
async function load(port, connections, text, times = 3) {
	const runs = [];
	for (let i = 0; i < times; i++)
		runs.push(JSON.parse(await run('bench-load', [port, connections, SECONDS], text)));
	const failed = runs.reduce((n, r) => n + r.failed, 0);
	if (failed > 0)
		console.log(`  (${failed} answers of ${runs.reduce((n, r) => n + r.answers, 0)} were not right)`);
	return runs.sort((a, b) => a.per_second - b.per_second)[Math.floor(times / 2)];
}

const head = (client, method, path, extra = '') => `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Language: fr\r\n` +
	`Cookie: ${[...client.cookies].map(([n, v]) => `${n}=${v}`).join('; ')}\r\n${extra}`;
const get = (client, path) => `${head(client, 'GET', path, 'Sec-Fetch-Site: same-origin\r\n')}\r\n`;
function post(client, path, values) {
	const body = new URLSearchParams(values.map(([n, v]) => [n, n === 'once' ? KEY : v])).toString();
	return `${head(client, 'POST', path, 'Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
		`Content-Length: ${body.length}\r\n`)}\r\n${body}`;
}

async function bare(port, bytes, connections) {
	const server = spawn(join(BUILD, 'test/bench/bench-bare'), [String(port), String(bytes)], { stdio: ['pipe', 'inherit', 'inherit'] });
	await pause(0.3);
	try {
		return await load(port, connections, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n');
	} finally {
		server.stdin.end();
		await new Promise(done => server.on('exit', done));
	}
}

// All processes of the house, the keeper's helpers too.
function pss(house) {
	const helpers = readFileSync(`/proc/${house.keeper}/task/${house.keeper}/children`, 'utf8').trim().split(/\s+/).map(Number);
	return [...Object.values(house), ...helpers].filter(p => p).reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]), 0) / 1024;
}

async function login(instance, account) {
	const client = new Client(instance.base, 'fr');
	await enter(client, account);
	return client;
}

// The public form filled in up to its last page; gives the last post.
async function fillReport(base) {
	const client = new Client(base, 'fr'), ready = new Error('ready');
	let form = null;
	await report(client, { region: 'MA-06', tell: 'Chez mes voisins une jeune femme ne sort jamais. '.repeat(6) }, {
		visit: async (step, page) => {
			if (step !== 'send')
				return;
			form = page.forms.find(f => f.names().has('go'));
			throw ready;
		},
	}).catch(error => { if (error !== ready) throw error; });
	return async () => codeOn(await client.submit(form, ['go', 'send'])) !== null;
}

// Bring the desk of one organisation to `size` reports by the import command, as a person would. Gives reports per second.
async function grow(instance, account, have, size, folder) {
	let seconds = 0;
	for (let from = have; from < size; from += 20000) {
		const to = Math.min(size, from + 20000), lines = ['reference,channel,received_at,language,region,risk,text'];
		for (let i = from; i < to; i++)
			lines.push(`b${i},hotline,2026-0${1 + i % 9}-1${i % 9} 1${i % 9}:00,fr,MA-06,${['low', 'medium', 'high'][i % 3]},` +
				`"Appel numéro ${i}. La personne dit que les papiers ont été pris et que la porte reste fermée à clé depuis le mois dernier."`);
		const file = join(folder, 'log.csv');
		writeFileSync(file, `${lines.join('\n')}\n`);
		const begin = performance.now();
		const run = execFile(join(BUILD, 'amana'), ['import', 'reports', file, '--data', instance.dir, '--login', account.login], { maxBuffer: 1e7 });
		let said = '';
		run.stdout.on('data', t => { said += t; });
		run.stderr.on('data', t => { said += t; });
		run.stdin.end(`${account.password}\n`);
		const code = await new Promise(done => run.on('exit', done));
		if (code !== 0)
			throw new Error(`import: ${code} ${said}`);
		seconds += (performance.now() - begin) / 1000;
	}
	return seconds > 0 ? (size - have) / seconds : null;
}

async function pages(instance, client, port) {
	const list = await load(instance.port, 1, get(client, '/staff/')), many = await load(instance.port, 8, get(client, '/staff/'));
	const page = await client.get('/staff/'), link = page.root.all('a').map(a => a.get('href') ?? '').find(h => /\/reports\/[0-9a-f]{32}$/.test(h));
	const report = await load(instance.port, 1, get(client, link)), reports = await load(instance.port, 8, get(client, link));
	const parts = JSON.parse(await run('bench-parts', [instance.dir, client.cookies.get('__Host-s'), link.slice(-32), join(ROOT, 'data')]));
	const bareList = await bare(port, list.bytes, 1), bareReport = await bare(port, report.bytes, 1);
	// A list also counts its tabs, over what may be seen of 500 rows, and reads the rows it shows: before, only the rest was summed.
	return { list, many, report, reports, parts, listBefore: parts.query_us + parts.open_us + parts.draw_us + bareList.p50_ms * 1000,
		listSum: parts.window_us + parts.visible_us + parts.open_us + parts.lines_us + parts.draw_us + bareList.p50_ms * 1000,
		reportSum: parts.report_us + parts.draw_us / 4 + bareReport.p50_ms * 1000 };
}

// So many people try to log in at once, again and again: others than whose page is timed, for one who has many sessions loses the oldest.
async function logins(instance, seconds, tries, account) {
	const until = performance.now() + seconds * 1000, others = instance.accounts.filter(a => a !== account);
	await Promise.all(Array.from({ length: tries }, async (_, i) => {
		while (performance.now() < until)
			await login(instance, others[i]).catch(() => null);
	}));
}

async function coded(instance) {
	const ready = await Promise.all(Array.from({ length: 300 }, () => fillReport(instance.base)));
	await pause(21);
	let done = 0, next = 0;
	const begin = performance.now(), until = begin + 8000;
	await Promise.all(Array.from({ length: 16 }, async () => {
		while (performance.now() < until && next < ready.length) {
			const answer = await ready[next++]();
			if (answer)
				done++;
		}
	}));
	return done / ((performance.now() - begin) / 1000);
}

async function main() {
	const folder = mkdtempSync(join(tmpdir(), 'amana-bench-')), instance = await Instance.make();
	try {
		await instance.serve();
		await pause(2);
		const idle = pss(instance.pids());
		const account = instance.accounts.find(a => /desk$/.test(a.login)), spare = instance.port + 1;
		let have = 0, first = null, growth = null;
		const files = () => casefile(instance, folder, { load, get, post, bare, run, row, key: KEY, port: spare, seconds: SECONDS });

		if (ONLY === 'files')
			return await files();

		row('pages, one connection: p50; eight: per second', 'size', 'list ms', 'parts ms', 'share', 'list /s', 'report ms', 'parts ms', 'share', 'report /s');
		let client = await login(instance, account);
		for (const size of SIZES) {
			const rate = await grow(instance, account, have, size, folder);
			have = size;
			client = await login(instance, account);
			const p = await pages(instance, client, spare);
			row('', size, p.list.p50_ms.toFixed(2), (p.listSum / 1000).toFixed(2), percent(p.listSum / 1000 / p.list.p50_ms), p.many.per_second.toFixed(0),
				p.report.p50_ms.toFixed(2), (p.reportSum / 1000).toFixed(2), percent(p.reportSum / 1000 / p.report.p50_ms), p.reports.per_second.toFixed(0));
			first ??= p;
			growth = { list: p.list.p50_ms / first.list.p50_ms, report: p.report.p50_ms / first.report.p50_ms, rate };
			console.log(`  parts (µs): ${JSON.stringify(p.parts)}; without counting and lines, as before: ${percent(p.listBefore / 1000 / p.list.p50_ms)}`);
		}
		row(`growth from ${SIZES[0]} to ${SIZES.at(-1)} (goal < 2)`, growth.list.toFixed(2), growth.report.toFixed(2));

		const imports = Number(await run('bench-limits', ['inserts', folder, 32, ...IMPORT, SECONDS]));
		row('imports: per second, physical, share (goal 50 %)', growth.rate?.toFixed(0), imports.toFixed(0), percent(growth.rate / imports));
		row('  by the count before', '', Number(await run('bench-limits', ['inserts', folder, 32, ...IMPORT_BEFORE, SECONDS])).toFixed(0));
		await client.get('/staff/call');
		const call = client.page.form('call'), values = call.values.filter(([n]) => n !== 'kind').concat([['kind', 'information']]);
		const contacts = await load(instance.port, 64, post(client, call.action, values));
		const inserts = Number(await run('bench-limits', ['inserts', folder, 16, ...CONTACT, SECONDS]));
		row('contacts at 64 connections: per second, physical, share', contacts.per_second.toFixed(0), inserts.toFixed(0), percent(contacts.per_second / inserts));

		row('  by the count before', '', Number(await run('bench-limits', ['inserts', folder, 16, ...CONTACT_BEFORE, SECONDS])).toFixed(0));

		const start = await load(instance.port, 8, get(new Client(instance.base), '/fr')), bareStart = await bare(spare, start.bytes, 8);
		row('public page: per second, bare answer, share (goal 60 %)', start.per_second.toFixed(0), bareStart.per_second.toFixed(0), percent(start.per_second / bareStart.per_second));

		const argon = Number(await run('bench-limits', ['argon', SECONDS])), reports = await coded(instance);
		row('reports with a code: per second, Argon2id, share (goal 90 %)', reports.toFixed(1), argon.toFixed(1), percent(reports / argon));

		const alone = await load(instance.port, 1, get(client, '/staff/'), 1), waiting = logins(instance, SECONDS + 1, 8, account);
		await pause(0.5);
		const beside = await load(instance.port, 1, get(client, '/staff/'), 1);
		const busy = pss(instance.pids());
		await waiting;
		row('list p99 ms alone, beside 8 logins, ratio (goal ≤ 3)', alone.p99_ms.toFixed(2), beside.p99_ms.toFixed(2), (beside.p99_ms / alone.p99_ms).toFixed(1));

		await house(instance, folder, SECONDS, run, row);
		await files();

		const page = await request(instance.base, 'GET', '/fr'), text = page.body.toString();
		const assets = [...new Set([...text.matchAll(/(?:href|src)="(\/s\/[^"]+)"/g)].map(m => m[1]))];
		let bytes = page.body.length;
		for (const a of assets)
			bytes += (await request(instance.base, 'GET', a, { 'Accept-Encoding': 'gzip' })).body.length;
		row('first public page: bytes, requests (goal ≤ 30 KB)', bytes, assets.length + 1);

		await instance.stop();
		const begin = performance.now();
		await instance.serve();
		row(`start to first answer ms, ${have} records (goal ≤ 100)`, (performance.now() - begin).toFixed(0));
		row('memory of all processes, MiB PSS: idle (≤ 40), under load', idle.toFixed(1), busy.toFixed(1));
	} finally {
		await instance.remove();
		rmSync(folder, { recursive: true, force: true });
	}
}

await main();
