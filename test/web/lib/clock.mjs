// SPDX-License-Identifier: GPL-3.0-or-later
// The wall clock of an instance's programs, set from a test while they run: test/http/clock_shift.c, loaded before them. Give `env` to Instance.
import { chmodSync, closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD } from './instance.mjs';

export class Clock {
	constructor() {
		this.folder = mkdtempSync(join(tmpdir(), 'amana-clock-'));
		this.file = join(this.folder, 'shift');
		const library = join(this.folder, 'clock_shift.so');
		writeFileSync(this.file, Buffer.alloc(8));
		copyFileSync(process.env.AMANA_CLOCK ?? join(BUILD, 'test/http/clock_shift.so'), library);
		chmodSync(this.folder, 0o755); // started as root the service's own users must pass
		chmodSync(this.file, 0o644);
		chmodSync(library, 0o755);
		this.env = { LD_PRELOAD: library, CLOCK_SHIFT: this.file };
	}
	// So many milliseconds before or after the machine's.
	set(ms) {
		const now = openSync(this.file, 'r+'), bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(BigInt(ms));
		writeSync(now, bytes, 0, 8, 0);
		closeSync(now);
	}
	remove() {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
