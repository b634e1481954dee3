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

  it('is known by what its program drew for it when it has no date', async () => {
    const drawn = [
      'X-Universally-Unique-Identifier: 0C0D6D63-5A0A-4A1B-9C6E-2F6A1D9B1F00',
      'Received: by mx.example.org id k12so3456 for <bob@example.org>; Fri, 1 Mar 2024 11:00:00 +0100',
      'Content-Type: multipart/mixed; boundary="----=_Part_1234_987654321.1709287200000"',
    ];
    const ids = new Set<string | undefined>();
    for (const header of drawn) {
      const draft = mail('keys', 'text').replace(/Date:.*/, header);
      const id = await idIn('draft.eml', draft);
      expect(id).toMatch(/^unnamed-/);
      expect(await idIn('renamed.eml', draft)).toBe(id);
      ids.add(id);
    }
    expect(ids.size).toBe(drawn.length);
    const boundary = 'Content-Type: multipart/mixed; boundary="frontier"';
    expect(await idIn('draft.eml', mail('keys', 'text').replace(/Date:.*/, boundary))).toBe('draft.eml');
  });

  it('is known by the line before it in its mailbox when it has nothing else', async () => {
    const undated = mail('keys', 'text').replace(/Date:.*\n/, '');
    const box = `From x@y Fri Mar  1 10:00:00 2024\n${undated}`;
    const later = `From x@y Thu Feb  1 10:00:00 2024\n${mail('older', 'text')}\n${box}`;
    const id = async (content: string, at: number) =>
      (await readExport({ 'all.mbox': content }, 'all.mbox')).records[at]?.id;
    expect(await id(box, 0)).toMatch(/^unnamed-/);
    expect(await id(later, 1)).toBe(await id(box, 0));
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
