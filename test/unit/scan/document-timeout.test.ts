/** A document in which the engine would stay for ever is a gap; everything beside it is read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deriveKeys, openDatabase, type Store } from '../../../src/index.js';
import { loadRuleSet } from '../../../src/rules/load-bundle.js';
import type { RuleSet } from '../../../src/rules/rule-set.js';
import type { ScanOptions, ScanResult } from '../../../src/scan/messages.js';
import { scan } from '../../../src/scan/scan.js';
import { fakeSecret } from '../../support/fake-secret.js';
import { GitFixture } from '../../support/git-fixture.js';
import { scratch } from '../../support/scratch.js';

const keys = deriveKeys(Buffer.alloc(32, 9));
const now = (): string => '2025-01-01T00:00:00.000Z';

/** Makes the slow rule try some 2^60 ways. */
const trap = `zzslowtrap${'a'.repeat(60)}!`;
/** Above what the main thread runs without a clock. */
const padding = 'lorem ipsum dolor\n'.repeat(600);

/** The built-in rules with one that no compiler of ours would let pass. */
async function rulesWithTrap(): Promise<RuleSet> {
  const { rules } = await loadRuleSet();
  const model = rules.find(({ detector, locality }) => detector === 'pattern' && locality === 'local');
  if (model?.pattern === undefined) throw new Error('no rule to copy');
  const slow = {
    ...model,
    id: 'slow-trap' as typeof model.id,
    keywords: [{ text: 'zzslowtrap', caseSensitive: true }],
    pattern: { source: 'zzslowtrap((?:a+)+)$', ignoreCase: false, maxBytes: 200, minBytes: 12 },
    checks: {},
    companions: [],
  };
  return { digest: 'with-trap', rules: [...rules, slow] };
}

/** Of processor time: many times what honest documents of this size take, a cold engine's first ones included. */
const limitMs = 1500;

async function scanned(
  options: Omit<ScanOptions, 'jobs'> & { readonly jobs?: number },
  signal: AbortSignal = new AbortController().signal,
): Promise<{ result: ScanResult; store: Store }> {
  const store = await openDatabase({ path: join(scratch(), 'x.db'), keyId: keys.id, mode: 'write', now });
  const deps = { store, keys, rules: await rulesWithTrap(), onEvent: () => undefined, signal };
  return { result: await scan({ jobs: 1, timeoutMs: limitMs, ...options }, deps), store };
}

function folderWithTraps(...names: readonly string[]): string {
  const folder = scratch();
  for (const name of names) writeFileSync(join(folder, name), `${padding}${trap}\n`);
  writeFileSync(join(folder, 'before.txt'), `${padding}token=${fakeSecret('github-pat', 'before')}\n`);
  writeFileSync(join(folder, 'zlast.txt'), `${padding}token=${fakeSecret('github-pat', 'last')}\n`);
  return folder;
}

test('a file that never ends is named, and its neighbours are read', async () => {
  const { result, store } = await scanned({ targets: [folderWithTraps('middle.txt')] });
  expect(result.receipt.gaps).toEqual({ 'document-timeout': 1 });
  expect(result.receipt.problems).toEqual([{ code: 'document-timeout', where: 'middle.txt' }]);
  expect(result.receipt.complete).toBe(false);
  expect(await store.listSecrets({})).toHaveLength(2);
  store.close();
});

test('several such files in one range are each given up', async () => {
  const { result, store } = await scanned({ targets: [folderWithTraps('m1.txt', 'm2.txt')] });
  expect(result.receipt.problems.map(({ where }) => where).sort()).toEqual(['m1.txt', 'm2.txt']);
  expect(await store.listSecrets({})).toHaveLength(2);
  store.close();
});

test('a blob is named without its id, and the rest of the history is read', async () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.write('middle.txt', `${padding}${trap}\n`);
  repo.write('conf.env', `TOKEN=${fakeSecret('github-pat', 'history')}\n`);
  repo.commit('one');
  const bare = join(folder, 'bare.git');
  repo.git('clone', '-q', '--bare', '--no-local', repo.path, bare);
  const { result, store } = await scanned({ targets: [bare] });
  expect(result.receipt.gaps).toEqual({ 'document-timeout': 1 });
  expect(result.receipt.problems[0]?.where).toBe('blob in history');
  expect(await store.listSecrets({})).toHaveLength(1);
  store.close();
});

test('what was given up is tried again, here by rules without the trap', async () => {
  const target = folderWithTraps('middle.txt');
  const { store } = await scanned({ targets: [target] });
  const signal = new AbortController().signal;
  const again = await scan({ targets: [target], jobs: 1 }, { store, keys, onEvent: () => undefined, signal });
  expect(again.receipt).toMatchObject({ gaps: {}, complete: true });
  store.close();
});

test('an interrupt ends a scan whose worker is stuck', async () => {
  const abort = new AbortController();
  const target = folderWithTraps('middle.txt');
  // Beyond what the main thread reads alone.
  writeFileSync(join(target, 'filler.txt'), 'lorem ipsum dolor\n'.repeat(300_000));
  setTimeout(() => abort.abort(), 3000);
  const { result, store } = await scanned({ targets: [target], timeoutMs: 600_000 }, abort.signal);
  expect(result.receipt).toMatchObject({ interrupted: true, complete: false });
  store.close();
});
