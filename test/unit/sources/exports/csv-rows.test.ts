import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeBytes } from '../../../../src/sources/exports/contract.js';
import {
  type CsvOptions,
  type CsvRow,
  csvHeadOf,
  openCsv,
} from '../../../../src/sources/exports/csv-rows.js';
import { type CollectingSink, collectingSink, fileOf } from '../../../support/export-file.js';

interface Read {
  readonly header: readonly string[];
  readonly preamble: readonly CsvRow[];
  readonly rows: CsvRow[];
  readonly sink: CollectingSink;
}

async function read(
  content: string | Buffer,
  options: CsvOptions = {},
  piece: number = probeBytes,
): Promise<Read> {
  const sink = collectingSink();
  const table = await openCsv(fileOf(content, piece), sink, options);
  const rows: CsvRow[] = [];
  for await (const batch of table.rows) rows.push(...batch);
  return { header: table.header, preamble: table.preamble, rows, sink };
}

const cellsOf = (rows: readonly CsvRow[]): (readonly string[])[] => rows.map((row) => row.cells);

describe('csvHeadOf', () => {
  it.each([
    ['comma', 'id,body,author\n1,"x; y; z",a\n2,"u|v|w",b\n', ','],
    ['semicolon', 'id;body;author\n1;a, b, c, d, e;x\n2;f, g;y\n', ';'],
    ['tab', 'id\tbody, text\tauthor\n1\ta, b, c, d\tx\n', '\t'],
    ['bar', 'id|body|author\n1|x|y\n', '|'],
    ['what Excel was told', 'sep=;\na,b,c;d\n1,2,3;4\n', ';'],
  ])('finds the delimiter: %s', (_name, text, delimiter) => {
    expect(csvHeadOf(text)?.delimiter).toBe(delimiter);
  });

  it('is no table without a second column', () => {
    expect(csvHeadOf('just a line of text\nand another\n')).toBeUndefined();
  });
});

describe('openCsv', () => {
  it('reads quoted cells with line ends, doubled quotes and quotes in the middle', async () => {
    const { header, rows, sink } = await read(
      'id,body,note\r\n1,"a ""b"", c\r\nd",say "hi"\r\n\r\n2,"he said "no" twice",\r\n3,x\r\n',
    );
    expect(header).toEqual(['id', 'body', 'note']);
    expect(cellsOf(rows)).toEqual([
      ['1', 'a "b", c\r\nd', 'say "hi"'],
      ['2', 'he said "no" twice', ''],
      ['3', 'x'],
    ]);
    expect(rows.map((row) => row.line)).toEqual([2, 5, 6]);
    expect(sink.damage).toEqual([]);
  });

  it('gives back what was written, with its bytes, whatever the pieces', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', ';'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('utf8' as const, 'utf16le' as const),
        async (table, piece, encoding) => {
          const rows = table.map((cells) => ['r', ...cells]);
          const quoted = rows.map((cells) =>
            cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
          );
          const bytes = Buffer.from(`\ufeff${['a,b,c,d', ...quoted].join('\r\n')}`, encoding);
          const result = await read(bytes, { delimiter: ',' }, piece);
          expect(cellsOf(result.rows)).toEqual(rows);
          expect(result.sink.damage).toEqual([]);
          if (encoding === 'utf8') {
            const raw = result.rows.map((row) => bytes.subarray(row.raw?.start, row.raw?.end).toString());
            expect(raw).toEqual(quoted);
          }
        },
      ),
    );
  });

  it('finds the header below titles, and reads a quoted header behind a byte order mark', async () => {
    const isHeader = (cells: readonly string[]): boolean => cells.includes('Issue key');
    const { header, preamble, rows } = await read('Report, of May\n\nIssue key;Body\nA-1;x, y\n', {
      isHeader,
    });
    expect(preamble.map((row) => row.cells.length)).toEqual([1]);
    expect(header).toEqual(['Issue key', 'Body']);
    expect(cellsOf(rows)).toEqual([['A-1', 'x, y']]);
    expect((await read('\ufeff"a\nb",c\n1,2\n')).header).toEqual(['a\nb', 'c']);
  });

  it('gives the rows behind a quote that is never closed', async () => {
    const body = Array.from({ length: 50 }, (_, i) => `${i},plain ${i}`);
    body[20] = '20,"open here';
    const { rows, sink } = await read(`id,body\n${body.join('\n')}\n`);
    expect(rows.map((row) => row.cells[0])).toEqual(body.map((_, i) => String(i)));
    expect(rows[20]).toMatchObject({ cells: ['20', '"open here'], isDamaged: true });
    expect(sink.damage).toHaveLength(1);
  });

  it('says when the table ends within a row, unless its rows differ in width anyway', async () => {
    const cut = await read('id,body,author\n1,x,a\n2,y,b\n3,z');
    expect(cellsOf(cut.rows).at(-1)).toEqual(['3', 'z']);
    expect([...cut.sink.notes]).toEqual([['incomplete', 1]]);
    expect(cut.sink.damage).toEqual(['ends within the row of line 4']);
    for (const text of [
      'id,body,author\n1,x,a\n2,y,b\n3,z,c',
      'id,body,author\n1,x\n2,y,b\n3,z',
      'id,body,author\n1,x,a\n3,z\n',
    ])
      expect((await read(text)).sink.damage).toEqual([]);
  });

  it('does not let such a quote eat the quoted cells of the next rows', async () => {
    const { rows, sink } = await read('id,body\n1,"open\n2,"two\nlines"\n"3","x"\n4,"cap me\n5,y\n', {}, 3);
    expect(cellsOf(rows)).toEqual([
      ['1', '"open'],
      ['2', 'two\nlines'],
      ['3', 'x'],
      ['4', '"cap me'],
      ['5', 'y'],
    ]);
    expect(sink.notes.get('malformed')).toBe(2);
  });

  it('reads rows made to be read again and again in one pass', async () => {
    const { rows } = await read(`id,body\n${',""y\n'.repeat(100_000)},"y\n`, { delimiter: ',' });
    expect(rows).toHaveLength(100_001);
  });

  it('takes an endless quoted cell for an open one', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `${i},text`).join('\n');
    const { rows } = await read(`id,body\nx,"open\n${lines}\nlast,"closed"\n`, { maxCellBytes: 100 });
    expect(rows).toHaveLength(202);
    expect(rows.at(-1)?.cells).toEqual(['last', 'closed']);
  });

  it('reads rows ended by CR alone, and rows that are not UTF-8', async () => {
    expect(cellsOf((await read('a,b\r1,2\r3,4')).rows)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(cellsOf((await read(Buffer.from('a,b\nr\xe9sum\xe9,2\n', 'latin1'))).rows)).toEqual([
      ['résumé', '2'],
    ]);
  });
});
