/** The library's scan as a stream of events. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  deriveKeys,
  openDatabase,
  type ScanStreamEvent,
  type Store,
  scanEvents,
} from '../../../src/index.js';
import { fakeSecret } from '../../support/fake-secret.js';
import { scratch } from '../../support/scratch.js';

const keys = deriveKeys(Buffer.alloc(32, 9));

async function storeIn(folder: string): Promise<Store> {
  const now = (): string => '2025-01-01T00:00:00.000Z';
  return openDatabase({ path: join(folder, 'x.db'), keyId: keys.id, mode: 'write', now });
}

function shareIn(folder: string): string {
  const share = join(folder, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'a.txt'), `token=${fakeSecret('github-pat-classic', 'events')}\n`);
  return share;
}

test('yields what a scan tells, the result last', async () => {
  const folder = scratch();
  const store = await storeIn(folder);
  const targets = [shareIn(folder), join(folder, 'missing')];
  const events: ScanStreamEvent[] = [];
  for await (const event of scanEvents({ targets, jobs: 1 }, { store, keys })) events.push(event);
  const types = events.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['target', 'phase', 'progress', 'problem']));
  expect(types.indexOf('result')).toBe(types.length - 1);
  expect(events.at(-1)).toMatchObject({ result: { receipt: { gaps: { 'not-found': 1 } } } });
  expect(await store.listSecrets({})).toHaveLength(1);
  store.close();
});

test('leaving the loop interrupts the scan and waits for its end', async () => {
  const folder = scratch();
  const store = await storeIn(folder);
  for await (const _ of scanEvents({ targets: [shareIn(folder)], jobs: 1 }, { store, keys })) break;
  // Nothing is left running on a store that is closed.
  store.close();
  expect(
    await openDatabase({ path: join(folder, 'x.db'), keyId: keys.id, mode: 'read', now: () => '' }).then(
      (again) => again.check().then(({ ok }) => ok),
    ),
  ).toBe(true);
});

test('a failure of the whole run is thrown from the loop', async () => {
  const folder = scratch();
  const store = await storeIn(folder);
  const share = shareIn(folder);
  const run = async (): Promise<void> => {
    const options = { targets: [share], jobs: 1, configFile: join(folder, 'none.yaml') };
    for await (const _ of scanEvents(options, { store, keys }));
  };
  await expect(run()).rejects.toMatchObject({ problem: { code: 'config-invalid' } });
  store.close();
});
