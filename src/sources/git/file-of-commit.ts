/** Reads a file out of a commit's tree, object by object. */
import type { ObjectLookup } from './object-lookup.js';

const folderMode = '40000';
/** Trees beyond it are no tree that somebody made by hand; git answers for them. */
const maxTreeBytes = 16 << 20;

/**
 * Content of a regular file in a commit's tree; `none` when there is none or it is larger than `maxBytes`,
 * undefined when git must be asked.
 */
export function lookUpFile(
  lookup: ObjectLookup,
  oidBytes: number,
  commit: string,
  path: string,
  maxBytes: number,
): Buffer | 'none' | undefined {
  const text = lookup.read(commit, maxTreeBytes);
  const root = /^tree ([0-9a-f]+)\n/.exec(text?.bytes.toString('latin1', 0, 80) ?? '')?.[1];
  if (text?.type !== 'commit' || root === undefined) return undefined;
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  let tree = root;
  for (const part of parts) {
    const entry = entryOf(lookup, oidBytes, tree, part);
    if (entry === undefined) return undefined;
    if (entry === 'none' || entry.mode !== folderMode) return 'none';
    tree = entry.oid;
  }
  const entry = entryOf(lookup, oidBytes, tree, name);
  if (entry === undefined || entry === 'none') return entry;
  if (!/^100\d{3}$/.test(entry.mode)) return 'none';
  const file = lookup.read(entry.oid, maxBytes);
  return file?.type === 'blob' ? file.bytes : undefined;
}

function entryOf(
  lookup: ObjectLookup,
  oidBytes: number,
  tree: string,
  name: string,
): { readonly mode: string; readonly oid: string } | 'none' | undefined {
  const object = lookup.read(tree, maxTreeBytes);
  if (object?.type !== 'tree') return undefined;
  const { bytes } = object;
  const wanted = Buffer.from(name);
  // Entries are `<octal mode> <name>` NUL `<id>`.
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const nul = bytes.indexOf(0, blank);
    if (blank < 0 || nul < 0 || nul + oidBytes >= bytes.length + 1) return undefined;
    if (bytes.subarray(blank + 1, nul).equals(wanted)) {
      return {
        mode: bytes.toString('latin1', at, blank),
        oid: bytes.toString('hex', nul + 1, nul + 1 + oidBytes),
      };
    }
    at = nul + 1 + oidBytes;
  }
  return 'none';
}
