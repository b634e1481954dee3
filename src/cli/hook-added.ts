/**
 * From the list of staged blobs to what is new in them: a secret that a replaced or deleted version holds, or
 * another parent of a merge, was committed before.
 */
import type { PathName } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';
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
  /** Findings in a path itself, which is committed with the file. */
  readonly findingsInName: (path: PathName) => readonly Finding[];
}

function pathKey({ text, bytes }: PathName): string {
  return `${bytes ?? ''}\0${text}`;
}

/** Hands over every file with findings that matter and that the commit adds. */
export async function visitAdded(
  { changes, othersChanges, findingsOf, findingsInName }: StagedCommit,
  events: Pick<StagedEvents, 'isRelevant' | 'file'>,
): Promise<void> {
  if (changes.entries.length === 0) return;
  const found = await findingsOf(changes.entries.map(({ oid }) => oid));
  const relevant = ({ findings, inName, path }: StagedFile): StagedFile => ({
    path,
    findings: findings.filter((one) => events.isRelevant(one, path)),
    inName: inName.filter((one) => events.isRelevant(one, path)),
  });
  let files = changes.entries
    .map(({ oid, path: bytes }) => {
      const path = pathNameOf(bytes);
      return relevant({ path, findings: found.get(oid) ?? [], inName: findingsInName(path) });
    })
    .filter(hasFindings);
  if (files.length === 0) return;
  const replaced = [...changes.replaced];
  for (const other of await othersChanges()) {
    const paths = new Set(other.entries.map(({ path }) => pathKey(pathNameOf(path))));
    files = files.filter(({ path }) => paths.has(pathKey(path)));
    replaced.push(...other.replaced);
  }
  const texts = replaced.length === 0 ? [] : [...(await findingsOf(replaced.map(({ oid }) => oid))).values()];
  const names = replaced.map(({ path }) => findingsInName(pathNameOf(path)));
  const known = new Set([...texts, ...names].flat().map(({ fingerprint }) => fingerprint));
  const isNew = ({ fingerprint }: Finding): boolean => !known.has(fingerprint);
  for (const { path, findings, inName } of files) {
    const added = { path, findings: findings.filter(isNew), inName: inName.filter(isNew) };
    if (hasFindings(added)) events.file(added);
  }
}

function hasFindings({ findings, inName }: StagedFile): boolean {
  return findings.length > 0 || inName.length > 0;
}
