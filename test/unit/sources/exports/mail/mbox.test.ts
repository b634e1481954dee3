import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MboxMessage, MboxSplitter } from '../../../../../src/sources/exports/mail/mbox-messages.js';
import { readExport } from '../../../../support/read-export.js';

const separator = 'From ana@example.org Sun Dec 25 21:33:37 2011';

function split(source: string | Buffer, piece: number, maxBytes?: number): MboxMessage[] {
  const bytes = Buffer.from(source);
  const splitter = new MboxSplitter(maxBytes === undefined ? {} : { maxBytes });
  const messages: MboxMessage[] = [];
  for (let at = 0; at < bytes.length; at += piece)
    messages.push(...splitter.push(bytes.subarray(at, at + piece)));
  return [...messages, ...splitter.end()];
}

function bodies(messages: readonly MboxMessage[]): string[] {
  return messages.map((message) =>
    message.bytes
      .toString('utf8')
      .replace(/^[\s\S]*?\r?\n\r?\n/, '')
      .trimEnd(),
  );
}

describe('an mbox', () => {
  it('is cut at its separators, however the bytes come', () => {
    const body = fc
      .array(
        fc.constantFrom(
          'text',
          '',
          '>From the start',
          '>>From ana Sun Dec 25 21:33:37 2011',
          'From here on',
          'a: b',
        ),
        { maxLength: 6 },
      )
      .map((lines) => lines.join('\n'));
    const property = fc.property(
      fc.array(body, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom('\n', '\r\n'),
      (texts, piece, eol) => {
        const source = texts
          .map((text, i) => `${separator}\nSubject: s${i}\n\n${text}\n\n`)
          .join('')
          .replaceAll('\n', eol);
        const messages = split(source, piece);
        const plain = texts.map((text) => text.replace(/^>(>*From )/gm, '$1').trimEnd());
        expect(bodies(messages).map((text) => text.replaceAll('\r\n', '\n').trimStart())).toEqual(
          plain.map((text) => text.trimStart()),
        );
        // Every byte lies in one message.
        expect(messages[0]?.start).toBe(0);
        expect(messages.at(-1)?.end).toBe(source.length);
        for (const message of messages)
          expect(source.slice(message.start, message.start + separator.length)).toBe(separator);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('believes a length that leads to a separator or to the end, and no other', () => {
    const inner = `words\n\n${separator}\nSubject: quoted whole\n\ninner`;
    const message = (length: number): string =>
      `${separator}\nSubject: s\nContent-Length: ${length}\n\n${inner}\n\n`;
    for (const piece of [7, 4096]) {
      const right = split(message(inner.length) + message(inner.length) + message(1), piece);
      expect(bodies(right).slice(0, 2)).toEqual([inner, inner]);
      const wrong = split(message(3) + message(99_999), piece);
      expect(bodies(wrong)).toEqual(['words', 'inner', 'words', 'inner']);
    }
  });

  it('leaves out what a message has beyond the cap, and goes on with the next', () => {
    const long = `${separator}\nSubject: long\n\n${'x'.repeat(99)}\n`;
    const source = `${long}${'line of text\n'.repeat(4000)}\n${separator}\nSubject: next\n\nhere\n`;
    for (const piece of [1000, 100_000]) {
      const messages = split(source, piece, 8192);
      expect(messages.map((message) => message.start)).toEqual([0, source.lastIndexOf(separator)]);
      expect(messages[1]?.end).toBe(source.length);
      expect(bodies(messages)[1]).toBe('here');
      if (piece === 1000) {
        expect(messages[0]?.isCut).toBe(true);
        expect(messages[0]?.bytes.length).toBeLessThan(8192 + 1);
      }
    }
  });

  it.each([
    'From - Sat Jan 01 10:00:00 2022',
    'From 1712345@xxx Fri Apr 05 10:00:00 +0000 2024',
    'From ana at example.org  Sun Dec 25 21:33:37 2011',
    'From ana@example.org Sun, 25 Dec 2011 21:33:37 +0000',
  ])('knows the separator %j', (line) => {
    expect(split(`${line}\nSubject: a\n\nx\n\n${line}\nSubject: b\n\ny\n`, 50)).toHaveLength(2);
  });

  it('gives each message with its place in the file and its mailbox', async () => {
    const source = [
      separator,
      'From: Me <me@example.org>',
      'Subject: sent',
      'X-Gmail-Labels: =?UTF-8?Q?Gesendet,Wichtig?=',
      '',
      'one',
      '',
      separator,
      'Delivered-To: Me@example.org',
      'From: you@example.org',
      'Message-ID: <2@x>',
      'Subject: received',
      '',
      'two',
      '',
    ].join('\n');
    const result = await readExport({ 'Takeout/All mail.mbox': `\ufeff${source}` }, 'Takeout/All mail.mbox', {
      piece: 33,
    });
    expect(result.reader).toBe('mail-mbox');
    expect(result.damage).toEqual([]);
    expect(result.records.map((record) => [record.id, record.place.id, record.time?.created])).toEqual([
      [expect.stringMatching(/^unnamed-/), 'me@example.org', '2011-12-25T21:33:37'],
      ['2@x', 'me@example.org', '2011-12-25T21:33:37'],
    ]);
    expect(result.records[0]?.texts).toContainEqual({
      text: 'Gesendet,Wichtig',
      dialect: 'plain',
      field: { path: 'X-Gmail-Labels', role: 'header' },
    });
    const raw = result.records[1]?.raw;
    expect(
      raw && Buffer.from(`\ufeff${source}`).toString('utf8', raw.start, raw.start + separator.length),
    ).toBe(separator);
  });

  it('reads the addresses of Mailman', async () => {
    const source =
      'From ana at example.org  Sun Dec 25 21:33:37 2011\nFrom: ana at example.org (Ana R)\nSubject: a\n\nx\n';
    const { records } = await readExport({ '2011-December.txt': source }, '2011-December.txt');
    expect(records[0]?.actor).toEqual({ kind: 'user', name: 'Ana R', email: 'ana@example.org' });
  });

  it('stands under the name of its file when no message tells a mailbox', async () => {
    const { records } = await readExport(
      { 'a/dev-list.mbox': `${separator}\nSubject: a\nTo: b\n\nx\n` },
      'a/dev-list.mbox',
    );
    expect(records[0]?.place).toMatchObject({ kind: 'mailbox', id: 'dev-list', audience: 'unknown' });
  });

  it.each([
    `Hello,\n\n${separator}\nSubject: a\n\nx\n`,
    `From ${'0a'.repeat(20)} Mon Sep 17 00:00:00 2001\nFrom: a@b.org\nSubject: [PATCH] x\n\n---\n`,
    'From here on, all is text.\nNo header in sight.\n',
  ])('is not every text with a separator in it: %#', async (source) => {
    expect((await readExport({ x: source }, 'x')).reader).not.toBe('mail-mbox');
  });
});
