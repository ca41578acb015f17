// SPDX-License-Identifier: GPL-3.0-or-later
// The main jobs with the first, second, n-th call that changes a file failing: with an error of the disk, for want of room, or with the end of
// the process before the call. Whatever happens, what was acknowledged is there once, what was not is taken when it is
// sent again, nothing half is ever shown, and `amana verify` finds nothing wrong.
import { Instance } from '../web/lib/instance.mjs';
import { assert, until } from '../web/lib/suite.mjs';
import { Member, Round, Tickets, addFile, answer, box, call, closing, lastPage, mail, note, sendReport, weigh } from '../crash/load.mjs';
import { opens, queueOf, reportAt, times, verified, whole } from '../crash/look.mjs';
import { Fault } from './fault.mjs';

const PROGRAMS = { EIO: ['web', 'keeper'], ENOSPC: ['web', 'keeper'], kill: ['web', 'keeper'] };
const KILLS_A_SERVICE = 5; // what ends often is started again more slowly

// The report of this round: found among the open ones by its words, once.
async function found(world, text) {
	const client = await world.desk.client(20), list = [];
	for (const address of await queueOf(client))
		if (!world.known.has(address)) {
			const seen = await reportAt(client, address);
			assert.ok(world.sent.has(seen.said[0]), `half a record at ${address}: "${seen.said[0]}"`);
			world.known.add(address);
			if (seen.said[0] === text)
				list.push(address);
		}
	return list;
}

async function newReport(world, round, text) {
	const [one] = round.reports, list = await found(world, text);
	assert.ok(list.length === 1 || (!one && list.length === 0), `${list.length} times at the desk: ${text}`);
	if (!one)
		return;
	one.address = list[0];
	await onReport(world, round, text, one);
	await weigh(world, round, world.desk.one, one);
	await closing(world, round, world.desk.one, one, `${text} clos`);
}

async function onReport(world, round, text, one = world.one) {
	const client = await world.desk.client(20), seen = await reportAt(client, one.address);
	whole(one, seen);
	if (one.files.length)
		await opens(client, seen);
}

async function callFor(world, text) {
	const round = new Round({});
	await call(world, round, await world.operator.client(20), text, true);
	return Object.assign(round.reports[0], { address: (await found(world, text))[0] });
}

const onShift = async (world, round, text) => assert.equal(times((await (await world.desk.client(20)).get('/staff/shift')).root.withClass('words').map(e => e.text.trim()), text), 1, text);

// ready: what comes before the fault; gives the act it strikes. look: what must be true afterwards.
const JOBS = [
	{ name: 'report', ready: (w, r, text) => () => sendReport(w.base, w, r, text), look: newReport },
	{ name: 'message', ready: async (w, r, text) => {
		const client = await box(w.base, w.one, 20);
		return () => mail(w.base, w, r, w.one, Object.assign(client, { patience: 1 }), text);
	}, look: onReport },
	{ name: 'file', ready: async (w, r, text) => {
		const client = await box(w.base, w.one, 20);
		return () => addFile(w.base, w, r, w.one, Object.assign(client, { patience: 1 }), text);
	}, look: onReport },
	{ name: 'contact', ready: async (w, r, text) => {
		const client = await w.operator.client();
		return () => call(w, r, client, text, false);
	}, look: onShift, always: true },
	{ name: 'call', ready: async (w, r, text) => {
		const client = await w.operator.client();
		return () => call(w, r, client, text, true);
	}, look: newReport },
	...[['note', note], ['answer', answer]].map(([name, act]) => ({ name, ready: async (w, r, text) => {
		const client = await w.desk.client();
		return () => act(w, r, client, w.one, text);
	}, look: onReport })),
	{ name: 'close', ready: async (w, r, text) => {
		const one = await callFor(w, `${text} appel`), client = await w.desk.client();
		w.closed = one;
		return () => closing(w, r, client, one, text);
	}, look: (w, r, text) => onReport(w, r, text, w.closed) },
];

// After the end of a process: all are there, those that cannot go on without it anew.
async function back(world, program, before) {
	const { instance } = world;
	await until('the processes to come back', () => {
		const now = instance.pids();
		return now.web && now.keeper && now[program] !== before[program] && now.web !== before.web;
	});
	await instance.ready();
	world.kills++;
}

// One job with the n-th call failing. Gives false when it has fewer.
async function strike(world, job, program, n, error) {
	const { instance, fault } = world, round = new Round(world.counted), text = `${job.name} ${++world.number} ${program} ${error} ${n} نص`;
	if (world.kills >= (world.served + 1) * KILLS_A_SERVICE) { // between two jobs: a ticket lives as long as the parent
		world.served++;
		await instance.stop();
		await fault.serve(instance);
	}
	const act = await job.ready(world, round, text), before = instance.pids();
	fault.arm(program, n, error);
	await act().catch(() => null); // a page before the act was hindered: nothing was sent
	const reached = fault.reached(program);
	fault.calm();
	if (reached && error === 'kill')
		await back(world, program, before);
	for (const one of round.unanswered) {
		if (one.what === 'danger' && error === 'kill' && program === 'keeper')
			continue; // its ticket's use is forgotten
		const answer = await one.again();
		assert.ok(answer, `sent again, not taken: ${one.what}`);
		one.took(answer);
	}
	if (round.unanswered.length || round.reports.length || round.contacts.length || !job.always)
		await job.look(world, round, text);
	world.strikes += reached;
	return reached;
}

async function fresh(world) {
	const round = new Round({}), text = `dossier ${++world.number}`;
	await sendReport(world.base, world, round, text);
	world.one = Object.assign(round.reports[0], { address: (await found(world, text))[0] });
}

// Every stride-th call of a job, a different first one for each job.
async function through(world, job, program, error, stride, first) {
	await fresh(world);
	for (let n = 1 + first % stride; await strike(world, job, program, n, error); n += stride)
		;
	await verified(world.instance);
}

export default async function loop({ suite, full = false }) {
	const instance = await Instance.make(), fault = new Fault();
	const world = { instance, fault, base: instance.base, tickets: new Tickets(), known: new Set(), sent: new Set(), counted: {}, number: 0, kills: 0, served: 0, strikes: 0,
		desk: new Member(instance, 'desk'), operator: new Member(instance, 'operator') };
	const strides = full ? { EIO: 1, ENOSPC: 5, kill: 1 } : { EIO: 9, ENOSPC: 40, kill: 30 };
	try {
		await fault.serve(instance);
		world.values = await lastPage(instance.base);
		world.known = await queueOf(await world.desk.client(20));
		for (const [error, stride] of Object.entries(strides))
			for (const program of PROGRAMS[error])
				for (const [at, job] of JOBS.entries()) {
					const before = world.strikes;
					await suite.test(`fault: ${job.name}, ${error} in ${program}, each ${stride}. call`, async () => {
						await through(world, job, program, error, stride, at * 7);
						assert.ok(world.strikes > before || stride > 20, 'no call was reached');
					});
				}
		await suite.test('fault: verify with the service stopped', async () => {
			await instance.stop();
			await verified(instance);
		});
		console.log(`# ${world.strikes} calls failed, ${world.kills} processes ended; acknowledged: ${Object.entries(world.counted).map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
	} finally {
		await instance.remove();
		fault.end();
	}
}
