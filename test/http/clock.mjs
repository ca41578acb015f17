// SPDX-License-Identifier: GPL-3.0-or-later
// The machine's clock is set while the service runs: an hour back, a day forward, and right again. Forms, sessions, waits, clocks of reports
// and their order stay sane, what was acknowledged is there, and what is refused says why. The clock is clock_shift.c's, the programs are as
// they are.
import { Clock } from '../web/lib/clock.mjs';
import { login, openMailbox, report } from '../web/lib/people.mjs';
import { act, enterCall, openReport } from '../web/lib/staff.mjs';
import { Suite, until } from '../web/lib/suite.mjs';
import { Client, Instance, assert, post } from './server.mjs';

const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const suite = new Suite();
const clock = new Clock(), setClock = ms => clock.set(ms);
const DESK = ['tafoukt', 'MA-09'], MARKS = ['clk-danger', 'clk-low', 'clk-across', 'clk-back', 'clk-late'];

const member = async (instance, role) => {
	const client = new Client(instance.base, 'en');
	await login(client, instance.account(DESK[0], role));
	return client;
};
const queue = async client => {
	const page = await client.get('/staff/reports');
	assert.equal(page.status, 200);
	assert.match(page.path, /^\/staff\/reports/, 'logged in');
	return page;
};
const alive = async client => !/\/login/.test((await client.get('/staff/help')).path);

async function before(instance, world) {
	await suite.test('the clock as it is: reports, a call of no report, sessions, a slowed account', async () => {
		world.reporter = new Client(instance.base, 'en');
		world.code = await report(world.reporter, { tell: 'clk-danger she is beaten', danger: 'yes', region: DESK[1] });
		world.desk = await member(instance, 'desk');
		world.operator = await member(instance, 'operator');
		world.alone = await member(instance, 'supervisor');
		await enterCall(world.operator, { text: 'clk-low a question', channel: 'hotline', risk: 'low' });
		const call = (await world.operator.get('/staff/call')).form('call');
		call.set('kind', 'information');
		call.set('text', 'clk-words of no report');
		assert.equal((await world.operator.submit(call)).errors(), '');
		const slowed = { login: instance.account(DESK[0], 'case_manager').login, password: 'not the password' };
		for (let i = 0; i < 12; i++)
			world.slow = await post(instance, '/staff/login', slowed);
		assert.equal(world.slow.status, 503);
	});
}

async function back(instance, world) {
	await suite.test('an hour back while a form is filled: it is sent at once, with a code', async () => {
		const seen = [];
		const code = await report(new Client(instance.base, 'en'), { tell: 'clk-across the change', danger: 'no', region: DESK[1] }, { visit: step => {
			seen.push(step);
			if (step === 'tell')
				setClock(-HOUR);
		} });
		assert.match(code, /^\d{20}$/);
		assert.equal(seen.filter(step => step === 'send').length, 1, 'nobody waits for an hour to come again');
	});
	await suite.test('an hour back: sessions go on, all is in the queue, danger first and with no more than its hour', async () => {
		const page = await queue(world.desk), text = page.text;
		for (const mark of MARKS.slice(0, 3))
			assert.ok(text.includes(mark), mark);
		assert.ok(text.indexOf('clk-danger') < text.indexOf('clk-low'), 'what rings stands first');
		const ring = page.root.all('li').find(li => li.text.includes('clk-danger')).text, left = /(\d+) h (\d+) left|(\d+) min left/.exec(ring);
		assert.ok(left, ring);
		assert.ok(Number(left[3] ?? Number(left[1]) * 60 + Number(left[2])) <= 60, ring);
		await enterCall(world.operator, { text: 'clk-back typed after the change', channel: 'hotline', risk: 'low' });
		assert.ok((await queue(world.desk)).text.includes('clk-back'));
	});
	await suite.test('an hour back: the desk acts, the reporter opens and writes', async () => {
		await openReport(world.desk, instance.base, 'clk-danger');
		await act(world.desk, '/take');
		await act(world.desk, '/note', { text: 'clk-note of the hour that came twice' });
		await act(world.desk, '/answer', { answer: 'clk-answer', shown_state: 'in_hand' });
		assert.ok(world.desk.page.text.includes('clk-note'));
		const box = await openMailbox(new Client(instance.base, 'en'), world.code);
		assert.ok(box.text.includes('clk-answer'));
	});
	await suite.test('an hour back: who was slowed waits no longer than before', async () => {
		const answer = await post(instance, '/staff/login', { login: instance.account(DESK[0], 'case_manager').login, password: 'not the password' });
		if (answer.status === 503)
			assert.ok(Number(answer.headers['retry-after']) <= 60, answer.headers['retry-after']);
		else
			assert.equal(answer.status, 403, 'the minute was over');
	});
	await suite.test('an hour back: a session left alone ends after its quarter of an hour, not after an hour more', async () => {
		setClock(-HOUR + 10 * MINUTE);
		assert.ok(await alive(world.desk), 'used a moment ago');
		setClock(-HOUR + 20 * MINUTE);
		assert.ok(!await alive(world.alone), 'left alone for 20 minutes');
		assert.ok(await alive(world.desk));
	});
}

async function forward(instance, world) {
	await suite.test('a day forward: a note of the day before is kept and not done; the form of the day before says why and loses nothing', async () => {
		const { desk } = world, form = (await openReport(desk, instance.base, 'clk-danger')).form('/note');
		const late = new Client(instance.base, 'en');
		let page, sent = false;
		form.set('text', 'clk-typed the day before');
		await report(late, { tell: 'clk-late kept overnight', danger: 'yes', region: DESK[1] }, { visit: (step, shown) => {
			page = shown;
			if (step === 'send' && !sent) {
				sent = true;
				setClock(DAY);
			}
		} }).then(() => assert.fail('sent with a ticket of the day before'), error => assert.match(error.message, /refused at send: \S/));
		assert.ok(late.page.forms.some(f => f.values.some(([, value]) => value.includes('clk-late'))), 'what was typed is there');
		assert.match(await report(late, { tell: 'clk-late kept overnight', danger: 'yes' }, { start: late.page }), /^\d{20}$/);

		const kept = await desk.submit(form, null);
		assert.equal(kept.status, 401, 'the session is over');
		await login(desk, instance.account(DESK[0], 'desk'));
		assert.ok((await desk.get('/staff/drafts')).text.includes('clk-typed the day before'));
	});
	await suite.test('a day forward: what is due is overdue and on top, what of no report was said is gone', async () => {
		const page = await queue(world.desk);
		assert.ok(page.root.withClass('late').length > 0, 'overdue is marked');
		assert.ok(page.text.indexOf('clk-danger') < page.text.indexOf('clk-back'));
		await until('the words of yesterday\'s calls to be erased', async () => !(await world.desk.get('/staff/shift')).text.includes('clk-words'));
	});
}

async function again(instance, world) {
	await suite.test('right again, and after a restart: every report and word is there, the journal holds', async () => {
		setClock(0);
		await login(world.desk, instance.account(DESK[0], 'desk')).catch(() => {}); // the session of tomorrow may go on
		for (const mark of MARKS)
			assert.ok((await openReport(world.desk, instance.base, mark)).text.includes(mark));
		await openReport(world.desk, instance.base, 'clk-low');
		await act(world.desk, '/note', { text: 'clk-note of today' });
		await instance.stop();
		await instance.serve();
		const desk = await member(instance, 'desk');
		assert.ok((await openReport(desk, instance.base, 'clk-danger')).text.includes('clk-note of the hour'));
		assert.ok((await openReport(desk, instance.base, 'clk-low')).text.includes('clk-note of today'));
		assert.ok((await openMailbox(new Client(instance.base, 'en'), world.code)).text.includes('clk-answer'));
		await instance.stop();
		const verified = await instance.verify();
		assert.equal(verified.code, 0, verified.stdout + verified.stderr);
	});
}

const instance = await Instance.make({ env: clock.env }), world = {};
try {
	await instance.serve();
	await before(instance, world);
	await back(instance, world);
	await forward(instance, world);
	await again(instance, world);
} finally {
	await instance.remove();
	clock.remove();
}
process.exit(suite.end());
