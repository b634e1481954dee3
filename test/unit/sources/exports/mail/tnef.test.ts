import { describe, expect, it } from 'vitest';
import { undoCompressedRtf } from '../../../../../src/sources/exports/mail/compressed-rtf.js';
import { readExport } from '../../../../support/read-export.js';

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function attribute(id: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([1]), uint32(id), uint32(data.length), data, Buffer.alloc(2)]);
}

/** A property with one value of variable size. */
function property(id: number, type: number, value: Buffer): Buffer {
  return Buffer.concat([uint32(id * 65536 + type), uint32(1), uint32(value.length), padded(value)]);
}

function stored(rtf: string): Buffer {
  return Buffer.concat([
    uint32(rtf.length + 12),
    uint32(rtf.length),
    Buffer.from('MELA'),
    uint32(0),
    Buffer.from(rtf),
  ]);
}

const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');
const named = Buffer.concat([
  uint32(0x8001_0000 + 0x0003),
  Buffer.alloc(16),
  uint32(1),
  uint32(6),
  padded(wide('ab')),
  uint32(7),
]);

const winmail = Buffer.concat([
  uint32(0x223e9f78),
  Buffer.alloc(2),
  attribute(0x00018004, Buffer.from('subject\0')),
  attribute(
    0x00069003,
    Buffer.concat([
      uint32(3),
      named,
      property(0x1000, 0x001f, wide('plain pässword')),
      property(
        0x1009,
        0x0102,
        stored(
          '{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <a href="https://x.example.org/?k=v">}link{\\*\\htmltag72 </a>}}',
        ),
      ),
    ]),
  ),
  attribute(0x00069002, Buffer.alloc(14)),
  attribute(0x00018010, Buffer.from('SHORT~1.ENV\0')),
  attribute(0x0006800f, Buffer.from('KEY=value')),
  attribute(0x00069005, Buffer.concat([uint32(1), property(0x3707, 0x001f, wide('a long name.env'))])),
]);

function mailWith(bytes: Buffer): string {
  return [
    'From: a@b.org',
    'Subject: subject',
    'MIME-Version: 1.0',
    'Content-Type: application/ms-tnef; name=winmail.dat',
    'Content-Transfer-Encoding: base64',
    '',
    bytes.toString('base64'),
  ].join('\r\n');
}

describe('winmail.dat', () => {
  it('gives the bodies and the attachments that Outlook packed in it', async () => {
    const { records, notes } = await readExport({ x: mailWith(winmail) }, 'x');
    expect(notes).toEqual({});
    expect(records).toHaveLength(1);
    const texts = records[0]?.texts.map((text) => [
      text.field.path,
      text.field.role,
      text.dialect,
      text.text,
    ]);
    expect(texts).toContainEqual(['1.1', 'body', 'mail', 'plain pässword']);
    expect(texts).toContainEqual([
      '1.2',
      'body',
      'html',
      expect.stringContaining('https://x.example.org/?k=v'),
    ]);
    expect(texts).toContainEqual(['1.3', 'attachment-name', 'plain', 'a long name.env']);
    expect(texts).toContainEqual(['1.3', 'attachment-text', 'code', 'KEY=value']);
  });

  it('that is cut or broken gives what is left of it', async () => {
    for (let length = 0; length < winmail.length; length += 3) {
      const { records } = await readExport({ x: mailWith(winmail.subarray(0, length)) }, 'x');
      expect(records).toHaveLength(1);
    }
    for (let at = 6; at < winmail.length; at += 2) {
      const broken = Buffer.from(winmail);
      broken[at] = 0xff;
      expect((await readExport({ x: mailWith(broken) }, 'x')).records).toHaveLength(1);
    }
  });
});

describe('compressed RTF', () => {
  it('is undone by references into its window', () => {
    // `{\rtf1\ansi` stands at the start of the window; then three literals, and a reference to the end.
    const body = [0b11, 0x00, 0x09, 0x0d, 0x6c, 0x61, 0x62, 0x63];
    const head = Buffer.concat([uint32(0), uint32(14), Buffer.from('LZFu'), uint32(0)]);
    const first = Buffer.concat([head, Buffer.from([0b1, 0x00, 0x09, 0x61, 0x62, 0x63])]);
    expect(undoCompressedRtf(first)).toBe('{\\rtf1\\ansiabc');
    expect(undoCompressedRtf(Buffer.concat([head, Buffer.from(body)])).startsWith('{\\rtf1\\ansi')).toBe(
      true,
    );
    expect(undoCompressedRtf(Buffer.from('no RTF at all, but long'))).toBe('');
  });

  it('that refers to itself without an end stops at its size', () => {
    const head = Buffer.concat([uint32(0), uint32(0xffffffff), Buffer.from('LZFu'), uint32(0)]);
    const loop = Buffer.concat([head, Buffer.alloc(100_000, 0x0f)]);
    expect(undoCompressedRtf(loop).length).toBeLessThan(1_000_000);
  });
});
