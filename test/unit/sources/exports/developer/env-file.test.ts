import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const read = (content: string | Buffer, name = 'app/.env', piece = 65536): Promise<ReadExport> =>
  readExport({ [name]: content }, name, { piece });
const entriesOf = ({ records }: ReadExport): (readonly [string, string | undefined, string, string])[] =>
  records.flatMap(({ texts }) =>
    texts.map((text) => [text.field.path, text.label, text.text, text.field.role] as const),
  );

describe('env-file', () => {
  it('gives variables, duplicates and comments, quotes undone', async () => {
    const result = await read(
      [
        '# OLD_KEY=replaced value',
        '# just a remark',
        'export PLAIN=hunter2-Blue   # why it is so',
        'DOUBLE="line\\none \\"two\\""',
        "SINGLE='as \\n is'",
        'PLAIN=second',
        `REF=$${'{OTHER}'}`,
        'PEM="-----BEGIN X-----',
        'abc',
        '-----END X-----"',
        'lower.key: with colon',
        'not an assignment',
        '',
      ].join('\r\n'),
    );
    expect(result.reader).toBe('env-file');
    expect(entriesOf(result)).toEqual([
      ['#OLD_KEY', 'OLD_KEY', 'replaced value', 'comment'],
      ['line 2', undefined, 'just a remark', 'comment'],
      ['PLAIN', 'PLAIN', 'hunter2-Blue', 'setting'],
      ['line 3', undefined, 'why it is so', 'comment'],
      ['DOUBLE', 'DOUBLE', 'line\none "two"', 'setting'],
      ['SINGLE', 'SINGLE', 'as \\n is', 'setting'],
      ['PLAIN.2', 'PLAIN', 'second', 'setting'],
      ['PEM', 'PEM', '-----BEGIN X-----\nabc\n-----END X-----', 'setting'],
      ['lower.key', 'lower.key', 'with colon', 'setting'],
      ['line 12', undefined, 'not an assignment', 'body'],
    ]);
    expect(result.records).toHaveLength(1);
    expect(result.records[0]).toMatchObject({
      id: '.env',
      place: { kind: 'folder', id: 'app' },
      type: 'setting',
    });
  });

  it('reads UTF-16 with a byte order mark', async () => {
    const result = await read(Buffer.from('\ufeffA_KEY=grün\r\nB_KEY=x\r\n', 'utf16le'), 'prod.env', 3);
    expect(entriesOf(result).map(([path, , text]) => [path, text])).toEqual([
      ['A_KEY', 'grün'],
      ['B_KEY', 'x'],
    ]);
  });

  it('does not let a quote that is never closed eat the rest', async () => {
    const lines = Array.from({ length: 600 }, (_, i) => `KEY_${i}=value ${i}`);
    const found = entriesOf(await read(['OPEN="never closed', ...lines].join('\n')));
    expect(found[0]?.slice(1, 3)).toEqual(['OPEN', '"never closed']);
    expect(found).toHaveLength(601);
  });

  it('splits long files into records, each variable once', async () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `KEY_${i}=value ${i}`);
    const result = await read(lines.join('\n'));
    expect(result.records.map((record) => record.id)).toEqual(['.env', '.env#L1001', '.env#L2001']);
    expect(entriesOf(result).map(([, key, value]) => `${key}=${value}`)).toEqual(lines);
  });

  it('is known by its lines when the name says nothing', async () => {
    expect((await read('A_KEY=1\n# note\nB_KEY="x\ny"\nexport C_KEY=z\n', 'stuff')).reader).toBe('env-file');
    for (const other of [
      '#!/bin/sh\nA=1\nB=2\nC=3\n',
      'A=1\nB=2\nall: x\n\tcc\n',
      '[section]\nA=1\nB=2\nC=3\n',
      'x = 1\ny = 2\nz = 3\n',
    ])
      expect((await read(other, 'stuff')).reader).not.toBe('env-file');
    expect((await read('# Environment\n\nProse about variables.\n', 'env.md')).reader).not.toBe('env-file');
  });

  it('loses no line', async () => {
    const value = fc.string({
      unit: fc.constantFrom('a', '"', "'", '#', '=', ' ', '\\', '$', '`', 'é'),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 12 }), async (values) => {
        const lines = values.map((text, i) => `KEY_${i}=${text} marker${i}x`);
        const all = entriesOf(await read(`FIRST=1\n${lines.join('\n')}\n`))
          .map(([, , text]) => text)
          .join('\n');
        for (const [i] of values.entries()) expect(all).toContain(`marker${i}x`);
      }),
    );
  });
});
