// SPDX-License-Identifier: GPL-3.0-or-later
// A fresh demo instance, served by the real program, ended by its own process id.
import { spawn, execFileSync, execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from './client.mjs';
import { until } from './suite.mjs';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
export const BUILD = resolve(process.env.AMANA_BUILD ?? join(ROOT, 'build'));

// AMANA_PORT, counted up for each instance, or one the system has free.
let nextPort = Number(process.env.AMANA_PORT ?? 0);
function freePort() {
	if (nextPort)
		return Promise.resolve(nextPort++);
	return new Promise((done, fail) => {
		const probe = net.createServer().on('error', fail).listen(0, '127.0.0.1', () => {
			const { port } = probe.address();
			probe.close(() => done(port));
		});
	});
}

export function amana(args, options = {}) {
	return new Promise(done => execFile(join(BUILD, 'amana'), args, { encoding: 'utf8', maxBuffer: 64e6, ...options },
		(error, stdout, stderr) => done({ code: error ? error.code ?? -1 : 0, stdout, stderr })));
}

function children(pid) {
	try {
		return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(p => p).map(Number);
	} catch {
		return [];
	}
}

const nameOf = pid => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0].split('/').pop();
	} catch {
		return '';
	}
};

// A demo is made once by the programs as they are now, and copied for each instance that asks: they are alike, and making one takes seconds.
const FRESH_MS = 3600e3;
const stampOf = () => ['amana', 'amana-keeper', 'amana-web'].map(name => statSync(join(BUILD, name)).mtimeMs).join(' ');
async function demoToCopy() {
	const kept = join(BUILD, 'demo-for-tests'), stamp = stampOf(), note = join(kept, 'made.json');
	const found = existsSync(note) ? JSON.parse(readFileSync(note, 'utf8')) : {};
	if (found.stamp === stamp && Date.now() - found.at < FRESH_MS)
		return { folder: join(kept, 'demo'), said: found.said };
	rmSync(kept, { recursive: true, force: true });
	const own = mkdtempSync(join(BUILD, 'demo-for-tests-')), made = await amana(['init', '--demo', join(own, 'demo')]);
	if (made.code !== 0)
		throw new Error(`amana init --demo: ${made.code} ${made.stderr} ${made.stdout}`);
	writeFileSync(join(own, 'made.json'), JSON.stringify({ stamp, at: Date.now(), said: made.stdout.replaceAll(own, kept) }));
	try {
		renameSync(own, kept);
	} catch {
		rmSync(own, { recursive: true, force: true }); // somebody else was faster
	}
	return { folder: join(kept, 'demo'), said: JSON.parse(readFileSync(note, 'utf8')).said };
}

export class Instance {
	log = '';

	static async make(options = {}) {
		const instance = new Instance();
		instance.options = options;
		instance.parent = mkdtempSync(join(tmpdir(), 'amana-test-'));
		chmodSync(instance.parent, 0o711); // started as root the service's own users must pass
		instance.dir = join(instance.parent, 'demo');
		const { folder, said } = await demoToCopy();
		cpSync(folder, instance.dir, { recursive: true, preserveTimestamps: true, filter: from => !/\/(reserve|[^/]*\.sock)$/.test(from) });
		instance.said = said.replaceAll(folder, instance.dir);
		instance.accounts = accountsOf(said);
		instance.code = /Code of one report[^:]*: ([\d ]+)/.exec(said)?.[1].replace(/\D/g, '');
		instance.port = await freePort();
		instance.base = `http://127.0.0.1:${instance.port}`;
		return instance;
	}
	account(organisation, role) {
		const found = this.accounts.find(a => a.organisation === organisation && a.roles.includes(role));
		if (!found)
			throw new Error(`no ${role} at ${organisation}`);
		return found;
	}
	// Serve it; ready when the public page answers.
	async serve() {
		const log = chunk => { this.log += chunk; };
		this.process = spawn(join(this.options.programs ?? BUILD, 'amana'), ['serve', '--data', this.dir, '--listen', `127.0.0.1:${this.port}`, ...this.options.serve ?? ['--pace', '0']],
			{ stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.options.env } });
		this.process.stdout.on('data', log);
		this.process.stderr.on('data', log);
		this.ended = new Promise(done => this.process.on('exit', (code, signal) => done({ code, signal })));
		await this.ready();
	}
	async ready() {
		await until(`an answer of ${this.base}`, async () => {
			if (this.process.exitCode !== null)
				throw new Error(`amana serve ended: ${this.log.slice(-2000)}`);
			return request(this.base, 'GET', '/en', {}, null, 5).then(a => a.status === 200, () => false);
		}).catch(error => { throw new Error(`${error.message}; the log ends: ${this.log.slice(-1500)}`); });
	}
	// { parent, web, keeper, media }: process ids, 0 when it is not there
	pids() {
		const found = { parent: this.process.pid, web: 0, keeper: 0, media: 0 };
		for (const pid of children(this.process.pid))
			for (const name of ['web', 'keeper', 'media'])
				if (nameOf(pid) === `amana-${name}`)
					found[name] = pid;
		return found;
	}
	async stop(signal = 'SIGTERM') {
		if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
			const left = Object.values(this.pids()).filter(pid => pid);
			this.process.kill(signal);
			await this.ended;
			// after a kill the children end by themselves when their parent is gone; wait until the port and lock are free
			await until('the children to end', () => left.every(pid => pid === this.process.pid || !nameOf(pid).startsWith('amana')));
		}
	}
	async verify() {
		return amana(['verify', this.dir]);
	}
	files() {
		const list = folder => readdirSync(folder, { withFileTypes: true }).flatMap(e => e.isDirectory() ? list(join(folder, e.name)) : e.isFile() ? [join(folder, e.name)] : []);
		return existsSync(this.dir) ? list(this.dir) : [];
	}
	// T-HOST-1: what ran under a filter kept to its list, else the parent has seen signal 31 and said so.
	noForbiddenCall() {
		const said = this.log.split('\n').filter(line => /signal 31|forbidden system call/.test(line) || / child_ended \S+ \d+ -1 31 /.test(line));
		if (said.length)
			throw new Error(`a system call outside its list: ${said.join(' | ')}`);
	}
	async remove() {
		await this.stop();
		rmSync(this.parent, { recursive: true, force: true });
		if (!this.forbiddenCalls)
			this.noForbiddenCall();
	}
}

// What `init --demo` says: one password for all, and a line "login  roles  secret" for each.
function accountsOf(said) {
	const password = /^Password of every account: (.*)$/m.exec(said)?.[1];
	const rows = [...said.matchAll(/^\s+(\S+)\.(\S+)\s+([a-z_,]+)\s+[A-Z2-7]+$/gm)];
	if (!password || rows.length === 0)
		throw new Error(`init --demo named no accounts: ${said}`);
	return rows.map(([, organisation, name, roles]) => ({ organisation, login: `${organisation}.${name}`, roles: roles.split(','), password }));
}

export async function withInstance(run, options = {}) {
	const instance = await Instance.make(options);
	try {
		await instance.serve();
		await run(instance);
	} finally {
		await instance.remove();
	}
}

export function haveBuild() {
	return ['amana', 'amana-web', 'amana-keeper', 'amana-media'].every(name => existsSync(join(BUILD, name)));
}

export function npmReady() {
	const here = join(ROOT, 'test/web');
	if (!existsSync(join(here, 'node_modules/playwright-core')) || !existsSync(join(here, 'node_modules/axe-core')))
		execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
}
