// SPDX-License-Identifier: GPL-3.0-or-later
// The test's side of fault.c: which call of which program fails, and how.
import { chmodSync, closeSync, existsSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD } from '../web/lib/instance.mjs';

const MODULE = join(BUILD, 'test/fault/fault.so'), PROGRAMS = ['web', 'keeper', 'media', 'parent'], ROW = 32;
const CALLS = 0, FROM = 8, TO = 16, ERROR = 24;

export class Fault {
	constructor() {
		if (!existsSync(MODULE))
			throw new Error(`${MODULE} was not built`);
		this.path = join(tmpdir(), `amana-fault-${process.pid}`);
		writeFileSync(this.path, Buffer.alloc(PROGRAMS.length * ROW));
		chmodSync(this.path, 0o666); // each process of the service is a user of its own
		this.fd = openSync(this.path, 'r+');
	}
	#put(program, at, value) {
		const bytes = Buffer.alloc(8);
		bytes.writeBigUInt64LE(BigInt(value));
		writeSync(this.fd, bytes, 0, 8, PROGRAMS.indexOf(program) * ROW + at);
	}
	calls(program) {
		const bytes = Buffer.alloc(8);
		readSync(this.fd, bytes, 0, 8, PROGRAMS.indexOf(program) * ROW + CALLS);
		return Number(bytes.readBigUInt64LE());
	}
	// The n-th call from now fails with this error ('EIO'), or ends the process ('kill'); count: how many, Infinity = until calm().
	arm(program, n, error, count = 1) {
		const from = this.calls(program) + n;
		this.#put(program, ERROR, error === 'kill' ? 0 : constants.errno[error]);
		this.#put(program, TO, count === Infinity ? Number.MAX_SAFE_INTEGER : from + count - 1);
		this.#put(program, FROM, from);
	}
	// Was the call that should fail reached?
	reached(program) {
		const bytes = Buffer.alloc(8);
		readSync(this.fd, bytes, 0, 8, PROGRAMS.indexOf(program) * ROW + FROM);
		return this.calls(program) >= Number(bytes.readBigUInt64LE());
	}
	calm() {
		for (const program of PROGRAMS)
			this.#put(program, FROM, 0);
	}
	async serve(instance) {
		const before = { LD_PRELOAD: process.env.LD_PRELOAD, AMANA_FAULT: process.env.AMANA_FAULT };
		Object.assign(process.env, { LD_PRELOAD: MODULE, AMANA_FAULT: this.path });
		try {
			await instance.serve();
		} finally {
			for (const [name, value] of Object.entries(before))
				if (value === undefined)
					delete process.env[name];
				else
					process.env[name] = value;
		}
	}
	end() {
		closeSync(this.fd);
		rmSync(this.path, { force: true });
	}
}
