import { describe, expect, it } from 'vitest';
import { compoundFile } from '../../../../support/compound-file.js';
import { drawer } from '../../../../support/draw.js';
import { readExport } from '../../../../support/read-export.js';

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const noise = Buffer.from([0, 0, 1, 0, 0xff, 0xfe, 3, 0, 9, 0, 0]);

async function textsOf(
  bytes: Buffer,
): Promise<{ texts: string; damage: readonly string[]; reader: string | undefined }> {
  const { records, damage, reader } = await readExport({ 'a.bin': bytes }, 'a.bin');
  return { texts: records.flatMap((one) => one.texts.map(({ text }) => text)).join('\n'), damage, reader };
}

describe('a document of before 2007', () => {
  it('gives texts in one byte a character and in two, across sectors that lie apart', async () => {
    const long = `begin ${'long text '.repeat(400)}end`;
    const bytes = compoundFile({
      WordDocument: Buffer.concat([
        noise,
        Buffer.from('narrow password\ris caf\xe9', 'latin1'),
        noise,
        wide(long),
        noise,
      ]),
      '\u0005SummaryInformation': Buffer.concat([noise, wide('a title with жар'), noise]),
      Data: wide('a picture, not read'),
    });
    const { texts, reader, damage } = await textsOf(bytes);
    expect(reader).toBe('old-office-document');
    expect(damage).toEqual([]);
    expect(texts).toContain('narrow password\nis café');
    expect(texts).toContain(long);
    expect(texts).toContain('a title with жар');
    expect(texts).not.toContain('picture');
  });

  it('ends a text where the text of the next begins', async () => {
    const bytes = compoundFile({
      WordDocument: Buffer.concat([Buffer.from('narrow'), wide('wide text'), noise]),
    });
    expect((await textsOf(bytes)).texts.trim()).toBe('narrow\nwide text');
  });

  it('gives the strings of a workbook as they are, whatever their lengths look like', async () => {
    // A length of 48 reads like the digit 0, one of 40 like a bracket.
    const strings = ['a'.repeat(48), 'é漢'.repeat(24), 'b'.repeat(40), 'x'.repeat(9000), 'the last'];
    const packed = strings.map((text, i) => {
      const isWide = i === 1;
      const head = Buffer.from([text.length & 0xff, text.length >> 8, (isWide ? 1 : 0) | (i === 2 ? 8 : 0)]);
      const formats = i === 2 ? Buffer.from([1, 0]) : Buffer.alloc(0);
      const after = i === 2 ? Buffer.from('abcd') : Buffer.alloc(0);
      return Buffer.concat([head, formats, isWide ? wide(text) : Buffer.from(text, 'latin1'), after]);
    });
    const table = Buffer.concat([Buffer.alloc(8), ...packed]);
    const record = (type: number, content: Buffer): Buffer => {
      const head = Buffer.alloc(4);
      head.writeUInt16LE(type, 0);
      head.writeUInt16LE(content.length, 2);
      return Buffer.concat([head, content]);
    };
    // The fourth string goes on in the next record, in two bytes a character.
    const cut = table.indexOf('xxx') + 5000;
    const rest = Buffer.concat([Buffer.from([1]), wide('x'.repeat(4000)), table.subarray(cut + 4000)]);
    const workbook = Buffer.concat([
      record(0x809, Buffer.from([0, 6, 5, 0])),
      record(0xfc, table.subarray(0, cut)),
      record(0x3c, rest),
      record(0x1c, Buffer.from('a note beside')),
    ]);
    const { records } = await readExport({ x: compoundFile({ Workbook: workbook }) }, 'x');
    expect(records.map(({ texts }) => texts[0]?.text)).toEqual([strings.join('\n'), 'a note beside']);
  });

  it('gives its texts without its directory as well', async () => {
    const bytes = compoundFile({ WordDocument: wide('still to be read') });
    bytes.fill(0, 512 * 2, 512 * 3);
    const { texts, damage } = await textsOf(bytes);
    expect(texts).toContain('still to be read');
    expect(damage).toEqual(['a compound file without a directory']);
  });

  it('ends, however its sectors refer to each other', async () => {
    const draw = drawer(5);
    const whole = compoundFile({
      Workbook: wide('some text '.repeat(2000)),
      WordDocument: wide('other '.repeat(900)),
    });
    for (let round = 0; round < 10; round++) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 60; i++)
        bytes[24 + draw.below(i % 2 === 0 ? 1000 : bytes.length - 24)] = draw.below(256);
      await textsOf(bytes);
    }
  });
});
