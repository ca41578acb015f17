// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of web, keeper, media, the parent or all of them at any moment under a load of reports, mailbox messages, files, calls, contacts and
// desk work: what was acknowledged is there afterwards, once and whole, what was not is sent again and is there once, and `amana verify` finds
// nothing wrong (T-PRIV-2, and "nothing acknowledged is lost"). Victims and moments come from a seed.
import { Instance } from '../web/lib/instance.mjs';
import { openMailbox } from '../web/lib/people.mjs';
import { assert, seeded, until, wait } from '../web/lib/suite.mjs';
import { Member, Round, Tickets, closing, desk, lastPage, operator, patient, reporter, weigh, writer } from './load.mjs';
import { opens, queueOf, reportAt, times, verified, whole } from './look.mjs';

const LATEST_MS = 1500; // a kill comes at most so long after the load begins
const FAMILY = 5;       // parents in a row

// Victims, evenly: in each 20 rounds 5 times each child, in any order, then 5 times the parent, every second time with all its children. The
// tickets of the form live as long as the parent, and only old ones serve a report without danger.
export function victims(rounds, random) {
	const list = [];
	for (let parents = 0; list.length < rounds;) {
		const size = Math.min(FAMILY, Math.ceil((rounds - list.length) / 4));
		const block = Array.from({ length: size }, () => ['web', 'keeper', 'media']).flat();
		for (let i = block.length - 1; i > 0; i--) {
			const j = random(i + 1);
			[block[i], block[j]] = [block[j], block[i]];
		}
		list.push(...block, ...Array.from({ length: size }, () => parents++ % 2 ? 'all' : 'parent'));
	}
	return list.slice(0, rounds);
}

function strike(pid) {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// ended meanwhile: restarted by its parent in between
	}
}

const gone = pid => {
	try {
		process.kill(pid, 0);
		return false;
	} catch {
		return true;
	}
};

async function kill(instance, victim) {
	const pids = instance.pids();
	if (victim !== 'parent' && victim !== 'all') {
		const anew = victim === 'web' ? ['web'] : [victim, 'web']; // web cannot go on without the others
		strike(pids[victim]);
		await until(`another ${anew.join(' and ')}`, () => {
			const now = instance.pids();
			return anew.every(name => now[name] && now[name] !== pids[name]);
		});
		return instance.ready();
	}
	for (const pid of victim === 'all' ? Object.values(pids).filter(p => p) : [pids.parent])
		strike(pid);
	await instance.ended;
	await until('the children of a killed parent to end', () => Object.values(pids).every(pid => !pid || pid === pids.parent || gone(pid)));
	return instance.serve();
}

// What was sent without an answer is sent again: it must be taken now, and be there once. A ticket's use is remembered by the keeper alone: after
// its end a report sent again could be a second one.
async function sendAgain(round, victim) {
	for (const one of round.unanswered) {
		if (['report', 'danger'].includes(one.what) && !['web', 'media'].includes(victim))
			continue;
		const answer = await one.again();
		assert.ok(answer, `sent again, not taken: ${one.what} ${one.text}`);
		one.took(answer);
	}
}

async function inspect(world, round) {
	const client = await world.desk.client(20), fresh = [...await queueOf(client)].filter(address => !world.known.has(address));
	for (const address of fresh) {
		const seen = await reportAt(client, address), one = round.reports.find(r => r.text === seen.said[0]);
		world.known.add(address);
		assert.ok(world.sent.has(seen.said[0]), `half a record at ${address}: "${seen.said[0]}"`);
		if (!one)
			continue;
		assert.equal(one.address, undefined, `twice at the desk: ${one.text}`);
		one.address = address;
		whole(one, seen);
		if (one.files.length)
			await opens(client, seen);
	}
	for (const one of round.reports)
		assert.ok(one.address, `acknowledged and not at the desk: ${one.text}`);
	for (const one of world.todo)
		whole(one, await reportAt(client, one.address));
	const shift = (await client.get('/staff/shift')).root.withClass('words').map(e => e.text.trim());
	for (const text of round.contacts)
		assert.equal(times(shift, text), 1, `contact ${text}`);
	return fresh.length;
}

// A code of this round opens its mailbox, one of an earlier round shows the desk's answer.
async function mailboxes(instance, world, round) {
	const fresh = round.reports.find(r => r.code), answered = world.todo.find(r => r.answered);
	if (fresh)
		assert.ok((await openMailbox(patient(instance.base, 20), fresh.code)).forms.some(f => f.names().has('reply')), `code of ${fresh.text}`);
	if (answered)
		assert.ok((await openMailbox(patient(instance.base, 20), answered.code)).text.includes(answered.answered), `the answer to ${answered.text}`);
}

// So that the queue stays short: what the desk had for one round is closed.
async function tidy(world, round) {
	const client = await world.desk.client(20);
	for (const one of world.todo.filter(r => !r.closed)) {
		await weigh(world, round, client, one);
		await closing(world, round, client, one, `${one.text} clos`);
	}
	world.all.push(...world.todo);
	world.todo = round.reports;
}

async function oneRound(instance, world, n, victim, moment) {
	const round = new Round(world.counted), { base } = instance;
	const load = [...[0, 1].map(i => reporter(base, world, round, `c${n}r${i}`)), writer(base, world, round, `c${n}w`), operator(world, round, `c${n}o`),
		desk(world, round, `c${n}d`)];
	await wait(moment);
	await kill(instance, victim);
	round.running = false;
	await Promise.all(load);
	if (victim === 'parent' || victim === 'all')
		world.tickets.forget();
	await sendAgain(round, victim);
	await inspect(world, round);
	await mailboxes(instance, world, round);
	await verified(instance);
	await tidy(world, round);
	await world.tickets.more(base, 4);
}

const DEMANDED = ['danger', 'message', 'file', 'call', 'contact', 'note', 'answer', 'close'];

export default async function crash({ suite, rounds, seed = 20240206 }) {
	const instance = await Instance.make(), random = seeded(seed), list = victims(rounds, random), begin = Date.now();
	const world = { tickets: new Tickets(), known: new Set(), sent: new Set(), todo: [], all: [], counted: {}, desk: new Member(instance, 'desk'), operator: new Member(instance, 'operator') };
	console.log(`# seed ${seed}: ${['web', 'keeper', 'media', 'parent', 'all'].map(v => `${v} ${list.filter(one => one === v).length}`).join(', ')}`);
	try {
		await instance.serve();
		world.values = await lastPage(instance.base);
		world.known = await queueOf(await world.desk.client(20));
		await world.tickets.more(instance.base, 12);
		for (const [at, victim] of list.entries()) {
			const moment = 50 + random(LATEST_MS);
			const went = await suite.test(`T-PRIV-2 crash ${at + 1}: ${victim} killed after ${moment} ms`, () => oneRound(instance, world, at + 1, victim, moment));
			if (!went && instance.process.exitCode !== null)
				break;
		}
		await suite.test('T-PRIV-2 everything of all rounds is there at the end', async () => {
			const client = await world.desk.client(20);
			for (const one of [...world.all, ...world.todo])
				whole(one, await reportAt(client, one.address));
		});
		await suite.test('T-PRIV-2 the load was real', () => {
			for (const kind of DEMANDED)
				assert.ok(world.counted[kind] > 0, `no ${kind} was acknowledged`);
		});
		await suite.test('T-PRIV-2 verify with the service stopped', async () => {
			await instance.stop();
			await verified(instance);
		});
		console.log(`# acknowledged in ${rounds} rounds: ${Object.entries(world.counted).map(([kind, count]) => `${kind} ${count}`).join(', ')}; ` +
			`${((Date.now() - begin) / 1000 / rounds).toFixed(1)} s a round`);
	} finally {
		await instance.remove();
	}
}
