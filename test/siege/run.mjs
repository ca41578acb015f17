// SPDX-License-Identifier: GPL-3.0-or-later
// node test/siege/run.mjs: T-MEM-3 and T-INT-3, of `make check-long` alone. The first needs root and room for a swap file of 256 MiB, the
// second bench-load and a machine that gives out ten thousand pages a second; what cannot be tried is said and fails, it does not pass.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Client } from '../web/lib/client.mjs';
import { BUILD, Instance } from '../web/lib/instance.mjs';
import { login, report } from '../web/lib/people.mjs';
import { Suite, assert } from '../web/lib/suite.mjs';

const suite = new Suite();
const RATE = 10000, REPORTERS = 5, SECONDS = 90;

// --- T-MEM-3 -------------------------------------------------------------------------------------------------------------------

// Swap that was there, or a file for the time of this test.
function withSwap() {
	if (readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1)
		return () => {};
	const file = join(tmpdir(), `amana-swap-${process.pid}`);
	execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', 'count=256', 'status=none']);
	execFileSync('chmod', ['0600', file]);
	execFileSync('/sbin/mkswap', [file], { stdio: 'ignore' });
	try {
		execFileSync('/sbin/swapon', [file]);
	} catch (error) {
		rmSync(file);
		throw new Error(`no swap here, and none can be made: not tried (${String(error.message).split('\n')[0]})`);
	}
	return () => {
		execFileSync('/sbin/swapoff', [file]);
		rmSync(file);
	};
}

// Pages asked out: KiB of the keeper in swap then, and those of its locked mappings, where all keys lie.
async function pagedOut(instance) {
	const client = new Client(instance.base, 'fr'), { keeper } = instance.pids();
	await login(client, instance.accounts.find(a => a.roles.includes('desk')));
	await client.get('/staff/');
	const off = withSwap();
	try {
		const [all, control] = execFileSync(join(BUILD, 'test/siege/siege_pageout'), [String(keeper)], { encoding: 'utf8' }).trim().split(' ').map(Number);
		assert.ok(control > 1024, `what is not locked goes to swap: ${control} KiB of ours`);
		const mappings = readFileSync(`/proc/${keeper}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
		const locked = mappings.filter(m => /^VmFlags:.* lo\b/m.test(m)).map(m => Number(/^Swap: +(\d+)/m.exec(m)[1]));
		assert.ok(locked.length > 0, 'the slabs are locked');
		assert.equal((await client.get('/staff/')).status, 200, 'it serves on');
		return { all, locked: locked.reduce((sum, n) => sum + n, 0) };
	} finally {
		off();
	}
}

async function keysStay(instance) {
	assert.equal((await pagedOut(instance)).locked, 0, 'KiB of locked pages in swap');
}

// As the unit of doc/operate has it: MemorySwapMax=0. The service is born in a group of its own.
async function nothingGoes(instance) {
	const root = '/sys/fs/cgroup', group = join(root, `amana-siege-${process.pid}`);
	assert.ok(existsSync(join(root, 'cgroup.controllers')), 'no control groups of version 2 here: not tried');
	const home = join(root, /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))[1]);
	const enter = folder => writeFileSync(join(folder, 'cgroup.procs'), String(process.pid));
	mkdirSync(group);
	try {
		writeFileSync(join(group, 'memory.swap.max'), '0');
		await instance.stop();
		enter(group);
		await instance.serve();
		enter(home);
		assert.equal((await pagedOut(instance)).all, 0, 'KiB of the keeper in swap');
	} finally {
		enter(home);
		await instance.stop();
		rmdirSync(group);
	}
}

// --- T-INT-3 -------------------------------------------------------------------------------------------------------------------

// The start page again and again over 64 connections, until stopped. Gives how many a second.
function flood(instance) {
	const child = spawn(join(BUILD, 'test/bench/bench-load'), [String(instance.port), '64', String(SECONDS)], { stdio: ['pipe', 'pipe', 'inherit'] });
	let said = '';
	child.stdout.on('data', text => { said += text; });
	child.stdin.end('GET /fr HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n');
	return new Promise(done => child.on('exit', () => done(JSON.parse(said).per_second)));
}

// One report from the first page to its code, the form's own twenty seconds included.
async function reporter(instance, n) {
	const client = new Client(instance.base, 'fr'), begin = performance.now();
	const code = await report(client, { region: 'MA-06', tell: `Une personne est enfermée, appel ${n}.` });
	return { code, seconds: (performance.now() - begin) / 1000 };
}

async function siege(instance) {
	const rate = flood(instance);
	const done = await Promise.all(Array.from({ length: REPORTERS }, (_, n) => reporter(instance, n)));
	const slowest = Math.max(...done.map(d => d.seconds)), per = await rate;
	assert.ok(per >= RATE, `the flood came to ${per.toFixed(0)} pages a second only: not tried`);
	assert.equal(new Set(done.map(d => d.code)).size, REPORTERS, 'a code each');
	assert.ok(slowest <= SECONDS, `the slowest report took ${slowest.toFixed(0)} s`);
}

assert.ok(existsSync(join(BUILD, 'test/bench/bench-load')), 'a build with -Dtests=true');
const instance = await Instance.make({ serve: [] });
try {
	await instance.serve();
	await suite.test('T-INT-3: beside ten thousand requests a second a report takes at most 90 seconds', () => siege(instance));
	await suite.test('T-MEM-3: under pressure no page of keys goes to swap', () => keysStay(instance));
	await suite.test('T-MEM-3: with MemorySwapMax=0 nothing of the keeper does', () => nothingGoes(instance));
} finally {
	await instance.remove();
}
process.exit(suite.end());
