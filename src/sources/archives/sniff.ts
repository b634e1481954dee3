/** What a container is, from its first bytes; names and extensions count for nothing. */

export const readableContainers = ['zip', 'gzip', 'tar'] as const;
export const unsupportedContainers = ['bzip2', 'xz', 'zstd', '7z', 'rar', 'lz4'] as const;
export type ReadableContainer = (typeof readableContainers)[number];
export type UnsupportedContainer = (typeof unsupportedContainers)[number];
export type ContainerKind = ReadableContainer | UnsupportedContainer;

/** As many first bytes as {@link sniffContainer} looks at. */
export const sniffBytes = 512;

/** As Latin-1. Sources: PKWARE APPNOTE 4.3, RFC 1952, RFC 8878, the xz, 7z, rar, lz4 and bzip2 descriptions. */
const signatures: readonly { readonly kind: ContainerKind; readonly bytes: string }[] = [
  { kind: 'zip', bytes: 'PK\x03\x04' },
  { kind: 'zip', bytes: 'PK\x05\x06' },
  { kind: 'zip', bytes: 'PK\x07\x08' },
  { kind: 'gzip', bytes: '\x1f\x8b\x08' },
  // With the magic of the first block (pi) or of an empty stream's end: "BZh9" alone begins ordinary text.
  ...Array.from('123456789', (level) => ({ kind: 'bzip2', bytes: `BZh${level}1AY&SY` }) as const),
  ...Array.from('123456789', (level) => ({ kind: 'bzip2', bytes: `BZh${level}\x17rE8P\x90` }) as const),
  { kind: 'xz', bytes: '\xfd7zXZ\0' },
  { kind: 'zstd', bytes: '\x28\xb5\x2f\xfd' },
  { kind: '7z', bytes: '7z\xbc\xaf\x27\x1c' },
  { kind: 'rar', bytes: 'Rar!\x1a\x07' },
  { kind: 'lz4', bytes: '\x04\x22\x4d\x18' },
];

/** So that most documents cost one look-up. */
const firstBytes = new Set(signatures.map(({ bytes }) => bytes.charCodeAt(0)));

export function sniffContainer(bytes: Buffer): ContainerKind | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (firstBytes.has(first)) {
    const head = bytes.toString('latin1', 0, 10);
    const found = signatures.find(({ bytes: signature }) => head.startsWith(signature));
    if (found !== undefined) return found.kind;
  }
  return isTarHeader(bytes) ? 'tar' : undefined;
}

/** True when walkArchive should be asked, be it only to report that it cannot open the container. */
export function looksLikeArchive(bytes: Buffer): boolean {
  return sniffContainer(bytes) !== undefined;
}

export function isReadable(kind: ContainerKind): kind is ReadableContainer {
  return (readableContainers as readonly string[]).includes(kind);
}

/**
 * Says whether the 512 bytes are a tar header: the checksum at 148 is the sum of all bytes with its own
 * field as blanks. Old (v7) archives have no `ustar`, the sum alone is proof enough.
 */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < 512) return false;
  // Cheap ways out first: a checksum field is octal digits, blanks and NULs, and a name is there.
  if (block[0] === 0) return false;
  const stated = Number.parseInt(block.toString('latin1', 148, 156).replaceAll('\0', ' ').trim(), 8);
  if (!(stated > 0)) return false;
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (let i = 0; i < 512; i++) {
    if (i >= 148 && i < 156) continue;
    const byte = block[i] as number;
    unsigned += byte;
    // Some old tars summed signed characters.
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stated === unsigned || stated === signed;
}
