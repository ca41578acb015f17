// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-11, the keyboard half: Tab goes through every control in the order of the source, each shows that it is there, none is covered by a bar
// and none holds the focus. The first control of each kind is photographed with the focus and without: what differs must stand out by 3:1 for
// at least as many pixels as a line all round it has.
import { pixels, standingOut } from './lib/pixels.mjs';

const FOCUS = 3, ROUND = 8; // the ring and its halo lie this far outside

function stop() {
	const e = document.activeElement;
	if (!e || e === document.body || e === document.documentElement)
		return null;
	const all = [...document.querySelectorAll('*')], s = getComputedStyle(e), box = e.getClientRects()[0] ?? e.getBoundingClientRect(); // a link may begin in mid-line
	const label = e.matches('input[type=radio], input[type=checkbox]') ? e.closest('label') ?? e.labels?.[0] : null;
	const ring = x => {
		const t = x && getComputedStyle(x);
		return t && t.outlineStyle !== 'none' && parseFloat(t.outlineWidth) >= 2;
	};
	const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1), y = box.top + Math.min(box.height / 2, 12);
	const top = document.elementFromPoint(x, y);
	return {
		at: all.indexOf(e), parts: e.matches('input[type=date], input[type=time], input[type=datetime-local]') ? 6 : 1,
		name: `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${e.name ? '[' + e.name + ']' : ''} "${(e.textContent ?? '').trim().slice(0, 24)}"`,
		ring: ring(e) || ring(label) || s.boxShadow !== 'none',
		kind: `${e.tagName} ${e.type ?? ''} ${e.className} in ${e.parentElement.tagName} ${e.parentElement.className}`,
		box: (({ x, y, width, height }) => ({ x, y, width, height }))(ring(label) ? label.getBoundingClientRect() : box),
		covered: !(top && (e.contains(top) || top.contains(e) || label?.contains(top))),
	};
}

function expected() {
	const seen = new Set();
	return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => {
		if (!e.checkVisibility({ visibilityProperty: true }) || e.disabled || e.tabIndex < 0)
			return false;
		if (!e.matches('input[type=radio]'))
			return true;
		const group = `${e.form?.id}:${e.name}`;
		return !seen.has(group) && seen.add(group);
	}).length;
}

// The caret of a text field blinks and is hidden. What the page does when the focus goes is part of the difference, as for the eye.
async function standsOut(page, { x, y, width, height }) {
	const view = page.viewportSize(), left = Math.max(0, Math.floor(x - ROUND)), top = Math.max(0, Math.floor(y - ROUND));
	const clip = { x: left, y: top, width: Math.min(view.width, Math.ceil(x + width + ROUND)) - left, height: Math.min(view.height, Math.ceil(y + height + ROUND)) - top };
	const shot = async () => pixels(await page.screenshot({ clip, caret: 'hide', animations: 'disabled' })), focused = await shot();
	await page.evaluate(() => document.activeElement.blur()); // the next Tab goes on from here all the same
	return standingOut(await shot(), focused, FOCUS) >= 2 * (Math.min(width, view.width) + Math.min(height, view.height));
}

// Gives what is wrong. `back` = the focus returned to the first control or left the page: no trap.
// photographed: kinds seen before, of this site and theme.
export async function walk(page, photographed = new Set()) {
	const wrong = [], stops = [], wanted = await page.evaluate(expected);
	await page.evaluate(() => { // the walk begins before the first control, wherever the page put the focus
		document.body.tabIndex = -1;
		document.body.focus();
		document.body.removeAttribute('tabindex');
		scrollTo(0, 0);
	});
	for (let presses = 0, same = 0; presses < wanted + 5; presses++) {
		await page.keyboard.press('Tab');
		const now = await page.evaluate(stop);
		if (!now || (stops.length > 0 && now.at === stops[0].at))
			break;
		if (stops.length > 0 && now.at === stops.at(-1).at) {
			if (++same < now.parts) { // day, month, year and the calendar are stops of one field
				presses--;
				continue;
			}
			wrong.push(`the focus is held by ${now.name}`);
			break;
		}
		same = 0;
		if (!now.ring)
			wrong.push(`no visible focus: ${now.name}`);
		if (now.covered)
			wrong.push(`covered while focused: ${now.name}`);
		stops.push(now);
		if (now.ring && !now.covered && !photographed.has(now.kind)) {
			photographed.add(now.kind);
			if (!await standsOut(page, now.box))
				wrong.push(`the focus does not stand out: ${now.name}`);
		}
	}
	for (let i = 1; i < stops.length; i++)
		if (stops[i].at < stops[i - 1].at)
			wrong.push(`out of order: ${stops[i].name} after ${stops[i - 1].name}`);
	if (stops.length < wanted)
		wrong.push(`${stops.length} of ${wanted} controls reached; last ${stops.at(-1)?.name}`);
	return wrong.slice(0, 6);
}
