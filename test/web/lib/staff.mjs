// SPDX-License-Identifier: GPL-3.0-or-later
// What members do, on the pages as they are: find a report in the queue, act on it, type in a call.
import { assert } from './suite.mjs';
import { chosen } from './people.mjs';

export const pathOf = page => page.path.replace(/[?#].*$/, '');

// Open the report whose subject begins with the mark, from any tab and page of the queue.
export async function openReport(client, base, mark) {
	const seen = new Set(), queue = ['/staff/'];
	while (queue.length) {
		const address = queue.shift();
		if (seen.has(address))
			continue;
		seen.add(address);
		const page = await client.get(address);
		const row = page.root.all('a').find(a => /\/reports?\/[0-9a-f]{32}$/.test(a.get('href') ?? '') && a.text.includes(mark));
		if (row) {
			const opened = await client.get(row.get('href'));
			assert.equal(opened.status, 200, `report ${mark}: ${opened.status} ${opened.heading}`);
			return opened;
		}
		for (const a of page.root.all('a'))
			if (/^\/staff\/(reports|queue)?(\?|\/?$)/.test(a.get('href') ?? '') || a.get('data-part') === '#queue' || a.get('rel') === 'next')
				queue.push(a.get('href'));
	}
	throw new Error(`no report ${mark} in the queue of ${client.language} (${[...seen].join(' ')}): ${client.page.text.slice(0, 300)}`);
}

// Send the form of this act; the answer must be a page without errors.
export async function act(client, suffix, values = {}) {
	const form = client.page.form(suffix);
	for (const [name, value] of Object.entries(values))
		form.set(name, chosen(form, name, value));
	const page = await client.submit(form);
	assert.equal(page.errors(), '', `${suffix}: ${page.errors()}`);
	assert.equal(page.status, 200, `${suffix}: ${page.status} ${page.heading} ${page.text.slice(0, 200)}`);
	return page;
}

// A call, letter, message or walk-in typed in at the console.
export async function enterCall(client, one, console_ = '/staff/call') {
	const page = await client.get(console_), form = page.form('call');
	const phone = ['phone', 'messaging'].includes(one.contact);
	const values = { kind: 'potential_case', channel: one.channel, language: one.language, risk: one.risk, reporter_type: one.relation, text: one.text,
		people_estimate: one.people, region: one.region, contact_way: one.contact, contact_phone: phone ? one.address : undefined,
		contact_details: phone ? undefined : one.address, contact_hours: one.hours, contact_word: one.word, contact_message_ok: one.message };
	for (const [name, value] of Object.entries(values))
		if (value !== undefined)
			form.set(name, value);
	const saved = await client.submit(form);
	assert.equal(saved.errors(), '', `console: ${saved.errors()}`);
	assert.equal(saved.status, 200);
	return saved;
}
