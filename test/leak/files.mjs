// SPDX-License-Identifier: GPL-3.0-or-later
// Strings into every class of a file: what is typed of a person, of her consent, of how to reach her, of what was done to her, in notes, reasons
// of a screening, of decisions and of signatures; refused forms, drafts, searches, invitations and settings.
import { Client } from '../web/lib/client.mjs';
import { login } from '../web/lib/people.mjs';
import { assigned, planted, readFile, wholeFile } from '../web/lib/whole_file.mjs';
import { assert } from '../web/lib/suite.mjs';

async function refusals(client, file, plants) {
	const open = (await client.get('/staff/files/new')).form('/files/new');
	planted(open, () => plants.next());
	assert.equal((await client.submit(open)).status, 400, 'without a basis');
	await client.get(`/staff/files?code=${encodeURIComponent(plants.next())}`);
	await client.get(file);
	await client.post('/staff/drafts', [['csrf', client.page.form('note-form').get('csrf')], ['where', `${file}/note`], ['body', `note=${plants.next()}`]]);
}

async function accounts(instance, plants) {
	const officer = new Client(instance.base, 'fr'), stranger = new Client(instance.base, 'fr');
	await login(officer, instance.account('dar-tadamoun', 'security_officer'));
	const invite = (await officer.get('/staff/people/invite')).form('/invite').set('login', plants.next());
	assert.notEqual((await officer.submit(invite)).errors(), '');
	const secrets = (await officer.get('/staff/settings')).form('/settings/secrets').set('password', plants.next()).set('again', plants.next());
	await officer.submit(secrets);
	await stranger.submit((await stranger.get('/staff/join')).form('/join').set('ticket', plants.next()));
	const lost = (await stranger.get('/staff/recover')).form('/recover');
	await stranger.submit(lost.fill({ login: plants.next(), recovery: plants.next(), password: plants.next(), again: plants.next() }));
	return officer;
}

// Gives { clients: who is logged in still, read: the text of every page of the files }.
export async function filesSide(instance, plants, { desk, marks }) {
	const clients = { manager: new Client(instance.base, 'fr'), leads: new Client(instance.base, 'ar') }, read = [];
	const account = instance.account('dar-tadamoun', 'case_manager');
	await login(clients.manager, account);
	await login(clients.leads, instance.account('dar-tadamoun', 'supervisor'));
	for (const n of [0, 1, 2]) {
		const report = n < 2 ? await assigned(desk, instance.base, marks[n], account.login) : null;
		const file = await wholeFile(clients, report, () => plants.next(true), n > 0);
		if (report)
			read.push((await desk.get(report)).root.text.normalize('NFC')); // linked, it is in no queue
		if (n === 0)
			await refusals(clients.manager, file, plants);
		read.push(...(await readFile(clients.manager, file)).map(page => page.root.text.normalize('NFC')));
	}
	return { clients: [clients.manager, clients.leads, await accounts(instance, plants)], read };
}
