// SPDX-License-Identifier: GPL-3.0-or-later
// Files of people: one file of seven classes and forty parts, a caseload of a hundred with its Today, the grid shown and saved, while the house
// grows to ten thousand files. Beside each page the sum of its parts: query, opening with its journal, drawing, a bare answer of as many bytes.
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

// Saved again and again, each time as the newest version; the median of three.
async function saveGrid(client, grid, values, send) {
	const runs = [];
	for (let i = 0; i < 3; i++) {
		const page = await client.get(grid.address), version = page.form(grid.address).get('version');
		runs.push(await send([...values, ['version', `COUNT${version.padStart(10, '0')}`]]));
	}
	return runs.sort((a, b) => a.p50_ms - b.p50_ms)[1];
}

export async function casefile(instance, folder, tools) {
	const { load, get, post, bare, run, row, key, port, seconds } = tools;
	const mine = instance.accounts.find(a => a.login === 'marsa.desk'), others = instance.accounts.find(a => a.login === 'marsa.supervisor');
	const client = new Client(instance.base, 'fr'), team = new Client(instance.base, 'fr');
	const made = await make(instance, mine, 0, CASELOAD), file = `/staff/file/${made.first}`;
	await login(client, mine);
	await login(team, others);
	const grid = await beginGrid(client, file), first = {};
	const values = [...grid.values, ['remarks', key], ['go', 'stay'], ['step', '0']];
	let have = CASELOAD;

	row('files: p50 ms of one connection', 'files', 'page ms', 'parts ms', 'share', 'growth', 'made /s');
	for (const size of SIZES) {
		const rate = size > have ? (await make(instance, others, have, size)).per_second : made.per_second;
		have = Math.max(have, size);
		const parts = JSON.parse(await run('bench-casefile', ['parts', instance.dir, join(ROOT, 'data'), client.cookies.get('__Host-s'), made.first, grid.screening]));
		const saves = 1e6 / Number(await run('bench-limits', ['inserts', folder, 1, ...SAVE, seconds]));
		const pages = [
			['file', get(client, file), parts.file_query + parts.file_open + parts.file_draw],
			[`caseload of ${CASELOAD}`, get(client, '/staff/files'), parts.list_query + parts.list_open + parts.list_draw],
			['list of the team', get(team, '/staff/files'), parts.list_query + parts.list_open + parts.list_draw],
			[`Today, ${parts.lines} tasks`, get(client, '/staff/today'), parts.today_open + parts.today_draw],
			['grid shown', get(client, grid.address), parts.grid_open + parts.grid_draw],
			['grid saved', null, parts.grid_check + saves],
		];
		for (const [name, request, sum] of pages) {
			const page = request ? await load(instance.port, 1, request) :
				await saveGrid(client, grid, values, async all => load(instance.port, 1, post(client, grid.address, all), 1));
			const answer = await bare(port, page.bytes, 1), all = sum / 1000 + answer.p50_ms;
			first[name] ??= page.p50_ms;
			row(`  ${name}`, size, page.p50_ms.toFixed(2), all.toFixed(2), percent(all / page.p50_ms), (page.p50_ms / first[name]).toFixed(2), rate.toFixed(0));
		}
		console.log(`  parts (µs): ${JSON.stringify(parts)}; journal ${(parts.file_open - parts.file_check).toFixed(0)} of the file's opening; a save's writes ${saves.toFixed(0)}`);
	}
}
