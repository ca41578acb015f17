// SPDX-License-Identifier: GPL-3.0-or-later
// T-PRIV-1, T-HOST-1: what a web that was taken over could still do. Its user is tried without a sandbox, its process with one: file modes,
// users and the sandbox each hold by themselves. Needs root, as four users do; without it nothing of this is tested, and it says so.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../web/lib/suite.mjs';
import { assert } from './server.mjs';

const GROUP = 64000, WEB = 64001, KEEPER = 64002, MEDIA = 64003;
const reach = (...args) => execFileSync(process.env.AMANA_REACH, args.map(String), { encoding: 'utf8', timeout: 60000 });
const asUser = (uid, gid, instance) => Object.fromEntries(reach('as', uid, gid, instance.dir, instance.pids().keeper).trim().split('\n').map(line => line.split(' ')));
const inside = (pid, ...call) => reach('inside', pid, ...call).trim();
const all = (what, names) => Object.fromEntries(names.map(name => [name, what]));

const OF_THE_KEEPER = ['folder', 'database', 'shreds', 'pepper', 'lock', 'memory', 'environment', 'descriptors', 'reading', 'ptrace', 'signal', 'admin'];

function field(pid, name) {
	return new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1].split(/\s+/);
}

function rootOnly() {
	if (process.getuid() !== 0)
		throw new Error('not tested: only root has the four users');
}

// A process has ended at a call: wait until its successors serve again.
async function renewed(instance, role, before) {
	await until(`another ${role}`, async () => {
		const now = instance.pids();
		return now[role] && now[role] !== before[role] && now.web && (role === 'web' || now.web !== before.web);
	});
	await instance.ready();
}

export async function apart(suite, instance) {
	await suite.test('T-PRIV-1 four users, no rights of root, no new ones, a filter on web and keeper', () => {
		rootOnly();
		const { parent, ...roles } = instance.pids();
		assert.deepEqual(Object.fromEntries(Object.entries(roles).map(([role, pid]) => [role, field(pid, 'Uid').concat(field(pid, 'Gid'), field(pid, 'Groups').filter(g => g))])),
			Object.fromEntries(Object.entries({ web: WEB, keeper: KEEPER, media: MEDIA }).map(([role, uid]) => [role, [...Array(4).fill(uid), ...Array(5).fill(GROUP)].map(String)])));
		for (const [role, pid] of Object.entries(roles)) {
			assert.equal(field(pid, 'NoNewPrivs')[0], '1', role);
			for (const set of ['CapPrm', 'CapEff', 'CapInh', 'CapAmb'])
				assert.match(field(pid, set)[0], /^0+$/, `${role} ${set}`);
		}
		for (const role of ['web', 'keeper'])
			assert.equal(field(roles[role], 'Seccomp')[0], '2', role);
		assert.deepEqual(field(parent, 'Uid'), Array(4).fill('0'));
	});
	await suite.test('T-PRIV-1 control: root reaches all of it', () => {
		rootOnly();
		assert.deepEqual(asUser(0, 0, instance), all('reached', ['main', ...OF_THE_KEEPER, 'socket']));
	});
	await suite.test('T-PRIV-1 the user of web, without a sandbox: nothing of the keeper but its socket', () => {
		rootOnly();
		assert.deepEqual(asUser(WEB, GROUP, instance), { ...all('refused', OF_THE_KEEPER), main: 'reached', socket: 'reached' });
	});
	await suite.test('T-PRIV-1 the user of media, without a sandbox: nothing at all', () => {
		rootOnly();
		assert.deepEqual(asUser(MEDIA, GROUP, instance), all('refused', ['main', ...OF_THE_KEEPER, 'socket']));
	});
	await suite.test('T-PRIV-1 from inside web: its own files and no others', () => {
		rootOnly();
		const { web, keeper } = instance.pids(), file = name => join(instance.dir, name);
		assert.equal(inside(web, 'open', file('main/main.db')), 'reached', 'control');
		for (const path of [file('keeper/keeper.db'), file('keeper/pepper'), file('run/keeper.lock'), `/proc/${keeper}/mem`, '/proc/self/mem', '/etc/passwd', '/usr/bin/env'])
			assert.equal(inside(web, 'open', path), 'refused', path);
		for (const path of ['/tmp/amana-reach', file('run/new')])
			assert.equal(inside(web, 'create', path), 'refused', path);
	});
	await suite.test('T-HOST-1 nothing so far met a system call outside its list', () => instance.noForbiddenCall());
	instance.forbiddenCalls = true; // from here on they are made on purpose
	for (const [role, call] of [['web', 'socket'], ['web', 'connect'], ['web', 'execve'], ['web', 'fork'], ['web', 'ptrace'], ['web', 'memory'], ['web', 'kill'],
		['web', 'descriptor'], ['keeper', 'socket'], ['keeper', 'execve']])
		await suite.test(`T-PRIV-1 ${role} is killed at once when it tries: ${call}`, async () => {
			rootOnly();
			const before = instance.pids();
			assert.equal(inside(before[role], call, before.keeper), 'killed 31');
			await renewed(instance, role, before);
		});
	await suite.test('T-HOST-1 control: the log says what was killed', () => {
		rootOnly();
		assert.throws(() => instance.noForbiddenCall(), /signal 31/);
	});
}
