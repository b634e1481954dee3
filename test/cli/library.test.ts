/** The library as a program uses it: a key, a database, a scan, a report, an export, and what comes out. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  fingerprint,
  ingestReport,
  loadOrCreateKey,
  openDatabase,
  ProblemError,
  readExport,
  scan,
} from '../../src/index.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { gitleaksFinding } from '../support/scanner-reports.js';
import { scratch } from '../support/scratch.js';

test('scan, ingest and read through the library', async () => {
  const folder = scratch();
  const token = fakeSecret('github-pat-classic', 'library');
  const other = fakeSecret('github-pat-classic', 'library report');
  const repo = new GitFixture(join(folder, 'api'));
  const commit = repo.commit('add', { 'a.env': `KEY=${token}\n` });
  const { keys } = loadOrCreateKey(join(folder, 'keys'));
  const store = await openDatabase({ path: join(folder, 'sprawl.db'), mode: 'write', keyId: keys.id });
  const signal = new AbortController().signal;
  const { receipt } = await scan({ targets: [repo.path] }, { store, keys, signal, onEvent: () => {} });
  expect(receipt.complete).toBe(true);

  const rows = [
    gitleaksFinding({ value: token, path: 'a.env', line: 1, commit }),
    gitleaksFinding({ value: other, path: 'gone.env', line: 4, commit }),
  ];
  const report = { name: 'g.json', of: repo.path };
  expect(await ingestReport(JSON.stringify(rows), report, { store, keys })).toMatchObject({
    tool: 'gitleaks',
    summary: { read: 2, linked: 1, added: 1, secrets: 1 },
    faultCount: 0,
  });
  await expect(ingestReport('{"a":1}', report, { store, keys })).rejects.toThrow(ProblemError);
  await expect(ingestReport(JSON.stringify(rows), { name: 'g.json' }, { store, keys })).rejects.toThrow(
    'g.json',
  );

  const found: string[] = [];
  for await (const exposure of store.exposures({})) found.push(exposure.fingerprint);
  const expected = [token, other].map((value) => fingerprint(keys.fingerprint, Buffer.from(value)));
  expect(found.sort()).toEqual(expected.sort());
  store.close();

  const message = { type: 'message', user: 'U012AB3CD', text: 'hello', ts: '1700000000.000100' };
  writeFileSync(join(folder, '2023-11-14.json'), JSON.stringify([message]));
  const texts: string[] = [];
  for await (const { record } of readExport(join(folder, '2023-11-14.json')))
    texts.push(...record.texts.map(({ text }) => text));
  expect(texts).toContain('hello');
});

test('a scan that is stopped before the turn of some targets says so, and what is known of those stays', async () => {
  const folder = scratch();
  const targets = Array.from({ length: 12 }, (_, i) => join(folder, `place-${i}`));
  for (const [i, target] of targets.entries()) {
    mkdirSync(target);
    writeFileSync(join(target, 'a.env'), `KEY=${fakeSecret('github-pat-classic', `stopped ${i}`)}\n`);
  }
  const { keys } = loadOrCreateKey(join(folder, 'keys'));
  const store = await openDatabase({ path: join(folder, 'sprawl.db'), mode: 'write', keyId: keys.id });
  const scanned = async (stop: boolean): Promise<Awaited<ReturnType<typeof scan>>['receipt']> => {
    const controller = new AbortController();
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (stop && type === 'target') controller.abort();
    };
    return (await scan({ targets }, { store, keys, signal: controller.signal, onEvent })).receipt;
  };
  const readBefore = async (): Promise<number> => {
    const roots = await Promise.all(targets.map((target) => store.rootAt(target)));
    return roots.filter((root) => root?.state !== undefined).length;
  };
  expect(await scanned(true)).toMatchObject({ complete: false, interrupted: true });
  expect(await scanned(false)).toMatchObject({ complete: true, documents: 12 });
  const all = await readBefore();
  for (const target of targets) writeFileSync(join(target, 'b.env'), 'KEY=\n');
  expect(await scanned(true)).toMatchObject({ complete: false, interrupted: true });
  const kept = await readBefore();
  expect([all, kept > 0 && kept < 12]).toEqual([12, true]);
  expect(await scanned(false)).toMatchObject({ complete: true });
  store.close();
});
