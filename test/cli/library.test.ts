/** The library as a program uses it: a key, a database, a scan, a report, an export, and what comes out. */
import { writeFileSync } from 'node:fs';
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
