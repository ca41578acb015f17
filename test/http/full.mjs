// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation that takes no more messages: the page says so, keeps the words that were typed, and they go on as a new report under a new code.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '../web/lib/client.mjs';
import { openMailbox, report } from '../web/lib/people.mjs';
import { assert } from './server.mjs';

const SAYS = { fr: /Cette conversation est pleine/, ar: /هذه المحادثة ممتلئة/, en: /This conversation is full/ }, WORDS = 'One word more,\nand "another" <b>';

export async function full(suite, instance) {
	const code = await report(new Client(instance.base, 'fr'), { who: 'other', region: 'MA-06', danger: 'yes', tell: 'a long story' });
	await suite.test('a report takes 3 584 keys of its reporter and no more', async () => { // meanwhile idle connections end, and are seen to
		const { stdout } = await promisify(execFile)(process.env.AMANA_FILL, [join(instance.dir, 'run/keeper.sock'), code]), taken = Number(stdout);
		assert.ok(taken > 3500 && taken < 3584, String(taken));
	});
	for (const language of ['fr', 'ar', 'en'])
		await suite.test(`a full conversation says so and keeps the words, ${language}`, async () => {
			const client = new Client(instance.base, language);
			let page = await openMailbox(client, code);
			page = await client.submit(page.form('form').set('reply', WORDS), ['go', 'reply']);
			assert.equal(page.status, 409);
			assert.match(page.text, SAYS[language]);
			assert.equal(page.form('form').get('reply').replaceAll('\r', ''), WORDS);
			assert.ok(page.links(/^tel:/).length > 1, 'whom to call');
			const other = await client.submit(page.form('form'), ['go', 'same']);
			assert.equal(other.form('form').get('reply').replaceAll('\r', ''), WORDS, 'another language keeps them');
			let kept;
			const visit = async (step, p) => { kept = step === 'tell' ? p.form('form').get('tell') : kept; };
			page = await client.submit(page.form('form'), ['go', 'other']);
			const fresh = await report(client, { who: 'other', region: 'MA-06', danger: 'yes', tell: WORDS }, { start: page, visit });
			assert.notEqual(fresh, code);
			assert.equal(kept.replaceAll('\r', ''), WORDS, 'the words are in the new report');
		});
	await suite.test('a file is refused by a full conversation in the same words', async () => {
		const client = new Client(instance.base, 'fr'), page = await openMailbox(client, code);
		const answer = await client.submit(page.forms.find(f => f.multipart), ['go', 'file'], [{ name: 'file', filename: 'a.txt', type: 'text/plain', content: Buffer.from('a few words\n') }]);
		assert.equal(answer.status, 409);
		assert.match(answer.text, SAYS.fr);
	});
}
