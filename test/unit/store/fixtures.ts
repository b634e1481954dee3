/** Builders for store tests: random fingerprints without a key, so nothing here is the id of any value. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitFacts, FileAppearance, GitBlobAppearance } from '../../../src/model/appearance.js';
import type { Finding } from '../../../src/model/finding.js';
import {
  type ContentId,
  type Fingerprint,
  parseCommitId,
  parseContentId,
  parseFingerprint,
  parseKindId,
  parsePlaceKey,
  parseRuleId,
} from '../../../src/model/ids.js';
import type { Place } from '../../../src/model/place.js';
import { emptyReceipt, type Receipt } from '../../../src/model/receipt.js';
import { openStore } from '../../../src/store/open-store.js';
import type { ContentResult, RootRef, ScanWriter, Store } from '../../../src/store/store.js';

export const keyId = '00112233445566ff';
export const analysisId = 'a1';
export const receipt: Receipt = emptyReceipt;

const hex = (name: string): string => createHash('sha256').update(name).digest('hex');
export const fingerprint = (name: string | number): Fingerprint => parseFingerprint(hex(`fp ${name}`));
export const contentId = (name: string | number): ContentId =>
  parseContentId(hex(`content ${name}`).slice(0, 32));

export function commit(name: string | number): CommitFacts {
  return {
    id: parseCommitId(hex(`commit ${name}`).slice(0, 40)),
    author: { name: `Ana ${name}`, email: `ana${name}@example.org` },
    authorDate: '2024-01-02T03:04:05+02:00',
    committerDate: '2024-01-02T03:04:06+02:00',
  };
}

export function finding(secret: Fingerprint, more: Partial<Finding> = {}): Finding {
  return {
    kind: parseKindId('demo-token'),
    rule: parseRuleId('demo-token'),
    fingerprint: secret,
    aliases: [],
    confidence: 'high',
    reasons: ['checksum-valid'],
    spelling: ['plain'],
    view: 'raw',
    span: { start: 10, end: 50 },
    exact: true,
    position: { line: 2, column: 3, endLine: 2, endColumn: 43 },
    chain: [],
    lengthClass: '40-79',
    strengthBits: 120,
    weak: false,
    attributes: [],
    relations: [],
    ...more,
  };
}

export function file(path: string, more: Partial<FileAppearance> = {}): FileAppearance {
  return {
    type: 'file',
    locationKind: 'loose-file',
    path: { text: path },
    ignored: false,
    tracked: false,
    ...more,
  };
}

export function blob(path: string, more: Partial<GitBlobAppearance> = {}): GitBlobAppearance {
  return {
    type: 'git-blob',
    locationKind: 'git-head',
    path: { text: path },
    introduced: commit(path),
    refs: ['refs/heads/main'],
    refCount: 1,
    ...more,
  };
}

export function place(name: string, more: Partial<Place> = {}): Place {
  return {
    key: parsePlaceKey(`git:example.org/${name}`),
    system: 'git',
    name,
    audience: 'internal',
    ...more,
  };
}

export function rootOf(of: Place, locator = `/clones/${of.name}`): RootRef {
  return { place: of.key, locator };
}

export function content(name: string | number, more: Partial<ContentResult> = {}): ContentResult {
  return { id: contentId(name), bytes: 100, findings: [], ...more };
}

/** A clock that goes on by a minute whenever it is asked. */
export function clock(start = '2025-01-01T00:00:00.000Z'): () => string {
  let at = Date.parse(start);
  return () => {
    at += 60_000;
    return new Date(at).toISOString();
  };
}

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sprawl-store-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export async function newStore(
  path = join(temporaryFolder(), 'sprawl.db'),
  now: () => string = clock(),
): Promise<Store> {
  return openStore({ path, keyId, mode: 'write', now });
}

export function begin(store: Store, whole = true, analysis = analysisId): Promise<ScanWriter> {
  return store.beginScan({ targets: ['.'], whole, analysisId: analysis });
}

/** One whole scan of one root: the usual course of a test. */
export async function scanOnce(
  store: Store,
  of: Place,
  contents: readonly ContentResult[],
  options: { readonly root?: RootRef; readonly whole?: boolean; readonly analysis?: string } = {},
): Promise<ScanWriter> {
  const root = options.root ?? rootOf(of);
  const writer = await begin(store, options.whole ?? true, options.analysis);
  await writer.upsertPlace(of);
  await writer.root(root);
  await writer.writeBatch(root, { contents, chunks: [] });
  await writer.finishRoot(root, {
    analysisId: options.analysis ?? analysisId,
    receipt,
    whole: options.whole ?? true,
    state: Buffer.from('state'),
  });
  await writer.finish(receipt);
  return writer;
}

export async function digest(store: Store): Promise<string> {
  const { faults, digest: hash } = await store.check();
  if (faults.length > 0) throw new Error(faults.join('; '));
  return hash;
}
