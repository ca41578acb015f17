// SPDX-License-Identifier: GPL-3.0-or-later
// T-INT-1: after 100 submissions nothing that is kept says where they came from: no file of the instance and no line of the log holds an
// address, a browser's name or a language that was sent; once a report was taken and looked at, its row keeps no time finer than the hour.
import { readFileSync } from 'node:fs';
import { Client } from '../web/lib/client.mjs';
import { Instance } from '../web/lib/instance.mjs';
import { codeOn, login, report } from '../web/lib/people.mjs';
import { assert, wait } from '../web/lib/suite.mjs';

const AGENT = 'Zq9-agent-of-a-phone', LANGUAGE = 'zgh-Zq9', ADDRESS = n => `198.51.100.${100 + n % 100}`;

function client(base, n) {
	const c = new Client(base, 'fr');
	c.also = { 'User-Agent': AGENT, 'Accept-Language': `${LANGUAGE};q=0.9,fr;q=0.8`, 'X-Real-IP': ADDRESS(n), 'X-Forwarded-For': ADDRESS(n) };
	return c;
}

// Everybody fills the form in, waits the twenty seconds of its ticket once, and sends.
async function submissions(base, count) {
	const ready = new Error('ready'), forms = [];
	await Promise.all(Array.from({ length: count }, async (_, n) => {
		const c = client(base, n);
		await report(c, { region: 'MA-06', tell: `Signalement ${n}` }, {
			visit: async (step, page) => {
				if (step !== 'send')
					return;
				forms.push([c, page.forms.find(f => f.names().has('go'))]);
				throw ready;
			},
		}).catch(error => { if (error !== ready) throw error; });
	}));
	await wait(21000);
	const codes = await Promise.all(forms.map(async ([c, form]) => codeOn(await c.submit(form, ['go', 'send']))));
	assert.equal(codes.filter(code => code).length, count, 'every submission has its code');
}

function needles() {
	const list = [['agent', Buffer.from(AGENT)], ['language', Buffer.from(LANGUAGE)]];
	for (let n = 0; n < 100; n++) {
		list.push([ADDRESS(n), Buffer.from(ADDRESS(n))]);
		list.push([`${ADDRESS(n)} as bytes`, Buffer.from([0xff, 0xff, 198, 51, 100, 100 + n % 100])]);
	}
	return list;
}

function found(bytes, list) {
	return list.filter(([, needle]) => bytes.includes(needle)).map(([name]) => name);
}

export default async function traces({ suite, count = 100 }) {
	const instance = await Instance.make();
	try {
		await instance.serve();
		await suite.test(`T-INT-1 ${count} submissions leave nothing of the network in any file or log`, async () => {
			await submissions(instance.base, count);
			const desk = new Client(instance.base, 'fr');
			await login(desk, instance.account('dar-tadamoun', 'desk'));
			await instance.stop();
			const list = needles(), files = instance.files();
			assert.ok(files.some(f => f.endsWith('main.db')) && files.some(f => f.endsWith('keeper.db')), 'the databases are looked at');
			assert.deepEqual(found(Buffer.from(`${AGENT} ${ADDRESS(5)}`), list), ['agent', ADDRESS(5)], 'the search finds what is there');
			for (const file of files)
				assert.deepEqual(found(readFileSync(file), list), [], file);
			assert.deepEqual(found(Buffer.from(instance.log), list), [], 'the log');
		});
	} finally {
		await instance.remove();
	}
}
