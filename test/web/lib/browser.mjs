// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's Chromium through playwright-core, a fresh profile each time, our own content policy left on. What the policy refuses and what a
// script throws is collected over all pages.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const SIZES = [[360, 640], [768, 1024], [1366, 768]];

export class Browser {
	complaints = []; // of all contexts: policy violations and script errors

	async context({ script = true, language = 'fr', size = [1366, 768], dark = false, profile = null } = {}) {
		const kept = profile ?? mkdtempSync(join(tmpdir(), 'amana-profile-'));
		const context = await chromium.launchPersistentContext(kept, {
			executablePath: PROGRAM, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
			javaScriptEnabled: script, locale: language, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce',
			viewport: { width: size[0], height: size[1] },
		});
		context.setDefaultTimeout(60000); // a condition is waited for; the limit only ends a run that would hang
		context.on('console', message => this.#hear(message));
		context.on('weberror', error => this.complaints.push(`script: ${error.error().message}`));
		context.profile = kept;
		context.forget = async () => {
			await context.close();
			if (!profile)
				rmSync(kept, { recursive: true, force: true });
		};
		return context;
	}
	#hear(message) {
		const text = message.text();
		if (message.type() === 'error' && !/status of (4|5)\d\d|net::ERR_/.test(text) || /Content Security Policy|Trusted Type|Refused to/i.test(text))
			this.complaints.push(`${message.location().url}: ${text}`);
	}
}
