import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const header =
  'Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Confidential,Created At (UTC),Updated At (UTC),Labels';
const row = (iid: number, description: string) =>
  `Login,"${description}",${iid},https://git.example.org/acme/tools/api/-/issues/${iid},Open,Ana R,ana,,No,2024-03-01 10:02:03,2024-03-02 00:00:00,ops`;

describe('GitLab CSV', () => {
  it('gives issues the place, ids and pages of the other exports', async () => {
    const text = `\ufeff${header}\r\n${row(8, 'first\r\nsecond ""quoted""')}\r\n${row(9, `'=pw`)}\r\n`;
    const { reader, records } = await readExport({ 'x.bin': text }, 'x.bin');
    expect(reader).toBe('gitlab-csv');
    expect(records[0]).toMatchObject({
      place: { kind: 'repo', tenant: 'git.example.org', id: 'acme/tools/api' },
      id: '8',
      actor: { name: 'Ana R' },
      time: { created: '2024-03-01T10:02:03Z' },
      permalink: { url: 'https://git.example.org/acme/tools/api/-/issues/8' },
    });
    const bodies = records.map((record) => record.texts.find((one) => one.field.role === 'body')?.text);
    expect(bodies).toEqual(['first\r\nsecond "quoted"', '=pw']);
  });
});
