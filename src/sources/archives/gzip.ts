/** gzip (RFC 1952): one stream of one or more members; often a tar. */
import { type Chunks, gunzipStream, inflateChunks } from './inflate.js';

/** The inflated bytes of all members. Throws at damage, after what came before it. */
export function gunzipChunks(source: Chunks): AsyncGenerator<Buffer> {
  return inflateChunks(source, gunzipStream());
}

/** Name of the content: the container's without its `.gz`, else what the header says. */
export function gzipContentName(head: Buffer, containerName: string): string {
  const base = containerName.slice(containerName.lastIndexOf('/') + 1);
  const stem = base.replace(/\.(?:gz|gzip|z)$/i, '').replace(/\.(?:tgz|taz)$/i, '.tar');
  if (stem !== '' && stem !== base) return stem;
  return storedName(head) ?? 'content';
}

/** FNAME of the header, Latin-1 and ended by NUL; behind the 10 fixed bytes and FEXTRA. */
function storedName(head: Buffer): string | undefined {
  const flags = head[3] ?? 0;
  if ((flags & 0x08) === 0 || head.length < 12) return undefined;
  const start = (flags & 0x04) !== 0 ? 12 + head.readUInt16LE(10) : 10;
  const end = head.indexOf(0, start);
  if (end <= start) return undefined;
  const name = head.toString('latin1', start, end).replaceAll('\\', '/');
  return name.slice(name.lastIndexOf('/') + 1) || undefined;
}
