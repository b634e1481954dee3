import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';
import { zipOf } from './make-zip.js';

const types =
  '<?xml version="1.0"?><Types><Override PartName="/x" ContentType="application/vnd.ms-word"/></Types>';
const word = (body: string): string => `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`;
const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const read = async (entries: Record<string, string | Buffer>): Promise<ReadExport> =>
  readExport({ 'dir/x.bin': await zipOf({ '[Content_Types].xml': types, ...entries }) }, 'dir/x.bin');
const textOf = ({ records }: ReadExport, id: string): string | undefined =>
  records.find((record) => record.id === id)?.texts[0]?.text;

describe('word processing', () => {
  it('joins the runs of a paragraph with nothing, cells with tabs', async () => {
    const result = await read({
      'word/document.xml': word(
        `<w:p>${run('pass')}${run('word: hun')}<w:proofErr/>${run('ter2 &amp; more')}</w:p><w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>` +
          `<w:tbl><w:tr><w:tc><w:p>${run('Password')}</w:p></w:tc><w:tc><w:p>${run('hunter2-Blue')}</w:p></w:tc></w:tr></w:tbl>`,
      ),
    });
    expect(result.reader).toBe('office-document');
    expect(textOf(result, 'x.bin#document')).toBe(
      'password: hunter2 & more\na\tb\nc\nPassword\thunter2-Blue\t\n',
    );
    expect(result.records[0]?.place).toMatchObject({ kind: 'folder', id: 'dir' });
  });

  it('gives tracked deletions, comments, headers, notes, links and properties', async () => {
    const result = await read({
      'word/document.xml': word(
        `<w:p>${run('kept ')}<w:del w:author="Ana" w:date="2024-03-01T10:00:00Z"><w:r><w:delText>removed-Secret</w:delText></w:r></w:del><w:r><w:instrText>HYPERLINK "https://field.example"</w:instrText></w:r></w:p>` +
          '<w:p><w:pPr><w:rPr><w:del w:author="Ana"/></w:rPr></w:pPr></w:p><wp:docPr descr="alternative text"/>',
      ),
      'word/comments.xml': `<w:comments><w:comment w:id="1" w:author="Bob" w:date="2024-03-02T00:00:00Z"><w:p>${run('a remark')}</w:p></w:comment></w:comments>`,
      'word/header1.xml': `<w:hdr><w:p>${run('on each page')}</w:p></w:hdr>`,
      'word/_rels/document.xml.rels':
        '<Relationships><Relationship Id="r1" Target="https://link.example/?k=v" TargetMode="External"/></Relationships>',
      'docProps/core.xml':
        '<cp:coreProperties><dc:title>The plan</dc:title><dc:creator>Ana</dc:creator></cp:coreProperties>',
      'docProps/custom.xml':
        '<Properties><property name="DbPassword"><vt:lpwstr>custom-Value</vt:lpwstr></property></Properties>',
      'customXml/item1.xml': '<data><password>in custom XML</password></data>',
    });
    const facts = result.records.flatMap((record) =>
      record.texts.map((text) => [record.revision.state, record.actor?.name, text.text, text.field.role]),
    );
    expect(facts).toEqual(
      expect.arrayContaining([
        ['current', undefined, 'kept \n\n', 'body'],
        ['deleted', 'Ana', 'removed-Secret', 'history-old'],
        ['current', 'Bob', 'a remark', 'comment'],
        ['current', undefined, 'on each page\n', 'body'],
        ['current', undefined, 'HYPERLINK "https://field.example"', 'link'],
        ['current', undefined, 'alternative text', 'description'],
        ['current', undefined, 'https://link.example/?k=v', 'link'],
      ]),
    );
    const labels = new Map(
      result.records.flatMap((record) => record.texts.map((text) => [text.text, text.label])),
    );
    expect(labels.get('custom-Value')).toBe('DbPassword');
    expect(labels.get('in custom XML')).toBe('password');
    expect(result.records.find((record) => record.id === 'x.bin#document')?.title).toBe('The plan');
    expect(result.records.find((record) => record.type === 'change')?.time?.created).toBe(
      '2024-03-01T10:00:00Z',
    );
  });
});

describe('spreadsheets', () => {
  const book = {
    'xl/workbook.xml':
      '<workbook><sheets><sheet name="Accounts" sheetId="1" r:id="rId7"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml':
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
      '<row r="2"><c r="A2" t="inlineStr"><is><r><t>A</t></r><r><t>na</t></r></is></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="str"><f>CONCAT("formula-Secret")</f><v>shown</v></c></row></sheetData></worksheet>',
    // Behind the sheets in the directory.
    'xl/sharedStrings.xml':
      '<sst><si><t>Account</t></si><si><t>Password</t></si><si><r><t>hunter2</t></r><r><t>-Blue</t></r><rPh><t>again</t></rPh></si><si><t>left behind</t></si></sst>',
    'xl/comments1.xml':
      '<comments><authors><author>Ana</author></authors><commentList><comment ref="C2" authorId="0"><text><r><t>changed </t></r><r><t>in May</t></r></text></comment></commentList></comments>',
    'xl/connections.xml':
      '<connections><connection name="db"><dbPr connection="Server=x;Pwd=connection-Secret;"/></connection></connections>',
  };

  it('gives rows with cells labelled by the header, whatever the order of the parts', async () => {
    const result = await read(book);
    const row = result.records.find((record) => record.id === 'x.bin#Accounts row 2');
    expect(row?.type).toBe('row');
    expect(row?.texts.map((text) => [text.field.path, text.label, text.text])).toEqual([
      ['A2', 'Account', 'Ana'],
      ['C2', 'Password', 'hunter2-Blue'],
      ['D2', undefined, 'shown'],
      ['D2 formula', undefined, 'CONCAT("formula-Secret")'],
    ]);
  });

  it('gives strings that no cell refers to as deleted', async () => {
    const result = await read(book);
    const deleted = result.records.filter((record) => record.revision.state === 'deleted');
    expect(deleted.flatMap((record) => record.texts.map((text) => text.text))).toEqual(['left behind']);
  });

  it('gives remarks with their author, and connections', async () => {
    const result = await read(book);
    const comment = result.records.find((record) => record.type === 'comment');
    expect([comment?.actor?.name, comment?.texts[0]?.text]).toEqual(['Ana', 'changed in May']);
    const all = result.records.flatMap((record) => record.texts.map((text) => text.text)).join('\n');
    expect(all).toContain('Pwd=connection-Secret');
  });

  it('labels a value with the cell to its left when there is no header', async () => {
    const cell = (reference: string, text: string): string =>
      `<c r="${reference}" t="str"><v>${text}</v></c>`;
    const sheet = `<worksheet><sheetData><row r="1">${cell('A1', 'User')}${cell('B1', 'ana12')}</row><row r="2">${cell('A2', 'Password')}${cell('B2', 'hunter2-Blue')}</row></sheetData></worksheet>`;
    const result = await read({ ...book, 'xl/worksheets/sheet1.xml': sheet });
    const text = result.records.flatMap((record) => record.texts).find((one) => one.text === 'hunter2-Blue');
    expect(text?.label).toBe('Password');
  });
});

describe('presentations and packages', () => {
  it('gives slides and their notes', async () => {
    const slide = (text: string): string =>
      `<p:sld><a:p><a:r><a:t>${text}</a:t></a:r><a:r><a:t>!</a:t></a:r></a:p></p:sld>`;
    const result = await read({
      'ppt/slides/slide3.xml': slide('on the slide'),
      'ppt/notesSlides/notesSlide3.xml': slide('said aloud'),
    });
    expect(textOf(result, 'x.bin#slide 3')).toBe('on the slide!\n');
    expect(textOf(result, 'x.bin#notesSlide 3')).toBe('said aloud!\n');
  });

  it('reads documents within documents, with their chain', async () => {
    const inner = await zipOf({
      '[Content_Types].xml': types,
      'word/document.xml': word(`<w:p>${run('inside')}</w:p>`),
    });
    const result = await read({ 'word/document.xml': word(''), 'word/embeddings/a.docx': inner });
    expect(result.records.at(-1)).toMatchObject({
      id: 'x.bin!/word/embeddings/a.docx#document',
      texts: [{ text: 'inside\n', chain: ['word/embeddings/a.docx'] }],
    });
  });

  it('leaves other zips to the archives', async () => {
    const bytes = await zipOf({ 'notes.txt': 'PK', 'word/document.xml': 'x' });
    expect((await readExport({ x: bytes }, 'x')).reader).toBeUndefined();
    const plain = '<Types><Default Extension="dll" ContentType="application/octet"/></Types>';
    const nuget = await zipOf({ '[Content_Types].xml': plain, 'lib/a.txt': 'x' });
    expect((await readExport({ x: nuget }, 'x')).reader).toBeUndefined();
  });

  it('gives what stands before the damage', async () => {
    const whole = await zipOf({
      '[Content_Types].xml': types,
      'word/document.xml': word(`<w:p>${run('before it')}</w:p>`),
      'word/header1.xml': '<w:hdr/>',
    });
    const { records, damage } = await readExport({ x: whole.subarray(0, whole.length - 60) }, 'x');
    expect(records.some((record) => record.texts.some((text) => text.text.includes('before it')))).toBe(true);
    expect(damage.length).toBeGreaterThan(0);
  });

  it('says that a document with a password was not read', async () => {
    const bytes = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(1000),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ]);
    expect((await readExport({ x: bytes }, 'x')).notes.encrypted).toBe(1);
  });

  it('does not inflate a bomb', async () => {
    const bomb = Buffer.alloc(40_000_000, 'a');
    const { damage } = await read({
      'word/document.xml': word(`<w:p>${run('x')}</w:p>`),
      'word/header1.xml': bomb,
    });
    expect(damage.length).toBeGreaterThan(0);
  });
});
