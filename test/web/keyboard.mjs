// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-11, the keyboard half: Tab goes through every control in the order of the source, each shows that it is there, none is covered by a bar
// and none holds the focus.

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

// Gives what is wrong. `back` = the focus returned to the first control or left the page: no trap.
export async function walk(page) {
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
	}
	for (let i = 1; i < stops.length; i++)
		if (stops[i].at < stops[i - 1].at)
			wrong.push(`out of order: ${stops[i].name} after ${stops[i - 1].name}`);
	if (stops.length < wanted)
		wrong.push(`${stops.length} of ${wanted} controls reached; last ${stops.at(-1)?.name}`);
	return wrong.slice(0, 6);
}
