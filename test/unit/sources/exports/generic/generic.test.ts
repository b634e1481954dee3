import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probeOf } from '../../../../../src/sources/exports/probe.js';
import { boldBelow, chooseReader } from '../../../../../src/sources/exports/registry.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const read = (content: string | Buffer, name = 'dir/some.data', piece = 64 * 1024): Promise<ReadExport> =>
  readExport({ [name]: content }, name, { system: 'generic', piece });

const fieldsOf = ({ records }: ReadExport): (readonly [string, string, string | undefined])[] =>
  records.flatMap(({ texts }) => texts.map((text) => [text.field.path, text.text, text.label] as const));

/** Score without `--system`. */
function scoreOf(content: string | Buffer, name = 'x'): number {
  const bytes = Buffer.from(content);
  return chooseReader(probeOf(name, bytes, true))?.recognition.score ?? 0;
}

describe('generic recognition', () => {
  const exported = [
    ['JSON', JSON.stringify([{ id: 7, created_at: '2024-01-02', body: 'hello there' }])],
    [
      'JSON within an object',
      JSON.stringify({ total: 1, rows: [{ key: 'A', author: 'x', comment: 'hello' }] }),
    ],
    ['NDJSON', '{"id":1,"from":"a","text":"x"}\n{"id":2,"from":"b","text":"y"}\n'],
    ['CSV', 'Number;Opened at;Short description;Description\nINC1;2024-01-02;a;b\nINC2;2024-01-03;c;d\n'],
    ['UTF-16 tab separated', Buffer.from('\ufeffId\tSender\tMessage\r\n1\ta\tb\r\n2\tc\td\r\n', 'utf16le')],
    [
      'XML',
      '<posts><post id="1"><author>a</author><body>x</body></post><post id="2"><author>b</author><body>y</body></post></posts>',
    ],
  ] as const;

  it.each(exported)('takes records that look exported: %s', (_what, content) => {
    expect(scoreOf(content)).toBe(0.2);
  });

  const ordinary = [
    [
      'package.json',
      JSON.stringify({ name: 'x', version: '1', description: 'd', author: 'me', files: ['a'] }),
    ],
    ['config', JSON.stringify({ servers: [{ id: 1, host: 'a', password: 'b' }] })],
    ['numbers', 'x,y,z\n1,2,3\n4,5,6\n'],
    [
      'pom.xml',
      '<project><dependency><id>a</id><name>b</name></dependency><dependency><id>c</id></dependency></project>',
    ],
    ['page', '<!doctype html><html><head><title>t</title></head><body>hi</body></html>'],
    ['readme', 'Some text.\nMore, of it.\n'],
    ['source', 'const a = [1, 2];\n'],
  ] as const;

  it.each(ordinary)(
    'leaves ordinary files alone, unless the user names the system: %s',
    async (_what, content) => {
      expect(scoreOf(content)).toBeLessThan(boldBelow);
      expect((await read(content)).reader).toMatch(/^generic-/);
    },
  );

  it('takes no binary', async () => {
    expect((await read(Buffer.from([0, 1, 2, 3, 0, 0, 9, 8, 1, 1]))).reader).toBeUndefined();
  });
});

describe('generic JSON', () => {
  it('gives each element with its own id, author, time and link', async () => {
    const rows = [
      {
        id: 17,
        subject: 'Login',
        author: { name: 'Ana', email: 'ana@example.org' },
        created_at: '2024-03-01T10:02:00+01:00',
        updated_at: '2024-03-02T00:00:00Z',
        html_url: 'https://example.org/17',
        body: '<p>the <b>word</b></p>',
        fields: [{ name: 'Password', value: 'hunter2-Blue' }],
      },
      { note: 'nothing but this' },
    ];
    const { records } = await read(JSON.stringify({ took: 3, hits: rows }));
    expect(records[0]).toMatchObject({
      place: { kind: 'folder', id: 'dir' },
      id: 'some.data#17',
      title: 'Login',
      actor: { name: 'Ana', email: 'ana@example.org' },
      time: { created: '2024-03-01T10:02:00+01:00', edited: '2024-03-02T00:00:00Z' },
      permalink: { url: 'https://example.org/17', level: 'record' },
    });
    expect(records[0]?.texts.find((text) => text.field.path === 'body')).toMatchObject({
      dialect: 'html',
      field: { role: 'body' },
    });
    expect(records[0]?.texts.find((text) => text.text === 'hunter2-Blue')?.label).toBe('Password');
    expect(records[1]?.id).toBe('some.data#/hits/1');
  });

  it('takes no credential for an id', async () => {
    const { records } = await read(JSON.stringify([{ key: 'Abc123Def456Ghi789', note: 'for the build' }]));
    expect(records[0]?.id).toBe('some.data#/0');
  });

  it('keeps two records with one id apart', async () => {
    const { records } = await read('{"id":"a","text":"one two"}\n{"id":"a","text":"three four"}\n');
    expect(records.map((record) => record.id)).toEqual(['some.data#a', 'some.data#a~2']);
  });

  it('hands over every text, wherever it stands', async () => {
    const key = fc.constantFrom(
      'id',
      'text',
      'password',
      'list',
      'value',
      'name',
      '__proto__',
      'created',
      'x y',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constant('LEAF'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(tree), fc.dictionary(key, tree)), async (value) => {
        let count = 0;
        const text = JSON.stringify(value).replace(/"LEAF"/g, () => `"planted marker no. ${++count}!"`);
        const found = fieldsOf(await read(text)).map(([, leaf]) => leaf);
        for (let i = 1; i <= count; i++)
          expect(found.filter((leaf) => leaf === `planted marker no. ${i}!`)).toHaveLength(1);
      }),
    );
  });
});

describe('generic CSV', () => {
  it('labels cells with their columns, also repeated ones and those without a name', async () => {
    const result = await read(
      'Id,Password,Comment,Comment,Created,Author\n7,hunter2-Blue,"first, of two",second one,2024-01-02 03:04,Ana,over the edge\n',
    );
    const row = result.records.find((record) => record.id === 'some.data#7');
    expect(row).toMatchObject({
      actor: { name: 'Ana' },
      time: { created: '2024-01-02T03:04:00', precision: 'min' },
    });
    expect(row?.texts.map((text) => [text.field.path, text.text, text.label])).toEqual([
      ['Password', 'hunter2-Blue', 'Password'],
      ['Comment', 'first, of two', 'Comment'],
      ['Comment.2', 'second one', 'Comment'],
      ['Author', 'Ana', 'Author'],
      ['column 7', 'over the edge', 'column 7'],
    ]);
    expect(row?.raw?.line).toBe(2);
  });

  it('labels a value with the name in its row', async () => {
    const found = fieldsOf(await read('name,value\nDB_PASSWORD,hunter2-Blue\nother,thing\n'));
    expect(found).toContainEqual(['value', 'hunter2-Blue', 'DB_PASSWORD']);
  });

  it('undoes the guard against formulas', async () => {
    expect(fieldsOf(await read("a,b\n'=SUM(A1)x,'quoted\n")).map(([, text]) => text)).toContain('=SUM(A1)x');
  });
});

describe('generic XML', () => {
  it('gives repeated elements as records, and what stands around them', async () => {
    const xml =
      '<?xml version="1.0"?><!-- pw: hunter2 --><list owner="Some Team"><item id="A-1"><title>First one</title><body>x &amp; y &lt;b&gt;z&lt;/b&gt;</body>' +
      '<property name="db.password">hunter2-Blue</property><entry key="token" value="abc-def-ghi"/></item>' +
      '<item id="A-2"><body><![CDATA[raw <b>text</b>]]></body></item></list>';
    for (const piece of [7, 1000]) {
      const result = await read(xml, 'a/b.xml', piece);
      const [first, second, around] = result.records;
      expect(first).toMatchObject({ place: { id: 'a' }, id: 'b.xml#A-1', title: 'First one' });
      expect(fieldsOf({ ...result, records: first === undefined ? [] : [first] })).toEqual([
        ['title', 'First one', undefined],
        ['body', 'x & y <b>z</b>', undefined],
        ['property@name', 'db.password', undefined],
        ['property', 'hunter2-Blue', 'db.password'],
        ['entry@key', 'token', 'key'],
        ['entry@value', 'abc-def-ghi', 'token'],
      ]);
      expect(second?.id).toBe('b.xml#A-2');
      expect(around?.texts.map((text) => text.text)).toEqual([' pw: hunter2 ', 'Some Team']);
    }
  });
});

describe('generic XML texts', () => {
  const texts = async (xml: string): Promise<(readonly [string, string | undefined])[]> =>
    fieldsOf(await read(xml)).map(([, text, label]) => [text, label] as const);

  it('sees through markup within sentences', async () => {
    expect(
      await texts(
        '<page><p><b>pass</b>word is hun<i>ter2</i>-Blue<br/>next</p><row><a>one</a><b>two</b></row></page>',
      ),
    ).toEqual([
      ['password is hunter2-Blue\nnext', undefined],
      ['one', 'a'],
      ['two', 'b'],
    ]);
  });

  it('joins a sentence of many pieces in one pass', async () => {
    const [sentence] = await texts(`<page><p>x${'<b>y</b>'.repeat(100_000)}</p></page>`);
    expect(sentence?.[0]).toBe(`x${'y'.repeat(100_000)}`);
  });

  it('names values after the name beside them', async () => {
    const found = await texts(
      '<dict><key>Password</key><string>hunter2-Blue</string><key>Other</key><string>thing</string></dict>',
    );
    expect(found).toContainEqual(['hunter2-Blue', 'Password']);
    expect(found).toContainEqual(['thing', 'Other']);
  });
});

describe('generic pages and texts', () => {
  it('gives a page as one record with its title', async () => {
    const { records } = await read(
      '<!DOCTYPE html>\n<html><head><title>A &amp; B</title></head><body>hi</body></html>',
      'x/p.html',
    );
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ id: 'p.html', title: 'A & B', texts: [{ dialect: 'html' }] });
  });

  it('gives texts in blocks that begin at known lines', async () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `line number ${i + 1}`);
    const { records } = await read(`${lines.join('\n')}\n`, 'notes');
    expect(records.map((record) => record.id)).toEqual(['notes#L1', 'notes#L1001', 'notes#L2001']);
    expect(records.map((record) => record.texts[0]?.text).join('\n')).toBe(lines.join('\n'));
  });
});
