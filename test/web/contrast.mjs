// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-2: the contrast of every token pair, computed anew from the style sheets by WCAG's formula, and compared with the numbers the
// interface design §6 promises.
import { readFileSync } from 'node:fs';
import { ratio as contrastOf } from './lib/pixels.mjs';
import { assert } from './lib/suite.mjs';

// On white, warm and deep surface in the light theme; on card, ground and deep in the dark one. [token, light, ratios, dark, ratios]
const PROMISED = [
	['ink', '#1B2430', [15.7, 14.2, 12.9], '#E8EBEF', [15.1, 13.4, 11.5]],
	['ink-2', '#4A5565', [7.6, 6.9, 6.2], '#B3BCC8', [9.4, 8.4, 7.2]],
	['primary', '#0B5A63', [7.9, 7.2, 6.5], '#6CC5CF', [9.0, 8.0, 6.9]],
	['link', '#0A5F8A', [7.0, 6.3, 5.7], '#8CC7F0', [9.9, 8.8, 7.6]],
	['visited', '#5B3E86', [8.5, 7.7, 7.0], '#C9B2EC', [9.5, 8.4, 7.2]],
	['danger', '#A3261B', [7.4, 6.7, 6.1], '#FF9A8F', [8.8, 7.8, 6.7]],
	['warn', '#7A4A00', [7.5, 6.8, 6.2], '#F2C063', [10.7, 9.5, 8.2]],
	['ok', '#1F6B3A', [6.5, 5.9, 5.4], '#7FD39B', [10.0, 8.9, 7.7]],
	['info', '#1F4F8F', [8.2, 7.4, 6.7], '#9CC3F5', [9.9, 8.8, 7.6]],
	['edge', '#6B7684', [4.6, 4.2, 3.8], '#8A95A3', [5.9, 5.3, 4.5]],
];
const GROUNDS = { light: ['#FFFFFF', '#F6F4EF', '#ECE9E1'], dark: ['#12171E', '#1B222B', '#252E39'] };
const TEXT = 4.5, DRAWING = 3, SLACK = 0.1;

function colour(hex) {
	const full = hex.length === 4 ? '#' + [...hex.slice(1)].map(c => c + c).join('') : hex;
	return [1, 3, 5].map(at => parseInt(full.slice(at, at + 2), 16));
}

const ratio = (a, b) => contrastOf(colour(a), colour(b));

function tokens(css) {
	const read = block => Object.fromEntries([...block.matchAll(/--([a-z0-9-]+)\s*:\s*(#[0-9a-f]{3,6})/gi)].map(m => [m[1], m[2]]));
	const [light, dark] = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(m => read(m[1]));
	return { light, dark: { ...light, ...dark } };
}

// What stands on what, beyond text on the three grounds.
function pairs(t) {
	const out = [['on', 'primary', TEXT], ['on', 'press', TEXT]];
	for (const name of ['danger', 'warn', 'ok', 'info'])
		if (t[name])
			out.push([name, `${name}-on`, TEXT], ['ink', `${name}-on`, TEXT]);
	for (const ground of ['ground', 'card', 'deep']) {
		for (const name of ['ink', 'ink-2', 'link', 'visited', 'primary'])
			out.push([name, ground, TEXT]);
		out.push(['edge', ground, DRAWING]);
	}
	return out;
}

// A rule that names both its colours itself.
function fixedPairs(css) {
	const out = [];
	for (const [, selector, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
		const colour = /(?:^|[;\s])color:\s*(#[0-9a-f]{3,6})/i.exec(body), ground = /background(?:-color)?:\s*(#[0-9a-f]{3,6})/i.exec(body);
		if (colour && ground)
			out.push([selector.trim(), colour[1], ground[1]]);
	}
	return out;
}

export default async function contrast({ suite, root }) {
	for (const sheet of ['public.css', 'app.css']) {
		const css = readFileSync(`${root}/static/${sheet}`, 'utf8'), themes = tokens(css);
		await suite.test(`T-UX-2 ${sheet}: tokens are those of the design, with its ratios`, () => {
			for (const [name, light, lightRatios, dark, darkRatios] of PROMISED) {
				if (!themes.light[name])
					continue;
				assert.equal(themes.light[name].toUpperCase(), light, `${name} light`);
				assert.equal(themes.dark[name].toUpperCase(), dark, `${name} dark`);
				GROUNDS.light.forEach((g, i) => assert.ok(ratio(light, g) >= lightRatios[i] - SLACK, `${name} on ${g}: ${ratio(light, g).toFixed(2)}`));
				GROUNDS.dark.forEach((g, i) => assert.ok(ratio(dark, g) >= darkRatios[i] - SLACK, `${name} on ${g}: ${ratio(dark, g).toFixed(2)}`));
			}
		});
		for (const [theme, t] of Object.entries(themes))
			await suite.test(`T-UX-2 ${sheet} ${theme}: text at least 4.5, controls at least 3`, () => {
				for (const [front, back, least] of pairs(t)) {
					assert.ok(t[front] && t[back], `token ${front} or ${back} is missing`);
					assert.ok(ratio(t[front], t[back]) >= least, `${front} on ${back}: ${ratio(t[front], t[back]).toFixed(2)} < ${least}`);
				}
			});
		await suite.test(`T-UX-2 ${sheet}: fixed colours and the focus ring`, () => {
			for (const [selector, front, back] of fixedPairs(css))
				assert.ok(ratio(front, back) >= TEXT, `${selector}: ${ratio(front, back).toFixed(2)}`);
			const focus = /:focus-visible[^{]*\{([^}]*)\}/.exec(css);
			const ring = [...(focus?.[1] ?? '').matchAll(/#[0-9a-f]{3,6}/gi)].map(m => m[0]);
			assert.equal(ring.length, 2, 'outline and halo');
			assert.ok(ratio(ring[0], ring[1]) >= DRAWING);
			for (const ground of [...GROUNDS.light, ...GROUNDS.dark])
				assert.ok(Math.max(ratio(ring[0], ground), ratio(ring[1], ground)) >= DRAWING, `ring on ${ground}`);
		});
	}
}
