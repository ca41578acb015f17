// SPDX-License-Identifier: GPL-3.0-or-later
// The product's own words, from its catalogue: a test that asks what a page says asks for the message, not for its wording.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './instance.mjs';

const catalogues = {};

function read(language) {
	const found = {};
	for (const [, key, text] of readFileSync(join(ROOT, 'language', `${language}.po`), 'utf8').matchAll(/^msgid "([^"]+)"\nmsgstr ((?:"(?:[^"\\]|\\.)*"\n?)+)/gm))
		found[key] = text.trim().split('\n').map(line => JSON.parse(line)).join('');
	return found;
}

export function say(key, language = 'fr') {
	catalogues[language] ??= read(language);
	const text = catalogues[language][key];
	if (text === undefined)
		throw new Error(`no message ${key}`);
	return text.replace(/\s+/g, ' ').trim();
}
