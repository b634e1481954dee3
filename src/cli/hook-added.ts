/**
 * From the list of staged blobs to what is new in them: a secret that a replaced or deleted version holds, or
 * another parent of a merge, was committed before.
 */
import type { PathName } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';
import type { IndexEntry } from '../sources/git/index-entries.js';
import { pathNameOf } from '../sources/git/path-name.js';
import type { StagedChanges } from '../sources/git/staged-changes.js';
import type { StagedEvents, StagedFile } from './hook-services.js';

export interface StagedCommit {
  /** Against the first parent. */
  readonly changes: StagedChanges;
  /** Against each other parent of a merge; asked only when something would be refused. */
  readonly othersChanges: () => Promise<readonly StagedChanges[]>;
  /** Findings of blobs by hex id. */
  readonly findingsOf: (oids: readonly string[]) => Promise<ReadonlyMap<string, readonly Finding[]>>;
}

function pathKey({ text, bytes }: PathName): string {
  return `${bytes ?? ''}\0${text}`;
}

function stagedFile({ oid, path }: IndexEntry, found: ReadonlyMap<string, readonly Finding[]>): StagedFile {
  return { path: pathNameOf(path), findings: found.get(oid) ?? [] };
}

/** Hands over every file with findings that matter and that the commit adds. */
export async function visitAdded(
  { changes, othersChanges, findingsOf }: StagedCommit,
  events: Pick<StagedEvents, 'isRelevant' | 'file'>,
): Promise<void> {
  if (changes.entries.length === 0) return;
  const found = await findingsOf(changes.entries.map(({ oid }) => oid));
  let files = changes.entries
    .map((entry) => stagedFile(entry, found))
    .map((file) => ({ ...file, findings: file.findings.filter((one) => events.isRelevant(one, file)) }))
    .filter(({ findings }) => findings.length > 0);
  if (files.length === 0) return;
  const replaced = [...changes.replaced];
  for (const other of await othersChanges()) {
    const paths = new Set(other.entries.map(({ path }) => pathKey(pathNameOf(path))));
    files = files.filter(({ path }) => paths.has(pathKey(path)));
    replaced.push(...other.replaced);
  }
  const before = replaced.length === 0 ? [] : [...(await findingsOf(replaced)).values()].flat();
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  for (const file of files) {
    const added = file.findings.filter(({ fingerprint }) => !known.has(fingerprint));
    if (added.length > 0) events.file({ ...file, findings: added });
  }
}
