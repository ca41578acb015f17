// SPDX-License-Identifier: GPL-3.0-or-later
// What people at a terminal meet: an instance that is made wholly or not at all, the demo that is made once, help that names its command,
// mistakes that are named, and no log line among questions and answers.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD, ROOT, amana } from '../web/lib/instance.mjs';
import { Suite, assert, until } from '../web/lib/suite.mjs';

const suite = new Suite();
const home = mkdtempSync(join(tmpdir(), 'amana-test-')); // 0700, as a home is
const at = name => join(home, name);

// A program under way: what it said so far, and its end.
function start(program, args) {
	const run = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }), one = { pid: run.pid, said: '', stop: signal => run.kill(signal) };
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

try {
	await demo();
} finally {
	rmSync(home, { recursive: true, force: true });
}
process.exit(suite.end());
