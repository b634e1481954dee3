/** Reads the index: what is staged, what is tracked. Never touches the work tree, so no filter can run. */

import { readIndexFile } from './index-file.js';
import type { ObjectFormat } from './object-id.js';
import { gitOutput } from './process.js';

export interface IndexEntry {
  readonly oid: string;
  readonly path: Buffer;
  /** True where the commit that was compared with has no such path. */
  readonly isNew?: boolean;
}

export interface IndexPlace {
  readonly neutralDir: string;
  /** Another index than the store's own, e.g. the temporary one of `git commit <path>`. */
  readonly indexFile?: string;
}

const emptyTree: Readonly<Record<ObjectFormat, string>> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};
const gitlinkMode = '160000';
const gitlinkBits = 0o160000;

export interface IndexContent {
  /** All blobs, every stage of a conflict. */
  readonly entries: readonly IndexEntry[];
  /** Entries that name a commit of another store. */
  readonly submodules: number;
}

/** A store's own index, read without git where its format allows. */
export async function ownIndexEntries(
  indexFile: string,
  format: ObjectFormat,
  neutralDir: () => string,
): Promise<IndexContent> {
  const all = readIndexFile(indexFile, format);
  if (all === undefined) return indexEntries({ neutralDir: neutralDir() });
  const entries = all.filter(({ mode }) => mode !== gitlinkBits);
  return { entries, submodules: all.length - entries.length };
}

/** Entries of an index as git reads them. */
export async function indexEntries(place: IndexPlace): Promise<IndexContent> {
  return parseStage(await gitOutput(start(place), ['ls-files', '-s', '-z']));
}

/** Index entries that differ from a commit (or, without one, from nothing). */
export async function stagedEntries(
  place: IndexPlace,
  head: string | undefined,
  format: ObjectFormat,
): Promise<IndexContent> {
  const output = await gitOutput(start(place), [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=none',
    head ?? emptyTree[format],
    '--',
  ]);
  const entries: IndexEntry[] = [];
  let submodules = 0;
  let conflicts = false;
  const fields = splitNul(output);
  // `:<mode> <mode> <oid> <oid> <status>` NUL `<path>` NUL
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = '', , oid = '', status = ''] = (fields[i] ?? Buffer.alloc(0))
      .toString('latin1')
      .split(' ');
    const path = fields[i + 1] ?? Buffer.alloc(0);
    if (status.startsWith('U')) conflicts = true;
    else if (mode === gitlinkMode) submodules++;
    else if (!status.startsWith('D') && !/^0+$/.test(oid)) entries.push({ oid, path, isNew: status === 'A' });
  }
  if (conflicts) {
    const unmerged = parseStage(await gitOutput(start(place), ['ls-files', '-u', '-z'])).entries;
    for (const entry of unmerged) entries.push(entry);
  }
  return { entries, submodules };
}

function start(place: IndexPlace): { neutralDir: string; env: Record<string, string> } {
  return {
    neutralDir: place.neutralDir,
    env: place.indexFile === undefined ? {} : { GIT_INDEX_FILE: place.indexFile },
  };
}

/** `<mode> <oid> <stage>` TAB `<path>` NUL */
function parseStage(output: Buffer): { entries: IndexEntry[]; submodules: number } {
  const entries: IndexEntry[] = [];
  let submodules = 0;
  for (const field of splitNul(output)) {
    const tab = field.indexOf(0x09);
    const [mode, oid] = field.toString('latin1', 0, tab).split(' ');
    if (mode === gitlinkMode) submodules++;
    else if (oid !== undefined) entries.push({ oid, path: field.subarray(tab + 1) });
  }
  return { entries, submodules };
}

/** Fields of NUL-terminated output. */
export function splitNul(output: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  for (let end = output.indexOf(0); end >= 0; end = output.indexOf(0, at)) {
    fields.push(output.subarray(at, end));
    at = end + 1;
  }
  return fields;
}
