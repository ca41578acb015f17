// SPDX-License-Identifier: GPL-3.0-or-later
// The public pages work without this file. It makes the way out fast (button, Escape three times in 2 s, Shift alone three times in 5 s)
// and sends each step without leaving the page, so that the browser keeps neither a way back nor what was sent.
(() => {
	"use strict";
	const NEUTRAL = "Information", AWAY = 180000;
	const part = id => document.getElementById(id);
	const out = part("exit");
	if (!out)
		return;
	const away = out.dataset.to;
	let presses = [], shiftAlone = false, awaySince = 0, awayTimer = 0, covered = [], gone = false, busy = false;

	const empty = () => {
		for (const field of document.querySelectorAll("input:not([type=hidden]), textarea"))
			field.value = "";
		document.body.replaceChildren();
		document.title = NEUTRAL;
	};
	const leave = () => {
		if (gone)
			return;
		gone = true;
		empty();
		navigator.sendBeacon("/x");
		location.replace(away);
	};
	const press = (key, times, within) => {
		const now = Date.now();
		presses = presses.filter(p => p.key === key && now - p.at < within);
		presses.push({ key, at: now });
		if (presses.length >= times)
			leave();
	};
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

	// Left alone for three minutes the page goes blank and asks.
	const cover = () => {
		if (gone || !part("blank").hidden)
			return;
		covered = [...document.body.children].filter(e => e.id !== "blank" && !e.hidden);
		covered.forEach(e => { e.hidden = true; });
		document.title = NEUTRAL;
		part("blank").hidden = false;
	};
	const uncover = () => {
		part("blank").hidden = true;
		covered.forEach(e => { e.hidden = false; });
	};
	document.addEventListener("visibilitychange", () => {
		clearTimeout(awayTimer);
		if (document.visibilityState === "hidden") {
			awaySince = Date.now();
			awayTimer = setTimeout(cover, AWAY);
		} else if (Date.now() - awaySince >= AWAY) {
			cover();
		}
	});
	addEventListener("click", event => {
		const target = event.target.closest("a, button");
		if (target && (target.id === "exit" || target.id === "blank-exit" || target.pathname === "/x")) {
			event.preventDefault();
			leave();
		} else if (target && target.id === "blank-continue") {
			uncover();
		}
	});

	// One step: the answer's page takes this one's place.
	const show = (answer, path) => {
		if (gone)
			return;
		document.documentElement.lang = answer.documentElement.lang;
		document.documentElement.dir = answer.documentElement.dir;
		document.title = answer.title;
		document.body.replaceChildren(...[...answer.body.children].map(e => document.adoptNode(e)));
		scrollTo(0, 0);
		const first = part("errors") || document.querySelector("h1");
		first.tabIndex = -1;
		first.focus();
		history.replaceState(null, "", path);
	};
	addEventListener("submit", event => {
		const form = event.target, button = event.submitter || form.querySelector("button");
		const data = new FormData(form), path = button.getAttribute("formaction") || form.getAttribute("action");
		event.preventDefault();
		if (busy)
			return;
		if (button.name)
			data.append(button.name, button.value);
		const request = new XMLHttpRequest(), fail = () => { part("no-network").hidden = false; };
		busy = true;
		request.open("POST", path);
		request.responseType = "document";
		request.onload = () => request.response && request.response.body ? show(request.response, path) : fail();
		request.onerror = fail;
		request.onloadend = () => { busy = false; };
		request.send(form.enctype === "multipart/form-data" ? data : new URLSearchParams(data));
	});

	// A page kept for the Back button would still hold the words.
	addEventListener("pagehide", () => {
		if (!gone)
			empty();
	});
	addEventListener("pageshow", event => {
		if (event.persisted)
			location.replace(location.pathname);
	});
})();
