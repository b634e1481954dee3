import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const cell = (text: string, separator = ',') =>
  /["\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;

function csv(rows: readonly (readonly string[])[], separator = ',', newline = '\n'): string {
  return rows.map((row) => row.map((text) => cell(text, separator)).join(separator)).join(newline) + newline;
}

const attached = '25/Feb/26 10:17 PM;ana;env; old.txt;https://j.example.org/app/secure/attachment/77/env.txt';
const header = [
  'Summary',
  'Issue key',
  'Issue id',
  'Project name',
  'Creator',
  'Creator Id',
  'Created',
  'Updated',
  'Description',
  'Attachment',
  'Custom field (Root password)',
  'Custom field (Approvals)',
  'Comment',
  'Comment',
  'Log Work',
];
const first = [
  'Login fails',
  'OPS-7',
  '10100',
  'Operations',
  'Ana Roe',
  '712020:11f06c30-0697-401a-b9ef-2320eb2db3a9',
  '25/Feb/26 10:17 PM',
  '26/Feb/26 9:00 AM',
  'see {code}x\ny{code}',
  '',
  'x-y-z',
  'com.example.ApprovalsCFValue@170e16ef',
  '25/Feb/26 10:20 PM;712020:11f06c30-0697-401a-b9ef-2320eb2db3a9;was; "abc"\nnow; def',
  '',
  'did; it;25/Feb/26 11:00 PM;ana;3600',
];
const second = [
  'Other',
  'OPS-8',
  '10101',
  'Operations',
  'Ana Roe',
  '',
  '',
  '',
  '',
  attached,
  '',
  '',
  '',
  '',
  '',
];

const read = (content: string | Buffer, baseUrl?: string) =>
  readExport({ any: content }, 'any', baseUrl === undefined ? {} : { baseUrl });

describe('Jira CSV', () => {
  it('gives issues the place and id that the REST export gives them', async () => {
    const { reader, records } = await read(csv([header, first, second]));
    expect(reader).toBe('jira-csv');
    const issue = records.find(({ type, id }) => type === 'issue' && id === 'OPS-7');
    expect(issue).toMatchObject({
      place: { kind: 'project', tenant: 'j.example.org', id: 'OPS', name: 'OPS Operations' },
      title: 'OPS-7 Login fails',
      actor: { id: '712020:11f06c30-0697-401a-b9ef-2320eb2db3a9', name: 'Ana Roe' },
      time: { created: '2026-02-25T22:17:00', edited: '2026-02-26T09:00:00', precision: 'min' },
      permalink: { url: 'https://j.example.org/app/browse/OPS-7' },
    });
    expect(issue?.texts.map(({ text, dialect, label }) => [text, dialect, label])).toEqual([
      ['Login fails', 'plain', undefined],
      ['see {code}x\ny{code}', 'jira-wiki', undefined],
      ['Ana Roe', 'plain', undefined],
      ['x-y-z', 'plain', 'Root password'],
    ]);
  });

  it('splits comments, logged work and attachments from their stamps', async () => {
    const { records, notes } = await read(csv([header, first, second]));
    expect(records.find(({ type }) => type === 'comment')).toMatchObject({
      id: 'OPS-7/2026-02-25T22:20:00/712020:11f06c30-0697-401a-b9ef-2320eb2db3a9/1',
      thread: 'OPS-7',
      actor: { name: 'Ana Roe' },
      time: { created: '2026-02-25T22:20:00', precision: 'min' },
      permalink: { url: 'https://j.example.org/app/browse/OPS-7', level: 'record' },
      texts: [{ text: 'was; "abc"\nnow; def', dialect: 'jira-wiki', field: { role: 'comment' } }],
    });
    expect(records.find(({ type }) => type === 'worklog')).toMatchObject({
      actor: { id: 'ana', name: 'ana' },
      texts: [{ text: 'did; it' }],
    });
    expect(records.find(({ type }) => type === 'attachment')).toMatchObject({
      id: '77',
      thread: 'OPS-8',
      texts: [
        { text: 'env; old.txt', field: { role: 'attachment-name' } },
        { text: 'https://j.example.org/app/secure/attachment/77/env.txt', field: { role: 'link' } },
      ],
    });
    expect(notes['attachment-missing']).toBe(1);
  });

  it('tells two comments of one minute apart', async () => {
    const twice = [...first];
    twice[13] = twice[12]!;
    const ids = (await read(csv([header, twice]))).records.filter(({ type }) => type === 'comment');
    expect(ids.map(({ id }) => id.at(-1))).toEqual(['1', '2']);
  });

  it('reads what stands beyond the header, comments by their shape', async () => {
    const wide = [...first, 'surplus', '1/Mar/26 8:00 AM;bo;late comment'];
    const { records } = await read(csv([header, wide]));
    const issue = records.find(({ type }) => type === 'issue');
    expect(issue?.texts.at(-1)).toMatchObject({ text: 'surplus', field: { path: 'unknown column 16' } });
    expect(records.filter(({ type }) => type === 'comment').map(({ texts }) => texts[0]?.text)).toContain(
      'late comment',
    );
  });

  it.each([';', '|', '\t'])('reads cells between %j, with a mark and CRLF', async (separator) => {
    const { reader, records } = await read(`\ufeff${csv([header, first, second], separator, '\r\n')}`);
    expect(reader).toBe('jira-csv');
    expect(records.filter(({ type }) => type === 'issue').map(({ id }) => id)).toEqual(['OPS-7', 'OPS-8']);
    expect(records.filter(({ type }) => type === 'comment')).toHaveLength(1);
  });

  it('reads UTF-16', async () => {
    const { reader, records } = await read(Buffer.from(`\ufeff${csv([header, first], '\t')}`, 'utf16le'));
    expect(reader).toBe('jira-csv');
    expect(records.find(({ type }) => type === 'issue')?.id).toBe('OPS-7');
  });

  it('reads an export in another language by its keys', async () => {
    const german = [
      'Zusammenfassung',
      'Vorgangsschlüssel',
      'Vorgangs-ID',
      'Stichwörter',
      'Stichwörter',
      'Benutzerdefiniertes Feld (Passwort)',
      ...Array.from({ length: 6 }, (_, i) => `Feld ${i}`),
      'Kommentar',
    ];
    const row = [
      'Titel',
      'OPS-7',
      '10100',
      '',
      '',
      'x-y-z',
      '',
      '',
      '',
      '',
      '',
      '',
      '25/Feb/26 10:20 PM;ana;hallo',
    ];
    const { reader, records } = await read(csv([german, row]));
    expect(reader).toBe('jira-csv');
    expect(records.map(({ type, id }) => `${type} ${id}`)).toEqual([
      'issue OPS-7',
      'comment OPS-7/2026-02-25T22:20:00/ana/1',
    ]);
    expect(records[0]?.texts.map(({ text }) => text)).toEqual(['Titel', 'x-y-z']);
  });

  it('makes addresses from the user only where the export names no site', async () => {
    const silent = await read(csv([header, first]));
    expect(silent.records.every(({ permalink }) => permalink === undefined)).toBe(true);
    const told = await read(csv([header, first]), 'https://jira.example.net');
    expect(told.records.find(({ type }) => type === 'issue')).toMatchObject({
      place: { tenant: 'jira.example.net' },
      permalink: { url: 'https://jira.example.net/browse/OPS-7' },
    });
  });

  it('reads documents that stand in cells as JSON', async () => {
    const document = {
      type: 'doc',
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    };
    const row = [...first];
    row[8] = JSON.stringify(document);
    const issue = (await read(csv([header, row]))).records.find(({ type }) => type === 'issue');
    expect(issue?.texts[1]).toMatchObject({ text: 'ab', dialect: 'plain', field: { path: 'Description' } });
  });

  it('gives rows before and after broken quotes', async () => {
    const broken = `${header.map((text) => cell(text)).join(',')}\n${csv([first])}Bad,"OPS-9,1,never closed\n${csv([second])}`;
    const { records, damage } = await read(broken);
    expect(damage).not.toEqual([]);
    expect(records.filter(({ type }) => type === 'issue').map(({ id }) => id)).toEqual(['OPS-7', 'OPS-8']);
    expect(records.some(({ texts }) => texts.some(({ text }) => text.includes('never closed')))).toBe(true);
  });
});
