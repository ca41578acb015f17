// SPDX-License-Identifier: GPL-3.0-or-later
// Files of people: one file of seven classes and forty parts, a caseload of a hundred with its Today, the grid shown and saved, while the house
// grows to ten thousand files. Beside each page the sum of its parts: query, opening with its journal, drawing, a bare answer of as many bytes;
// page and parts by turns, the best of three each, so that what else the machine does weighs on neither.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Client } from '../web/lib/client.mjs';
import { BUILD, ROOT } from '../web/lib/instance.mjs';
import { login } from '../web/lib/people.mjs';

const SIZES = (process.env.FILES ?? '100 1000 10000').split(' ').map(Number);
const CASELOAD = 100;
// What a save of the grid writes: seal, no new key, bytes; leaf and rows of the keeper; rows of the main database (part, history, form's key).
const SAVE = [2, 0, 1500, 1, 2, 3];
const percent = ratio => `${(ratio * 100).toFixed(0)} %`;

function make(instance, account, from, to) {
	return new Promise((done, fail) => {
		const child = execFile(join(BUILD, 'test/bench/bench-casefile'), ['make', instance.dir, join(ROOT, 'data'), account.login, from, to].map(String),
			(error, stdout, stderr) => error ? fail(new Error(`files: ${stderr || error}`)) : done(JSON.parse(stdout)));
		child.stdin.end(account.password);
	});
}

// The grid begun and saved once, so that from then on the same record is written: the values of its form.
async function beginGrid(client, file) {
	const address = `${file}/screening`, fill = page => page.form(address).set('answer[0]', 'yes').set('answer[12]', 'no').set('minor', 'no');
	await client.get(address);
	const page = await client.submit(fill(client.page), ['go', 'stay']), form = page.form(address);
	if (!form.get('screening'))
		throw new Error(`the grid was not saved: ${page.status} ${page.heading} ${page.errors()}`);
	const values = form.values.filter(([n]) => !['version', 'remarks', 'go', 'step'].includes(n));
	return { address: form.action, screening: form.get('screening'), values };
}

// Saved again and again, each time as the newest version.
async function saveGrid(client, grid, values, send) {
	await new Promise(done => setTimeout(done, 200)); // what was on its way is written
	const page = await client.get(grid.address), version = page.form(grid.address).get('version');
	return send([...values, ['version', `COUNT${version.padStart(10, '0')}`]]);
}

export async function casefile(instance, folder, tools) {
	const { load, get, post, bare, run, row, key, port, seconds } = tools;
	const mine = instance.accounts.find(a => a.login === 'marsa.desk'), others = instance.accounts.find(a => a.login === 'marsa.supervisor');
	const client = new Client(instance.base, 'fr');
	const made = await make(instance, mine, 0, CASELOAD), file = `/staff/file/${made.first}`;
	await login(client, mine);
	const grid = await beginGrid(client, file), first = {};
	const values = [...grid.values, ['remarks', key], ['go', 'stay'], ['step', '0']];
	let have = CASELOAD;

	row('files: p50 ms of one connection (goals 50 %, < 2)', 'files', 'page ms', 'parts ms', 'share', 'growth', 'made /s');
	for (const size of SIZES) {
		const rate = size > have ? (await make(instance, others, have, size)).per_second : made.per_second;
		const team = new Client(instance.base, 'fr'); // whoever made them logged in too, and a person's sessions are few
		have = Math.max(have, size);
		await login(team, others);
		const pages = [
			['file', 'file', get(client, file)],
			[`caseload of ${CASELOAD}`, 'list', get(client, '/staff/files')],
			['list of the team', 'list', get(team, '/staff/files')],
			['Today', 'today', get(client, '/staff/today')],
			['grid shown', 'grid', get(client, grid.address)],
			['grid saved', 'grid', null],
		];
		for (const [name, of, request] of pages) {
			let page = null, parts = null;
			for (let i = 0; i < 3; i++) {
				const now = JSON.parse(await run('bench-casefile', ['parts', instance.dir, join(ROOT, 'data'), client.cookies.get('__Host-s'), made.first, grid.screening, of]));
				const shown = request ? await load(instance.port, 1, request, 1) : await saveGrid(client, grid, values, all => load(instance.port, 1, post(client, grid.address, all), 1));
				if (!request)
					now.writes = 1e6 / Number(await run('bench-limits', ['inserts', folder, 1, ...SAVE, seconds]));
				page = page && page.p50_ms < shown.p50_ms ? page : shown;
				parts = parts ? Object.fromEntries(Object.entries(parts).map(([n, v]) => [n, Math.min(v, now[n])])) : now;
			}
			const answer = await bare(port, page.bytes, 1), part = what => parts[`${of}_${what}`] ?? 0;
			const all = (request ? part('query') + part('open') + part('draw') : part('check') + parts.writes) / 1000 + answer.p50_ms;
			first[name] ??= page.p50_ms;
			row(`  ${name}`, size, page.p50_ms.toFixed(2), all.toFixed(2), percent(all / page.p50_ms), (page.p50_ms / first[name]).toFixed(2), rate.toFixed(0));
			console.log(`    parts (µs): ${JSON.stringify(parts)}${of === 'file' ? `; journal ${(part('open') - part('check')).toFixed(0)}` : ''}`);
		}
	}
}
