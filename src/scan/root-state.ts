/**
 * What the store keeps as a root's state: bytes 0 to 31 the keyed digest of what the source said of itself, since
 * the plain one of a store with a single object would confirm a guess at it; 32 to 35 (little-endian) the scan up
 * to which the root has been swept; then the links that were followed (link-memory.ts), if it remembers any.
 */
import type { RememberedLinks } from './link-memory.js';

const digestBytes = 32;
const headBytes = digestBytes + 4;

/** State of a root that an archive held once and does not any more: no state of a source. */
export const goneState: Buffer = Buffer.from('gone');

export function isGoneState(state: Uint8Array | undefined): boolean {
  return state !== undefined && goneState.equals(state);
}

export interface RootState {
  readonly digest: Buffer;
  readonly sweptThrough: number;
  readonly links?: Buffer;
}

/** @param digest 32 bytes */
export function joinState(
  digest: Uint8Array,
  sweptThrough: number,
  links: Pick<RememberedLinks, 'toBuffer'> | undefined,
): Buffer {
  const head = Buffer.alloc(headBytes);
  head.set(digest);
  head.writeUInt32LE(sweptThrough, digestBytes);
  return links === undefined ? head : Buffer.concat([head, links.toBuffer()]);
}

/** Undefined for what is no state of ours: the root is then read as if for the first time. */
export function splitState(state: Uint8Array | undefined): RootState | undefined {
  if (state === undefined || state.length < headBytes) return undefined;
  const bytes = Buffer.from(state);
  return {
    digest: bytes.subarray(0, digestBytes),
    sweptThrough: bytes.readUInt32LE(digestBytes),
    ...(bytes.length > headBytes ? { links: bytes.subarray(headBytes) } : {}),
  };
}
