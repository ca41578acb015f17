// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that is full and one that takes no writes, under the running service: the public page answers, what was stored is read as long as the
// journal can grow, what is sent is refused in the reader's language with his words kept, and goes through by itself once there is room. The full
// disk is a real one of a few megabytes (run.mjs gives us mounts of our own); the other is made by fault.c.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instance, ROOT } from '../web/lib/instance.mjs';
import { Client } from '../web/lib/client.mjs';
import { codeOn } from '../web/lib/people.mjs';
import { assert, until } from '../web/lib/suite.mjs';
import { Member, Round, Tickets, addFile, answer, box, call, lastPage, mail, note, patient, sendReport } from '../crash/load.mjs';
import { queueOf, reportAt, verified, whole } from '../crash/look.mjs';
import { Fault } from './fault.mjs';

const DISK = '176m'; // the instance with the keeper's reserve of 64 MiB, and some room

// What the catalogue of a language says for a key, its spaces as a page's text has them.
function says(language, key) {
	const catalogue = readFileSync(join(ROOT, 'language', `${language}.po`), 'utf8');
	return new RegExp(`msgid "${key}"\nmsgstr "(.*)"`).exec(catalogue)[1].replace(/\s+/g, ' ');
}

// Instance.make in a folder of our own: a disk, or any.
async function makeIn(folder) {
	const before = process.env.TMPDIR;
	process.env.TMPDIR = folder;
	try {
		return await Instance.make();
	} finally {
		if (before === undefined)
			delete process.env.TMPDIR;
		else
			process.env.TMPDIR = before;
	}
}

function fill(folder) {
	const fd = openSync(join(folder, 'filler'), 'a'), block = Buffer.alloc(4096);
	try {
		for (;;)
			writeSync(fd, block);
	} catch (error) {
		assert.equal(error.code, 'ENOSPC');
	} finally {
		closeSync(fd);
	}
}

async function settleDown(instance) {
	const world = { instance, base: instance.base, tickets: new Tickets(), known: new Set(), sent: new Set(), counted: {}, desk: new Member(instance, 'desk'),
		operator: new Member(instance, 'operator'), values: await lastPage(instance.base) };
	const round = world.before = new Round(world.counted);
	world.known = await queueOf(await world.desk.client(20));
	assert.ok(await sendReport(world.base, world, round, 'avant la panne, قبل العطل'));
	world.one = round.reports[0];
	[world.one.address] = [...await queueOf(world.desk.one)].filter(a => !world.known.has(a));
	world.box = await box(world.base, world.one, 20);
	return world;
}

// The public form's last page sent in this language; gives the page.
async function sendIn(world, language, text) {
	const client = Object.assign(new Client(world.base, language), { patience: 1 }), ticket = await world.tickets.fetch(world.base);
	const values = world.values.map(([key, value]) => [key, key === 'ticket' ? ticket : key === 'tell' ? text : value]).concat([['go', 'send']]);
	const page = await client.post(`/${language}`, values);
	return { client, page };
}

// Send until it is refused; what was taken meanwhile stays known.
async function untilRefused(world, round, text) {
	for (let n = 0; n < 2000; n++) {
		const { client, page } = await sendIn(world, 'fr', `${text} ${n}`), code = codeOn(page);
		world.sent.add(`${text} ${n}`);
		if (!code)
			return { client, page, text: `${text} ${n}` };
		round.reports.push({ text: `${text} ${n}`, code, said: [], files: [] });
	}
	throw new Error('a full disk took 2000 reports');
}

function refused(page, language, text, key = 'error.store') {
	assert.ok(page.text.includes(says(language, key)), `${language}: ${page.status} ${page.text.slice(0, 300)}`);
	assert.ok(page.forms.some(f => f.values.some(([, value]) => value === text)), `${language}: the words are kept`);
}

// Everything a member or reporter may send, with nothing of it taken.
async function othersRefused(world, round) {
	const client = await world.desk.client(), operator = await world.operator.client();
	assert.equal(await note(world, round, client, world.one, 'note pendant la panne'), false);
	assert.equal(await answer(world, round, client, world.one, 'réponse pendant la panne'), false);
	assert.equal(await call(world, round, operator, 'contact pendant la panne', false), false);
	assert.equal(await call(world, round, operator, 'appel pendant la panne', true), false);
	assert.equal(await mail(world.base, world, round, world.one, world.box, 'message pendant la panne'), false);
}

// By itself, without a restart: what was refused goes through as it was sent, and all is there once.
async function goesThrough(world, round, kept) {
	const again = kept.page.forms.find(f => f.values.some(([, value]) => value === kept.text));
	const code = await until('saving to work again', () => kept.client.submit(again, again.button('go') ? ['go', 'send'] : null).then(codeOn, () => null), 90);
	round.reports.push({ text: kept.text, code, said: [], files: [] });
	for (const one of round.unanswered) {
		const taken = await one.again();
		assert.ok(taken, `sent again, not taken: ${one.what} ${one.text}`);
		one.took(taken);
	}
}

async function all(world, round) {
	const client = await world.desk.client(20), fresh = [...await queueOf(client)].filter(a => !world.known.has(a));
	const seen = await Promise.all(fresh.map(a => reportAt(client, a)));
	for (const one of [world.one, ...round.reports])
		whole(one, seen.find(s => s.said[0] === one.text) ?? assert.fail(`acknowledged and not at the desk: ${one.text}`));
	assert.equal(seen.length, 1 + round.reports.length, 'no report more');
	await verified(world.instance);
}

async function fullDisk({ suite }) {
	const folder = mkdtempSync(join(tmpdir(), 'amana-disk-')), round = new Round({});
	let instance = null, world = null, kept = null, pids = null;
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0711`, 'none', folder]);
	try {
		await suite.test('T-JRN-4 full disk: the public page answers, the staff read', async () => {
			instance = await makeIn(folder);
			await instance.serve();
			world = await settleDown(instance);
			fill(folder);
			kept = await untilRefused(world, round, 'pendant la panne');
			pids = instance.pids();
			assert.equal((await patient(world.base).get('/ar')).status, 200);
			whole(world.one, await reportAt(await world.desk.client(), world.one.address));
			await queueOf(world.desk.one);
		});
		await suite.test('T-JRN-4 full disk: a report is refused in the reader’s language, its words kept', async () => {
			refused(kept.page, 'fr', kept.text);
			for (const language of ['en', 'ar'])
				refused((await sendIn(world, language, `in ${language} كلمات`)).page, language, `in ${language} كلمات`);
		});
		await suite.test('T-JRN-4 full disk: notes, answers, calls, messages and files are refused', async () => {
			await othersRefused(world, round);
			assert.equal(await addFile(world.base, world, round, world.one, await box(world.base, world.one, 20), 'photo'), false);
			await verified(instance);
		});
		await suite.test('T-JRN-4 full disk: with room again all goes through without a restart, once', async () => {
			rmSync(join(folder, 'filler'));
			await goesThrough(world, round, kept);
			assert.deepEqual(instance.pids(), pids, 'no process was started anew');
			await all(world, round);
		});
	} finally {
		await instance?.remove();
		execFileSync('umount', [folder]);
		rmdirSync(folder);
	}
}

async function readOnly({ suite }) {
	const instance = await Instance.make(), fault = new Fault(), round = new Round({});
	let world = null, kept = null;
	try {
		await suite.test('read-only disk: the public page answers; a report is refused, its words kept; nothing sealed is shown without its leaf', async () => {
			await fault.serve(instance);
			world = await settleDown(instance);
			for (const program of ['web', 'keeper'])
				fault.arm(program, 1, 'EROFS', Infinity);
			assert.equal((await patient(world.base).get('/fr')).status, 200);
			kept = await untilRefused(world, round, 'sans écrire');
			refused(kept.page, 'fr', kept.text);
			assert.equal((await world.desk.one.get(world.one.address)).status, 503);
		});
		await suite.test('read-only disk: writable again, reading and saving come back by themselves', async () => {
			fault.calm();
			await goesThrough(world, round, kept);
			await all(world, round);
		});
		await suite.test('read-only for web alone: reading goes on, sending is refused, and comes back', async () => {
			fault.arm('web', 1, 'EROFS', Infinity);
			const late = new Round({});
			assert.equal((await patient(world.base).get('/fr')).status, 200);
			whole(world.one, await reportAt(await world.desk.client(20), world.one.address));
			kept = await untilRefused(world, round, 'sans écrire encore');
			refused(kept.page, 'fr', kept.text, 'error.uncertain');
			assert.equal(await note(world, late, await world.desk.client(), world.one, 'note sans écrire'), false);
			whole(world.one, await reportAt(await world.desk.client(20), world.one.address));
			fault.calm();
			await goesThrough(world, late, kept);
			round.reports.push(...late.reports);
			await all(world, round);
		});
	} finally {
		await instance.remove();
		fault.end();
	}
}

export default async function disk(world) {
	await fullDisk(world);
	await readOnly(world);
}
