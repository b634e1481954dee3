/** Facts of public things, and databases that keep no names. */
import { afterAll, expect, it } from 'vitest';
import { textHasher } from '../../../src/identity/hashed-text.js';
import type { Attribute } from '../../../src/model/finding.js';
import { openStore } from '../../../src/store/open-store.js';
import type { RootRef, ScanWriter, Store } from '../../../src/store/store.js';
import {
  analysisId,
  clock,
  content,
  digest,
  finding,
  fingerprint,
  keyId,
  place,
  receipt,
  removeFolders,
  rootOf,
  temporaryFolder,
} from './fixtures.js';

afterAll(removeFolders);

const hashText = textHasher(Buffer.alloc(32, 3));
const key = fingerprint('private key');
const target = fingerprint('its public half');
const here = place('here');
const there = place('there');
const subject = { name: 'x509-subject', text: 'CN=api.acme.example' };
const user = { name: 'user', text: 'ledger' };
const [keyRoot, certificateRoot] = [rootOf(here), rootOf(there)];

function open(path = `${temporaryFolder()}/sprawl.db`): Promise<Store> {
  return openStore({ path, keyId, mode: 'write', now: clock(), hashText });
}

async function scan(
  store: Store,
  write: (writer: ScanWriter) => Promise<void>,
  root: RootRef,
  hashNames = false,
): Promise<void> {
  const writer = await store.beginScan({ targets: ['.'], whole: true, analysisId, hashNames });
  await writer.upsertPlace(root === keyRoot ? here : there);
  await writer.root(root);
  await write(writer);
  await writer.finishRoot(root, { analysisId, receipt, whole: true });
  await writer.finish(receipt);
}

const writeKey = (writer: ScanWriter): Promise<void> =>
  writer.writeBatch(keyRoot, {
    contents: [
      content('key', {
        findings: [
          finding(key, {
            aliases: [{ domain: 'public-key', fingerprint: target }],
            attributes: [user],
            account: 'ledger@db1.acme.example',
          }),
        ],
      }),
    ],
    chunks: [],
  });
const writeCertificate = (writer: ScanWriter): Promise<void> =>
  writer.writeBatch(certificateRoot, {
    contents: [],
    chunks: [],
    publicFacts: [{ about: target, attributes: [subject] }],
  });

async function attributes(store: Store): Promise<readonly Attribute[]> {
  return (await store.exposure(key))?.attributes ?? [];
}

it('reach the secret with the same public half, whichever is written first', async () => {
  const digests: string[] = [];
  for (const isKeyFirst of [true, false]) {
    const store = await open();
    if (isKeyFirst) await scan(store, writeKey, keyRoot);
    await scan(store, writeCertificate, certificateRoot);
    if (!isKeyFirst) await scan(store, writeKey, keyRoot);
    expect(await attributes(store)).toEqual([user, subject]);
    expect(await store.findByIdentifier(subject.text)).toEqual([key]);
    digests.push(await digest(store));
    store.close();
  }
  expect(digests[0]).toBe(digests[1]);
});

it('are forgotten with the place they were read from, and leave no text', async () => {
  const store = await open();
  await scan(store, writeKey, keyRoot);
  await scan(store, writeCertificate, certificateRoot);
  await store.forget({ place: there.key });
  expect(await attributes(store)).toEqual([user]);
  expect((await store.check()).faults).toEqual([]);
  store.close();
});

it.each([
  [true, false],
  [false, true],
])('a merge of hashed (%s) and hashed (%s) keeps names in neither form but one', async (ours, theirs) => {
  const other = `${temporaryFolder()}/other.db`;
  const second = await open(other);
  await scan(second, writeCertificate, certificateRoot, theirs);
  second.close();
  const store = await open();
  await scan(store, writeKey, keyRoot, ours);
  await store.merge(other);
  expect(await attributes(store)).toEqual([
    { name: 'user', text: hashText('user', 'ledger') },
    { name: 'x509-subject', text: hashText('x509-subject', subject.text) },
  ]);
  expect((await store.exposure(key))?.locations.map(({ account }) => account)).not.toContain(
    'ledger@db1.acme.example',
  );
  expect(await store.findByIdentifier('ledger')).toEqual([key]);
  expect((await store.check()).faults).toEqual([]);
  store.close();
});

it('a database of hashes takes no writes from who cannot make them', async () => {
  const path = `${temporaryFolder()}/sprawl.db`;
  const store = await open(path);
  await scan(store, writeKey, keyRoot, true);
  store.close();
  const plain = await openStore({ path, keyId, mode: 'write', now: clock() });
  await expect(scan(plain, writeCertificate, certificateRoot)).rejects.toThrow(/keyed hashes/);
  expect((await plain.exposure(key))?.attributes[0]?.text).toBe(hashText('user', 'ledger'));
  plain.close();
});
