// SPDX-License-Identifier: GPL-3.0-or-later
// What belongs to the whole house: logins against Argon2id's own rate, backup and restore against copying the same bytes, decisions.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Client } from '../web/lib/client.mjs';
import { amana } from '../web/lib/instance.mjs';
import { login } from '../web/lib/people.mjs';

async function seconds(act) {
	const begin = performance.now();
	await act();
	return (performance.now() - begin) / 1000;
}

// Everybody logs in again and again, as after an outage at eight in the morning.
async function logins(instance, lasting) {
	const until = performance.now() + lasting * 1000;
	let done = 0;
	const took = await seconds(() => Promise.all(instance.accounts.slice(0, 16).map(async account => {
		while (performance.now() < until)
			if (await login(new Client(instance.base, 'fr'), account).then(() => true, () => false))
				done++;
	})));
	return done / took;
}

// Whole files, read and written durably: what a copy costs when nothing is sealed or checked.
const plainCopy = (from, to) => execFileSync('sh', ['-c', 'cp -r "$1" "$2" && sync -f "$2"', 'sh', from, to]);

async function copies(instance, folder, row) {
	const name = what => join(folder, what), done = async args => {
		const said = await amana(args);
		if (said.code !== 0)
			throw new Error(`${args[0]}: ${said.stderr}`);
	};
	mkdirSync(name('secrets'));
	for (const secret of ['pepper', 'secret'])
		copyFileSync(join(instance.dir, 'keeper', secret), name(`secrets/${secret}`));
	const backup = await seconds(() => done(['backup', instance.dir, name('set')]));
	const restore = await seconds(() => done(['restore', '--key', join(instance.dir, 'backup-key'), '--secrets', name('secrets'), name('set'), name('restored')]));
	const out = await seconds(() => plainCopy(name('set'), name('copy'))), back = await seconds(() => plainCopy(name('restored'), name('copied')));
	const mib = statSync(name('set')).size / 1048576;
	row('backup: MiB, s, copying the same s, share', mib.toFixed(1), backup.toFixed(2), out.toFixed(2), `${(100 * out / backup).toFixed(0)} %`);
	row('restore with its check: s, copying the same s, share', restore.toFixed(2), back.toFixed(2), `${(100 * back / restore).toFixed(0)} %`);
}

export async function house(instance, folder, lasting, run, row) {
	const rate = await logins(instance, 4 * lasting), argon = Number(await run('bench-limits', ['argon', lasting]));
	row('logins: per second, Argon2id, share', rate.toFixed(1), argon.toFixed(1), `${(100 * rate / argon).toFixed(0)} %`);
	row('decisions of the matrix: per second', Number(await run('bench-limits', ['decisions', lasting])).toFixed(0));
	await copies(instance, folder, row);
}
