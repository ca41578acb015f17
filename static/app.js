// SPDX-License-Identifier: GPL-3.0-or-later
// Every job works without this file; it only shortens. A part of a page is replaced by asking for the whole page as a document and
// moving the element with the same id over: no string ever becomes markup. What is being typed is kept: sealed as a draft on the
// server every 30 s and before the screen locks.
(() => {
	"use strict";
	const all = (selector, root) => (root || document).querySelectorAll(selector);
	const body = document.body, base = body.dataset.base, csrf = body.dataset.csrf;
	let changed = null, sent = "", leaving = false, used = Date.now(), asked = used;

	const ask = (method, url, data, done) => {
		const request = new XMLHttpRequest();
		asked = Date.now();
		request.open(method, url);
		request.responseType = "document";
		request.setRequestHeader("x-part", "1");
		request.onload = () => done(request.response, request.responseURL);
		request.onerror = () => done(null);
		request.send(data);
	};
	const same = (a, b) => (a.id && a.id === b.id) || (a.href && a.href === b.href) || (a.name && a.name === b.name && a.type === b.type);
	const swap = (answer, selector) => {
		const now = document.querySelector(selector), next = answer && answer.querySelector(selector);
		if (!now || !next)
			return false;
		for (const field of all("[data-keep]", now))
			for (const twin of all("[data-keep]", next))
				if (twin.name === field.name)
					twin.value = field.value;
		const held = now.contains(document.activeElement) && document.activeElement;
		now.replaceWith(document.adoptNode(next));
		if (held) {
			const twin = [...all("a, button, input, select, textarea", next)].find(e => same(e, held));
			(twin || next).focus();
		}
		const live = document.getElementById("live");
		if (live && live.textContent !== (next.dataset.say || ""))
			live.textContent = next.dataset.say || "";
		start(next);
		return true;
	};

	// Something waits for a person: two short tones now and at each refresh until somebody has it.
	let sound = null;
	const ring = () => {
		if (navigator.userActivation && !navigator.userActivation.hasBeenActive)
			return;
		sound = sound || new AudioContext();
		[660, 880].forEach((tone, i) => {
			const source = sound.createOscillator(), volume = sound.createGain();
			source.frequency.value = tone;
			volume.gain.value = 0.15;
			source.connect(volume).connect(sound.destination);
			source.start(sound.currentTime + i * 0.25);
			source.stop(sound.currentTime + i * 0.25 + 0.2);
		});
	};
	const start = root => {
		if (root.matches("[data-ring]") || root.querySelector("[data-ring]"))
			ring();
	};
	const refresh = part => {
		if (!document.hidden && changed === null)
			ask("GET", location.href, null, answer => swap(answer, "#" + part));
	};
	for (const part of all("[data-every]"))
		setInterval(refresh, part.dataset.every * 1000, part.id);

	// Drafts and the lock.
	const draft = then => {
		const text = changed && changed.isConnected ? new URLSearchParams(new FormData(changed)).toString() : "";
		if (!base || !text || text === sent)
			return then && then();
		const data = new URLSearchParams({ csrf, where: changed.dataset.draft, body: text });
		ask("POST", base + "/drafts", data, answer => {
			if (answer)
				sent = text;
			if (then)
				then();
		});
	};
	const lock = () => draft(() => {
		leaving = true;
		document.getElementById("lock").submit();
	});
	if (body.dataset.idle) {
		setInterval(draft, 30000);
		setInterval(() => {
			const calling = changed && changed.matches("[data-call]");
			if ((calling || used > asked) && Date.now() - asked > 240000)
				ask("GET", base + "/help", null, () => {});
			const left = body.dataset.idle * 60 - (Date.now() - used) / 1000;
			if (left < 0 && !calling)
				lock();
			document.getElementById("soon").hidden = left > 120 || left < 0 || calling;
		}, 5000);
	}
	for (const kind of ["keydown", "pointerdown"])
		addEventListener(kind, () => { used = Date.now(); }, { passive: true });

	addEventListener("input", event => {
		const form = event.target.form;
		if (form && form.dataset.draft)
			changed = form;
	});
	// Another form than the one being typed in (language, lock) leaves the page: the words become a draft first.
	let passing = false;
	addEventListener("submit", event => {
		const form = event.target, by = event.submitter, asks = by && by.dataset.confirm || form.dataset.confirm;
		if (!passing && asks && !confirm(asks))
			return event.preventDefault();
		if (!passing && changed && changed !== form) {
			event.preventDefault();
			return draft(() => setTimeout(() => {
				passing = true;
				form.requestSubmit(by);
			}));
		}
		leaving = true;
	});
	addEventListener("beforeunload", event => {
		if (!leaving && changed && changed.matches("[data-leave]"))
			event.preventDefault();
	});
	addEventListener("click", event => {
		const link = event.target.closest("a[data-part]");
		if (!link || event.ctrlKey || event.metaKey || event.shiftKey)
			return;
		event.preventDefault();
		ask("GET", link.href, null, (answer, url) => {
			if (swap(answer, link.dataset.part))
				history.replaceState(null, "", url);
			else
				location.assign(link.href);
		});
	});

	// The help card on paper: a page, or the small card to cut out. The browser's own print stays what it is.
	for (const prints of all("[data-prints]")) {
		prints.hidden = false;
		prints.addEventListener("click", event => {
			const by = event.target.closest("button");
			if (!by)
				return;
			document.documentElement.dataset.print = by.value;
			print();
			delete document.documentElement.dataset.print;
		});
	}

	// Keys by position, so that every layout works. A plain letter does nothing while somebody types.
	const blocks = [...all("[data-block]")];
	const toBlock = step => {
		const at = blocks.findIndex(b => b.contains(document.activeElement));
		const block = blocks[(at + step + blocks.length) % blocks.length];
		const field = block && block.querySelector("input:not([type=hidden]), select, textarea");
		if (field)
			field.focus();
	};
	addEventListener("focusin", event => {
		const block = event.target.closest("[data-block]");
		if (block)
			for (const words of all("[data-prompt]"))
				words.hidden = words.dataset.prompt !== block.dataset.block;
	});
	addEventListener("keydown", event => {
		const name = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.code;
		if (name === "Ctrl+Shift+KeyL" && base) {
			event.preventDefault();
			return lock();
		}
		if (name.endsWith("F4") && blocks.length) {
			event.preventDefault();
			return toBlock(event.shiftKey ? -1 : 1);
		}
		if (body.dataset.keys)
			return;
		if (/^(Key|Slash)/.test(name) && event.target.closest("input, select, textarea"))
			return;
		const target = document.querySelector(`[data-key="${name}"]`);
		if (!target)
			return;
		event.preventDefault();
		if (target.matches("a, button"))
			target.click();
		else
			target.focus();
	});

	for (const words of all("[data-prompt]"))
		words.hidden = words.dataset.prompt !== "1";
	// The browser fills a page gone back to with what was typed. With the words comes the key they were sent with: once more is not twice.
	const keys = all("input[name=once]"), [how] = performance.getEntriesByType("navigation");
	if (how && how.type === "back_forward" && history.state && history.state.once)
		for (const key of keys)
			key.value = history.state.once;
	else if (keys.length)
		history.replaceState({ once: keys[0].value }, "");

	// A page that came back with words in it is one being typed in: they become its draft now, in the place of an older one.
	const wrong = document.getElementById("errors") && document.querySelector("form[data-draft]");
	const typed = wrong && [...all("textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])", wrong)].some(e => e.value);
	changed = document.querySelector("[data-carried]") || (typed ? wrong : null);
	if (body.dataset.idle)
		draft();
	const clock = document.querySelector("[data-clock]"), since = Date.now();
	if (clock)
		setInterval(() => {
			const s = Math.floor((Date.now() - since) / 1000);
			clock.textContent = Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
		}, 1000);
	start(body);
})();
