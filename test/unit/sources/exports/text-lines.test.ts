import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeBytes } from '../../../../src/sources/exports/contract.js';
import { type LineOptions, readLines, type TextLine } from '../../../../src/sources/exports/text-lines.js';
import { fileOf } from '../../../support/export-file.js';

async function linesOf(
  bytes: Buffer,
  options: LineOptions = {},
  piece: number = probeBytes,
): Promise<TextLine[]> {
  const lines: TextLine[] = [];
  for await (const batch of readLines(fileOf(bytes, piece), options)) lines.push(...batch);
  return lines;
}

const textsOf = async (text: string): Promise<string[]> =>
  (await linesOf(Buffer.from(text))).map((line) => line.text);

describe('readLines', () => {
  it('ends lines at LF and CRLF only', async () => {
    expect(await textsOf('a\r\nb\n\nc\u2028d\re\n')).toEqual(['a', 'b', '', 'c\u2028d\re']);
  });

  it('gives bytes and numbers, whatever the pieces', async () => {
    const text = '\ufeffé one\r\ntwo\n\nlast ü';
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const bytes = Buffer.from(text, encoding);
      for (const piece of [1, 2, 3, 7, 1000]) {
        const lines = await linesOf(bytes, {}, piece);
        expect(lines.map((line) => [line.number, line.text])).toEqual([
          [1, 'é one'],
          [2, 'two'],
          [3, ''],
          [4, 'last ü'],
        ]);
        for (const line of lines.slice(1))
          expect(bytes.subarray(line.start, line.end).toString(encoding)).toBe(line.text);
      }
    }
  });

  it('reads UTF-16 big endian, and a line feed byte within another character', async () => {
    const bytes = Buffer.from('\ufeffਊ1\r\nĊ2\n', 'utf16le').swap16();
    expect((await linesOf(bytes)).map((line) => line.text)).toEqual(['ਊ1', 'Ċ2']);
  });

  it('decodes line by line where encodings are mixed', async () => {
    const bytes = Buffer.concat([
      Buffer.from('grün\n'),
      Buffer.from('gr\xfcn\n', 'latin1'),
      Buffer.from('grün\n'),
    ]);
    expect((await linesOf(bytes)).map((line) => line.text)).toEqual(['grün', 'grün', 'grün']);
    const cyrillic = Buffer.from([0xef, 0xf0, 0xe8, 0x0a]);
    expect((await linesOf(cyrillic, { fallback: 'windows-1251' }))[0]?.text).toBe('при');
  });

  it('splits overlong lines without losing anything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 90 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (parts, piece) => {
          const expected = parts.map((part) => part.replace(/[\r\n\ufeff]/g, '_').toWellFormed());
          const bytes = Buffer.from(expected.map((part) => `${part}\n`).join(''));
          const lines = await linesOf(bytes, { maxBytes: 32 }, piece);
          const joined: string[] = [];
          for (const line of lines) joined[line.number - 1] = (joined[line.number - 1] ?? '') + line.text;
          expect(joined).toEqual(expected);
          expect(lines.every((line) => line.end - line.start <= 32)).toBe(true);
        },
      ),
    );
  });
});
