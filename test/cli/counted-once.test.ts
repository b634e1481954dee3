/** A gap and a skipped file are counted once, though a learned secret makes the tree be walked again. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

test('a second walk for bare copies counts nothing twice', () => {
  const folder = scratch();
  const target = join(folder, 'target');
  mkdirSync(target);
  // The bare copy comes first in reading order, so that only the sweep finds it.
  const value = fakeSecret('github-pat', 'swept').slice(4, 28);
  writeFileSync(join(target, 'a.txt'), `try ${value} please\n`);
  writeFileSync(join(target, 'b.py'), `PASSWORD = "${value}"\n`);
  writeFileSync(join(target, 'broken.zip'), Buffer.from('PK\x03\x04 no more', 'latin1'));
  symlinkSync('/etc/hostname', join(target, 'link'));
  const home = new CliHome(folder);
  const records = home.json(['scan', target]);
  expect(records.filter(({ type }) => type === 'finding').map(({ path }) => path)).toEqual(
    expect.arrayContaining(['a.txt', 'b.py']),
  );
  expect(records.at(-1)).toMatchObject({
    gaps: { 'broken-archive': 1 },
    skipped: { 'outside-target-link': 1 },
  });
});

test('an encoded value that a detector and the sweep find is one copy', () => {
  const folder = scratch();
  const target = join(folder, 'target');
  mkdirSync(target);
  const value = fakeSecret('github-pat', 'encoded').slice(4, 26);
  const data = Buffer.from(value).toString('base64');
  const manifest = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${data}\n`;
  writeFileSync(
    join(target, 'secret.yaml'),
    `${manifest}---\nenv:\n- name: DB_PASSWORD\n  value: "${value}"\n`,
  );
  const copies = new CliHome(folder)
    .json(['scan', target])
    .filter(({ type }) => type === 'finding')
    .map(({ line, column }) => `${line}:${column}`);
  expect(copies).toEqual(['6:13', '10:11']);
});
