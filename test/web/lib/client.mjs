// SPDX-License-Identifier: GPL-3.0-or-later
// A browser without a screen: cookies, redirects, forms, and the headers a browser adds. Built on node:http, since fetch keeps some of these
// headers to itself.
import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { Page } from './html.mjs';
import { wait } from './suite.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// An answer that does not come in time is an error: the socket of a service whose web is gone still takes connections.
export function request(base, method, path, headers = {}, body = null, seconds = 60) {
	const url = new URL(path, base);
	return new Promise((done, fail) => {
		const out = http.request(url, { method, headers, agent }, answer => {
			const parts = [];
			answer.on('data', part => parts.push(part));
			answer.on('error', fail);
			answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, path: url.pathname + url.search, body: Buffer.concat(parts) }));
		});
		out.on('error', fail);
		out.setTimeout(seconds * 1000, () => out.destroy(new Error(`no answer in ${seconds} s: ${method} ${url.pathname}`)));
		out.end(body);
	});
}

function multipart(values, files) {
	const boundary = `----amana${randomBytes(12).toString('hex')}`, parts = [];
	for (const [name, value] of values)
		parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
	for (const { name, filename, type, content } of files)
		parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`),
			content, Buffer.from('\r\n'));
	parts.push(Buffer.from(`--${boundary}--\r\n`));
	return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

// Browsers send line ends of text areas as CR LF.
const lines = text => text.replace(/\r?\n/g, '\r\n');

export class Client {
	cookies = new Map();
	page = null;
	also = {}; // further headers of every request
	patience = 20; // times a busy service is asked

	constructor(base, language = 'fr') {
		this.base = base;
		this.language = language;
	}
	#headers(extra) {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		return { 'Accept': 'text/html', 'Accept-Language': this.language, 'User-Agent': 'test', ...(cookie && { 'Cookie': cookie }), ...this.also, ...extra };
	}
	#keep(answer) {
		for (const line of answer.headers['set-cookie'] ?? []) {
			const [pair, ...rest] = line.split(';'), at = pair.indexOf('='), name = pair.slice(0, at);
			if (rest.some(r => /^\s*max-age=0$/i.test(r)) || pair.slice(at + 1) === '')
				this.cookies.delete(name);
			else
				this.cookies.set(name, pair.slice(at + 1));
		}
	}
	async #follow(answer, redirects = 5) {
		this.#keep(answer);
		if ([301, 302, 303, 307].includes(answer.status) && redirects > 0)
			return this.#follow(await request(this.base, 'GET', answer.headers.location, this.#headers({ 'Sec-Fetch-Site': 'same-origin' })), redirects - 1);
		this.page = new Page(answer, answer.body.toString('utf8'));
		this.page.bytes = answer.body;
		return this.page;
	}
	// "Busy, try again in a moment" (nothing was done): wait and ask again, as a person would on a slow machine.
	async #ask(method, path, headers, body) {
		for (let tries = 1; ; tries++) {
			const answer = await request(this.base, method, path, headers, body);
			if (answer.status !== 503 || tries >= this.patience)
				return answer;
			await wait(1000 * Math.min(Number(answer.headers['retry-after'] ?? 1) || 1, 5));
		}
	}
	async get(path) {
		return this.#follow(await this.#ask('GET', path, this.#headers({ 'Sec-Fetch-Site': this.page ? 'same-origin' : 'none' })));
	}
	async post(path, values, { type, body, ...headers } = {}) {
		const content = body ?? Buffer.from(new URLSearchParams(values).toString());
		return this.#follow(await this.#ask('POST', path, this.#headers({
			'Content-Type': type ?? 'application/x-www-form-urlencoded', 'Content-Length': content.length,
			'Origin': new URL(this.base).origin, 'Sec-Fetch-Site': 'same-origin', 'Referer': new URL(this.page?.path ?? '/', this.base).href, ...headers,
		}), content));
	}
	// Press a button of a form: [name, value], or none for a form whose button has no name.
	async submit(form, pressed = null, files = []) {
		const button = pressed && form.button(pressed[0], pressed[1]);
		if (pressed && !button)
			throw new Error(`no button ${pressed.join('=')} on ${this.page.path} (${this.page.heading})`);
		const values = form.values.map(([name, value]) => [name, lines(value)]);
		if (pressed)
			values.push(pressed);
		const action = button?.get('formaction') ?? form.action;
		return form.multipart ? this.post(action, null, multipart(values, files)) : this.post(action, values);
	}
}
