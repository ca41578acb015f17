// SPDX-License-Identifier: GPL-3.0-or-later
// Every route with its fields, as the product's own tables have them, and values that each kind of field takes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../web/lib/instance.mjs';

export const UNKNOWN = 'a'.repeat(32);
export const routes = [];
for (const line of execFileSync(process.env.AMANA_ROUTES, ['fields'], { encoding: 'utf8' }).trimEnd().split('\n')) {
	const [method, site, path, need] = line.split(' ');
	if (!line.startsWith('\t')) {
		routes.push({ method, site, path, need, name: `${method} ${site} ${path}`, fields: [] });
		continue;
	}
	const [name, kind, max, codes] = line.trim().split(' ');
	routes.at(-1).fields.push({ name, kind, max: Number(max), codes });
}

// A code of the list that stands first in it.
function codeOf(list) {
	const [file, column] = list.split('.'), lines = readFileSync(join(ROOT, 'data/codes', `${file}.csv`), 'utf8').trim().split('\n').slice(1);
	return (column ? lines.find(line => line.startsWith(`${column},`)).split(',')[1] : lines[0].split(',')[0]);
}

const AT_ONCE = 150; // a form may bring 200

// The fields of a route in as many parts as a request takes.
export function parts(route) {
	const list = [];
	for (let at = 0; at === 0 || at < route.fields.length; at += AT_ONCE)
		list.push(route.fields.slice(at, at + AT_ONCE));
	return list;
}

// fields: of parts(). words: what stands in fields for words; choices: what stands in fields of a code list, else a code of it.
export function valuesOf(fields, csrf, words, choices = null) {
	const values = { csrf };
	for (const { name, kind, codes } of fields)
		values[name] ??= kind === 'id' || kind === 'key' ? UNKNOWN : kind === 'number' || kind === 'flag' ? '1' : codes !== '-' ? choices ?? codeOf(codes) : words;
	return values;
}
