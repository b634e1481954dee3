import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const header =
  'Item ID,Conversation ID,Conversation Name,Conversation Type,Participants,Date,Team_s Channel Name,Subject/Title,Sender,Contains Edited Message,Contains Deleted Message,Words';

function report(...rows: readonly string[]): string {
  return `\ufeff${[header.replace('Team_s', 'Teams'), ...rows].join('\r\n')}`;
}

describe('the item report of Purview', () => {
  it('tells channel, author, time and texts', async () => {
    const source = report(
      'i1,19:a@thread.tacv2,Ops,Channel,"ana;ben",3/1/2024 1:02:03 PM,Deploys,key inside,ana@example.org,false,true,"two\nlines"',
    );
    const result = await readExport({ 'x/Items_1.csv': source }, 'x/Items_1.csv');
    expect(result.reader).toBe('purview-items');
    expect(result.records).toMatchObject([
      {
        place: { kind: 'channel', id: '19:a@thread.tacv2', name: 'Deploys' },
        id: 'i1',
        title: 'key inside',
        actor: { name: 'ana@example.org' },
        time: { created: '2024-03-01T13:02:03Z' },
        revision: { state: 'deleted' },
      },
    ]);
    const texts = result.records[0]?.texts.map((text) => [text.label, text.text]);
    expect(texts).toContainEqual(['Words', 'two\nlines']);
    expect(texts).toContainEqual(['Participants', 'ana;ben']);
    expect(texts).toContainEqual([undefined, 'key inside']);
  });

  it('leaves out chats unless told otherwise, and counts cells that were cut', async () => {
    const rows = [
      `i1,19:a@thread.v2,G,Group,p,2024-03-01T10:00:00,,s,ana,false,false,${'x'.repeat(255)}`,
      'i2,19:b@unq.gbl.spaces,O,One to one,p,2024-03-01 10:00,,s,ana,false,false,x',
    ];
    const left = await readExport({ x: report(...rows) }, 'x', { includeDirect: false });
    expect(left.notes).toEqual({ 'direct-message': 2 });
    const { records, notes } = await readExport({ x: report(...rows) }, 'x');
    expect(records.map((record) => [record.place.kind, record.time?.created])).toEqual([
      ['group-dm', '2024-03-01T10:00:00Z'],
      ['dm', '2024-03-01T10:00:00Z'],
    ]);
    expect(notes).toEqual({ truncated: 1 });
  });
});

describe('a transcript of Purview', () => {
  const page = (id: string): string =>
    `<!DOCTYPE html><html><head><title>Deploys</title></head><body><div>Conversation ID: ${id}</div><p>pw is x</p></body></html>`;

  it('stands in its conversation', async () => {
    const source = page('19:abcdefgh@thread.tacv2');
    const result = await readExport({ 'p/a.html': source }, 'p/a.html');
    expect(result.reader).toBe('purview-transcript');
    expect(result.records).toMatchObject([
      {
        place: { kind: 'channel', id: '19:abcdefgh@thread.tacv2', name: 'Deploys' },
        revision: { state: 'unknown' },
      },
    ]);
    expect(result.records[0]?.texts[0]?.text).toContain('pw is x');
  });

  it('of a chat is direct; a page that only links to Teams is none', async () => {
    const chat = { x: page('19:abcdefgh@thread.v2') };
    expect((await readExport(chat, 'x', { includeDirect: false })).notes).toEqual({ 'direct-message': 1 });
    const other = '<html><a href="https://t/19:abcdefgh@thread.tacv2">x</a></html>';
    expect((await readExport({ x: other }, 'x')).reader).not.toBe('purview-transcript');
  });

  it('that is long comes in several records with all its text', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `<p>line ${i} of it</p>`);
    const source = page('19:abcdefgh@thread.tacv2').replace('<p>', `${lines.join('\n')}<p>`);
    const { records } = await readExport({ x: source }, 'x');
    expect(records.length).toBeGreaterThan(1);
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
    expect(records.map((record) => record.texts[0]?.text).join('')).toBe(`${source}\n`);
  });
});
