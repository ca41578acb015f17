// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for markers in bytes, in every form a program may have written them in, packed streams included. All planted strings hold one of three
// markers (plain letters, letters of French, Arabic letters), so one pass over the bytes answers for all of them.
import { inflateRawSync, inflateSync, deflateSync, gzipSync, deflateRawSync } from 'node:zlib';
import { domainToASCII } from 'node:url';

export const MARKERS = ['Qz7plantWv9', 'Çéîùôâàëzq', 'ظزغثضخقصذ'];

const CP1256 = new Map([...'ذرزسشصض'].map((c, i) => [c, 0xd0 + i]).concat([...'طظعغـفقك'].map((c, i) => [c, 0xd8 + i])).concat([...'ابةتثجحخد'].map((c, i) => [c, 0xc7 + i])));

function single(text, table) {
	const bytes = [...text].map(c => table(c));
	return bytes.every(b => b !== undefined) ? Buffer.from(bytes) : null;
}

function utf16be(text) {
	return Buffer.from(text, 'utf16le').swap16();
}

function utf32(text, little) {
	const points = [...text].map(c => c.codePointAt(0)), out = Buffer.alloc(points.length * 4);
	points.forEach((p, i) => little ? out.writeUInt32LE(p, i * 4) : out.writeUInt32BE(p, i * 4));
	return out;
}

// The characters of base64 that do not depend on what stands before and after, at each of the three alignments.
function base64(bytes, url) {
	return [0, 1, 2].map(shift => {
		const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString(url ? 'base64url' : 'base64').replace(/=+$/, '');
		return text.slice(Math.ceil(shift * 8 / 6), Math.floor((shift + bytes.length) * 8 / 6));
	});
}

const quotedPrintable = (bytes, upper) => [...bytes].map(b => b < 128 && b !== 61 ? String.fromCharCode(b) : '=' + (upper ? b.toString(16).toUpperCase() : b.toString(16)).padStart(2, '0')).join('');
const percent = (bytes, all, upper) => [...bytes].map(b => !all && /[a-z0-9]/i.test(String.fromCharCode(b)) && b < 128 ? String.fromCharCode(b) : '%' + (upper ? b.toString(16).toUpperCase() : b.toString(16)).padStart(2, '0')).join('');
const json = (text, all) => [...text].map(c => !all && c.charCodeAt(0) < 128 ? c : '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')).join('');
const entities = (text, hex) => [...text].map(c => c.charCodeAt(0) < 128 ? c : hex ? `&#x${c.codePointAt(0).toString(16)};` : `&#${c.codePointAt(0)};`).join('');
const pdfHex = text => 'FEFF' + utf16be(text).toString('hex').toUpperCase();

// { name: bytes } of one marker; forms that come out alike are kept once.
export function formsOf(text) {
	const forms = {}, add = (name, bytes) => {
		if (bytes && bytes.length >= 5)
			forms[name] = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'utf8');
	};
	for (const shape of ['NFC', 'NFD'])
		add(`UTF-8 ${shape}`, text.normalize(shape));
	const utf8 = Buffer.from(text.normalize('NFC'), 'utf8');
	add('UTF-16LE', Buffer.from(text, 'utf16le'));
	add('UTF-16BE', utf16be(text));
	add('UTF-32LE', utf32(text, true));
	add('UTF-32BE', utf32(text, false));
	add('Latin-1', single(text, c => c.charCodeAt(0) < 256 ? c.charCodeAt(0) : undefined));
	add('CP1256', single(text, c => c.charCodeAt(0) < 128 ? c.charCodeAt(0) : CP1256.get(c)));
	add('hex', utf8.toString('hex'));
	add('HEX', utf8.toString('hex').toUpperCase());
	for (const url of [false, true])
		base64(utf8, url).forEach((form, shift) => add(`base64${url ? 'url' : ''} +${shift}`, form));
	for (const upper of [true, false]) {
		add(`percent ${upper}`, percent(utf8, false, upper));
		add(`percent all ${upper}`, percent(utf8, true, upper));
		add(`quoted-printable ${upper}`, quotedPrintable(utf8, upper));
	}
	add('JSON', json(text, false));
	add('JSON all', json(text, true));
	add('entities', entities(text, false));
	add('entities hex', entities(text, true));
	add('IDN', domainToASCII(text.normalize('NFC').toLowerCase()));
	add('PDF hex string', pdfHex(text).slice(4));
	add('reversed', [...text].reverse().join(''));
	return forms;
}

const needles = MARKERS.flatMap(marker => Object.entries(formsOf(marker)).map(([name, bytes]) => ({ marker, name, bytes })));

function plain(bytes) {
	return needles.filter(n => bytes.includes(n.bytes)).map(n => `${n.marker} as ${n.name}`);
}

const PACKED = [
	['zlib', Buffer.from([0x78, 0x01]), 0, inflateSync], ['zlib', Buffer.from([0x78, 0x9c]), 0, inflateSync], ['zlib', Buffer.from([0x78, 0xda]), 0, inflateSync],
	['gzip', Buffer.from([0x1f, 0x8b, 0x08]), 10, inflateRawSync],
	['zip', Buffer.from('PK\x03\x04', 'latin1'), null, inflateRawSync],
];
const STREAMS_MAX = 20000;

function unpack(bytes, at, skip, with_) {
	const start = skip ?? 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
	try {
		return with_(bytes.subarray(at + start, at + start + (8 << 20)), { finishFlush: 2, maxOutputLength: 32 << 20 });
	} catch {
		return null;
	}
}

// What is found in these bytes: a list of "marker as form".
export function search(bytes, packed = true) {
	const found = new Set(plain(bytes));
	let streams = 0;
	for (const [kind, magic, skip, with_] of packed ? PACKED : [])
		for (let at = bytes.indexOf(magic); at >= 0 && streams < STREAMS_MAX && at + 30 < bytes.length; at = bytes.indexOf(magic, at + 1), streams++) {
			const inside = unpack(bytes, at, skip, with_);
			if (inside && inside.length > 4)
				plain(inside).forEach(f => found.add(`${f} in ${kind}`));
		}
	return [...found];
}

// For the control: every form of every marker, alone and packed.
export function planted() {
	const noise = Buffer.from('some bytes before and after, of no meaning. '.repeat(3));
	const around = bytes => Buffer.concat([noise, bytes, noise]);
	const list = needles.map(n => ({ what: `${n.marker} as ${n.name}`, bytes: around(n.bytes) }));
	for (const marker of MARKERS) {
		const inside = around(Buffer.from(marker)), name = Buffer.from('a.txt'), head = Buffer.alloc(30);
		head.write('PK\x03\x04', 'latin1');
		head.writeUInt16LE(name.length, 26);
		list.push({ what: `${marker} in zlib`, bytes: around(deflateSync(inside)) });
		list.push({ what: `${marker} in gzip`, bytes: around(gzipSync(inside)) });
		list.push({ what: `${marker} in zip`, bytes: around(Buffer.concat([head, name, deflateRawSync(inside)])) });
		list.push({ what: `${marker} in a PDF stream`, bytes: around(Buffer.concat([Buffer.from('<< /Filter /FlateDecode >>\nstream\n'), deflateSync(inside), Buffer.from('\nendstream')])) });
	}
	return list;
}
