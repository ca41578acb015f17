// SPDX-License-Identifier: GPL-3.0-or-later
// The load of the crash test: reporters, people who write into their mailbox or add a file to it, an operator at the console, a desk that
// notes, answers and closes. Each act is either acknowledged by a page or kept with a way to send it again, as a browser would.
import { Client } from '../web/lib/client.mjs';
import { codeOn, login, openMailbox, report } from '../web/lib/people.mjs';
import { wait } from '../web/lib/suite.mjs';
import { crc32, deflateSync } from '../leak/png.mjs';

const PACE_MS = 30;      // between two acts of one person
const TICKET_MS = 21000; // what is not danger now takes at least 20 s from the first page to the last

// One round's knowledge.
export class Round {
	running = true;
	reports = [];    // acknowledged: { text, code, said: [], files: [] }
	contacts = [];   // acknowledged words of calls that are no report
	unanswered = []; // { what, text, again(): the answer when it was taken now, took(answer) }
	constructor(counted) {
		this.counted = counted; // acknowledged in all rounds, by kind
	}
	count(kind) {
		this.counted[kind] = (this.counted[kind] ?? 0) + 1;
	}
}

export function patient(base, patience = 1) {
	return Object.assign(new Client(base, 'fr'), { patience });
}

// Tickets of the form, fetched ahead so that they are old enough.
export class Tickets {
	#list = [];
	async fetch(base) {
		const client = patient(base), start = await client.get('/fr'), first = await client.submit(start.form('go'), ['go', 'other']);
		return first.form('ticket').get('ticket');
	}
	async more(base, count) {
		for (let i = 0; i < count; i++)
			this.#list.push({ ticket: await this.fetch(base), at: Date.now() });
	}
	old() {
		return this.#list.length && Date.now() - this.#list[0].at > TICKET_MS ? this.#list.shift().ticket : null;
	}
	forget() {
		this.#list = []; // their key went with the parent
	}
}

// The last page of the form, walked to once; later reports send it with a ticket and words of their own.
export async function lastPage(base) {
	let form = null;
	await report(new Client(base, 'fr'), { who: 'other', region: 'MA-06', danger: 'yes', tell: 'first' }, { visit: async (step, page) => {
		if (step === 'send' && !form)
			form = page.form('form');
	} });
	return form.values;
}

// A picture of its own for each name.
export function picture(text) {
	const side = 96, n = crc32(Buffer.from(text)), chunk = (name, data) => {
		const body = Buffer.concat([Buffer.from(name, 'latin1'), data]), out = Buffer.alloc(8 + body.length);
		out.writeUInt32BE(data.length);
		body.copy(out, 4);
		out.writeUInt32BE(crc32(body), 4 + body.length);
		return out;
	};
	const pixels = Buffer.from(Array.from({ length: side * (side * 3 + 1) }, (_, i) => i % (side * 3 + 1) === 0 ? 0 : Math.imul(i, 2654435761) + n >>> 24));
	const head = Buffer.alloc(13);
	head.writeUInt32BE(side, 0);
	head.writeUInt32BE(side, 4);
	head.set([8, 2], 8);
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]);
}

// What a page says when it has taken something: the mailbox in a note, the staff's pages by where they lead to.
const taken = page => page.status === 200 && !page.errors() && page.forms.some(f => f.multipart) && page.root.withClass('note').some(e => e.get('role') === 'status');
const done = page => page.status === 200 && !page.errors() && /[?&]done=/.test(page.path);

// Do it; without an answer it waits among the round's unanswered. Gives whether it was acknowledged.
async function attempt(world, round, what, text, send, again, then) {
	world.sent.add(text);
	const took = answer => {
		round.count(what);
		then(answer);
	};
	try {
		const answer = await send();
		if (answer) {
			took(answer);
			return true;
		}
	} catch {
		// the connection broke: nobody knows
	}
	round.unanswered.push({ what, text, again, took });
	await wait(20);
	return false;
}

// What hinders before anything is sent is no loss.
async function calm(act) {
	await wait(PACE_MS);
	await act().catch(() => null);
}

// A report by the public form. An old ticket lets it pass without danger.
export async function sendReport(base, world, round, text) {
	const old = world.tickets.old(), ticket = old ?? await world.tickets.fetch(base), own = { ticket, tell: text, ...old && { danger: 'no' } };
	const values = world.values.map(([key, value]) => [key, own[key] ?? value]).concat([['go', 'send']]);
	const send = async patience => codeOn(await patient(base, patience).post('/fr', values));
	return attempt(world, round, old ? 'report' : 'danger', text, () => send(1), () => send(20), code => round.reports.push({ text, code, said: [], files: [] }));
}

export async function reporter(base, world, round, name) {
	for (let n = 0; round.running; n++)
		await calm(() => sendReport(base, world, round, `${name}.${n} أخذوا هاتفها, elle ne sort jamais`));
}

// A mailbox that was opened by its code; mail and addFile write on its page.
export async function box(base, one, patience = 1) {
	const client = patient(base, patience), page = await openMailbox(client, one.code);
	if (!isBox(page))
		throw new Error(`the code of "${one.text}" opens no mailbox: ${page.status} ${page.heading} ${page.errors()}`);
	return client;
}

export const isBox = page => page.forms.some(f => f.multipart);
const replyForm = page => page.forms.find(f => f.button('go', 'reply'));
const fileForm = page => page.forms.find(f => f.multipart);

async function inNewBox(base, one, form, find, send) {
	const client = await box(base, one, 20);
	form.set('csrf', find(client.page).get('csrf'));
	return send(client);
}

export function mail(base, world, round, one, client, text) {
	const form = replyForm(client.page).set('reply', text), send = async by => taken(await by.submit(form, ['go', 'reply']));
	return attempt(world, round, 'message', text, () => send(client), () => inNewBox(base, one, form, replyForm, send), () => one.said.push(text));
}

export function addFile(base, world, round, one, client, text) {
	const name = `${text.replace(/[^a-z0-9]+/gi, '-')}.png`, files = [{ name: 'file', filename: name, type: 'image/png', content: picture(name) }];
	const form = fileForm(client.page), send = async by => taken(await by.submit(form, ['go', 'file'], files));
	return attempt(world, round, 'file', name, () => send(client), () => inNewBox(base, one, form, fileForm, send), () => one.files.push(name));
}

// Opens the mailbox of a report once and writes there; every second time a picture is added.
export async function writer(base, world, round, name) {
	const boxes = new Map();
	for (let n = 0; round.running; n++)
		await calm(async () => {
			const one = round.reports[n % Math.max(round.reports.length, 1)];
			if (!one?.code)
				return;
			if (!isBox(boxes.get(one)?.page ?? { forms: [] }))
				boxes.set(one, await box(base, one));
			await (n % 2 ? mail : addFile)(base, world, round, one, boxes.get(one), `${name}.${n} رسالة`);
		});
}

// A member at work: logs in again when the session went.
export class Member {
	constructor(instance, role) {
		this.account = instance.account('dar-tadamoun', role);
		this.base = instance.base;
	}
	async client(patience = 1) {
		if (!this.one || (await this.one.get('/staff/')).forms.some(f => f.names().has('password'))) {
			this.one = patient(this.base, 20);
			await login(this.one, this.account);
		}
		return Object.assign(this.one, { patience });
	}
	// The same form once more, under the session there is now.
	async again(form, page) {
		const client = await this.client(20), fresh = await client.get(page);
		form.set('csrf', fresh.forms.find(f => f.get('csrf')).get('csrf'));
		return client.submit(form);
	}
}

// Send a member's form from this page.
function press(world, round, who, client, what, text, form, page, then = () => {}) {
	return attempt(world, round, what, text, async () => done(await client.submit(form)), async () => done(await who.again(form, page)), then);
}

// A call: a report, or a contact that is none.
export async function call(world, round, client, text, isReport) {
	const form = (await client.get('/staff/call')).form('call').set('kind', isReport ? 'potential_case' : 'information').set('text', text);
	if (isReport)
		form.set('channel', 'hotline').set('risk', 'low').set('region', 'MA-06');
	return press(world, round, world.operator, client, isReport ? 'call' : 'contact', text, form, '/staff/call',
		() => isReport ? round.reports.push({ text, code: null, said: [], files: [] }) : round.contacts.push(text));
}

export async function operator(world, round, name) {
	for (let n = 0; round.running; n++)
		await calm(async () => call(world, round, await world.operator.client(), `${name}.${n} appel، مكالمة`, n % 2 === 1));
}

export async function note(world, round, client, one, text) {
	const form = (await client.get(one.address)).form('/note').set('text', text);
	if (form.names().has('answer'))
		form.set('answer', ''); // else the page keeps the words of the other box
	return press(world, round, world.desk, client, 'note', text, form, one.address, () => one.said.push(text));
}

export async function answer(world, round, client, one, text) {
	const form = (await client.get(one.address)).form('/answer').set('answer', text).set('text', '');
	form.set('shown_state', form.optionsOf('shown_state').at(-1).value);
	return press(world, round, world.desk, client, 'answer', text, form, one.address, () => {
		one.said.push(text);
		one.answered = text;
	});
}

// What nobody has looked at is taken, when it rings, and weighed; only then it can be closed.
export async function weigh(world, round, client, one) {
	for (const [suffix, fill] of [['/take', f => f], ['/triage', f => f.set('risk', 'medium')]]) {
		const page = await client.get(one.address);
		if (page.offers(suffix) && !page.links(/\/close$/).length &&
			!await press(world, round, world.desk, client, suffix.slice(1), '', fill(page.form(suffix)), one.address))
			return false;
	}
	return true;
}

export async function closing(world, round, client, one, text) {
	const form = (await client.get(`${one.address}/close`)).form('/close').set('closure', 'out_of_scope').set('text', text);
	return press(world, round, world.desk, client, 'close', text, form, one.address, () => {
		one.said.push(text);
		one.closed = true;
	});
}

// The desk works through what earlier rounds brought: a note, an answer where there is a code, then it closes. What comes after an act that was not
// answered would be decided on another version.
export async function desk(world, round, name) {
	for (let n = 0; round.running; n++)
		await calm(async () => {
			const one = world.todo.find(r => !r.doing), client = await world.desk.client(), goesOn = async act => await act && round.running;
			if (!one)
				return;
			one.doing = true;
			if (await goesOn(weigh(world, round, client, one)) && await goesOn(note(world, round, client, one, `${name}.${n} note ملاحظة`)) &&
				(!one.code || await goesOn(answer(world, round, client, one, `${name}.${n} nous vous lisons`))))
				await closing(world, round, client, one, `${name}.${n} clos`);
		});
}
