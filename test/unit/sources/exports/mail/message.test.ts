import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { readExport } from '../../../../support/read-export.js';

/** Lines of a message with CRLF ends, as mail has them. */
function mail(...lines: readonly string[]): string {
  return lines.join('\r\n');
}

const head = [
  'Delivered-To: ana@example.org',
  'From: =?utf-8?B?w4FuYSBSw6lhbA==?= <ana@example.org>',
  'To: ben@example.org',
  'Subject: =?utf-8?Q?the_key?= =?utf-8?Q?s_are_here?=',
  'Date: Tue, 16 Feb 2021 00:57:06 -0700',
  'Message-ID: <m1@example.org>',
];

async function readMail(source: string | Buffer, name = 'export/a'): Promise<readonly ExportRecord[]> {
  const result = await readExport({ [name]: source }, name);
  expect(result.reader).toBe('mail-message');
  return result.records;
}

function textsOf(record: ExportRecord | undefined, role: string): string[] {
  return (record?.texts ?? []).filter((text) => text.field.role === role).map((text) => text.text);
}

describe('a mail message', () => {
  it('tells who wrote it, when, and in which mailbox it lies', async () => {
    const [record] = await readMail(mail(...head, 'References: <m0@x> <m00@x>', '', 'hello'));
    expect(record).toMatchObject({
      place: { kind: 'mailbox', id: 'ana@example.org', audience: 'restricted' },
      type: 'mail',
      id: 'm1@example.org',
      thread: 'm0@x',
      title: 'the keys are here',
      actor: { name: 'Ána Réal', email: 'ana@example.org' },
      time: { created: '2021-02-16T00:57:06-07:00', precision: 's' },
      revision: { state: 'current' },
    });
    expect(record?.permalink).toBeUndefined();
    expect(textsOf(record, 'body')).toEqual(['hello']);
  });

  it('joins quoted-printable and flowed lines', async () => {
    const [soft] = await readMail(
      mail(
        ...head,
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'token=3Dabc=',
        'def',
        '> quoted stays',
      ),
    );
    expect(textsOf(soft, 'body')).toEqual(['token=abcdef\n> quoted stays']);
    const [flowed] = await readMail(
      mail(...head, 'Content-Type: text/plain; format=flowed; delsp=yes', '', 'token=abc ', 'def'),
    );
    expect(textsOf(flowed, 'body')).toEqual(['token=abcdef']);
  });

  it('reads character sets as they are named, and bytes that are not what they are named', async () => {
    const latin = Buffer.concat([Buffer.from(mail(...head, '', 'p\u00e4ss', ''), 'latin1')]);
    const [unnamed] = await readMail(latin);
    expect(textsOf(unnamed, 'body')).toEqual(['päss']);
    const ascii = mail(...head, 'Content-Type: text/plain; charset=us-ascii', '', 'pässwörter');
    expect(textsOf((await readMail(ascii))[0], 'body')).toEqual(['pässwörter']);
    const wide = Buffer.from(`\ufeff${mail(...head, '', 'päss')}`, 'utf16le');
    expect(textsOf((await readMail(wide))[0], 'body')).toEqual(['päss']);
  });

  it('gives the plain and the HTML form as texts of one record, with their part paths', async () => {
    const [record, ...others] = await readMail(
      mail(
        ...head,
        'Content-Type: multipart/mixed; boundary="a b"',
        '',
        'a word before the parts',
        '--a b',
        'Content-Type: multipart/alternative;',
        ' boundary=c',
        '',
        '--c',
        '',
        'plain form',
        '--c',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p title="t">html form</p>',
        '--c--',
        '--a b--',
        'a word behind',
      ),
    );
    expect(others).toEqual([]);
    const body = record?.texts.filter((text) => text.field.role === 'body');
    expect(body).toEqual([
      { text: 'a word before the parts', dialect: 'mail', field: { path: '0', role: 'body' } },
      { text: 'a word behind', dialect: 'mail', field: { path: '0', role: 'body' } },
      { text: 'plain form', dialect: 'mail', field: { path: '1.1', role: 'body' } },
      { text: '<p title="t">html form</p>', dialect: 'html', field: { path: '1.2', role: 'body' } },
    ]);
  });

  it('reads attachments that are text, whatever their type says, and names the others', async () => {
    const secret = Buffer.from('DB_PASSWORD=tr0ub4dor\n').toString('base64');
    const result = await readExport(
      {
        x: mail(
          ...head,
          'Content-Type: multipart/mixed; boundary=b',
          '',
          '--b',
          'Content-Type: application/octet-stream',
          "Content-Disposition: attachment; filename*0*=utf-8''prod%20; filename*1*=%C3%A4.env",
          'Content-Transfer-Encoding: base64',
          '',
          secret,
          '--b',
          'Content-Type: text/plain; name="=?utf-8?Q?notes=2Etxt?="',
          'Content-Disposition: inline',
          '',
          'some notes',
          '--b',
          'Content-Type: application/zip; name=a.zip',
          'Content-Transfer-Encoding: base64',
          '',
          Buffer.from('PK\x03\x04\x00\x00\x00\x00\x00').toString('base64'),
          '--b',
          'Content-Type: text/calendar',
          '',
          'BEGIN:VCALENDAR',
          'DESCRIPTION:the key is AB',
          ' CD\\, really\\nbye',
          '--b',
          'Content-Type: image/png; name=a.png',
          'Content-Transfer-Encoding: base64',
          '',
          Buffer.from('\x89PNG\r\n\x1a\n\x00\x00\x00').toString('base64'),
          '--b--',
        ),
      },
      'x',
    );
    const texts = result.records[0]?.texts ?? [];
    expect(texts).toContainEqual({
      text: 'DB_PASSWORD=tr0ub4dor\n',
      dialect: 'code',
      field: { path: '1', role: 'attachment-text' },
      chain: ['prod ä.env'],
    });
    expect(texts).toContainEqual({
      text: 'some notes',
      dialect: 'plain',
      field: { path: '2', role: 'attachment-text' },
      chain: ['notes.txt'],
    });
    expect(textsOf(result.records[0], 'attachment-name')).toEqual([
      'prod ä.env',
      'notes.txt',
      'a.zip',
      'a.png',
    ]);
    expect(textsOf(result.records[0], 'attachment-text').join('\n')).toContain(
      'the key is ABCD, really\nbye',
    );
    expect(result.notes).toEqual({ undecodable: 1 });
  });

  it('reads what is packed in documents and gzip', async () => {
    const attached = (name: string, bytes: Buffer): string[] => [
      '--b',
      `Content-Type: application/octet-stream; name="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      bytes.toString('base64'),
    ];
    const rich = Buffer.from('{\\rtf1\\ansi the {\\b k}ey}');
    const page =
      '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n';
    const content = 'BT /F1 12 Tf 9 9 Td (pdf words) Tj ET';
    const pdf =
      `${page}3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n` +
      `4 0 obj<</Length ${content.length}>>stream\n${content}\nendstream endobj\n` +
      '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';
    const { records } = await readExport(
      {
        x: mail(
          ...head,
          'Content-Type: multipart/mixed; boundary=b',
          '',
          ...attached('a.sql.gz', gzipSync('PASSWORD=x\n')),
          ...attached('a.rtf', rich),
          ...attached('a.pdf', Buffer.from(pdf)),
          '--b--',
        ),
      },
      'x',
    );
    const texts = records[0]?.texts.filter((text) => text.field.role === 'attachment-text') ?? [];
    expect(texts.map((text) => [text.chain, text.text.trim()])).toEqual([
      [['a.sql.gz', 'a.sql'], 'PASSWORD=x'],
      [['a.rtf'], 'the key'],
      [['a.pdf'], 'pdf words'],
    ]);
  });

  it('gives an attached message as a quoted copy of the one that it is', async () => {
    const inner = mail(
      'From: Eve <eve@example.org>',
      'Message-ID: <old@example.org>',
      'Date: Mon, 1 Feb 2021 10:00:00 +0000',
      'Subject: old one',
      '',
      'inner words',
    );
    const records = await readMail(
      mail(
        ...head,
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'see below',
        '--b',
        'Content-Type: message/rfc822',
        '',
        inner,
        '--b',
        'Content-Type: application/octet-stream; name="again.eml"',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(inner.replace('old@', 'older@')).toString('base64'),
        '--b--',
      ),
    );
    expect(records.map((record) => [record.id, record.revision])).toEqual([
      ['m1@example.org', { state: 'current' }],
      ['m1@example.org/2', { state: 'quoted-copy', of: 'old@example.org' }],
      ['m1@example.org/3', { state: 'quoted-copy', of: 'older@example.org' }],
    ]);
    expect(records[1]).toMatchObject({
      title: 'old one',
      actor: { email: 'eve@example.org' },
      time: { created: '2021-02-01T10:00:00Z' },
    });
    expect(textsOf(records[0], 'body')).toEqual(['see below']);
    expect(textsOf(records[1], 'body')).toEqual(['inner words']);
  });

  it('gives each message of an attached mbox', async () => {
    const separator = 'From ana@example.org Sun Dec 25 21:33:37 2011';
    const one = [separator, 'Subject: one', 'Message-ID: <one@x>', '', 'first', ''].join('\n');
    const records = await readMail(
      mail(
        ...head,
        'Content-Type: application/mbox; name=old.mbox',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(`${one}\n${one.replaceAll('one', 'two')}`).toString('base64'),
      ),
    );
    expect(records.map((record) => [record.id, record.revision.of, textsOf(record, 'body')])).toEqual([
      ['m1@example.org', undefined, []],
      ['m1@example.org/1.1', 'one@x', ['first']],
      ['m1@example.org/1.2', 'two@x', ['first']],
    ]);
  });

  it('hands over headers of people and programs, and none of the route', async () => {
    const [record] = await readMail(
      mail(
        'Received: from a by b with SMTP id ABCDEF',
        ...head,
        'X-Api-Token: =?utf-8?Q?s3cr3t?=',
        ' -tail',
        'List-Unsubscribe: <https://lists.example.org/u?token=abc>',
        'DKIM-Signature: v=1; b=abcdef',
        '',
        'x',
      ),
    );
    const headers = record?.texts.filter((text) => text.field.role === 'header') ?? [];
    expect(headers).toContainEqual({
      text: 's3cr3t -tail',
      dialect: 'plain',
      field: { path: 'X-Api-Token', role: 'header' },
      label: 'X-Api-Token',
    });
    const unsubscribe = headers.find((text) => text.field.path === 'List-Unsubscribe');
    expect(unsubscribe).toMatchObject({ text: '<https://lists.example.org/u?token=abc>' });
    expect(unsubscribe?.label).toBeUndefined();
    expect(headers.map((text) => text.field.path)).not.toContain('Received');
    expect(headers.map((text) => text.field.path)).not.toContain('DKIM-Signature');
  });

  it('links only where the mail says how', async () => {
    const gmail = await readMail(mail(...head, 'X-GM-THRID: 12', 'X-Gmail-Labels: Inbox', '', 'x'));
    expect(gmail[0]?.permalink).toEqual({
      url: 'https://mail.google.com/mail/u/0/#search/rfc822msgid%3Am1%40example.org',
      level: 'record',
    });
    const list = await readMail(
      mail(
        'List-Id: Dev <dev.example.org>',
        ...head.slice(1),
        'Archived-At: <https://l.example.org/1>',
        '',
        'x',
      ),
    );
    expect(list[0]?.permalink).toEqual({ url: 'https://l.example.org/1', level: 'exact' });
    expect(list[0]?.place.id).toBe('dev.example.org');
  });

  it('says what it cannot read', async () => {
    const smime = await readExport(
      { x: mail(...head, 'Content-Type: application/pkcs7-mime', '', 'AAAA') },
      'x',
    );
    expect(smime.notes).toEqual({ encrypted: 1 });
    const pgp = await readExport(
      { x: mail(...head, '', '-----BEGIN PGP MESSAGE-----', '', 'AAAA', '-----END PGP MESSAGE-----', '') },
      'x',
    );
    expect(pgp.notes).toEqual({ encrypted: 1 });
  });

  it('tells S/MIME by its name, and reads what is only signed', async () => {
    const named = mail(
      ...head,
      'Content-Type: application/octet-stream; name=smime.p7m',
      'Content-Transfer-Encoding: base64',
      '',
      'MIAGCSqGSIb3DQEHA6CAMIACAQAxgg==',
      '',
    );
    expect((await readExport({ x: named }, 'x')).notes).toEqual({ encrypted: 1 });
    const entity = Buffer.from('Content-Type: text/plain\r\n\r\nwords that were signed\r\n');
    const half = entity.length >> 1;
    const octets = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0x04, bytes.length]), bytes]);
    const signed = Buffer.concat([
      Buffer.from('308006092a864886f70d010702a0803080020101310030800609', 'hex'),
      Buffer.from('2a864886f70d010701a0802480', 'hex'),
      octets(entity.subarray(0, half)),
      octets(entity.subarray(half)),
      Buffer.alloc(6),
    ]).toString('base64');
    const [record] = await readMail(
      mail(
        ...head,
        'Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m',
        'Content-Transfer-Encoding: base64',
        '',
        signed,
        '',
      ),
    );
    expect(textsOf(record, 'body')).toEqual(['words that were signed']);
  });

  it('hands over what stands in a header where its value should', async () => {
    const damaged = mail(
      'From: Ana <ana@acme.example>',
      'To: ben@acme.example',
      'Subject: usual',
      'Date: Mon, 4 Mar 2024 10:00:00 +0000 (UTC)',
      'Message-ID: <1@acme.example> first_Word of a text',
      'References: <2@acme.example>',
      ' <3@acme.example>',
      'Content-Type: text/plain; charset="utf-8"; second_Word; format=flowed',
      'Content-Transfer-Encoding: 7bit',
      '',
      'body',
      '',
    );
    const { records } = await readExport({ x: damaged }, 'x');
    const headers = records[0]?.texts.filter(({ field }) => field.role === 'header').map(({ text }) => text);
    expect(headers?.join('\n')).toMatch(/first_Word of a text[\s\S]*second_Word/);
    expect(headers?.join('\n')).not.toMatch(/2024|7bit|<2@/);
  });

  it('reads what is left of a cut message', async () => {
    const whole = mail(
      ...head,
      'Content-Type: multipart/mixed; boundary=bbb',
      '',
      '--bbb',
      '',
      'first part',
      '--bbb',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<b>second part</b>').toString('base64').slice(0, 16),
    );
    const [record] = await readMail(whole);
    expect(textsOf(record, 'body')[0]).toBe('first part');
    expect(textsOf(record, 'body')[1]).toContain('second');
    const [headOnly] = await readMail(mail(...head.slice(0, 4)));
    expect(headOnly?.title).toBe('the keys are here');
  });

  it('reads a multipart without its delimiter as the text that it is', async () => {
    const [record] = await readMail(
      mail(...head, 'Content-Type: multipart/mixed; boundary=nowhere', '', 'words'),
    );
    expect(textsOf(record, 'body')).toEqual(['words']);
  });

  it('stands in its folder when it names no mailbox', async () => {
    const lines = mail('From: a@b.org', 'Subject: s', 'MIME-Version: 1.0', '', 'x');
    const [record] = await readMail(lines, 'Mails/.Archive/cur/1234:2,S');
    expect(record?.place.id).toBe('.Archive');
    // The flags behind it change when somebody reads the message.
    expect(record?.id).toBe('1234');
  });

  it('reads what Apple Mail writes', async () => {
    const message = `${head.join('\n')}\n\nbody words`;
    const source = `${Buffer.byteLength(message)}     \n${message}<?xml version="1.0"?><plist></plist>`;
    const [record] = await readMail(source);
    expect(textsOf(record, 'body')).toEqual(['body words']);
  });

  it('has an end for messages in messages and parts in parts', async () => {
    let nested = 'innermost';
    for (let i = 0; i < 60; i++) nested = `Subject: s${i}\nContent-Type: message/rfc822\n\n${nested}`;
    const messages = await readMail(`${head.join('\n')}\nContent-Type: message/rfc822\n\n${nested}`);
    expect(messages.length).toBeLessThan(40);
    expect(JSON.stringify(messages)).toContain('innermost');
    let parts = 'Content-Type: text/plain\n\ndeepest';
    for (let i = 0; i < 200; i++)
      parts = `Content-Type: multipart/mixed; boundary=b${i}x\n\n--b${i}x\n${parts}`;
    const result = await readExport({ x: `${head.join('\n')}\n${parts}` }, 'x');
    expect(JSON.stringify(result.records)).toContain('deepest');
    // Too deep, and none of the parts has an end.
    expect(result.notes.incomplete).toBe(2);
  });

  it.each([
    'just: a line\nof: yaml\n\nbody',
    'From: only one header\n\nbody',
    'HTTP/1.1 200 OK\nDate: x\nSubject: y\n\nbody',
    '',
    'Hello,\nFrom: a\nTo: b\nDate: c\n',
  ])('is not what begins otherwise: %j', async (source) => {
    expect((await readExport({ x: source }, 'x')).reader ?? '').not.toMatch(/^mail/);
  });
});
