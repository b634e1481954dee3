import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const mail = (subject: string, body: string): string =>
  `From: Ana <ana@example.org>\nTo: bob@example.org\nDate: Fri, 1 Mar 2024 11:00:00 +0100\nSubject: ${subject}\n\n${body}\n`;

async function idIn(name: string, content: string): Promise<string | undefined> {
  return (await readExport({ [name]: content }, name)).records[0]?.id;
}

describe('a mail without an id of its own', () => {
  it('is the same record under another name, with other ends of lines, and in a mailbox', async () => {
    const id = await idIn('a.eml', mail('keys', 'text'));
    expect(id).toMatch(/^unnamed-[0-9a-f]{16}$/);
    expect(await idIn('copy of a.eml', mail('keys', 'text').replaceAll('\n', '\r\n'))).toBe(id);
    const box = `From x@y Fri Mar  1 10:00:00 2024\n${mail('other subject', 'first')}\nFrom x@y Fri Mar  1 10:00:00 2024\n${mail('keys', 'text')}`;
    const { records } = await readExport({ 'all.mbox': box }, 'all.mbox');
    expect(records[1]?.id).toBe(id);
    expect(records[0]?.id).not.toBe(id);
  });

  it('is told apart from another of the same second in its mailbox', async () => {
    const one = `From x@y Fri Mar  1 10:00:00 2024\n${mail('keys', 'first')}\n`;
    const two = `From x@y Fri Mar  1 10:00:00 2024\n${mail('kept', 'second')}`;
    const { records } = await readExport({ 'all.mbox': one + two }, 'all.mbox');
    expect(records[1]?.id).toBe(`${records[0]?.id}/2`);
  });

  it('tells nothing of what it says', async () => {
    expect(await idIn('a.eml', mail('aaaa', 'one'))).toBe(await idIn('a.eml', mail('bbbb', 'two')));
  });

  it('keeps its name without a date', async () => {
    expect(await idIn('draft.eml', mail('keys', 'text').replace(/Date:.*\n/, 'MIME-Version: 1.0\n'))).toBe(
      'draft.eml',
    );
  });
});

describe('a mailbox in UTF-16', () => {
  it('gives no places of bytes, which those of the decoded text are not', async () => {
    const box = `From x@y Fri Mar  1 10:00:00 2024\n${mail('keys', 'text')}`;
    const wide = Buffer.from(`\ufeff${box}`, 'utf16le');
    const { records } = await readExport({ 'all.mbox': wide }, 'all.mbox');
    expect(records).toHaveLength(1);
    expect(records[0]?.raw).toBeUndefined();
    expect((await readExport({ 'all.mbox': box }, 'all.mbox')).records[0]?.raw).toMatchObject({ start: 0 });
  });
});
