import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

/** A PDF of objects and the entries of its trailer; the table of objects is left out, as readers rebuild it. */
function pdfOf(objects: readonly string[], trailer = ''): Buffer {
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join('');
  return Buffer.from(
    `%PDF-1.4\n${body}trailer\n<< /Root 1 0 R /Size ${objects.length + 1} ${trailer} >>\n%%EOF\n`,
    'latin1',
  );
}
const stream = (content: string): string => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
const document = (page: string, ...more: string[]): string[] => [
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R ${page} >>`,
  stream('BT /F1 12 Tf 50 700 Td [(pass) -10 (word: hunter2)] TJ 0 -20 Td (second line) Tj ET'),
  font,
  ...more,
];

describe('pdf', () => {
  it('gives pages with their lines, links, remarks and properties', async () => {
    const bytes = pdfOf(
      document(
        '/Annots [6 0 R 7 0 R]',
        '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://link.example/?k=v) >> >>',
        '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (a remark) >>',
        '<< /Title (The plan) /Note (custom-Value) >>',
      ),
      '/Info 8 0 R',
    );
    const { reader, records } = await readExport({ 'a/x': bytes }, 'a/x');
    expect(reader).toBe('pdf');
    const page = records.find((record) => record.id === 'x#page 1');
    expect(page).toMatchObject({ type: 'page', title: 'The plan' });
    expect(page?.texts.map((text) => text.text)).toEqual([
      'password: hunter2\nsecond line',
      'https://link.example/?k=v',
      'a remark',
    ]);
    const note = records[0]?.texts.find((text) => text.text === 'custom-Value');
    expect(note?.label).toBe('Note');
  });

  it('says that an encrypted file was not read, and that a damaged one was', async () => {
    const key = '0'.repeat(64);
    const encrypted = pdfOf(
      document('', `<< /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >>`),
      '/Encrypt 6 0 R /ID [<00> <00>]',
    );
    const locked = await readExport({ x: encrypted }, 'x');
    expect([locked.records.length, locked.notes.encrypted]).toEqual([0, 1]);
    const broken = await readExport({ x: '%PDF-1.4\nnothing of use' }, 'x');
    expect(broken.damage).toHaveLength(1);
  });
});
