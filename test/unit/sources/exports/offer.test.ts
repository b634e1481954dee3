import { describe, expect, it } from 'vitest';
import { fileOfBytes } from '../../../../src/sources/exports/offer.js';
import { NoTree } from '../../../../src/sources/exports/trees.js';

describe('a file in memory', () => {
  const bytes = Buffer.alloc(2_500_000, 'a line of an export\n');

  it('comes in pieces, so that no reader makes objects of all of it at once', async () => {
    const pieces: Buffer[] = [];
    for await (const piece of fileOfBytes('rows.csv', bytes, new NoTree(), undefined).chunks()) {
      expect(piece.length).toBeLessThanOrEqual(1 << 20);
      pieces.push(piece);
    }
    expect(pieces).toHaveLength(3);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('can be read again', async () => {
    const file = fileOfBytes('rows.csv', bytes, new NoTree(), undefined);
    let size = 0;
    for (let time = 0; time < 2; time++) for await (const piece of file.chunks()) size += piece.length;
    expect(size).toBe(2 * bytes.length);
  });
});
