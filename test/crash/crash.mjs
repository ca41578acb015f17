// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of web, keeper, parent or all of them at random moments under a load of reports, messages and desk work: what was acknowledged is there
// afterwards, whole, and `amana verify` finds nothing wrong (T-PRIV-2, and "nothing acknowledged is lost"). The moments come from a seed.
import { Instance } from '../web/lib/instance.mjs';
import { Client } from '../web/lib/client.mjs';
import { codeOn, login, openMailbox, report } from '../web/lib/people.mjs';
import { act } from '../web/lib/staff.mjs';
import { assert, seeded, until, wait } from '../web/lib/suite.mjs';

const REPORTERS = 3, WRITERS = 2, TARGETS = ['web', 'keeper', 'parent', 'all'];
const LATEST_MS = 1500; // a kill comes at most so long after the load begins
const ANSWERS = { who: 'other', region: 'MA-06', danger: 'yes' }; // danger: exempt from the 20 s of a form ticket

// One round's knowledge: what was acknowledged, what was sent without an answer.
class Round {
	acknowledged = []; // { text, code, replies: [] }
	unanswered = [];   // { text, values, client }
	running = true;
}

// The read-back step of the form, walked to once; later reports send it with a fresh ticket and other words.
async function lastStep(base) {
	const client = new Client(base, 'fr');
	let form = null;
	await report(client, { ...ANSWERS, tell: 'first' }, { visit: async (step, page) => {
		if (step === 'send' && !form)
			form = page.form('form');
	} });
	return form.values;
}

async function reporter(base, values, round, name) {
	for (let n = 0; round.running; n++) {
		const text = `${name}.${n} أخذوا هاتفها, elle ne sort jamais`, client = new Client(base, 'fr');
		let sent = null;
		try {
			const start = await client.get('/fr'), first = await client.submit(start.form('go'), ['go', 'other']);
			const ticket = first.form('ticket').get('ticket');
			sent = values.map(([key, value]) => [key, key === 'ticket' ? ticket : key === 'tell' ? text : value]).concat([['go', 'send']]);
			const code = codeOn(await client.post('/fr', sent));
			if (code)
				round.acknowledged.push({ text, code, replies: [] });
			else
				round.unanswered.push({ text, sent });
		} catch {
			if (sent)
				round.unanswered.push({ text, sent });
			await wait(20);
		}
	}
}

async function writer(base, round, name) {
	for (let n = 0; round.running; n++) {
		const one = round.acknowledged[n % Math.max(round.acknowledged.length, 1)];
		if (!one) {
			await wait(20);
			continue;
		}
		try {
			const client = new Client(base, 'fr');
			await openMailbox(client, one.code);
			const text = `${name}.${n} réponse`;
			const page = await client.submit(client.page.form('reply').set('reply', text), ['go', 'reply']);
			if (page.status === 200 && !page.errors() && page.root.all('p').some(p => p.get('role') === 'status'))
				one.replies.push(text);
		} catch {
			await wait(20);
		}
	}
}

async function kill(instance, target) {
	const pids = instance.pids(), chosen = target === 'all' ? Object.values(pids) : [pids[target]];
	for (const pid of chosen.filter(p => p))
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// ended meanwhile: restarted by its parent in between
		}
	if (target === 'parent' || target === 'all') {
		await instance.ended;
		const left = Object.values(pids).filter(pid => pid && pid !== pids.parent);
		await until('the children of a killed parent to end', () => left.every(pid => {
			try {
				process.kill(pid, 0);
				return false;
			} catch {
				return true;
			}
		}));
		await instance.serve();
	} else {
		await until(`another ${target}`, () => {
			const now = instance.pids()[target];
			return now && now !== pids[target];
		});
		await instance.ready();
	}
}

// Every open report of the desk: { subject text -> address }, from all pages of the queue.
async function queueOf(client) {
	const rows = new Map(), seen = new Set(), addresses = ['/staff/'];
	while (addresses.length) {
		const address = addresses.shift();
		if (seen.has(address))
			continue;
		seen.add(address);
		const page = await client.get(address);
		assert.equal(page.status, 200, `queue: ${page.status} ${page.heading}`);
		for (const a of page.root.all('a')) {
			const href = a.get('href') ?? '';
			if (/\/reports?\/[0-9a-f]{32}$/.test(href))
				rows.set(href, a.text.trim());
			else if (a.get('rel') === 'next')
				addresses.push(href);
		}
	}
	return rows;
}

async function inspect(instance, known, round) {
	const client = new Client(instance.base, 'fr');
	await login(client, instance.account('dar-tadamoun', 'desk'));
	const fresh = [...await queueOf(client)].filter(([address]) => !known.has(address));
	const texts = new Map();
	for (const [address] of fresh) {
		const page = await client.get(address);
		assert.equal(page.status, 200, `a listed report does not open: ${page.status}`);
		known.add(address);
		texts.set(address, page.text);
		if (page.offers('/take'))
			await act(client, '/take');
	}
	for (const one of round.acknowledged) {
		const found = [...texts.values()].filter(text => text.includes(one.text));
		assert.equal(found.length, 1, `acknowledged report ${one.text}: ${found.length} times at the desk`);
		for (const reply of one.replies)
			assert.ok(found[0].includes(reply), `acknowledged message ${reply} of ${one.text} is missing`);
	}
	return texts;
}

// What was sent to a web that died is sent again, as a browser would: it must be there once, never twice.
async function sendAgain(instance, round) {
	for (const { text, sent } of round.unanswered) {
		const page = await new Client(instance.base, 'fr').post('/fr', sent), code = codeOn(page);
		assert.match(code ?? '', /^\d{20}$/, `sent again: ${text}: ${page.status} ${page.heading}: ${page.errors() || page.text.slice(0, 300)}`);
		round.acknowledged.push({ text, code, replies: [] });
	}
}

async function mailboxesOpen(instance, round) {
	for (const one of round.acknowledged.slice(0, 5)) {
		const box = await openMailbox(new Client(instance.base, 'fr'), one.code);
		assert.equal(box.errors(), '', `code of ${one.text}`);
		assert.ok(box.forms.some(f => f.names().has('reply')));
	}
}

export default async function crash({ suite, rounds, seed = 20240206 }) {
	const instance = await Instance.make(), random = seeded(seed), known = new Set();
	let total = 0;
	try {
		await instance.serve();
		const values = await lastStep(instance.base);
		await inspect(instance, known, new Round());
		for (let n = 1; n <= rounds; n++) {
			const target = TARGETS[random(TARGETS.length)], moment = 50 + random(LATEST_MS), round = new Round();
			const went = await suite.test(`T-PRIV-2 crash ${n}: ${target} killed after ${moment} ms`, async () => {
				const load = [...Array.from({ length: REPORTERS }, (_, i) => reporter(instance.base, values, round, `c${n}r${i}`)),
					...Array.from({ length: WRITERS }, (_, i) => writer(instance.base, round, `c${n}w${i}`))];
				await wait(moment);
				await kill(instance, target);
				round.running = false;
				await Promise.all(load);
				if (target === 'web')
					await sendAgain(instance, round);
				await inspect(instance, known, round);
				await mailboxesOpen(instance, round);
				const checked = await instance.verify();
				assert.equal(checked.code, 0, `amana verify: ${checked.stdout} ${checked.stderr}`);
				total += round.acknowledged.length + round.acknowledged.reduce((sum, one) => sum + one.replies.length, 0);
			});
			if (!went && instance.process.exitCode !== null)
				break;
		}
		await suite.test('T-PRIV-2 the load was real', () => assert.ok(total >= rounds, `${total} acknowledged writes in ${rounds} rounds`));
		await suite.test('T-PRIV-2 verify with the service stopped', async () => {
			await instance.stop();
			const checked = await instance.verify();
			assert.equal(checked.code, 0, `${checked.stdout} ${checked.stderr}`);
		});
		console.log(`# ${total} acknowledged writes, ${known.size} reports looked at`);
	} finally {
		await instance.remove();
	}
}
