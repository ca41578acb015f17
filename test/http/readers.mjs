// SPDX-License-Identifier: GPL-3.0-or-later
// "Why can X see this" over the pages: who is named there is who opens the page, for every account of the demo; each "read by" leads to a part of
// that page.
import { Client } from '../web/lib/client.mjs';
import { login } from '../web/lib/people.mjs';
import { enterCall, openReport, pathOf } from '../web/lib/staff.mjs';
import { assigned, readFile, wholeFile } from '../web/lib/whole_file.mjs';
import { assert } from './server.mjs';

const HOUSE = 'dar-tadamoun', MARK = 'who reads this';

async function enter(instance, account) {
	const client = new Client(instance.base, 'fr');
	await login(client, account);
	return client;
}

// Logins by part of the page.
async function told(client, path) {
	const page = await client.get(`${path}/readers`);
	assert.equal(page.status, 200, `${path}/readers: ${page.status}`);
	return Object.fromEntries(page.root.all('section').filter(s => /^c\d+$/.test(s.get('id') ?? '')).map(s => [s.get('id'), s.all('b').map(b => b.text)]));
}

async function opens(instance, path) {
	const able = [];
	for (const account of instance.accounts)
		if ((await (await enter(instance, account)).get(path)).status === 200)
			able.push(account.login);
	return able.sort();
}

async function leadsSomewhere(client, pages, path) {
	const parts = Object.keys(await told(client, path)), links = pages.flatMap(p => p.links(/\/readers/));
	assert.ok(links.length >= pages.length, `${links.length} lines "read by" on ${pages.length} pages`);
	assert.deepEqual([...new Set(links)].filter(href => !href.startsWith(`${path}/readers#`) || !parts.includes(href.split('#')[1])), [], `${path}: ${parts}`);
}

export async function readers(suite, instance) {
	const of = role => enter(instance, instance.account(HOUSE, role));
	const desk = await of('desk'), manager = await of('case_manager'), leads = await of('supervisor'), operator = await of('operator');
	let report, file;
	await suite.test('T-ACC-1 who is told for a report is who opens it, every account of the demo', async () => {
		await enterCall(operator, { channel: 'hotline', language: 'fr', region: 'MA-06', risk: 'medium', contact: 'none', text: MARK });
		report = pathOf(await openReport(desk, instance.base, MARK));
		const names = await told(desk, report), able = await opens(instance, report);
		assert.deepEqual([...new Set(names.c14)].sort(), able);
		assert.ok(able.length > 1);
		await leadsSomewhere(desk, [await desk.get(report)], report);
	});
	await suite.test('T-ACC-1 who is told for a person\'s file is who opens it, every account of the demo', async () => {
		file = await wholeFile({ manager, leads }, await assigned(desk, instance.base, MARK, instance.account(HOUSE, 'case_manager').login), () => MARK, true);
		const names = await told(leads, file);
		assert.deepEqual(Object.keys(names), ['c19', 'c2', 'c1', 'c5', 'c6', 'c10', 'c21']);
		assert.deepEqual([...new Set(Object.values(names).flat())].sort(), await opens(instance, file));
		await leadsSomewhere(manager, await readFile(manager, file).then(pages => pages.filter(p => pathOf(p) === file)), file);
	});
	await suite.test('T-ACC-2 who opens nothing of it is told nothing', async () => {
		for (const role of ['desk', 'operator', 'security_officer'])
			assert.equal((await (await of(role)).get(`${file}/readers`)).status, 404, role);
		assert.equal((await (await of('case_manager')).get(`${report.replace(/.{4}$/, '0000')}/readers`)).status, 404);
	});
}
