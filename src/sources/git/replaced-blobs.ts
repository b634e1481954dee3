/** Asks git which blobs the index replaces or deletes. */
import { type IndexPlace, splitNul } from './index-entries.js';
import { gitOutput } from './process.js';

/** Hex ids of the blobs of a commit that the index holds no longer at their paths. */
export async function replacedBlobs(
  { neutralDir, indexFile }: IndexPlace,
  commit: string,
): Promise<string[]> {
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
  const oids: string[] = [];
  // `:<mode> <mode> <oid> <oid> <status>` NUL `<path>` NUL
  for (let i = 0; i < fields.length; i += 2) {
    const [mode = '', , oid = ''] = (fields[i] ?? Buffer.alloc(0)).toString('latin1').split(' ');
    if (/^:(?:100|120)/.test(mode)) oids.push(oid);
  }
  return oids;
}
