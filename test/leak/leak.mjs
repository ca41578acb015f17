// SPDX-License-Identifier: GPL-3.0-or-later
// T-MEM-1 over the whole road from the report to the second signature: 200 strings go in through the pages, the ones that are refused too;
// after everybody has left, no file of the instance, of a backup or of what was restored from it, no log line and no process memory holds one
// of them, in any of the forms of search.mjs. T-LOG-1: nor does the log hold any part of a request.
import net from 'node:net';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from './png.mjs';
import { Instance, amana } from '../web/lib/instance.mjs';
import { Client, request } from '../web/lib/client.mjs';
import { login, openMailbox, report } from '../web/lib/people.mjs';
import { act, enterCall, openReport } from '../web/lib/staff.mjs';
import { assert, until, wait } from '../web/lib/suite.mjs';
import { filesSide } from './files.mjs';
import { eachRegion } from './memory.mjs';
import { MARKERS, planted, search } from './search.mjs';

const WANTED = 200;

// Every planted string holds a marker at its beginning and at its end, and a number of its own.
class Plants {
	count = 0;
	all = [];
	readable = []; // those a desk must be able to read: proof that they did go in
	next(readable = false) {
		const marker = MARKERS[this.count % MARKERS.length], text = `${marker} n${++this.count} ${marker}`;
		this.all.push(text);
		if (readable)
			this.readable.push(text);
		return text;
	}
}

// A picture whose text chunk holds the words.
function picture(words) {
	const chunk = (name, data) => {
		const body = Buffer.concat([Buffer.from(name, 'latin1'), data]), out = Buffer.alloc(8 + body.length);
		out.writeUInt32BE(data.length);
		body.copy(out, 4);
		out.writeUInt32BE(crc32(body), 4 + body.length);
		return out;
	};
	const head = Buffer.from([0, 0, 0, 16, 0, 0, 0, 16, 8, 2, 0, 0, 0]);
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('tEXt', Buffer.from(`Comment\0${words}`)),
		chunk('IDAT', deflateSync(Buffer.alloc(16 * 49))), chunk('IEND', Buffer.alloc(0))]);
}

async function publicSide(base, plants) {
	const codes = [];
	for (let n = 0; n < 7; n++) {
		const client = new Client(base, ['fr', 'ar', 'en'][n % 3]);
		codes.push(await report(client, { who: n % 2 ? 'self' : 'other', region: 'MA-06', danger: 'yes', tell: `${plants.next(true)} ${plants.next(true)}`,
			channel: 'through_person', address: plants.next(true), hours: plants.next(true), word: plants.next(true).slice(0, 58) }));
	}
	for (const code of codes) {
		const client = new Client(base, 'fr');
		let page = await openMailbox(client, code);
		page = await client.submit(page.form('reply').set('reply', plants.next(true)), ['go', 'reply']);
		const words = plants.next(), files = page.forms.find(f => f.multipart);
		if (files)
			page = await client.submit(files, ['go', 'file'], [{ name: 'file', filename: `${words}.png`, type: 'image/png', content: picture(plants.next()) }]);
		assert.equal(page.errors(), '', 'the picture is taken');
		if (files)
			await client.submit(page.forms.find(f => f.multipart), ['go', 'file'], [{ name: 'file', filename: `${plants.next()}.svg`, type: 'image/svg+xml', content: Buffer.from(`<svg>${plants.next()}`) }]);
		await client.get('/x');
	}
	return codes;
}

async function wrongAndLost(base, plants) {
	for (let n = 0; n < 4; n++) {
		await openMailbox(new Client(base, 'fr'), plants.next()).catch(() => null);
		const client = new Client(base, 'fr');
		await client.get('/staff/');
		await client.submit(client.page.form('password').fill({ login: plants.next(), password: plants.next() }));
		await request(base, 'GET', `/fr/${encodeURIComponent(plants.next())}?q=${encodeURIComponent(plants.next())}`, {
			'User-Agent': `a ${MARKERS[0]} b`, 'Referer': `http://127.0.0.1/${MARKERS[0]}`, 'X-Forwarded-For': MARKERS[0], 'Cookie': `__Host-s=${MARKERS[0]}`,
			'Accept-Language': MARKERS[0],
		});
		await request(base, 'POST', '/fr', { 'Content-Type': 'text/xml' }, Buffer.from(plants.next())).catch(() => null);
		// a body that never ends
		await new Promise(done => {
			const { hostname, port } = new URL(base), socket = net.connect(Number(port), hostname, () => {
				socket.write(`POST /fr HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50000\r\n\r\ntell=${plants.next()}`);
				setTimeout(() => { socket.destroy(); done(); }, 100);
			});
			socket.on('error', done);
		});
	}
}

async function staffSide(instance, plants, marks) {
	const { base } = instance, operator = new Client(base, 'fr'), desk = new Client(base, 'fr');
	await login(operator, instance.account('dar-tadamoun', 'operator'));
	await login(desk, instance.account('dar-tadamoun', 'desk'));
	for (let n = 0; n < 6; n++) {
		const text = plants.next(true);
		marks.push(text);
		await enterCall(operator, { channel: 'hotline', language: 'fr', region: 'MA-06', risk: 'medium', contact: 'through_person', address: plants.next(true),
			hours: plants.next(true), word: plants.next(true).slice(0, 58), text });
	}
	for (const text of marks) {
		await openReport(desk, base, text.slice(0, 14));
		await act(desk, '/note', { text: plants.next(true) });
		await desk.post('/staff/drafts', [['csrf', desk.page.form('/note').get('csrf')], ['where', desk.page.form('/note').action], ['body', `text=${plants.next()}`]]);
	}
	return { operator, desk };
}

async function readBack(desk, plants, others) {
	const text = [...others];
	const seen = new Set(), addresses = ['/staff/'];
	while (addresses.length) {
		const address = addresses.shift();
		if (seen.has(address))
			continue;
		seen.add(address);
		const page = await desk.get(address);
		text.push(page.root.text.normalize('NFC'));
		for (const a of page.root.all('a'))
			if (/\/reports?\/[0-9a-f]{32}$/.test(a.get('href') ?? '') || a.get('rel') === 'next')
				addresses.push(a.get('href'));
	}
	const all = text.join('\n');
	return plants.readable.filter(p => !all.includes(p.slice(0, 30).normalize('NFC')));
}

async function importing(instance, plants) {
	const file = join(tmpdir(), `amana-leak-${process.pid}.csv`);
	writeFileSync(file, `${plants.next()}\n`);
	await amana(['import', 'reports', file, '--data', instance.dir]); // refused, by line: the error must not keep the words
	rmSync(file);
}

function searchFiles(instance) {
	const files = instance.files(), found = [];
	let bytes = 0;
	for (const file of files) {
		const content = readFileSync(file);
		bytes += content.length;
		for (const hit of search(content))
			found.push(`${file.slice(instance.dir.length)}: ${hit}`);
	}
	assert.ok(files.length >= 3 && bytes > 100000, `${files.length} files, ${bytes} bytes`);
	assert.deepEqual(found, []);
}

// Taken from the running service, while everybody still has open what was typed; then both the set and what is made of it are looked at.
async function backedUp(instance, run) {
	const at = name => join(instance.parent, name);
	mkdirSync(at('secrets'));
	for (const name of ['pepper', 'secret'])
		copyFileSync(join(instance.dir, 'keeper', name), at(`secrets/${name}`));
	await run(await amana(['backup', instance.dir, at('set')]));
	await run(await amana(['restore', '--key', join(instance.dir, 'backup-key'), '--secrets', at('secrets'), at('set'), at('restored')]));
	for (const dir of ['set', 'set.shred'])
		assert.ok(statSync(at(dir)).size > 10000 || dir !== 'set', dir);
	const copy = Object.assign(new Instance(), { dir: at('restored') }), sets = readdirSync(instance.parent).filter(name => name.startsWith('set'));
	assert.ok(sets.length >= 2, sets.join(' '));
	for (const name of sets)
		assert.deepEqual(search(readFileSync(at(name))), [], name);
	searchFiles(copy);
}

function searchTemporary() {
	const found = [];
	for (const name of readdirSync(tmpdir()).filter(n => /amana|sqlite|etilqs/i.test(n))) {
		const path = join(tmpdir(), name);
		if (statSync(path).isFile() && search(readFileSync(path)).length)
			found.push(name);
	}
	assert.deepEqual(found, []);
}

function hitsIn(pid) {
	let hits = 0;

	eachRegion(pid, bytes => { hits += search(bytes, false).length; });
	return hits;
}

// What was cut off is wiped when the service notices: a busy machine may take its time over that, so it is looked at again for a while.
async function memoryIsClean(instance) {
	for (let tries = 1; ; tries++)
		try {
			return searchMemory(instance);
		} catch (error) {
			if (tries === 20)
				throw error;
			await wait(1000);
		}
}

function searchMemory(instance) {
	const found = [], pids = Object.entries(instance.pids()).filter(([, pid]) => pid);
	assert.equal(pids.length, 4, 'four processes');
	for (const [name, pid] of pids) {
		const seen = eachRegion(pid, (bytes, region) => {
			for (const hit of search(bytes))
				found.push(`${name} ${region}: ${hit}`);
		});
		assert.ok(seen > 1e6, `the memory of ${name} can be read (run the tests as root): ${seen} bytes`);
	}
	assert.deepEqual([...new Set(found)], []);
}

export default async function leak({ suite }) {
	await suite.test('T-MEM-1 control: every form of every marker is found when planted', () => {
		const missed = planted().filter(p => search(p.bytes).length === 0).map(p => p.what);
		assert.deepEqual(missed, []);
		assert.deepEqual(search(Buffer.from('nothing of it here '.repeat(5000))), []);
	});
	const instance = await Instance.make(), plants = new Plants(), marks = [];
	try {
		await instance.serve();
		const { base } = instance;
		await suite.test('T-MEM-1 strings went in through the pages, and the desk reads them', async () => {
			await publicSide(base, plants);
			const { operator, desk } = await staffSide(instance, plants, marks);
			const files = await filesSide(instance, plants, { desk, marks });
			await wrongAndLost(base, plants);
			await importing(instance, plants);
			while (plants.count < WANTED)
				await request(base, 'GET', `/${encodeURIComponent(plants.next())}`);
			assert.deepEqual(await readBack(desk, plants, files.read), []);
			assert.ok(plants.readable.length >= 120, `${plants.readable.length} of ${plants.count} are to be read back`);
			await suite.test('T-MEM-1 a backup of now, and what is restored from it: 0 of 200', () => backedUp(instance, done => assert.equal(done.code, 0, done.stderr)));
			for (const client of [operator, desk, ...files.clients])
				await client.submit((await client.get('/staff/')).form('lock'));
		});
		// others come and go: nothing of the first people may lie in what they leave behind
		for (let n = 0; n < 40; n++)
			await request(base, 'GET', '/en');
		await suite.test('T-MEM-1 control: a body still being sent is found in the memory of web', async () => {
			const socket = net.connect(instance.port, '127.0.0.1');
			socket.write(`POST /fr HTTP/1.1\r\nHost: 127.0.0.1:${instance.port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50000\r\n\r\ntell=${MARKERS[0]}`);
			await until('the body in memory', () => hitsIn(instance.pids().web) > 0);
			socket.destroy();
		});
		await suite.test('T-MEM-1 memory of every process after log-out: 0 of 200', () => memoryIsClean(instance));
		await suite.test('T-MEM-1 files of the instance while it runs: 0 of 200', () => searchFiles(instance));
		await suite.test('T-LOG-1 the log: 0 of 200, and lines of numbers only', () => {
			assert.ok(instance.log.length > 100, 'there is a log');
			assert.deepEqual(search(Buffer.from(instance.log)), []);
			assert.ok(!/127\.0\.0\.1:\d+ .*(GET|POST)|Mozilla|Referer|\?q=/.test(instance.log));
		});
		await suite.test('T-MEM-1 after a crash and a start: 0 of 200 in files', async () => {
			const before = instance.pids();
			process.kill(before.web, 'SIGKILL');
			process.kill(before.keeper, 'SIGKILL');
			await until('both anew', () => ['web', 'keeper'].every(name => ![0, before[name]].includes(instance.pids()[name])));
			await instance.ready();
			searchFiles(instance);
		});
		await instance.stop();
		await suite.test('T-MEM-1 control: each planted string is found, alone and when it lies in a file of the instance', () => {
			assert.deepEqual(plants.all.filter(text => search(Buffer.from(text)).length === 0), []);
			assert.ok(plants.all.length >= WANTED);
			const path = join(instance.dir, 'main', 'planted');
			for (const text of plants.all.slice(0, 3)) {
				writeFileSync(path, text);
				assert.throws(() => searchFiles(instance), /planted/);
			}
			rmSync(path);
		});
		await suite.test('T-MEM-1 files after the end, and temporary files: 0 of 200', () => {
			searchFiles(instance);
			searchTemporary();
		});
	} finally {
		await instance.remove();
	}
}
