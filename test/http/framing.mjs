// SPDX-License-Identifier: GPL-3.0-or-later
// T-WEB-4 over the whole service: requests that two readers could understand in two ways, and such as nobody understands. Each is refused
// once, the connection ends, what was hidden behind it is never answered, and no byte of it comes back. Some are refused by the library under
// us, in its own words (doc/adr/0012-what-the-library-answers.md): those are named here, so that another library version is noticed.
import { assert, raw } from './server.mjs';

const MARK = 'zqframedqz';
const HIDDEN = host => `GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const post = (head, body = '') => host => `POST /fr HTTP/1.1\r\nHost: ${host}\r\nX-Mark: ${MARK}\r\n${head}\r\n\r\n${body}${HIDDEN(host)}`;
const get = (head, line = 'GET /fr HTTP/1.1') => host => `${line}\r\nHost: ${host}\r\nX-Mark: ${MARK}\r\n${head}\r\n\r\n${HIDDEN(host)}`;
const bare = text => host => text.replaceAll('HOST', host) + HIDDEN(host);

// [what, request, status, whose words: 'ours' carry every header of sealed design 13]
const CASES = [
	['two lengths', post('Content-Length: 5\r\nContent-Length: 6', 'hello'), 400, 'ours'],
	['a length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400, 'ours'],
	['chunks in HTTP/1.0', host => post('Transfer-Encoding: chunked', '0\r\n\r\n')(host).replace('HTTP/1.1', 'HTTP/1.0'), 400, 'ours'],
	['a length with a get', get('Content-Length: 5'), 400, 'ours'],
	['a carriage return in a value', get('X-A: a\rX-B: b'), 400, 'ours'],
	['a host behind a carriage return', get('X-A: a\rHost: evil.example'), 400, 'ours'],
	['chunks behind a carriage return', post('Content-Length: 5\r\nX-A: a\rTransfer-Encoding: chunked', 'hello'), 400, 'ours'],
	['a length behind a carriage return', post('X-A: a\rContent-Length: 40', ''), 400, 'ours'],
	['two carriage returns at a line end', get('X-A: a\r\r\nX-B: b'), 400, 'ours'],
	['a carriage return in a name', get('X\r-A: a'), 400, 'ours'],
	['a carriage return in the target', get('X-A: a', 'GET /fr\r HTTP/1.1'), 400, 'ours'],
	['a control character in the target', get('X-A: a', 'GET /fr\u0001 HTTP/1.1'), 400, 'ours'],
	['a byte above 127 in the target', get('X-A: a', 'GET /fr\u00ff HTTP/1.1'), 400, 'ours'],
	['a tab in the target', get('X-A: a', 'GET /fr\t HTTP/1.1'), 400, 'ours'],
	['a folded length', post('Content-Length: 4\r\n 0', ''), 400, 'ours'],
	['a folded host', bare('GET /fr HTTP/1.1\r\nHost: HOST\r\nHost:\r\n evil\r\n\r\n'), 400, 'ours'],
	['a field folded into another', get('X-A: a\r\n Content-Length: 5'), 400, 'ours'],
	['a null in a name', get('X\u0000-A: a'), 400, 'library'],
	['a folded coding', post('Content-Length: 5\r\nTransfer-Encoding:\r\n chunked', '0\r\n\r\n'), 400, 'ours'],
	['a length in words', post('Content-Length: five', 'hello'), 400, 'library'],
	['a length below nothing', post('Content-Length: -1', ''), 400, 'library'],
	['a length with a sign', post('Content-Length: +5', 'hello'), 400, 'library'],
	['a length in sixteens', post('Content-Length: 0x5', 'hello'), 400, 'library'],
	['a list of lengths', post('Content-Length: 5, 5', 'hello'), 400, 'library'],
	['a length without end', post(`Content-Length: ${'9'.repeat(40)}`, ''), 413, 'library'],
	['chunks of no size', post('Transfer-Encoding: chunked', `zz${MARK}\r\nhello\r\n0\r\n\r\n`), 400, 'library'],
	['a chunk without end', post('Transfer-Encoding: chunked', 'ffffffffffffffffffff\r\nhello\r\n0\r\n\r\n'), 413, 'library'],
	['a field without a colon', get('foo'), 400, 'library'],
	['no host', bare(`GET /fr HTTP/1.1\r\nX-Mark: ${MARK}\r\n\r\n`), 400, 'library'],
	['no version', bare(`GET /${MARK}\r\n\r\n`), 400, 'library'],
	['another version', bare('GET /fr HTTP/2.0\r\nHost: HOST\r\n\r\n'), 505, 'library'],
	['a field too large', get(`X-A: ${MARK.repeat(8000)}`), 431, 'library'],
	['a target too long', get('X-A: a', `GET /${MARK.repeat(8000)} HTTP/1.1`), 414, 'library'],
];

// The rest of what is too large is not read, and a connection closed over unread bytes may take its answer with it.
const CUT_OFF = [431, 414];

export async function framing(suite, instance) {
	for (const [what, make, status, whose] of CASES)
		await suite.test(`T-WEB-4 refused: ${what}`, async () => {
			const answer = await raw(instance.port, make(`127.0.0.1:${instance.port}`));
			const codes = [...new Set([...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(m => Number(m[1])))];
			if (answer === '' && CUT_OFF.includes(status))
				return;
			assert.deepEqual(codes, [status], answer.slice(0, 400));
			assert.ok(!answer.includes(MARK), 'nothing of the request comes back');
			assert.doesNotMatch(answer, /^Set-Cookie:/m);
			assert.equal(/^Content-Security-Policy: /m.test(answer), whose === 'ours', answer.slice(0, 400));
			assert.match(answer, /^Connection: close\r$/m);
		});
}
