// SPDX-License-Identifier: GPL-3.0-or-later
// The public pages work without this file. It only makes the way out faster: the button, Escape three times in 2 s or Shift alone three
// times in 5 s empty the page at once, then the session is ended and another page takes its place. Nothing is ever written on the device.
(() => {
	"use strict";
	const out = document.getElementById("exit");
	if (!out)
		return;
	const blank = document.getElementById("blank");
	const AWAY = 180000;
	let presses = [], shiftAlone = false, awaySince = 0, awayTimer = 0, hiddenParts = [], gone = false, title = document.title;

	const empty = () => {
		for (const field of document.querySelectorAll("input:not([type=hidden]), textarea"))
			field.value = "";
		for (const media of document.querySelectorAll("audio, video"))
			media.pause();
		document.body.replaceChildren();
		document.title = "Information";
	};
	const leave = event => {
		if (event)
			event.preventDefault();
		if (gone)
			return;
		gone = true;
		empty();
		navigator.sendBeacon("/x");
		location.replace(out.dataset.to);
	};
	const press = (key, times, within) => {
		const now = Date.now();
		presses = presses.filter(p => p.key === key && now - p.at < within);
		presses.push({ key, at: now });
		if (presses.length >= times)
			leave();
	};

	out.addEventListener("click", leave);
	addEventListener("keydown", event => {
		if (event.repeat)
			return;
		shiftAlone = event.key === "Shift";
		if (event.key === "Escape")
			press("Escape", 3, 2000);
		else if (!shiftAlone)
			presses = [];
	});
	addEventListener("keyup", event => {
		if (event.key === "Shift" && shiftAlone)
			press("Shift", 3, 5000);
	});

	// Left alone for three minutes the page goes blank and asks; what was typed stays in it until then.
	const cover = () => {
		if (gone || !blank.hidden)
			return;
		hiddenParts = [...document.body.children].filter(part => part !== blank && !part.hidden);
		for (const part of hiddenParts)
			part.hidden = true;
		title = document.title;
		document.title = "Information";
		blank.hidden = false;
	};
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "hidden") {
			awaySince = Date.now();
			awayTimer = setTimeout(cover, AWAY);
			return;
		}
		clearTimeout(awayTimer);
		if (Date.now() - awaySince >= AWAY)
			cover();
	});
	document.getElementById("blank-continue").addEventListener("click", () => {
		blank.hidden = true;
		for (const part of hiddenParts)
			part.hidden = false;
		document.title = title;
	});
	document.getElementById("blank-exit").addEventListener("click", leave);

	// A page kept for the Back button would still hold the words: it is emptied when left and asked for anew when it comes back.
	addEventListener("pagehide", () => {
		if (!gone)
			empty();
	});
	addEventListener("pageshow", event => {
		if (event.persisted)
			location.replace(location.pathname);
	});
})();
