// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of a running process, region by region, through /proc. Needs root, or the same user and a process that allows it; ours do not.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const PIECE = 64 << 20;

// Calls look(bytes, name) for each readable region; gives the number of bytes seen, or -1 when it is not allowed.
export function eachRegion(pid, look) {
	let fd, seen = 0;
	try {
		fd = openSync(`/proc/${pid}/mem`, 'r');
	} catch {
		return -1;
	}
	for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n')) {
		const [range, access, , , , ...name] = line.split(/\s+/);
		if (access[0] !== 'r' || /^\[v(var|syscall|dso)/.test(name.join(' ')))
			continue;
		const [from, to] = range.split('-').map(h => BigInt('0x' + h));
		for (let at = from; at < to;) {
			const n = Number(to - at < BigInt(PIECE) ? to - at : BigInt(PIECE)), bytes = Buffer.alloc(n);
			let got = 0;
			try {
				got = readSync(fd, bytes, 0, n, at);
			} catch {
				got = 0; // a guard page, or gone meanwhile
			}
			if (got > 0)
				look(bytes.subarray(0, got), name.join(' ') || 'anonymous');
			seen += got;
			at += BigInt(n);
		}
	}
	closeSync(fd);
	return seen;
}
