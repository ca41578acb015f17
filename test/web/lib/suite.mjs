// SPDX-License-Identifier: GPL-3.0-or-later
// One line a test ("ok name", "not ok name: why"), a count at the end. A test that throws fails; the others go on.
import assert from 'node:assert/strict';

export { assert };

export class Suite {
	passed = 0;
	failed = 0;

	async test(name, run) {
		try {
			await run();
			this.passed++;
			console.log(`ok ${name}`);
			return true;
		} catch (error) {
			this.failed++;
			const why = String(error.message ?? error).split('\n').map(line => line.trim()).filter(line => line);
			console.log(`not ok ${name}: ${why.slice(0, 12).join(' | ')}`);
			if (process.env.TRACE)
				console.log(error.stack);
			return false;
		}
	}

	// The last line, and the exit code for the caller.
	end() {
		console.log(`${this.passed} passed, ${this.failed} failed`);
		return this.failed === 0 && this.passed > 0 ? 0 : 1;
	}
}

// The same sequence in every run.
export function seeded(seed) {
	let state = BigInt.asUintN(64, BigInt(seed) * 0x9e3779b97f4a7c15n + 1n);
	return below => {
		state ^= BigInt.asUintN(64, state << 13n);
		state ^= state >> 7n;
		state ^= BigInt.asUintN(64, state << 17n);
		return Number(state % BigInt(below));
	};
}

export function option(name, otherwise) {
	const at = process.argv.indexOf(`--${name}`);
	return at < 0 ? otherwise : process.argv[at + 1];
}

export const wait = ms => new Promise(done => setTimeout(done, ms));

// Ask again until it holds; the limit is generous and only ends a run that would hang.
export async function until(what, ask, seconds = 60) {
	for (let tries = 0; tries < seconds * 20; tries++) {
		const answer = await ask();
		if (answer)
			return answer;
		await wait(50);
	}
	throw new Error(`never came: ${what}`);
}
