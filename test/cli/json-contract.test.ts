/** Every JSON line of every command against the committed schema. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/output.schema.json', import.meta.url), 'utf8'),
) as object;

test('every JSON line is what the schema says', () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  const value = fakeSecret('github-pat', 'json');
  repo.commit('a', {
    'app.env': `TOKEN=${value}\n`,
    [`${fakeSecret('github-pat', 'path')}.env`]: `T=${value}\n`,
  });
  repo.commit(`message ${fakeSecret('github-pat', 'message')}`);
  repo.git('rm', '-q', 'app.env');
  repo.commit('remove');
  const share = join(folder, 'share');
  mkdirSync(share);
  writeFileSync(
    Buffer.concat([Buffer.from(`${share}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.env')]),
    `T=${value}\n`,
  );
  writeFileSync(join(share, 'key.pem'), `${fakeSecret('private-key', 'json')}\n`);
  writeFileSync(join(share, 'broken.zip'), Buffer.from('PK\x03\x04 no more', 'latin1'));
  const home = new CliHome(folder);
  const first = home.run(['scan', repo.path, share, '--json']);
  const fingerprint = /"fingerprint":"([0-9a-f]{64})"/.exec(first.stdout)?.[1] ?? '';
  const types = new Set<string>();
  const [inventory, faulty, vault] = ['inventory.yaml', 'faulty.yaml', 'vault.csv'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const entry = (id: string): string =>
    `  - { id: ${id}, match: [{ fingerprint: ${fingerprint} }], owner: team-a }\n`;
  writeFileSync(inventory, `version: 1\nreviewed: 2026-11-01\nidentities:\n${entry('a')}${entry('b')}`);
  writeFileSync(faulty, 'version: 1\nidentitys: []\n');
  writeFileSync(vault, 'path,key,fingerprint\nkv/nowhere,k,000000000000\n');
  for (const [args, input] of [
    [['scan', repo.path, share]],
    [['scan', repo.path, '--show-secrets']],
    [['list']],
    [['show', fingerprint]],
    [['where', fingerprint]],
    [['where', '-'], value],
    [['where', '-'], 'never-seen-8Kq2Zx7Lw4'],
    [['verify', fingerprint]],
    [['verify', fingerprint, '--value', '-'], value],
    [['report']],
    [['place', 'list']],
    [['inventory', 'check', inventory]],
    [['inventory', 'check', faulty]],
    [['inventory', 'import', inventory]],
    [['inventory', 'list']],
    [['ingest', vault]],
    [['db', 'stats']],
    [['db', 'check']],
    [['doctor']],
    [['rules', 'list']],
    [['fingerprint', '-'], value],
  ] as const) {
    const run = home.run([...args, '--json'], { input: input ?? '' });
    const lines = run.stdout.split('\n').filter((line) => line !== '');
    expect(lines.length, `${args.join(' ')}: ${run.stderr}`).toBeGreaterThan(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'begin', format: 1 });
    for (const line of lines) {
      const record = JSON.parse(line) as { type: string };
      types.add(record.type);
      validate(record);
      expect(validate.errors ?? [], `${args.join(' ')}: ${line}`).toEqual([]);
    }
  }
  expect(types).toContain('finding');
  expect(types).toContain('receipt');
  for (const type of ['importFault', 'import', 'inventoryEntry', 'importAmbiguous', 'vaultUnmatched'])
    expect(types).toContain(type);
});
