// SPDX-License-Identifier: GPL-3.0-or-later
// A file with every box filled: words of the caller's own into each box for words of each form on the way from the report to the second
// signature, and all of it read again.
import * as work from './casework.mjs';
import { act, openReport, pathOf } from './staff.mjs';

// A report the desk gives to this case manager; its address.
export async function assigned(desk, base, mark, manager) {
	await openReport(desk, base, mark.slice(0, 16));
	const address = pathOf(desk.page);
	if (desk.page.offers('/triage'))
		await act(desk, '/triage', { risk: 'high' });
	await desk.get(`${address}/assign`);
	await act(desk, '/assign', { user: desk.page.form('/assign').optionsOf('user').find(o => o.label.includes(manager)).value });
	return address;
}

// next(): words for a box. Gives the values that go beside them.
export function planted(form, next, values = {}) {
	for (const e of form.controls) {
		const name = e.get('name'), words = e.name === 'textarea' || (e.name === 'input' && (e.get('type') ?? 'text') === 'text');
		if (words && name && !(name in values) && !/^(contact_phone|birth_date|from_date|to_date|basis_day|told_at|code)$/.test(name))
			form.set(name, next(name));
	}
	return values;
}

async function filled(client, path, next, values) {
	const page = await client.get(path), form = page.form(path.replace(/.*(?=\/)/, ''));
	return work.send(client, form, planted(form, next, values));
}

// A grown-up's file whose presumption comes back (`agrees` false), or a child's whose presumption is agreed to. Gives its address.
export async function wholeFile({ manager, leads }, report, next, agrees) {
	const from = report ? `${report}/open` : '/staff/files/new';
	const form = (await manager.get(from)).form(from);
	await work.send(manager, form, planted(form, next, agrees ? { basis: 'best_interests', basis_day: '2024-09-21' } : { basis: 'informed_consent', basis_language: 'ary', basis_way: 'voiced' }));
	const file = pathOf(manager.page);
	await filled(manager, `${file}/alert`, next, {});
	await filled(manager, `${file}/risk`, next, { risk: 'high' });
	const note = (await manager.get(file)).form('note-form');
	await work.send(manager, note, planted(note, next, { note_kind: 'contact' }));
	await work.screen(manager, file, { yes: ['D4.01', 'D4.02', 'D5.01', 'D5.03', 'D2.05'], about: { minor: 'no', act: 'yes', remarks: next('remarks') } });
	await filled(manager, `${file}/presumption`, next, { comparison: 'same' });
	const decision = manager.page.links(/^\/staff\/decision\//).at(-1);
	const reading = (await leads.get(decision)).form('/sign');
	await work.send(leads, reading, planted(reading, next, { verdict: agrees ? 'agree' : 'back' }));
	if (!agrees) {
		const back = (await manager.get(decision)).form('/return');
		await work.send(manager, back, planted(back, next));
	} else {
		await filled(manager, `${file}/denunciation`, next, { denunciation: 'not_reported' });
		await filled(manager, `${file}/close`, next, { closure: 'consent_withdrawn' });
	}
	return file;
}

// The pages of a file and of what belongs to it.
export async function readFile(client, file) {
	const read = [], pages = [file, ...['person', 'facts', 'basis', 'changes'].map(tab => `${file}?tab=${tab}`), `${file}/screening/end`];
	for (const path of pages) {
		const page = await client.get(path);
		read.push(page);
		pages.push(...page.links(/^\/staff\/(decision|screening|signing)\/[0-9a-f]{32}$/).filter(href => !pages.includes(href)));
	}
	return read;
}
