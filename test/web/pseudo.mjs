// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-6 with the pseudo-languages: the walk of screens.mjs through a service whose texts are all 40 % longer and stand in brackets, from the
// left (qps, in the place of French) and from the right (qpr, in the place of Arabic). Nothing may be cut or overlap, and whatever stands on a
// page outside brackets must be somebody's own words, a label of a code list, a name or a number: else it is a text no translator ever saw.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './lib/client.mjs';
import { BUILD, ROOT } from './lib/instance.mjs';
import { report } from './lib/people.mjs';
import { assert } from './lib/suite.mjs';
import { LONG, Visitor, screens } from './screens.mjs';

export const PSEUDO = { fr: 'qps', ar: 'qpr' };

// A folder of executables with the HTTP process of the pseudo-languages in the place of the real one. They find each other and the data by
// where they lie.
export function programs() {
	const parent = mkdtempSync(join(tmpdir(), 'amana-pseudo-')), folder = join(parent, 'bin');
	chmodSync(parent, 0o755);
	mkdirSync(folder, 0o755);
	for (const name of ['amana', 'amana-keeper', 'amana-media'])
		copyFileSync(join(BUILD, name), join(folder, name));
	copyFileSync(join(BUILD, 'test/web/amana-web-pseudo'), join(folder, 'amana-web'));
	symlinkSync(join(ROOT, 'data'), join(parent, 'data'));
	return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

// Every label and name of the code lists and screenings; a comma inside quotes is none between fields.
function labels() {
	const found = [], cut = line => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => (quoted?.replace(/""/g, '"') ?? plain).trim());
	for (const file of ['codes', 'screening'].flatMap(folder => readdirSync(`${ROOT}/data/${folder}`).map(n => `${ROOT}/data/${folder}/${n}`)).filter(n => n.endsWith('.csv'))) {
		const [head, ...lines] = readFileSync(file, 'utf8').split('\n').map(cut);
		for (const line of lines)
			found.push(...line.filter((_, i) => /^(label|name|seat)_/.test(head[i])));
	}
	return found;
}

// Names of the desks, which the form asks for.
async function desks(base) {
	const found = [];
	for (const language of Object.keys(PSEUDO))
		await report(new Client(base, language), { who: 'self', danger: 'yes', tell: 'names' }, {
			visit: async (step, page) => found.push(...step === 'exclude' ? page.form('form').optionsOf('exclude').map(o => o.label) : []),
		});
	assert.ok(found.length > 1);
	return found;
}

// Runs inside the page: what can be read on it, without what people wrote, which always stands in elements that say so (R3).
export function read() {
	const theirs = 'bdi, [dir=auto], .words, textarea, kbd, script, style', own = document.documentElement.lang, found = [];
	const add = (text, e) => {
		const other = e.closest('[lang]');
		if (text && text.trim() && !e.closest(theirs) && (!other || other === document.documentElement || other.lang === own))
			found.push(text.replace(/\s+/g, ' ').trim());
	};
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode())
		add(walker.currentNode.data, walker.currentNode.parentElement);
	for (const e of document.body.querySelectorAll('*'))
		for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-confirm', 'data-say'])
			add(e.getAttribute(name), e);
	add(document.title, document.documentElement);
	return found;
}

// One expression for all that may stand outside brackets: as whole words, the longest first.
function expression(known) {
	const all = [...new Set(known)].filter(text => /\p{L}/u.test(text)).sort((a, b) => b.length - a.length).map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`(?<!\\p{L})(?:${all.join('|')})(?!\\p{L})`, 'gu');
}

export function untranslated(texts, known) {
	const left = text => {
		for (let before = null; before !== text;) { // a text may hold another as its argument
			before = text;
			text = text.replace(/\[[^[\]]*\]/g, ' ');
		}
		return text.replace(known, ' ').trim();
	};
	return [...new Set(texts.map(left))].filter(text => /\p{L}/u.test(text));
}

class Reader extends Visitor {
	async look(name) {
		const label = `${PSEUDO[this.language]} ${this.label(name)}`;
		await this.world.suite.test(`T-UX-6 ${label}: no overlap, no cut text, no sideways scroll`, () => this.boxes());
		await this.world.suite.test(`T-UX-6 ${label}: no untranslated text`, async () => assert.deepEqual(untranslated(await this.page.evaluate(read), this.world.known), []));
	}
}

export default async function pseudo(world) {
	const { suite, instance, base } = world;
	await suite.test('T-UX-6 control: a text outside the catalogue is found', () => {
		assert.deepEqual(untranslated(['[Enregistreer]', '[Reste [2 heurees]]', '12:30', 'Casablanca · [x]'], expression(['Casa', 'Casablanca'])), []);
		assert.deepEqual(untranslated(['[a] Save', 'حفظ', 'Casablanca'], expression(['Casa'])), ['Save', 'حفظ', 'Casablanca']);
	});
	const typed = [...Object.values(LONG).map(text => text.trim()), 'pharmacie', 'names'], languages = ['العربية', 'Français', 'English'];
	const known = expression([...instance.accounts.map(a => a.login), ...typed, ...languages, ...labels(), ...await desks(base)]);
	await screens({ ...world, known, languages: Object.keys(PSEUDO), Visitor: Reader });
}
