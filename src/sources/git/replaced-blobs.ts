/** Asks git which blobs the index replaces or deletes. */
import { type IndexEntry, type IndexPlace, splitNul } from './index-entries.js';
import { gitOutput } from './process.js';

/** Blobs of a commit that the index holds no longer at their paths. */
export async function replacedBlobs(
  { neutralDir, indexFile }: IndexPlace,
  commit: string,
): Promise<IndexEntry[]> {
  const env: Record<string, string> = indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile };
  const output = await gitOutput({ neutralDir, env }, [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--diff-filter=DMT',
    commit,
    '--',
  ]);
  const fields = splitNul(output);
  const entries: IndexEntry[] = [];
  // `:<mode> <mode> <oid> <oid> <status>` NUL `<path>` NUL
  for (let i = 0; i < fields.length; i += 2) {
    const [mode = '', , oid = ''] = (fields[i] ?? Buffer.alloc(0)).toString('latin1').split(' ');
    if (/^:(?:100|120)/.test(mode)) entries.push({ oid, path: fields[i + 1] ?? Buffer.alloc(0) });
  }
  return entries;
}
