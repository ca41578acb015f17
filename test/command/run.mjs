// SPDX-License-Identifier: GPL-3.0-or-later
// What people at a terminal meet: an instance that is made wholly or not at all, the demo that is made once, help that names its command,
// mistakes that are named, and no log line among questions and answers.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD, ROOT, amana } from '../web/lib/instance.mjs';
import { Suite, assert, until } from '../web/lib/suite.mjs';

const suite = new Suite();
const home = mkdtempSync(join(tmpdir(), 'amana-test-')); // 0700, as a home is
const at = name => join(home, name);

// A program under way: what it said so far, and its end.
function start(program, args, env = process.env) {
	const run = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env }), one = { pid: run.pid, said: '', stop: signal => run.kill(signal) };
	run.stdout.on('data', text => { one.said += text; });
	run.stderr.on('data', text => { one.said += text; });
	one.ended = new Promise(done => run.on('close', done));
	return one;
}

async function demo() {
	const accounts = () => readFileSync(at('demo/demo.txt'), 'utf8');
	const shown = async () => {
		const run = start(join(ROOT, 'tool/demo'), [BUILD, at('demo'), '127.0.0.1:0']);
		await until('the demo to be served', () => /^staff {3}http/m.test(run.said) || !existsSync(`/proc/${run.pid}`), 300);
		run.stop('SIGTERM');
		await run.ended;
		return run.said;
	};
	await suite.test('an instance that was cut off in the making is none', async () => {
		const run = start(join(BUILD, 'amana'), ['init', '--demo', at('demo')]);
		await until('the demo to be under way', () => existsSync(at('demo/unfinished/main/main.db')));
		run.stop('SIGKILL');
		await run.ended;
		assert.ok(!existsSync(at('demo/keeper')));
		const serve = await amana(['serve', '--data', at('demo'), '--listen', '127.0.0.1:0', '--as-me']);
		assert.equal(serve.code, 1);
		assert.match(serve.stderr, /no instance/);
		const again = await amana(['init', '--demo', at('demo')]);
		assert.equal(again.code, 1);
		assert.match(again.stderr, /cut off/);
	});
	await suite.test('the demo is made anew then, and served in a closed home', async () => {
		const said = await shown();
		assert.match(said, /Making a demo instance/);
		assert.match(said, /^staff {3}http/m);
		assert.equal(/closed to other users/.test(said), process.getuid() === 0, said);
		assert.ok(said.includes(accounts()));
		assert.ok(!existsSync(at('demo/unfinished')));
	});
	await suite.test('the second time it says the accounts and the code again and makes nothing', async () => {
		const said = await shown();
		assert.ok(said.includes(accounts()));
		assert.doesNotMatch(said, /Making/);
		assert.match(said, /^staff {3}http/m);
	});
	await suite.test('as root in an open place the parts have users of their own', async () => {
		chmodSync(home, 0o711);
		const said = await shown();
		chmodSync(home, 0o700);
		assert.match(said, /^staff {3}http/m);
		assert.doesNotMatch(said, /closed to other users/);
	});
}

// A lower priority is the operator's to give: no part tries to take it back, or the keeper would start again for ever.
async function nicer() {
	await suite.test('a service of low priority has its keeper', async () => {
		chmodSync(home, 0o711);
		const run = start('nice', ['-n', '10', join(BUILD, 'amana'), 'serve', '--data', at('demo'), '--listen', '127.0.0.1:0'], process.env);
		try {
			await until('the keeper', () => /keeper ready ok/.test(run.said));
			assert.equal([...run.said.matchAll(/child_started ok 0 /g)].length, 1, run.said);
		} finally {
			run.stop('SIGTERM');
			await run.ended;
			chmodSync(home, 0o700);
		}
	});
}

// Pepper and secret where the service manager puts them: readable by the one who starts the service, which as root is not the keeper.
async function credentials() {
	const keeperIs = run => [...run.said.matchAll(/serve child_started ok 0 (\d+)/g)].map(m => Number(m[1]));
	const ready = run => [...run.said.matchAll(/keeper ready ok \d+ (\d)/g)].map(m => m[1]);
	await suite.test('credentials of the service manager reach the keeper under its own user, and the keeper after it', async () => {
		mkdirSync(at('credentials'));
		for (const name of ['pepper', 'secret']) {
			renameSync(at(`demo/keeper/${name}`), at(`credentials/${name}`));
			if (process.getuid() === 0)
				chownSync(at(`credentials/${name}`), 0, 0);
			chmodSync(at(`credentials/${name}`), 0o400);
		}
		chmodSync(at('credentials'), 0o500);
		chmodSync(home, 0o711);
		const run = start(join(BUILD, 'amana'), ['serve', '--data', at('demo'), '--listen', '127.0.0.1:0'], { ...process.env, CREDENTIALS_DIRECTORY: at('credentials') });
		try {
			await until('the keeper', () => ready(run).length === 1);
			process.kill(keeperIs(run)[0], 'SIGKILL');
			await until('the next keeper', () => ready(run).length === 2);
			assert.deepEqual(ready(run), ['0', '0']);
		} finally {
			run.stop('SIGTERM');
			await run.ended;
			chmodSync(home, 0o700);
			chmodSync(at('credentials'), 0o700); // to be removed
		}
	});
}

// A command with these lines on its standard input; what it said on both streams.
async function typed(lines, ...args) {
	const run = spawn(join(BUILD, 'amana'), args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: home }), one = { out: '', err: '' };
	run.stdout.on('data', text => { one.out += text; });
	run.stderr.on('data', text => { one.err += text; });
	run.stdin.on('error', () => {}); // it may end without reading
	run.stdin.end(lines.map(line => `${line}\n`).join(''));
	one.code = await new Promise(done => run.on('close', done));
	return one;
}

const COMMANDS = ['serve', 'init', 'root new', 'root show', 'root sign', 'organisation add', 'organisation certify', 'organisation route',
	'organisation host', 'organisation list', 'user add', 'user invite', 'user roles', 'user password', 'user list', 'user freeze', 'user unfreeze', 'import reports', 'backup', 'restore', 'export', 'bench',
	'score', 'verify', 'doctor'];

async function help() {
	const optionsOf = text => new Set([...text.matchAll(/--([a-z][a-z-]*)/g)].map(m => m[1]).filter(name => name !== 'help' && name !== 'usage'));
	const helpOf = {};
	await suite.test('help names its whole command', async () => {
		for (const command of COMMANDS) {
			const said = await typed([], ...command.split(' '), '--help');
			assert.equal(said.code, 0, command);
			assert.ok(said.out.startsWith(`Usage: amana ${command} `), said.out.slice(0, 80));
			helpOf[command] = said.out;
			const wrong = await typed([], ...command.split(' '), '--no-such-option');
			assert.notEqual(wrong.code, 0);
			assert.ok(wrong.err.includes(`amana ${command}: `), wrong.err);
		}
	});
	await suite.test('a missing word is named, and so is one too many', async () => {
		for (const [line, part] of [['backup x', /it needs: DIR FILE/], ['serve', /--data DIR is missing/],
			['import reports x', /--data is missing[^]*--login is missing/], ['serve x', /one word too many: x/], ['doctor x y', /one word too many: y/]]) {
			const said = await typed([], ...line.split(' '));
			assert.equal(said.code, 2, line);
			assert.match(said.err, part);
		}
	});
	await suite.test('serve refuses what its parts could not work with, at once and in words', async () => {
		const names = (a, b, c) => ['--public', a, '--staff', b, '--files', c];
		for (const [words, part] of [[['--workers', 'many'], /--workers is a number from 1 to 64/], [['--workers', '0'], /--workers/], [['--pace', 'x'], /--pace is a number/],
			[['--exit', 'javascript:alert(1)'], /--exit is an address/], [['--exit', 'https://a b'], /--exit is an address/], [['--uids', '5'], /--uids/],
			[['--public', 'info.example.org'], /all three, or none/], [names('a.example', 'A.example', 'f.example'), /three different names/], [names('a.example', 'b*', 'c'), /not a host name/]]) {
			const said = await typed([], 'serve', '--data', at('nowhere'), ...words);
			assert.equal(said.code, 2, words.join(' '));
			assert.match(said.err, part);
		}
	});
	await suite.test('the lists of commands are whole', async () => {
		for (const command of COMMANDS.filter(c => c.includes(' '))) {
			const [first, act] = command.split(' '), said = await typed([], first, '--help');
			assert.match(said.out, new RegExp(`^  ${act} `, 'm'));
			assert.ok(COMMANDS.filter(c => c.startsWith(`${first} `)).length === said.out.trim().split('\n').length - 1, said.out);
		}
	});
	await suite.test('the manual pages know the commands and options that help knows, and no others', async () => {
		const pages = new Map(COMMANDS.map(c => c.split(' ')[0]).map(first => [first, readFileSync(join(ROOT, `doc/man/amana-${first}.1.scd`), 'utf8')]));
		for (const [first, page] of pages) {
			const all = COMMANDS.filter(c => c.split(' ')[0] === first), known = optionsOf(all.map(c => helpOf[c]).join('\n'));
			for (const command of all)
				assert.ok(page.includes(`*amana ${command}*`), `${command} in amana-${first}(1)`);
			assert.deepEqual([...optionsOf(page)].sort(), [...known].sort(), `amana-${first}(1)`);
		}
	});
	await suite.test('the shell completes commands, acts and options as help knows them', async () => {
		const ask = words => execFileSync('bash', ['-c', `. "$1"; COMP_WORDS=("\${@:2}"); COMP_CWORD=$(($# - 2)); _amana; printf '%s\\n' "\${COMPREPLY[@]}"`, 'x',
			join(ROOT, 'doc/completion/amana'), join(BUILD, 'amana'), ...words], { encoding: 'utf8', cwd: home }).trim().split('\n');
		assert.deepEqual(ask(['']).sort(), [...new Set(COMMANDS.map(c => c.split(' ')[0]))].sort());
		for (const first of new Set(COMMANDS.filter(c => c.includes(' ')).map(c => c.split(' ')[0])))
			assert.deepEqual(ask([first, '']).sort(), COMMANDS.filter(c => c.startsWith(`${first} `)).map(c => c.split(' ')[1]).sort(), first);
		for (const command of COMMANDS)
			assert.deepEqual(ask([...command.split(' '), '--']).filter(o => !['--help', '--usage'].includes(o)).sort(), [...optionsOf(helpOf[command])].map(o => `--${o}`).sort(), command);
	});
	await suite.test('help lists every role of the matrix but those of people without an account', async () => {
		const roles = readFileSync(join(ROOT, 'data/codes/access_matrix.csv'), 'utf8').trim().split('\n').slice(1).map(line => line.split(',')[1]);
		const listed = /Roles: ([a-z_,\s]*)\./.exec(helpOf['user add'])[1].split(/,\s*/);
		assert.deepEqual(listed, roles.filter(role => role !== 'person' && role !== 'reporter'));
	});
}

// Founding by the book, every answer typed; returns all that was said.
async function founding() {
	const password = 'palmier sous la pluie', dir = at('instance'), said = [];
	const step = async (lines, ...args) => {
		const one = await typed(lines, ...args);
		said.push(one.out, one.err);
		assert.equal(one.code, 0, `${args.slice(0, 2).join(' ')}: ${one.err}`);
		return one.out;
	};
	const refused = async (part, lines, ...args) => {
		const one = await typed(lines, ...args);
		said.push(one.out, one.err);
		assert.notEqual(one.code, 0);
		assert.match(one.err, part);
	};
	await suite.test('a request has one fingerprint for the officer and for the root', async () => {
		await step([], 'root', 'new', 'root');
		await refused(/there is no file nothing.public/, [], 'init', '--root', 'nothing.public', dir);
		await refused(/root is the wrong file: it holds "programme root, SECRET/, [], 'init', '--root', 'root', dir);
		await step([], 'init', '--root', 'root.public', dir);
		await refused(/there is an instance in this folder already/, [], 'init', '--root', 'root.public', dir);
		await refused(/the folder .*no\/where cannot be made/, [], 'init', '--root', 'root.public', at('no/where'));
		const name = ['--name-fr', 'N', '--name-ar', 'N', '--name-en', 'N'];
		await refused(/--name-fr is missing[^]*--region is missing/, [], 'organisation', 'add', '--code', 'x', dir);
		await refused(/"Dar Nour" is no short name/, [], 'organisation', 'add', '--code', 'Dar Nour', ...name, '--region', 'MA-06', dir);
		await refused(/there is no region "MA-66"; there are: MA-01, /, [], 'organisation', 'add', '--code', 'nour', ...name, '--region', 'MA-66', dir);
		await refused(/there is no profile \(joined by \|\) "women,girls"; there are: women, /, [], 'organisation', 'add', '--code', 'nour', ...name, '--region', 'MA-06', '--accepts', 'women,girls', dir);
		await refused(/a login is not sound: the code of the organisation and a dot/, [], 'organisation', 'add', '--code', 'nour', ...name, '--region', 'MA-06', '--officer', 'Nour', dir);
		const founded = await step([password, password], 'organisation', 'add', '--code', 'dar-nour', '--name-fr', 'Dar Nour', '--name-ar', 'دار النور',
			'--name-en', 'Dar Nour', '--region', 'MA-06', '--password', dir);
		const print = /^([0-9a-f]{4}( [0-9a-f]{4}){7})$/m.exec(founded)[1];
		assert.ok((await step([], 'root', 'show', 'dar-nour.request')).includes(print));
		assert.ok((await step([], 'root', 'sign', 'root', 'dar-nour.request', 'dar-nour.certificate')).includes(print));
		writeFileSync(at('mistyped.request'), readFileSync(at('dar-nour.request'), 'utf8').replace(/^\w{4}/m, 'AAAA'));
		await refused(/not sound/, [], 'root', 'show', 'mistyped.request');
	});
	await suite.test('who is there: listed, frozen; the console alone lets nobody in again but the last officer', async () => {
		await step([password], 'organisation', 'certify', dir, 'dar-nour.certificate', 'dar-nour.officer');
		const add = ['user', 'add', '--organisation', 'dar-nour', '--login', 'dar-nour.d1', '--officer', 'dar-nour.officer', dir];
		await refused(/no role "king"; there are: operator, desk,/, [], ...add, '--roles', 'desk,king');
		await refused(/no language "es"; there are: fr, ar, en/, [], ...add, '--roles', 'desk', '--language', 'es');
		await step([password, password, password], ...add, '--roles', 'desk,case_manager', '--language', 'ar');
		assert.match(await step([], 'organisation', 'list', dir), /^dar-nour +MA-06 +desk .*Dar Nour$/m);
		assert.match(await step([], 'user', 'list', dir, 'dar-nour'), /^dar-nour\.d1 +ar +desk,case_manager$/m);
		await refused(/no member "dar-nour.d2"/, [], 'user', 'freeze', dir, 'dar-nour.d2');
		writeFileSync(at('log.csv'), 'reference;channel;received_at;text\nA;hotline;2024-02-06 21:40;Un appel\n');
		const read = ['import', 'reports', '--data', dir, '--login', 'dar-nour.d1', '--dry-run', 'log.csv'];
		await step([], 'user', 'freeze', dir, 'dar-nour.d1');
		await refused(/wrong login/, [password], ...read);
		await refused(/nobody who may has agreed/, [], 'user', 'unfreeze', dir, 'dar-nour.d1');
		await step([], 'user', 'freeze', dir, 'dar-nour.officer');
		await refused(/frozen already/, [], 'user', 'freeze', dir, 'dar-nour.officer');
		await step([], 'user', 'unfreeze', dir, 'dar-nour.officer');
	});
	await suite.test('two tickets found an organisation; a small one has its officer elsewhere', async () => {
		const add = (code, ...more) => ['organisation', 'add', '--code', code, '--name-fr', code, '--name-ar', code, '--name-en', code, '--region', 'MA-04', ...more, dir];
		const ticket = /^ +ticket ([0-9A-Z]{5}-){5}[0-9A-Z]{1,2}[0-9A-Z*~$=]$/gm;
		const told = await step([], ...add('bab-amal'));
		assert.equal(told.match(ticket)?.length, 2, told);
		assert.match(told, /officer +login bab-amal\.officer[^]*supervisor +login bab-amal\.supervisor/);
		await refused(/the name bab-amal is taken/, [], ...add('bab-amal'));
		await refused(/a login is not sound/, [], ...add('bab-amal2', '--officer', 'bab-amal.officer')); // a name of another house
		await refused(/a login is not sound/, [], ...add('bab-amal2', '--supervisor', 'no'));
		assert.equal((await step([], ...add('bab-amal2'))).match(ticket)?.length, 2, 'what came to nothing gives its short name back');
		await refused(/root.public is not the certificate of an organisation/, [], 'organisation', 'certify', dir, 'root.public');
		assert.equal((await step([], ...add('marsa', '--hosted'))).match(ticket)?.length, 1);
		await refused(/wrong login, password or code/, ['not the pass phrase'], 'organisation', 'host', dir, 'marsa', 'dar-nour', 'dar-nour.officer');
		await refused(/can be held by another/, [password], 'organisation', 'host', '--roles', 'supervisor', dir, 'marsa', 'dar-nour', 'dar-nour.officer');
		await step([password], 'organisation', 'host', dir, 'marsa', 'dar-nour', 'dar-nour.officer');
		await step([password], 'organisation', 'host', '--end', dir, 'marsa', 'dar-nour', 'dar-nour.officer');
		assert.equal((await step([], 'user', 'invite', '--organisation', 'dar-nour', '--login', 'dar-nour.d9', '--roles', 'desk', dir)).match(ticket)?.length, 1);
		await refused(/taken or invited/, [], 'user', 'invite', '--organisation', 'dar-nour', '--login', 'dar-nour.d9', '--roles', 'desk', dir);
		await refused(/nobody may hold these roles/, [], 'user', 'invite', '--organisation', 'dar-nour', '--login', 'dar-nour.d8', '--roles', 'desk,org_admin', dir);
	});
	await suite.test('other roles by the officer, a new password by the recovery code', async () => {
		const admitted = await step([password, password, password], 'user', 'add', '--organisation', 'dar-nour', '--login', 'dar-nour.d3', '--roles', 'desk', '--officer', 'dar-nour.officer', dir);
		assert.match(admitted, /not certified yet\. A colleague who holds keys/);
		const recovery = /^recovery code +(\S+)$/m.exec(admitted)[1], sheet = /each when used\):\n +(\d{8})/.exec(admitted)[1], other = 'une pluie de palmiers';
		await refused(/wrong login, password or code/, [other], 'user', 'roles', dir, 'dar-nour.d3', 'operator', 'dar-nour.officer');
		await refused(/nobody may hold/, [password], 'user', 'roles', dir, 'dar-nour.d3', 'desk,security_officer', 'dar-nour.officer');
		assert.match(await step([password], 'user', 'roles', dir, 'dar-nour.d3', 'operator', 'dar-nour.officer'), /^Proposed\. A colleague/m);
		await step([password], 'user', 'roles', dir, 'dar-nour.d1', 'desk', 'dar-nour.officer'); // fewer roles ask nobody
		const listed = await step([], 'user', 'list', dir, 'dar-nour');
		assert.match(listed, /^dar-nour\.d3 +fr +desk$/m);
		assert.match(listed, /^dar-nour\.d1 +ar +desk$/m);
		await refused(/differ/, [recovery, sheet, other, `${other}.`], 'user', 'password', dir, 'dar-nour.d3');
		await refused(/wrong login, password or code/, [recovery, '00000000', other, other], 'user', 'password', dir, 'dar-nour.d3');
		assert.match(await step([recovery, sheet, other, other], 'user', 'password', dir, 'dar-nour.d3'), /^new recovery code +\S{26}$/m);
	});
	await suite.test('no log line among questions and answers', async () => {
		assert.ok(said.length > 20);
		assert.doesNotMatch(said.join('\n'), /^.*\d{10} (keeper|amana) .*$/m);
	});
}

async function around() {
	const programme = ['organisation', 'add', '--programme', '--code', 'programme', '--name-fr', 'P', '--name-ar', 'P', '--name-en', 'P', '--region', 'MA-04', at('instance')];
	const served = async () => {
		const run = start(join(BUILD, 'amana'), ['serve', '--data', at('instance'), '--listen', '127.0.0.1:0', '--as-me']);
		await until('the service', () => /web ready/.test(run.said) || !existsSync(`/proc/${run.pid}`));
		run.stop('SIGTERM');
		await run.ended;
		return run.said.split('\n').filter(line => /programme/.test(line));
	};
	await suite.test('serve says at its start, in one line, that no figures are counted, and why', async () => {
		const none = await served();
		assert.equal(none.length, 1, none.join('|'));
		assert.match(none[0], /no organisation is the programme: nothing is counted/);
		assert.equal((await amana(programme)).code, 0);
		assert.match((await amana(programme.with(4, 'second'))).stderr, /there is a programme already/);
		const young = await served();
		assert.equal(young.length, 1, young.join('|'));
		assert.match(young[0], /figures cannot be written yet/);
		assert.match((await amana(['doctor', at('instance')])).stdout, /^warning {2}the programme's figures cannot be written yet/m);
	});
	await suite.test('doctor looks for the list of weak passwords', async () => {
		const words = '/usr/share/dict/cracklib-small', own = process.getuid() === 0 ? ['-m'] : ['-r', '-m'];
		assert.match((await amana(['doctor', at('instance')])).stdout, /^ok {7}the list of weak passwords is there$/m);
		const without = execFileSync('unshare', [...own, 'sh', '-c', `mount --bind /dev/null ${words} && exec "$0" doctor "$1"`, join(BUILD, 'amana'), at('instance')], { encoding: 'utf8' });
		assert.match(without, /^warning {2}the list of weak passwords is not there.*apt-get install cracklib-runtime/m);
	});
}

async function installed() {
	await suite.test('what is installed finds its parts and its data', async () => {
		execFileSync('meson', ['install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', at('dest')]);
		const run = args => execFileSync(at('dest/usr/local/bin/amana'), args, { encoding: 'utf8' });
		assert.match(run(['user', 'list', at('instance'), 'dar-nour']), /^dar-nour\.d1 +ar +desk$/m);
		assert.equal(statSync(at('dest/usr/local/share/amana/data/codes/regions.csv')).mode & 0o777, 0o644);
		for (const name of ['amana-web', 'amana-keeper', 'amana-media'])
			assert.ok(statSync(at(`dest/usr/local/lib/amana/${name}`)).mode & 0o111, name);
	});
	await suite.test('without its code lists the service says so and ends, in place of starting its parts for ever', async () => {
		const lists = at('dest/usr/local/share/amana/data');
		renameSync(lists, `${lists}-away`);
		const said = spawnSync(at('dest/usr/local/bin/amana'), ['serve', '--data', at('instance'), '--listen', '127.0.0.1:0', '--as-me'], { encoding: 'utf8', timeout: 60e3 });
		renameSync(`${lists}-away`, lists);
		assert.equal(said.status, 1, said.stderr);
		assert.match(said.stderr, /the code lists are not in .*make install/);
	});
	await suite.test('an instance closed to this user is not called missing', async () => {
		if (process.getuid() !== 0)
			throw new Error('not tested: needs root, to be somebody else');
		chmodSync(home, 0o711);
		const nobody = { uid: 65534, gid: 65534 };
		for (const words of [['doctor', at('instance')], ['verify', at('instance')], ['organisation', 'list', at('instance')], ['serve', '--data', at('instance')]]) {
			const said = spawnSync(at('dest/usr/local/bin/amana'), words, { ...nobody, encoding: 'utf8' });
			assert.equal(said.status, 1);
			assert.match(said.stderr, /is closed to you: run this as root/, words[0]);
		}
		chmodSync(home, 0o700);
	});
}

try {
	await help();
	await founding();
	await around();
	await installed();
	await demo();
	await nicer();
	await credentials();
} finally {
	rmSync(home, { recursive: true, force: true });
}
process.exit(suite.end());
