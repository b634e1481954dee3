/**
 * Brings a bundle (gitformat-bundle(5), v2 and v3), or a lone pack, into an empty repository of ours. The header is
 * read here, and git sees the pack alone: no ref of the bundle, hook or remote is ever acted upon.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Largest header: a ref takes about 100 bytes. */
const maxHeaderBytes = 64 * 1024 * 1024;

export interface BundleHeader {
  readonly objectFormat: 'sha1' | 'sha256';
  /** Made with a filter: objects are missing on purpose. */
  readonly partial: boolean;
  /** Made on top of commits that the reader is expected to have. */
  readonly incremental: boolean;
  readonly refs: ReadonlyMap<string, string>;
}

const lonePack: BundleHeader = {
  objectFormat: 'sha1',
  partial: false,
  incremental: false,
  refs: new Map(),
};

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

/** Writes the pack and the refs below `path`; undefined when the header is not that of a bundle. */
export async function readBundle(chunks: Chunks, path: string): Promise<BundleHeader | undefined> {
  const fd = openSync(join(path, 'objects', 'pack', 'pack-bundle.pack'), 'wx', 0o600);
  let header: BundleHeader | undefined;
  let held: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of chunks) {
      if (header !== undefined) {
        writeAll(fd, chunk);
        continue;
      }
      const searched = Math.max(0, held.length - 1);
      held = Buffer.concat([held, chunk]);
      if (held.length > maxHeaderBytes) return undefined;
      const split = splitHeader(held, searched);
      if (split === undefined) continue;
      header = split.header;
      writeAll(fd, split.rest);
    }
  } finally {
    closeSync(fd);
  }
  if (header !== undefined) writeRefs(path, header.refs);
  return header;
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function splitHeader(
  held: Buffer,
  searched: number,
): { readonly header: BundleHeader; readonly rest: Buffer } | undefined {
  if (held.toString('latin1', 0, 4) === 'PACK') return { header: lonePack, rest: held };
  const end = held.indexOf('\n\n', searched);
  return end < 0
    ? undefined
    : { header: parseHeader(held.subarray(0, end + 1)), rest: held.subarray(end + 2) };
}

function parseHeader(bytes: Buffer): BundleHeader {
  const refs = new Map<string, string>();
  const header = { objectFormat: 'sha1' as BundleHeader['objectFormat'], partial: false, incremental: false };
  for (const line of bytes.toString('latin1').split('\n').slice(1)) {
    if (line === '@object-format=sha256') header.objectFormat = 'sha256';
    else if (line.startsWith('@filter=')) header.partial = true;
    else if (line.startsWith('-')) header.incremental = true;
    const ref = /^([0-9a-f]{40}|[0-9a-f]{64}) (HEAD|refs\/[^\s~^:?*[\\]+)$/.exec(line);
    if (ref !== null) refs.set(ref[2] as string, ref[1] as string);
  }
  return { ...header, refs };
}

function writeRefs(path: string, refs: ReadonlyMap<string, string>): void {
  const named = [...refs].filter(([name]) => name !== 'HEAD').sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = named.map(([name, oid]) => `${oid} ${name}\n`);
  const options = { mode: 0o600, encoding: 'latin1' } as const;
  writeFileSync(join(path, 'packed-refs'), `# pack-refs with: sorted \n${lines.join('')}`, options);
  const head = refs.get('HEAD');
  if (head === undefined) return;
  // A bundle does not say which branch HEAD is on.
  const branches = named.filter(([name, oid]) => oid === head && name.startsWith('refs/heads/'));
  const branch = branches.find(([name]) => /\/(?:main|master)$/.test(name)) ?? branches[0];
  writeFileSync(join(path, 'HEAD'), `${branch === undefined ? head : `ref: ${branch[0]}`}\n`, options);
}
