import { expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const header =
  'ID,Team,Title,Description,Status,Estimate,Priority,Project ID,Project,Creator,Assignee,Labels,Cycle Number,Cycle Name,Created,Updated,Parent issue';

it('reads Linear issues: Markdown over lines, guarded formulas, dates as browsers write them', async () => {
  const text = `${header}\n"ENG-12","Engineering","'=title","line one\nkey: '-x","Todo","","High","p","Ops","ana@example.org","bo","","","","Fri Mar 01 2024 10:02:03 GMT+0100 (CET)","2024-03-02T00:00:00.000Z","ENG-1"\n`;
  const { reader, records } = await readExport({ 'x.bin': text }, 'x.bin', {
    baseUrl: 'https://linear.app/acme',
  });
  expect(reader).toBe('linear-csv');
  expect(records[0]).toMatchObject({
    place: { kind: 'project', tenant: 'acme', id: 'ENG', name: 'Engineering' },
    id: 'ENG-12',
    thread: 'ENG-1',
    actor: { name: 'ana@example.org', email: 'ana@example.org' },
    time: { created: '2024-03-01T10:02:03+01:00', edited: '2024-03-02T00:00:00.000Z' },
    permalink: { url: 'https://linear.app/acme/issue/ENG-12' },
  });
  const texts = new Map(records[0]?.texts.map((one) => [one.field.path, one.text]));
  expect(texts.get('Title')).toBe('=title');
  expect(texts.get('Description')).toBe("line one\nkey: '-x");
});

it('invents no link without the workspace', async () => {
  const { records } = await readExport({ 'x.bin': `${header}\nENG-1,E,t,d,Todo,,,,,a,,,,,,,\n` }, 'x.bin');
  expect(records[0]?.permalink).toBeUndefined();
});
