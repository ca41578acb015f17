// SPDX-License-Identifier: GPL-3.0-or-later
// Screenshots as pixels: PNG as Chromium writes it (8 bit, RGB or RGBA, not interlaced), and the contrast of two colours by WCAG.
import { inflateSync } from 'node:zlib';

const paeth = (a, b, c) => {
	const p = a + b - c, [pa, pb, pc] = [a, b, c].map(v => Math.abs(p - v));
	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

// { width, height, at(x, y) → [r, g, b] }
export function pixels(png) {
	const width = png.readUInt32BE(16), height = png.readUInt32BE(20), size = { 2: 3, 6: 4 }[png[25]], parts = [];
	if (png[24] !== 8 || !size || png[28] !== 0)
		throw new Error(`a PNG of another kind: ${png.subarray(24, 29).join(' ')}`);
	for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
		if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
			parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
	const raw = inflateSync(Buffer.concat(parts)), row = width * size, out = Buffer.alloc(row * height);
	for (let y = 0; y < height; y++)
		for (let x = 0, filter = raw[y * (row + 1)]; x < row; x++) {
			const left = x < size ? 0 : out[y * row + x - size], up = y === 0 ? 0 : out[(y - 1) * row + x], corner = x < size || y === 0 ? 0 : out[(y - 1) * row + x - size];
			out[y * row + x] = raw[y * (row + 1) + 1 + x] + [0, left, up, left + up >> 1, paeth(left, up, corner)][filter];
		}
	return { width, height, at: (x, y) => out.subarray(y * row + x * size, y * row + x * size + 3) };
}

const linear = Array.from({ length: 256 }, (_, i) => i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4);

export function luminance([r, g, b]) {
	return 0.2126 * linear[r] + 0.7152 * linear[g] + 0.0722 * linear[b];
}

export function ratio(a, b) {
	const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (high + 0.05) / (low + 0.05);
}

// How many pixels of one picture stand out against the same pixels of the other.
export function standingOut(before, after, least) {
	let count = 0;
	for (let y = 0; y < before.height; y++)
		for (let x = 0; x < before.width; x++)
			count += ratio(before.at(x, y), after.at(x, y)) >= least;
	return count;
}
