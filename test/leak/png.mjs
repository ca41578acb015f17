// SPDX-License-Identifier: GPL-3.0-or-later
// What a PNG needs beside node's own: the checksum, which zlib has only in newer versions.
export { deflateSync } from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++)
		n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
	return n >>> 0;
});

export function crc32(bytes) {
	let crc = 0xffffffff;
	for (const b of bytes)
		crc = table[(crc ^ b) & 255] ^ (crc >>> 8);
	return (crc ^ 0xffffffff) >>> 0;
}
