import { describe, expect, it } from 'vitest';
import { DocumentChanges, type DocumentMemory, inheritedSpans } from '../../../src/detect/document-memory.js';

const filler = (lines: number, name: string): string =>
  Array.from({ length: lines }, (_, n) => `${name} ${n} goes on\n`).join('');

function memoryOf(length: number, facts: Partial<DocumentMemory> = {}): DocumentMemory {
  return {
    length,
    encoding: 'ascii',
    loud: [],
    probed: [],
    isEncodedLoud: false,
    decodedTags: new Float64Array(0),
    ...facts,
  };
}

describe('inherited spans', () => {
  it('stand where their text was copied to, as often as it was', () => {
    const copies = [0, 100, 0, 100, 150, 20];
    expect(inheritedSpans([10, 20, 30, 40, 90, 110], copies)).toEqual([10, 20, 30, 40, 110, 120]);
  });

  it('are lost when only a part was copied', () => {
    expect(inheritedSpans([10, 20], [0, 15, 0, 15, 30, 15])).toEqual([]);
  });
});

describe('changes', () => {
  const before = filler(200, 'before');
  const behind = filler(200, 'behind');
  const bytes = Buffer.from(`${before}new\n${behind}`);
  const at = before.length;
  const copies = [0, at, 0, at + 4, bytes.length, at];
  const changed = [at - 16, at + 20];

  it('reach as far as the locality contract says, and no further', () => {
    const { due } = new DocumentChanges(bytes, { base: memoryOf(bytes.length - 4), changed, copies });
    expect(due).toHaveLength(2);
    const [start = 0, end = 0] = due;
    expect(at - start).toBeGreaterThan(490);
    expect(at - start).toBeLessThan(1600);
    expect(end - at).toBeGreaterThan(640);
    expect(end - at).toBeLessThan(800);
  });

  it('hold what is loud, wherever it stands now', () => {
    const base = memoryOf(bytes.length - 4, { loud: [3, 9, bytes.length - 30, bytes.length - 24] });
    const { due } = new DocumentChanges(bytes, { base, changed, copies });
    const lines = [0, 1, 2].map((i) => bytes.toString('latin1', due[i * 2], due[i * 2 + 1]));
    expect(lines[0]).toBe('before 0 goes on\n');
    expect(lines[2]).toMatch(/^behind 19\d goes on\n/);
  });

  it('know a probed run again unless it was cut, or the end behind it is another', () => {
    const probed = (start: number, end: number): number[] | undefined =>
      new DocumentChanges(bytes, {
        base: memoryOf(bytes.length - 4, { probed: [start, end] }),
        changed,
        copies,
      }).probedAsBefore();
    expect(probed(10, 40)).toEqual([10, 40]);
    expect(probed(at + 10, at + 20)).toEqual([at + 14, at + 24]);
    expect(probed(at - 5, at + 5)).toBeUndefined();
    expect(probed(bytes.length - 40, bytes.length + 100)).toEqual([bytes.length - 36, bytes.length]);
    const cut = new DocumentChanges(Buffer.from(`${before}new\n`), {
      base: memoryOf(at, { probed: [at - 20, at + 50] }),
      changed: [at - 16, at + 4],
      copies: [0, at, 0],
    });
    expect(cut.probedAsBefore()).toBeUndefined();
  });
});
