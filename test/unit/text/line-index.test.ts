import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNewlines, LineIndex } from '../../../src/text/line-index.js';

function at(text: string | Buffer, offset: number): [number, number] {
  const { line, column } = new LineIndex(Buffer.from(text as string)).lineColumnOf(offset);
  return [line, column];
}

describe('line index', () => {
  it('counts lines and columns from 1', () => {
    expect(at('abc', 0)).toEqual([1, 1]);
    expect(at('abc\ndef', 4)).toEqual([2, 1]);
    expect(at('abc\r\ndef', 7)).toEqual([2, 3]);
    expect(at('abc\n', 4)).toEqual([2, 1]);
    expect(at('', 0)).toEqual([1, 1]);
  });

  it('counts code points, an undecodable byte as one', () => {
    expect(at('äö😀x', 8)).toEqual([1, 4]);
    expect(at(Buffer.from([0xff, 0xc3, 0x28, 0x61]), 3)).toEqual([1, 4]);
    expect(at(Buffer.from([0xed, 0xa0, 0x80, 0x61]), 3)).toEqual([1, 4]);
    expect(at(Buffer.from([0xf0, 0x9f, 0x98]), 3)).toEqual([1, 4]);
  });

  it('does not count a byte order mark', () => {
    expect(at('\ufeffabc', 3)).toEqual([1, 1]);
    expect(at('\ufeffabc', 4)).toEqual([1, 2]);
  });

  it('reads UTF-16 by its raw bytes', () => {
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const bytes = Buffer.from('\ufeffa😀b\r\ncd', 'utf16le');
      if (encoding === 'utf-16be') bytes.swap16();
      const index = new LineIndex(bytes, { encoding });
      expect(index.lineColumnOf(8)).toEqual({ line: 1, column: 3 });
      expect(index.lineColumnOf(16)).toEqual({ line: 2, column: 2 });
    }
  });

  it('starts a segment where it is told to', () => {
    const index = new LineIndex(Buffer.from('ab\ncd'), { baseLine: 10, baseColumn: 5 });
    expect(index.positionOf({ start: 1, end: 4 })).toEqual({
      line: 10,
      column: 6,
      endLine: 11,
      endColumn: 2,
    });
    expect(index.lineStart(11)).toBe(3);
    expect(index.lineStart(12)).toBeUndefined();
  });

  it('agrees with splitting the text, in any order of questions', () => {
    const text = fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '\t'), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { minLength: 1 }), (parts, questions) => {
        const index = new LineIndex(Buffer.from(parts.join('')));
        for (const question of questions) {
          const before = parts.slice(0, question % (parts.length + 1)).join('');
          const lines = before.split('\n');
          expect(index.lineColumnOf(Buffer.byteLength(before))).toEqual({
            line: lines.length,
            column: [...(lines[lines.length - 1] ?? '')].length + 1,
          });
        }
      }),
    );
  });

  it('counts the same from its marks in long lines as from the start of the line', () => {
    const part = fc.constantFrom(
      'a',
      'é',
      '😀',
      '\u{10ffff}',
      'x'.repeat(700),
      'ü'.repeat(300),
      '\n',
      '\ud800',
      '\0',
    );
    const encodings = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be');
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 40 }),
        encodings,
        fc.boolean(),
        fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
        (parts, encoding, hasMark, questions) => {
          const text = (hasMark ? '\ufeff' : '') + parts.join('');
          const bytes = Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le');
          if (encoding === 'utf-16be') bytes.swap16();
          const index = new LineIndex(bytes, { encoding });
          for (const question of questions) {
            const offset = question % (bytes.length + 1);
            expect(index.lineColumnOf(offset)).toEqual(
              new LineIndex(bytes, { encoding }).lineColumnOf(offset),
            );
          }
        },
      ),
    );
  });

  it('agrees with splitting a long text', () => {
    const lines = ['a'.repeat(5000), 'é😀'.repeat(3000), '', 'b'.repeat(1024), 'ü'.repeat(2048)];
    const index = new LineIndex(Buffer.from(lines.join('\n')));
    let start = 0;
    lines.forEach((line, number) => {
      const characters = [...line];
      for (const column of [characters.length, 0, 1023, 2500, 1, characters.length - 1]) {
        if (column < 0 || column > characters.length) continue;
        const offset = start + Buffer.byteLength(characters.slice(0, column).join(''));
        expect(index.lineColumnOf(offset)).toEqual({ line: number + 1, column: column + 1 });
      }
      start += Buffer.byteLength(line) + 1;
    });
  });
});

describe('countNewlines', () => {
  it('agrees with a plain loop at every alignment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(7), fc.nat(7), (bytes, skip, drop) => {
        const spiced = bytes.map((byte) => (byte % 3 === 0 ? 10 : byte));
        const end = Math.max(skip, spiced.length - drop);
        const part = spiced.subarray(skip, end);
        expect(countNewlines(spiced, Math.min(skip, spiced.length), Math.min(end, spiced.length))).toBe(
          part.filter((byte) => byte === 10).length,
        );
      }),
    );
  });
});
