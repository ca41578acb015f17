// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the programme over HTTP: one role of one organisation sees them, to all others the page is not there; what is too small to be
// shown is hidden in words, on every page of months, in every language.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, assert, get, login } from './server.mjs';

const LEAST = 5, HIDDEN = { fr: 'masqué', ar: 'محجوب', en: 'hidden' };
const body = answer => answer.body.toString();

// A command that asks for passwords, each answered with the demo's.
function typed(instance, ...args) {
	return new Promise(done => {
		const run = spawn(join(BUILD, 'amana'), args, { stdio: ['pipe', 'ignore', 'pipe'] });
		let said = '';
		run.stderr.on('data', text => { said += text; });
		run.stdin.on('error', () => {}); // it may end without reading
		run.stdin.end(`${instance.accounts[0].password}\n`.repeat(3));
		run.on('close', code => done({ code, said }));
	});
}

// { month or 'all': { figure: text } } of one page, by the order of its columns, and where older and newer months are.
function read(page) {
	const cells = row => [...row.matchAll(/<t[hd][^>]*>(?:<bdi>)?([^<]*)/g)].map(m => m[1]), rows = [...page.matchAll(/<tr>(.*?)<\/tr>/g)].map(m => cells(m[1]));
	const [, , ...months] = rows[0], shown = Object.fromEntries(['all', ...months].map((name, i) => [name, rows.slice(1).map(row => row[i + 1])]));
	return { shown, pages: [...page.matchAll(/href="(\/staff\/figures\?page=\d+)[^"]*"/g)].map(m => m[1]) };
}

async function allMonths(instance, me, language) {
	const found = {}, seen = new Set(['/staff/figures']);
	for (const path of seen) {
		const answer = await get(instance, path, { 'Cookie': `__Host-l=${language}; ${me.cookie}` });
		assert.equal(answer.status, 200, path);
		const { shown, pages } = read(body(answer));
		Object.assign(found, shown);
		for (const other of pages)
			seen.add(other.replace('?page=0', ''));
	}
	return found;
}

async function imported(instance, month, n) {
	const log = join(instance.dir, 'log.csv');
	writeFileSync(log, 'reference,channel,received_at,text\n' + Array.from({ length: n }, (_, i) => `${month}-${i},letter,${month}-0${i + 1},a letter\n`).join(''));
	const done = await typed(instance, 'import', 'reports', '--data', instance.dir, '--login', instance.account('tafoukt', 'desk').login, log);
	assert.equal(done.code, 0, done.said);
}

export async function figures(suite, instance) {
	const me = await login(instance, instance.account('programme', 'me'));
	await suite.test('T-ACC-2 the figures are one page for one role of the programme; to all others it is not there', async () => {
		const made = await typed(instance, 'user', 'add', '--organisation', 'dar-tadamoun', '--login', 'dar-tadamoun.me', '--roles', 'me', '--officer', 'dar-tadamoun.officer', instance.dir);
		assert.equal(made.code, 0, made.said);
		const others = instance.accounts.filter(a => !a.roles.includes('me')), rolesSeen = new Set(others.flatMap(a => a.roles));
		for (const role of ['operator', 'desk', 'case_manager', 'supervisor', 'org_admin', 'security_officer', 'dpo'])
			assert.ok(rolesSeen.has(role), role);
		for (const account of [...others.filter(a => ['dar-tadamoun', 'marsa', 'programme'].includes(a.organisation)), { login: 'dar-tadamoun.me', password: others[0].password }]) {
			const who = await login(instance, account), page = body(await get(instance, '/staff/help', { 'Cookie': who.cookie }));
			for (const path of ['/staff/figures', '/staff/figures?page=1']) {
				const answer = await get(instance, path, { 'Cookie': who.cookie });
				assert.equal(answer.status, 404, `${account.login} ${path}`);
				assert.doesNotMatch(body(answer), /<table/);
			}
			assert.ok(account.login === 'dar-tadamoun.me' || !page.includes('href="/staff/figures"'), `${account.login}: no way there`);
		}
		assert.equal((await get(instance, '/staff/figures')).status, 303, 'nobody: to the login');
		const own = await get(instance, '/staff/', { 'Cookie': me.cookie });
		assert.ok([200, 303].includes(own.status));
		assert.match(body(await get(instance, '/staff/help', { 'Cookie': me.cookie })), /href="\/staff\/figures"/);
	});
	await suite.test('T-CNT-1 a month with few reports is hidden, one with enough is shown, in every language', async () => {
		await imported(instance, '2023-03', LEAST - 1);
		await imported(instance, '2023-04', LEAST);
		for (const language of ['fr', 'ar', 'en']) {
			const months = await allMonths(instance, me, language);
			assert.equal(months['2023-03'][0], HIDDEN[language]);
			assert.equal(months['2023-04'][0], String(LEAST));
			for (const [month, cells] of Object.entries(months))
				for (const cell of cells)
					assert.ok(cell === HIDDEN[language] || (/^\d+$/.test(cell) && (Number(cell) === 0 || Number(cell) >= LEAST)), `${month}: ${cell}`);
		}
	});
	await suite.test('a page of months that is not there is not found, a page that is no number is refused', async () => {
		for (const [query, status] of [['?page=1000', 404], ['?page=1001', 400], ['?page=-1', 400], ['?page=x', 400], ['?page=', 200]])
			assert.equal((await get(instance, `/staff/figures${query}`, { 'Cookie': me.cookie })).status, status, query);
	});
}
