// SPDX-License-Identifier: GPL-3.0-or-later
// What the HTTP tests share: an instance of their own, logins step by step, and requests with exactly the headers a test wants.
import net from 'node:net';
import { request, Client } from '../web/lib/client.mjs';
import { Instance, amana, BUILD } from '../web/lib/instance.mjs';
import { assert } from '../web/lib/suite.mjs';

export { Instance, amana, BUILD, request, Client, assert };

export const cookiesOf = answer => answer.headers['set-cookie'] ?? [];
export const cookieValue = (answer, name) => cookiesOf(answer).map(c => c.split(';')[0]).find(c => c.startsWith(`${name}=`))?.slice(name.length + 1);

export function post(instance, path, values, headers = {}) {
	const body = typeof values === 'string' ? values : new URLSearchParams(values).toString();
	const all = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), 'Origin': instance.base, ...headers };
	for (const name of Object.keys(all))
		if (all[name] === null)
			delete all[name];
	return request(instance.base, 'POST', path, all, body);
}

export const get = (instance, path, headers = {}) => request(instance.base, 'GET', path, headers);

// Both steps. Gives { token, csrf, half, answers }.
export async function login(instance, account, extra = {}) {
	const first = await post(instance, '/staff/login', { login: account.login, password: account.password, ...extra });
	assert.equal(first.status, 200, `login: ${first.status} ${first.body.toString().slice(0, 300)}`);
	const half = cookieValue(first, '__Host-s');
	const second = await post(instance, '/staff/second', { kind: 'demo', code: '', ...extra }, { 'Cookie': `__Host-s=${half}` });
	assert.equal(second.status, 303, `second: ${second.status}`);
	const token = cookieValue(second, '__Host-s');
	return { token, half, cookie: `__Host-s=${token}`, csrf: await csrfOf(instance, token), answers: [first, second] };
}

// The 16 bytes below the mask of a csrf field: pad, then pad XOR token.
export function unmasked(csrf) {
	const bytes = Buffer.from(csrf, 'base64url');
	return bytes.subarray(16).map((b, i) => b ^ bytes[i]);
}
export function masked(token, pad) {
	return Buffer.concat([pad, token.map((b, i) => b ^ pad[i])]).toString('base64url');
}

export async function csrfOf(instance, token) {
	const page = await get(instance, '/staff/help', { 'Cookie': `__Host-s=${token}` });
	assert.equal(page.status, 200);
	const csrf = /name="csrf" value="([A-Za-z0-9_-]{43})"/.exec(page.body.toString())?.[1];
	assert.ok(csrf, 'a csrf field on the page');
	return csrf;
}

// One request as it is written, and all that comes back.
export function raw(port, text) {
	return new Promise((done, fail) => {
		const socket = net.connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
		let all = '';
		socket.on('data', part => { all += part; });
		socket.on('close', () => done(all));
		socket.on('error', error => error.code === 'ECONNRESET' ? done(all) : fail(error)); // what was not read any more
		socket.setTimeout(60000, () => socket.destroy(new Error('no answer')));
	});
}
