// SPDX-License-Identifier: GPL-3.0-or-later
// T-UX-6: by the boxes of the page as laid out: no sideways scroll, no text cut or outside the screen, nothing on top of something else, and
// targets large enough for a finger. Runs inside the page; gives a list of what is wrong.

export function measure(least) {
	const wrong = [], width = document.documentElement.clientWidth;
	const name = e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${e.className && typeof e.className === 'string' ? '.' + e.className.trim().replace(/\s+/g, '.') : ''} "${(e.textContent ?? '').trim().slice(0, 30)}"`;
	const style = e => getComputedStyle(e);
	const within = (e, test) => {
		for (let at = e; at && at !== document.documentElement; at = at.parentElement)
			if (test(at))
				return at;
		return null;
	};
	const hiddenOnPurpose = e => within(e, at => {
		const s = style(at);
		return s.clipPath !== 'none' || s.visibility === 'hidden' || s.opacity === '0' || at.hasAttribute('hidden') ||
			(at.classList.contains('skip') && !at.matches(':focus'));
	});
	const above = e => e.getBoundingClientRect().bottom + scrollY <= 0; // words for screen readers alone
	const shown = e => e.checkVisibility() && !hiddenOnPurpose(e) && e.getClientRects().length > 0 && !above(e);
	const fixedBar = e => within(e, at => style(at).position === 'fixed' || style(at).position === 'sticky');
	const scrolls = e => within(e, at => /auto|scroll/.test(style(at).overflowX) && at.tagName !== 'TEXTAREA');

	if (document.documentElement.scrollWidth > width)
		wrong.push(`sideways scroll: ${document.documentElement.scrollWidth} > ${width}`);

	for (const e of document.body.querySelectorAll('*')) {
		if (!shown(e) || e.matches('textarea, input') || e.closest('svg'))
			continue;
		const s = style(e);
		if (/hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1)
			wrong.push(`cut: ${name(e)}`);
		if (s.textOverflow === 'ellipsis')
			wrong.push(`ellipsis: ${name(e)}`);
		if (e.tagName === 'BUTTON' && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
			wrong.push(`text larger than its button: ${name(e)}`);
	}

	// Text, line by line. The box of a line is higher than its letters, so a quarter is taken off before comparing.
	const words = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const node = walker.currentNode, e = node.parentElement;
		if (!node.data.trim() || !shown(e) || ['SCRIPT', 'STYLE', 'OPTION', 'TEXTAREA'].includes(e.tagName))
			continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		for (const box of range.getClientRects()) {
			if (box.width < 1 || box.height < 1)
				continue;
			if ((box.left < -1 || box.right > width + 1) && !scrolls(e))
				wrong.push(`outside the screen: ${name(e)}`);
			words.push({ e, bar: fixedBar(e), left: box.left + 1, right: box.right - 1, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4 });
		}
	}
	const cross = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
	for (let i = 0; i < words.length; i++)
		for (let j = i + 1; j < words.length; j++)
			if (words[i].bar === words[j].bar && cross(words[i], words[j]))
				wrong.push(`text on text: ${name(words[i].e)} and ${name(words[j].e)}`);

	// Targets.
	const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(shown);
	const boxes = targets.map(e => ({ e, bar: fixedBar(e), ...e.getBoundingClientRect().toJSON() }));
	const related = (a, b) => a.contains(b) || b.contains(a) || (a.closest('label') && a.closest('label') === b.closest('label'));
	for (let i = 0; i < boxes.length; i++)
		for (let j = i + 1; j < boxes.length; j++) {
			const a = boxes[i], b = boxes[j];
			if (a.bar === b.bar && !related(a.e, b.e) && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
				wrong.push(`target on target: ${name(a.e)} and ${name(b.e)}`);
		}
	if (least)
		for (const { e, height, width: wide } of boxes) {
			const label = e.labels?.[0]?.getBoundingClientRect();
			const inText = e.tagName === 'A' && style(e).display === 'inline';
			const high = Math.max(height, label?.height ?? 0), broad = Math.max(wide, label?.width ?? 0);
			if (!inText && (high < least - 0.5 || broad < least - 0.5) && !(e.tagName === 'SUMMARY' && high >= 24))
				wrong.push(`small target ${Math.round(broad)}×${Math.round(high)} < ${least}: ${name(e)}`);
		}
	return [...new Set(wrong)].slice(0, 8);
}
