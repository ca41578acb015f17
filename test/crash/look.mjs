// SPDX-License-Identifier: GPL-3.0-or-later
// How the desk sees what was sent: all open reports, one of them, and whether everything acknowledged of it is there once.
import { assert } from '../web/lib/suite.mjs';

// Every open report of the desk, from all pages of the queue. A head that does not open would be missing from the count.
export async function queueOf(client) {
	const rows = new Set();
	for (let address = '/staff/', page; address; address = page.root.all('a').find(a => a.get('rel') === 'next')?.get('href')) {
		page = await client.get(address);
		assert.equal(page.status, 200, `queue: ${page.status} ${page.heading}`);
		for (const href of page.links(/\/reports\/[0-9a-f]{32}$/))
			rows.add(href);
		rows.said = Number(/\((\d+)\)/.exec(page.root.withClass('tabs')[0].all('a')[0].text)[1]);
	}
	assert.equal(rows.size, rows.said, 'open reports listed, and counted');
	return rows;
}

export async function reportAt(client, address) {
	const page = await client.get(address);
	assert.equal(page.status, 200, `a report does not open: ${page.status} ${page.heading}`);
	return { said: page.root.withClass('words').map(e => e.text.trim()), files: page.links(/\/files\//).length, names: page.root.byId('files')?.closest('section').text ?? '', page };
}

export const times = (list, text) => list.filter(one => one.split('\n').at(-1) === text).length; // a closing says its reason in a line before

// All that was acknowledged of a report, each thing once.
export function whole(one, seen) {
	for (const text of [one.text, ...one.said])
		assert.equal(times(seen.said, text), 1, `"${text}" of ${one.address}`);
	for (const name of one.files)
		assert.equal(seen.names.split(name).length, 2, `file ${name} of ${one.address}`);
}

// A file of the report comes back as a picture.
export async function opens(client, seen) {
	const file = await client.get(seen.page.links(/\/files\//)[0]);
	assert.equal(file.status, 200, `file: ${file.status}`);
	assert.ok(file.bytes.subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1')), 'a picture');
}

export async function verified(instance) {
	const checked = await instance.verify();
	assert.equal(checked.code, 0, `amana verify: ${checked.stdout} ${checked.stderr}`);
}
