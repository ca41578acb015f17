// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the pages of our own server: well-formed, no scripts inside, no raw text elements but script and style. A list of elements in source
// order is enough to find headings, links and forms and to send a form as a browser would.

const VOID = new Set(['area', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'use', 'path', 'circle', 'rect']);
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

export function unescape(text) {
	return text.replace(/&(#x[0-9a-f]+|#[0-9]+|[a-z]+);/gi, (whole, name) => {
		if (name[0] !== '#')
			return NAMED[name] ?? whole;
		return String.fromCodePoint(name[1].toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10));
	});
}

function attributesOf(source) {
	const attributes = {};
	for (const [, name, , quoted, single] of source.matchAll(/([^\s=/>"']+)(\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g))
		attributes[name.toLowerCase()] = unescape(quoted ?? single ?? '');
	return attributes;
}

class Element {
	constructor(name, attributes, parent) {
		Object.assign(this, { name, attributes, parent, children: [] });
	}
	get(name) {
		return this.attributes[name] ?? null;
	}
	has(name) {
		return name in this.attributes;
	}
	get text() {
		return this.children.map(child => typeof child === 'string' ? child : child.text).join('');
	}
	*walk() {
		for (const child of this.children)
			if (typeof child !== 'string') {
				yield child;
				yield* child.walk();
			}
	}
	all(name) {
		return [...this.walk()].filter(e => e.name === name);
	}
	closest(name) {
		let e = this;
		while (e && e.name !== name)
			e = e.parent;
		return e;
	}
	withClass(name) {
		return [...this.walk()].filter(e => (e.get('class') ?? '').split(/\s+/).includes(name));
	}
	byId(id) {
		return [...this.walk()].find(e => e.get('id') === id) ?? null;
	}
}

export function parse(html) {
	const root = new Element('#root', {}, null);
	let at = root;
	const tokens = /<!--[\s\S]*?-->|<!doctype[^>]*>|<\/([a-z0-9]+)\s*>|<([a-z0-9]+)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
	let last = 0;
	for (const token of html.matchAll(tokens)) {
		if (token.index < last)
			continue;
		if (token.index > last)
			at.children.push(unescape(html.slice(last, token.index)));
		last = token.index + token[0].length;
		if (token[1]) {
			const open = at.closest(token[1].toLowerCase());
			if (open)
				at = open.parent;
		} else if (token[2]) {
			const name = token[2].toLowerCase();
			const element = new Element(name, attributesOf(token[3]), at);
			at.children.push(element);
			if (name === 'script' || name === 'style')
				last = Math.max(last, html.indexOf(`</${name}`, last));
			if (!VOID.has(name) && !token[3].endsWith('/'))
				at = element;
		}
	}
	if (last < html.length)
		at.children.push(unescape(html.slice(last)));
	return root;
}

const CONTROLS = new Set(['input', 'textarea', 'select', 'button']);

// A form with what a browser would send for it; set() and choose() change the values, take() names the button pressed.
export class Form {
	constructor(element, root) {
		this.element = element;
		this.action = element.get('action');
		this.method = (element.get('method') ?? 'get').toLowerCase();
		this.multipart = element.get('enctype') === 'multipart/form-data';
		const id = element.get('id');
		this.controls = [...root.walk()].filter(e => CONTROLS.has(e.name) &&
			(e.has('form') ? id && e.get('form') === id : e.closest('form') === element));
		this.values = [];
		for (const e of this.controls)
			this.#initial(e);
	}
	#initial(e) {
		const name = e.get('name'), type = e.get('type');
		if (!name || e.has('disabled') || e.name === 'button' || type === 'submit' || type === 'file')
			return;
		if (type === 'radio' || type === 'checkbox') {
			if (e.has('checked'))
				this.values.push([name, e.get('value') ?? 'on']);
		} else if (e.name === 'select') {
			const options = e.all('option'), chosen = options.find(o => o.has('selected')) ?? options[0];
			if (chosen)
				this.values.push([name, chosen.get('value') ?? chosen.text]);
		} else {
			this.values.push([name, e.name === 'textarea' ? e.text.replace(/^\n/, '') : e.get('value') ?? '']);
		}
	}
	names() {
		return new Set(this.controls.map(e => e.get('name')).filter(name => name));
	}
	get(name) {
		return this.values.find(([n]) => n === name)?.[1] ?? null;
	}
	// One value, or a list for check boxes. A name the form does not have is a mistake of the test.
	set(name, value) {
		if (!this.names().has(name))
			throw new Error(`form ${this.action} has no field ${name}; it has ${[...this.names()].join(' ')}`);
		this.values = this.values.filter(([n]) => n !== name);
		for (const one of Array.isArray(value) ? value : [value])
			this.values.push([name, one]);
		return this;
	}
	fill(values) {
		for (const [name, value] of Object.entries(values))
			this.set(name, value);
		return this;
	}
	optionsOf(name) {
		return this.controls.filter(e => e.get('name') === name).flatMap(e => e.name === 'select'
			? e.all('option').map(o => ({ value: o.get('value') ?? '', label: o.text.trim() }))
			: [{ value: e.get('value') ?? '', label: e.closest('label')?.text.trim() ?? e.text.trim() }]);
	}
	button(name, value) {
		return this.controls.find(e => e.name === 'button' && e.get('name') === name && (value === undefined || e.get('value') === value)) ?? null;
	}
}

export class Page {
	constructor(answer, body) {
		this.status = answer.status;
		this.headers = answer.headers;
		this.path = answer.path;
		this.body = body;
		this.root = parse(body);
	}
	get title() {
		return this.root.all('title')[0]?.text.trim() ?? '';
	}
	get heading() {
		return this.root.all('h1')[0]?.text.trim() ?? '';
	}
	get text() {
		return this.root.all('main')[0]?.text.replace(/\s+/g, ' ').trim() ?? this.root.text;
	}
	get forms() {
		return this.root.all('form').map(element => new Form(element, this.root));
	}
	// Is there a form, or a button of one, whose address ends so?
	offers(act) {
		return this.forms.some(f => f.action?.endsWith(act) || f.controls.some(e => e.name === 'button' && e.get('formaction')?.endsWith(act)));
	}
	// The form with this id, or that has a button or an action that ends so, or that has this field.
	form(which) {
		for (const form of this.forms) {
			const button = form.controls.find(e => e.name === 'button' && e.get('formaction')?.endsWith(which));
			if (button)
				return Object.assign(form, { action: button.get('formaction') });
		}
		const found = this.forms.find(f => f.element.get('id') === which) ?? this.forms.find(f => f.action?.endsWith(which)) ??
			this.forms.find(f => f.names().has(which));
		if (!found)
			throw new Error(`no form ${which} on ${this.path} (${this.status} ${this.heading}); forms: ${this.forms.map(f => f.action).join(' ')}`);
		return found;
	}
	links(test) {
		return this.root.all('a').map(a => a.get('href')).filter(href => href && test.test(href));
	}
	errors() {
		return this.root.byId('errors')?.text.replace(/\s+/g, ' ').trim() ?? '';
	}
}
