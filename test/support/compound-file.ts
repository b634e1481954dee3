/** Makes compound files, the container of old Office documents, with the sectors of each stream out of order. */

const sectorBytes = 512;
const endOfChain = 0xfffffffe;
const free = 0xffffffff;
const fatMark = 0xfffffffd;

/** Each stream is filled up to the size from which on it has sectors of its own. */
export function compoundFile(streams: Readonly<Record<string, Buffer>>): Buffer {
  const contents = Object.entries(streams).map(([name, bytes]) => ({
    name,
    bytes: Buffer.concat([bytes, Buffer.alloc(Math.max(0, 4096 - bytes.length))]),
  }));
  const sectors: Buffer[] = [];
  const next: number[] = [];
  const directoryCount = Math.ceil((contents.length + 1) / 4);
  const starts: number[] = [];
  let at = 1 + directoryCount;
  for (const { bytes } of contents) {
    const count = Math.ceil(bytes.length / sectorBytes);
    // The second half lies before the first.
    const half = count >> 1;
    const place = (i: number): number => at + ((i + half) % count);
    for (let i = 0; i < count; i++) {
      const piece = Buffer.alloc(sectorBytes);
      bytes.copy(piece, 0, i * sectorBytes, (i + 1) * sectorBytes);
      sectors[place(i)] = piece;
      next[place(i)] = i + 1 < count ? place(i + 1) : endOfChain;
    }
    starts.push(place(0));
    at += count;
  }
  const directory = Buffer.alloc(directoryCount * sectorBytes);
  const entry = (index: number, name: string, type: number, start: number, size: number): void => {
    const base = index * 128;
    directory.write(name, base, 'utf16le');
    directory.writeUInt16LE((name.length + 1) * 2, base + 64);
    directory[base + 66] = type;
    directory.writeUInt32LE(start, base + 116);
    directory.writeUInt32LE(size, base + 120);
  };
  entry(0, 'Root Entry', 5, endOfChain, 0);
  contents.forEach(({ name, bytes }, i) => {
    entry(i + 1, name, 2, starts[i] ?? 0, bytes.length);
  });
  for (let i = 0; i < directoryCount; i++) {
    sectors[1 + i] = directory.subarray(i * sectorBytes, (i + 1) * sectorBytes);
    next[1 + i] = i + 1 < directoryCount ? i + 2 : endOfChain;
  }
  next[0] = fatMark;
  const fat = Buffer.alloc(sectorBytes, 0xff);
  next.forEach((value, i) => {
    fat.writeUInt32LE(value, i * 4);
  });
  sectors[0] = fat;
  const header = Buffer.alloc(sectorBytes);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(endOfChain, 60);
  header.writeUInt32LE(endOfChain, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  if (next.length > sectorBytes / 4) throw new Error(`${next.length} sectors; ${free} are left`);
  return Buffer.concat([header, ...sectors]);
}
