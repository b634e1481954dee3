import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesText, counted, csvField, markdownText, safeText } from '../../../src/report/safe-text.js';

/** Code points that steer a terminal or reorder text, as intervals. */
const steering: readonly (readonly [number, number])[] = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
];

function steers(text: string): boolean {
  return [...text].some((char) =>
    steering.some(([from, to]) => (char.codePointAt(0) ?? 0) >= from && (char.codePointAt(0) ?? 0) <= to),
  );
}

const hostile = fc.string({ unit: 'binary' });

/** Parses one line of RFC 4180 CSV: the independent reader of the property below. */
function parseCsvLine(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quoted) {
      if (char === '"' && line[i + 1] === '"') {
        field += '"';
        i++;
      } else if (char === '"') quoted = false;
      else field += char;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}

describe('safeText', () => {
  it('leaves nothing that steers a terminal or reorders text', () => {
    fc.assert(fc.property(hostile, (text) => !steers(safeText(text)) && safeText(text).isWellFormed()));
  });

  it('shows what was there', () => {
    expect(safeText('a\u001b[31mb')).toBe('a\\x1b[31mb');
    expect(safeText('user\u202egpj.exe')).toBe('user\\u202egpj.exe');
    expect(safeText('straße 日本 😀')).toBe('straße 日本 😀');
  });
});

describe('csvField', () => {
  it('gives back the safe text, with an apostrophe before a formula', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), (texts) => {
        const fields = parseCsvLine(texts.map(csvField).join(','));
        expect(fields).toHaveLength(texts.length);
        fields.forEach((field, index) => {
          expect(field.replace(/^'/, '')).toBe(safeText(texts[index] ?? '').replace(/^'/, ''));
          expect(field).not.toMatch(/^\s*[=+\-@]/);
        });
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-', "'-"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
  ])('%s', (text, field) => expect(csvField(text)).toBe(field));
});

describe('markdownText', () => {
  it('leaves no cell border, tag, link, code or mention unescaped', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const rest = markdownText(text).replace(/\\[\\`*_{}[\]<>()#+!|~&@:$^=]/g, '');
        return !/[`*_[\]<>#|~@:]/.test(rest);
      }),
    );
  });
});

describe('numbers', () => {
  it('names units', () => {
    expect(bytesText(999)).toBe('999 B');
    expect(bytesText(1_234_567)).toBe('1.2 MB');
    expect(counted(1, 'copy', 'copies')).toBe('1 copy');
    expect(counted(1200, 'copy', 'copies')).toBe('1,200 copies');
  });
});
