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

// A backup is copied, sealed; a restore is copied, opened, then every row and leaf is checked as `amana verify` checks them: those are the parts.
// Copying alone, the figure of before, stands beside.
async function copies(instance, folder, lasting, run, row) {
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
	const check = await seconds(() => done(['verify', name('restored')]));
	const mib = statSync(name('set')).size / 1048576, sealing = mib / Number(await run('bench-limits', ['chunks', lasting]));
	const share = (parts, whole) => `${(100 * parts / whole).toFixed(0)} %`;
	row('backup: MiB, s, copying the same s, share of copying', mib.toFixed(1), backup.toFixed(2), out.toFixed(2), share(out, backup));
	row('  its parts: copying and sealing s, share (goal 50 %)', (out + sealing).toFixed(2), share(out + sealing, backup));
	row('restore with its check: s, copying the same s, share', restore.toFixed(2), back.toFixed(2), share(back, restore));
	row('  its parts: copying, opening, check alone s, share', (back + sealing + check).toFixed(2), check.toFixed(2), share(back + sealing + check, restore));
}

export async function house(instance, folder, lasting, run, row) {
	const rate = await logins(instance, 4 * lasting), argon = Number(await run('bench-limits', ['argon', lasting]));
	row('logins: per second, Argon2id, share', rate.toFixed(1), argon.toFixed(1), `${(100 * rate / argon).toFixed(0)} %`);
	row('decisions of the matrix: per second', Number(await run('bench-limits', ['decisions', lasting])).toFixed(0));
	await copies(instance, folder, lasting, run, row);
}
