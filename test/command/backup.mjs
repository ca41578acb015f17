// SPDX-License-Identifier: GPL-3.0-or-later
// amana backup and restore: taken while people write, put back whole, refused with a sentence when a piece is missing, changed, cut short,
// too old or of another backup. What was acknowledged before the backup is there after the restore; its own codes open it.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, Instance, amana } from '../web/lib/instance.mjs';
import { Client } from '../web/lib/client.mjs';
import { openMailbox, report } from '../web/lib/people.mjs';
import { Suite, assert } from '../web/lib/suite.mjs';
import { picture } from '../crash/load.mjs';

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const suite = new Suite();
const instance = await Instance.make();
const at = name => join(instance.parent, name);
const answers = () => ({ who: 'other', region: 'MA-06', danger: 'yes', tell: 'before the backup' });
const pieces = (from = instance.dir) => {
	rmSync(at('secrets'), { recursive: true, force: true });
	mkdirSync(at('secrets'));
	for (const name of ['pepper', 'secret'])
		copyFileSync(join(from, 'keeper', name), at(`secrets/${name}`));
};
const restore = (file, to, more = []) => amana(['restore', '--key', at('demo/backup-key'), '--secrets', at('secrets'), ...more, at(file), at(to)]);
const refuses = async (part, file, to = 'nowhere', more = []) => {
	const said = await restore(file, to, more);
	assert.equal(said.code, 1, said.stdout);
	assert.match(said.stderr, part);
	assert.ok(!existsSync(at(`${to}/keeper`)) || to === 'demo', 'half a restore');
	return said;
};

let code = '';
try {
	await instance.serve();
	pieces();
	await suite.test('a backup is taken while people write, and agrees with itself', async () => {
		code = await report(new Client(instance.base, 'fr'), answers());
		const box = new Client(instance.base, 'fr');
		await openMailbox(box, code);
		const form = box.page.forms.find(f => f.multipart);
		const added = await box.submit(form, ['go', 'file'], [{ name: 'file', filename: 'kept.png', type: 'image/png', content: picture('kept') }]);
		assert.equal(added.status, 200);
		let running = true;
		const writers = Array.from({ length: 3 }, async () => {
			while (running)
				await report(new Client(instance.base, 'fr'), answers()).catch(() => {});
		});
		for (const name of ['one', 'two', 'three']) {
			const said = await amana(['backup', instance.dir, at(name)]);
			assert.equal(said.code, 0, said.stderr);
			assert.match(said.stdout, /\d+ leaves, 1 files/);
		}
		running = false;
		await Promise.all(writers);
		for (const name of ['one', 'two', 'three']) {
			const said = await restore(name, `as-${name}`);
			assert.equal(said.code, 0, said.stderr);
			const checked = await amana(['verify', at(`as-${name}`)]);
			assert.equal(checked.code, 0, checked.stderr);
			assert.match(checked.stdout, / 0 pending/);
		}
	});
	await suite.test('what lies in a backup can be read without its key by nobody', async () => {
		for (const name of ['one', 'one.shred']) {
			const bytes = readFileSync(at(name));
			for (const word of ['SQLite', 'dar-tadamoun', 'keeper', 'manifest'])
				assert.ok(!bytes.includes(word), `${word} in ${name}`);
		}
		assert.deepEqual(readdirSync(instance.parent).filter(n => /copy|part/.test(n)), []);
	});
	await suite.test('a backup is never written over', async () => {
		const before = readFileSync(at('one')), said = await amana(['backup', instance.dir, at('one')]);
		assert.equal(said.code, 1);
		assert.match(said.stderr, /there already/);
		assert.ok(before.equals(readFileSync(at('one'))));
	});
	await instance.stop();
	await suite.test('what was restored is served, and a code of before opens its report', async () => {
		const again = Object.assign(new Instance(), { options: {}, parent: instance.parent, dir: at('as-three'), port: instance.port, base: instance.base });
		await again.serve();
		try {
			const page = await openMailbox(new Client(again.base, 'fr'), code);
			assert.ok(page.forms.some(f => f.multipart), 'the mailbox is open');
		} finally {
			await again.stop();
		}
	});
	await suite.test('every missing piece is named at once, before anything is made', async () => {
		const said = await amana(['restore', '--key', at('no-key'), at('no-file'), at('demo')]);
		assert.equal(said.code, 1);
		for (const part of [/records are missing/, /erasure shares are missing/, /backup key is missing/, /--secrets FOLDER is missing/, /there is an instance in/])
			assert.match(said.stderr, part);
		rmSync(at('secrets/pepper'));
		await refuses(/pepper is missing: without it no password/, 'one');
		pieces();
	});
	await suite.test('a set that was changed, cut short, or of another backup is refused', async () => {
		const bytes = readFileSync(at('one'));
		const as = (name, change) => {
			writeFileSync(at(name), change(Buffer.from(bytes)));
			copyFileSync(at('one.shred'), at(`${name}.shred`));
		};
		for (const place of [0, 5, 100, 160, 300, bytes.length >> 1, bytes.length - 1]) {
			as('changed', b => { b[place] ^= 1; return b; });
			await refuses(/changed|no backup/, 'changed');
		}
		for (const length of [0, 100, 220, 65000, bytes.length - 1]) {
			as('cut', b => b.subarray(0, length));
			await refuses(/changed|no backup|cut short/, 'cut');
		}
		await refuses(/not of one backup/, 'one', 'nowhere', ['--shares', at('two.shred')]);
		await refuses(/not of one backup/, 'one.shred', 'nowhere', ['--shares', at('one.shred')]);
	});
	await suite.test('another key, another pepper, another secret: refused, and nothing is left', async () => {
		writeFileSync(at('secrets/pepper'), Buffer.alloc(32, 7));
		await refuses(/pepper or secret are not those/, 'one');
		pieces();
		writeFileSync(at('secrets/secret'), Buffer.alloc(32, 7));
		await refuses(/is the secret the right one/, 'one');
		pieces();
		assert.equal((await amana(['root', 'new', at('other')])).code, 0);
		const withOther = () => amana(['restore', '--key', at('other'), '--secrets', at('secrets'), at('one'), at('nowhere')]);
		assert.match((await withOther()).stderr, /is the wrong file: it holds "programme root/);
		const groups = readFileSync(at('other'), 'utf8').replace(/^#.*\n/, '');
		rmSync(at('other'));
		writeFileSync(at('other'), groups);
		const said = await withOther();
		assert.equal(said.code, 1);
		assert.match(said.stderr, /sealed to another key/);
		assert.ok(!existsSync(at('nowhere')));
	});
	await suite.test('an instance and a folder reached over links are backed up all the same', async () => {
		symlinkSync(instance.dir, at('link'));
		mkdirSync(at('elsewhere-folder'));
		symlinkSync(at('elsewhere-folder'), at('away'));
		const said = await amana(['backup', at('link'), at('away/linked')]);
		assert.equal(said.code, 0, said.stderr);
		assert.ok(existsSync(at('elsewhere-folder/linked.shred')));
	});
	await suite.test('a backup that was cut off is named, and never written over or through', async () => {
		for (const half of ['half.part', 'half.shred.part']) {
			symlinkSync(at('elsewhere'), at(half));
			const said = await amana(['backup', instance.dir, at('half')]);
			assert.equal(said.code, 1);
			assert.ok(said.stderr.includes(`${at(half)} is there`), said.stderr);
			assert.ok(!existsSync(at('elsewhere')) && !existsSync(at('half')) && !existsSync(at('half.shred')));
			rmSync(at(half));
		}
		assert.equal((await amana(['backup', instance.dir, at('half')])).code, 0);
	});
	await suite.test('a restore that was killed: the next names exactly what to delete, and with that gone it works', async () => {
		const killed = at('killed'), ended = spawn(join(BUILD, 'amana'), ['restore', '--key', at('demo/backup-key'), '--secrets', at('secrets'), at('one'), killed], { stdio: 'ignore' });
		const gone = new Promise(done => ended.on('exit', done));
		for (const end = Date.now() + 60e3; !existsSync(join(killed, 'unfinished/keeper/secret')) && Date.now() < end;)
			continue; // what follows takes a moment only
		ended.kill('SIGKILL');
		await gone;
		assert.ok(existsSync(join(killed, 'unfinished/keeper/pepper')) && !existsSync(join(killed, 'keeper')), 'killed in time');
		renameSync(join(killed, 'unfinished/run'), join(killed, 'run')); // as if killed while the pieces went to their places
		writeFileSync(join(killed, 'root'), 'of somebody');
		const said = await restore('one', 'killed'), named = [...said.stderr.matchAll(/^ {2}(\/.*)$/gm)].map(m => m[1]);
		assert.equal(said.code, 1);
		assert.match(said.stderr, /pepper and secret may lie in it/);
		assert.deepEqual(named, [join(killed, 'unfinished'), join(killed, 'run')]);
		for (const path of named)
			rmSync(path, { recursive: true });
		const again = await restore('one', 'killed');
		assert.equal(again.code, 0, again.stderr);
		assert.equal(readFileSync(join(killed, 'root'), 'utf8'), 'of somebody');
		assert.deepEqual(readdirSync(killed).sort(), ['keeper', 'main', 'root', 'run']);
	});
	await suite.test('shares older than thirty days are refused; --prune deletes them', async () => {
		const month = 31 * 86400, late = { env: { ...process.env, LD_PRELOAD: FAKETIME, FAKETIME: `+${month}s` } };
		const said = await amana(['restore', '--key', at('demo/backup-key'), '--secrets', at('secrets'), at('one'), at('nowhere')], late);
		assert.equal(said.code, 1, said.stdout);
		assert.match(said.stderr, /older than 30 days/);
		assert.ok(!existsSync(at('nowhere')));
		writeFileSync(at('cut-off.shred.part'), 'shares all the same');
		for (const name of ['one.shred', 'cut-off.shred.part'])
			utimesSync(at(name), Date.now() / 1000 - month, Date.now() / 1000 - month);
		const pruned = await amana(['backup', '--prune', at('as-one'), at('late')]);
		assert.equal(pruned.code, 0, pruned.stderr);
		assert.match(pruned.stdout, /deleted {2}one\.shred/);
		assert.ok(!existsSync(at('one.shred')) && !existsSync(at('cut-off.shred.part')) && existsSync(at('one')) && existsSync(at('two.shred')) && existsSync(at('late.shred')));
	});
	await suite.test('an export holds the directory, the lists and the journal, and nobody', async () => {
		for (const [what, head, part] of [['organisations', 'code,name', 'dar-tadamoun,'], ['members', 'organisation,login', 'dar-tadamoun.desk'],
			['lists', 'list,code', 'risk_levels,'], ['journal', 'seq,time_ms', '\n0,']]) {
			const said = await amana(['export', instance.dir, what]);
			assert.equal(said.code, 0, said.stderr);
			assert.ok(said.stdout.startsWith(head) && said.stdout.includes(part), said.stdout.slice(0, 200));
			assert.ok(!said.stdout.includes('backup'), what);
		}
		assert.equal((await amana(['export', instance.dir, 'people'])).code, 2);
	});
	await suite.test('the bench says what this machine can do and leaves nothing', async () => {
		const said = await amana(['bench', instance.parent]);
		assert.equal(said.code, 0, said.stderr);
		assert.equal(said.stdout.match(/ a second/g).length, 4);
		assert.ok(!existsSync(at('amana-bench')));
	});
} finally {
	chmodSync(instance.parent, 0o700);
	await instance.remove();
}
process.exit(suite.end());
